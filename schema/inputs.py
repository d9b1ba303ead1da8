"""What callers give: periods, filters, orders, bounds; parsed once, here, into the store's values."""

from __future__ import annotations

from datetime import datetime

import strawberry

from db import periods, zones
from db.errors import BadInput
from db.metric import Metric
from db.periods import Period, Preset, WeekStart
from db.query import EVERYTHING, Asked, Dimension, Every, Filter, Match, Some
from resolvers.rows import Bound, Direction, Order
from schema.enums import GroupBy, MetricName, metric_of

MAX_FILTER_IDS = 1_000


@strawberry.input(
    description="A preset, or since and until: a date (start of that local day) or a date-time with offset."
)
class PeriodInput:
    """A period as asked for."""

    preset: Preset | None = None
    since: str | None = strawberry.field(
        default=None, description="The first instant; a date or a date-time with offset."
    )
    until: str | None = strawberry.field(default=None, description="The first instant after it; excluded.")

    def parsed(self, timezone: str, now: datetime, week_start: WeekStart) -> Period:
        """The period as instants.

        Raises: BadInput, ImpossibleInput.
        """
        zone = zones.zone_named(timezone)
        if self.preset is not None and self.since is None and self.until is None:
            return periods.preset_period(self.preset, zone, now, week_start)
        if self.preset is None and self.since is not None and self.until is not None:
            return periods.own_period(self.since, self.until, zone)
        raise BadInput("period: give either a preset, or both since and until.", parameter="period")


def _sound(text: str, parameter: str) -> str:
    """A text that PostgreSQL can take.

    Raises: BadInput, for a NUL character or half of a surrogate pair.
    """
    if "\0" in text or (not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)):
        raise BadInput(f"{parameter}: an id has a character that no id can have.", parameter=parameter)
    return text


@strawberry.input(description="Conditions on one dimension; all that are given must hold. Ids are the source's own.")
class IdFilter:
    """Conditions on one dimension."""

    in_: list[strawberry.ID] | None = strawberry.field(name="in", default=None, description="It is one of these.")
    not_in: list[strawberry.ID] | None = strawberry.field(
        default=None, description="It is none of these; what is unset stays."
    )
    is_null: bool | None = strawberry.field(default=None, description="true: it is unset; false: it is set.")

    def matches(self, dimension: Dimension) -> tuple[Match, ...]:
        """The conditions as matches.

        Raises: BadInput, for an empty list, which could only be a mistake.
        """
        found = []
        for asked, ids in ((Asked.IN, self.in_), (Asked.NOT_IN, self.not_in)):
            if ids is None:
                continue
            if not 1 <= len(ids) <= MAX_FILTER_IDS:
                raise BadInput(
                    f"filter: {dimension.value} {asked.value} has {len(ids)} ids. "
                    f"Give 1 to {MAX_FILTER_IDS}, or leave it out.",
                    parameter=dimension.value,
                )
            found.append(Match(dimension, asked, tuple(dict.fromkeys(_sound(str(i), dimension.value) for i in ids))))
        if self.is_null is not None:
            found.append(Match(dimension, Asked.IS_NULL if self.is_null else Asked.IS_SET))
        return tuple(found)


@strawberry.input(description="Which tickets' facts count. All that is given must hold.")
class TicketFilter:
    """Which facts count."""

    category: IdFilter | None = None
    priority: IdFilter | None = None
    channel: IdFilter | None = None
    status: IdFilter | None = None
    team: IdFilter | None = None
    agent: IdFilter | None = None
    organization: IdFilter | None = None
    tag: IdFilter | None = None
    and_: list[TicketFilter] | None = strawberry.field(name="and", default=None, description="All of these hold.")
    or_: list[TicketFilter] | None = strawberry.field(
        name="or", default=None, description="At least one of these holds."
    )

    def _conditions(self) -> dict[Dimension, IdFilter | None]:
        return {
            Dimension.CATEGORY: self.category,
            Dimension.PRIORITY: self.priority,
            Dimension.CHANNEL: self.channel,
            Dimension.STATUS: self.status,
            Dimension.TEAM: self.team,
            Dimension.AGENT: self.agent,
            Dimension.ORGANIZATION: self.organization,
            Dimension.TAG: self.tag,
        }

    def parsed(self, depth: int = 0) -> Filter:
        """The filter as a tree of conditions.

        Raises: BadInput, for an empty `or`, or one nested too deep.
        """
        if depth > 8:
            raise BadInput("filter: and / or are nested more than 8 deep.", parameter="filter")
        parts: list[Filter] = []
        for dimension, given in self._conditions().items():
            if given is not None:
                parts.extend(given.matches(dimension))
        parts.extend(part.parsed(depth + 1) for part in self.and_ or ())
        if self.or_ is not None:
            if not self.or_:
                raise BadInput("filter: `or` has no parts. Give at least one, or leave it out.", parameter="filter")
            parts.append(Some(tuple(part.parsed(depth + 1) for part in self.or_)))
        return Every(tuple(parts)) if parts else EVERYTHING


@strawberry.input(description="Order rows by a metric or by a dimension: exactly one of the two.")
class OrderBy:
    """An order of rows."""

    metric: MetricName | None = None
    dimension: GroupBy | None = None
    direction: Direction = Direction.DESC

    def parsed(self, by: tuple[GroupBy, ...]) -> Order:
        """The order.

        Raises: BadInput, unless it names a metric, or a dimension that the rows are grouped by.
        """
        if self.metric is not None and self.dimension is None:
            return Order(metric_of(self.metric), self.direction)
        if self.dimension is None or self.metric is not None:
            raise BadInput("orderBy: give either a metric or a dimension.", parameter="orderBy")
        if self.dimension not in by:
            allowed = ", ".join(one.name for one in by)
            raise BadInput(
                f"orderBy: rows are not grouped by {self.dimension.name}. Allowed: {allowed}, or a metric.",
                parameter="orderBy",
            )
        return Order(self.dimension.stored, self.direction)


@strawberry.input(description="Keep rows whose metric lies in [gte, lte]; a null never does.")
class Having:
    """A bound on rows."""

    metric: MetricName
    gte: float | None = None
    lte: float | None = None

    def parsed(self) -> Bound:
        """The bound.

        Raises: BadInput, without any limit.
        """
        metric: Metric = metric_of(self.metric)
        if self.gte is None and self.lte is None:
            raise BadInput(f"having: {metric.name} has neither gte nor lte.", parameter="having")
        return Bound(metric, self.gte, self.lte)
