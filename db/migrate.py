"""Brings a database to the store's present shape, or back: Alembic's migrations, run over asyncpg."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db import grants
from db.errors import SetupFault
from db.models import SCHEMA
from db.revision import FACTS, FACTS_OLD, READABLE_FROM
from db.walls import Walls

_LOCK = 7_203_001
"""The advisory lock under which one process migrates while others wait."""
_NOT_NOW: Final = frozenset({"55P03", "40P01"})
"""The SQLSTATEs of a lock that is not to be had, and of a deadlock with who holds it."""
_IN_THE_WAY: Final = text(
    "SELECT pid, coalesce(nullif(application_name, ''), 'without a name') AS name,"
    " date_part('epoch', clock_timestamp() - xact_start)::int AS seconds FROM pg_stat_activity"
    " WHERE datname = current_database() AND xact_start < clock_timestamp() - interval '1 second'"
    " AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY xact_start LIMIT 3"
)


@dataclass(frozen=True)
class Patience:
    """How a migration waits for locks: reports that come meanwhile wait behind it, so never for long.

    For less than a second, after which PostgreSQL looks for deadlocks and might end a report to resolve one.
    """

    lock_wait_ms: int = 500
    attempts: int = 60


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def sqlalchemy_url(dsn: str) -> str:
    """The DSN as SQLAlchemy's asyncpg dialect wants it."""
    return "postgresql+asyncpg://" + dsn.split("://", 1)[1]


async def _run(dsn: str, step: Callable[[Connection], None]) -> None:
    engine = create_async_engine(sqlalchemy_url(dsn), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            await connection.run_sync(step)
    finally:
        await engine.dispose()


async def _in_the_way(dsn: str) -> str:
    """The transactions that have been open for long, for who is to end one."""
    engine = create_async_engine(sqlalchemy_url(dsn), poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            found = (await connection.execute(_IN_THE_WAY)).all()
    finally:
        await engine.dispose()
    told = ", ".join(f"process {row.pid} ({row.name}) for {row.seconds} s" for row in found)
    return f" Open for long: {told}." if told else ""


def _upgrading(revision: str, walls: Walls, lock_wait_ms: int) -> Callable[[Connection], None]:
    """What an upgrade does in its transaction."""

    def step(connection: Connection) -> None:
        if walls is Walls.BOTH:
            grants.ensure_roles(connection)  # the cluster's: this waits for other migrations
        connection.execute(text(f"SET LOCAL lock_timeout = {lock_wait_ms}"))
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        before = _revision(connection)
        command.upgrade(_config(connection), revision)
        if before is not None and before < FACTS:
            connection.execute(text(FACTS_OLD))
        if walls is Walls.BOTH:
            grants.grant(connection)
        if revision == "head":
            connection.execute(text(f"COMMENT ON TABLE {SCHEMA}.alembic_version IS '{READABLE_FROM}'"))

    return step


def _revision(connection: Connection) -> str | None:
    """The migration of a store; None where there is none."""
    if connection.scalar(text("SELECT to_regclass('deskgraph.alembic_version')")) is None:
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM deskgraph.alembic_version"))
    return found


async def upgrade(
    dsn: str, revision: str = "head", walls: Walls = Walls.BOTH, patience: Patience | None = None
) -> None:
    """Applies the migrations up to a revision and grants what `db.grants` lists, in one transaction.

    A lock that is not to be had soon is let go of and tried for again, so that nobody waits long behind it.

    Raises: SetupFault, where the owner may not make the reading roles, or a migration fails; the store is as before.
    """

    patience = patience or Patience()
    step = _upgrading(revision, walls, patience.lock_wait_ms)
    for tried in range(1, patience.attempts + 1):
        try:
            await _run(dsn, step)
            break
        except CommandError as fault:
            raise SetupFault(
                f"The store is at a migration that this version does not know ({fault}): a newer one has made it. "
                "Migrate with that version."
            ) from fault
        except DBAPIError as fault:
            if _state(fault) not in _NOT_NOW:
                raise SetupFault(f"The migration failed, and the store is as it was before: {fault.orig}") from fault
            if tried == patience.attempts:
                raise SetupFault(
                    f"The migration found no moment for its locks in {tried} attempts, and the store is as it was "
                    f"before.{await _in_the_way(dsn)} End what holds them, or try again later."
                ) from fault
        await asyncio.sleep(patience.lock_wait_ms / 1000)  # those that waited behind it go first


def _state(fault: DBAPIError) -> str | None:
    """The SQLSTATE of a fault of the database."""
    cause = fault.orig.__cause__ if fault.orig else None
    return cause.sqlstate if isinstance(cause, asyncpg.PostgresError) else None


async def make_roles(dsn: str, walls: Walls) -> None:
    """Makes the server's roles where they are missing, before a store is restored whose policies name them.

    Raises: SetupFault.
    """
    if walls is Walls.BOTH:
        await _run(dsn, grants.ensure_roles)


async def tidy(dsn: str) -> None:
    """Tells the planner what a restored store holds, and which of its pages need no look at the rows."""
    engine = create_async_engine(sqlalchemy_url(dsn), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        async with engine.connect() as connection:
            tables = await connection.scalars(text(grants.TABLES))
            for table in tables.all():
                await connection.execute(text(f"VACUUM (ANALYZE) {SCHEMA}.{table}"))
    finally:
        await engine.dispose()


async def downgrade(dsn: str, revision: str = "base") -> None:
    """Takes the migrations back to a revision, and all grants with them, in one transaction."""

    def step(connection: Connection) -> None:
        grants.take_back(connection)
        command.downgrade(_config(connection), revision)

    await _run(dsn, step)


async def draft(dsn: str, message: str) -> None:
    """Writes a new migration from the difference between the models and a database; for developers."""

    def write(connection: Connection) -> None:
        command.revision(_config(connection), message=message, autogenerate=True)

    await _run(dsn, write)
