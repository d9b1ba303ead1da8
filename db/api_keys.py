"""API keys for machines: their form, and the table that keeps them, hashed.

A key is `dgk_<id>_<secret>`: 12 hexadecimal digits that name it, 64 that prove it. Stored is the SHA-256 of the
secret. A slow hash guards what people choose, by making each guess dear; these 256 random bits cannot be guessed at
any price, and a slow hash would only make every request dear. The hash never leaves the database: it is compared
there, by `deskgraph.api_key`, which alone the server needs.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final

import asyncpg

from db.access import Role, Viewer
from db.errors import Unauthenticated
from db.single import connected
from db.statement import Statement

PREFIX: Final = "dgk_"
SENDER: Final = "sender"
"""Stands for a role in a key that may send tickets, and do nothing else."""
SOURCE: Final = "push-"
"""What the name of a source begins with that a key sends for; the key's name follows."""
_FORM: Final = re.compile(r"dgk_([0-9a-f]{12})_([0-9a-f]{64})")
_LOOKUP: Final = "SELECT * FROM deskgraph.api_key($1, $2)"
_INSERT: Final = (
    "INSERT INTO deskgraph.api_keys (id, hash, name, role, agent, teams, organization, created_at, expires_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
)
_LIST: Final = (
    "SELECT id, name, role, agent, teams, organization, created_at, expires_at, revoked_at "
    "FROM deskgraph.api_keys ORDER BY created_at, id"
)
_REVOKE: Final = "UPDATE deskgraph.api_keys SET revoked_at = coalesce(revoked_at, $2) WHERE id = $1"


class State(Enum):
    """Whether a key opens anything."""

    ACTIVE = "active"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Presented:
    """A key as somebody shows it: its id, and the SHA-256 of its secret."""

    id: str
    hash: bytes = field(repr=False)


@dataclass(frozen=True)
class ApiKey:
    """A key as it is stored, without what proves it."""

    id: str
    name: str
    role: str
    agent: str | None
    teams: tuple[str, ...]
    organization: str | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def state(self, now: datetime) -> State:
        """Whether it opens anything at an instant."""
        if self.revoked_at is not None:
            return State.REVOKED
        return State.EXPIRED if now >= self.expires_at else State.ACTIVE

    @property
    def viewer(self) -> Viewer:
        """Whom it stands for.

        Raises: Unauthenticated, for a role that this version does not know.
        """
        if self.role == SENDER:
            return sender(self.id, self.name, self.expires_at)
        if self.role not in {role.value for role in Role}:
            raise Unauthenticated("The API key has a role that is not known here. Make a new one.")
        return Viewer(
            f"key:{self.id}",
            Role(self.role),
            self.agent,
            self.teams,
            self.organization,
            expires_at=self.expires_at,
        )


def sender(key_id: str, name: str, expires_at: datetime | None = None) -> Viewer:
    """Whom a key for sending stands for: a client of no organization, who would see no row if it could read."""
    subject = f"key:{key_id}"
    return Viewer(subject, Role.CLIENT, organization=subject, expires_at=expires_at, sends_as=f"{SOURCE}{name}")


def presented(text: str) -> Presented | None:
    """What a text shows, if it has a key's form."""
    match = _FORM.fullmatch(text)
    return Presented(match[1], hashlib.sha256(match[2].encode()).digest()) if match else None


def lookup(shown: Presented) -> Statement:
    """Asks for the key that was shown."""
    return Statement(_LOOKUP, (shown.id, shown.hash), planned_once=None)


def found_in(rows: Sequence[asyncpg.Record]) -> ApiKey | None:
    """The key that a lookup found."""
    return _key(rows[0]) if rows else None


def _key(row: asyncpg.Record) -> ApiKey:
    values: dict[str, Any] = {**row, "teams": tuple(row["teams"])}
    return ApiKey(**values)


async def create(dsn: str, name: str, viewer: Viewer, now: datetime, ttl: timedelta) -> str:
    """A new key for a viewer, good for a time; nothing that is stored can show it again.

    Raises: Unavailable.
    """
    text = f"{PREFIX}{secrets.token_hex(6)}_{secrets.token_hex(32)}"
    shown = presented(text)
    assert shown is not None
    async with connected(dsn) as connection:
        held: tuple[Any, ...] = (name, viewer.role.value, viewer.agent, list(viewer.teams), viewer.organization)
        if viewer.sends_as is not None:
            held = (name, SENDER, None, [], None)
        await connection.execute(_INSERT, shown.id, shown.hash, *held, now, now + ttl)
    return text


async def listed(dsn: str) -> list[ApiKey]:
    """Every key, expired and revoked ones too, the oldest first.

    Raises: Unavailable.
    """
    async with connected(dsn) as connection:
        return [_key(row) for row in await connection.fetch(_LIST)]


async def revoke(dsn: str, key_id: str, now: datetime) -> bool:
    """Whether there is such a key; it opens nothing from now on.

    Raises: Unavailable.
    """
    async with connected(dsn) as connection:
        return bool(await connection.execute(_REVOKE, key_id, now) == "UPDATE 1")
