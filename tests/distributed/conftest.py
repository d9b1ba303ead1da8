"""The demo in tables that are cut by organization: in parts of PostgreSQL's own, or on a coordinator's machines.

`DESKGRAPH_TEST_COORDINATOR` names the database of a coordinator, empty or with the demo.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from db import distributing, migrate
from db.rollups.upkeep.settling import settle
from db.walls import Walls
from tests.conftest import REPORTING_ZONES, Asking, asking, name_of, new_database
from tests.distributed.parts import copy_rows, put_in_parts
from tests.stores import fill_demo

COORDINATOR = "DESKGRAPH_TEST_COORDINATOR"


@dataclass(frozen=True)
class Store:
    """A store in more than one piece."""

    dsn: str
    walls: Walls


@pytest.fixture(scope="session")
async def cut_store(server: str, migrated: str, demo_database: str) -> AsyncIterator[Store]:
    """The demo, cut by organization."""
    coordinator = os.environ.get(COORDINATOR)
    if coordinator:
        await _distribute(coordinator)
        yield Store(coordinator, Walls.STATEMENT)
        return
    async with new_database(server, template=name_of(migrated)) as dsn:
        await put_in_parts(dsn)
        await copy_rows(demo_database, dsn)
        yield Store(dsn, Walls.BOTH)


async def _distribute(dsn: str) -> None:
    """Brings a coordinator's database to the demo, where it is not there yet; any other data is left alone."""
    await distributing.require_citus(dsn)
    await migrate.upgrade(dsn, walls=Walls.STATEMENT)
    await distributing.distribute(dsn)
    connection = await asyncpg.connect(dsn)
    try:
        sources = [row[0] for row in await connection.fetch("SELECT source FROM deskgraph.import_runs")]
    finally:
        await connection.close()
    assert set(sources) <= {"demo"}, "The coordinator's database has other data than the demo: name an empty one."
    if not sources:
        await settle(dsn, REPORTING_ZONES, lambda _: None)
        await fill_demo(dsn)


@pytest.fixture(scope="session")
async def ask_cut(cut_store: Store) -> AsyncIterator[Asking]:
    """Asks it, at the instant where the demo ends."""
    async with asking(cut_store.dsn, walls=cut_store.walls) as found:
        yield found
