"""Which migration a database is at, asked without loading what migrates it."""

from __future__ import annotations

from typing import Final

import asyncpg

from db.errors import Unavailable
from db.statement import Statement

HEAD: Final = "0003"
"""The newest migration; a test holds it to the scripts."""

REVISION: Final = Statement("SELECT version_num FROM deskgraph.alembic_version")
_NEVER_MIGRATED: Final = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


async def revision(dsn: str) -> str | None:
    """The migration a database is at; None where none was ever applied.

    Raises: Unavailable.
    """
    try:
        connection = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError) as fault:
        raise Unavailable(f"The database is away ({fault}). Check DESKGRAPH_DATABASE_URL, then try again.") from fault
    try:
        found: str | None = await connection.fetchval(REVISION.sql)
        return found
    except _NEVER_MIGRATED:
        return None
    finally:
        await connection.close()
