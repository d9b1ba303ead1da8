"""Adds the cells of statements up to what was asked: pure.

Cells merge by addition: counts, sums and stocks as integers, histograms bin by bin. Nothing is ever averaged. Rows are
kept in columns, by group and then by time, with running sums: what lies in a window is then one difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, compress
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from db import sketch
from db.compile import MAX_CELLS
from db.errors import TooComplex
from db.metric import Partial, PartialKind
from db.periods import Window
from db.sketch import Histograms
from resolvers.plan import Cut, PlannedQuery

Key = tuple[int, ...]
"""The store's ids of a group, one a dimension."""
Integers = NDArray[np.int64]


def _check_size(cells: int) -> None:
    if cells > MAX_CELLS:
        raise TooComplex(
            f"The answer has more than {MAX_CELLS} cells of group and time. Ask for a shorter period, "
            "a coarser grain or fewer dimensions, or filter."
        )


class Spans(NamedTuple):
    """Which rows are of each group and window: from `begin` to before `end`. Shape: group, window."""

    group: Integers
    """Where the group begins. Shape: group, 1."""
    begin: Integers
    end: Integers


class Merged(NamedTuple):
    """The histograms of each partial: of all groups, and of each in some windows."""

    windows: Sequence[Window]
    histograms: Mapping[Partial, Histograms]


class Cells:
    """The rows of one statement in columns, ready to be summed between two cells of time; histograms are, by window.

    Any number of rows may be of one cell and group.
    """

    def __init__(self, planned: PlannedQuery, rows: Sequence[Any]) -> None:
        self.planned = planned
        partials = planned.query.partials
        width = len(planned.query.dimensions) + 1
        self._edges = {at: number for number, at in enumerate(planned.query.axis.boundaries)}
        self._cells = len(self._edges) + 1
        # Groups are numbered by time, then by id: without an order of its own, a list of them begins with the oldest.
        by_time = sorted((tuple(row.values()) for row in rows), key=itemgetter(slice(width)))
        self.groups: dict[Key, int] = {}
        groups = [self.groups.setdefault(row[1:width], len(self.groups)) for row in by_time]
        order = np.argsort(np.array(groups, np.int64), kind="stable")
        columns = list(zip(*by_time, strict=True)) or [()] * (width + len(partials))
        self._places = (np.array(groups, np.int64) * self._cells + np.array(columns[0], np.int64))[order]
        self.held = int(np.count_nonzero(np.diff(self._places))) + bool(rows)
        """How many cells of time and group there are."""
        held = dict(zip(partials, columns[width:], strict=True))
        numbers = {partial: held.pop(partial) for partial in partials if partial.kind is not PartialKind.HISTOGRAM}
        sums = np.zeros((len(numbers), len(rows) + 1), np.int64)
        np.array(list(numbers.values()), np.int64).reshape(len(numbers), len(rows))[:, order].cumsum(1, out=sums[:, 1:])
        self.running: Mapping[Partial, Integers] = dict(zip(numbers, sums, strict=True))
        """Of each number the sums of all rows before each, and of all."""
        self._bins = {partial: [column[number] or b"" for number in order.tolist()] for partial, column in held.items()}
        """Of each histogram the bins of each row."""
        # Of too many a cut of few of the windows may be answered all the same.
        is_small = len(self.groups) * len(planned.windows) <= MAX_CELLS
        self._every = self._merged(tuple(planned.windows)) if self._bins and is_small else None

    def _merged(self, windows: Sequence[Window]) -> Merged:
        spans = self.spans(self.groups, windows)
        found = {}
        for partial, parts in self._bins.items():
            before = np.zeros(len(parts) + 1, np.int64)
            np.array(list(map(len, parts)), np.int64).cumsum(out=before[1:])
            before //= sketch.RECORD.itemsize
            stretches = np.stack((before[spans.begin], before[spans.end]), axis=-1).reshape(-1, 2)
            found[partial] = sketch.merged(sketch.read(b"".join(parts)), stretches)
        return Merged(windows, found)

    def merged(self, windows: Sequence[Window]) -> Merged:
        """The histograms of all groups in some windows, or in more."""
        return self._every or self._merged(windows)

    def has(self, partial: Partial) -> bool:
        """Whether a partial is read from here."""
        return partial in self.running or partial in self._bins

    def answers(self, cut: Cut) -> bool:
        """Whether anything of a cut is read from here; its windows may be spread over several statements."""
        return any(map(self.has, cut.partials)) and any(window in self.planned.windows for window in cut.windows)

    def spans(self, keys: Iterable[Key], windows: Sequence[Window]) -> Spans:
        """Which rows are of each group and window."""
        groups = self._cells * self._numbers(keys)
        starts = groups + np.array([self._edges[window.start] for window in windows], np.int64)
        ends = groups + np.array([self._edges[window.end] for window in windows], np.int64)
        return Spans(
            self._places.searchsorted(groups, side="left"),
            self._places.searchsorted(starts, side="right"),
            self._places.searchsorted(ends, side="right"),
        )

    def places(self, merged: Merged, keys: Iterable[Key], windows: Sequence[Window]) -> Integers:
        """The place of each group and window among histograms; -1 where there is none. Shape: group, window."""
        groups, at = self._numbers(keys), {window: number for number, window in enumerate(merged.windows)}
        places = groups * len(at) + np.array([at[window] for window in windows], np.int64)
        return np.where(groups < 0, -1, places)

    def _numbers(self, keys: Iterable[Key]) -> Integers:
        """The number of each group; -1 where it has no row. Shape: group, 1."""
        return np.array([self.groups.get(key, -1) for key in keys], np.int64).reshape(-1, 1)


class Folded:
    """A cut's numbers and histograms by group, window and partial, taken from one statement after the other."""

    def __init__(self, cut: Cut, keys: Sequence[Key]) -> None:
        self.cut, self.keys = cut, keys
        self.columns = {partial: number for number, partial in enumerate(cut.partials)}
        self.numbers = np.zeros((len(keys), len(cut.windows), len(cut.partials)), np.int64)
        self.unknown: set[tuple[int, int]] = set()
        """The windows and columns of stocks that are not known: the numbers there are 0."""
        self._histograms: dict[Partial, tuple[Histograms, Integers]] = {}
        """The histograms of each partial, and the place of each group and window among them."""

    def take(self, part: Cells) -> None:
        """Takes everything that is read from one statement."""
        windows = [number for number, window in enumerate(self.cut.windows) if window in part.planned.windows]
        asked = [self.cut.windows[number] for number in windows]
        numbers = [partial for partial in self.columns if partial in part.running]
        if numbers:
            spans = part.spans(self.keys, asked)
            for partial in numbers:
                self._take_numbers(part, partial, windows, spans)
        if any(partial.kind is PartialKind.HISTOGRAM and part.has(partial) for partial in self.columns):
            merged = part.merged(asked)
            places = np.full((len(self.keys), len(self.cut.windows)), -1, np.int64)
            places[:, windows] = part.places(merged, self.keys, asked)
            own = ((partial, found) for partial, found in merged.histograms.items() if partial in self.columns)
            self._histograms.update((partial, (found, places)) for partial, found in own)

    def _take_numbers(self, part: Cells, partial: Partial, windows: list[int], spans: Spans) -> None:
        column, running = self.columns[partial], part.running[partial]
        is_stock = partial.kind is PartialKind.STOCK
        begin = spans.group if is_stock and part.planned.accumulates else spans.begin
        self.numbers[:, windows, column] = running[spans.end] - running[begin]
        if is_stock:
            unknown = [number for number in windows if not part.planned.knows_stock(self.cut.windows[number])]
            self.numbers[:, unknown, column] = 0
            self.unknown.update((number, column) for number in unknown)

    def histograms(self, partial: Partial, groups: Sequence[int], windows: Sequence[int]) -> Histograms:
        """The histograms of a partial in some groups and windows, one group after the other."""
        histograms, places = self._histograms[partial]
        return histograms.picked(places[np.ix_(groups, windows)].ravel())

    def filled(self) -> list[bool]:
        """Whether there is anything in each group."""
        found: Any = self.numbers.any(axis=(1, 2))
        for histograms, places in self._histograms.values():
            found |= histograms.picked(places).counts.any(axis=1)
        return list(found.tolist())


class Values(NamedTuple):
    """The partials of one group in one window, merged: a light view."""

    folded: Folded
    group: int
    window: int

    def number(self, partial: Partial) -> int | None:
        """A count, a sum or a stock; None for a stock in the future."""
        column = self.folded.columns[partial]
        if (self.window, column) in self.folded.unknown:
            return None
        return self.folded.numbers.item(self.group, self.window, column)

    def has_any(self, partials: Iterable[Partial]) -> bool:
        """Whether there is anything in some partials."""
        return any(
            self.folded.histograms(one, [self.group], [self.window])
            if one.kind is PartialKind.HISTOGRAM
            else self.number(one)
            for one in partials
        )


class Columns:
    """The partials of groups in windows, one group after the other: what measures read (`db.metric.Totals`)."""

    def __init__(self, folded: Folded, groups: Sequence[int], windows: Sequence[int | None]) -> None:
        """Windows go by their place in the cut; None is no window, where nothing is known."""
        self.folded, self.groups, self.windows = folded, groups, windows
        self._numbers: dict[Partial, list[int | None]] = {}
        self._histograms: dict[Partial, Histograms] = {}

    def numbers(self, partial: Partial) -> Sequence[int | None]:
        """Counts, sums or stocks; None for a stock in the future."""
        if partial not in self._numbers:
            self._numbers[partial] = self._read(partial)
        return self._numbers[partial]

    def _read(self, partial: Partial) -> list[int | None]:
        column, width = self.folded.columns[partial], len(self.windows)
        chosen = self.folded.numbers[:, [window or 0 for window in self.windows], column][self.groups]
        found: list[int | None] = list(chosen.ravel().tolist())
        for number, window in enumerate(self.windows):
            if window is None or (window, column) in self.folded.unknown:
                found[number::width] = [None] * len(self.groups)
        return found

    def histograms(self, partial: Partial) -> Histograms:
        """The bins of a histogram partial; of windows that are there."""
        if partial not in self._histograms:
            windows = [window for window in self.windows if window is not None]
            assert len(windows) == len(self.windows), "a percentile of no window"
            self._histograms[partial] = self.folded.histograms(partial, self.groups, windows)
        return self._histograms[partial]


class Groups(Mapping[Key, tuple[Values, ...]]):
    """What a cut comes to: for each group the values of each window, in the cut's order; and the same in columns."""

    def __init__(self, folded: Folded, groups: Mapping[Key, int]) -> None:
        self._folded, self._groups = folded, groups

    def __getitem__(self, key: Key) -> tuple[Values, ...]:
        group = self._groups[key]
        return tuple(Values(self._folded, group, window) for window in range(len(self._folded.cut.windows)))

    def __iter__(self) -> Iterator[Key]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)

    def columns(self, windows: Sequence[int | None]) -> Columns:
        """Every group in some windows, by their place in the cut."""
        return Columns(self._folded, list(self._groups.values()), windows)


def fold(cut: Cut, cells: Sequence[Cells]) -> Groups:
    """What a cut comes to. A cut without dimensions always has its one group, `()`; others only those with facts.

    Raises: TooComplex, where filling every group's gaps would make too many cells.
    """
    relevant = [part for part in cells if part.answers(cut)]
    keys: dict[Key, None] = dict.fromkeys(chain.from_iterable(part.groups for part in relevant))
    if not cut.dimensions:
        keys[()] = None
    _check_size(max((len(keys) * len(cut.windows), *(part.held for part in relevant))))
    folded = Folded(cut, list(keys))
    for part in relevant:
        folded.take(part)
    groups = {key: number for number, key in enumerate(keys)}
    if cut.dimensions:
        groups = dict(compress(groups.items(), folded.filled()))
    return Groups(folded, groups)
