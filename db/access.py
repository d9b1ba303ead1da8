"""Who asks, what the role allows, and which rows it may see: deny by default.

A `Scope` can be made here only, from a `Viewer`; without one no statement can be compiled.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from datetime import datetime
from enum import Enum
from functools import cached_property
from typing import Final

from db.errors import BadInput, Forbidden, Unauthenticated


class Role(Enum):
    """What a person is to the support portal."""

    ADMIN = "admin"
    MANAGER = "manager"
    TEAM_LEAD = "team_lead"
    AGENT = "agent"
    ANALYST = "analyst"
    CLIENT = "client"


class Capability(Enum):
    """One thing that a role may or may not do: `area:thing:action`."""

    SUMMARY_READ = "reports:summary:read"
    PERFORMANCE_READ = "reports:performance:read"
    TRENDS_READ = "reports:trends:read"
    AGENTS_READ = "reports:agents:read"
    CSAT_SCORE_READ = "csat:score:read"
    CSAT_AGENT_READ = "csat:agent:read"
    CSAT_COMMENT_READ = "csat:comment:read"
    AGENT_IDENTITY_READ = "agents:identity:read"
    ORGANIZATION_IDENTITY_READ = "organizations:identity:read"
    TICKET_DETAIL_READ = "tickets:detail:read"
    EXPORT_CREATE = "reports:export:create"
    ADHOC_RUN = "queries:adhoc:run"
    SYSTEM_OPERATE = "system:operate:run"
    INGEST_CREATE = "tickets:ingest:create"
    """Of no role: of keys that are made for sending, and may do nothing else."""


_EVERYTHING: Final = frozenset(Capability) - {Capability.INGEST_CREATE}
_SENDING: Final = frozenset({Capability.INGEST_CREATE})
MATRIX: Final[Mapping[Role, frozenset[Capability]]] = {
    Role.ADMIN: _EVERYTHING,
    Role.MANAGER: _EVERYTHING - {Capability.SYSTEM_OPERATE},
    Role.TEAM_LEAD: _EVERYTHING - {Capability.SYSTEM_OPERATE},
    Role.AGENT: _EVERYTHING - {Capability.SYSTEM_OPERATE, Capability.EXPORT_CREATE},
    Role.ANALYST: frozenset(
        {
            Capability.SUMMARY_READ,
            Capability.PERFORMANCE_READ,
            Capability.TRENDS_READ,
            Capability.AGENTS_READ,
            Capability.CSAT_SCORE_READ,
            Capability.TICKET_DETAIL_READ,
            Capability.EXPORT_CREATE,
            Capability.ADHOC_RUN,
        }
    ),
    Role.CLIENT: frozenset(
        {
            Capability.SUMMARY_READ,
            Capability.PERFORMANCE_READ,
            Capability.TRENDS_READ,
            Capability.CSAT_SCORE_READ,
            Capability.CSAT_COMMENT_READ,
            Capability.ORGANIZATION_IDENTITY_READ,
            Capability.TICKET_DETAIL_READ,
            Capability.EXPORT_CREATE,
        }
    ),
}


class Realm(Enum):
    """Which rows a scope opens."""

    ALL = "all"
    TEAMS = "teams"
    SELF = "self"
    ORGANIZATION = "organization"


REALMS: Final[Mapping[Role, Realm]] = {
    Role.ADMIN: Realm.ALL,
    Role.MANAGER: Realm.ALL,
    Role.ANALYST: Realm.ALL,
    Role.TEAM_LEAD: Realm.TEAMS,
    Role.AGENT: Realm.SELF,
    Role.CLIENT: Realm.ORGANIZATION,
}

_COLUMNS: Final = {Realm.TEAMS: "team_id", Realm.SELF: "agent_id", Realm.ORGANIZATION: "organization_id"}
_SEAL: Final = object()
_NEVER_STORED: Final = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Scope:
    """The rows that a viewer may see, by the source's own ids. Made by a `Viewer` only."""

    realm: Realm
    ids: tuple[str, ...]
    member: str | None = field(default=None, repr=False)  # a cursor is marked with the rest: benchmarks have none
    """Of a benchmark: the agent whose team these ids must name, or the scope opens no row."""
    _seal: InitVar[object] = None  # not kept, so that `replace` cannot hand it on

    def __post_init__(self, _seal: object) -> None:
        if _seal is not _SEAL:
            raise TypeError("a Scope is made by Viewer.scope only (of a benchmark, by Viewer.benchmark_scope)")

    def bound(self, found: Mapping[str, int]) -> BoundScope:
        """The scope with the store's ids; an id that the store does not know opens no row."""
        return BoundScope(self.realm, tuple(sorted(found[i] for i in self.ids if i in found)), _SEAL)


@dataclass(frozen=True)
class BoundScope:
    """A scope by the store's ids: what a statement cannot be compiled without."""

    realm: Realm
    ids: tuple[int, ...]
    _seal: InitVar[object] = None  # not kept, so that `replace` cannot hand it on

    def __post_init__(self, _seal: object) -> None:
        if _seal is not _SEAL:
            raise TypeError("a BoundScope is made by Scope.bound only")

    @property
    def column(self) -> str | None:
        """The facts' column that must hold one of `ids`; None where every row is open."""
        return _COLUMNS.get(self.realm)


@dataclass(frozen=True)
class Viewer:
    """Who asks."""

    subject: str
    role: Role
    agent: str | None = None
    teams: tuple[str, ...] = ()
    organization: str | None = None
    issuer: str | None = None
    """Who vouches for the subject, where the token says so: the same subject of another issuer is somebody else."""
    expires_at: datetime | None = field(default=None, compare=False)
    """Until when the proof holds; the same viewer comes with one token after another."""
    sends_as: str | None = None
    """The source that it sends tickets for; whoever sends may do nothing else."""

    def __post_init__(self) -> None:
        wanted = {
            Realm.TEAMS: ("teams", self.teams),
            Realm.SELF: ("agent", self.agent),
            Realm.ORGANIZATION: ("organization", self.organization),
        }
        claim, value = wanted.get(self.realm, ("", "all"))
        if not value:
            raise Unauthenticated(f"A token of role {self.role.value} needs the claim `{claim}`; it has none.")

    @property
    def holder(self) -> tuple[str, str]:
        """Issuer and subject: whose own things are the viewer's, whatever the role is of late.

        Raises: BadInput, for a subject that cannot be stored.
        """
        found = (self.issuer or "", self.subject)
        if any(_NEVER_STORED.search(part) for part in found):
            raise BadInput("The token's subject or issuer has a character that cannot be stored, so nothing is kept.")
        return found

    @property
    def realm(self) -> Realm:
        """Which rows the role opens."""
        return REALMS[self.role]

    @cached_property
    def scope(self) -> Scope:
        """The rows this viewer may see."""
        ids: dict[Realm, tuple[str, ...]] = {
            Realm.ALL: (),
            Realm.TEAMS: self.teams,
            Realm.SELF: (self.agent,) if self.agent else (),
            Realm.ORGANIZATION: (self.organization,) if self.organization else (),
        }
        return Scope(self.realm, ids[self.realm], _seal=_SEAL)

    def benchmark_scope(self, team: str) -> Scope:
        """The rows of an agent's own team: for benchmarks alone, and for nobody else.

        Raises: Forbidden, for a viewer who is not one agent.
        """
        if self.realm is not Realm.SELF:
            raise Forbidden(f"A benchmark is for an agent about its own team; the role {self.role.value} is none.")
        return Scope(Realm.TEAMS, (team,), self.agent, _SEAL)

    @property
    def sees_ratings_in_aggregate(self) -> bool:
        """Whether it sees agents and ratings, but not whose rating one is: then small groups are withheld."""
        sees = {Capability.AGENTS_READ, Capability.CSAT_SCORE_READ} <= self.capabilities
        return sees and Capability.CSAT_AGENT_READ not in self.capabilities

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the role allows; who sends may send."""
        return MATRIX[self.role] if self.sends_as is None else _SENDING

    def require(self, capability: Capability, asked: str) -> None:
        """Raises: Forbidden, when the role lacks the capability."""
        if capability not in self.capabilities:
            raise Forbidden(
                f"{asked} needs the capability {capability.value}, which the role {self.role.value} does not have."
            )
