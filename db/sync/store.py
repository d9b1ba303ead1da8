"""The one writer of live sources: each chunk is one transaction, with its facts, rollups and checkpoint.

It shares the import's lock, chunk by chunk, so that imports and other sources take turns with it; what it writes, it
writes with what the import writes with (db.importing). A chunk that was stored and comes again changes nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import asyncpg

from db.errors import SetupFault, Unavailable
from db.importing.dimensions import Dimensions
from db.importing.intake import Intake, write_dimensions
from db.importing.merge import Merge
from db.importing.replacing import Replacing
from db.importing.session import LOCK, Session, connected, import_session
from db.importing.staging import Stage
from db.importing.tally import Outcome, Progress, Tally
from db.importing.ticket_store import (
    Key,
    Replacement,
    absent_tickets,
    raise_data_version,
    remove,
    stored_tickets,
    tickets_of_run,
)
from db.rollups.settled import states
from db.rollups.upkeep.compacting import compact
from db.rollups.upkeep.deltas import Deltas
from db.rollups.upkeep.settling import mend
from db.sources.rows import Reject, RowKind
from db.sync import state
from db.sync.source import Checkpoint, Chunk, LiveSource, Place
from db.sync.state import Written

FOLLOWING: Final = 7_203_004
"""The advisory lock of who follows a source, together with the source's run."""

_TURN_WAIT: Final = "SET LOCAL lock_timeout = '60s'"
_DELETED_AT_ONCE: Final = 2_000
_COMPACT_AFTER_ROWS: Final = 5_000
_OF_TICKETS: Final = frozenset({RowKind.TICKETS, RowKind.EVENTS, RowKind.RATINGS})
_IDS: Final = "synced_ids"
_FEW: Final = 100
_SHARE: Final = 0.2
"""More than so many tickets, and more than this share of a source's, are not deleted unless somebody says so."""


@asynccontextmanager
async def following(dsn: str, source: LiveSource) -> AsyncIterator[SyncStore]:
    """The writer of a source that this process alone follows until it is closed.

    Raises: SetupFault where another process follows it, Unavailable where the database is away.
    """
    async with writing(dsn, source) as store:
        if not await store.session.fetchval("SELECT pg_try_advisory_lock($1, $2)", FOLLOWING, store.run_id):
            raise SetupFault(f"Another process follows the source {source.name}. One is enough; end it first.")
        yield store


@asynccontextmanager
async def writing(dsn: str, source: LiveSource, opening: str = "") -> AsyncIterator[SyncStore]:
    """The writer of a source, whoever else writes for it: what arrives by push. It begins with `opening`.

    Raises: Unavailable where the database is away.
    """
    session = await connected(dsn, opening)
    try:
        run_id = await state.register(session, source)
        await Stage(session, Dimensions()).create()
        await session.execute(f'CREATE TEMPORARY TABLE {_IDS} (external_id text COLLATE "C")')
        yield SyncStore(dsn, session, source, run_id, opening)
    finally:
        session.terminate()


class SyncStore:
    """Writes what one source hands over."""

    def __init__(self, dsn: str, session: Session, source: LiveSource, run_id: int, opening: str) -> None:
        self.session = session
        self.run_id = run_id
        self._dsn = dsn
        self._opening = opening
        self._source = source
        self._dimensions: Dimensions | None = None
        self._version = -1
        """The data version at which `_dimensions` is what is stored."""
        self._tickets = 0
        """Written in this pass."""
        self._uncompacted = 0

    async def checkpoint(self) -> Checkpoint | None:
        """Where to go on; None: from the start."""
        return await state.checkpoint(self.session, self._source.name)

    async def begin_pass(self) -> None:
        """Says that the source is asked."""
        with _told():
            await state.begin_pass(self.session, self._source.name)
        self._tickets = 0

    async def write(self, chunk: Chunk, told: dict[int, Outcome | Reject] | None = None) -> Written:
        """What a chunk did; all of it is stored, or nothing. What became of each line is put into `told`.

        Raises: Unavailable where the database is away, or an import holds the store for long.
        """
        if not chunk.rows and not chunk.whole and not chunk.deleted:  # nobody need wait for that
            with _told():
                await state.note(self.session, self._source.name, chunk, Written())
            return Written()
        kept, self._dimensions = self._dimensions, None
        async with self._turn() as deltas:
            written = await self._write(chunk, deltas, kept, told)
            await state.note(self.session, self._source.name, chunk, written)
        self._uncompacted += written.new + written.changed
        return written

    async def fail(self, message: str) -> None:
        """Notes that a pass has failed."""
        await state.fail(self.session, self._source.name, message)

    async def is_to_reconcile(self) -> bool:
        """Whether it is time to compare ids."""
        seconds = await state.seconds_since_reconciled(self.session, self._source.name)
        return seconds is None or not 0 <= seconds < self._source.pace.reconcile_seconds

    async def delete_absent(self, ids: AsyncIterator[Sequence[str]], *, however_many: bool = False) -> Written:
        """Deletes the source's tickets that are not among these ids, which are all of them.

        Suspiciously many are not deleted; that is noted as a warning.
        """
        await self.session.execute(f"TRUNCATE {_IDS}")
        count = 0
        async for batch in ids:
            count += len(batch)
            await self.session.copy_records_to_table(_IDS, schema_name="pg_temp", records=[(id_,) for id_ in batch])
        await self.session.execute(f"ANALYZE {_IDS}")
        gone = await absent_tickets(self.session, self.run_id, _IDS)
        warning = None if however_many else await self._warning(count, len(gone))
        if warning is not None:
            gone = []
        for start in range(0, len(gone), _DELETED_AT_ONCE):
            async with self._turn() as deltas:
                await self._remove(gone[start : start + _DELETED_AT_ONCE], deltas)
        await state.note_reconciled(self.session, self._source.name, len(gone), warning)
        return Written(deleted=len(gone))

    async def forget_rejects(self, gone: Callable[[Sequence[Place]], Awaitable[Sequence[Place]]]) -> None:
        """Takes back the rejects whose rows are gone from the source, as it says of those that are kept."""
        kept = await state.rejected(self.session, self._source.name)
        if kept:
            await state.take_back(self.session, self._source.name, await gone(kept))

    async def _warning(self, there: int, gone: int) -> str | None:
        """Why so many tickets are not deleted; None: they may be."""
        stored = await tickets_of_run(self.session, self.run_id)
        if not gone or (there and gone <= max(_FEW, _SHARE * stored)):
            return None
        return (
            f"The source has {there:,} tickets, and {gone:,} of the {stored:,} that came from it are not among them. "
            f"None was deleted. If they are gone indeed, run `deskgraph sync {self._source.name} --once "
            "--accept-deletes`."
        )

    async def settle(self, on_progress: Callable[[Progress], None]) -> None:
        """After a pass: rollups that it gave up are made anew, and deltas merged once there are many.

        Raises: SetupFault where an import is running, which then does it; Unavailable.
        """
        is_behind = not all(one.is_current for one in await states(self.session))
        if not is_behind and self._uncompacted < _COMPACT_AFTER_ROWS:
            return
        async with import_session(self._dsn, self._opening) as session:
            if is_behind:
                await session.execute("ANALYZE facts")
                await mend(session, on_progress)
            await compact(session)
        self._uncompacted = 0

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[Deltas]:
        """A transaction under the import's lock, with what keeps the rollups in it."""
        with _told():
            async with self.session.transaction():
                await self.session.execute(_TURN_WAIT)
                await self.session.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
                # TRICKY: anew each time, because somebody else may have made rollups, or given them up, since.
                deltas = Deltas(self.session)
                await deltas.begin()
                if self._tickets:
                    await deltas.expect(self._tickets)
                yield deltas

    async def _write(
        self, chunk: Chunk, deltas: Deltas, kept: Dimensions | None, told: dict[int, Outcome | Reject] | None
    ) -> Written:
        rejects: list[Reject] = []
        tally = Tally(rejects.append, None if told is None else told.__setitem__)
        dimensions = await self._current(kept)
        stage = Stage(self.session, dimensions)
        intake = Intake(tally, dimensions, stage)
        for row in chunk.rows:
            intake.take(row)
        if dimensions.is_dirty:
            await write_dimensions(self.session, dimensions, deltas, lambda _: None)
            dimensions.settle()
        await self._replace(chunk, stage, Merge(self.session, dimensions.context(), tally, self.run_id), deltas)
        stored = await stored_tickets(self.session, list(chunk.deleted)) if chunk.deleted else {}
        gone = [(one.organization_id, one.id) for one in stored.values() if one.import_run_id == self.run_id]
        if gone:
            await self._remove(gone, deltas)
        await state.note_rejects(self.session, self._source.name, chunk, rejects)
        if told is not None:
            told |= {reject.line: reject for reject in rejects}
        await stage.clear()
        if all(isinstance(row, Reject) or row.kind in _OF_TICKETS for row in chunk.rows):
            self._dimensions = dimensions
            self._version = await self._data_version()
        rows = tally.rows()
        return Written(rows.new, rows.changed, rows.unchanged, rows.rejected, len(gone))

    async def _current(self, kept: Dimensions | None) -> Dimensions:
        """What tickets point to, as it is stored: as it was read before, where nobody has written since."""
        if kept is not None and self._version == await self._data_version():
            return kept
        dimensions = Dimensions()
        await dimensions.load(self.session)
        return dimensions

    async def _data_version(self) -> int:
        version: int = await self.session.fetchval("SELECT version FROM data_version")
        return version

    async def _replace(self, chunk: Chunk, stage: Stage, merge: Merge, deltas: Deltas) -> None:
        batch = await stage.all()
        if not any(batch[2:]) and not chunk.whole:
            return
        prefers_columns = self._source.prefers_columns
        await merge.begin()
        merge.others = await state.others(self.session, self._source.name)
        cases = await merge.cases_of(batch, prefers_columns=prefers_columns, whole=chunk.whole)
        change = await merge.plan(cases)
        replacing = Replacing(self.session, stage, deltas, prefers_columns, self.run_id)
        await replacing.replace(batch, change, merge.next_ticket_id - 1)
        self._tickets += len(change.facts_of) + len(change.tickets)

    async def _remove(self, keys: Sequence[Key], deltas: Deltas) -> None:
        """Deletes tickets with all that belongs to them."""
        await deltas.expect(len(keys))
        await deltas.leaving(keys)
        gone = list(keys)
        await remove(self.session, Replacement(facts_of=gone, tickets_of=gone, events_of=gone, ratings_of=gone))
        await deltas.arrived(())
        await raise_data_version(self.session)
        self._tickets += len(keys)


@contextmanager
def _told() -> Iterator[None]:
    """Tells what the store's database raises in our words.

    Raises: Unavailable.
    """
    try:
        yield
    except asyncpg.LockNotAvailableError as fault:
        raise Unavailable("An import into this store has been running for a minute; it goes first.") from fault
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.AdminShutdownError) as fault:
        raise Unavailable(f"The store's database went away ({fault}).") from fault
