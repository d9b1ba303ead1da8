"""A source file of a system with an HTTP API, read: where it is, what is read of it, and what its words mean."""

from __future__ import annotations

import base64
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from db.errors import SetupFault
from db.sync.source import Pace

Pause = Callable[[float], Awaitable[None]]
"""Lets so many seconds pass."""


@dataclass(frozen=True)
class Access:
    """Where an API is, and what lets us in."""

    url: str
    authorization: str = field(repr=False)


@dataclass(frozen=True)
class ApiDescribed:
    """A whole source file."""

    name: str
    kind: str
    url: str
    token_env: str
    """The environment variable that holds the token."""
    email: str
    """Whose token it is, where the system asks for that; empty: it is one that says so itself."""
    pace: Pace
    since: datetime
    """What was last changed before is left out."""
    overlap_seconds: int
    """So far back each pass begins, for what appeared late; 0, where that is the system's own affair."""
    whole_seconds: float
    """How often what has no mark of its changes is read."""
    category: str
    """What stands for a ticket's category; empty: nothing."""
    prefix: str
    """What ids of tickets and organizations begin with."""
    without: frozenset[str]
    """What is not read."""
    words: Mapping[str, Mapping[str, str]]
    """What the system's own words mean, by what they are of."""
    digest: str
    """Of the file's contents: another reading begins anew."""

    def token(self, environment: Mapping[str, str] = os.environ) -> str:
        """The token.

        Raises: SetupFault where the environment has none.
        """
        found = environment.get(self.token_env, "").strip()
        if not found or not found.isascii() or not found.isprintable():
            raise SetupFault(
                f"The source {self.name} is read with the token in the environment variable {self.token_env}, and that "
                f"is {'not set' if not found else 'no token'}."
            )
        return found

    def own(self, id_: object) -> str | None:
        """The id of a ticket or an organization as the store names it."""
        return None if id_ is None else f"{self.prefix}{id_}"


def bearer(url: str, token: str) -> Access:
    """Access by a token that says whose it is."""
    return Access(url, f"Bearer {token}")


def basic(url: str, user: str, password: str) -> Access:
    """Access by a name and a password."""
    return Access(url, "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())
