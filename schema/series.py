"""Metrics by bucket, as columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.tools import create_type
from strawberry.types import Info

from db import catalog
from db.errors import BadInput
from db.metric import Metric
from db.periods import Grain
from resolvers import trends
from resolvers.behind import Found
from resolvers.request import ReportRequest
from resolvers.rows import is_partial
from resolvers.trends import SeriesNumber
from schema.context import RequestContext
from schema.drilldown import tickets_field_at
from schema.enums import GroupBy
from schema.keys import PublicKey, public_key
from schema.limits import require_grouping
from schema.metrics import allowed
from schema.selection import selected

strawberry.enum(SeriesNumber, description="The numbers of a SeriesValues.")


@strawberry.type(description="A metric by bucket: one value and one count each.")
class SeriesValues:
    """A column."""

    values: list[float | None]
    counts: list[int | None] = strawberry.field(description="How many facts stand behind each value.")
    suppressed: list[bool] = strawberry.field(description="Whether each is withheld because its group is too small.")
    reason: str | None = strawberry.field(description="Why the first that is withheld is.")
    _each: strawberry.Private[Callable[[SeriesNumber], Found]]
    tickets = tickets_field_at(SeriesNumber)


def _column(metric: Metric) -> Any:
    name = metric.name

    def resolve(self: Any) -> SeriesValues | None:
        series: trends.Series = self._series
        column = series.columns.get(name)
        if column is None:
            return None
        return SeriesValues(
            values=[one.value for one in column],
            counts=[one.count for one in column],
            suppressed=[one.suppression is not None for one in column],
            reason=next((one.reason for one in column if one.suppression), None),
            _each=lambda _: series.behind(metric),
        )

    resolve.__name__ = name
    return strawberry.field(resolver=resolve, name=name, description=metric.definition)


SeriesMetrics = create_type(
    "SeriesMetrics",
    [_column(metric) for metric in catalog.METRICS],
    description="The metrics of the catalogue, as columns.",
)


@strawberry.type(description="One group's columns; key is null for the whole.")
class SeriesGroup:
    """A group."""

    key: PublicKey | None
    metrics: SeriesMetrics  # type: ignore[valid-type]  # a type made from the catalogue


@strawberry.type(name="Series", description="Metrics by bucket, as columns: for charts.")
class PublicSeries:
    """Columns."""

    starts: list[str]
    is_partial: list[bool] = strawberry.field(description="Whether a bucket contains asOf.")
    groups: list[SeriesGroup]


async def series(
    request: ReportRequest, info: Info[RequestContext, Any], grain: Grain, by: GroupBy | None
) -> PublicSeries:
    """Metrics by bucket, as columns."""
    if by is GroupBy.TIME:
        raise BadInput("by: a series is by time already; give another dimension or none.", parameter="by")
    stored = by.stored if by else None
    dimensions = (stored,) if stored else ()
    require_grouping(info.context.viewer, dimensions)
    chosen = selected(info).get("groups", {}).get("metrics", {})
    shown = allowed(chosen, dimensions, info, ("groups", "metrics"))
    found = await trends.series(request, info.context.loaders, [one.metric for one in shown], grain, stored)
    buckets = request.buckets(grain)
    return PublicSeries(
        starts=request.labels(grain),
        is_partial=[is_partial(window, request.slice.as_of) for window in buckets.windows],
        groups=[_series_group(one) for one in found],
    )


def _series_group(found: trends.Series) -> SeriesGroup:
    metrics = SeriesMetrics()
    metrics._series = found
    return SeriesGroup(key=public_key(found.key) if found.key else None, metrics=metrics)
