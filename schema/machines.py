"""API keys, checked: each is looked up once in some seconds, and strangers cannot make the database work.

What is asked costs one statement a key and process in `KEPT_SECONDS`, however many requests bring it. A key that was
never found before counts against `MAX_UNKNOWN_A_SECOND`; one that is merely malformed costs nothing.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from db.access import Viewer
from db.api_keys import ApiKey, Presented, State, found_in, lookup, presented
from db.engine import Engine
from db.errors import Unauthenticated, Unavailable

KEPT_SECONDS: Final = 10
"""How long a looked-up key is believed: a revocation holds everywhere after at most this."""
MAX_UNKNOWN_A_SECOND: Final = 50
_REFUSALS: Final = {
    State.EXPIRED: "The API key has expired. Make a new one: `deskgraph keys create`.",
    State.REVOKED: "The API key was revoked. Make a new one: `deskgraph keys create`.",
}
_UNKNOWN: Final = "There is no such API key. Send it as `deskgraph keys create` printed it."


@dataclass(frozen=True)
class _Seen:
    """A key as the store had it at an instant."""

    key: ApiKey
    at: float


@dataclass
class Machines:
    """Knows machines by their keys. `clock`: seconds since the epoch."""

    engine: Engine
    clock: Callable[[], float] = time.time
    _seen: dict[Presented, _Seen] = field(default_factory=dict)
    """Keys that were found, as they were shown; no others, so that it is as small as the table."""
    _looking: dict[Presented, asyncio.Task[ApiKey]] = field(default_factory=dict)
    _second: int = 0
    _unknown: int = 0

    async def viewer(self, text: str) -> Viewer:
        """The viewer that an API key proves.

        Raises: Unauthenticated; Unavailable, where the database is away or too many unknown keys are being tried.
        """
        shown = presented(text)
        if shown is None:
            raise Unauthenticated(_UNKNOWN)
        key = self._fresh(shown) or await self._looked_up(shown)
        refusal = _REFUSALS.get(key.state(datetime.fromtimestamp(self.clock(), UTC)))
        if refusal:
            raise Unauthenticated(refusal)
        return key.viewer

    def _fresh(self, shown: Presented) -> ApiKey | None:
        seen = self._seen.get(shown)
        return seen.key if seen and 0 <= self.clock() - seen.at < KEPT_SECONDS else None

    async def _looked_up(self, shown: Presented) -> ApiKey:
        """The key from the store; requests that bring the same one share the statement."""
        task = self._looking.get(shown)
        if task is None:
            if shown not in self._seen:
                self._count_unknown()
            task = self._looking[shown] = asyncio.create_task(self._look(shown))
            task.add_done_callback(lambda _: self._looking.pop(shown))
        return await asyncio.shield(task)

    async def _look(self, shown: Presented) -> ApiKey:
        at = self.clock()
        async with self.engine.snapshot() as snapshot:
            key = found_in(await snapshot.fetch(lookup(shown)))
        if key is None:
            self._seen.pop(shown, None)
            raise Unauthenticated(_UNKNOWN)
        self._seen[shown] = _Seen(key, at)
        return key

    def _count_unknown(self) -> None:
        second = int(self.clock())
        self._unknown = self._unknown + 1 if second == self._second else 1
        self._second = second
        if self._unknown > MAX_UNKNOWN_A_SECOND:
            raise Unavailable("Too many unknown API keys are being tried. Ask again in a few seconds.")
