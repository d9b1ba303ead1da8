"""A viewer's exports that workers make: asked for, looked at, cancelled, fetched, each in transactions of its own."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from uuid import UUID, uuid4

from db import export_jobs
from db.errors import NotFound, TooManyWaiting
from db.export_jobs import CHUNK_BYTES, MAX_WAITING, ExportJob, Ordered, job_of
from resolvers.loaders import Loaders


async def added(loaders: Loaders, ordered: Ordered, keep: timedelta) -> ExportJob:
    """A new export, which waits for a worker.

    Raises: TooManyWaiting; BadInput, TimedOut, Unavailable.
    """
    viewer = loaders.viewer
    async with loaders.engine.keeping(viewer, loaders.timings.note) as keeping:
        await keeping.fetch(export_jobs.locking(viewer))
        (found,) = await keeping.fetch(export_jobs.waiting(viewer))
        if found["jobs"] >= MAX_WAITING:
            raise TooManyWaiting(
                f"{found['jobs']} of your exports wait to be made, and no more may. Wait for one, or cancel one."
            )
        (row,) = await keeping.fetch(export_jobs.insert(viewer, uuid4(), ordered, keep))
    return job_of(dict(row))


async def listed(loaders: Loaders) -> list[ExportJob]:
    """The viewer's exports, newest first.

    Raises: BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        return [job_of(dict(row)) for row in await keeping.fetch(export_jobs.listing(loaders.viewer))]


async def found(loaders: Loaders, id_: UUID) -> ExportJob:
    """One of the viewer's exports.

    Raises: NotFound, for an id of none of them; BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        rows = await keeping.fetch(export_jobs.one(loaders.viewer, id_))
    if not rows:
        raise not_found(str(id_))
    return job_of(dict(rows[0]))


async def cancelled(loaders: Loaders, id_: UUID) -> ExportJob:
    """An export that was ended, if it had not ended before.

    Raises: NotFound, for an id of none of the viewer's exports; BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        await keeping.fetch(export_jobs.cancel(loaders.viewer, id_))
        rows = await keeping.fetch(export_jobs.one(loaders.viewer, id_))
    if not rows:
        raise not_found(str(id_))
    return job_of(dict(rows[0]))


async def pieces(loaders: Loaders, id_: UUID, first: int, last: int) -> AsyncGenerator[bytes]:
    """The bytes of a finished file from one place to another, both included; no connection is held in between.

    Raises: NotFound, where it is gone; BadInput, TimedOut, Unavailable.
    """
    for number in range(first // CHUNK_BYTES, last // CHUNK_BYTES + 1):
        async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
            rows = await keeping.fetch(export_jobs.chunk(loaders.viewer, id_, number))
        if not rows:
            raise not_found(str(id_))
        start = number * CHUNK_BYTES
        yield rows[0]["content"][max(first - start, 0) : last + 1 - start]


def not_found(text: str) -> NotFound:
    """The refusal of an id."""
    return NotFound(f"None of your exports has the id {text[:80]!r}. `exportJobs` lists them.", parameter="id")
