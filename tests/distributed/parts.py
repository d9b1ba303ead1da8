"""A store in which what is distributed elsewhere is cut in parts by organization, by PostgreSQL itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

import asyncpg

from db import migrate
from db.distribution import COLUMN, PLACED, Placement

PARTS: Final = 8
DISTRIBUTED: Final = [table for table, placement in PLACED.items() if placement is Placement.DISTRIBUTED]
OF_REPORTS: Final = [
    *(table for table, placement in PLACED.items() if placement is not Placement.LOCAL or table.startswith("rollup_")),
    *("data_version", "import_runs", "sla_policies", "calendars"),
]
"""What a report is worked out of."""

_KEYS: Final = (
    "SELECT conname AS name, pg_get_constraintdef(oid) AS told FROM pg_constraint"
    " WHERE conrelid = $1::regclass AND contype IN ('p', 'u')"
)
_INDEXES: Final = (
    "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS told FROM pg_index"
    " WHERE indrelid = $1::regclass AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"
)
_POLICIES: Final = "SELECT * FROM pg_policies WHERE schemaname = 'deskgraph' AND tablename = ANY ($1)"


async def put_in_parts(dsn: str) -> None:
    """Makes a migrated store's distributed tables anew, empty and in parts, with keys, indexes, policies and grants."""
    owner = await asyncpg.connect(dsn, server_settings={"search_path": ""})
    try:
        policies = await owner.fetch(_POLICIES, DISTRIBUTED)
        async with owner.transaction():
            for one in policies:
                await owner.execute(f"DROP POLICY {one['policyname']} ON deskgraph.{one['tablename']}")
            for table in DISTRIBUTED:
                await _cut(owner, f"deskgraph.{table}")
            for one in policies:
                await owner.execute(_policy(one))
    finally:
        await owner.close()
    await migrate.upgrade(dsn)


async def _cut(owner: asyncpg.Connection, table: str) -> None:
    keys = await owner.fetch(_KEYS, table)
    indexes = await owner.fetch(_INDEXES, table)
    await owner.execute(f"ALTER TABLE {table} RENAME TO whole")
    await owner.execute(
        f"CREATE TABLE {table} (LIKE deskgraph.whole INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)"
        f" PARTITION BY HASH ({COLUMN}); DROP TABLE deskgraph.whole"
    )
    for number in range(PARTS):
        told = f"FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {number})"
        await owner.execute(f"CREATE TABLE {table}_{number} PARTITION OF {table} {told}")
    for key in keys:
        await owner.execute(f"ALTER TABLE {table} ADD CONSTRAINT {key['name']} {key['told']}")
    for index in indexes:
        await owner.execute(index["told"])
    await owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")


def _policy(one: Any) -> str:
    check = f" WITH CHECK ({one['with_check']})" if one["with_check"] else ""
    using = f" USING ({one['qual']})" if one["qual"] else ""
    roles = ", ".join(one["roles"])
    return (
        f"CREATE POLICY {one['policyname']} ON deskgraph.{one['tablename']} AS {one['permissive']}"
        f" FOR {one['cmd']} TO {roles}{using}{check}"
    )


async def copy_rows(source: str, target: str) -> None:
    """Brings what reports are worked out of from one migrated store into another."""
    come, go = await asyncpg.connect(source), await asyncpg.connect(target)
    try:
        for table in OF_REPORTS:
            await go.execute(f"TRUNCATE deskgraph.{table}")
            await _copy(come, go, table)
        await go.execute("ANALYZE")
    finally:
        await come.close()
        await go.close()


async def _copy(come: asyncpg.Connection, go: asyncpg.Connection, table: str) -> None:
    waiting: asyncio.Queue[bytes] = asyncio.Queue(maxsize=16)

    async def rows() -> AsyncIterator[bytes]:
        while chunk := await waiting.get():
            yield chunk

    async with asyncio.TaskGroup() as both:
        both.create_task(go.copy_to_table(table, schema_name="deskgraph", source=rows(), format="binary"))
        await come.copy_from_table(table, schema_name="deskgraph", output=waiting.put, format="binary")
        await waiting.put(b"")
