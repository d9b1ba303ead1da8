"""The exports that wait, as a worker takes, keeps and ends them: each step one transaction of the worker's role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from db import export_queue
from db.access import Viewer
from db.engine import Engine
from db.export_jobs import JobFault, JobFile, Ordered, viewer_of
from db.statement import Statement


@dataclass(frozen=True)
class Taken:
    """An export that this worker makes."""

    id: UUID
    viewer: Viewer
    """Who asked for it, as it then was."""
    ordered: Ordered
    created_at: datetime


@dataclass
class Lost(Exception):
    """The export or the delivery is this worker's no more: it was cancelled, or another has it."""


@dataclass(frozen=True)
class Queue:
    """What one worker does with the exports that wait."""

    engine: Engine
    a_viewer: int
    """How many of one viewer run at once."""
    keep: timedelta
    """How long a finished file is kept."""
    worker: UUID = field(default_factory=uuid4)

    async def take(self) -> Taken | None:
        """The export that has waited longest, now this worker's; None where none may be begun.

        Raises: TimedOut, Unavailable.
        """
        async with self.engine.working() as working:
            if not await working.fetch(export_queue.peek()):
                return None
            await working.fetch(export_queue.locking())
            rows = await working.fetch(export_queue.take(self.worker, self.a_viewer))
            if not rows:
                return None
            row = rows[0]
            await working.fetch(export_queue.forget(row["id"]))
        ordered = Ordered(row["body"], row["report"], row["format"])
        return Taken(row["id"], viewer_of(dict(row)), ordered, row["created_at"])

    async def renew(self, job: UUID, rows: int, total: int | None) -> None:
        """Raises: Lost; TimedOut, Unavailable."""
        await self._held(export_queue.renew(job, self.worker, rows, total))

    async def add(self, job: UUID, number: int, content: bytes) -> None:
        """Keeps a piece of the file. Raises: Lost; DiskFull, TimedOut, Unavailable."""
        await self._held(export_queue.add(job, self.worker, number, content))

    async def finish(self, job: UUID, rows: int, file: JobFile) -> None:
        """Raises: Lost; TimedOut, Unavailable."""
        await self._held(export_queue.finish(job, self.worker, rows, file, self.keep))

    async def fail(self, job: UUID, fault: JobFault) -> None:
        """Raises: Lost; TimedOut, Unavailable."""
        await self._held(export_queue.fail(job, self.worker, fault))

    async def put_back(self, job: UUID, uncounted: int) -> None:
        """Lets another take it, with so many attempts not counted. Raises: Lost; TimedOut, Unavailable."""
        await self._held(export_queue.put_back(job, self.worker, uncounted))

    async def sweep(self) -> None:
        """Removes what has expired. Raises: TimedOut, Unavailable."""
        async with self.engine.working() as working:
            for statement in export_queue.sweep():
                await working.fetch(statement)

    async def _held(self, statement: Statement) -> None:
        async with self.engine.working() as working:
            found: Sequence[object] = await working.fetch(statement)
        if not found:
            raise Lost
