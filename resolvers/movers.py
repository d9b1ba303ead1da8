"""The categories whose volume changed most: pure but for the categories themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from db.periods import Grain
from resolvers.loaders import Loaders
from resolvers.request import ReportRequest
from resolvers.rows import RowKey
from resolvers.trends import CategoryTrend, categories
from resolvers.values import change

MOST = 5
MIN_TICKETS = 30
"""A category with fewer over both stretches moves by chance."""


class Basis(Enum):
    """What the movers are measured against."""

    COMPARISON = "comparison"
    HALVES = "halves"


@dataclass(frozen=True)
class Mover:
    """A category, its tickets, those before, and the change as a number and as a ratio (None from 0)."""

    key: RowKey
    count: int
    previous: int
    difference: int
    change: float | None


@dataclass(frozen=True)
class Movers:
    """At most five each, the largest difference first."""

    basis: Basis
    risers: list[Mover]
    fallers: list[Mover]


async def fastest_movers(request: ReportRequest, loaders: Loaders, grain: Grain) -> Movers:
    """The movers against the first comparison; without one, the later half of the complete buckets on the earlier."""
    found = await categories(request, loaders, grain)
    if request.compared:
        return _movers(Basis.COMPARISON, [(t.key, sum(t.points), t.previous_total or 0) for t in found])
    own = request.buckets(grain)
    whole = [
        window.start == start and window.end <= request.slice.as_of
        for start, window in zip(own.starts, own.windows, strict=True)
    ]
    return _movers(Basis.HALVES, [_halves(trend, whole) for trend in found])


def _halves(trend: CategoryTrend, whole: Sequence[bool]) -> tuple[RowKey, int, int]:
    """A category's later and earlier half; a bucket in the middle is in neither."""
    points = [count for count, complete in zip(trend.points, whole, strict=True) if complete]
    half = len(points) // 2
    return trend.key, sum(points[len(points) - half :]), sum(points[:half])


def _movers(basis: Basis, counted: Sequence[tuple[RowKey, int, int]]) -> Movers:
    moved = [
        Mover(key, count, previous, count - previous, change(count, previous))
        for key, count, previous in counted
        if count + previous >= MIN_TICKETS and count != previous
    ]
    moved.sort(key=lambda mover: (-abs(mover.difference), mover.key.label or ""))
    risers = [mover for mover in moved if mover.difference > 0]
    fallers = [mover for mover in moved if mover.difference < 0]
    return Movers(basis, risers[:MOST], fallers[:MOST])
