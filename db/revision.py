"""Whether a database is what this code reads, asked without loading what migrates it."""

from __future__ import annotations

from typing import Final

import asyncpg

from db.engine import Engine
from db.errors import SetupFault
from db.single import connected
from db.statement import Statement
from db.walls import SECOND_WALL, check_second_wall

HEAD: Final = "0011"
"""The newest migration; a test holds it to the scripts."""

READABLE_FROM: Final = "0009"
"""The oldest version, by its own HEAD, whose servers go on over a store at HEAD; `migrate` leaves it in the store."""

FACTS: Final = "0006"
"""The newest migration with which facts are made differently: those of an older store have to be made anew."""

_OF_FACTS: Final = "COMMENT ON COLUMN deskgraph.alembic_version.version_num IS "
FACTS_OLD: Final = f"{_OF_FACTS}'facts are to be made anew'"
"""What the migration itself leaves in such a store, so that nobody forgets where making them was broken off."""
FACTS_MADE: Final = f"{_OF_FACTS}''"
"""What the transaction leaves that has made all of them anew."""
ARE_OLD: Final = "SELECT col_description('deskgraph.alembic_version'::regclass, 1) IS NOT NULL"
"""Whether they are still to be made."""

REVISION: Final = Statement(
    "SELECT version_num, obj_description('deskgraph.alembic_version'::regclass, 'pg_class') AS readable_from"
    " FROM deskgraph.alembic_version",
    planned_once=None,
)
_NEVER_MIGRATED: Final = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)


async def check(engine: Engine) -> None:
    """Refuses a database that this code cannot read, or that does not have the walls of the settings.

    One that a newer version has migrated can be read where that version says so: servers of both go on side by side.

    Raises: SetupFault, Unavailable.
    """
    other = "The database is at another migration than this code reads. Run `deskgraph migrate` of the newest version."
    async with engine.snapshot() as snapshot:
        try:
            found = await snapshot.fetch(REVISION)
        except asyncpg.InsufficientPrivilegeError as fault:  # of before there were grants
            raise SetupFault(other) from fault
        if len(found) != 1 or not is_readable(found[0]["version_num"], found[0]["readable_from"]):
            raise SetupFault(other)
        check_second_wall(await snapshot.fetch(SECOND_WALL), engine.settings.walls)


def is_readable(version: str, readable_from: str | None) -> bool:
    """Whether servers of this code read a store at a migration, which says from which on servers read it."""
    return version == HEAD or (version > HEAD and readable_from is not None and readable_from <= HEAD)


async def revision(dsn: str) -> str | None:
    """The migration a database is at; None where none was ever applied.

    Raises: Unavailable.
    """
    async with connected(dsn) as connection:
        try:
            found: str | None = await connection.fetchval(REVISION.sql)
        except _NEVER_MIGRATED:
            return None
        return found


async def facts_are_old(dsn: str) -> bool:
    """Whether the facts of a migrated store are still those of an earlier version.

    Raises: Unavailable.
    """
    async with connected(dsn) as connection:
        return bool(await connection.fetchval(ARE_OLD))
