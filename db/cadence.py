"""When a schedule is due: instants of a wall time in a zone.

A wall time that a change to summer time skips stands for the first instant after the gap; one that occurs twice stands
for its first occurrence (db.zones).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from db import zones

_DAY: Final = timedelta(days=1)
_LONGEST: Final = 63
"""Unit: days. More than two months, so that a month's day is met."""


class Every(Enum):
    """How often."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


@dataclass(frozen=True)
class Cadence:
    """A wall time, again and again."""

    every: Every
    at: time
    zone: ZoneInfo
    weekday: int | None = None
    """Of a week: 1 is Monday, 7 Sunday."""
    month_day: int | None = None
    """Of a month: 1 to 28; None: its last."""

    def first_after(self, instant: datetime) -> datetime:
        """The first due instant after another."""
        start = zones.local(instant, self.zone).date() - _DAY
        return next(due for due in self._from(start, _DAY) if due > instant)

    def last_until(self, instant: datetime) -> datetime:
        """The last due instant that is not after another."""
        start = zones.local(instant, self.zone).date() + _DAY
        return next(due for due in self._from(start, -_DAY) if due <= instant)

    def _from(self, start: date, step: timedelta) -> Iterator[datetime]:
        for days in range(_LONGEST + 3):
            day = start + step * days
            if self._is_due(day):
                yield zones.instant(datetime.combine(day, self.at), self.zone)

    def _is_due(self, day: date) -> bool:
        if self.every is Every.WEEKLY:
            return day.isoweekday() == self.weekday
        if self.every is Every.MONTHLY:
            return day.day == self.month_day if self.month_day else (day + _DAY).day == 1
        return True
