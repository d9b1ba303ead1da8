"""What a worker does: takes exports that wait, makes each as the export route would have, and keeps its file.

An export that the worker loses, because it was cancelled or its lease is over, is let go of at once, and the statement
that it reads from is stopped. A fault of the database lets it wait again; every other ends it.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from rest_compat.export.body import order_of
from rest_compat.export.formats import file_name
from rest_compat.export.making import content_of
from rest_compat.problems import Problem
from rest_compat.recording import unattended
from schema.executor import Gateway
from schema.public import (
    CHUNK_BYTES,
    DeskgraphError,
    DiskFull,
    JobFault,
    JobFile,
    Lost,
    Queue,
    Taken,
    Unavailable,
    UpstreamFault,
)

POLL_SECONDS: Final = 0.5
RENEW_SECONDS: Final = 0.5
SWEEP_SECONDS: Final = 10.0
_log = logging.getLogger("deskgraph.work")


async def work(gateway: Gateway, queue: Queue) -> None:
    """Makes one export after another, until it is cancelled; the one at hand then waits again."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_sweeping(queue))
        while True:
            with away():
                taken = await queue.take()
                if taken is not None:
                    await make(gateway, queue, taken)
                    continue
            await asyncio.sleep(POLL_SECONDS)


async def _sweeping(queue: Queue) -> None:
    while True:
        with away():
            await queue.sweep()
        await asyncio.sleep(SWEEP_SECONDS)


class away(suppress):
    """Goes on where the database is away: it comes back."""

    def __init__(self) -> None:
        super().__init__(UpstreamFault)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if isinstance(error, UpstreamFault):
            _log.warning("the work goes on when it can: %s", error.message)
        return isinstance(error, UpstreamFault)


@dataclass
class _Counted:
    """How far an export is."""

    rows: int = 0
    total: int | None = None

    def more(self, rows: int) -> None:
        """Some rows more."""
        self.rows += rows


async def make(gateway: Gateway, queue: Queue, taken: Taken) -> None:
    """Returns when the export is made, or is this worker's no more.

    Raises: Unavailable, TimedOut, where what became of it cannot be kept.
    """
    counted = _Counted()
    try:
        async with _while_held(queue, taken.id, counted):
            file = await _made(gateway, queue, taken, counted)
            await queue.finish(taken.id, counted.rows, file)
    except Lost:
        _log.info("export %s was cancelled, or is another worker's", taken.id)
    except asyncio.CancelledError:
        with suppress(Lost):
            await asyncio.shield(queue.put_back(taken.id, uncounted=1))
        raise
    except Exception as error:
        with suppress(Lost):
            await _ended(queue, taken.id, error)


async def _ended(queue: Queue, job: UUID, error: Exception) -> None:
    if isinstance(error, Unavailable) and not isinstance(error, DiskFull):
        _log.warning("export %s waits again: %s", job, error.message)
        await queue.put_back(job, uncounted=0)
    else:
        await queue.fail(job, fault_of(job, error))


def fault_of(job: UUID, error: Exception) -> JobFault:
    """What is told of an error; what is not meant for others is told by a reference that the log has."""
    if isinstance(error, Problem):
        return JobFault(error.kind.code, " ".join(one.message for one in error.faults) or error.detail)
    if isinstance(error, DeskgraphError):
        return JobFault(error.code, error.message)
    reference = secrets.token_hex(6)
    _log.error("internal error %s, export %s", reference, job, exc_info=error)
    return JobFault(DeskgraphError.code, f"An internal error occurred; the log has it under {reference}.")


@asynccontextmanager
async def _while_held(queue: Queue, job: UUID, counted: _Counted) -> AsyncIterator[None]:
    """Keeps the lease, and tells how far it is; what happens inside is stopped once the export is lost.

    Raises: Lost.
    """
    inside = asyncio.current_task()
    assert inside is not None
    lost = False

    async def renewing() -> None:
        nonlocal lost
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            try:
                with away():
                    await queue.renew(job, counted.rows, counted.total)
            except Lost:
                lost = True
                inside.cancel()
                return

    renewal = asyncio.create_task(renewing())
    try:
        yield
    except asyncio.CancelledError:
        if lost and inside.uncancel() == 0:
            raise Lost from None
        raise
    finally:
        renewal.cancel()
        with suppress(asyncio.CancelledError):
            await renewal


async def _made(gateway: Gateway, queue: Queue, taken: Taken, counted: _Counted) -> JobFile:
    """The file, all of which is kept."""
    order = order_of(taken.ordered.body.encode())
    operation = f"{taken.ordered.report}.{taken.ordered.format}"
    async with unattended(gateway, taken.viewer, operation, taken.created_at) as context:
        content = await content_of(gateway, context, order)
        counted.total = content.total
        size, number, held = 0, 0, bytearray()
        async with aclosing(order.format.write(content.watched(counted.more), order.options)) as pieces:
            async for piece in pieces:
                size += len(piece)
                held += piece
                while len(held) >= CHUNK_BYTES:
                    await queue.add(taken.id, number, bytes(held[:CHUNK_BYTES]))
                    del held[:CHUNK_BYTES]
                    number += 1
        if held:
            await queue.add(taken.id, number, bytes(held))
        return JobFile(file_name(content, order.format.name), order.format.media_type, size)
