"""Quality: targets met, and what requesters say."""

from __future__ import annotations

from typing import Final

from db.access import Capability
from db.catalog.flows import STANDING
from db.catalog.stocks import BREACHED_TICKETS
from db.domain import Source
from db.metric import (
    Better,
    Between,
    Column,
    Counted,
    Detail,
    Details,
    Mean,
    Metric,
    Rows,
    Share,
    Spread,
    Test,
    Unit,
)

_RATINGS: Final = Rows(Source.RATING)
_FIRST_RESPONSE: Final = Rows(Source.FIRST_RESPONSE)

RESPONSE_RATE: Final = Metric(
    name="responseRate",
    label="First response within target",
    unit=Unit.RATIO,
    better=Better.HIGHER,
    definition="First responses within their SLA target over first responses that have a target.",
    anchor="the first public reply by a human agent",
    credited_to="the author of that reply",
    measure=Share(_FIRST_RESPONSE.also(Test.WITHIN_TARGET), _FIRST_RESPONSE.also(Test.WITH_TARGET)),
)

RESOLUTION_RATE: Final = Metric(
    name="resolutionRate",
    label="Resolved within SLA",
    unit=Unit.RATIO,
    better=Better.HIGHER,
    definition=(
        "Standing resolutions within their SLA target over standing resolutions that have a target. "
        "Beside it stand those without a target and the open tickets past their due instant, so that nothing "
        "is hidden by not closing it."
    ),
    anchor="the standing resolution",
    credited_to="the assignee at that moment",
    measure=Share(STANDING.also(Test.WITHIN_TARGET), STANDING.also(Test.WITH_TARGET)),
    details=Details(
        "TargetValue",
        (
            Detail(
                "withinTarget",
                Unit.TICKETS,
                "Standing resolutions at or before their due instant.",
                Counted(STANDING.also(Test.WITHIN_TARGET)),
            ),
            Detail(
                "withTarget",
                Unit.TICKETS,
                "Standing resolutions that have a target.",
                Counted(STANDING.also(Test.WITH_TARGET)),
            ),
            Detail(
                "withoutTarget",
                Unit.TICKETS,
                "Standing resolutions without a target, or with one on the business clock and no calendar to count it; "
                "they are in no ratio.",
                Counted(STANDING.also(Test.WITHOUT_TARGET)),
            ),
            Detail(
                "openBreached",
                Unit.TICKETS,
                "Open tickets past their resolution due instant: breachedTickets of the same slice.",
                BREACHED_TICKETS.measure,
            ),
        ),
    ),
)

CSAT_SCORE: Final = Metric(
    name="csatScore",
    label="CSAT",
    unit=Unit.RATIO,
    better=Better.HIGHER,
    definition="Ratings of 4 or 5 over all ratings.",
    anchor="the answer to the survey",
    credited_to="the assignee at the resolution before it",
    measure=Share(_RATINGS.also(Between(Column.SCORE, 4, None)), _RATINGS),
    capability=Capability.CSAT_SCORE_READ,
    details=Details(
        "SatisfactionValue",
        (Detail("average", Unit.SCORE, "Mean score, 1 to 5.", Mean(Column.SCORE, _RATINGS)),),
        Spread(
            "histogram",
            "How many ratings there are of 1, 2, 3, 4 and 5.",
            tuple(Counted(_RATINGS.also(Between(Column.SCORE, s, s + 1))) for s in range(1, 6)),
        ),
    ),
)

RATING_RATE: Final = Metric(
    name="ratingRate",
    label="Rating rate",
    unit=Unit.RATIO,
    better=Better.HIGHER,
    definition="Ratings over tickets resolved in the period.",
    anchor="each fact's own instant",
    credited_to="the assignee at the resolution",
    measure=Share(_RATINGS, STANDING),
    capability=Capability.CSAT_SCORE_READ,
)
