"""What repeats over time, what is expected and what stood out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import strawberry
from strawberry.types import Info

from resolvers import trends
from resolvers.behind import Behind, Found
from resolvers.request import ReportRequest
from resolvers.seasonality import asked, created_on, seasons
from resolvers.seasons.part import Part
from resolvers.trends import SeasonNumber
from schema.context import RequestContext
from schema.drilldown import tickets_field, tickets_field_at
from schema.selection import selected

if TYPE_CHECKING:
    from resolvers.seasons.forecast import Forecast
    from resolvers.seasons.parts import Seasons

strawberry.enum(SeasonNumber, description="The numbers of a Seasonality.")


@strawberry.type(description="The daily tickets created, taken apart: trend * seasonal + remainder is the count.")
class Decomposition:
    """Columns by complete local day of the period."""

    starts: list[str] = strawberry.field(description="The days.")
    trend: list[float] = strawberry.field(description="Tickets a day.")
    seasonal: list[float] = strawberry.field(description="Weekday times annual factor, around 1.")
    remainder: list[float] = strawberry.field(description="Tickets.")


@strawberry.type(
    description="The tickets expected of a coming day. low to high is the 80 % band, low95 to high95 the 95 %."
)
class ForecastPoint:
    """A forecast."""

    start: str
    expected: float
    low: float
    high: float
    low95: float
    high95: float


@strawberry.type(description="A day that differs from what was expected.")
class Anomaly:
    """An anomaly."""

    start: str
    actual: float
    expected: float
    score: float = strawberry.field(description="The residual over its robust scale; shown from 4 and from -4.")
    _behind: strawberry.Private[Behind]
    tickets = tickets_field()


@strawberry.type(description="A part of the seasonality that is null, and why.")
class SeasonReason:
    """A refusal."""

    part: Part
    reason: str


@dataclass
class _Once:
    """The seasons of a request, worked out for whichever field asks first."""

    request: ReportRequest
    found: Seasons | None = field(default=None)

    async def get(self, info: Info[RequestContext, Any]) -> Seasons:
        loaded = self.found or await seasons(self.request, info.context.loaders)
        self.found = self.found or loaded
        return self.found


@strawberry.type(description="What repeats over time. Parts that are null have their reason in `reasons`.")
class Seasonality:
    """Seasons."""

    _request: strawberry.Private[ReportRequest]
    _once: strawberry.Private[_Once]
    _each: strawberry.Private[Callable[[SeasonNumber], Found]]

    @strawberry.field(description="Tickets created by weekday (Monday first) and hour of the wall clock: 7 x 24.")
    async def weekday_hour(self, info: Info[RequestContext, Any]) -> list[list[int]]:
        """The counts."""
        return await trends.weekday_hour(self._request, info.context.loaders)

    tickets = tickets_field_at(SeasonNumber)

    @strawberry.field(description="7 indices of the period, Monday first, mean 1; null under 28 complete days.")
    async def weekday(self, info: Info[RequestContext, Any]) -> list[float] | None:
        """The indices."""
        return (await self._once.get(info)).weekday

    @strawberry.field(description="12 indices of the period, mean 1; null under 365 complete days.")
    async def month(self, info: Info[RequestContext, Any]) -> list[float] | None:
        """The indices."""
        return (await self._once.get(info)).month

    @strawberry.field(description="The complete days of the period; null under 56 days of history.")
    async def decomposition(self, info: Info[RequestContext, Any]) -> Decomposition | None:
        """The columns."""
        found = (await self._once.get(info)).decomposition
        if found is None:
            return None
        return Decomposition(
            starts=[day.isoformat() for day in found.days],
            trend=found.trend,
            seasonal=found.seasonal,
            remainder=found.remainder,
        )

    @strawberry.field(description="The 28 days after the last complete one; null under 56 days of history.")
    async def forecast(self, info: Info[RequestContext, Any]) -> list[ForecastPoint] | None:
        """The coming days."""
        found = (await self._once.get(info)).forecast
        return None if found is None else _points(found)

    @strawberry.field(description="The period's days that stood out; null under 56 days of history.")
    async def anomalies(self, info: Info[RequestContext, Any]) -> list[Anomaly] | None:
        """The days."""
        found = (await self._once.get(info)).anomalies
        if found is None:
            return None
        return [
            Anomaly(
                start=a.day.isoformat(),
                actual=a.actual,
                expected=a.expected,
                score=a.score,
                _behind=created_on(self._request, a.day),
            )
            for a in found
        ]

    @strawberry.field(description="The parts that are null, each with its reason.")
    async def reasons(self, info: Info[RequestContext, Any]) -> list[SeasonReason]:
        """The reasons."""
        return [SeasonReason(part=one.part, reason=one.reason) for one in (await self._once.get(info)).refusals]

    @strawberry.field(description="All reasons in one text; null where no part is null.")
    async def reason(self, info: Info[RequestContext, Any]) -> str | None:
        """The text."""
        return " ".join(one.reason for one in (await self._once.get(info)).refusals) or None


def _points(found: Forecast) -> list[ForecastPoint]:
    columns = (found.expected, found.low, found.high, found.low95, found.high95)
    return [
        ForecastPoint(
            start=(found.first + timedelta(days=n)).isoformat(),
            expected=expected,
            low=low,
            high=high,
            low95=low95,
            high95=high95,
        )
        for n, (expected, low, high, low95, high95) in enumerate(zip(*(c.tolist() for c in columns), strict=True))
    ]


def seasonality_of(request: ReportRequest, info: Info[RequestContext, Any]) -> Seasonality:
    """The seasonality of a request; what its fields read is handed in here, beside the other trends."""
    fields = selected(info)
    if "weekdayHour" in fields:
        info.context.loaders.begin(trends.weekday_hour_cut(request))
    if set(fields) - {"weekdayHour", "tickets", "__typename"}:
        info.context.loaders.begin(asked(request).cut)
    return Seasonality(_request=request, _once=_Once(request), _each=lambda _: trends.weekday_hour_behind(request))
