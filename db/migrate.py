"""Brings a database to the store's present shape, or back: Alembic's migrations, run over asyncpg."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from db import grants
from db.models import SCHEMA
from db.walls import Walls

_LOCK = 7_203_001
"""The advisory lock under which one process migrates while others wait."""


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
            await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            await connection.run_sync(step)
    finally:
        await engine.dispose()


async def upgrade(dsn: str, revision: str = "head", walls: Walls = Walls.BOTH) -> None:
    """Applies the migrations up to a revision and grants what `db.grants` lists, in one transaction.

    Raises: SetupFault, where the owner may not make the reading roles.
    """

    def step(connection: Connection) -> None:
        if walls is Walls.BOTH:
            grants.ensure_roles(connection)
        command.upgrade(_config(connection), revision)
        if walls is Walls.BOTH:
            grants.grant(connection)

    await _run(dsn, step)


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
