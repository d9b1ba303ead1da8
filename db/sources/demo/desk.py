"""The demo's desk: its teams and categories, what it promises (SLA policies), and when it works."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import Any, Final
from zoneinfo import ZoneInfo

from db.domain import Clock, Priority, Status
from db.sources.demo.dice import Weighted
from db.sources.rows import CalendarRow, SlaPolicyRow

ZONE: Final = ZoneInfo("Europe/Berlin")
MINUTE, HOUR, DAY = 60, 3600, 86400

TEAMS: Final = {
    "billing": "Billing",
    "accounts": "Accounts & Access",
    "technical": "Technical Support",
    "integrations": "Integrations",
    "devices": "Devices & Hardware",
    "logistics": "Orders & Delivery",
    "onboarding": "Onboarding",
    "enterprise": "Enterprise Desk",
}

_FLAT: Final = (1.0,) * 12


@dataclass(frozen=True, slots=True, eq=False)
class Category:
    """What tickets are about, how many there are and how hard they are.

    Unit: `weight` tickets in a hundred at the start of 2026, `growth` the factor of a year; `months` and
    `month_start` (days 1 to 5) multiply; `slowness` and `effort` multiply response and working times.
    """

    id: str
    name: str
    team: str
    weight: float
    growth: float = 1.0
    months: tuple[float, ...] = _FLAT
    month_start: float = 1.0
    slowness: float = 1.0
    effort: float = 1.0
    priorities: tuple[float, ...] = (20, 56, 19, 5)

    @property
    def urgency(self) -> Weighted[Priority]:
        """The priorities its tickets have."""
        return Weighted(list(zip(Priority, self.priorities, strict=True)))


_RETURNS: Final = (2.3, 1.5, 0.9, 0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.9, 1.0, 1.4)
_PARCELS: Final = (0.9, 0.8, 0.9, 0.9, 0.9, 0.9, 0.8, 0.8, 1.0, 1.1, 1.5, 1.8)
_STARTERS: Final = (1.3, 1.0, 1.1, 1.0, 0.9, 0.9, 0.7, 0.7, 1.5, 1.2, 1.0, 0.6)

CATEGORIES: Final = (
    Category("billing", "Billing & Invoices", "billing", 14, month_start=3.0, effort=0.8),
    Category("refunds", "Refunds & Returns", "billing", 8, months=_RETURNS, slowness=1.2),
    Category("account-access", "Account & Access", "accounts", 14, slowness=0.7, effort=0.45),
    Category("availability", "Service Availability", "technical", 5, slowness=0.7, priorities=(4, 30, 46, 20)),
    Category("bugs", "Software Faults", "technical", 15, slowness=1.1, effort=1.9),
    Category("integrations", "API & Integrations", "integrations", 8, growth=1.24, slowness=1.2, effort=1.5),
    Category("devices", "Devices & Printers", "devices", 8, growth=0.8, slowness=1.1, effort=1.4),
    Category("delivery", "Orders & Delivery", "logistics", 11, months=_PARCELS),
    Category("onboarding", "Onboarding & Training", "onboarding", 6, months=_STARTERS, effort=1.8),
    Category("reporting", "Reports & Exports", "technical", 4, growth=1.06),
    Category("security", "Security & Privacy", "accounts", 3, slowness=0.8, priorities=(6, 34, 40, 20)),
    Category("feature-requests", "Feature Requests", "onboarding", 4, effort=4.0, priorities=(62, 35, 3, 0)),
)
INCIDENT_CATEGORY: Final = CATEGORIES[3]
URGENCY: Final = {category.id: category.urgency for category in CATEGORIES}


def _policy(name: str, match: Priority, answer: int, solve: int | None, clock: Clock) -> SlaPolicyRow:
    pauses = (Status.PENDING, Status.ON_HOLD)
    calendar = "default" if clock is Clock.BUSINESS else None
    return SlaPolicyRow(name, match, None, None, answer, solve, clock, pauses, calendar)


POLICIES: Final = (
    _policy("Urgent", Priority.URGENT, HOUR, 10 * HOUR, Clock.CALENDAR),
    _policy("High", Priority.HIGH, 6 * HOUR, 3 * DAY, Clock.CALENDAR),
    _policy("Standard", Priority.NORMAL, 8 * HOUR, 45 * HOUR, Clock.BUSINESS),
    _policy("Low", Priority.LOW, 3 * DAY, None, Clock.CALENDAR),
    _policy("High, billing", Priority.HIGH, 4 * HOUR, 2 * DAY, Clock.CALENDAR)._replace(match_category="billing"),
)


def _easter(year: int) -> date:
    """Easter Sunday, by the anonymous Gregorian rule (Meeus)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


@lru_cache(maxsize=32)
def holidays(year: int) -> frozenset[date]:
    """The days of a year that are holidays in all of Germany."""
    fixed = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
    moving = (-2, 1, 39, 50)
    return frozenset(
        [date(year, month, day) for month, day in fixed] + [_easter(year) + timedelta(days=offset) for offset in moving]
    )


def calendar(since: date, until: date) -> CalendarRow:
    """The business calendar: Monday to Friday, an early Friday with a lunch break, half days before feasts."""
    full = [["08:00", "18:00"]]
    entries: list[Any] = []
    for year in range(since.year, until.year + 2):
        entries += [day.isoformat() for day in sorted(holidays(year))]
        entries += [{"date": f"{year}-12-{day}", "spans": [["08:00", "12:00"]]} for day in (24, 31)]
    spans = {"mon": full, "tue": full, "wed": full, "thu": full, "fri": [["08:00", "12:30"], ["13:30", "18:00"]]}
    return CalendarRow("default", ZONE.key, spans, entries, None, None)


class Shifts:
    """The spans in which somebody works, and where a piece of work that starts then ends."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in spans]
        self._ends = [end for _, end in spans]
        self._before = [0, *accumulate(end - start for start, end in spans)][:-1]

    def after(self, at: int, seconds: float) -> int:
        """The instant at which so many seconds of work, begun at `at`, are done."""
        place = bisect_right(self._starts, at) - 1
        worked = self._before[place] + min(at, self._ends[place]) - self._starts[place] + int(seconds)
        place = bisect_right(self._before, worked) - 1
        return self._starts[place] + worked - self._before[place]


def _spans(days: list[date], first_hour: int, hours: int) -> list[tuple[int, int]]:
    starts = [int(datetime.combine(day, time(first_hour), ZONE).timestamp()) for day in days]
    return [(start, start + hours * HOUR) for start in starts]


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """Who is there when: the office on working days, those on call every day from six to midnight."""

    office: Shifts
    on_call: Shifts

    def shifts(self, priority: Priority) -> Shifts:
        """Those who take care of tickets of that priority."""
        return self.on_call if priority >= Priority.HIGH else self.office


def desk(since: date, until: date) -> Desk:
    """The desk's shifts, with room for everything that befalls a ticket of the period."""
    first = since - timedelta(days=10)
    days = [first + timedelta(days=number) for number in range((until - first).days + 200)]
    working = [day for day in days if day.weekday() < 5 and day not in holidays(day.year)]
    return Desk(office=Shifts(_spans(working, 7, 13)), on_call=Shifts(_spans(days, 6, 18)))


def instant(seconds: int) -> datetime:
    """The aware instant of epoch seconds."""
    return datetime.fromtimestamp(seconds, UTC)
