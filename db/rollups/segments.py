"""The edges of a coverage laid over each other, so that a fact is looked up once, by its instant alone; pure."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from db.periods import Window
from db.rollups.coverage import Edge


class Part(NamedTuple):
    """What a segment counts for in a cell: `sign` times."""

    segment: int
    """Between the boundary of this number, counted from 1, and the next."""
    bucket: int
    counts: bool
    sign: int


@dataclass(frozen=True)
class Segments:
    """The segments between the boundaries of all edges, and what each is part of."""

    boundaries: tuple[datetime, ...]
    parts: tuple[Part, ...]
    stretches: tuple[Window, ...]
    """Where facts count at all: apart from each other, in order."""


def segments(edges: Sequence[Edge]) -> Segments:
    """Edges may overlap, such as where one cell ends and the next begins within a day."""
    boundaries = sorted({instant for edge in edges for instant in (edge.window.start, edge.window.end)})
    signs: Counter[tuple[int, int, bool]] = Counter()
    for edge in edges:
        first, end = bisect_left(boundaries, edge.window.start), bisect_left(boundaries, edge.window.end)
        for segment in range(first + 1, end + 1):
            signs[segment, edge.bucket, edge.counts] += edge.sign
    parts = tuple(Part(*place, sign) for place, sign in sorted(signs.items()) if sign)
    return Segments(tuple(boundaries), parts, _stretches(boundaries, {part.segment for part in parts}))


def _stretches(boundaries: Sequence[datetime], counted: set[int]) -> tuple[Window, ...]:
    found: list[Window] = []
    for segment, (start, end) in enumerate(pairwise(boundaries), start=1):
        if segment not in counted:
            continue
        if found and found[-1].end == start:
            found[-1] = Window(found[-1].start, end)
        else:
            found.append(Window(start, end))
    return tuple(found)
