"""Business time: how long the desk was open between two instants, and when its clock will have run so far.

A calendar is one or more versions (metrics.md, "Clock"): weekly spans and holidays on the wall clock of an IANA zone,
each in force from one instant to another. Of versions that overlap the one that began later is in force, and what it
lay over holds again once it has ended. Spans become instants here, in Python, by the rules of `db.zones`; what a day
has is worked out once and kept.

Times are integers: microseconds since 1970, UTC. Whole seconds are for the callers to make.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

from db import zones

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ROUND_THE_CLOCK: Final = "24:00"
_YEARS_AHEAD: Final = 30
"""How far a clock is run before it counts as stopped for good."""


def micros(at: datetime) -> int:
    """An instant as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def instant(at_micros: int) -> datetime:
    """Microseconds since 1970 as an instant, in UTC."""
    return _EPOCH + timedelta(microseconds=at_micros)


_EVER: Final = micros(datetime.min.replace(tzinfo=UTC))
_ON_AND_ON: Final = micros(datetime.max.replace(tzinfo=UTC))


@dataclass(frozen=True)
class Version:
    """What holds from `since` (None: ever) to `until` (None: on and on), on the wall clock of `zone`.

    Spans are (from, to) of a day as `HH:MM`; `24:00` ends a day. Shape: `week` has seven days, Monday first.
    """

    zone: ZoneInfo
    week: tuple[tuple[tuple[str, str], ...], ...]
    holidays: Mapping[date, tuple[tuple[str, str], ...]]
    since: datetime | None = None
    until: datetime | None = None

    @classmethod
    def of(
        cls,
        zone: str,
        spans: Mapping[str, Sequence[Sequence[str]]],
        holidays: Iterable[Any],
        valid_from: str | None,
        valid_until: str | None,
    ) -> Version:
        """A version from the words of the import format."""
        place = zones.zone_named(zone)
        off: dict[date, tuple[tuple[str, str], ...]] = {}
        for holiday in holidays:
            whole = isinstance(holiday, str)
            day = date.fromisoformat(holiday if whole else holiday["date"])
            off[day] = () if whole else _pairs(holiday["spans"])
        return cls(
            place,
            tuple(_pairs(spans.get(day, ())) for day in _WEEKDAYS),
            off,
            _bound(valid_from, place),
            _bound(valid_until, place),
        )

    def spans_on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The open hours of a local day, as instants; hours that a change of the zone's clock swallows are none."""
        for start, end in self.holidays.get(day, self.week[day.weekday()]):
            opens, closes = self._instant(day, start), self._instant(day, end)
            if opens < closes:
                yield opens, closes

    def _instant(self, day: date, clock: str) -> datetime:
        if clock == _ROUND_THE_CLOCK:
            return zones.start_of_day(day + _DAY, self.zone)
        return zones.instant(datetime.combine(day, time.fromisoformat(clock)), self.zone)


def _pairs(spans: Sequence[Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((start, end) for start, end in spans)


def _bound(text: str | None, zone: ZoneInfo) -> datetime | None:
    """An instant, or the start of a local day, as given."""
    if text is None:
        return None
    if len(text) == len("2024-01-05"):
        return zones.start_of_day(date.fromisoformat(text), zone)
    return datetime.fromisoformat(text).astimezone(UTC)


class BusinessClock:
    """A calendar's clock. It knows the years that it has been asked about, and learns others when asked."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self._in_force = _in_force(list(versions))
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._open_before: list[int] = []
        """The open time before each span, from the first one known."""
        self._first_year = self._next_year = 0
        self._since = self._until = 0

    def elapsed(self, since: int, until: int) -> int:
        """The open time between two instants. Unit: microseconds."""
        if since < self._since or until >= self._until:
            self._learn(since, until)
        return self._run_at(until) - self._run_at(since)

    def after(self, since: int, elapsed: int) -> int | None:
        """The earliest instant at which so much open time has passed since another; None: never."""
        if since < self._since or since >= self._until:
            self._learn(since, since)
        if elapsed <= 0:
            return since
        wanted = self._run_at(since) + elapsed
        limit = instant(since).year + _YEARS_AHEAD
        while self._total < wanted:
            if self._next_year > limit:
                return None
            self._learn_years(self._first_year, self._next_year + 1)
        place = bisect_left(self._open_before, wanted) - 1
        return self._starts[place] + wanted - self._open_before[place]

    @property
    def _total(self) -> int:
        return self._open_before[-1] + self._ends[-1] - self._starts[-1] if self._starts else 0

    def _run_at(self, at: int) -> int:
        """How far the clock has run at an instant, from the first span known."""
        place = bisect_right(self._starts, at) - 1
        if place < 0:
            return 0
        return self._open_before[place] + min(at, self._ends[place]) - self._starts[place]

    def _learn(self, since: int, until: int) -> None:
        years = instant(since).year, instant(until).year + 1
        if self._first_year:
            years = min(years[0], self._first_year), max(years[1], self._next_year)
        self._learn_years(*years)

    def _learn_years(self, first: int, following: int) -> None:
        """Takes in the spans of the years [first, following), UTC."""
        new = range(first, following)
        if self._first_year:
            new_before = [span for year in range(first, self._first_year) for span in self._spans_of(year)]
            new_after = [span for year in range(self._next_year, following) for span in self._spans_of(year)]
        else:
            new_before, new_after = [], [span for year in new for span in self._spans_of(year)]
        self._starts = [*(s for s, _ in new_before), *self._starts, *(s for s, _ in new_after)]
        self._ends = [*(e for _, e in new_before), *self._ends, *(e for _, e in new_after)]
        lengths = (end - start for start, end in zip(self._starts, self._ends, strict=True))
        self._open_before = list(accumulate(lengths, initial=0))[:-1]
        self._first_year, self._next_year = first, following
        self._since, self._until = _new_year(first), _new_year(following)

    def _spans_of(self, year: int) -> list[tuple[int, int]]:
        """The open spans inside a year (UTC), in order of time, each cut by the year and by what was in force."""
        spans: list[tuple[int, int]] = []
        for since, until, version in self._in_force:
            low, high = max(_new_year(year), since), min(_new_year(year + 1), until)
            if low < high:
                spans += _cut(version, low, high)
        return spans


def _in_force(versions: Sequence[Version]) -> list[tuple[int, int, Version]]:
    """From when to when which version holds, in order of time."""
    bounds = [
        (micros(version.since) if version.since else _EVER, micros(version.until) if version.until else _ON_AND_ON)
        for version in versions
    ]
    edges = sorted({edge for bound in bounds for edge in bound})
    found = []
    for since, until in pairwise(edges):
        there = [n for n, (low, high) in enumerate(bounds) if low <= since and until <= high]
        if there:
            found.append((since, until, versions[max(there, key=lambda n: bounds[n][0])]))
    return found


def _new_year(year: int) -> int:
    return micros(datetime(year, 1, 1, tzinfo=UTC))


def _cut(version: Version, low: int, high: int) -> Iterator[tuple[int, int]]:
    """A version's spans inside [low, high)."""
    day = instant(low).astimezone(version.zone).date() - _DAY
    last = instant(high).astimezone(version.zone).date()
    while day <= last:
        for opens, closes in version.spans_on(day):
            start, end = max(micros(opens), low), min(micros(closes), high)
            if start < end:
                yield start, end
        day += _DAY


class CalendarBook:
    """All calendars by name, and the one that stands for those who name none."""

    def __init__(self, versions: Iterable[tuple[str, Version]]) -> None:
        named: dict[str, list[Version]] = {}
        for name, version in versions:
            named.setdefault(name, []).append(version)
        self._clocks = {name: BusinessClock(found) for name, found in named.items()}
        only = next(iter(self._clocks.values())) if len(self._clocks) == 1 else None
        self._usual = self._clocks.get("default", only)

    def clock_of(self, name: str | None) -> BusinessClock | None:
        """The calendar of that name; of no name the one called `default`, else the only one; None: there is none."""
        return self._usual if name is None else self._clocks.get(name)
