"""The record of an import in `import_runs`: how far it came, so that the next one can take it up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from db.importing.session import Session, import_session
from db.importing.tally import Counts
from db.sources.rows import RowSource

_LAST: Final = (
    "SELECT id, merged_through, rows_new, rows_changed, state <> 'finished' AND fingerprint = $1 AS is_mine"
    " FROM import_runs ORDER BY id DESC LIMIT 1"
)
_TAKE_UP: Final = "UPDATE import_runs SET state = 'running', finished_at = NULL WHERE id = $1"
_BURY: Final = "UPDATE import_runs SET state = 'failed', finished_at = now() WHERE state = 'running'"
_BEGIN: Final = (
    "INSERT INTO import_runs (started_at, state, source, fingerprint,"
    " rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected)"
    " VALUES (now(), 'running', $1, $2, 0, 0, 0, 0, 0) RETURNING id"
)
_NOTE: Final = (
    "UPDATE import_runs SET merged_through = coalesce($2, merged_through), rows_read = $3,"
    " rows_new = $4, rows_changed = $5, rows_unchanged = $6, rows_rejected = $7 WHERE id = $1"
)
_END: Final = "UPDATE import_runs SET state = $2, finished_at = now() WHERE id = $1"


@dataclass(frozen=True, slots=True)
class ImportRun:
    """One run, perhaps one taken up again."""

    id: int
    merged_through: str | None
    """The ticket up to which an interrupted run has merged the same rows."""
    new_before: int
    changed_before: int

    @classmethod
    async def begin(cls, session: Session, source: RowSource) -> ImportRun:
        """The run to work under: the last one if it was of equal input and did not end, else a new one."""
        last = await session.fetchrow(_LAST, source.fingerprint)
        if last is not None and last["is_mine"] and last["merged_through"] is not None:
            await session.execute(_TAKE_UP, last["id"])
            return cls(last["id"], last["merged_through"], last["rows_new"], last["rows_changed"])
        await session.execute(_BURY)
        return cls(await session.fetchval(_BEGIN, source.name, source.fingerprint), None, 0, 0)

    async def note(self, session: Session, through: str | None, rows: Counts) -> None:
        """Notes, in the transaction of a batch, that it is done; counts include what was merged before."""
        new, changed = self.new_before + rows.new, self.changed_before + rows.changed
        unchanged = max(0, rows.new + rows.changed + rows.unchanged - new - changed)
        await session.execute(_NOTE, self.id, through, rows.read, new, changed, unchanged, rows.rejected)

    async def end(self, session: Session, state: str) -> None:
        """Notes that the run is `finished`, or `failed`."""
        await session.execute(_END, self.id, state)


async def has_imported(dsn: str) -> bool:
    """Whether any import into this store has come to its end."""
    async with import_session(dsn) as session:
        found: bool = await session.fetchval("SELECT EXISTS (SELECT FROM import_runs WHERE state = 'finished')")
        return found


async def sources(dsn: str) -> set[str]:
    """The names of all that was imported into this store, or began to be."""
    async with import_session(dsn) as session:
        return {row["source"] for row in await session.fetch("SELECT DISTINCT source FROM import_runs")}
