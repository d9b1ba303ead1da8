"""Grouped reports: which rows there are, how they are named, ordered, narrowed and paged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from itertools import zip_longest
from operator import itemgetter
from typing import Any, NamedTuple, TypeVar

from db.directory import Entity
from db.domain import UNSET, Word
from db.errors import BadInput
from db.metric import Metric, Reading
from db.periods import Grain, Window, buckets
from db.query import ENTITIES, WORDS, Dimension, Slice
from db.tickets import Group
from resolvers import cursors
from resolvers.behind import Place
from resolvers.fold import Groups
from resolvers.guard import Guard, grouped_partials, guarding
from resolvers.loaders import Loaders
from resolvers.request import Metrics, ReportRequest
from resolvers.values import Value, ValueColumn, Wanted

T = TypeVar("T")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Direction(Enum):
    """Which way rows are ordered; what is null comes last either way."""

    ASC = "asc"
    DESC = "desc"


class RowKey(NamedTuple):
    """One of a row's keys. `id` and `label` are None where the dimension is unset."""

    dimension: Dimension | None
    """None is time."""
    id: str | None
    label: str | None
    start: str | None = None
    entity: Entity | None = None
    rank: int = 0
    """Where it stands among its like: hours, weekdays and fixed words have an order of their own."""


class Row(NamedTuple):
    """A group, or a bucket of one, with its metrics."""

    keys: tuple[RowKey, ...]
    metrics: Metrics
    place: Place


@dataclass(frozen=True)
class Order:
    """By a metric's value, or by a key's label."""

    by: Metric | Dimension | None
    """None is time."""
    direction: Direction


@dataclass(frozen=True)
class Bound:
    """A row stays if a metric's value lies in [gte, lte]; one that is null does not."""

    metric: Metric
    gte: float | None
    lte: float | None

    def holds(self, value: Reading) -> bool:
        """Whether a value lies inside."""
        return value is not None and (self.gte is None or value >= self.gte) and (self.lte is None or value <= self.lte)


@dataclass(frozen=True)
class Table:
    """What rows are asked for."""

    by: tuple[Dimension, ...]
    grain: Grain | None
    """With a grain, every group has a row for every bucket of the period."""
    wanted: tuple[Wanted, ...]
    orders: tuple[Order, ...] = ()
    bounds: tuple[Bound, ...] = ()
    search: str | None = None
    only: list[str | None] | None = None
    """The keys of the one row that stays, in the order in which it has them: ids, a bucket's first instant."""

    @property
    def measured(self) -> tuple[Wanted, ...]:
        """All metrics that rows need: those shown, those ordered by, those bounded."""
        further = [o.by for o in self.orders if isinstance(o.by, Metric)] + [b.metric for b in self.bounds]
        shown = {one.metric.name: one for one in self.wanted}
        return (*self.wanted, *(Wanted(m) for m in dict.fromkeys(further) if m.name not in shown))


@dataclass(frozen=True)
class Rows:
    """Rows in columns, chosen and in order; a `Row` is made of those that are asked for."""

    asked: Slice
    groups: Sequence[Group]
    lines: Sequence[tuple[Window, tuple[RowKey, ...]]]
    """What each group has a row for: its window, and its key of time, if there is one."""
    group_keys: Sequence[tuple[RowKey, ...]]
    columns: Mapping[str, ValueColumn]
    """By metric; a place is that of the group, then that of the line."""
    chosen: Sequence[int]
    """Places, in the order of the rows."""

    def __len__(self) -> int:
        return len(self.chosen)

    def __getitem__(self, number: int) -> Row:
        place = self.chosen[number]
        group, line = divmod(place, len(self.lines))
        metrics = {name: column.at(place) for name, column in self.columns.items()}
        return Row(self.keys(place), metrics, Place(self.asked, self.lines[line][0], self.groups[group]))

    def __iter__(self) -> Iterator[Row]:
        return map(self.__getitem__, range(len(self)))

    def only(self, chosen: Sequence[int]) -> Rows:
        """Others of the same rows."""
        return replace(self, chosen=chosen)

    def keys(self, place: int) -> tuple[RowKey, ...]:
        """The keys of a place."""
        group, line = divmod(place, len(self.lines))
        return (*self.group_keys[group], *self.lines[line][1])

    def picked(self, column: Sequence[T]) -> list[T]:
        """What a column has for the rows."""
        return [column[place] for place in self.chosen]


@dataclass(frozen=True)
class Page:
    """One page of rows, how many there are in all, and where the next begins."""

    rows: Rows
    total: int
    next_cursor: str | None


async def table(request: ReportRequest, loaders: Loaders, asked: Table, first: int, after: str | None) -> Page:
    """One page of a grouped report.

    Raises: BadInput, for a cursor that is not of this table.
    """
    rows = await all_rows(request, loaders, asked)
    return page(rows, first, after, fingerprint=_fingerprint(request, asked))


async def all_rows(request: ReportRequest, loaders: Loaders, asked: Table) -> Rows:
    """Every row of a grouped report, narrowed and in order."""
    grid = _Grid.of(request, asked.grain)
    cut = request.cut(grouped_partials(loaders.viewer, asked.measured), asked.by, grid.windows)
    loaders.begin(cut)
    guard = await guarding(request, loaders, [one.metric for one in asked.measured], grid.windows, asked.by)
    groups = await loaders.groups(cut)
    names = await row_keys(loaders, (pair for key in groups for pair in zip(asked.by, key, strict=True)))
    rows = _rows(request, asked, grid, groups, guard, names)
    rows = rows.only([place for place in rows.chosen if _stays(rows, place, asked)])
    # Whatever is asked, time and then the keys decide last: a page must not depend on the order of the store.
    known = {order.by for order in asked.orders}
    last = [Order(key, Direction.ASC) for key in (None, *asked.by) if key not in known]
    for order in reversed((*asked.orders, *last)):
        rows = ordered(rows, order)
    return rows


Names = Mapping[tuple[Dimension, int], RowKey]


def _rows(request: ReportRequest, asked: Table, grid: _Grid, groups: Groups, guard: Guard, names: Names) -> Rows:
    """The rows of every group, in the order of groups and lines."""
    grouped = [tuple(zip(asked.by, key, strict=True)) for key in groups]
    rows = Rows(
        request.slice,
        grouped,
        tuple((windows[0], time) for windows, time in zip(grid.lines, grid.times, strict=True)),
        [tuple(names[pair] for pair in group) for group in grouped],
        {one.metric.name: request.column(one, groups, grid.own, grid.against) for one in asked.measured},
        range(len(grouped) * len(grid.lines)),
    )
    return rows if guard.is_open else _guarded(rows, grid, groups, guard)


def _guarded(rows: Rows, grid: _Grid, groups: Groups, guard: Guard) -> Rows:
    """The rows as the viewer may see them."""
    width = len(grid.lines)
    places = [(key, windows) for key in groups for windows in grid.lines]
    columns = {
        name: ValueColumn.of(
            column.metric,
            [guard.shown(column.at(place), windows, key) for place, (key, windows) in enumerate(places)],
        )
        for name, column in rows.columns.items()
    }
    told = [
        place
        for number, key in enumerate(groups)
        for place in range(number * width, (number + 1) * width)
        if not key or guard.tells(groups[key], _values(columns, range(number * width, (number + 1) * width)))
    ]
    return replace(rows, columns=columns, chosen=told)


def _values(columns: Mapping[str, ValueColumn], places: Iterable[int]) -> Iterator[Value]:
    return (column.at(place) for place in places for column in columns.values())


@dataclass(frozen=True)
class _Grid:
    """The lines of each group: one, or one a bucket."""

    windows: tuple[Window, ...]
    """Everything that is asked of the store; the lines name them by their place here."""
    own: tuple[int, ...]
    """Each line's window."""
    against: tuple[tuple[int | None, ...], ...]
    """For each comparison the window that stands against each line's; None where there is none."""
    times: tuple[tuple[RowKey, ...], ...]
    """Each line's key of time, if there is one."""

    @cached_property
    def lines(self) -> tuple[tuple[Window, *tuple[Window | None, ...]], ...]:
        """Each line's window, then one a comparison."""
        others = [[None if n is None else self.windows[n] for n in column] for column in self.against]
        return tuple(zip((self.windows[n] for n in self.own), *others, strict=True))

    @classmethod
    def of(cls, request: ReportRequest, grain: Grain | None) -> _Grid:
        if grain is None:
            others = tuple((number,) for number in range(1, len(request.windows)))
            return cls(request.windows, (0,), others, ((),))
        own = request.buckets(grain).windows
        compared = [buckets(period, grain, request.week_start).windows for _, period in request.compared]
        windows = tuple(dict.fromkeys((*own, *(window for other in compared for window in other))))
        place = {window: number for number, window in enumerate(windows)}
        against = tuple(
            tuple(place[window] if window else None for _, window in zip_longest(own, other[: len(own)]))
            for other in compared
        )
        times = tuple((RowKey(None, label, label, label),) for label in request.labels(grain))
        return cls(windows, tuple(place[window] for window in own), against, times)


async def row_keys(loaders: Loaders, pairs: Iterable[tuple[Dimension, int]]) -> Names:
    """How the store's ids of groups are shown; things with a name of their own are looked up."""
    every = list(dict.fromkeys(pairs))
    entities = [pair for pair in every if pair[0] in ENTITIES]
    known = await loaders.entities(entities)
    return {pair: _row_key(*pair, known.get(pair)) for pair in every}


def _row_key(dimension: Dimension, number: int, entity: Entity | None) -> RowKey:
    """How a group's id is shown."""
    if dimension in ENTITIES:
        return RowKey(dimension, entity.id, entity.name, entity=entity) if entity else RowKey(dimension, None, None)
    if dimension is Dimension.HOUR_OF_DAY:
        return RowKey(dimension, str(number), f"{number:02}:00", rank=number)
    if dimension is Dimension.DAY_OF_WEEK:
        return RowKey(dimension, str(number), WEEKDAYS[number - 1], rank=number)
    if number == UNSET:
        return RowKey(dimension, None, None)
    word: Word = next(word for word in WORDS[dimension] if int(word) == number)
    return RowKey(dimension, word.word, word.word.replace("_", " ").capitalize(), rank=number)


def _stays(rows: Rows, place: int, asked: Table) -> bool:
    if asked.only is not None and _identity(rows.keys(place)) != asked.only:
        return False
    if asked.search is not None:
        text = asked.search.casefold()
        if not any(text in part.casefold() for key in rows.keys(place) for part in (key.label, key.id) if part):
            return False
    return all(bound.holds(rows.columns[bound.metric.name].values[place]) for bound in asked.bounds)


def ordered(rows: Rows, order: Order) -> Rows:
    """The rows by one order; stable, what is null last."""
    ranks = _ranks(rows, order.by)
    ranked = [(rank, place) for rank, place in zip(ranks, rows.chosen, strict=True) if rank is not None]
    ranked.sort(key=itemgetter(0), reverse=order.direction is Direction.DESC)
    last = [place for rank, place in zip(ranks, rows.chosen, strict=True) if rank is None]
    return rows.only([*(place for _, place in ranked), *last])


def _ranks(rows: Rows, by: Metric | Dimension | None) -> list[Any]:
    """What each row is ordered by; None comes last."""
    if isinstance(by, Metric):
        return rows.picked(rows.columns[by.name].values)
    # All rows of a list have the same keys: those of the group, then that of time.
    keys = rows.keys(0) if rows.groups else ()
    at = next((number for number, key in enumerate(keys) if key.dimension is by), None)
    if at is None:
        return [None] * len(rows)
    width = len(rows.lines)
    if by is None:
        labels = [_label(time[-1]) for _, time in rows.lines]
        return [labels[place % width] for place in rows.chosen]
    labels = [_label(group[at]) for group in rows.group_keys]
    return [labels[place // width] for place in rows.chosen]


def in_order(key: RowKey | None) -> tuple[bool, int, str, str]:
    """Where a key stands among its like: what is unset comes last."""
    if key is None or key.label is None:
        return True, 0, "", ""
    return False, key.rank, key.label.casefold(), key.id or ""


def _label(key: RowKey) -> tuple[int, str, str] | None:
    return None if key.label is None else (key.rank, key.label.casefold(), key.id or "")


def page(rows: Rows, first: int, after: str | None, fingerprint: str) -> Page:
    """A page of rows, by a cursor that names the last row seen.

    Raises: BadInput, for a cursor of another table, or whose row is gone.
    """
    start = 0
    if after is not None:
        start = _position(rows, after, fingerprint) + 1
    shown = rows.only(rows.chosen[start : start + first])
    more = start + first < len(rows)
    return Page(shown, len(rows), _cursor(rows.keys(shown.chosen[-1]), fingerprint) if more and shown else None)


def _identity(keys: Sequence[RowKey]) -> list[str | None]:
    return [key.start or key.id for key in keys]


def _cursor(keys: Sequence[RowKey], fingerprint: str) -> str:
    return cursors.written(fingerprint, _identity(keys))


def _position(rows: Rows, cursor: str, fingerprint: str) -> int:
    try:
        identity = cursors.read(cursor, fingerprint)
        return next(number for number, place in enumerate(rows.chosen) if _identity(rows.keys(place)) == identity)
    except (ValueError, StopIteration):
        raise BadInput(
            "The cursor is not of this list: another order, filter, period or viewer, or its row is gone. "
            "Start again without it.",
            parameter="cursor",
        ) from None


def _fingerprint(request: ReportRequest, asked: Table) -> str:
    """What a cursor must share with the list it is used on; the time of day is not part of it."""
    asked_slice = request.slice
    parts = (
        asked_slice.scope,
        asked_slice.condition,
        asked_slice.attribution,
        asked_slice.clock,
        request.period,
        [kind for kind, _ in request.compared],
        asked.by,
        asked.grain,
        [(o.by.name if isinstance(o.by, Metric) else o.by, o.direction) for o in asked.orders],
        [(b.metric.name, b.gte, b.lte) for b in asked.bounds],
        asked.search,
        asked.only,
    )
    return cursors.mark_of(parts)


def is_partial(window: Window, as_of: datetime) -> bool:
    """Whether a bucket contains `asOf`."""
    return window.start <= as_of < window.end
