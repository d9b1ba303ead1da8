"""The people of the demo: agents with their skills and tenures, organizations with their sizes and contacts.

Fifty seats are held by one agent for good. Five are handed over every second year on a day of their own, so that
in any two years exactly five agents leave and five join: sixty in all.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from db.sources.demo.dice import Dice, Weighted
from db.sources.demo.words import (
    AGENT_NAMES,
    COMPANY_FORMS,
    COMPANY_SECTORS,
    COMPANY_SPECIALS,
    COMPANY_STEMS,
    FAMILY_NAMES,
    GIVEN_NAMES,
)

FIRST_DAY: Final = date(2022, 1, 1)
"""Before it nobody holds some of the seats."""

_PERMANENT: Final = {
    "billing": 6,
    "accounts": 6,
    "technical": 10,
    "integrations": 5,
    "devices": 5,
    "logistics": 6,
    "onboarding": 5,
    "enterprise": 7,
}
_FIRST_YEAR: Final = 2020


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who answers: how slow (1 is average), how liked (points of a score), how busy (1 is average)."""

    id: str
    name: str
    team: str
    email: str
    pace: float
    charm: float
    load: float
    left: date | None

    def active_on(self, day: date) -> bool:
        """Whether they have not left by that day."""
        return self.left is None or day < self.left


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in a team that is handed over on one day of every second year."""

    number: int
    team: str
    odd: int
    month: int
    day: int

    def joined_by(self, day: date) -> date:
        """The day on which whoever sits here on that day joined."""
        year = day.year - (day.year - self.odd) % 2
        joined = date(year, self.month, self.day)
        return joined if joined <= day else joined.replace(year=year - 2)

    def holder(self, day: date) -> Agent:
        """Who sits here on that day."""
        joined = self.joined_by(day)
        order = 51 + 5 * ((joined.year - _FIRST_YEAR) // 2) + self.number
        return _agent(order, self.team, joined.replace(year=joined.year + 2))


SEATS: Final = (
    Seat(0, "billing", 0, 4, 1),
    Seat(1, "technical", 0, 9, 1),
    Seat(2, "integrations", 1, 2, 1),
    Seat(3, "logistics", 1, 6, 1),
    Seat(4, "accounts", 1, 10, 1),
)


def _ascii(text: str) -> str:
    plain = text.translate(str.maketrans("łŁøØıßđ", "lLoOisd"))
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode()


@lru_cache(maxsize=256)
def _agent(order: int, team: str, left: date | None) -> Agent:
    agent_id = f"A-{order:02d}"
    name = AGENT_NAMES[(order - 1) % len(AGENT_NAMES)]
    address = ".".join(_ascii(name).replace("'", "").lower().split()) or agent_id.lower()
    dice = Dice(f"demo agent {agent_id}")
    return Agent(
        id=agent_id,
        name=name,
        team=team,
        email=f"{address}@desk.example",
        pace=dice.spread(0.38),
        charm=0.38 * dice.normal(),
        load=dice.spread(0.3),
        left=left,
    )


def _permanent() -> tuple[Agent, ...]:
    teams = [team for team, seats in _PERMANENT.items() for _ in range(seats)]
    return tuple(_agent(order, team, None) for order, team in enumerate(teams, start=1))


PERMANENT: Final = _permanent()


def successor(agent: Agent) -> Agent:
    """Who takes the seat of one who left."""
    assert agent.left is not None, "a permanent agent has no successor"
    return next(holder for seat in SEATS if (holder := seat.holder(agent.left)).team == agent.team)


def agents_between(since: date, until: date) -> list[Agent]:
    """Everyone who was there in two years, by id; who joins on the last day is among them."""
    turning = {seat.holder(day) for seat in SEATS for day in (since, until)}
    return sorted({*PERMANENT, *turning}, key=lambda agent: (len(agent.id), agent.id))


Roster = dict[str, Weighted[Agent]]


@lru_cache(maxsize=16)
def _roster(turning: tuple[Agent, ...]) -> Roster:
    everyone = (*PERMANENT, *turning)
    return {team: Weighted([(agent, agent.load) for agent in everyone if agent.team == team]) for team in _PERMANENT}


def roster_on(day: date) -> Roster:
    """Who works in which team on that day."""
    return _roster(tuple(seat.holder(day) for seat in SEATS))


@dataclass(frozen=True, slots=True)
class Organization:
    """A client company; the largest are key accounts."""

    id: str
    name: str
    weight: float
    key_account: bool
    requesters: tuple[str, ...]


def _company(number: int) -> tuple[str, str]:
    if number % 25 == 7:
        return COMPANY_SPECIALS[number // 25], f"client-{number:03d}.example"
    stem = COMPANY_STEMS[number - 1]
    sector = COMPANY_SECTORS[number * 7 % len(COMPANY_SECTORS)]
    return f"{stem} {sector} {COMPANY_FORMS[number * 5 % len(COMPANY_FORMS)]}", f"{stem.lower()}.example"


def _organization(number: int, rank: int) -> Organization:
    name, host = _company(number)
    weight = 1 / (rank + 3) ** 0.95
    contacts = [number * 31 + 7 * contact for contact in range(3 + int(150 * weight))]
    return Organization(
        id=f"O-{number:03d}",
        name=name,
        weight=weight,
        key_account=rank < 20,
        requesters=tuple(
            f"{GIVEN_NAMES[who % len(GIVEN_NAMES)]}.{FAMILY_NAMES[who // 5 % len(FAMILY_NAMES)]}@{host}"
            for who in contacts
        ),
    )


# 77 and 300 share no divisor: every rank once, and the largest do not stand first.
ORGANIZATIONS: Final = tuple(_organization(number, number * 77 % 300) for number in range(1, 301))
CLIENTS: Final = Weighted([(organization, organization.weight) for organization in ORGANIZATIONS])
