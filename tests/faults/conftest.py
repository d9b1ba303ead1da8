"""A real server over a real PostgreSQL of its own, which the tests take away from it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from db import migrate
from db.rollups.upkeep.settling import settle
from tests.conftest import REPORTING_ZONES, RunningGateway, dsn_of, serving
from tests.faults.doors import Truth
from tests.faults.postgres import Postgres
from tests.stores import fill_desk

HASTY = {
    "DESKGRAPH_REQUEST_TIMEOUT_MS": "4000",
    "DESKGRAPH_EXPORT_TIMEOUT_MS": "4000",
    "DESKGRAPH_STATEMENT_TIMEOUT_MS": "2000",
    "DESKGRAPH_EXPORT_STATEMENT_TIMEOUT_MS": "2000",
}
"""So that what is never answered is given up soon."""


@pytest.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """A PostgreSQL with the small desk."""
    found = Postgres(tmp_path_factory.mktemp("faults") / "data")
    found.start()
    try:
        await migrate.upgrade(found.dsn)
        await settle(found.dsn, REPORTING_ZONES, lambda _: None)
        await fill_desk(found.dsn)
        owner = await asyncpg.connect(dsn_of(found.dsn, "postgres"))
        await owner.execute("CREATE DATABASE written TEMPLATE deskgraph")
        await owner.close()
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="session")
async def gateway(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    """The real server over it."""
    async with serving(postgres.dsn, tmp_path_factory.mktemp("served") / "log", **HASTY) as running:
        yield running


@pytest.fixture(scope="session")
async def truth(gateway: RunningGateway) -> Truth:
    """The right answers."""
    return await Truth(gateway.url).learn()
