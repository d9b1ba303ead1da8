"""Sources followed: pass after pass, each source by itself, so that one that is broken stops no other."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Final

import asyncpg

from db.errors import DeskgraphError, SetupFault, Unavailable
from db.importing.tally import Progress
from db.sync.source import LiveSource
from db.sync.state import Written
from db.sync.store import SyncStore, following

_LOG: Final = logging.getLogger("deskgraph.sync")
_PAUSES_SECONDS: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
"""After a failure, the second in a row, ..."""
_QUIET_SECONDS: Final = 0.2
"""After something was heard: what belongs to it is committed meanwhile, and one pass does for all."""

OnWritten = Callable[[Written], None]
"""Told, after each chunk, what the pass has done so far."""


async def run_pass(
    store: SyncStore,
    source: LiveSource,
    on_written: OnWritten,
    on_progress: Callable[[Progress], None],
    *,
    accepts_deletes: bool = False,
) -> Written:
    """What one pass did: what changed is stored, and what is gone is deleted where it is time to look.

    Raises: SetupFault, Unavailable.
    """
    await store.begin_pass()
    written = Written()
    async with aclosing(source.changes(await store.checkpoint())) as chunks:
        async for chunk in chunks:
            written += await store.write(chunk)
            on_written(written)
    ids = source.ids() if accepts_deletes or await store.is_to_reconcile() else None
    if ids is not None:
        await store.forget_rejects(source.gone)
        written += await store.delete_absent(ids, however_many=accepts_deletes)
        on_written(written)
    try:
        await store.settle(on_progress)
    except SetupFault as fault:  # an import is running: it does the same, or the next pass
        _LOG.info("%s: %s", source.name, fault.message)
    return written


async def sync_once(
    dsn: str,
    source: LiveSource,
    on_written: OnWritten,
    on_progress: Callable[[Progress], None],
    *,
    accepts_deletes: bool = False,
) -> Written:
    """What one pass over a source did; that it failed is noted, too.

    Raises: SetupFault, Unavailable.
    """
    async with following(dsn, source) as store:
        try:
            async with _noted(store):
                return await run_pass(store, source, on_written, on_progress, accepts_deletes=accepts_deletes)
        finally:
            await source.close()


async def follow_all(dsn: str, sources: Sequence[LiveSource]) -> None:
    """Follows sources until it is cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for source in sources:
            tasks.create_task(follow(dsn, source))


async def follow(dsn: str, source: LiveSource) -> None:
    """Follows a source until it is cancelled; whatever fails is tried again, after ever longer pauses."""
    failures = 0
    while True:
        try:
            async with following(dsn, source) as store:
                while True:
                    await _followed(store, source)
                    failures = 0
                    await _pause(source)
        except DeskgraphError as fault:
            _LOG.warning("%s: %s", source.name, fault.message)
        except Exception:
            _LOG.exception("%s: a pass failed", source.name)
        finally:
            await source.close()
        await asyncio.sleep(_PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)])
        failures += 1


async def _followed(store: SyncStore, source: LiveSource) -> None:
    async with _noted(store):
        written = await run_pass(store, source, lambda _: None, lambda _: None)
    if written.new or written.changed or written.deleted or written.rejected:
        _LOG.info(
            "%s: %d rows new, %d changed, %d rejected, %d tickets deleted",
            *(source.name, written.new, written.changed, written.rejected, written.deleted),
        )


@asynccontextmanager
async def _noted(store: SyncStore) -> AsyncIterator[None]:
    """Notes that a pass has failed, and why."""
    try:
        yield
    except DeskgraphError as fault:
        await _note(store, fault.message)
        raise
    except Exception as fault:
        await _note(store, f"A fault of deskgraph's own; its log says more ({type(fault).__name__}).")
        raise


async def _note(store: SyncStore, message: str) -> None:
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError, Unavailable):
        await store.fail(message)


async def _pause(source: LiveSource) -> None:
    """Until it is time, or something was heard."""
    try:
        async with asyncio.timeout(source.pace.interval_seconds):
            await source.changed()
            await asyncio.sleep(_QUIET_SECONDS)
    except TimeoutError:
        return
