"""The demo's days: how much comes in on a date, when, and how strained the desk is. Functions of the date alone."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from db.sources.demo.desk import CATEGORIES, HOUR, ZONE, Category, holidays
from db.sources.demo.dice import Dice, Weighted
from db.sources.demo.people import Roster, roster_on

_WORKDAY_TICKETS: Final = 83.0
_YEARLY_GROWTH: Final = 0.025
_WEEKDAYS: Final = (1.24, 1.12, 1.06, 1.02, 0.9, 0.32, 0.24)
_MONTHS: Final = (1.14, 1.06, 1.03, 0.98, 0.96, 0.95, 0.9, 0.86, 1.0, 1.05, 1.12, 0.98)
_OFFICE_HOURS: Final = (
    *(0.5, 0.3, 0.2, 0.2, 0.3, 0.7, 2.0, 4.5, 8.6, 10.4, 10.8, 9.6),
    *(6.4, 7.4, 8.8, 8.2, 7.0, 5.0, 3.2, 2.4, 2.0, 1.7, 1.3, 0.8),
)
_WEEKEND_HOURS: Final = (
    *(1.5, 1.0, 0.7, 0.6, 0.6, 0.8, 1.5, 2.5, 4.0, 5.5, 6.5, 6.8),
    *(6.2, 5.8, 5.8, 5.6, 5.6, 5.8, 6.2, 6.6, 6.4, 5.4, 4.0, 2.6),
)
_OFFICE: Final = Weighted(list(enumerate(_OFFICE_HOURS)))
_WEEKEND: Final = Weighted(list(enumerate(_WEEKEND_HOURS)))

# The incident: 11 March of every even year, so that any two years hold exactly one (a rule by weekday would not).
_INCIDENT_MONTH, _INCIDENT_DAY = 3, 11
_INCIDENT_FACTOR: Final = 5.0
_INCIDENT_STRAIN: Final = {0: 6.0, 1: 3.5, 2: 2.0}
_GRUDGE_DAYS: Final = 12.0


class Arrival(NamedTuple):
    """A ticket that comes in: when (epoch seconds), and whether the incident brought it."""

    at: int
    of_incident: bool


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """What the tickets created on a date have in common.

    Unit: `strain` multiplies times (1 is a usual day); `mood` is added to scores.
    """

    date: date
    ticket_prefix: str
    strain: float
    mood: float
    roster: Roster
    categories: Weighted[Category]
    incident: bool


def _years_since_2026(day: date) -> float:
    """Years, bounded so that the demo stays a size whatever the date."""
    return max(-5.0, min(8.0, (day - date(2026, 1, 1)).days / 365.25))


def _trend(category: Category, day: date) -> float:
    return category.weight * math.pow(category.growth, _years_since_2026(day))


def _weight(category: Category, day: date) -> float:
    """A category's part in a day: its trend, its months and its start of the month (the rest of it is quieter)."""
    extra = category.month_start
    share_of_month = extra if day.day <= 5 else (30.4 - 5 * extra) / 25.4
    return _trend(category, day) * category.months[day.month - 1] * share_of_month


def _season(day: date) -> float:
    """How busy the season and the categories make a day, around 1."""
    busy = sum(_weight(category, day) for category in CATEGORIES)
    return _MONTHS[day.month - 1] * busy / sum(_trend(category, day) for category in CATEGORIES)


@lru_cache(maxsize=2048)
def expected(day: date) -> float:
    """How many tickets a date brings on average, the incident left out."""
    resting = 0.4 if day in holidays(day.year) and day.weekday() < 5 else 1.0
    growth = 1 + _YEARLY_GROWTH * _years_since_2026(day)
    return _WORKDAY_TICKETS * growth * _WEEKDAYS[day.weekday()] * resting * _season(day)


def days_since_incident(day: date) -> int:
    """Whole days since the last incident; 0 on its day."""
    last = date(day.year - day.year % 2, _INCIDENT_MONTH, _INCIDENT_DAY)
    return (day - (last if last <= day else last.replace(year=last.year - 2))).days


def _strain(day: date) -> float:
    """The backlog's weight: the week so far against a usual one, and the incident's first three days."""
    week = sum(expected(day - timedelta(days=back)) for back in range(7))
    usual = 7 * 0.84 * _WORKDAY_TICKETS * (1 + _YEARLY_GROWTH * _years_since_2026(day))
    return week / usual * _INCIDENT_STRAIN.get(days_since_incident(day), 1.0)


def on(day: date) -> Day:
    """The day's circumstances."""
    return Day(
        date=day,
        ticket_prefix=f"T-{day:%Y%m%d}-",
        strain=_strain(day),
        mood=-1.1 * math.exp(-days_since_incident(day) / _GRUDGE_DAYS),
        roster=roster_on(day),
        categories=Weighted([(category, _weight(category, day)) for category in CATEGORIES]),
        incident=days_since_incident(day) == 0,
    )


def _usual_arrivals(day: date, dice: Dice) -> list[Arrival]:
    """Arrivals by the clock of Berlin, inside the UTC day."""
    average = expected(day)
    count = max(1, round(average + 1.3 * math.sqrt(average) * dice.normal()))
    hours = _OFFICE if day.weekday() < 5 and day not in holidays(day.year) else _WEEKEND
    noon = datetime.combine(day, time(12), ZONE)
    offset = (noon.utcoffset() or timedelta()) // timedelta(hours=1)
    midnight = int(datetime.combine(day, time(), UTC).timestamp())
    return [
        Arrival(midnight + (dice.draw(hours) - offset) % 24 * HOUR + dice.between(0, HOUR), False) for _ in range(count)
    ]


def _incident_arrivals(day: date, dice: Dice) -> list[Arrival]:
    """The flood: five workdays' tickets on top, from twenty to ten on and ebbing away."""
    count = round(_INCIDENT_FACTOR * expected(day - timedelta(days=7 if day.weekday() < 5 else 3)))
    start = int(datetime.combine(day, time(9, 40), ZONE).timestamp())
    waits = (min(-2.2 * HOUR * math.log(1 - dice.share()), 11.0 * HOUR) for _ in range(count))
    return [Arrival(start + int(wait), True) for wait in waits]


def arrivals(day: Day, dice: Dice) -> list[Arrival]:
    """The day's tickets, earliest first."""
    flood = _incident_arrivals(day.date, dice) if day.incident else []
    return sorted(_usual_arrivals(day.date, dice) + flood)
