"""The agent report."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any

import strawberry
from strawberry.types import Info

from db.access import Capability
from db.catalog.flows import TICKETS_CREATED, TICKETS_RESOLVED
from db.catalog.quality import CSAT_SCORE, RESOLUTION_RATE
from db.catalog.stocks import OPEN_TICKETS
from db.catalog.times import AVG_RESOLUTION_TIME, AVG_RESPONSE_TIME
from db.metric import Metric
from db.query import Dimension
from resolvers import rows
from resolvers.behind import Behind, Found, Place
from resolvers.request import ReportRequest
from resolvers.rows import Direction, Order, Row, Rows, Table
from resolvers.values import Value, Wanted
from schema.context import RequestContext
from schema.drilldown import tickets_field, tickets_field_of
from schema.enums import GroupBy
from schema.in_columns import InColumns
from schema.inputs import OrderBy
from schema.keys import AgentRef, agent_ref
from schema.limits import require_inputs
from schema.paging import checked_first
from schema.selection import selected


@strawberry.enum(description="The plain numbers of an AgentRow, each a metric.")
class AgentNumber(Enum):
    """Those that stand in the row itself."""

    TICKETS_CREATED = TICKETS_CREATED
    TICKETS_RESOLVED = TICKETS_RESOLVED
    OPEN_TICKETS = OPEN_TICKETS


@strawberry.type(description="How long something takes, in seconds.")
class Times:
    """A duration's mean and percentiles."""

    mean: float | None
    median: float | None
    p90: float | None
    count: int
    _value: strawberry.Private[Value]
    _place: strawberry.Private[Place]
    tickets = tickets_field()

    @property
    def _behind(self) -> Behind:
        return self._value.behind(self._place)


@strawberry.type(description="A share, with the number of facts it is of.")
class Rate:
    """A ratio."""

    value: float | None
    count: int
    _value: strawberry.Private[Value]
    _place: strawberry.Private[Place]
    tickets = tickets_field()

    @property
    def _behind(self) -> Behind:
        return self._value.behind(self._place)


@strawberry.type(description="What requesters say.")
class AgentRating:
    """Ratings of one agent."""

    csat_score: float | None
    average: float | None
    count: int
    _value: strawberry.Private[Value]
    _place: strawberry.Private[Place]
    tickets = tickets_field()

    @property
    def _behind(self) -> Behind:
        return self._value.behind(self._place)


@strawberry.type(description="One agent's numbers. Unassigned work is the row whose agent is null.")
class AgentRow:
    """A row of the agent report."""

    agent: AgentRef | None
    tickets_created: int
    tickets_resolved: int
    open_tickets: int | None
    response_time: Times
    resolution_time: Times
    resolution_rate: Rate
    rating: AgentRating | None = strawberry.field(description="null where the viewer may not see ratings per agent.")
    _each: strawberry.Private[Callable[[AgentNumber], Found]]
    tickets = tickets_field_of(AgentNumber)


@strawberry.type(description="The agent report.")
class AgentReport:
    """One page of agents."""

    rows: list[AgentRow]
    total: int
    next_cursor: str | None


_TIMES = frozenset({"median", "p90"})
_AGENT_METRICS = (
    *(Wanted(number.value) for number in AgentNumber),
    Wanted(AVG_RESPONSE_TIME, _TIMES),
    Wanted(AVG_RESOLUTION_TIME, _TIMES),
    Wanted(RESOLUTION_RATE),
)
_RATING = Wanted(CSAT_SCORE, frozenset({"average"}))


async def agents(
    request: ReportRequest,
    info: Info[RequestContext, Any],
    first: int,
    after: str | None,
    order_by: list[OrderBy],
    search: str | None,
) -> AgentReport:
    """One page of the agent report."""
    viewer = info.context.viewer
    if search is not None:
        viewer.require(Capability.AGENT_IDENTITY_READ, "A search for agents")
    wanted: tuple[Wanted, ...] = _AGENT_METRICS
    if "rating" in selected(info).get("rows", {}):
        wanted = (*wanted, _RATING)
    orders = tuple(order.parsed((GroupBy.AGENT,)) for order in order_by)
    require_inputs(viewer, (Dimension.AGENT,), orders, ())
    by_name = Order(Dimension.AGENT, Direction.ASC)
    asked = Table(
        (Dimension.AGENT,), None, wanted, (*(orders or (Order(TICKETS_RESOLVED, Direction.DESC),)), by_name), (), search
    )
    page = await rows.table(request, info.context.loaders, asked, checked_first(first), after)
    return AgentReport(rows=_in_columns(page.rows), total=page.total, next_cursor=page.next_cursor)


def _in_columns(rows: Rows) -> Any:
    """The same as `_agent_row` of each row, in columns."""

    def numbers(metric: Metric) -> list[Any]:
        return rows.picked(rows.columns[metric.name].values)

    def counts(metric: Metric) -> list[int]:
        return [count or 0 for count in rows.picked(rows.columns[metric.name].counts)]

    def further(metric: Metric, *names: str) -> dict[str, list[Any]]:
        return {name: rows.picked(rows.columns[metric.name].details[name]) for name in names}

    def objects(origin: type, make: Callable[[Row], Any], **columns: Any) -> InColumns:
        return InColumns(origin, columns, len(rows), lambda place: make(rows[place]))

    def times(metric: Metric) -> InColumns:
        columns = {"mean": numbers(metric), "count": counts(metric), **further(metric, *sorted(_TIMES))}
        return objects(Times, lambda row: _times(row.metrics[metric.name], row.place), **columns)

    rate = {"value": numbers(RESOLUTION_RATE), "count": counts(RESOLUTION_RATE)}
    rating: Any = [None] * len(rows)
    if CSAT_SCORE.name in rows.columns and "average" in rows.columns[CSAT_SCORE.name].details:
        columns = {"csat_score": numbers(CSAT_SCORE), "count": counts(CSAT_SCORE), **further(CSAT_SCORE, "average")}
        rating = objects(AgentRating, lambda row: _rating(row.metrics[CSAT_SCORE.name], row.place), **columns)
    return objects(
        AgentRow,
        _agent_row,
        agent=[agent_ref(rows.keys(place)[0].entity) for place in rows.chosen],
        **{number.name.lower(): numbers(number.value) for number in AgentNumber},
        response_time=times(AVG_RESPONSE_TIME),
        resolution_time=times(AVG_RESOLUTION_TIME),
        resolution_rate=objects(Rate, lambda row: _rate(row.metrics[RESOLUTION_RATE.name], row.place), **rate),
        rating=rating,
    )


def _agent_row(row: Row) -> AgentRow:
    metrics: Any = row.metrics
    rating = metrics.get(CSAT_SCORE.name)
    return AgentRow(
        agent=agent_ref(row.keys[0].entity),
        tickets_created=metrics[TICKETS_CREATED.name].value,
        tickets_resolved=metrics[TICKETS_RESOLVED.name].value,
        open_tickets=metrics[OPEN_TICKETS.name].value,
        response_time=_times(metrics[AVG_RESPONSE_TIME.name], row.place),
        resolution_time=_times(metrics[AVG_RESOLUTION_TIME.name], row.place),
        resolution_rate=_rate(metrics[RESOLUTION_RATE.name], row.place),
        rating=_rating(rating, row.place) if rating and "average" in rating.details else None,
        _each=lambda number: row.place.of(number.value.measure.counted),
    )


def _rate(value: Value, place: Place) -> Rate:
    return Rate(value=value.value, count=value.count or 0, _value=value, _place=place)


def _times(value: Value, place: Place) -> Times:
    return Times(
        mean=value.value,
        median=value.details["median"],
        p90=value.details["p90"],
        count=value.count or 0,
        _value=value,
        _place=place,
    )


def _rating(value: Value, place: Place) -> AgentRating:
    return AgentRating(
        csat_score=value.value,
        average=value.details["average"],
        count=value.count or 0,
        _value=value,
        _place=place,
    )
