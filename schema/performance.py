"""The performance report: by status, by category, and the two distributions."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from db.catalog.times import FIRST_RESPONSES, RESOLUTION_EDGES, RESPONSE_EDGES, STANDING_RESOLUTIONS
from db.domain import Status
from db.metric import Unit
from db.query import Dimension
from resolvers import performance
from resolvers.behind import Behind
from resolvers.request import ReportRequest
from schema.context import RequestContext
from schema.drilldown import tickets_field
from schema.keys import Named, named


@strawberry.type(description="Tickets created in the period that stand in a status now.")
class StatusCount:
    """A status with its tickets."""

    status: Status
    count: int
    share: float | None
    _behind: strawberry.Private[Behind]
    tickets = tickets_field()


@strawberry.type(description="Tickets created in the period that are of a category now; null is unset.")
class CategoryCount:
    """A category with its tickets."""

    category: Named | None
    count: int
    share: float | None
    _behind: strawberry.Private[Behind]
    tickets = tickets_field()


@strawberry.type(description="Facts whose duration lies in [from, to), in seconds; to is null at the upper end.")
class DistributionBucket:
    """A bucket."""

    from_: int = strawberry.field(name="from")
    to: int | None
    count: int
    share: float | None
    _behind: strawberry.Private[Behind]
    tickets = tickets_field()


@strawberry.type(description="How a duration is distributed. Percentiles are at most 1 % off, relatively.")
class Distribution:
    """A distribution."""

    unit: Unit
    count: int
    mean: float | None
    median: float | None
    p90: float | None
    p95: float | None
    buckets: list[DistributionBucket]
    _behind: strawberry.Private[Behind]
    tickets = tickets_field()


def _distribution(found: performance.Distribution) -> Distribution:
    return Distribution(
        unit=Unit.SECONDS,
        count=found.count,
        mean=found.mean,
        median=found.median,
        p90=found.p90,
        p95=found.p95,
        buckets=[
            DistributionBucket(from_=b.low, to=b.high, count=b.count, share=b.share, _behind=b.behind)
            for b in found.buckets
        ],
        _behind=found.behind,
    )


@strawberry.type(description="The performance report.")
class Performance:
    """Where tickets stand, and how long things take."""

    _request: strawberry.Private[ReportRequest]
    _edges: strawberry.Private[tuple[int, ...] | None]

    @strawberry.field(description="Tickets created in the period, by their status now; every status is listed.")
    async def tickets_by_status(self, info: Info[RequestContext, Any]) -> list[StatusCount]:
        """By status."""
        found = await performance.parts(self._request, info.context.loaders, Dimension.STATUS)
        return [
            StatusCount(status=Status[p.key.id.upper()], count=p.count, share=p.share, _behind=p.behind)
            for p in found
            if p.key.id
        ]

    @strawberry.field(description="Tickets created in the period, by their category now, the most frequent first.")
    async def tickets_by_category(self, info: Info[RequestContext, Any]) -> list[CategoryCount]:
        """By category."""
        found = await performance.parts(self._request, info.context.loaders, Dimension.CATEGORY)
        return [
            CategoryCount(category=named(p.key.entity), count=p.count, share=p.share, _behind=p.behind) for p in found
        ]

    @strawberry.field(description="First response times of the period.")
    async def response_time_distribution(self, info: Info[RequestContext, Any]) -> Distribution:
        """First responses."""
        edges = self._edges or RESPONSE_EDGES
        return _distribution(await performance.spread(self._request, info.context.loaders, FIRST_RESPONSES, edges))

    @strawberry.field(description="Resolution times (standing resolutions) of the period.")
    async def resolution_time_distribution(self, info: Info[RequestContext, Any]) -> Distribution:
        """Resolutions."""
        edges = self._edges or RESOLUTION_EDGES
        return _distribution(await performance.spread(self._request, info.context.loaders, STANDING_RESOLUTIONS, edges))


def performance_of(request: ReportRequest, info: Info[RequestContext, Any], edges: list[int] | None) -> Performance:
    """The performance report of a request."""
    return Performance(_request=request, _edges=performance.checked_edges(edges) if edges is not None else None)
