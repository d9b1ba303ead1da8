"""How records reach the store: at once where they must, else from a bounded queue in the background.

What cannot be written waits. What finds no place is counted, told in the log, and recorded as LOST once it can be.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final

from db.audit.record import Door, Outcome, Record
from db.audit.store import AuditStore
from db.errors import Unavailable

_log = logging.getLogger("deskgraph.audit")
_BATCH: Final = 500


@dataclass(frozen=True)
class Bounds:
    """How much waits, how long, and how many nameless requests are recorded one by one."""

    waiting: int = 10_000
    """Records in memory."""
    gather_seconds: float = 0.5
    retry_seconds: float = 5.0
    flush_seconds: float = 5.0
    """For what still waits at the end."""
    refusals: int = 60
    """Requests without a valid token that get a record of their own; the others of the window share one a door."""
    refusals_seconds: float = 60.0


@dataclass
class Tally:
    """Counts requests that get no record of their own: one a door stands for all."""

    outcome: Outcome
    _found: dict[Door, Record] = field(default_factory=dict)

    def count(self, record: Record) -> None:
        """Adds a record's requests."""
        known = self._found.get(record.door) or Record(record.at, record.door, "", self.outcome, requests=0)
        self._found[record.door] = replace(known, requests=known.requests + record.requests)

    @property
    def total(self) -> int:
        """The requests counted."""
        return sum(record.requests for record in self._found.values())

    def take(self) -> list[Record]:
        """What was counted; counting begins again."""
        found, self._found = list(self._found.values()), {}
        return found


@dataclass
class AuditLog:
    """The log of one process. Its background task starts with the first record that waits."""

    store: AuditStore
    bounds: Bounds = field(default_factory=Bounds)

    def __post_init__(self) -> None:
        self._waiting: deque[Record] = deque()
        self._lost = Tally(Outcome.LOST)
        self._nameless = Tally(Outcome.UNAUTHENTICATED)
        self._window_start = -float("inf")
        self._admitted = 0
        self._wake = asyncio.Event()
        self._full = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def write(self, record: Record) -> None:
        """Returns when a record is durable.

        Raises: Unavailable.
        """
        await self.store.write([record])

    async def refused(self, record: Record) -> None:
        """Records a request without a valid token: so many a minute at once, the others as a number."""
        now = time.monotonic()
        if now - self._window_start >= self.bounds.refusals_seconds:
            self._window_start, self._admitted = now, 0
        if self._admitted < self.bounds.refusals:
            self._admitted += 1
            try:
                await self.write(record)
            except Unavailable:  # nothing was given out, so that nothing need be held back
                self.add(record)
            return
        if not self._nameless.total:
            remaining = self._window_start + self.bounds.refusals_seconds - now
            asyncio.get_running_loop().call_later(remaining, self._add_nameless)
        self._nameless.count(record)

    def _add_nameless(self) -> None:
        for record in self._nameless.take():
            self.add(record)

    def add(self, record: Record) -> None:
        """Lets a record wait for the next batch."""
        if len(self._waiting) >= self.bounds.waiting:
            if not self._lost.total:
                _log.error("%d audit records wait and no more can: from now on records are lost", len(self._waiting))
            self._lost.count(record)
            return
        self._waiting.append(record)
        self._wake.set()
        if len(self._waiting) >= _BATCH:
            self._full.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    @property
    def waiting(self) -> int:
        """Records that are not durable yet."""
        return len(self._waiting) + self._lost.total

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._full.wait(), self.bounds.gather_seconds)
            self._full.clear()
            if not await self._drained(len(self._waiting)):
                await asyncio.sleep(self.bounds.retry_seconds)
            if self.waiting:
                self._wake.set()

    async def _drained(self, count: int | None = None) -> bool:
        """Whether so many that waited are durable now, or all; if not, that is told. Others come meanwhile: under load,
        all would be a stream of small batches, each a transaction."""
        try:
            while self.waiting and (count is None or count > 0):
                batch = list(islice(self._waiting, _BATCH))
                await self.store.write(batch)
                for _ in batch:
                    self._waiting.popleft()
                self._waiting.extend(self._lost.take())
                count = None if count is None else count - len(batch)
        except Exception as fault:
            cause = fault.__cause__ or fault
            tell = _log.error if self._lost.total else _log.warning
            tell(
                "the audit log cannot be written (%s: %s): %d records wait, %d are lost",
                type(cause).__name__, cause, len(self._waiting), self._lost.total,
            )  # fmt: skip
            return False
        return True

    async def close(self) -> None:
        """Writes what waits, as long as `flush_seconds` allow; tells what could not be written."""
        self._add_nameless()
        if self._task is not None:
            task, self._task = self._task, None
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        with suppress(TimeoutError):
            await asyncio.wait_for(self._drained(), self.bounds.flush_seconds)
        if self.waiting:
            _log.error("%d audit records could not be written before the end and are lost", self.waiting)
        await self.store.close()
