"""The demo's data: two years of a support desk that does not exist, the same on every machine.

What was created on a date depends on that date alone. `until` only cuts: it sets the window of two years, and the
instant after which nothing is known. So a report on a month that is 120 days old is the same on every later day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from db.sources.demo import days, openings, stories
from db.sources.demo.columns import ticket_row
from db.sources.demo.desk import CATEGORIES, POLICIES, TEAMS, Desk, calendar, desk
from db.sources.demo.dice import Dice
from db.sources.demo.life import Life
from db.sources.demo.people import FIRST_DAY, ORGANIZATIONS, agents_between
from db.sources.rows import AgentRow, DimensionRow, Read, Row, RowKind, RowSource

_VERSION: Final = 1
"""Raise it with every change of the rows."""
_LONGEST_LIFE_DAYS: Final = 101
_TICKETS, _EVENTS, _RATINGS = RowKind.TICKETS, RowKind.EVENTS, RowKind.RATINGS


def demo(until: date) -> RowSource:
    """The two years that end where that UTC day begins.

    Raises: ValueError for an `until` before 2024, when the desk's history does not reach back two years.
    """
    since = _two_years_before(until)
    if since < FIRST_DAY:
        raise ValueError(f"the demo's history begins on {FIRST_DAY}: until must be two years later, not {until}")
    return DemoSource(since, until)


def _two_years_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    return day.replace(year=day.year - 2)


class DemoSource:
    """The demo as a source of rows, written day by day."""

    name = "demo"
    prefers_columns = False

    def __init__(self, since: date, until: date) -> None:
        self._since, self._until = since, until
        self.size = (until - since).days
        self.done = 0
        self.fingerprint = hashlib.sha256(f"demo {_VERSION} {until.isoformat()}".encode()).hexdigest()

    def rows(self) -> Iterator[Read]:
        """The directory, then each ticket with its events and rating, in order of creation."""
        self.done = 0
        for line, (kind, row) in enumerate(self._kinds_and_rows(), start=1):
            yield Read(kind, "demo", line, row)

    def _kinds_and_rows(self) -> Iterator[tuple[RowKind, Row]]:
        yield from _directory(self._since, self._until)
        shifts = desk(self._since, self._until)
        now = datetime.combine(self._until, time(), UTC)
        for number in range(self.size):
            day = self._since + timedelta(days=number)
            unfinished = self.size - number <= _LONGEST_LIFE_DAYS
            for life in _lives(day, shifts):
                if unfinished:
                    _cut(life, now)
                yield from _rows_of(life)
            self.done = number + 1


def _directory(since: date, until: date) -> Iterator[tuple[RowKind, Row]]:
    for organization in ORGANIZATIONS:
        yield RowKind.ORGANIZATIONS, DimensionRow(organization.id, organization.name)
    for team, name in TEAMS.items():
        yield RowKind.TEAMS, DimensionRow(team, name)
    for category in CATEGORIES:
        yield RowKind.CATEGORIES, DimensionRow(category.id, category.name)
    for agent in agents_between(since, until):
        active = agent.active_on(until)
        yield RowKind.AGENTS, AgentRow(agent.id, agent.name, agent.team, agent.email, active)
    yield RowKind.CALENDARS, calendar(since, until)
    for policy in POLICIES:
        yield RowKind.SLA_POLICIES, policy


def _lives(date_: date, shifts: Desk) -> Iterator[Life]:
    """The whole lives of the tickets created on a date: chance is seeded with it and with nothing else."""
    dice = Dice(f"demo {date_.isoformat()}")
    day = days.on(date_)
    for number, arrival in enumerate(days.arrivals(day, dice), start=1):
        opening = openings.opening(day, number, arrival, dice)
        yield stories.live(opening, day, shifts, dice)


def _rows_of(life: Life) -> list[tuple[RowKind, Row]]:
    """The ticket, its events and its rating."""
    rows: list[tuple[RowKind, Row]] = [(_TICKETS, ticket_row(life.opening, life.events))]
    rows += [(_EVENTS, event) for event in life.events]
    if life.rating is not None:
        rows.append((_RATINGS, life.rating))
    return rows


def _cut(life: Life, now: datetime) -> None:
    """Forget what is not known yet."""
    life.events = [event for event in life.events if event.at < now]
    if life.rating is not None and life.rating.at >= now:
        life.rating = None
