"""Periods: presets, own periods, comparisons and buckets, as instants (metrics.md, "Time").

A period is half-open, [since, until). Days, weeks, months follow the wall clock of its zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from db import zones
from db.errors import BadInput, ImpossibleInput
from db.frozen import hashed_once

MAX_YEARS = 10
FIRST_YEAR, LAST_YEAR = 1900, 2199
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_DAYS_BY_HOUR = 92


class Preset(Enum):
    """A period by name, taken in the caller's zone."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_7_DAYS = "last_7_days"
    LAST_30_DAYS = "last_30_days"
    LAST_90_DAYS = "last_90_days"
    LAST_365_DAYS = "last_365_days"
    THIS_WEEK = "this_week"
    LAST_WEEK = "last_week"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"
    THIS_QUARTER = "this_quarter"
    LAST_QUARTER = "last_quarter"
    THIS_YEAR = "this_year"
    LAST_YEAR = "last_year"


class Grain(Enum):
    """The width of a bucket of time."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class WeekStart(Enum):
    """The day that a week starts on; the value is its ISO weekday."""

    MONDAY = 1
    SUNDAY = 7
    SATURDAY = 6


class Comparison(Enum):
    """What a period is compared with."""

    PREVIOUS_PERIOD = "previous_period"
    PREVIOUS_YEAR = "previous_year"
    PREVIOUS_YEAR_WEEKDAYS = "previous_year_weekdays"


@hashed_once
@dataclass(frozen=True)
class Window:
    """A stretch of time, [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Period:
    """A window with the zone whose wall clock it follows, and the preset it came from."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    preset: Preset | None = None

    @property
    def window(self) -> Window:
        """The period as a plain window."""
        return Window(self.since, self.until)


def _first_of_month(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _week(day: date, first: int) -> date:
    return day - timedelta(days=(day.isoweekday() - first) % 7)


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _last_days(count: int) -> Callable[[date], tuple[date, date]]:
    return lambda day: (day - timedelta(days=count - 1), day + timedelta(days=1))


_PRESETS: dict[Preset, Callable[[date], tuple[date, date]]] = {
    Preset.TODAY: _last_days(1),
    Preset.YESTERDAY: lambda day: (day - timedelta(days=1), day),
    Preset.LAST_7_DAYS: _last_days(7),
    Preset.LAST_30_DAYS: _last_days(30),
    Preset.LAST_90_DAYS: _last_days(90),
    Preset.LAST_365_DAYS: _last_days(365),
    Preset.THIS_MONTH: lambda day: (_first_of_month(day, 0), _first_of_month(day, 1)),
    Preset.LAST_MONTH: lambda day: (_first_of_month(day, -1), _first_of_month(day, 0)),
    Preset.THIS_QUARTER: lambda day: (_quarter(day), _first_of_month(_quarter(day), 3)),
    Preset.LAST_QUARTER: lambda day: (_first_of_month(_quarter(day), -3), _quarter(day)),
    Preset.THIS_YEAR: lambda day: (date(day.year, 1, 1), date(day.year + 1, 1, 1)),
    Preset.LAST_YEAR: lambda day: (date(day.year - 1, 1, 1), date(day.year, 1, 1)),
}


def preset_period(preset: Preset, zone: ZoneInfo, now: datetime, week_start: WeekStart) -> Period:
    """The period that a preset names at an instant, in a zone."""
    today = now.astimezone(zone).date()
    week = _week(today, week_start.value)
    weeks = {
        Preset.THIS_WEEK: (week, week + timedelta(days=7)),
        Preset.LAST_WEEK: (week - timedelta(days=7), week),
    }
    first, last = weeks[preset] if preset in weeks else _PRESETS[preset](today)
    return Period(zones.start_of_day(first, zone), zones.start_of_day(last, zone), zone, preset)


def _supported(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError("a year out of range")
    return at


def _edge(text: str, zone: ZoneInfo, parameter: str) -> datetime:
    try:
        if _DATE.fullmatch(text):
            return _supported(zones.start_of_day(date.fromisoformat(text), zone))
        found = datetime.fromisoformat(text)
        if found.tzinfo is None or not _DATE.match(text):
            raise ValueError("a date-time begins with a date and ends with an offset")
        return _supported(found.astimezone(UTC))
    except (ValueError, OverflowError):
        raise BadInput(
            f"{parameter} {text!r} is no time. Give a date such as 2026-03-01 (the start of that local day) "
            "or a date-time with offset such as 2026-03-01T09:30:00+01:00, "
            f"between the years {FIRST_YEAR} and {LAST_YEAR}.",
            parameter=parameter,
        ) from None


def own_period(since: str, until: str, zone: ZoneInfo) -> Period:
    """The period between two times given as text, each a date or a date-time with offset.

    Raises: BadInput, where a text is no time; ImpossibleInput, where they are in the wrong order or too far apart.
    """
    first, last = _edge(since, zone, "since"), _edge(until, zone, "until")
    if first >= last:
        raise ImpossibleInput(
            f"since {since!r} is not before until {until!r}. The period is [since, until): until is excluded.",
            parameter="since",
        )
    if last > _years_later(first, zone):
        raise ImpossibleInput(
            f"The period from {since} to {until} is longer than {MAX_YEARS} years. Ask for a shorter one.",
            parameter="until",
        )
    return Period(first, last, zone)


def _years_later(first: datetime, zone: ZoneInfo) -> datetime:
    wall = zones.local(first, zone)
    return zones.instant(_in_year(wall, wall.year + MAX_YEARS), zone)


def _in_year(wall: datetime, year: int) -> datetime:
    try:
        return wall.replace(year=year)
    except ValueError:  # 29 February
        return wall.replace(year=year, day=28)


def _previous_period(period: Period) -> Callable[[datetime], datetime]:
    zone = period.zone
    if zones.is_midnight(period.since, zone) and zones.is_midnight(period.until, zone):
        days = (period.until.astimezone(zone).date() - period.since.astimezone(zone).date()).days
        return lambda at: zones.instant(zones.local(at, zone) - timedelta(days=days), zone)
    length = period.until - period.since
    return lambda at: at - length


def _previous_year(period: Period) -> Callable[[datetime], datetime]:
    zone = period.zone

    def earlier(at: datetime) -> datetime:
        wall = zones.local(at, zone)
        if at == period.until and (wall.month, wall.day, wall.time()) == (2, 29, time()):
            return zones.start_of_day(date(wall.year - 1, 3, 1), zone)  # the end of the 28th, a year earlier too
        return zones.instant(_in_year(wall, wall.year - 1), zone)

    return earlier


def _previous_year_weekdays(period: Period) -> Callable[[datetime], datetime]:
    zone = period.zone
    return lambda at: zones.instant(zones.local(at, zone) - timedelta(days=364), zone)


_SHIFTS: dict[Comparison, Callable[[Period], Callable[[datetime], datetime]]] = {
    Comparison.PREVIOUS_PERIOD: _previous_period,
    Comparison.PREVIOUS_YEAR: _previous_year,
    Comparison.PREVIOUS_YEAR_WEEKDAYS: _previous_year_weekdays,
}


def compared_period(period: Period, comparison: Comparison, as_of: datetime) -> Period:
    """The period to compare with; it ends at the same elapsed point where the present one still runs.

    Raises: ImpossibleInput, where it would begin before the year 1.
    """
    shift = _SHIFTS[comparison](period)
    try:
        since, until = shift(period.since), shift(period.until)
        if period.since < as_of < period.until:
            until = min(until, max(shift(as_of), since))
    except (OverflowError, ValueError):
        raise ImpossibleInput(
            f"There is no {comparison.value} before {period.since:%Y-%m-%d}.", parameter="compareTo"
        ) from None
    return Period(since, until, period.zone)


@dataclass(frozen=True)
class Buckets:
    """The buckets of a period, complete, in order. The outer two are cut by the period's ends."""

    starts: tuple[datetime, ...]
    """The first instant of each calendar bucket, which may lie before the period."""
    windows: tuple[Window, ...]
    """The part of each bucket that lies in the period."""


@lru_cache(maxsize=16)
def buckets(period: Period, grain: Grain, week_start: WeekStart = WeekStart.MONDAY) -> Buckets:
    """Every bucket of a period.

    Raises: ImpossibleInput, for hours over more than 92 days.
    """
    if grain is Grain.HOUR:
        if period.until - period.since > timedelta(days=MAX_DAYS_BY_HOUR, hours=1):
            raise ImpossibleInput(
                f"The grain hour is for at most {MAX_DAYS_BY_HOUR} days. Ask for a shorter period or the grain day.",
                parameter="grain",
            )
        edges = _hour_edges(period)
    else:
        edges = _calendar_edges(period, grain, week_start)
    windows = tuple(Window(max(start, period.since), min(end, period.until)) for start, end in pairwise(edges))
    return Buckets(tuple(edges[:-1]), windows)


def _hour_edges(period: Period) -> list[datetime]:
    edges = [zones.start_of_hour(period.since, period.zone)]
    while edges[-1] < period.until:
        edges.append(zones.next_hour(edges[-1], period.zone))
    return edges


def _calendar_edges(period: Period, grain: Grain, week_start: WeekStart) -> list[datetime]:
    day = _FLOORS[grain](period.since.astimezone(period.zone).date(), week_start.value)
    edges = [zones.start_of_day(day, period.zone)]
    while edges[-1] < period.until:
        day = _STEPS[grain](day)
        edge = zones.start_of_day(day, period.zone)
        if edge > edges[-1]:  # a day that a zone skipped altogether is no bucket
            edges.append(edge)
    return edges


_FLOORS: dict[Grain, Callable[[date, int], date]] = {
    Grain.DAY: lambda day, _: day,
    Grain.WEEK: _week,
    Grain.MONTH: lambda day, _: _first_of_month(day, 0),
    Grain.QUARTER: lambda day, _: _quarter(day),
    Grain.YEAR: lambda day, _: date(day.year, 1, 1),
}
_STEPS: dict[Grain, Callable[[date], date]] = {
    Grain.DAY: lambda day: day + timedelta(days=1),
    Grain.WEEK: lambda day: day + timedelta(days=7),
    Grain.MONTH: lambda day: _first_of_month(day, 1),
    Grain.QUARTER: lambda day: _first_of_month(day, 3),
    Grain.YEAR: lambda day: date(day.year + 1, 1, 1),
}


def label_of(start: datetime, zone: ZoneInfo, grain: Grain) -> str:
    """How a bucket's start is written: a date from day up, else the instant with its offset."""
    here = start.astimezone(zone)
    return here.isoformat() if grain is Grain.HOUR else here.date().isoformat()
