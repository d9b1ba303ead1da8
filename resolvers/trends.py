"""The trend analysis: volume, categories over time, weekday by hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from db.catalog.flows import REOPENS, TICKETS_CREATED, TICKETS_RESOLVED
from db.catalog.stocks import OPEN_TICKETS
from db.metric import Metric
from db.periods import Grain, Window
from db.query import Dimension
from resolvers.behind import Behind, Found, Many, Place
from resolvers.fold import Key
from resolvers.guard import Guard, grouped_partials, guarding
from resolvers.loaders import Loaders
from resolvers.plan import Cut
from resolvers.request import ReportRequest, partials_of
from resolvers.rows import RowKey, in_order, is_partial, row_keys
from resolvers.values import Value, Wanted, change, values_of


class VolumeNumber(Enum):
    """The numbers of a bucket's volume, each a metric."""

    CREATED = TICKETS_CREATED
    RESOLVED = TICKETS_RESOLVED
    REOPENED = REOPENS
    OPEN = OPEN_TICKETS


@dataclass(frozen=True)
class Point:
    """The volume of one bucket. The open tickets are None for a bucket that has not begun."""

    start: str
    counts: tuple[int | None, ...]
    """In the order of `VolumeNumber`."""
    is_partial: bool
    window: Window
    whole: Place
    """The period's."""

    def behind(self, number: VolumeNumber) -> Behind:
        """What is behind one of its numbers."""
        return self.whole.during(self.window).of(number.value.measure.counted)


class TrendNumber(Enum):
    """The counts of a category's trend."""

    POINTS = "points"
    PREVIOUS_TOTAL = "previousTotal"


@dataclass(frozen=True)
class CategoryTrend:
    """Tickets created in one category, by bucket, and against the first comparison."""

    key: RowKey
    place: Place
    windows: tuple[Window, ...]
    """The buckets'."""
    against: Window | None
    points: list[int]
    share: float | None
    """Of all tickets created in the period; None where there are none."""
    previous_total: int | None
    previous_share: float | None
    change: float | None

    def behind(self, number: TrendNumber) -> Found:
        """What is behind one of its numbers, or the list of them."""
        if number is TrendNumber.POINTS:
            return Many((len(self.windows),), lambda at: self.created(self.windows[at[0]]))
        return self.created(self.against) if self.against else None

    def created(self, window: Window) -> Behind:
        """What is behind the tickets created in it in a window."""
        return self.place.during(window).of(TICKETS_CREATED.measure.counted)


class SeriesNumber(Enum):
    """The counts of a column."""

    COUNTS = "counts"


@dataclass(frozen=True)
class Series:
    """Metrics by bucket, as columns: one group's."""

    key: RowKey | None
    columns: Mapping[str, tuple[Value, ...]]
    """By metric name, a value a bucket."""
    place: Place
    windows: tuple[Window, ...]
    """The buckets'."""

    def behind(self, metric: Metric) -> Many:
        """What is behind each of a metric's counts."""
        return Many((len(self.windows),), lambda at: self.place.during(self.windows[at[0]]).of(metric.measure.counted))


async def volume(request: ReportRequest, loaders: Loaders, grain: Grain) -> list[Point]:
    """Created, resolved, reopened and open tickets of every bucket."""
    own = request.buckets(grain)
    cut = request.cut(partials_of(Wanted(number.value) for number in VolumeNumber), windows=own.windows)
    totals = (await loaders.groups(cut)).columns(range(len(own.windows)))
    counts = zip(*(number.value.measure.count(totals) for number in VolumeNumber), strict=True)
    whole, as_of = request.place, request.slice.as_of
    return [
        Point(label, here, is_partial(window, as_of), window, whole)
        for label, window, here in zip(request.labels(grain), own.windows, counts, strict=True)
    ]


async def categories(request: ReportRequest, loaders: Loaders, grain: Grain) -> list[CategoryTrend]:
    """Every category's tickets by bucket, the largest first."""
    own = request.buckets(grain)
    partial = TICKETS_CREATED.partials[0]
    against = request.compared[0][1].window if request.compared else None
    windows = tuple(dict.fromkeys((*own.windows, *((against,) if against else ()))))
    groups = await loaders.groups(request.cut((partial,), (Dimension.CATEGORY,), windows))
    keys = await row_keys(loaders, ((Dimension.CATEGORY, key[0]) for key in groups))
    rows = [
        ((Dimension.CATEGORY, key[0]), dict(zip(windows, (v.number(partial) or 0 for v in values), strict=True)))
        for key, values in groups.items()
    ]
    created = sum(counts[window] for _, counts in rows for window in own.windows)
    created_before = sum(counts[against] for _, counts in rows) if against else 0
    found = []
    for group, counts in rows:
        points = [counts[window] for window in own.windows]
        previous = counts[against] if against else None
        total = sum(points)
        found.append(
            CategoryTrend(
                key=keys[group],
                place=Place(request.slice, request.period.window, (group,)),
                windows=own.windows,
                against=against,
                points=points,
                share=_share(total, created),
                previous_total=previous,
                previous_share=_share(previous, created_before),
                change=change(total, previous),
            )
        )
    return sorted(found, key=lambda trend: (-sum(trend.points), trend.key.label or ""))


def _share(count: int | None, whole: int) -> float | None:
    return count / whole if count is not None and whole else None


def weekday_hour_cut(request: ReportRequest) -> Cut:
    """What the weekday by hour grid reads."""
    dimensions = (Dimension.DAY_OF_WEEK, Dimension.HOUR_OF_DAY)
    return request.cut((TICKETS_CREATED.partials[0],), dimensions, (request.period.window,))


class SeasonNumber(Enum):
    """The counts of a seasonality."""

    WEEKDAY_HOUR = "weekdayHour"


def weekday_hour_behind(request: ReportRequest) -> Many:
    """What is behind each count of the weekday by hour grid."""

    def find(at: tuple[int, ...]) -> Behind:
        day, hour = at
        group = ((Dimension.DAY_OF_WEEK, day + 1), (Dimension.HOUR_OF_DAY, hour))
        return Place(request.slice, request.period.window, group).of(TICKETS_CREATED.measure.counted)

    return Many((7, 24), find)


async def weekday_hour(request: ReportRequest, loaders: Loaders) -> list[list[int]]:
    """Tickets created by weekday and hour of the zone's wall clock. Shape: 7 (Monday first) x 24 counts."""
    partial = TICKETS_CREATED.partials[0]
    groups = await loaders.groups(weekday_hour_cut(request))
    grid = [[0] * 24 for _ in range(7)]
    for (day, hour), count in zip(groups, groups.columns([0]).numbers(partial), strict=True):
        grid[day - 1][hour] = count or 0
    return grid


async def series(
    request: ReportRequest, loaders: Loaders, metrics: list[Metric], grain: Grain, by: Dimension | None
) -> list[Series]:
    """Metrics by bucket as columns, for each group of one dimension or for all."""
    own = request.buckets(grain)
    dimensions = (by,) if by else ()
    partials = grouped_partials(loaders.viewer, [Wanted(metric) for metric in metrics])
    cut = request.cut(partials, dimensions, own.windows)
    loaders.begin(cut)
    guard = await guarding(request, loaders, metrics, own.windows, dimensions)
    groups = await loaders.groups(cut)
    keys = await row_keys(loaders, ((by, key[0]) for key in groups)) if by else {}
    totals = groups.columns(range(len(own.windows)))
    every = {metric.name: values_of(Wanted(metric), totals, (), request.slice.clock) for metric in metrics}
    found = []
    for number, (key, values) in enumerate(groups.items()):
        here = range(number * len(own.windows), (number + 1) * len(own.windows))
        columns = {name: _shown(guard, map(column.at, here), own.windows, key) for name, column in every.items()}
        if not by or guard.tells(values, (value for column in columns.values() for value in column)):
            place = Place(request.slice, request.period.window, ((by, key[0]),) if by else ())
            found.append(Series(keys[by, key[0]] if by else None, columns, place, own.windows))
    return sorted(found, key=lambda series: in_order(series.key))


def _shown(guard: Guard, column: Iterable[Value], windows: Sequence[Window], key: Key) -> tuple[Value, ...]:
    """A metric's value in each bucket, as the viewer may see it."""
    return tuple(guard.shown(value, (window,), key) for value, window in zip(column, windows, strict=True))
