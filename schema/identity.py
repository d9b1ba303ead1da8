"""Who asks: proven by a bearer token (`tokens`), or by an API key (`machines`).

Source: RFC 6750.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from db.access import Viewer
from db.api_keys import PREFIX
from db.errors import Unauthenticated
from schema.claims import claims_of, viewer_of
from schema.machines import Machines
from schema.tokens import KeySource, Proof, TokenRules, proven

MAX_PROVEN: Final = 2_000
"""Tokens that are remembered as proven."""
_SEND: Final = "Send the header `Authorization: Bearer <token>`."


@dataclass(frozen=True)
class _Proven:
    """A token that was proven: whom it stands for, by which key, and in which time that need not be asked again."""

    viewer: Viewer
    proof: Proof
    since: float
    until: float

    def holds(self, now: float) -> bool:
        """Whether only the key is to be asked for: what a token says of times has held, and it has not expired."""
        return self.since <= now < self.until


@dataclass(frozen=True)
class Identity:
    """Checks who asks, and makes tokens where that is done here."""

    keys: KeySource
    rules: TokenRules = field(default_factory=TokenRules)
    machines: Machines | None = None
    """Checks API keys; None: there are none."""
    clock: Callable[[], float] = time.time
    """Unit: seconds since the epoch."""
    _proven: dict[bytes, _Proven] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By the SHA-256 of the header that brought a token, so that no token is kept; the oldest goes first."""

    async def viewer(self, authorization: str | None) -> Viewer:
        """The viewer that an Authorization header proves.

        Raises: Unauthenticated; Unavailable, where the provider or the database that must be asked is away.
        """
        if not authorization:
            raise Unauthenticated(f"No token was sent. {_SEND} {self.keys.advice}")
        digest = hashlib.sha256(authorization.encode("utf-8", "surrogatepass")).digest()
        known = self._proven.get(digest)
        if known is not None and known.holds(self.clock()):
            try:
                if await self.keys.key(known.proof.kid) is known.proof.key:
                    return known.viewer
            except Unauthenticated:
                pass  # its key is gone; the proof says so
        kind, _, token = authorization.partition(" ")
        token = token.strip()
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated(f"The Authorization header is not `Bearer <token>`. {_SEND} {self.keys.advice}")
        if token.startswith(PREFIX) and self.machines is not None:
            return await self.machines.viewer(token)
        try:
            known = await self._prove(token)
        except Unauthenticated as fault:
            raise Unauthenticated(f"{fault.message} {self.keys.advice}") from None
        if len(self._proven) >= MAX_PROVEN:
            self._proven.pop(next(iter(self._proven)))
        self._proven[digest] = known
        return known.viewer

    async def _prove(self, token: str) -> _Proven:
        now = self.clock()
        proof = await proven(token, self.keys, self.rules, now)
        viewer = viewer_of(proof.claims, self.rules.names)
        assert viewer.expires_at is not None
        return _Proven(viewer, proof, now, viewer.expires_at.timestamp())

    def issue(self, viewer: Viewer, ttl: timedelta) -> str:
        """A signed token for a viewer, good for a time.

        Raises: SetupFault, where tokens come from a provider.
        """
        registered = self.rules.registered(self.clock(), ttl.total_seconds())
        return self.keys.sign({**registered, **claims_of(viewer, self.rules.names)})
