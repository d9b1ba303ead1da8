"""The trend analysis."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from db.periods import Grain
from resolvers import movers, trends
from resolvers.movers import Basis
from resolvers.request import ReportRequest
from schema.context import RequestContext
from schema.keys import Named, named
from schema.seasons import Seasonality, seasonality_of


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
    share: float | None = strawberry.field(
        description="Of all tickets created in the period; null where there are none."
    )
    previous_total: int | None = strawberry.field(description="Tickets created in the first comparison.")
    previous_share: float | None = strawberry.field(description="Its share of all tickets of the first comparison.")
    change: float | None


@strawberry.type(description="A category whose volume changed; category null is unset.")
class Mover:
    """A mover."""

    category: Named | None
    count: int
    previous: int
    difference: int = strawberry.field(description="count - previous")
    change: float | None = strawberry.field(description="difference / previous; null where previous is 0.")


@strawberry.type(description="The categories whose volume changed most, at most five each; 30 tickets over both.")
class Movers:
    """Movers."""

    basis: Basis = strawberry.field(
        description="COMPARISON: against the first comparison. HALVES: the later half of the period's complete buckets "
        "against the earlier."
    )
    risers: list[Mover]
    fallers: list[Mover]


def _mover(found: movers.Mover) -> Mover:
    return Mover(
        category=named(found.key.entity),
        count=found.count,
        previous=found.previous,
        difference=found.difference,
        change=found.change,
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
                category=named(t.key.entity),
                points=t.points,
                share=t.share,
                previous_total=t.previous_total,
                previous_share=t.previous_share,
                change=t.change,
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
