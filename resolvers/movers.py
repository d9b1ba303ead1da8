"""The categories whose volume changed most: pure but for the categories themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from db.periods import Grain, Window
from resolvers.behind import Behind
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
class Stretch:
    """The tickets created in a window."""

    count: int
    window: Window


class MoverNumber(Enum):
    """The counts of a mover."""

    COUNT = "count"
    PREVIOUS = "previous"


@dataclass(frozen=True)
class Mover:
    """A category, its tickets, those before, and the change as a number and as a ratio (None from 0)."""

    trend: CategoryTrend
    now: Stretch
    before: Stretch

    @property
    def key(self) -> RowKey:
        """The category's."""
        return self.trend.key

    @property
    def difference(self) -> int:
        """How many tickets more there are now."""
        return self.now.count - self.before.count

    @property
    def change(self) -> float | None:
        """The difference over the tickets before; None from 0."""
        return change(self.now.count, self.before.count)

    def behind(self, number: MoverNumber) -> Behind:
        """What is behind one of its numbers."""
        return self.trend.created((self.now if number is MoverNumber.COUNT else self.before).window)


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
        now, before = request.period.window, request.compared[0][1].window
        return _movers(
            Basis.COMPARISON,
            [Mover(t, Stretch(sum(t.points), now), Stretch(t.previous_total or 0, before)) for t in found],
        )
    own = request.buckets(grain)
    whole = [
        window.start == start and window.end <= request.slice.as_of
        for start, window in zip(own.starts, own.windows, strict=True)
    ]
    half = sum(whole) // 2
    return _movers(Basis.HALVES, [_halves(trend, whole, half) for trend in found] if half else [])


def _halves(trend: CategoryTrend, whole: Sequence[bool], half: int) -> Mover:
    """A category's later and earlier half of the complete buckets; a bucket in the middle is in neither."""
    points = [
        Stretch(count, window)
        for count, window, complete in zip(trend.points, trend.windows, whole, strict=True)
        if complete
    ]
    return Mover(trend, _joined(points[-half:]), _joined(points[:half]))


def _joined(parts: Sequence[Stretch]) -> Stretch:
    """Neighbours as one."""
    return Stretch(sum(part.count for part in parts), Window(parts[0].window.start, parts[-1].window.end))


def _movers(basis: Basis, found: Sequence[Mover]) -> Movers:
    moved = [m for m in found if m.now.count + m.before.count >= MIN_TICKETS and m.difference]
    moved.sort(key=lambda mover: (-abs(mover.difference), mover.key.label or ""))
    risers = [mover for mover in moved if mover.difference > 0]
    fallers = [mover for mover in moved if mover.difference < 0]
    return Movers(basis, risers[:MOST], fallers[:MOST])
