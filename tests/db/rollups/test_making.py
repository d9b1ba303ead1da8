"""Rollups made from all facts, and the proof that they are their sums, which can fail."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from db.rollups.upkeep import making
from db.rollups.upkeep.settling import rebuild, settle
from db.rollups.upkeep.verifying import Difference, verify
from tests.conftest import new_database
from tests.db.rollups.desk import Desk
from tests.db.test_import import bring

ODD = ("America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Beirut")
"""Half an hour off, half an hour of summer time, a day left out, clocks changed at midnight."""


async def differences(dsn: str) -> list[Difference]:
    """How the rollups of all zones, which must be ready, differ from the facts."""
    zones, found = await verify(dsn, [], lambda _: None)
    connection = await asyncpg.connect(dsn)
    kept = await connection.fetchval("SELECT count(*) FROM deskgraph.rollup_zones")
    await connection.close()
    assert len(zones) == kept, "a zone is not ready"
    return found


@pytest.fixture(scope="module")
async def desk(server: str, migrated: str) -> AsyncIterator[str]:
    """The DSN of a database with a small desk; nobody writes to it."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        await bring(dsn, *Desk(1).writes(80))
        yield dsn


@pytest.fixture
async def small(server: str, desk: str) -> AsyncIterator[str]:
    """The DSN of a copy of it, of one test's own."""
    async with new_database(server, template=desk.rsplit("/", 1)[1]) as dsn:
        yield dsn


async def test_days_are_those_of_every_zone(small: str) -> None:
    await settle(small, ODD, lambda _: None)

    assert await differences(small) == []


TAMPERINGS = {
    "rollup_topic": "numbers[4] = numbers[4] + 1",
    "rollup_total": "numbers = '{1}'",
    "rollup_agent": "block = block + 1",
    "rollup_category": "block = block - 4096",
    "rollup_hour_bins": "bins = bins[2:6] || bins[1:1]",
    "rollup_status_bins": "bins[1] = substr(bins[1], 7)",
    "rollup_category_bins": "bins[1] = set_byte(bins[1], 5, (get_byte(bins[1], 5) + 1) % 256)",
}


@pytest.mark.parametrize("level", [0, 3, 5])
async def test_rows_that_were_tampered_with_are_found(small: str, level: int) -> None:
    connection = await asyncpg.connect(small)
    for table, change in TAMPERINGS.items():
        there = " AND bins[1] <> ''" if table.endswith("_bins") else ""
        chosen = f"SELECT ctid FROM deskgraph.{table} WHERE level = {level}{there} ORDER BY ctid LIMIT 1"
        told = await connection.execute(f"UPDATE deskgraph.{table} SET {change} WHERE ctid = ({chosen})")
        assert told == "UPDATE 1"
    await connection.close()

    found = await differences(small)

    assert {one.where.split(",")[0] for one in found} == set(TAMPERINGS)
    assert all(f"level {level}," in one.where and one.expected != one.found for one in found)


async def test_a_first_day_after_the_first_fact_is_found(small: str) -> None:
    connection = await asyncpg.connect(small)
    await connection.execute("UPDATE deskgraph.rollup_zones SET first_day = first_day + 1 WHERE zone = 'UTC'")
    await connection.close()

    (found,) = await differences(small)

    assert (found.zone, found.where, found.found) == ("UTC", "rollup_zones", found.expected + 1)
    assert "first_day" in found.what


async def test_a_fact_that_came_by_another_way_is_found(small: str) -> None:
    connection = await asyncpg.connect(small)
    await connection.execute("UPDATE deskgraph.facts SET priority = priority % 4 + 1 WHERE source = 3")
    await connection.close()

    found = await differences(small)

    assert {one.where.split(",")[0] for one in found} == {"rollup_topic", "rollup_topic_bins"}


async def test_levels_above_a_step_are_the_sums_too(small: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same rows, whether all days are one step or each sixteen are."""
    monkeypatch.setattr(making, "FACTS_AT_ONCE", -1)

    await rebuild(small, [], lambda _: None)

    assert await differences(small) == []
    monkeypatch.undo()
    assert await differences(small) == []
