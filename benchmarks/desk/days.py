"""When tickets come in: how many on each day, and at which instants of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from benchmarks.desk import SINCE, UNTIL, ZONE
from db.sources.demo.dice import Dice, Weighted

_WEEKDAYS: Final = (124, 112, 106, 102, 90, 32, 24)
_MONTHS: Final = (114, 106, 103, 98, 96, 95, 90, 86, 100, 105, 112, 98)
_GROWTH: Final = 3000
"""In so many days the desk doubles."""
_OFFICE: Final = Weighted(list(enumerate(
    (5, 3, 2, 2, 3, 7, 20, 45, 86, 104, 108, 96, 64, 74, 88, 82, 70, 50, 32, 24, 20, 17, 13, 8)
)))  # fmt: skip
_WEEKEND: Final = Weighted(list(enumerate(
    (15, 10, 7, 6, 6, 8, 15, 25, 40, 55, 65, 68, 62, 58, 58, 56, 56, 58, 62, 66, 64, 54, 40, 26)
)))  # fmt: skip
"""The hours of the wall clock, by how much comes in."""


def midnight(day: date) -> int:
    """The first instant of a local day, in epoch seconds."""
    return int(datetime.combine(day, time(), ZONE).timestamp())


def counts(tickets: int) -> Iterator[tuple[date, int]]:
    """How many of all tickets come in on each day; they add up to all."""
    days = [SINCE + timedelta(days=number) for number in range((UNTIL - SINCE).days)]
    weights = [
        _WEEKDAYS[day.weekday()] * _MONTHS[day.month - 1] * (_GROWTH + number) for number, day in enumerate(days)
    ]
    whole, running, given = sum(weights), 0, 0
    for day, weight in zip(days, weights, strict=True):
        running += weight
        through = tickets * running // whole
        yield day, through - given
        given = through


def arrivals(day: date, count: int, dice: Dice) -> list[int]:
    """The instants at which a day's tickets come in, earliest first, in epoch seconds."""
    start, hours = midnight(day), _OFFICE if day.weekday() < 5 else _WEEKEND
    return sorted(start + dice.draw(hours) * 3600 + dice.between(0, 3600) for _ in range(count))
