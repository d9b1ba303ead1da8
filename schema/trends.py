"""The trend analysis."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.types import Info

from db.periods import Grain
from resolvers import movers, trends
from resolvers.behind import Found
from resolvers.movers import Basis, MoverNumber
from resolvers.request import ReportRequest
from resolvers.trends import TrendNumber, VolumeNumber
from schema.context import RequestContext
from schema.drilldown import tickets_field_at, tickets_field_of
from schema.keys import Named, named
from schema.seasons import Seasonality, seasonality_of

strawberry.enum(VolumeNumber, description="The numbers of a VolumePoint.")
strawberry.enum(TrendNumber, name="CategoryNumber", description="The numbers of a CategoryTrend.")
strawberry.enum(MoverNumber, description="The numbers of a Mover.")


@strawberry.type(description="The volume of one bucket.")
class VolumePoint:
    """A bucket."""

    start: str = strawberry.field(description="Its first instant: a date from day up, else with the zone's offset.")
    created: int = strawberry.field(description="ticketsCreated")
    resolved: int = strawberry.field(description="ticketsResolved")
    reopened: int = strawberry.field(description="reopens")
    open: int | None = strawberry.field(description="openTickets at its end; null where it has not begun.")
    is_partial: bool = strawberry.field(description="Whether it contains asOf.")
    _each: strawberry.Private[Callable[[VolumeNumber], Found]]
    tickets = tickets_field_of(VolumeNumber)


@strawberry.type(description="Tickets created in a category, by bucket; category null is unset.")
class CategoryTrend:
    """A category's trend."""

    category: Named | None
    points: list[int]
    share: float | None = strawberry.field(
        description="Of all tickets created in the period; null where there are none."
    )
    previous_total: int | None = strawberry.field(description="Tickets created in the first comparison.")
    previous_share: float | None = strawberry.field(description="Its share of all tickets of the first comparison.")
    change: float | None
    _each: strawberry.Private[Callable[[TrendNumber], Found]]
    tickets = tickets_field_at(TrendNumber)


@strawberry.type(description="A category whose volume changed; category null is unset.")
class Mover:
    """A mover."""

    category: Named | None
    count: int
    previous: int
    difference: int = strawberry.field(description="count - previous")
    change: float | None = strawberry.field(description="difference / previous; null where previous is 0.")
    _each: strawberry.Private[Callable[[MoverNumber], Found]]
    tickets = tickets_field_of(MoverNumber)


@strawberry.type(description="The categories whose volume changed most, at most five each; 30 tickets over both.")
class Movers:
    """Movers."""

    basis: Basis = strawberry.field(
        description="COMPARISON: against the first comparison. HALVES: the later half of the period's complete buckets "
        "against the earlier."
    )
    risers: list[Mover]
    fallers: list[Mover]


def _point(found: trends.Point) -> VolumePoint:
    created, resolved, reopened, still_open = found.counts
    return VolumePoint(
        start=found.start,
        created=created or 0,
        resolved=resolved or 0,
        reopened=reopened or 0,
        open=still_open,
        is_partial=found.is_partial,
        _each=found.behind,
    )


def _mover(found: movers.Mover) -> Mover:
    return Mover(
        category=named(found.key.entity),
        count=found.now.count,
        previous=found.before.count,
        difference=found.difference,
        change=found.change,
        _each=found.behind,
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
        return [_point(one) for one in found]

    @strawberry.field(description="Every category by bucket, the largest first.")
    async def categories(self, info: Info[RequestContext, Any]) -> list[CategoryTrend]:
        """The categories."""
        found = await trends.categories(self._request, info.context.loaders, self.grain)
        return [
            CategoryTrend(
                category=named(t.key.entity),
                points=t.points,
                share=t.share,
                previous_total=t.previous_total,
                previous_share=t.previous_share,
                change=t.change,
                _each=t.behind,
            )
            for t in found
        ]

    @strawberry.field(description="The categories whose volume changed most.")
    async def fastest_movers(self, info: Info[RequestContext, Any]) -> Movers:
        """The movers."""
        found = await movers.fastest_movers(self._request, info.context.loaders, self.grain)
        return Movers(
            basis=found.basis,
            risers=[_mover(one) for one in found.risers],
            fallers=[_mover(one) for one in found.fallers],
        )

    @strawberry.field
    async def seasonality(self, info: Info[RequestContext, Any]) -> Seasonality:
        """What repeats."""
        return seasonality_of(self._request, info)


def trends_of(request: ReportRequest, info: Info[RequestContext, Any], grain: Grain) -> Trends:
    """The trend analysis of a request."""
    request.buckets(grain)  # refuses a grain that is too fine, before anything is fetched
    return Trends(grain=grain, _request=request)
