"""An agent's team for comparison."""

from __future__ import annotations

from typing import Any

import strawberry
from strawberry.types import Info

from resolvers import benchmark
from resolvers.request import ReportRequest
from resolvers.values import Value, Wanted
from schema.context import RequestContext
from schema.keys import Named
from schema.metrics import Metrics, metrics_reading


@strawberry.type(
    description="An agent's whole team, for comparison: whole months of UTC that are over, attribution EVENT, without "
    "the report's filter. What would tell of single colleagues is withheld, and no tickets are listed."
)
class Benchmark:
    """A benchmark."""

    team: Named
    metrics: Metrics  # type: ignore[valid-type]  # a type made from the catalogue


async def benchmark_of(request: ReportRequest, info: Info[RequestContext, Any]) -> Benchmark | None:
    """The benchmark of a report; None for all but agents with a team."""
    found = await benchmark.benchmark_of(request, info.context.loaders)
    if found is None:
        return None

    async def read(asked: Wanted, info: Info[RequestContext, Any]) -> Value:
        return await benchmark.team_value(found, info.context.loaders, asked)

    team = Named(id=strawberry.ID(found.team.id), name=found.team.name)
    return Benchmark(team=team, metrics=metrics_reading(read, None))
