"""Adds the cells of statements up to what was asked: pure.

Cells merge by addition: counts, sums and stocks as integers, histograms bin by bin. Nothing is ever averaged.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from db import sketch
from db.compile import MAX_CELLS
from db.errors import TooComplex
from db.metric import Partial, PartialKind
from db.periods import Window
from db.sketch import Histogram
from resolvers.plan import Cut, PlannedQuery

Key = tuple[int, ...]
"""The store's ids of a group, one a dimension."""


@dataclass(frozen=True)
class Values:
    """The partials of one group in one window, merged: what measures read."""

    numbers: Mapping[Partial, int | None]
    histograms: Mapping[Partial, Histogram]

    def number(self, partial: Partial) -> int | None:
        """A count, a sum or a stock; None for a stock in the future."""
        return self.numbers[partial]

    def histogram(self, partial: Partial) -> Histogram:
        """The bins of a histogram partial."""
        return self.histograms[partial]


Groups = Mapping[Key, tuple[Values, ...]]
"""What a cut comes to: for each group the values of each window, in the cut's order."""


def _check_size(cells: int) -> None:
    if cells > MAX_CELLS:
        raise TooComplex(
            f"The answer has more than {MAX_CELLS} cells of group and time. Ask for a shorter period, "
            "a coarser grain or fewer dimensions, or filter."
        )


class Cells:
    """The rows of one statement, by group and by partial, ready to be summed between two cells of time."""

    def __init__(self, planned: PlannedQuery, rows: Sequence[Any]) -> None:
        self.planned = planned
        self._edges = {at: number for number, at in enumerate(planned.query.axis.boundaries)}
        width = len(planned.query.dimensions) + 1
        self._rows: dict[Key, list[Any]] = {}
        for row in sorted(rows, key=lambda r: r["bucket"]):
            self._rows.setdefault(tuple(row.values())[1:width], []).append(row)
        self._buckets = {key: [row["bucket"] for row in group] for key, group in self._rows.items()}
        self._columns = {partial: number for number, partial in enumerate(planned.query.partials, start=1)}
        self._running: dict[tuple[Key, Partial], list[int]] = {}

    @property
    def keys(self) -> Iterable[Key]:
        """The groups that have any cell."""
        return self._rows.keys()

    @property
    def size(self) -> int:
        """How many rows the statement returned."""
        return sum(map(len, self._rows.values()))

    def answers(self, cut: Cut, partial: Partial) -> bool:
        """Whether a partial of a cut is read from here; a cut's windows may be spread over several statements."""
        return partial in self._columns and any(window in self.planned.windows for window in cut.windows)

    def number(self, key: Key, partial: Partial, window: Window) -> int | None:
        """The sum over a window's cells; of an accumulating stock, over all cells up to its end; None if unknown."""
        stock = partial.kind is PartialKind.STOCK
        if stock and not self.planned.knows_stock(window):
            return None
        if key not in self._rows:
            return 0
        running = self._running_sums(key, partial)
        low, high = self._span(key, window)
        return running[high] if stock and self.planned.accumulates else running[high] - running[low]

    def histogram(self, key: Key, partial: Partial, window: Window) -> Histogram:
        """The bins of a window's cells."""
        if key not in self._rows:
            return sketch.merged(())
        low, high = self._span(key, window)
        column = f"p{self._columns[partial]}"
        return sketch.merged(row[column] or b"" for row in self._rows[key][low:high])

    def _span(self, key: Key, window: Window) -> tuple[int, int]:
        buckets = self._buckets[key]
        return (
            bisect_right(buckets, self._edges[window.start]),
            bisect_right(buckets, self._edges[window.end]),
        )

    def _running_sums(self, key: Key, partial: Partial) -> list[int]:
        found = self._running.get((key, partial))
        if found is None:
            column = f"p{self._columns[partial]}"
            found = list(accumulate((int(row[column]) for row in self._rows[key]), initial=0))
            self._running[key, partial] = found
        return found


def fold(cut: Cut, cells: Sequence[Cells]) -> Groups:
    """What a cut comes to. A cut without dimensions always has its one group, `()`; others only those with facts.

    Raises: TooComplex, where filling every group's gaps would make too many cells.
    """
    relevant = [part for part in cells if any(part.answers(cut, partial) for partial in cut.partials)]
    keys: dict[Key, None] = dict.fromkeys(key for part in relevant for key in part.keys)
    if not cut.dimensions:
        keys[()] = None
    _check_size(max((len(keys) * len(cut.windows), *(part.size for part in relevant))))
    sources = {
        (partial, window): next(
            part for part in relevant if part.answers(cut, partial) and window in part.planned.windows
        )
        for partial in cut.partials
        for window in cut.windows
    }
    found = {key: tuple(_values(key, cut, window, sources) for window in cut.windows) for key in keys}
    return found if not cut.dimensions else {key: values for key, values in found.items() if any(map(_is_any, values))}


def _is_any(values: Values) -> bool:
    return any(values.numbers.values()) or any(values.histograms.values())


def _values(key: Key, cut: Cut, window: Window, sources: Mapping[tuple[Partial, Window], Cells]) -> Values:
    numbers: dict[Partial, int | None] = {}
    histograms: dict[Partial, Histogram] = {}
    for partial in cut.partials:
        source = sources[partial, window]
        if partial.kind is PartialKind.HISTOGRAM:
            histograms[partial] = source.histogram(key, partial, window)
        else:
            numbers[partial] = source.number(key, partial, window)
    return Values(numbers, histograms)
