"""The trend analysis."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from db.access import Capability
from db.periods import Grain
from resolvers import trends
from resolvers.request import ReportRequest
from schema.context import RequestContext
from schema.keys import Named, named


@strawberry.type(description="The volume of one bucket.")
class VolumePoint:
    """A bucket."""

    start: str = strawberry.field(description="Its first instant: a date from day up, else with the zone's offset.")
    created: int = strawberry.field(description="ticketsCreated")
    resolved: int = strawberry.field(description="ticketsResolved")
    reopened: int = strawberry.field(description="reopens")
    open: int | None = strawberry.field(description="openTickets at its end; null where it has not begun.")
    is_partial: bool = strawberry.field(description="Whether it contains asOf.")


@strawberry.type(description="Tickets created in a category, by bucket; category null is unset.")
class CategoryTrend:
    """A category's trend."""

    category: Named | None
    points: list[int]
    previous_total: int | None = strawberry.field(description="Tickets created in the first comparison.")
    change: float | None


@strawberry.type(description="A decomposition of the daily volume.")
class Decomposition:
    """Columns by bucket."""

    trend: list[float]
    seasonal: list[float]
    remainder: list[float]


@strawberry.type(description="What is expected of a coming bucket.")
class ForecastPoint:
    """A forecast."""

    start: str
    expected: float
    low: float
    high: float


@strawberry.type(description="A bucket that differs from what was expected.")
class Anomaly:
    """An anomaly."""

    start: str
    actual: float
    expected: float
    score: float


@strawberry.type(description="What repeats over time.")
class Seasonality:
    """Seasons."""

    _request: strawberry.Private[ReportRequest]

    @strawberry.field(description="Tickets created by weekday (Monday first) and hour of the wall clock: 7 x 24.")
    async def weekday_hour(self, info: Info[RequestContext, Any]) -> list[list[int]]:
        """The counts."""
        return await trends.weekday_hour(self._request, info.context.loaders)

    weekday: list[float] | None = strawberry.field(default=None, description="7 indices, mean 1; null: see reason.")
    month: list[float] | None = strawberry.field(default=None, description="12 indices, mean 1; null: see reason.")
    decomposition: Decomposition | None = None
    forecast: list[ForecastPoint] | None = None
    anomalies: list[Anomaly] | None = None
    reason: str | None = strawberry.field(
        default=trends.SEASONS_NOT_KEPT, description="Why the parts that are null are null."
    )


@strawberry.type(description="The trend analysis.")
class Trends:
    """Over time."""

    grain: Grain
    _request: strawberry.Private[ReportRequest]

    @strawberry.field(description="Every bucket of the period.")
    async def volume(self, info: Info[RequestContext, Any]) -> list[VolumePoint]:
        """The volume."""
        found = await trends.volume(self._request, info.context.loaders, self.grain)
        return [
            VolumePoint(
                start=p.start,
                created=p.created,
                resolved=p.resolved,
                reopened=p.reopened,
                open=p.open,
                is_partial=p.is_partial,
            )
            for p in found
        ]

    @strawberry.field(description="Every category by bucket, the largest first.")
    async def categories(self, info: Info[RequestContext, Any]) -> list[CategoryTrend]:
        """The categories."""
        found = await trends.categories(self._request, info.context.loaders, self.grain)
        return [
            CategoryTrend(
                category=named(t.key.entity), points=t.points, previous_total=t.previous_total, change=t.change
            )
            for t in found
        ]

    @strawberry.field
    def seasonality(self) -> Seasonality:
        """What repeats."""
        return Seasonality(_request=self._request)


def trends_of(request: ReportRequest, info: Info[RequestContext, Any], grain: Grain) -> Trends:
    """The trend analysis of a request."""
    info.context.viewer.require(Capability.TRENDS_READ, "The trend analysis")
    request.buckets(grain)  # refuses a grain that is too fine, before anything is fetched
    return Trends(grain=grain, _request=request)
