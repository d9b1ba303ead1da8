"""A portal followed: after each pass the store says what an import of the portal's rows would say."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db import api_keys
from db.errors import SetupFault, Unavailable
from db.sync.following import sync_once
from db.sync.forgetting import forget
from db.sync.push import PushSource
from db.sync.store import following, writing
from tests.conftest import new_database
from tests.db.sync.portal import BEGAN, Desk, desk
from tests.db.test_import import bring, everything, version


@pytest.fixture
async def portal(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with desk(server, tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
async def store(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def imported(server: str, migrated: str, portal: Desk) -> list[tuple[Any, ...]]:
    """The facts of an import of what the portal has now, into a store of its own."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as other:
        await bring(other, *await portal.as_import())
        connection = await asyncpg.connect(other)
        try:
            return await everything(connection)
        finally:
            await connection.close()


async def state(store: asyncpg.Connection, name: str = "desk") -> asyncpg.Record:
    row = await store.fetchrow("SELECT * FROM deskgraph.sync_sources WHERE name = $1", name)
    assert row is not None
    return row


async def test_a_portal_is_loaded_and_followed_and_the_facts_are_those_of_an_import(
    server: str, migrated: str, database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(120)
    await portal.sync(database)
    assert await everything(store) == await imported(server, migrated, portal)
    assert (await state(store))["state"] == "following"

    # Changed rows of every kind, an event that is changed in place, one that is removed, a ticket that is new.
    await portal.portal.execute("UPDATE cases SET owner = 'bob', changed_at = clock_timestamp() WHERE no IN (3, 4)")
    await portal.portal.execute("UPDATE surveys SET stars = 5, changed_at = clock_timestamp() WHERE case_no % 3 = 0")
    await portal.portal.execute(
        "INSERT INTO case_log (case_no, at, what, who, said) VALUES (7, $1, 'state', 'cyd', 'O')",
        BEGAN.replace(month=6),
    )
    await portal.portal.execute(
        "UPDATE case_log SET at = at + interval '1 minute' WHERE case_no = 3 AND what = 'reply'"
    )
    await portal.portal.execute("DELETE FROM case_log WHERE case_no = 4 AND what = 'reply'")
    await portal.portal.execute("INSERT INTO cases (opened, state, client) VALUES ($1, 'N', 'client-9')", BEGAN)
    await portal.sync(database)

    assert await everything(store) == await imported(server, migrated, portal)


async def test_a_pass_that_finds_nothing_changes_nothing_but_how_old_the_data_is(
    database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(10)
    source = portal.source()
    await portal.sync(database, source)
    before, told = await version(store), await state(store)

    again = await portal.sync(database, source)
    fresh = await portal.sync(database)  # one that has to read the overlap again
    await source.close()

    after = await state(store)
    assert (again.new, again.changed, fresh.new, fresh.changed) == (0, 0, 0, 0)
    assert await version(store) == before
    assert after["as_of"] > told["as_of"]


async def test_what_was_committed_late_is_not_missed_however_late(
    server: str, migrated: str, database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(10)
    await portal.sync(database)
    late = await asyncpg.connect(portal.dsn)
    open_one = late.transaction()
    await open_one.start()
    await late.execute("UPDATE cases SET state = 'R', changed_at = now() - interval '50 seconds' WHERE no = 2")
    await late.execute(
        "INSERT INTO case_log (case_no, at, what, who, said) VALUES (2, $1, 'state', 'ada', 'R')",
        BEGAN.replace(month=5),
    )

    # Meanwhile the watermarks rise far beyond the overlap, pass after pass.
    for _ in range(3):
        await portal.portal.execute(
            "INSERT INTO case_log (case_no, at, what, who) SELECT 5, $1, 'reply', 'bob' FROM generate_series(1, 50)",
            BEGAN.replace(month=4),
        )
        await portal.sync(database)
    await open_one.commit()
    await late.close()
    await portal.sync(database)

    assert await everything(store) == await imported(server, migrated, portal)


async def test_what_is_gone_leaves_no_facts_and_is_told(
    server: str, migrated: str, database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(20)
    await portal.sync(database)
    await portal.portal.execute("DELETE FROM cases WHERE no <= 3")
    await portal.portal.execute("DELETE FROM case_log WHERE case_no <= 3")
    await portal.portal.execute("DELETE FROM surveys WHERE case_no <= 3")
    assert (await portal.sync(database)).deleted == 0  # it is not time yet

    await store.execute("UPDATE deskgraph.sync_sources SET reconciled_at = now() - interval '2 hours'")
    written = await portal.sync(database)

    assert written.deleted == (await state(store))["tickets_deleted"] == 3
    assert await everything(store) == await imported(server, migrated, portal)


async def test_a_source_that_is_suddenly_empty_deletes_nothing_unless_somebody_says_so(
    database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(5)
    await portal.sync(database)
    await portal.portal.execute("TRUNCATE cases")
    await store.execute("UPDATE deskgraph.sync_sources SET reconciled_at = NULL")

    assert (await portal.sync(database)).deleted == 0
    assert "--accept-deletes" in (await state(store))["warning"]

    assert (await portal.sync(database, accepts_deletes=True)).deleted == 5
    assert (await state(store))["warning"] is None
    assert await store.fetchval("SELECT count(*) FROM deskgraph.facts") == 0


async def test_a_bad_row_is_told_and_taken_back_once_it_is_good_with_all_that_belongs_to_it(
    server: str, migrated: str, database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(6)
    await portal.portal.execute("UPDATE cases SET state = 'X' WHERE no = 4")
    await portal.sync(database)

    rejects = await store.fetch("SELECT * FROM deskgraph.sync_rejects ORDER BY file DESC")
    assert (rejects[0]["file"], rejects[0]["key"], rejects[0]["column"]) == ("tickets", "4", "state")
    assert "does not name" in rejects[0]["reason"]
    assert (await state(store))["rejects"] == len(rejects)
    assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == 5

    await portal.portal.execute("UPDATE cases SET state = 'O', changed_at = clock_timestamp() WHERE no = 4")
    await portal.sync(database)

    assert (await state(store))["rejects"] == 0
    assert await everything(store) == await imported(server, migrated, portal)


async def test_a_bad_row_that_is_gone_is_forgotten_and_one_that_is_there_is_not(
    database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(6)
    await portal.portal.execute("UPDATE cases SET state = 'X' WHERE no IN (2, 4)")
    await portal.sync(database)
    before = {tuple(row) for row in await store.fetch("SELECT file, key FROM deskgraph.sync_rejects")}
    await portal.portal.execute("DELETE FROM cases WHERE no = 4")
    await portal.portal.execute("DELETE FROM case_log WHERE case_no = 4")
    await portal.portal.execute("DELETE FROM surveys WHERE case_no = 4")
    await store.execute("INSERT INTO deskgraph.sync_rejects VALUES ('desk', 'renamed', '1', 'a', 'b', 'c', now())")

    await portal.sync(database)
    unasked = await store.fetchval("SELECT count(*) FROM deskgraph.sync_rejects")
    await store.execute("UPDATE deskgraph.sync_sources SET reconciled_at = now() - interval '2 hours'")
    await portal.sync(database)

    kept = {tuple(row) for row in await store.fetch("SELECT file, key FROM deskgraph.sync_rejects")}
    assert unasked == len(before) + 1
    assert ("tickets", "4") in before
    assert ("tickets", "2") in kept
    assert ("tickets", "4") not in kept
    assert kept < before
    assert (await state(store))["rejects"] == len(kept)


async def test_ids_are_compared_again_also_after_the_clock_was_set_back(
    database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(6)
    await portal.sync(database)
    await portal.portal.execute("DELETE FROM cases WHERE no = 4")
    await store.execute("UPDATE deskgraph.sync_sources SET reconciled_at = now() + interval '1 year'")

    written = await portal.sync(database)

    assert written.deleted == 1
    assert await store.fetchval("SELECT reconciled_at <= now() FROM deskgraph.sync_sources")


async def test_a_clock_that_is_wrong_hides_nothing(
    server: str, migrated: str, database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(6)
    await portal.portal.execute("UPDATE cases SET changed_at = now() + interval '10 years' WHERE no = 1")
    await portal.sync(database)
    # The application's clock is an hour behind the database's; one row lies in the far future.
    await portal.portal.execute("UPDATE cases SET owner = 'ada', changed_at = now() - interval '1 hour' WHERE no > 1")
    await portal.sync(database, accepts_deletes=True)
    await portal.portal.execute("UPDATE cases SET owner = 'cyd', changed_at = now() WHERE no = 2")
    await portal.sync(database)

    assert await everything(store) == await imported(server, migrated, portal)


async def test_two_sources_fill_one_store_and_leave_each_others_tickets_alone(
    server: str, database: str, portal: Desk, store: asyncpg.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        desk(server, tmp_path, monkeypatch, "other", prefix="b-") as other,
        desk(server, tmp_path, monkeypatch, "clash") as clash,
    ):
        for one, cases in ((portal, 8), (other, 5), (clash, 9)):
            await one.fill(cases)
            await one.sync(database)

        assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == 8 + 5 + 1
        assert (
            await store.fetchval(
                "SELECT count(*) FROM deskgraph.sync_rejects WHERE source = 'clash' AND file = 'tickets'"
            )
            == 8
        )
        await other.portal.execute("DELETE FROM cases WHERE no = 1")
        await other.sync(database, accepts_deletes=True)
        assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == 8 + 4 + 1


async def test_a_source_that_is_given_up_is_forgotten_and_leaves_its_tickets_to_another(
    database: str, portal: Desk, store: asyncpg.Connection
) -> None:
    await portal.fill(3)
    await portal.portal.execute("UPDATE cases SET state = 'X' WHERE no = 1")
    await portal.sync(database)
    with pytest.raises(SetupFault, match=r"no live source dest\. Known are: desk\."):
        await forget(database, "dest")
    async with following(database, portal.source()):
        with pytest.raises(SetupFault, match="is being followed"):
            await forget(database, "desk")
    await store.execute("UPDATE deskgraph.sync_sources SET failed_at = clock_timestamp() - interval '31 seconds'")
    with pytest.raises(SetupFault, match="is being followed"):
        await forget(database, "desk")
    await store.execute("UPDATE deskgraph.sync_sources SET failed_at = clock_timestamp() - interval '61 seconds'")

    await forget(database, "desk")

    assert await store.fetchval("SELECT count(*) FROM deskgraph.sync_sources") == 0
    assert await store.fetchval("SELECT count(*) FROM deskgraph.sync_rejects") == 0
    assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == 2
    portal.path.write_text(portal.path.read_text().replace('name = "desk"', 'name = "other"'))
    await portal.portal.execute("UPDATE cases SET state = 'W', changed_at = clock_timestamp() WHERE no = 2")
    assert (await portal.sync(database)).changed == 1  # it is not told that the ticket is of another source


async def test_a_portal_that_may_still_send_is_not_forgotten(database: str, store: asyncpg.Connection) -> None:
    now = datetime.now(UTC)
    await api_keys.create(database, "shop", api_keys.sender("", "shop"), now, timedelta(hours=1))
    async with writing(database, PushSource("push-shop")):
        pass

    with pytest.raises(SetupFault, match="deskgraph keys revoke ") as fault:
        await forget(database, "push-shop")
    assert await api_keys.revoke(database, fault.value.message.rsplit(" ", 1)[1].rstrip("."), now)
    await forget(database, "push-shop")

    assert await store.fetchval("SELECT count(*) FROM deskgraph.sync_sources") == 0


async def test_a_source_that_is_away_is_noted_and_the_data_stays(
    database: str, portal: Desk, store: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await portal.fill(3)
    await portal.sync(database)
    before = await everything(store)

    monkeypatch.setenv("DESK_DSN", "postgresql://127.0.0.1:1/nothing-listens")
    with pytest.raises(Unavailable):
        await sync_once(database, portal.source(), lambda _: None, lambda _: None)

    told = await state(store)
    assert (told["state"], told["failures"]) == ("failing", 1)
    assert "away" in told["error"]
    assert await everything(store) == before
    monkeypatch.setenv("DESK_DSN", portal.dsn)
    await portal.sync(database)
    assert ((await state(store))["state"], (await state(store))["error"]) == ("following", None)


async def test_the_portal_is_read_and_cannot_be_written(portal: Desk) -> None:
    source = portal.source()
    connection = await source._connected()

    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        await connection.execute("DELETE FROM cases")
    await source.close()
