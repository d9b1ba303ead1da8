"""The one place that writes the audit log, by plain INSERTs; and the purge, which is its owner's.

It writes as the role `deskgraph_recorder`, which may do nothing but that (db.grants).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg
import orjson

from db.access import Viewer
from db.audit.record import Record
from db.errors import Unavailable
from db.walls import PURGING, RECORDING, Walls

_COLUMNS: Final = (
    "id uuid, at timestamptz, door text, operation text, outcome text, request_id text, subject text, role text,"
    " scope text, scope_ids text[], document_hash text, variables jsonb, rows int, statements int, duration_ms int,"
    " withheld text[], requests int"
)
_INSERT: Final = (
    f"INSERT INTO deskgraph.audit_log ({', '.join(one.split()[0] for one in _COLUMNS.split(', '))})"
    f" SELECT * FROM jsonb_to_recordset($1::jsonb) AS records ({_COLUMNS}) ON CONFLICT DO NOTHING"
)
"""All records of a batch as one text: written by orjson, it costs a tenth of a row of parameters each."""
_PURGE: Final = "DELETE FROM deskgraph.audit_log WHERE at < $1"
_FAILURES: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_CONNECTIONS: Final = 2
_LARGEST: Final = 2**31 - 1


@dataclass
class AuditStore:
    """Writes records to one database, over connections of its own."""

    dsn: str = field(repr=False)
    timeout_seconds: float = 5.0
    """For a connection, and for a statement."""
    walls: Walls = Walls.BOTH
    _pool: asyncpg.Pool[asyncpg.Record] | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def write(self, records: Iterable[Record]) -> None:
        """Returns when all records are durable; what is there already stays as it is.

        Raises: Unavailable, and then none of them is.
        """
        try:
            pool = await self._opened()
            async with pool.acquire(timeout=self.timeout_seconds) as connection, connection.transaction():
                if self.walls is Walls.BOTH:
                    await connection.execute(RECORDING)
                await connection.execute(_INSERT, orjson.dumps(_rows(records)).decode())
        except _FAILURES as fault:
            raise Unavailable(
                "The audit log cannot be written now, and this request must be recorded before it is answered. "
                "Ask again in a few seconds."
            ) from fault

    async def _opened(self) -> asyncpg.Pool[asyncpg.Record]:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.dsn,
                    min_size=0,
                    max_size=_CONNECTIONS,
                    timeout=self.timeout_seconds,
                    command_timeout=self.timeout_seconds,
                    server_settings={
                        "timezone": "UTC",
                        "application_name": "deskgraph audit",
                        "default_transaction_read_only": "off",
                    },
                )
            return self._pool

    async def close(self) -> None:
        """Gives the connections back."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            with suppress(TimeoutError):
                await asyncio.wait_for(pool.close(), self.timeout_seconds)
            pool.terminate()


def _rows(records: Iterable[Record]) -> list[dict[str, Any]]:
    """The records as the table has them; what is known of a viewer is written once for all of its records."""
    of_viewers: dict[int, dict[str, Any]] = {}
    rows = []
    for record in records:
        known = of_viewers.get(id(record.viewer))
        if known is None:
            known = of_viewers[id(record.viewer)] = _of_viewer(record.viewer)
        rows.append(_row(record) | known)
    return rows


def _of_viewer(viewer: Viewer | None) -> dict[str, Any]:
    return {
        "subject": _text(viewer.subject) if viewer else None,
        "role": viewer.role.value if viewer else None,
        "scope": viewer.realm.value if viewer else None,
        "scope_ids": [_text(one) for one in viewer.scope.ids] if viewer else [],
    }


def _row(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "at": record.at,
        "door": record.door.value,
        "operation": _text(record.operation),
        "outcome": record.outcome.value,
        "request_id": _text(record.request_id),
        "document_hash": record.document_hash,
        "variables": record.variables,
        "rows": min(record.rows, _LARGEST),
        "statements": record.statements,
        "duration_ms": min(record.duration_ms, _LARGEST),
        "withheld": [_text(path) for path in record.withheld],
        "requests": record.requests,
    }


def _text(text: str) -> str:
    """A text that PostgreSQL takes: a record must not be lost because a token's subject has an odd character."""
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


async def purge(dsn: str, before: datetime) -> int:
    """How many records from before an instant were removed; for the owner of the table.

    Raises: Unavailable.
    """
    try:
        connection = await asyncpg.connect(dsn)
        try:
            async with connection.transaction():
                await connection.execute(PURGING)
                return int((await connection.execute(_PURGE, before)).rpartition(" ")[2])
        finally:
            await connection.close()
    except _FAILURES as fault:
        raise Unavailable(
            f"The audit log cannot be purged ({fault}). Name a database and a role that owns the table, then try again."
        ) from fault
