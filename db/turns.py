"""Whose turn it is: a fair queue, in front of the pool and of all that works answers out.

One holder has so many turns at once at most; who waits is let in holder by holder, so that one who asks for much waits
for itself, and not everybody else for it. Only so many wait, and nobody for a turn that will not come in time, by the
pace at which turns end while others wait: who comes then is told at once, not after a long wait, and when to come
again: each at another instant.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from db.errors import RateLimited, TooMuchAsked

NOBODY: Final = ""
"""The holder of what the gateway itself asks; it has as many turns as there are."""
_SHARE: Final = 0.25
"""Of the time there is, the most that a turn at the database may be waited for: a request needs several."""
_SOON_SECONDS: Final = 5
_LATE_SECONDS: Final = 60
"""The least and the most that one is told to wait before asking again."""
_MEMORY_SECONDS: Final = 5.0
"""About how far back the pace is a mean of: turns end in bursts, where many wait for the same."""
_KNOWN_SECONDS: Final = 0.6 * _MEMORY_SECONDS
"""Of what is remembered: so much, and the pace is that of few turns that take long."""


@dataclass
class Turns:
    """Turns that are given out."""

    total: int
    """At once, whoever holds them."""
    each: int
    """At once, of one holder."""
    places: int = 2_000
    """For those who wait; one holder may take a quarter of them."""
    share: float = _SHARE
    """Of the time there is, the most that a turn may be waited for, by the pace."""
    _held: Counter[str] = field(default_factory=Counter)
    _waiting: dict[str, deque[asyncio.Future[None]]] = field(default_factory=dict)
    """By holder; the first is the one whose turn is next."""
    _ended: float = 0.0
    _seconds: float = 0.0
    """How many turns have ended lately while others waited, and in how long."""
    _ended_at: float | None = None
    """When the last turn ended, if others have waited ever since."""
    _promised_at: float = 0.0
    """When the last who was refused was told to come again."""

    @property
    def pace_seconds(self) -> float:
        """Between the ends of two turns, while others wait; 0, before that is known.

        It is once as many have ended as are given out at once, or after seconds without: the first all end late.
        """
        is_known = self._ended >= self.total or self._seconds >= _KNOWN_SECONDS
        return self._seconds / self._ended if is_known and self._ended else 0.0

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

        Raises: TimeoutError, where it does not come in so many seconds; RateLimited, TooMuchAsked, where it would not.
        """
        await self.take(holder, seconds)
        try:
            yield
        finally:
            self.leave(holder)

    async def take(self, holder: str, seconds: float) -> None:
        """The same for who gives it back by `leave`."""
        if not self.take_now(holder):
            self.require_place(holder, seconds)
            await self._wait(holder, seconds)

    def take_now(self, holder: str) -> bool:
        """Takes a turn for who gives it back by `leave`, if there is one without waiting."""
        is_free = self._is_free(holder)
        if is_free:
            self._held[holder] += 1
        return is_free

    def require_place(self, holder: str, seconds: float) -> None:
        """Refuses who would wait for too long, or finds no place to; never what the gateway itself asks.

        Raises: RateLimited, where it would wait for others of the same holder; TooMuchAsked, where it would not.
        """
        if holder == NOBODY or self._is_free(holder):
            return
        own = len(self._waiting.get(holder, ()))
        has_place = self.waiting < self.places and own < max(1, self.places // 4)
        coming = self._ahead(own) * self.pace_seconds
        if not has_place or coming > seconds * self.share:
            raise too_much(self._promise(coming), is_behind_own=self.is_behind_own(holder))

    def is_behind_own(self, holder: str) -> bool:
        """Whether one who comes now waits for others of the same holder: those that wait, or hold all it may have."""
        return holder in self._waiting or self._held[holder] >= self.each

    def _promise(self, coming: float) -> int:
        """In how many seconds one who is refused is to come: when those are done who wait, and who was refused before.

        Were all told the same, all would come at once, and be refused again.
        """
        now = time.monotonic()
        self._promised_at = min(max(self._promised_at, now + coming) + self.pace_seconds, now + _LATE_SECONDS)
        return max(math.ceil(self._promised_at - now), _SOON_SECONDS)

    def _ahead(self, own: int) -> int:
        """How many come before one whose holder has so many that wait already."""
        return sum(min(len(queue), own + 1) for queue in self._waiting.values())

    def _is_free(self, holder: str) -> bool:
        return self._may_enter(holder) and not self._waiting.get(holder)

    def _may_enter(self, holder: str) -> bool:
        return self.held < self.total and self._held[holder] < (self.total if holder == NOBODY else self.each)

    async def _wait(self, holder: str, seconds: float) -> None:
        coming: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(holder, deque()).append(coming)
        try:
            async with asyncio.timeout(seconds):
                await coming
        except BaseException:
            if coming.done() and not coming.cancelled():  # it came, but nobody takes it
                self.leave(holder)
            else:
                self._forget(holder, coming)
            raise

    def _forget(self, holder: str, coming: asyncio.Future[None]) -> None:
        queue = self._waiting.get(holder, deque())
        if coming in queue:
            queue.remove(coming)
            if not queue:
                del self._waiting[holder]

    def _measure(self) -> None:
        """Takes in that a turn has ended."""
        now = time.monotonic()
        if self._ended_at is not None:
            passed = min(now - self._ended_at, _MEMORY_SECONDS)
            kept = math.exp(-passed / _MEMORY_SECONDS)
            self._seconds, self._ended = self._seconds * kept + passed, self._ended * kept + 1
        self._ended_at = now if self._waiting else None

    def leave(self, holder: str) -> None:
        """Gives a turn back."""
        self._measure()
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


def too_much(later: int, *, is_behind_own: bool) -> RateLimited | TooMuchAsked:
    """The refusal of one whose turn does not come in time, and in how many seconds it is to ask again.

    `is_behind_own`: whether it would wait for others of the same holder.
    """
    if is_behind_own:
        return RateLimited(
            "Others of your requests come first, and this one would come too late."
            f" Ask again in {later} seconds, or for fewer at once.",
            later,
        )
    return TooMuchAsked(f"More is asked than can be answered soon. Ask again in {later} seconds.", later)
