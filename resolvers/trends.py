"""The trend analysis: volume, categories over time, weekday by hour."""

from __future__ import annotations

from dataclasses import dataclass

from db.catalog.flows import REOPENS, TICKETS_CREATED, TICKETS_RESOLVED
from db.catalog.stocks import OPEN_TICKETS
from db.metric import Metric
from db.periods import Grain, label_of
from db.query import Dimension
from resolvers.loaders import Loaders
from resolvers.plan import Cut
from resolvers.request import ReportRequest, partials_of
from resolvers.rows import RowKey, is_partial, row_keys
from resolvers.values import Wanted, change


@dataclass(frozen=True)
class Point:
    """The volume of one bucket. `open` is None for a bucket that has not begun."""

    start: str
    created: int
    resolved: int
    reopened: int
    open: int | None
    is_partial: bool


@dataclass(frozen=True)
class CategoryTrend:
    """Tickets created in one category, by bucket, and against the first comparison."""

    key: RowKey
    points: list[int]
    share: float | None
    """Of all tickets created in the period; None where there are none."""
    previous_total: int | None
    previous_share: float | None
    change: float | None


@dataclass(frozen=True)
class Series:
    """Metrics by bucket, as columns: one group's."""

    key: RowKey | None
    values: dict[str, list[float | None]]
    counts: dict[str, list[int | None]]


async def volume(request: ReportRequest, loaders: Loaders, grain: Grain) -> list[Point]:
    """Created, resolved, reopened and open tickets of every bucket."""
    own = request.buckets(grain)
    metrics = (TICKETS_CREATED, TICKETS_RESOLVED, REOPENS, OPEN_TICKETS)
    cut = request.cut(partials_of(Wanted(m) for m in metrics), windows=own.windows)
    values = (await loaders.groups(cut))[()]
    points = []
    for start, window, here in zip(own.starts, own.windows, values, strict=True):
        created, resolved, reopened, still = (metric.measure.count(here) for metric in metrics)
        label = label_of(start, request.period.zone, grain)
        partial = is_partial(window, request.slice.as_of)
        points.append(Point(label, created or 0, resolved or 0, reopened or 0, still, partial))
    return points


async def categories(request: ReportRequest, loaders: Loaders, grain: Grain) -> list[CategoryTrend]:
    """Every category's tickets by bucket, the largest first."""
    own = request.buckets(grain)
    partial = TICKETS_CREATED.partials[0]
    against = request.compared[0][1].window if request.compared else None
    windows = tuple(dict.fromkeys((*own.windows, *((against,) if against else ()))))
    groups = await loaders.groups(request.cut((partial,), (Dimension.CATEGORY,), windows))
    keys = await row_keys(loaders, ((Dimension.CATEGORY, key[0]) for key in groups))
    rows = [
        (keys[Dimension.CATEGORY, key[0]], dict(zip(windows, (v.number(partial) or 0 for v in values), strict=True)))
        for key, values in groups.items()
    ]
    created = sum(counts[window] for _, counts in rows for window in own.windows)
    created_before = sum(counts[against] for _, counts in rows) if against else 0
    found = []
    for key, counts in rows:
        points = [counts[window] for window in own.windows]
        previous = counts[against] if against else None
        total, share = sum(points), _share(previous, created_before)
        found.append(CategoryTrend(key, points, _share(total, created), previous, share, change(total, previous)))
    return sorted(found, key=lambda trend: (-sum(trend.points), trend.key.label or ""))


def _share(count: int | None, whole: int) -> float | None:
    return count / whole if count is not None and whole else None


def weekday_hour_cut(request: ReportRequest) -> Cut:
    """What the weekday by hour grid reads."""
    dimensions = (Dimension.DAY_OF_WEEK, Dimension.HOUR_OF_DAY)
    return request.cut((TICKETS_CREATED.partials[0],), dimensions, (request.period.window,))


async def weekday_hour(request: ReportRequest, loaders: Loaders) -> list[list[int]]:
    """Tickets created by weekday and hour of the zone's wall clock. Shape: 7 (Monday first) x 24 counts."""
    partial = TICKETS_CREATED.partials[0]
    groups = await loaders.groups(weekday_hour_cut(request))
    grid = [[0] * 24 for _ in range(7)]
    for (day, hour), values in groups.items():
        grid[day - 1][hour] = values[0].number(partial) or 0
    return grid


async def series(
    request: ReportRequest, loaders: Loaders, metrics: list[Metric], grain: Grain, by: Dimension | None
) -> list[Series]:
    """Metrics by bucket as columns, for each group of one dimension or for all."""
    own = request.buckets(grain)
    dimensions = (by,) if by else ()
    cut = request.cut(partials_of(Wanted(m) for m in metrics), dimensions, own.windows)
    groups = await loaders.groups(cut)
    keys = await row_keys(loaders, ((by, key[0]) for key in groups)) if by else {}
    return [
        Series(
            keys[by, key[0]] if by else None,
            {m.name: [m.measure.read(v) for v in values] for m in metrics},
            {m.name: [m.measure.count(v) for v in values] for m in metrics},
        )
        for key, values in groups.items()
    ]
