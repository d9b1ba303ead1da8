"""What portals send: written as it comes, by few writers, each with a connection of its own that it keeps."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.errors import RateLimited, SetupFault
from db.importing.tally import Outcome
from db.sources.rows import Reject
from db.sync.pushed import Pushed, chunks_of
from db.sync.source import Checkpoint, Chunk, Pace, Place
from db.sync.store import SyncStore, writing
from db.walls import Walls, taking_in

RETRY_SECONDS: Final = 2
"""After which a portal that found all writers busy may come again."""
_PACE: Final = Pace(interval_seconds=720.0)
"""A portal that was silent for an hour, five times that, is called stale; an empty request says that it is there."""


@dataclass(frozen=True)
class PushSource:
    """A portal that sends: it is never asked."""

    name: str
    kind: str = "push"
    prefers_columns: bool = False
    pace: Pace = _PACE

    async def changes(self, after: Checkpoint | None) -> AsyncGenerator[Chunk, None]:
        """Nothing: it sends by itself."""
        nothing: tuple[Chunk, ...] = ()
        for chunk in nothing:
            yield chunk

    def ids(self) -> None:
        """None: a ticket that is gone is sent with the status `deleted`."""

    async def gone(self, rejected: Sequence[Place]) -> Sequence[Place]:
        """None: nobody can ask."""
        return ()

    async def changed(self) -> None:
        """Nothing is waited for."""

    async def close(self) -> None:
        """It holds nothing."""


@dataclass(frozen=True)
class _Open:
    """A writer of a source, with what closes it."""

    store: SyncStore
    closing: AsyncExitStack


class Writers:
    """The writers of one process."""

    def __init__(self, dsn: str, writers: int, clock: Callable[[], datetime], walls: Walls) -> None:
        self._dsn = dsn
        self._opening = taking_in(walls)
        self._writers = writers
        self._clock = clock
        self._busy = 0
        self._idle: dict[str, _Open] = {}
        """One a source, at most; the one that was used last stands last."""

    async def take(self, source: str, sent: Sequence[Pushed]) -> list[Outcome | Reject]:
        """What became of each row, in the order in which they were sent; what can go in is stored.

        Raises: RateLimited, where all writers are busy and nothing was stored; Unavailable, where the database is away
        or an import holds it: what was sent before is stored, and may be sent again.
        """
        if self._busy >= self._writers:
            told = f"All {self._writers} writers are busy. Send the same rows again in {RETRY_SECONDS} seconds."
            raise RateLimited(told, RETRY_SECONDS)
        self._busy += 1
        try:
            return await self._written(source, sent)
        finally:
            self._busy -= 1

    async def close(self) -> None:
        """Closes the connections that are kept."""
        for one in self._idle.values():
            await one.closing.aclose()
        self._idle.clear()

    async def _written(self, source: str, sent: Sequence[Pushed]) -> list[Outcome | Reject]:
        writer = self._idle.pop(source, None)
        if writer is None or writer.store.session.is_closed():
            writer = await self._opened(source)
        try:
            outcomes: list[Outcome | Reject] = []
            await writer.store.begin_pass()
            for first, chunk in chunks_of(sent, self._clock()):
                told: dict[int, Outcome | Reject] = {}
                await writer.store.write(chunk, told)
                assert first == len(outcomes)
                outcomes += [told[line] for line in range(len(chunk.rows))]
            await _settled(writer.store)
        except BaseException:
            await writer.closing.aclose()
            raise
        await self._keep(source, writer)
        return outcomes

    async def _opened(self, source: str) -> _Open:
        closing = AsyncExitStack()
        return _Open(await closing.enter_async_context(writing(self._dsn, PushSource(source), self._opening)), closing)

    async def _keep(self, source: str, writer: _Open) -> None:
        """Keeps a writer for the next request, and closes the one that was not used for longest."""
        leaving = [self._idle.pop(source)] if source in self._idle else []
        self._idle[source] = writer
        if len(self._idle) > self._writers:
            leaving.append(self._idle.pop(next(iter(self._idle))))
        for one in leaving:
            await one.closing.aclose()


async def _settled(store: SyncStore) -> None:
    """Merges what the rollups have gathered, unless an import is running, which then does it."""
    try:
        await store.settle(lambda _: None)
    except SetupFault:
        return
