"""Who asks: proven by a bearer token (`tokens`), or by an API key (`machines`).

Source: RFC 6750.
"""

from __future__ import annotations

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
from schema.tokens import KeySource, TokenRules, proven

_SEND: Final = "Send the header `Authorization: Bearer <token>`."


@dataclass(frozen=True)
class Identity:
    """Checks who asks, and makes tokens where that is done here."""

    keys: KeySource
    rules: TokenRules = field(default_factory=TokenRules)
    machines: Machines | None = None
    """Checks API keys; None: there are none."""
    clock: Callable[[], float] = time.time
    """Unit: seconds since the epoch."""

    async def viewer(self, authorization: str | None) -> Viewer:
        """The viewer that an Authorization header proves.

        Raises: Unauthenticated; Unavailable, where the provider or the database that must be asked is away.
        """
        kind, _, token = (authorization or "").partition(" ")
        token = token.strip()
        if not authorization:
            raise Unauthenticated(f"No token was sent. {_SEND} {self.keys.advice}")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated(f"The Authorization header is not `Bearer <token>`. {_SEND} {self.keys.advice}")
        if token.startswith(PREFIX) and self.machines is not None:
            return await self.machines.viewer(token)
        try:
            return viewer_of(await proven(token, self.keys, self.rules, self.clock()), self.rules.names)
        except Unauthenticated as fault:
            raise Unauthenticated(f"{fault.message} {self.keys.advice}") from None

    def issue(self, viewer: Viewer, ttl: timedelta) -> str:
        """A signed token for a viewer, good for a time.

        Raises: SetupFault, where tokens come from a provider.
        """
        registered = self.rules.registered(self.clock(), ttl.total_seconds())
        return self.keys.sign({**registered, **claims_of(viewer, self.rules.names)})
