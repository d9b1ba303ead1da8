"""What can be subscribed to.

Its field is resolved as a query's is: what a subscription has at an instant is what executing it then answers. When it
is executed again is for `schema.live` to say.
"""

from __future__ import annotations

import strawberry

from schema.query import report_asked
from schema.report import Report


@strawberry.type
class Subscription:
    """Answers that are sent again whenever they have changed."""

    report_changed: Report = strawberry.field(
        resolver=report_asked,
        description=(
            "The report: at once, and again whenever it has changed. `asOf` and `dataVersion` alone are no change."
        ),
    )
