"""The local days of a zone by number, counted from 1970-01-01, and the instants at which they begin; pure."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from db import zones
from db.rollups.cuboids import MADE_AS

_FIRST: Final = date(1970, 1, 1).toordinal()
_REMEMBERED: Final = 50_000
_RULES: Final = (datetime(1990, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC))
"""The time whose changes of offset tell one version of a zone's rules from another."""


@lru_cache(maxsize=_REMEMBERED)
def start_of(number: int, zone: ZoneInfo) -> datetime:
    """The first instant of a day."""
    return zones.start_of_day(date.fromordinal(number + _FIRST), zone)


def day_of(at: datetime, zone: ZoneInfo) -> int:
    """The number of the day that an instant lies in: the last that has begun by then."""
    number = at.astimezone(zone).toordinal() - _FIRST
    # A clock that is put back over midnight shows the day before once more: that day is over all the same.
    return number + 1 if at >= start_of(number + 1, zone) else number


@lru_cache(maxsize=256)
def made_as(zone: str) -> str:
    """What rows hold that this code makes, and by which rules of the zone: those made otherwise are not read.

    Raises: BadInput, for an unknown zone.
    """
    rules = hashlib.sha256(repr(zones.offsets(*_RULES, zones.zone_named(zone))).encode()).hexdigest()[:16]
    return f"{MADE_AS}-{rules}"
