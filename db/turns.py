"""Whose turn it is at the database: a fair queue in front of the pool.

One holder has so many turns at once at most; who waits is let in holder by holder, so that one who asks for much waits
for itself, and not everybody else for it. Only so many wait: who comes then is told at once, not after a long wait.
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from db.errors import Unavailable

NOBODY: Final = ""
"""The holder of what the gateway itself asks; it has as many turns as there are."""


@dataclass
class Turns:
    """Turns that are given out."""

    total: int
    """At once, whoever holds them."""
    each: int
    """At once, of one holder."""
    places: int = 500
    """For those who wait; one holder may take a quarter of them."""
    _held: Counter[str] = field(default_factory=Counter)
    _waiting: dict[str, deque[asyncio.Future[None]]] = field(default_factory=dict)
    """By holder; the first is the one whose turn is next."""

    @property
    def held(self) -> int:
        """The turns that are held now."""
        return self._held.total()

    @property
    def waiting(self) -> int:
        """Those who wait for one."""
        return sum(map(len, self._waiting.values()))

    @asynccontextmanager
    async def turn(self, holder: str, seconds: float) -> AsyncIterator[None]:
        """A turn, waited for.

        Raises: TimeoutError, where it does not come in so many seconds; Unavailable, where there is no place to wait.
        """
        if self._may_enter(holder) and not self._waiting.get(holder):
            self._held[holder] += 1
        else:
            self._require_place(holder)
            await self._wait(holder, seconds)
        try:
            yield
        finally:
            self._leave(holder)

    def _may_enter(self, holder: str) -> bool:
        return self.held < self.total and self._held[holder] < (self.total if holder == NOBODY else self.each)

    def _require_place(self, holder: str) -> None:
        """Raises: Unavailable; never for what the gateway itself asks."""
        own = len(self._waiting.get(holder, ()))
        if holder != NOBODY and (self.waiting >= self.places or own >= max(1, self.places // 4)):
            raise Unavailable("More is asked than can be answered soon. Ask again in a few seconds.")

    async def _wait(self, holder: str, seconds: float) -> None:
        coming: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(holder, deque()).append(coming)
        try:
            async with asyncio.timeout(seconds):
                await coming
        except BaseException:
            if coming.done() and not coming.cancelled():  # it came, but nobody takes it
                self._leave(holder)
            else:
                self._forget(holder, coming)
            raise

    def _forget(self, holder: str, coming: asyncio.Future[None]) -> None:
        queue = self._waiting.get(holder, deque())
        if coming in queue:
            queue.remove(coming)
            if not queue:
                del self._waiting[holder]

    def _leave(self, holder: str) -> None:
        self._held[holder] -= 1
        if not self._held[holder]:
            del self._held[holder]
        if holder in self._waiting:
            self._waiting[holder] = self._waiting.pop(holder)
        while (following := next(filter(self._may_enter, self._waiting), None)) is not None:
            queue = self._waiting.pop(following)
            coming = queue.popleft()
            if queue:
                self._waiting[following] = queue  # last now: the others come before its next
            if not coming.done():  # else cancelled, and about to go
                self._held[following] += 1
                coming.set_result(None)
