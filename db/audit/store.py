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

from db.audit.record import Record
from db.errors import Unavailable
from db.walls import PURGING, RECORDING, Walls

_INSERT: Final = (
    "INSERT INTO deskgraph.audit_log (id, at, door, operation, outcome, request_id, subject, role, scope, scope_ids,"
    " document_hash, variables, rows, statements, duration_ms, withheld, requests)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
    " ON CONFLICT DO NOTHING"
)
_PURGE: Final = "DELETE FROM deskgraph.audit_log WHERE at < $1"
_FAILURES: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
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
                await connection.executemany(_INSERT, [_row(record) for record in records])
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


def _row(record: Record) -> tuple[Any, ...]:
    viewer = record.viewer
    return (
        record.id,
        record.at,
        record.door.value,
        _text(record.operation),
        record.outcome.value,
        _text(record.request_id),
        _text(viewer.subject) if viewer else None,
        viewer.role.value if viewer else None,
        viewer.realm.value if viewer else None,
        [_text(one) for one in viewer.scope.ids] if viewer else [],
        record.document_hash,
        orjson.dumps(record.variables).decode(),
        min(record.rows, _LARGEST),
        record.statements,
        min(record.duration_ms, _LARGEST),
        [_text(path) for path in record.withheld],
        record.requests,
    )


def _text(text: str) -> str:
    """A text that PostgreSQL takes: a record must not be lost because a token's subject has an odd character."""
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
