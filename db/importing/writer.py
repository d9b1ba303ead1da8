"""`import_rows`: brings the rows of a source into the store.

Everything is read first and waits in temporary tables (`staging`); then what tickets point to is written in one
transaction, with the facts that depend on it; then the tickets, batch by batch in order of their ids, each batch one
transaction that replaces tickets, events, ratings and facts together, raises the data version if anything has
changed, and notes how far the import came. An import that was interrupted is taken up there by the next one of the
same fingerprint, if no other came between. See docs/decisions/0003-import.md.
"""

from __future__ import annotations

import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from db.importing.dimensions import Dimensions
from db.importing.fact_indexes import make_missing_indexes, set_indexes_aside
from db.importing.intake import Intake, write_dimensions
from db.importing.merge import Merge, rederive
from db.importing.replacing import Replacing
from db.importing.run import ImportRun
from db.importing.session import Session, import_session
from db.importing.staging import Stage
from db.importing.tally import ImportSummary, Progress, Step, Tally
from db.importing.ticket_store import is_empty, raise_data_version
from db.revision import FACTS_MADE
from db.rollups.upkeep.compacting import compact
from db.rollups.upkeep.deltas import MOST_TICKETS, Deltas
from db.rollups.upkeep.settling import mend
from db.sources.rows import Reject, RowSource


async def import_rows(
    dsn: str,
    source: RowSource,
    *,
    dry_run: bool = False,
    on_reject: Callable[[Reject], None],
    on_progress: Callable[[Progress], None],
) -> ImportSummary:
    """What the import did; a dry run does everything and commits nothing (only sequences move).

    Raises: SetupFault where another import is running, Unavailable where the database is away.
    """
    started = time.perf_counter()
    tally = Tally(on_reject)
    async with import_session(dsn) as session, _uncollected():
        work = _Import(session, source, tally, on_progress, _ROLLBACK if dry_run else _COMMIT)
        try:
            run = await work.run()
        except BaseException:
            await work.give_up()
            raise
    seconds = time.perf_counter() - started
    return ImportSummary(tally.rows(), tally.kinds(), seconds, run.merged_through is not None)


async def recompute(dsn: str, on_progress: Callable[[Progress], None]) -> None:
    """Makes the facts of every stored ticket anew, in one transaction: after an upgrade that counts differently.

    Raises: SetupFault where an import is running, Unavailable where the database is away.
    """
    async with import_session(dsn) as session, _uncollected():
        async with session.transaction():
            dimensions = Dimensions()
            await dimensions.load(session)
            deltas = Deltas(session)
            await deltas.begin()
            await rederive(session, dimensions.context(), None, deltas, on_progress)
            await raise_data_version(session)
            await session.execute(FACTS_MADE)
        await mend(session, on_progress)
        await compact(session)


@asynccontextmanager
async def _uncollected() -> AsyncIterator[None]:
    """No search for garbage cycles: rows make none, and looking through millions of them costs a seventh."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


_ANALYZE: Final = "ANALYZE facts"
"""After the first import, which no automatic analysis has seen yet: reports read facts and nothing else."""

_COMMIT: Final = "COMMIT"
_ROLLBACK: Final = "ROLLBACK"


class _Import:
    """One import at work."""

    def __init__(
        self,
        session: Session,
        source: RowSource,
        tally: Tally,
        on_progress: Callable[[Progress], None],
        ending: str,
    ) -> None:
        self._session = session
        self._source = source
        self._tally = tally
        self._on_progress = on_progress
        self._ending = ending
        self._dimensions = Dimensions()
        self._stage = Stage(session, self._dimensions)
        self._deltas = Deltas(session)
        self._run: ImportRun | None = None

    async def run(self) -> ImportRun:
        """Reads, then merges."""
        async with self._transaction():
            self._run = run = await ImportRun.begin(self._session, self._source)
        is_first = await is_empty(self._session)
        await self._dimensions.load(self._session)
        await self._deltas.begin()
        await self._read()
        await self._write_dimensions(run)
        await self._merge(run, is_first=is_first)
        if self._ending is _COMMIT:
            await make_missing_indexes(self._session)
        async with self._transaction():
            await run.note(self._session, None, self._tally.rows())
            await run.end(self._session, "finished")
        if is_first:
            await self._session.execute(_ANALYZE)
        if self._ending is _COMMIT:
            await mend(self._session, self._on_progress)
            await compact(self._session)
        return run

    async def give_up(self) -> None:
        """Notes that the run failed, if the database still listens."""
        if self._run is not None:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                async with self._transaction():
                    await self._run.end(self._session, "failed")

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[None]:
        """A transaction that ends as this import's do."""
        await self._session.execute("BEGIN")
        try:
            yield
        except BaseException:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self._session.execute("ROLLBACK")
            raise
        await self._session.execute(self._ending)

    async def _read(self) -> None:
        """Takes in every row: tickets, events and ratings to wait, the rest at once."""
        await self._stage.create()
        intake = Intake(self._tally, self._dimensions, self._stage)
        for read in self._source.rows():
            intake.take(read)
            if self._stage.is_full:
                await self._stage.flush()
                self._on_progress(Progress(Step.READING, self._source.done, self._source.size))
        await self._stage.flush()
        self._on_progress(Progress(Step.READING, self._source.done, self._source.size))

    async def _write_dimensions(self, run: ImportRun) -> None:
        """Writes what tickets point to, and the facts of stored tickets that depend on what changed."""
        if not self._dimensions.is_dirty:
            return
        async with self._transaction():
            await write_dimensions(self._session, self._dimensions, self._deltas, self._on_progress)
            await run.note(self._session, None, self._tally.rows())

    async def _merge(self, run: ImportRun, *, is_first: bool) -> None:
        merge = Merge(self._session, self._dimensions.context(), self._tally, run.id)
        await merge.begin()
        if merge.knows_none and self._stage.ticket_count > MOST_TICKETS:
            async with self._transaction():
                await self._deltas.expect(self._stage.ticket_count)
                if is_first:
                    await set_indexes_aside(self._session)
        replacing = Replacing(self._session, self._stage, self._deltas, self._source.prefers_columns, run.id)
        boundaries = await self._stage.boundaries()
        after = ""
        for number, through in enumerate(boundaries, start=1):
            batch = await self._stage.batch(after, through)
            cases = await merge.cases_of(batch, prefers_columns=self._source.prefers_columns)
            if run.merged_through is not None and through <= run.merged_through:
                merge.skip(cases)
            else:
                change = await merge.plan(cases)
                async with self._transaction():
                    await replacing.replace(batch, change, merge.next_ticket_id - 1)
                    await run.note(self._session, batch.through, self._tally.rows())
            after = through
            self._on_progress(Progress(Step.MERGING, number, len(boundaries)))
