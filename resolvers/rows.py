"""Grouped reports: which rows there are, how they are named, ordered, narrowed and paged."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cached_property
from itertools import islice, zip_longest
from operator import itemgetter
from typing import Any, NamedTuple

import orjson

from db.directory import Entity
from db.domain import UNSET, Word
from db.errors import BadInput
from db.metric import Metric, Reading
from db.periods import Grain, Window, buckets
from db.query import ENTITIES, WORDS, Dimension
from resolvers.behind import Place
from resolvers.fold import Groups
from resolvers.guard import Guard, grouped_partials, guarding
from resolvers.loaders import Loaders
from resolvers.request import Metrics, ReportRequest
from resolvers.values import Wanted

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

    @property
    def measured(self) -> tuple[Wanted, ...]:
        """All metrics that rows need: those shown, those ordered by, those bounded."""
        further = [o.by for o in self.orders if isinstance(o.by, Metric)] + [b.metric for b in self.bounds]
        shown = {one.metric.name: one for one in self.wanted}
        return (*self.wanted, *(Wanted(m) for m in dict.fromkeys(further) if m.name not in shown))


@dataclass(frozen=True)
class Page:
    """One page of rows, how many there are in all, and where the next begins."""

    rows: tuple[Row, ...]
    total: int
    next_cursor: str | None


async def table(request: ReportRequest, loaders: Loaders, asked: Table, first: int, after: str | None) -> Page:
    """One page of a grouped report.

    Raises: BadInput, for a cursor that is not of this table.
    """
    rows = await all_rows(request, loaders, asked)
    return page(rows, first, after, fingerprint=_fingerprint(request, asked))


async def all_rows(request: ReportRequest, loaders: Loaders, asked: Table) -> list[Row]:
    """Every row of a grouped report, narrowed and in order."""
    grid = _Grid.of(request, asked.grain)
    cut = request.cut(grouped_partials(loaders.viewer, asked.measured), asked.by, grid.windows)
    loaders.begin(cut)
    guard = await guarding(request, loaders, [one.metric for one in asked.measured], grid.windows, asked.by)
    groups = await loaders.groups(cut)
    names = await row_keys(loaders, (pair for key in groups for pair in zip(asked.by, key, strict=True)))
    rows = [row for row in _rows(request, asked, grid, groups, guard, names) if _stays(row, asked)]
    # Whatever is asked, time and then the keys decide last: a page must not depend on the order of the store.
    known = {order.by for order in asked.orders}
    last = [Order(key, Direction.ASC) for key in (None, *asked.by) if key not in known]
    for order in reversed((*asked.orders, *last)):
        rows = ordered(rows, order)
    return rows


Names = Mapping[tuple[Dimension, int], RowKey]


def _rows(
    request: ReportRequest, asked: Table, grid: _Grid, groups: Groups, guard: Guard, names: Names
) -> Iterator[Row]:
    """The rows of every group, in the order of groups and lines."""
    wanted = [one.metric.name for one in asked.measured]
    columns = [request.values(one, groups, grid.own, grid.against) for one in asked.measured]
    every, guarded = zip(*columns, strict=True), not guard.is_open
    for key in groups:
        group = tuple(zip(asked.by, key, strict=True))
        lines = [
            dict(
                zip(wanted, (guard.shown(value, windows, key) for value in values) if guarded else values, strict=True)
            )
            for windows, values in zip(grid.lines, islice(every, len(grid.lines)), strict=True)
        ]
        if not key or not guarded or guard.tells(groups[key], (one for line in lines for one in line.values())):
            keys = tuple(names[pair] for pair in group)
            for time, windows, metrics in zip(grid.times, grid.lines, lines, strict=True):
                yield Row((*keys, *time), metrics, Place(request.slice, windows[0], group))


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


def _stays(row: Row, asked: Table) -> bool:
    if asked.search is not None:
        text = asked.search.casefold()
        if not any(text in part.casefold() for key in row.keys for part in (key.label, key.id) if part):
            return False
    return all(bound.holds(row.metrics[bound.metric.name].value) for bound in asked.bounds)


def ordered(rows: Sequence[Row], order: Order) -> list[Row]:
    """The rows by one order; stable, what is null last."""
    rank = _ranker(rows, order.by)
    ranked = [(found, row) for row in rows if (found := rank(row)) is not None]
    kept = {id(row) for _, row in ranked}
    ranked.sort(key=itemgetter(0), reverse=order.direction is Direction.DESC)
    return [*(row for _, row in ranked), *(row for row in rows if id(row) not in kept)]


def _ranker(rows: Sequence[Row], by: Metric | Dimension | None) -> Callable[[Row], Any]:
    if isinstance(by, Metric):
        name = by.name
        return lambda row: row.metrics[name].value
    # All rows of a list have the same keys.
    place = next((number for row in rows[:1] for number, key in enumerate(row.keys) if key.dimension is by), None)
    return lambda row: None if place is None else _label(row.keys[place])


def in_order(key: RowKey | None) -> tuple[bool, int, str, str]:
    """Where a key stands among its like: what is unset comes last."""
    if key is None or key.label is None:
        return True, 0, "", ""
    return False, key.rank, key.label.casefold(), key.id or ""


def _label(key: RowKey) -> tuple[int, str, str] | None:
    return None if key.label is None else (key.rank, key.label.casefold(), key.id or "")


def page(rows: Sequence[Row], first: int, after: str | None, fingerprint: str) -> Page:
    """A page of rows, by a cursor that names the last row seen.

    Raises: BadInput, for a cursor of another table, or whose row is gone.
    """
    start = 0
    if after is not None:
        start = _position(rows, after, fingerprint) + 1
    shown = tuple(rows[start : start + first])
    more = start + first < len(rows)
    return Page(shown, len(rows), _cursor(shown[-1], fingerprint) if more and shown else None)


def _identity(row: Row) -> list[str | None]:
    return [key.start or key.id for key in row.keys]


def _cursor(row: Row, fingerprint: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([fingerprint, *_identity(row)])).decode().rstrip("=")


def _position(rows: Sequence[Row], cursor: str, fingerprint: str) -> int:
    try:
        text = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        known, *identity = orjson.loads(text)
        if known != fingerprint:
            raise ValueError
        return next(number for number, row in enumerate(rows) if _identity(row) == identity)
    except (ValueError, TypeError, binascii.Error, StopIteration):
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
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=9).hexdigest()


def is_partial(window: Window, as_of: datetime) -> bool:
    """Whether a bucket contains `asOf`."""
    return window.start <= as_of < window.end
