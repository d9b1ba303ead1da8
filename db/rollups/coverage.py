"""A stretch of time as blocks of days, with the facts to add or take away where it does not end at midnight; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from db.periods import Window
from db.query import TimeAxis
from db.rollups.blocks import Block, cover
from db.rollups.days import day_of, start_of


class Rolled(NamedTuple):
    """A block, and the cell of the axis that it counts in."""

    block: Block
    bucket: int
    counts: bool
    """Whether flows of it are asked for; of the others only what adds up to a stock is."""


class Edge(NamedTuple):
    """Facts that a cell has beyond its blocks (`sign` 1), or that its blocks hold beyond the cell (-1)."""

    window: Window
    bucket: int
    sign: int
    counts: bool


@dataclass(frozen=True)
class Coverage:
    """A whole axis, by the days of one zone."""

    zone_id: int
    zone: ZoneInfo
    blocks: tuple[Rolled, ...]
    edges: tuple[Edge, ...]

    @property
    def ragged_seconds(self) -> float:
        """How much time is read from facts. Unit: seconds."""
        return sum((edge.window.end - edge.window.start).total_seconds() for edge in self.edges)


@dataclass(frozen=True)
class Kept:
    """A zone that rollups are kept for."""

    id: int
    zone: ZoneInfo
    first_day: int | None
    """No fact is before it; None where there is none."""


@dataclass
class _Cover:
    """Collects the pieces of one axis."""

    kept: Kept
    as_of: datetime
    blocks: list[Rolled] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)

    def cell(self, start: datetime | None, end: datetime, bucket: int, *, counts: bool) -> None:
        """One cell; `start` None is the beginning of all facts. What lies after `asOf` is left out."""
        zone, first_day = self.kept.zone, self.kept.first_day
        is_cut = end > self.as_of
        end = min(end, self.as_of)
        if first_day is None or (start is not None and start >= end):
            return
        first = first_day if start is None else day_of(start, zone)
        last = day_of(end, zone)
        if start is not None and start_of(first, zone) < start:
            first = self._at_start(start, end, first, bucket, counts=counts)
        if first <= last and start_of(last, zone) < end:
            last = self._at_end(end, last, bucket, is_cut=is_cut, counts=counts)
        self.blocks += (Rolled(block, bucket, counts) for block in cover(first, last))

    def _at_start(self, start: datetime, end: datetime, day: int, bucket: int, *, counts: bool) -> int:
        """A cell that begins within a day. Returns the first day whose block it has."""
        midnight, following = start_of(day, self.kept.zone), start_of(day + 1, self.kept.zone)
        if following <= end and start - midnight < following - start:
            self.edges.append(Edge(Window(midnight, start), bucket, -1, counts))
            return day
        self.edges.append(Edge(Window(start, min(following, end)), bucket, 1, counts))
        return day + 1

    def _at_end(self, end: datetime, day: int, bucket: int, *, is_cut: bool, counts: bool) -> int:
        """A cell that ends within a day, and has it from midnight. Returns the day after the last block's."""
        midnight, following = start_of(day, self.kept.zone), start_of(day + 1, self.kept.zone)
        # After `asOf` hardly anything has happened yet, so a day that still runs is nearly all that its block holds.
        if is_cut or following - end < end - midnight:
            self.edges.append(Edge(Window(end, following), bucket, -1, counts))
            return day + 1
        self.edges.append(Edge(Window(midnight, end), bucket, 1, counts))
        return day


def coverage(axis: TimeAxis, as_of: datetime, kept: Kept, *, with_stocks: bool) -> Coverage:
    """What an axis is made of. Cells that only a stock needs come with `with_stocks`, the one before the axis, too."""
    found = _Cover(kept, as_of)
    if with_stocks:
        found.cell(None, axis.boundaries[0], 0, counts=False)
    for bucket, (start, end, counts) in enumerate(_cells(axis), start=1):
        if counts or with_stocks:
            found.cell(start, end, bucket, counts=counts)
    return Coverage(kept.id, kept.zone, tuple(found.blocks), tuple(found.edges))


def _cells(axis: TimeAxis) -> Iterator[tuple[datetime, datetime, bool]]:
    """The cells between the boundaries, and whether flows of them are asked for."""
    ranges: Sequence[Window] = axis.ranges
    place = 0
    for start, end in zip(axis.boundaries, axis.boundaries[1:], strict=False):
        while place < len(ranges) and ranges[place].end <= start:
            place += 1
        yield start, end, place < len(ranges) and ranges[place].start <= start
