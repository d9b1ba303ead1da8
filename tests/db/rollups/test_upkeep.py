"""The law of the rollups: whatever is written, by whom, and when it breaks off, they are the sums of the facts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from db.domain import Status
from db.importing.session import import_session
from db.importing.writer import import_rows, recompute
from db.rollups.cuboids import CUBOIDS
from db.rollups.upkeep import deltas
from db.rollups.upkeep.compacting import compact
from db.rollups.upkeep.settling import rebuild, settle
from db.rollups.upkeep.verifying import verify
from db.sources.rows import Read, TicketRow
from tests.conftest import REPORTING_ZONES
from tests.db.rollups.desk import Desk
from tests.db.rollups.test_making import differences
from tests.db.test_import import ListSource, bring, store

__all__ = ["store"]  # the fixture

TABLES = [table for cuboid in CUBOIDS for table in (cuboid.numbers, cuboid.bins)]


async def rows(store: asyncpg.Connection) -> dict[str, list[str]]:
    """Every row of every table, in order."""
    return {table: sorted(map(repr, await store.fetch(f"SELECT * FROM deskgraph.{table}"))) for table in TABLES}


async def delta_count(store: asyncpg.Connection) -> int:
    counts = [await store.fetchval(f"SELECT count(*) FROM deskgraph.{table} WHERE is_delta") for table in TABLES]
    return sum(counts)


@pytest.mark.parametrize("seed", [1, 2])
async def test_after_every_write_and_compaction_they_are_the_sums_of_the_facts(
    database: str, store: asyncpg.Connection, seed: int
) -> None:
    desk = Desk(seed)
    for _ in range(3):
        await bring(database, *desk.writes(12))
        assert await differences(database) == []
    await recompute(database, lambda _: None)
    assert await differences(database) == []
    assert await delta_count(store) > 0

    async with import_session(database) as session:
        await compact(session, 0)
    assert await differences(database) == []
    assert await delta_count(store) == 0

    kept = await rows(store)
    await rebuild(database, [], lambda _: None)
    assert await rows(store) == kept


async def test_facts_that_stay_the_same_leave_no_row(database: str, store: asyncpg.Connection) -> None:
    await bring(database, *Desk(4).writes(12))
    before = await rows(store)

    await recompute(database, lambda _: None)

    assert await rows(store) == before


async def test_rows_that_come_to_nothing_vanish(database: str, store: asyncpg.Connection) -> None:
    tickets = Desk(5).writes(12)
    await bring(database, *tickets)
    gone = [
        read._replace(row=read.row._replace(status=Status.DELETED, updated_at=None))
        for read in tickets
        if isinstance(read, Read) and isinstance(read.row, TicketRow)
    ]

    await bring(database, *gone)
    async with import_session(database) as session:
        await compact(session, 0)

    assert await store.fetchval("SELECT count(*) FROM deskgraph.facts") == 0
    assert not any((await rows(store)).values())


async def test_writers_compactions_and_readers_do_not_disturb_each_other(database: str) -> None:
    desk, is_over = Desk(6), asyncio.Event()
    await bring(database, *desk.writes(10))

    async def write() -> None:
        for _ in range(5):
            await bring(database, *desk.writes(10))
        is_over.set()

    async def merge() -> None:
        connection = await asyncpg.connect(database)
        await connection.execute("SET search_path = deskgraph")
        while not is_over.is_set():
            await compact(connection, 0)
        await connection.close()

    async def read() -> int:
        times = 0
        while not is_over.is_set():
            assert await differences(database) == []
            times += 1
        return times

    *_, times = await asyncio.gather(write(), merge(), merge(), read())

    assert times > 0
    assert await differences(database) == []


class Breaking(ListSource):
    """A source that fails after its rows are read in part."""

    def rows(self) -> Iterator[Any]:
        yield from super().rows()
        raise RuntimeError("the file is broken")


async def readiness(store: asyncpg.Connection) -> set[bool]:
    return {row[0] for row in await store.fetch("SELECT is_ready FROM deskgraph.rollup_zones")}


async def test_an_import_that_breaks_off_leaves_them_right(database: str, store: asyncpg.Connection) -> None:
    desk = Desk(7)
    await bring(database, *desk.writes(10))
    broken = Breaking(desk.writes(10))

    with pytest.raises(RuntimeError):
        await import_rows(database, broken, on_reject=lambda _: None, on_progress=lambda _: None)

    assert await readiness(store) == {True}
    assert await differences(database) == []


async def test_a_large_import_makes_them_anew_when_it_is_done(
    database: str, store: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deltas, "MOST_TICKETS", 5)

    await bring(database, *Desk(8).writes(20))

    assert await readiness(store) == {True}
    assert await delta_count(store) == 0
    assert await differences(database) == []


async def test_a_large_import_that_dies_leaves_them_unread_and_the_next_mends_them(
    database: str, store: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deltas, "MOST_TICKETS", 5)
    desk = Desk(9)

    def die(progress: Any) -> None:
        if progress.step.value == "adding up":
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        await bring_telling(database, desk.writes(20), die)

    assert await readiness(store) == {False}
    assert not any((await rows(store)).values())
    await bring(database, *desk.writes(2))
    assert await differences(database) == []


async def bring_telling(dsn: str, reads: list[Read], on_progress: Any) -> None:
    await import_rows(dsn, ListSource(reads), on_reject=lambda _: None, on_progress=on_progress)


async def test_zones_come_and_go_and_what_was_made_otherwise_is_made_anew(
    database: str, store: asyncpg.Connection
) -> None:
    await bring(database, *Desk(10).writes(20))

    await settle(database, ["Asia/Kathmandu", "UTC"], lambda _: None)
    assert await differences(database) == []
    zones = await store.fetch("SELECT zone FROM deskgraph.rollup_zones ORDER BY zone")
    assert [row[0] for row in zones] == ["Asia/Kathmandu", "UTC"]

    await store.execute("UPDATE deskgraph.rollup_zones SET made_as = 'otherwise' WHERE zone = 'UTC'")
    await store.execute("DELETE FROM deskgraph.rollup_total")
    await bring(database, *Desk(11).writes(2))
    found = await differences(database)
    assert {one.zone for one in found} == {"Asia/Kathmandu"}, "the other was made anew"

    await settle(database, REPORTING_ZONES, lambda _: None)
    assert await differences(database) == []


@pytest.fixture
async def unready(database: str, store: asyncpg.Connection) -> str:
    await store.execute("UPDATE deskgraph.rollup_zones SET is_ready = false WHERE zone = 'UTC'")
    return database


async def test_a_zone_that_is_not_ready_is_not_compared(unready: str) -> None:
    zones, found = await verify(unready, [], lambda _: None)

    assert [one.zone for one in zones] == ["Europe/Berlin"]
    assert found == []
