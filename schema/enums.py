"""The public enums: those of the store's vocabulary, under their own names."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

import strawberry

from db import catalog
from db.access import Realm, Role
from db.audit.record import Door, Outcome
from db.domain import Clock, Status
from db.metric import Better, Metric, Unit
from db.periods import Comparison, Grain, Preset, WeekStart
from db.query import Attribution, Dimension
from resolvers.privacy import Suppression
from resolvers.rows import Direction

for _enum, _name, _description in (
    (Preset, "Preset", "A period by name, taken in the report's zone."),
    (Grain, "Grain", "The width of a bucket of time."),
    (WeekStart, "WeekStart", "The day that a week starts on."),
    (Comparison, "Comparison", "What a period is compared with."),
    (
        Attribution,
        "Attribution",
        "EVENT: a fact counts in the period of its own anchor. CREATION: in that of its ticket's creation.",
    ),
    (Clock, "Clock", "CALENDAR: all seconds that pass. BUSINESS: those in which the desk is open."),
    (Status, "Status", "Where a ticket stands."),
    (Unit, "Unit", "What a number counts."),
    (Better, "Better", "Which way a metric improves."),
    (Direction, "Direction", "Which way rows are ordered; what is null comes last."),
    (
        Suppression,
        "Suppression",
        "Why a number is withheld. SMALL_GROUP: its group, or one that it would give away, is small. SMALL_PART: "
        "a part of it is of such a group. NOT_OFFERED: it is asked in a way in which the role is shown no such number.",
    ),
    (Role, "Role", "What a person is to the support portal."),
    (Realm, "ScopeKind", "Which rows a viewer may see."),
    (Door, "AuditDoor", "Through which door a request came."),
    (
        Outcome,
        "AuditOutcome",
        "What became of a request. LOST: so many records found no place while the database was away.",
    ),
):
    strawberry.enum(_enum, name=_name, description=_description)


@strawberry.enum(name="Dimension", description="What reports are grouped by. TIME needs a grain.")
class GroupBy(Enum):
    """The store's dimensions, and time."""

    CATEGORY = "category"
    PRIORITY = "priority"
    CHANNEL = "channel"
    STATUS = "status"
    TEAM = "team"
    AGENT = "agent"
    ORGANIZATION = "organization"
    TAG = "tag"
    HOUR_OF_DAY = "hour_of_day"
    DAY_OF_WEEK = "day_of_week"
    TIME = "time"

    @property
    def stored(self) -> Dimension | None:
        """The store's dimension; None is time."""
        return None if self is GroupBy.TIME else Dimension(self.value)


@strawberry.enum(description="How percentiles are computed.")
class EstimateMethod(Enum):
    """How percentiles are computed."""

    LOG_HISTOGRAM = "log_histogram"


def constant(name: str) -> str:
    """A public name as a constant of an enum."""
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in name)


if TYPE_CHECKING:

    class MetricName(Enum):
        """The metrics of the catalogue, by their names as constants."""
else:
    MetricName = strawberry.enum(
        Enum("MetricName", {constant(metric.name): metric.name for metric in catalog.METRICS}),
        name="MetricName",
        description="The metrics of the catalogue.",
    )


def metric_of(name: MetricName) -> Metric:
    """The catalogue's record of a public metric name."""
    return catalog.BY_NAME[name.value]
