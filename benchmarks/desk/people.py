"""Who and what tickets point to: the product's own dimensions, with weights for the lot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from benchmarks.desk import SINCE, UNTIL
from db.domain import Channel, Priority
from db.importing.course import Context
from db.importing.dimensions import Dimensions
from db.sources.demo.desk import CATEGORIES, POLICIES, TEAMS, calendar
from db.sources.demo.dice import Weighted
from db.sources.rows import AgentRow, DimensionRow, RowKind

AGENTS: Final = 200
ORGANIZATIONS: Final = 2000
TAGS: Final = ("vip", "bug", "refund", "follow-up", "training", "outage", "contract", "feedback")
CHANNELS: Final = Weighted(
    [(Channel.EMAIL, 45), (Channel.WEB, 25), (Channel.CHAT, 15), (Channel.PHONE, 10), (Channel.SOCIAL, 5)]
)
_SEATS: Final = AGENTS // len(TEAMS)


@dataclass(frozen=True, slots=True, eq=False)
class Agent:
    """An agent, by the store's id and the source's."""

    id: int
    external_id: str


@dataclass(frozen=True, slots=True, eq=False)
class Team:
    """A team by the store's id, and its agents."""

    id: int
    agents: Weighted[Agent]


@dataclass(frozen=True, slots=True, eq=False)
class Topic:
    """A category by the store's id, the team that takes care of it, and how urgent its tickets are."""

    id: int
    team: Team
    priorities: Weighted[Priority]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Everything a ticket is drawn from, and what its facts are made with."""

    dimensions: Dimensions
    context: Context
    organizations: Weighted[int]
    topics: Weighted[Topic]
    enterprise: Team
    """Takes care of some tickets of every topic."""
    tags: tuple[list[int], ...]


def people() -> People:
    """The directory, as an import of it would number it."""
    known = Dimensions()
    for number in range(1, ORGANIZATIONS + 1):
        known.tell(RowKind.ORGANIZATIONS, DimensionRow(f"O-{number:04}", f"Company {number}"))
    for team, name in TEAMS.items():
        known.tell(RowKind.TEAMS, DimensionRow(team, name))
    for category in CATEGORIES:
        known.tell(RowKind.CATEGORIES, DimensionRow(category.id, category.name))
    for number in range(AGENTS):
        team = list(TEAMS)[number // _SEATS]
        known.tell(RowKind.AGENTS, AgentRow(f"A-{number + 1:03}", f"Agent {number + 1}", team, None, True))
    known.tell(RowKind.CALENDARS, calendar(SINCE, UNTIL))
    for policy in POLICIES:
        known.tell(RowKind.SLA_POLICIES, policy)
    tags = tuple([id_] for tag in TAGS if (id_ := known.tags.id_of(tag)))
    # The many are small and the few large: of agents the busiest does seven times as much as the idlest.
    organizations = Weighted([(id_, 1 / (rank + 20)) for rank, id_ in enumerate(known.organizations.ids.values())])
    teams = _teams(known)
    topics = [
        (Topic(known.categories.ids[category.id], teams[category.team], category.urgency), category.weight)
        for category in CATEGORIES
    ]
    return People(known, known.context(), organizations, Weighted(topics), teams["enterprise"], tags)


def _teams(known: Dimensions) -> dict[str, Team]:
    team_of = known.agents.teams()
    found = {}
    for name, team_id in known.teams.ids.items():
        members = [Agent(id_, agent) for agent, id_ in known.agents.ids.items() if team_of[id_] == team_id]
        found[name] = Team(team_id, Weighted([(member, 1 / (rank + 4)) for rank, member in enumerate(members)]))
    return found
