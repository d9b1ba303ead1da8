"""What the store remembers of live sources: how far each was read, how it fares, which of its rows cannot go in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.importing.session import Session
from db.sources.rows import Reject
from db.sync.source import Checkpoint, Chunk, LiveSource, Place

REJECTS_KEPT: Final = 1_000
"""Of one source."""

_TEXT_KEPT: Final = 500

_RUN: Final = (
    "INSERT INTO import_runs (started_at, finished_at, state, source, fingerprint,"
    " rows_read, rows_new, rows_changed, rows_unchanged, rows_rejected)"
    " VALUES (now(), now(), 'finished', $1, 'sync', 0, 0, 0, 0, 0) RETURNING id"
)
_ADD: Final = (
    "INSERT INTO sync_sources (name, kind, state, run_id, stale_after_seconds,"
    " failures, rejects, rows_new, rows_changed, tickets_deleted)"
    " VALUES ($1, $2, 'loading', $3, $4, 0, 0, 0, 0, 0)"
)
_KNOWN: Final = "UPDATE sync_sources SET kind = $2, stale_after_seconds = $3 WHERE name = $1 RETURNING run_id"
_CHECKPOINT: Final = "SELECT checkpoint FROM sync_sources WHERE name = $1"
_OTHERS: Final = "SELECT run_id, name FROM sync_sources WHERE name <> $1"
_BEGIN: Final = "UPDATE sync_sources SET began_at = clock_timestamp() WHERE name = $1"
_NOTE: Final = (
    "UPDATE sync_sources SET checkpoint = $2, as_of = coalesce($3, as_of),"
    " state = CASE WHEN $3::timestamptz IS NOT NULL THEN 'following' WHEN as_of IS NULL THEN 'loading' ELSE state END,"
    " failures = CASE WHEN $3::timestamptz IS NULL THEN failures ELSE 0 END,"
    " error = CASE WHEN $3::timestamptz IS NULL THEN error END,"
    " skew_seconds = coalesce($4, skew_seconds),"
    " rows_new = rows_new + $5, rows_changed = rows_changed + $6, tickets_deleted = tickets_deleted + $7"
    " WHERE name = $1"
)
_FAIL: Final = (
    "UPDATE sync_sources SET state = 'failing', failures = failures + 1, error = $2, failed_at = clock_timestamp()"
    " WHERE name = $1"
)
_RECONCILED: Final = (
    "UPDATE sync_sources SET reconciled_at = clock_timestamp(), tickets_deleted = tickets_deleted + $2, warning = $3"
    " WHERE name = $1"
)
_SINCE_RECONCILED: Final = (
    "SELECT extract(epoch FROM clock_timestamp() - reconciled_at)::float8 FROM sync_sources WHERE name = $1"
)
_REJECTS: Final = "SELECT rejects FROM sync_sources WHERE name = $1"
_TAKE_BACK: Final = (
    "DELETE FROM sync_rejects AS r USING unnest($2::text[], $3::text[]) AS seen (file, key)"
    " WHERE r.source = $1 AND r.file = seen.file AND r.key = seen.key"
)
_KEPT: Final = "SELECT file, key FROM sync_rejects WHERE source = $1"
_REJECT: Final = (
    'INSERT INTO sync_rejects (source, file, key, "column", reason, text, at)'
    " SELECT $1, *, clock_timestamp() FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])"
    " LIMIT greatest(0, $7 - (SELECT count(*) FROM sync_rejects WHERE source = $1))"
    " ON CONFLICT (source, file, key) DO UPDATE SET"
    ' "column" = excluded."column", reason = excluded.reason, text = excluded.text, at = excluded.at'
)
_COUNT: Final = (
    "UPDATE sync_sources SET rejects = (SELECT count(*) FROM sync_rejects WHERE source = $1) WHERE name = $1"
)


@dataclass(frozen=True)
class Written:
    """What a chunk, or several, did to the store."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    deleted: int = 0
    """Tickets."""

    def __add__(self, other: Written) -> Written:
        return Written(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.rejected + other.rejected,
            self.deleted + other.deleted,
        )


async def register(session: Session, source: LiveSource) -> int:
    """The id of the run that a source's tickets come by; the source is known from now on."""
    async with session.transaction():
        stale_after = source.pace.stale_after_seconds
        known: int | None = await session.fetchval(_KNOWN, source.name, source.kind, stale_after)
        if known is not None:
            return known
        run_id: int = await session.fetchval(_RUN, source.name)
        await session.execute(_ADD, source.name, source.kind, run_id, stale_after)
        return run_id


async def checkpoint(session: Session, name: str) -> Checkpoint | None:
    """How far a source has been read; None: not at all."""
    kept: str | None = await session.fetchval(_CHECKPOINT, name)
    return json.loads(kept) if kept is not None else None


async def others(session: Session, name: str) -> dict[int, str]:
    """The other sources' names, by the runs that their tickets come by."""
    return {row[0]: row[1] for row in await session.fetch(_OTHERS, name)}


async def begin_pass(session: Session, name: str) -> None:
    """Notes that a source is asked."""
    await session.execute(_BEGIN, name)


async def note(session: Session, name: str, chunk: Chunk, written: Written) -> None:
    """Notes, in the transaction of a chunk, that it is stored."""
    told = (json.dumps(chunk.checkpoint), chunk.as_of, chunk.skew_seconds)
    await session.execute(_NOTE, name, *told, written.new, written.changed, written.deleted)


async def fail(session: Session, name: str, message: str) -> None:
    """Notes that a pass has failed."""
    await session.execute(_FAIL, name, message[:2_000])


async def note_reconciled(session: Session, name: str, deleted: int, warning: str | None) -> None:
    """Notes that ids were compared; the warning says why nothing was deleted, where that was refused."""
    await session.execute(_RECONCILED, name, deleted, warning)


async def seconds_since_reconciled(session: Session, name: str) -> float | None:
    """How long ago ids were compared; None: never."""
    seconds: float | None = await session.fetchval(_SINCE_RECONCILED, name)
    return seconds


async def note_rejects(session: Session, name: str, chunk: Chunk, rejects: Sequence[Reject]) -> None:
    """Keeps the rejects of a chunk, and takes back those of before whose rows have come again."""
    had: int = await session.fetchval(_REJECTS, name)
    if had:
        await session.execute(_TAKE_BACK, name, *_places(chunk))
    if rejects:
        rows: dict[tuple[str, str], tuple[Any, ...]] = {}
        for reject in rejects:
            rows[reject.file, key_of(chunk, reject.line)] = (reject.column, reject.reason, reject.text[:_TEXT_KEPT])
        columns = zip(*((*place, *told) for place, told in rows.items()), strict=True)
        await session.execute(_REJECT, name, *(list(column) for column in columns), REJECTS_KEPT)
    if had or rejects:
        await session.execute(_COUNT, name)


async def rejected(session: Session, name: str) -> list[Place]:
    """The rows that are kept as ones that cannot go in."""
    return [(row[0], row[1]) for row in await session.fetch(_KEPT, name)]


async def take_back(session: Session, name: str, places: Sequence[Place]) -> None:
    """Forgets rejects."""
    async with session.transaction():
        await session.execute(_TAKE_BACK, name, [file for file, _ in places], [key for _, key in places])
        await session.execute(_COUNT, name)


def key_of(chunk: Chunk, line: int) -> str:
    """What the source calls the row of a line."""
    return chunk.keys[line] if chunk.keys else str(line)


def _places(chunk: Chunk) -> tuple[list[str], list[str]]:
    places = {(row.file, key_of(chunk, row.line)) for row in chunk.rows}
    return [file for file, _ in places], [key for _, key in places]
