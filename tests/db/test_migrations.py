"""The migrations: they say the same as the models, and go down and up again with data in place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Text, inspect
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import AutoString

from db import (
    export_tables,  # noqa: F401  registers its tables
    migrate,
    schedule_tables,  # noqa: F401  registers its tables
    sync_tables,  # noqa: F401  registers its tables
)
from db.models import SCHEMA, SQLModel
from db.revision import HEAD, READABLE_FROM, is_readable, revision
from db.rollups import tables  # noqa: F401  registers its tables
from db.rollups.settled import FACT_INDEXES
from db.sources.rows import DimensionRow, RowKind
from tests.conftest import ROOT
from tests.db.test_import import Read, agent, bring, facts, policy, rating, resolved, ticket


@pytest.fixture
async def empty(database: str) -> str:
    """The DSN of a database without a migration."""
    connection = await asyncpg.connect(database)
    await connection.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
    await connection.close()
    return database


async def look(dsn: str, step: Any) -> Any:
    # A role called like the schema has it as its default one, which Alembic then calls None.
    elsewhere = {"server_settings": {"search_path": "public"}}
    engine = create_async_engine(migrate.sqlalchemy_url(dsn), poolclass=NullPool, connect_args=elsewhere)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(step)
    finally:
        await engine.dispose()


def differs(_: Any, __: Any, ___: Any, stored: TypeEngine[Any], modelled: TypeEngine[Any]) -> bool | None:
    """False where both are text: the models' strings are VARCHAR without a length, the same in PostgreSQL."""
    return False if isinstance(stored, Text) and isinstance(modelled, AutoString) else None


def differences(connection: Connection) -> list[Any]:
    """What alembic would have to change for the database to be as the models say."""
    context = MigrationContext.configure(
        connection,
        opts={
            "version_table_schema": SCHEMA,
            "include_schemas": True,
            "include_name": lambda name, kind, _: kind != "schema" or name == SCHEMA,
            "compare_type": differs,
            "compare_server_default": True,
        },
    )
    return list(compare_metadata(context, SQLModel.metadata))


def _plain(sql: str) -> str:
    return sql.replace("character varying", "text").replace("::text", "").replace("[]", "")


def checks_and_keys(connection: Connection) -> dict[str, set[str]]:
    """Of each table what alembic does not compare: its checks and its primary key."""
    inspector = inspect(connection)
    return {
        table: {
            f"{check['name']}: {_plain(check['sqltext'])}" for check in inspector.get_check_constraints(table, SCHEMA)
        }
        | {repr(inspector.get_pk_constraint(table, SCHEMA)["constrained_columns"])}
        for table in inspector.get_table_names(SCHEMA)
        if table != "alembic_version"
    }


async def test_the_migrated_database_is_what_the_models_say(migrated: str, empty: str) -> None:
    assert await look(migrated, differences) == []

    engine = create_async_engine(migrate.sqlalchemy_url(empty), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"CREATE SCHEMA {SCHEMA}")
        await connection.run_sync(SQLModel.metadata.create_all)
    await engine.dispose()
    assert await look(empty, checks_and_keys) == await look(migrated, checks_and_keys)


def test_the_head_that_the_gateway_asks_for_is_the_newest_script_and_the_oldest_reader_of_its_store_is_one() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "db" / "migrations"))
    scripts = ScriptDirectory.from_config(config)

    assert scripts.get_heads() == [HEAD]
    assert READABLE_FROM in {one.revision for one in scripts.walk_revisions()}


def test_the_indexes_of_facts_that_are_asked_for_are_those_of_the_table() -> None:
    """What finds them missing does not load the models."""
    assert {index.name for index in SQLModel.metadata.tables[f"{SCHEMA}.facts"].indexes} == set(FACT_INDEXES)


async def test_an_empty_database_is_brought_to_the_head_and_stays_there(empty: str) -> None:
    assert await revision(empty) is None

    await migrate.upgrade(empty)
    await migrate.upgrade(empty)
    assert await revision(empty) == HEAD


async def test_migrations_go_down_and_up_again_with_data_in_place(database: str) -> None:
    rows = [
        Read(RowKind.TEAMS, "teams.csv", 2, DimensionRow("desk", "Desk")),
        agent("ada", "desk"),
        policy("all", 3600),
        ticket("T-1", assignee="ada", updated_at=datetime(2024, 3, 2, tzinfo=UTC), tags=("vip",)),
        resolved("T-1", 2),
        rating("T-1", 3, 5),
    ]
    store = await asyncpg.connect(database)
    await bring(database, *rows)
    before = await facts(store, "T-1", "at", "agent", "team", "within_target")

    await migrate.downgrade(database)
    assert await revision(database) is None
    left = await store.fetch("SELECT relname FROM pg_class WHERE relnamespace = $1::regnamespace", SCHEMA)
    assert {row[0] for row in left} <= {"alembic_version", "alembic_version_pkc"}
    await migrate.upgrade(database)
    await store.reload_schema_state()
    assert (await bring(database, *rows)).rows.new == len(rows)
    assert await facts(store, "T-1", "at", "agent", "team", "within_target") == before
    await store.close()


@pytest.mark.parametrize(
    ("version", "readable_from", "is_read"),
    [
        (HEAD, None, True),
        (HEAD, "0001", True),
        ("9999", HEAD, True),
        ("9999", "0001", True),
        ("9999", "9998", False),
        ("9999", None, False),
        ("0001", "0001", False),
    ],
)
def test_a_store_is_read_at_ones_own_migration_or_at_a_newer_one_that_says_so(
    version: str, readable_from: str | None, is_read: bool
) -> None:
    assert is_readable(version, readable_from) is is_read
