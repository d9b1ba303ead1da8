"""Sources followed: killed and taken up, woken by what they hear, each by itself."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from db.sync.following import follow_all
from tests.conftest import ROOT
from tests.db.sync.portal import BEGAN, Desk, desk
from tests.db.sync.test_postgresql import imported
from tests.db.test_import import everything

CASES = 3_000
"""Several chunks."""


@pytest.fixture
async def portal(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with desk(server, tmp_path, monkeypatch, further='notify = "cases_changed"') as found:
        yield found


async def until(store: asyncpg.Connection, sql: str) -> None:
    for _ in range(1_200):
        if await store.fetchval(sql):
            return
        await asyncio.sleep(0.05)
    raise AssertionError(f"never: {sql}")


async def test_a_first_load_that_is_killed_is_taken_up_where_it_was(
    server: str, migrated: str, database: str, portal: Desk
) -> None:
    await portal.portal.execute(
        "INSERT INTO cases (opened, state, client, owner) SELECT $1::timestamptz + i * interval '1 minute',"
        " 'R', 'c' || i % 7, 'ada'"
        " FROM generate_series(1, $2::int) AS i",
        *(BEGAN, CASES),
    )
    await portal.portal.execute(
        "INSERT INTO case_log (case_no, at, what, who, said)"
        " SELECT no, opened + interval '1 hour', 'state', owner, 'R' FROM cases"
    )
    store = await asyncpg.connect(database)
    environment = {**os.environ, "DESKGRAPH_DATABASE_URL": database, "DESKGRAPH_JWT_SECRET": "s" * 32}
    child = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-m", "cli", "sync", str(portal.path), "--once"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    await until(store, "SELECT count(*) >= 1000 FROM deskgraph.tickets")
    child.kill()
    assert child.wait() < 0
    await asyncio.sleep(0.2)
    half = await store.fetchval("SELECT count(*) FROM deskgraph.tickets")
    assert half < CASES
    assert half % 1_000 == 0
    assert await store.fetchval("SELECT state FROM deskgraph.sync_sources") == "loading"

    # Meanwhile something changes on both sides of where it broke off.
    await portal.portal.execute("UPDATE cases SET owner = 'bob', changed_at = clock_timestamp() WHERE no IN (10, 2990)")
    written = await portal.sync(database)

    assert written.new < 2 * CASES  # tickets and events; those that were stored did not come again
    assert await everything(store) == await imported(server, migrated, portal)
    await store.close()


async def test_a_source_is_followed_within_moments_and_one_that_is_broken_stops_no_other(
    server: str, database: str, portal: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(server, tmp_path, monkeypatch, "broken") as broken:
        broken.path.write_text(broken.path.read_text().replace("FROM staff", "FROM nobody"))
        portal.path.write_text(portal.path.read_text().replace("interval_seconds = 0.2", "interval_seconds = 3000"))
        await portal.fill(3)
        store = await asyncpg.connect(database)
        task = asyncio.create_task(follow_all(database, [broken.source(), portal.source()]))
        try:
            await until(store, "SELECT count(*) = 3 FROM deskgraph.tickets")
            await until(store, "SELECT failures > 1 FROM deskgraph.sync_sources WHERE name = 'broken'")
            # The interval is long: only what it hears wakes it.
            await portal.portal.execute("INSERT INTO cases (opened, state) VALUES ($1, 'N')", BEGAN)
            await portal.portal.execute("NOTIFY cases_changed")
            await until(store, "SELECT count(*) = 4 FROM deskgraph.tickets")

            rows = await store.fetch("SELECT name, state, error FROM deskgraph.sync_sources ORDER BY name")
            assert [(row["name"], row["state"]) for row in rows] == [("broken", "failing"), ("desk", "following")]
            assert 'relation "nobody" does not exist' in rows[0]["error"]
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await store.close()
