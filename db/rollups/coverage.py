"""A stretch of time as blocks of days, with the facts to add or take away where it does not end at midnight; pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from db.frozen import hashed_once
from db.periods import Window
from db.query import TimeAxis
from db.rollups.blocks import SIZES, Block, cover
from db.rollups.days import day_of, start_of

_REMEMBERED: Final = 20_000
"""Cells whose pieces are remembered: those of many reports are the same days."""


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

    ragged_seconds: float = 0.0
    """How much time is read from facts; not what lies after `asOf`, where hardly anything has happened yet."""


@hashed_once
@dataclass(frozen=True)
class Kept:
    """A zone that rollups are kept for."""

    id: int
    zone: ZoneInfo
    first_day: int | None
    """No fact is before it; None where there is none."""


@dataclass
class _Pieces:
    """Collects what one cell is made of."""

    zone: ZoneInfo
    edges: list[tuple[Window, int]] = field(default_factory=list)

    def at_start(self, start: datetime, end: datetime, day: int) -> int:
        """A cell that begins within a day. Returns the first day whose block it has."""
        midnight, following = start_of(day, self.zone), start_of(day + 1, self.zone)
        if following <= end and start - midnight < following - start:
            self.edges.append((Window(midnight, start), -1))
            return day
        self.edges.append((Window(start, min(following, end)), 1))
        return day + 1

    def at_end(self, end: datetime, day: int, *, is_cut: bool) -> int:
        """A cell that ends within a day, and has it from midnight. Returns the day after the last block's."""
        midnight, following = start_of(day, self.zone), start_of(day + 1, self.zone)
        # A day that still runs is nearly all that its block holds: after `asOf` hardly anything has happened yet.
        if is_cut or following - end < end - midnight:
            self.edges.append((Window(end, following), -1))
            return day + 1
        self.edges.append((Window(midnight, end), 1))
        return day


Made = tuple[tuple[Block, ...], tuple[tuple[Window, int], ...]]
"""The blocks of a cell, and its edges, each with its sign."""


@lru_cache(maxsize=_REMEMBERED)
def _made(kept: Kept, start: datetime | None, end: datetime, is_cut: bool) -> Made:
    """What a cell is made of; `start` None is the beginning of all facts, `is_cut` that it ends at `asOf`."""
    zone, first_day = kept.zone, kept.first_day
    if first_day is None or (start is not None and start >= end):
        return (), ()
    pieces = _Pieces(zone)
    # No fact is before the first day, so the largest block that has it does for those that make it up.
    first = first_day // SIZES[-1] * SIZES[-1] if start is None else day_of(start, zone)
    last = day_of(end, zone)
    if start is not None and start_of(first, zone) < start:
        first = pieces.at_start(start, end, first)
    if first <= last and start_of(last, zone) < end:
        last = pieces.at_end(end, last, is_cut=is_cut)
    return tuple(cover(first, last)), tuple(pieces.edges)


def coverage(axis: TimeAxis, as_of: datetime, kept: Kept, *, with_stocks: bool) -> Coverage:
    """What an axis is made of. Cells that only a stock needs come with `with_stocks`, the one before the axis, too."""
    blocks: list[Rolled] = []
    edges: list[Edge] = []

    def add(start: datetime | None, end: datetime, bucket: int, *, counts: bool) -> None:
        """One cell. What lies after `asOf` is left out."""
        made, ragged = _made(kept, start, min(end, as_of), end > as_of)
        blocks.extend([Rolled(block, bucket, counts) for block in made])
        edges.extend([Edge(window, bucket, sign, counts) for window, sign in ragged])

    if with_stocks:
        add(None, axis.boundaries[0], 0, counts=False)
    for bucket, (start, end, counts) in enumerate(_cells(axis), start=1):
        if counts or with_stocks:
            add(start, end, bucket, counts=counts)
    ragged = sum((edge.window.end - edge.window.start).total_seconds() for edge in edges if edge.window.start != as_of)
    return Coverage(kept.id, kept.zone, tuple(blocks), tuple(edges), ragged)


def _cells(axis: TimeAxis) -> Iterator[tuple[datetime, datetime, bool]]:
    """The cells between the boundaries, and whether flows of them are asked for."""
    ranges: Sequence[Window] = axis.ranges
    place = 0
    for start, end in zip(axis.boundaries, axis.boundaries[1:], strict=False):
        while place < len(ranges) and ranges[place].end <= start:
            place += 1
        yield start, end, place < len(ranges) and ranges[place].start <= start
