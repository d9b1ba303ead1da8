"""One report: a slice and a period, and everything that can be asked of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from db.catalog.quality import CSAT_SCORE, RESOLUTION_RATE
from db.catalog.stocks import OPEN_TICKETS
from db.catalog.times import AVG_RESPONSE_TIME
from db.domain import Clock
from db.metric import Metric
from db.periods import Comparison, Grain, Period, Preset
from db.query import Attribution
from resolvers.request import ReportRequest
from resolvers.total import total
from schema import agents, breakdown, performance, series, trends
from schema.agents import AgentReport
from schema.benchmark import Benchmark, benchmark_of
from schema.breakdown import Breakdown
from schema.context import RequestContext
from schema.enums import GroupBy
from schema.inputs import Having, OrderBy
from schema.metrics import Metrics, of_report, wanted
from schema.performance import Performance
from schema.selection import selected
from schema.series import PublicSeries
from schema.trends import Trends
from schema.values import public, value_type


@strawberry.type(description="A period as instants: [since, until).")
class ReportPeriod:
    """A period."""

    since: datetime
    until: datetime
    timezone: str
    preset: Preset | None


@strawberry.type(description="A period to compare with.")
class ReportComparison:
    """A comparison's period."""

    kind: Comparison
    since: datetime
    until: datetime


def _summary_field(metric: Metric, description: str) -> Any:
    async def resolve(self: Any, info: Info[RequestContext, Any]) -> Any:
        value = await total(self._request, info.context.loaders, wanted(metric, selected(info)))
        return public(value, self._request.place)

    resolve.__annotations__ = {"info": Info, "return": value_type(metric) | None}
    return strawberry.field(resolver=resolve, name=metric.name, description=description)


@strawberry.type(description="The four key metrics.")
class Summary:
    """The summary."""

    _request: strawberry.Private[ReportRequest]

    open_tickets = _summary_field(OPEN_TICKETS, OPEN_TICKETS.definition)
    avg_response_time = _summary_field(AVG_RESPONSE_TIME, AVG_RESPONSE_TIME.definition)
    resolution_rate = _summary_field(RESOLUTION_RATE, RESOLUTION_RATE.definition)
    csat_score = _summary_field(CSAT_SCORE, CSAT_SCORE.definition)


@strawberry.type(description="A report over one slice of tickets and one period.")
class Report:
    """A report."""

    _request: strawberry.Private[ReportRequest]
    period: ReportPeriod
    comparisons: list[ReportComparison]
    as_of: datetime = strawberry.field(description="The instant the report speaks of; nothing after it counts.")
    attribution: Attribution
    clock: Clock
    filter: strawberry.scalars.JSON = strawberry.field(description="The filter as it was understood.")

    @strawberry.field(description="Raised by every write that a report could show.")
    async def data_version(self, info: Info[RequestContext, Any]) -> str:
        """The store's version, of the same snapshot as the numbers."""
        return str(await info.context.loaders.version())

    @strawberry.field(description="The four key metrics.")
    def summary(self, info: Info[RequestContext, Any]) -> Summary | None:
        """The summary."""
        return Summary(_request=self._request)

    @strawberry.field(description="The performance report. `edges`: own edges of both distributions, seconds.")
    def performance(self, info: Info[RequestContext, Any], edges: list[int] | None = None) -> Performance | None:
        """The performance report."""
        return performance.performance_of(self._request, info, edges)

    @strawberry.field(description="The agent report.")
    async def agents(
        self,
        info: Info[RequestContext, Any],
        first: int = 100,
        after: str | None = None,
        order_by: list[OrderBy] | None = None,
        search: str | None = None,
    ) -> AgentReport | None:
        """The agent report."""
        return await agents.agents(self._request, info, first, after, order_by or [], search)

    @strawberry.field(description="The trend analysis.")
    def trends(self, info: Info[RequestContext, Any], grain: Grain = Grain.DAY) -> Trends | None:
        """The trend analysis."""
        return trends.trends_of(self._request, info, grain)

    @strawberry.field(description="Every metric of the catalogue, over the whole slice.")
    def metrics(self) -> Metrics:  # type: ignore[valid-type]  # a type made from the catalogue
        """The metrics."""
        return of_report(self._request)  # type: ignore[no-any-return]  # as above

    @strawberry.field(description="An agent's team, for comparison; null for all but agents with a team.")
    async def benchmark(self, info: Info[RequestContext, Any]) -> Benchmark | None:
        """The benchmark."""
        return await benchmark_of(self._request, info)

    @strawberry.field(description="Rows by up to four dimensions; with TIME and a grain every bucket is present.")
    async def breakdown(
        self,
        info: Info[RequestContext, Any],
        by: list[GroupBy],
        grain: Grain | None = None,
        first: int = 100,
        after: str | None = None,
        order_by: list[OrderBy] | None = None,
        having: list[Having] | None = None,
        keys: Annotated[
            list[strawberry.ID | None] | None,
            strawberry.argument(
                description="The one row with these keys, one for each of `by`: ids, null for unset, of TIME `start`."
            ),
        ] = None,
    ) -> Breakdown | None:
        """Rows."""
        return await breakdown.breakdown(
            self._request, info, by, grain, first, after, order_by or [], having or [], keys
        )

    @strawberry.field(description="Metrics by bucket, as columns: for charts.")
    async def series(
        self, info: Info[RequestContext, Any], grain: Grain, by: GroupBy | None = None
    ) -> PublicSeries | None:
        """Columns."""
        return await series.series(self._request, info, grain, by)


def public_period(period: Period) -> ReportPeriod:
    """A period in public."""
    zone = period.zone
    return ReportPeriod(
        since=period.since.astimezone(zone),
        until=period.until.astimezone(zone),
        timezone=zone.key,
        preset=period.preset,
    )


def report_of(request: ReportRequest, echoed: Any) -> Report:
    """A report in public; nothing is fetched before a field asks."""
    zone = request.period.zone
    return Report(
        _request=request,
        period=public_period(request.period),
        comparisons=[
            ReportComparison(kind=kind, since=p.since.astimezone(zone), until=p.until.astimezone(zone))
            for kind, p in request.compared
        ],
        as_of=request.slice.as_of.astimezone(zone),
        attribution=request.slice.attribution,
        clock=request.slice.clock,
        filter=echoed,
    )
