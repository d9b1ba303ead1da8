"""Local days and hours of many instants at once, by the rules of `db.zones`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from db import zones

Ints = NDArray[Any]
"""Integers of any width."""

_EPOCH: Final = date(1970, 1, 1).toordinal()
_UNIX: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_MICROS: Final = 1_000_000
DAY_MICROS: Final = 86_400 * _MICROS
_HOUR: Final = 3_600 * _MICROS
FIRST_DAY: Final = date(1, 1, 3).toordinal() - _EPOCH
LAST_DAY: Final = date.max.toordinal() - _EPOCH
_FOREVER: Final = 2**62


class _Day(NamedTuple):
    start: int
    offset: int
    """Of the wall clock at its start."""
    changes: tuple[tuple[int, int], ...]
    """Instants inside it from which on another offset holds. Unit: microseconds since 1970, all of them."""


@dataclass
class ZoneDays:
    """A zone's calendar; remembers the days it was asked about."""

    zone: ZoneInfo
    _known: dict[int, _Day] = field(default_factory=dict)

    def start(self, day: int) -> int:
        """The first instant of a day, or the end of time. Unit: microseconds since 1970."""
        return self._day(day).start if day <= LAST_DAY else _FOREVER

    def days(self, at: Ints) -> tuple[Ints, Ints, Ints]:
        """The day numbers, days of the week (Monday is 1) and hours of instants. Unit: microseconds since 1970."""
        numbers = self._near(at)
        days = [self._day(int(number)) for number in numbers]
        # TRICKY: where the clock is put back over midnight, the hour that comes again belongs to the day begun.
        place = np.searchsorted(np.array([day.start for day in days]), at, side="right") - 1
        changes = [(day.start, day.offset) for day in days] + [change for day in days for change in day.changes]
        changes.sort()
        starts, offsets = (np.array(column, np.int64) for column in zip(*changes, strict=True))
        wall = at + offsets[np.searchsorted(starts, at, side="right") - 1]
        return numbers[place], (wall // DAY_MICROS + 3) % 7 + 1, wall // _HOUR % 24

    def _near(self, at: Ints) -> Ints:
        """All days that the instants may lie in, and one before each."""
        of_utc = np.unique(at // DAY_MICROS)
        near = np.unique(np.concatenate([of_utc + shift for shift in (-2, -1, 0, 1, 2)]))
        return near[near <= LAST_DAY]

    def _day(self, number: int) -> _Day:
        found = self._known.get(number)
        if found is None:
            found = self._known[number] = self._made(number)
        return found

    def _made(self, number: int) -> _Day:
        start = zones.start_of_day(date.fromordinal(_EPOCH + number), self.zone)
        end = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)
        if number + 3 < LAST_DAY:
            end = zones.start_of_day(date.fromordinal(_EPOCH + number + 1), self.zone)
        changes, offsets = zones.offsets(start, max(start, end), self.zone)
        told = tuple((_micros(at), offset * _MICROS) for at, offset in zip(changes, offsets[1:], strict=True))
        return _Day(_micros(start), offsets[0] * _MICROS, told)


def _micros(at: datetime) -> int:
    return (at - _UNIX) // _MICROSECOND


def instant_of(micros: int) -> datetime:
    """An instant, or the last there is. Unit: microseconds since 1970."""
    last = datetime.max.replace(tzinfo=UTC)
    return last if micros >= _micros(last) else _UNIX + timedelta(microseconds=micros)


def day_near(at: datetime) -> int:
    """The day of UTC that an instant lies in; of another zone it is this one, or the next to it."""
    return _micros(at) // DAY_MICROS


@lru_cache(maxsize=256)
def zone_days(zone: str) -> ZoneDays:
    """The calendar of a zone, kept for the process.

    Raises: BadInput, for an unknown name.
    """
    return ZoneDays(zones.zone_named(zone))
