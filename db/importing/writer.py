"""`import_rows`: brings the rows of a source into the store.

Everything is read first and waits in temporary tables (`staging`); then what tickets point to is written in one
transaction, with the facts that depend on it; then the tickets, batch by batch in order of their ids, each batch one
transaction that replaces tickets, events, ratings and facts together, raises the data version if anything has
changed, and notes how far the import came. An import that was interrupted is taken up there by the next one of the
same fingerprint, if no other came between. See docs/decisions/0003-import.md.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

import asyncpg

from db.importing.dimensions import Dimensions
from db.importing.fact_indexes import make_missing_indexes, set_indexes_aside
from db.importing.merge import TWICE, Merge, rederive
from db.importing.run import ImportRun
from db.importing.session import Session, import_session
from db.importing.staging import Batch, Stage, unknown_word
from db.importing.tally import ImportSummary, Progress, Step, Tally
from db.importing.ticket_store import (
    Replacement,
    copy_in,
    is_empty,
    keys_of,
    raise_data_version,
    remove,
    take_ticket_ids,
)
from db.rollups.upkeep.compacting import compact
from db.rollups.upkeep.deltas import MOST_TICKETS, Deltas
from db.rollups.upkeep.settling import mend
from db.sources.rows import CalendarRow, EventRow, RatingRow, Read, Reject, RowKind, RowSource, TicketRow


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
        self._seen: set[tuple[RowKind, str, object]] = set()

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
        for read in self._source.rows():
            if isinstance(read, Reject):
                self._tally.pass_on(read)
            else:
                self._take(read)
            if self._stage.is_full:
                await self._stage.flush()
                self._on_progress(Progress(Step.READING, self._source.done, self._source.size))
        await self._stage.flush()
        self._on_progress(Progress(Step.READING, self._source.done, self._source.size))

    def _take(self, read: Read) -> None:
        kind, name, line, row = read
        file = self._tally.number_of(name, kind)
        if isinstance(row, TicketRow):
            self._stage.add_ticket(file, line, row)
        elif isinstance(row, EventRow):
            fault = unknown_word(row)
            if fault is None:
                self._stage.add_event(file, line, row)
            else:
                self._tally.reject(kind, (file, line), *fault)
        elif isinstance(row, RatingRow):
            self._stage.add_rating(file, line, row)
        else:
            key = (row.name, row.valid_from) if isinstance(row, CalendarRow) else row[0]
            if (kind, name, key) in self._seen:
                self._tally.reject(kind, (file, line), row._fields[0], TWICE, row[0])
                return
            self._seen.add((kind, name, key))
            self._tally.count(kind, self._dimensions.tell(kind, row))

    async def _write_dimensions(self, run: ImportRun) -> None:
        """Writes what tickets point to, and the facts of stored tickets that depend on what changed."""
        if not self._dimensions.is_dirty:
            return
        context = self._dimensions.context()
        moved = sorted(self._dimensions.agents.moved)
        async with self._transaction():
            await self._dimensions.store(self._session)
            if self._dimensions.settings.is_dirty:
                await rederive(self._session, context, None, self._deltas, self._on_progress)
            elif moved:
                await rederive(self._session, context, moved, self._deltas, self._on_progress)
            await raise_data_version(self._session)
            await run.note(self._session, None, self._tally.rows())

    async def _merge(self, run: ImportRun, *, is_first: bool) -> None:
        merge = Merge(self._session, self._dimensions.context(), self._tally, run.id)
        await merge.begin()
        if merge.knows_none and self._stage.ticket_count > MOST_TICKETS:
            async with self._transaction():
                await self._deltas.expect(self._stage.ticket_count)
                if is_first:
                    await set_indexes_aside(self._session)
        boundaries = await self._stage.boundaries()
        after = ""
        for number, through in enumerate(boundaries, start=1):
            batch = await self._stage.batch(after, through)
            cases = await merge.cases_of(batch, prefers_columns=self._source.prefers_columns)
            if run.merged_through is not None and through <= run.merged_through:
                merge.skip(cases)
            else:
                change = await merge.plan(cases)
                await self._commit(run, batch, change, merge.next_ticket_id - 1)
            after = through
            self._on_progress(Progress(Step.MERGING, number, len(boundaries)))

    async def _commit(self, run: ImportRun, batch: Batch, change: Replacement, last_ticket_id: int) -> None:
        """One batch's transaction."""
        async with self._transaction():
            if change.tickets or change.facts_of:
                new = len(change.tickets) - len(change.tickets_of)
                await self._deltas.expect(new + len(change.facts_of))
                await self._deltas.leaving(change.facts_of)
                await take_ticket_ids(self._session, last_ticket_id)
                await remove(self._session, change)
                await self._put(run, batch, change)
                await raise_data_version(self._session)
            await run.note(self._session, batch.through, self._tally.rows())

    async def _put(self, run: ImportRun, batch: Batch, change: Replacement) -> None:
        """Puts in a batch's tickets and, made while the server is busy with those, all that belongs to them."""
        prefers_columns = self._source.prefers_columns
        places = change.tickets
        tickets = self._stage.put_tickets(batch, places, prefers_columns=prefers_columns, run_id=run.id)
        putting = asyncio.ensure_future(tickets)
        try:
            await asyncio.sleep(0)
            change.facts = list(change.facts)
        finally:
            await putting
        await copy_in(self._session, change)
        await self._deltas.arrived(keys_of(change.facts))
