"""A real PostgreSQL for every test that asks: one server a session, one fresh database a test or module.

The embedded server by default; `DESKGRAPH_TEST_SERVER` (a DSN whose role may create databases) names another.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from db import embedded, migrate

_numbers = itertools.count(1)


def dsn_of(server: str, name: str) -> str:
    """The server's DSN with another database name."""
    return server.rsplit("/", 1)[0] + "/" + name


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The DSN of a running PostgreSQL server."""
    named = os.environ.get("DESKGRAPH_TEST_SERVER")
    if named:
        yield named
        return
    with embedded.borrow(tmp_path_factory.mktemp("postgresql") / "data") as running:
        yield running.server.dsn


@asynccontextmanager
async def new_database(server: str, template: str | None = None) -> AsyncIterator[str]:
    """The DSN of a new database, dropped afterwards; empty, or a copy of another."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template1'}")
        yield dsn_of(server, name)
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


@pytest.fixture(scope="session")
async def migrated(server: str) -> AsyncIterator[str]:
    """The DSN of a database with the store's tables and no rows; nobody writes to it: it is the template."""
    async with new_database(server) as dsn:
        await migrate.upgrade(dsn)
        yield dsn


@pytest.fixture
async def database(server: str, migrated: str) -> AsyncIterator[str]:
    """The DSN of a fresh, empty, migrated database of one test's own."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real ticket sets; tests that need it are skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real ticket sets are not beside this checkout (../shared/data)")
    return folder
