"""An identity provider as a source of keys: its JWK Set, kept, renewed in the background, and searched for new ids.

| the keys | a request |
|---|---|
| known and fresh | takes its key |
| known and old | takes its key; one fetch starts in the background |
| known, but not this id | waits for one fetch, at most one a minute for that reason |
| never had | waits for one fetch; where that failed a moment ago, it is refused as UNAVAILABLE at once |

A fetch that fails changes nothing: known keys go on working. One that succeeds replaces all: withdrawn keys stop.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf
from typing import Final, NoReturn

from db.errors import SetupFault, Unauthenticated, Unavailable
from schema.claims import Claims
from schema.jwks import KeysById, ProviderAway, fetch
from schema.tokens import VerifyingKey

_log = logging.getLogger("deskgraph.identity")

SEARCH_SECONDS: Final = 60
"""Between two fetches for an unknown id."""
RETRY_SECONDS: Final = 5
"""After a fetch that failed."""


@dataclass
class Provider:
    """The keys that a provider publishes at an address."""

    url: str
    issuer: str
    refresh_seconds: float = 600
    clock: Callable[[], float] = time.monotonic
    _keys: KeysById = field(default_factory=dict)
    _due_at: float = -inf
    _searched_at: float = -inf
    _is_away: bool = False
    _fetching: asyncio.Task[None] | None = None

    @property
    def advice(self) -> str:
        """Where a caller gets a token."""
        return f"Get one from {self.issuer}."

    def sign(self, claims: Claims) -> NoReturn:
        """Raises: SetupFault."""
        raise SetupFault(
            f"Tokens are not made here: DESKGRAPH_JWKS_URL is set, so they come from the provider. {self.advice} "
            "For a machine, `deskgraph keys create` makes a key."
        )

    async def key(self, kid: str | None) -> VerifyingKey:
        """The key of an id; without one, the only key.

        Raises: Unauthenticated, for an id that the provider does not publish; Unavailable, where that cannot be known.
        """
        if self.clock() >= self._due_at:
            self._start()
        if not self._keys:
            await self._fetched()
        found = self._known(kid) or await self._searched(kid)
        if found is not None:
            return found
        if self._is_away:
            raise Unavailable("The identity provider does not answer, so the token cannot be checked. Ask again later.")
        if kid is None:
            raise Unauthenticated("The token does not say which key it is signed with (header `kid`).")
        raise Unauthenticated("The token is signed with a key that the identity provider does not publish.")

    def _known(self, kid: str | None) -> VerifyingKey | None:
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid) if kid is not None else None

    async def _searched(self, kid: str | None) -> VerifyingKey | None:
        """The key of an id that is not known, after a fetch, if there may be one."""
        if self._fetching is None:
            if kid is None or self._is_away or self.clock() - self._searched_at < SEARCH_SECONDS:
                return None
            self._searched_at = self.clock()
            self._start()
        await self._fetched()
        return self._known(kid)

    def _start(self) -> None:
        if self._fetching is None:
            self._fetching = asyncio.create_task(self._fetch())

    async def _fetched(self) -> None:
        """Waits for the fetch under way, if there is one; who gives up waiting does not stop it for others."""
        if self._fetching is not None:
            await asyncio.shield(self._fetching)

    async def _fetch(self) -> None:
        try:
            self._keys = await fetch(self.url)
            self._is_away = False
            self._due_at = self.clock() + self.refresh_seconds
        except ProviderAway as fault:
            _log.warning(
                "the identity provider's keys cannot be fetched, %d known ones go on: %s", len(self._keys), fault
            )
            self._is_away = True
            self._due_at = self.clock() + RETRY_SECONDS
        finally:
            self._fetching = None
