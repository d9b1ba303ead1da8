"""Zones: wall clocks turned into instants, in one place, so that no two parts of the product disagree.

Everything that goes out is an aware datetime in UTC. A wall time that a change to summer time skips stands for
the first instant after the gap; one that occurs twice stands for its first occurrence.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from db.errors import BadInput

_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(available_timezones()) - {"localtime", "posixrules", "Factory"}


def is_known(name: str) -> bool:
    """Whether there is an IANA zone of that name."""
    return name in _known()


@lru_cache(maxsize=1024)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone of that name.

    Raises: BadInput, for an unknown name; an offset such as +02:00 is not a zone.
    """
    if not is_known(name):
        raise BadInput(
            f"timezone {name!r} is not known. Give an IANA zone such as Europe/Berlin or UTC; an offset is not a zone.",
            parameter="timezone",
        )
    return ZoneInfo(name)


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a naive wall time."""
    found = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != wall:  # in a gap: its end is the first instant after it
        return _change_after(found - timedelta(days=1), found + timedelta(days=1), zone)
    return found


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a local day."""
    return instant(datetime.combine(day, time()), zone)


def local(at: datetime, zone: ZoneInfo) -> datetime:
    """The wall time of an instant, naive."""
    return at.astimezone(zone).replace(tzinfo=None)


def is_midnight(at: datetime, zone: ZoneInfo) -> bool:
    """Whether an instant is the first of a local day."""
    return at == start_of_day(at.astimezone(zone).date(), zone)


def next_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the local hour after this one; a repeated hour comes twice."""
    here = at.astimezone(zone)
    into = timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
    after = at + timedelta(hours=1) - into
    if (after - _SECOND).astimezone(zone).utcoffset() != here.utcoffset():
        return _change_after(at, after, zone)
    return after


def start_of_hour(at: datetime, zone: ZoneInfo) -> datetime:
    """The first instant of the local hour that contains an instant."""
    here = at.astimezone(zone)
    start = at - timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
    if start.astimezone(zone).utcoffset() != here.utcoffset():
        return _change_after(start, at, zone)
    return start


@lru_cache(maxsize=64)
def offsets(since: datetime, until: datetime, zone: ZoneInfo) -> tuple[tuple[datetime, ...], tuple[int, ...]]:
    """The changes of the zone's offset inside a period, and the offsets before, between and after them.

    Shape: n instants, n + 1 offsets. Unit: seconds east of UTC.
    """
    changes: list[datetime] = []
    found = [_offset(since, zone)]
    for day, following in _days(since, until):
        if _offset(day, zone) != _offset(following, zone):
            changes.append(_change_after(day, following, zone))
            found.append(_offset(following, zone))
    return tuple(changes), tuple(found)


def _days(since: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    at = since
    while at < until:
        following = min(at + timedelta(days=1), until)
        yield at, following
        at = following


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())


def _change_after(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The instant in (low, high] at which the offset of `high` begins; the two differ in offset."""
    low, high = low.replace(microsecond=0), high.replace(microsecond=0)
    before = _offset(low, zone)
    while high - low > _SECOND:
        middle = low + _SECOND * ((high - low) // _SECOND // 2)
        if _offset(middle, zone) == before:
            low = middle
        else:
            high = middle
    return high
