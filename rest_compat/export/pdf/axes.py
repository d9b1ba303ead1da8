"""Axes: from numbers to places between 0 and 1, and the round numbers and days that are written beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, log10
from typing import Final

from babel.dates import format_skeleton, format_time

from rest_compat.export.pdf.figures import Figures

_STEPS: Final = (1, 2, 5, 10)
_TIMES: Final = (
    *(1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200),
    *(86400, 172800, 345600, 604800, 1209600, 2592000),
)
"""Round steps of seconds."""
_DAY: Final = 86400.0


@dataclass(frozen=True)
class Axis:
    """A range of numbers with its ticks."""

    low: float
    high: float
    ticks: Sequence[float]

    def place(self, value: float) -> float:
        """Where a number lies: 0 at the low end, 1 at the high."""
        return round((value - self.low) / (self.high - self.low), 5)


def axis_of(values: Sequence[float], unit: str | None, *, is_whole: bool, ticks: int = 4) -> Axis:
    """An axis over all values, with about so many ticks."""
    low, high = min(values), max(values)
    if low == high:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    step = _step((high - low) / ticks, unit)
    if is_whole:
        step = max(1.0, step)
    first, last = floor(low / step), ceil(high / step)
    return Axis(first * step, last * step, [n * step for n in range(first, last + 1)])


def _step(least: float, unit: str | None) -> float:
    if unit == "seconds":
        found = next((float(one) for one in _TIMES if one >= least), None)
        return found or _DAY * _step(least / _DAY, None)
    power: float = 10.0 ** floor(log10(least))
    return next(one * power for one in _STEPS if one * power >= least * 0.999)


def days_label(figures: Figures, first: datetime, last: datetime) -> Callable[[datetime], str]:
    """How instants between two others are written beside an axis."""
    days = (last - first).total_seconds() / _DAY
    if days <= 2:
        return lambda at: str(format_time(at, "short", locale=figures.locale))
    skeleton = "MMMd" if days <= 400 else "yMMM"
    return lambda at: str(format_skeleton(skeleton, at, locale=figures.locale))
