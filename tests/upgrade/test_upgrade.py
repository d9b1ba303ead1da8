"""Upgrading: online for who reads, all or nothing, and the version before goes on over what the next one has made."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from commands.database import migrated
from db import migrate
from db.access import Role
from db.importing.session import LOCK as IMPORTING
from db.revision import FACTS, HEAD, facts_are_old, revision
from db.rollups.upkeep.settling import settle
from db.walls import KEEPER, READER, READER_OF_ALL, RECORDER, WORKER, Walls
from identities import identity_of
from settings import Settings
from tests.conftest import REPORTING_ZONES, SECRET, RunningGateway, new_database, serving
from tests.rest_compat.desk import VIEWERS
from tests.stores import fill_desk
from tests.upgrade.readers import Readers, long_report, served_as_it_is
from tests.upgrade.versions import THIS, Told, before_head, next_version

ADDS = 'op.add_column("facts", sa.Column("mood", sa.SmallInteger()), schema="deskgraph")'
GIVES_TABLE = 'op.create_table("moods", sa.Column("id", sa.Integer(), primary_key=True), schema="deskgraph")'
INDEXES = 'op.create_index("facts_by_mood", "facts", ["mood"], schema="deskgraph")'
FAILS = 'op.execute("UPDATE deskgraph.facts SET seconds = seconds / 0 WHERE seconds IS NOT NULL")'
MOOD = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'deskgraph' AND column_name = 'mood'"
KEPT = """INSERT INTO deskgraph.saved_reports
    SELECT (jsonb_populate_record(NULL::deskgraph.saved_reports, $1::jsonb)).*"""


def bearer() -> dict[str, str]:
    token = identity_of(Settings(jwt_secret=SECRET)).issue(VIEWERS[Role.MANAGER], timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


async def test_facts_that_a_migration_could_not_make_anew_are_made_by_the_next_one(server: str) -> None:
    version = "SELECT version FROM deskgraph.data_version"
    async with new_database(server) as dsn:
        await migrate.upgrade(dsn, f"{int(FACTS) - 1:04}", walls=Walls.STATEMENT)
        store = await asyncpg.connect(dsn)
        before = await store.fetchval(version)
        await store.execute(f"SELECT pg_advisory_lock({IMPORTING})")  # as an import does, so that nothing is made
        broken_off = await THIS.run(dsn, "migrate")
        left = (await revision(dsn), await facts_are_old(dsn), await store.fetchval(version))
        await store.execute("SELECT pg_advisory_unlock_all()")
        settings = Settings.model_validate({"database_url": dsn, "jwt_secret": SECRET})
        await asyncio.to_thread(migrated, dsn, settings)  # as `serve` does

        assert (broken_off.code, "still the old ones" in broken_off.err) == (1, True), broken_off.err
        assert left == (HEAD, True, before)
        assert not await facts_are_old(dsn)
        assert await store.fetchval(version) > before
        await store.close()


@pytest.mark.parametrize("steps", [1, 2])
async def test_a_store_of_an_earlier_migration_is_upgraded_while_reports_go_on(
    steps: int, server: str, tmp_path: Path
) -> None:
    """A long report is open, too, until the migration waits for it: policies want the tables for a moment."""
    async with new_database(server) as dsn:
        old = before_head(steps)
        await _as_it_was(dsn, old)
        await settle(dsn, REPORTING_ZONES, lambda _: None)
        await fill_desk(dsn)
        store = await asyncpg.connect(dsn)
        await store.execute(KEPT, _kept())
        before = await _contents(store)
        async with served_as_it_is(dsn, tmp_path / "log") as url, Readers(url, bearer()) as readers:
            assert (await readers.ready()).status_code == 503
            async with readers.reading():
                async with long_report(dsn) as holder:
                    migrating = asyncio.create_task(THIS.run(dsn, "migrate", "--attempts", "100"))
                    await _wait_for_lock(dsn, holder.get_server_pid(), migrating)
                    assert await readers.more(lambda: False)
                told = await migrating
            ready = await readers.ready()
        proof = await THIS.run(dsn, "rollups", "verify")

        assert (told.code, told.out) == (0, f"from {old} to {HEAD}\n"), told.err
        readers.content()
        assert ready.status_code == 200, ready.text
        assert proof.code == 0, proof.out + proof.err
        assert (await _contents(store)).items() >= before.items()
        assert before["saved_reports"] == 1
        assert before["facts"] > 1000
        await store.close()


async def _as_it_was(dsn: str, revision: str) -> None:
    """Makes the store of an earlier migration; what it granted is not known any more, so the roles may read all."""
    await migrate.make_roles(dsn, Walls.BOTH)
    await migrate.upgrade(dsn, revision, walls=Walls.STATEMENT)
    roles = f"{READER}, {READER_OF_ALL}, {RECORDER}, {KEEPER}, {WORKER}"
    store = await asyncpg.connect(dsn)
    await store.execute(f"""
        GRANT USAGE ON SCHEMA deskgraph TO {roles};
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA deskgraph TO {roles};
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA deskgraph TO {roles}""")
    for row in await store.fetch("SELECT oid::regclass AS name FROM pg_class WHERE relrowsecurity"):
        await store.execute(f"CREATE POLICY every_row ON {row['name']} FOR SELECT TO {READER_OF_ALL} USING (true)")
    await store.close()


def _kept() -> str:
    return (
        f'{{"id": "{uuid4()}", "issuer": "", "subject": "mia", "name": "Mine", "page": "explore", "query": "a=b", '
        '"created_at": "2026-03-01T00:00Z", "updated_at": "2026-03-01T00:00Z"}'
    )


async def _contents(store: asyncpg.Connection) -> dict[str, int]:
    """How many rows each table has, but for the two that grow with what is asked."""
    names = "SELECT relname FROM pg_class WHERE relnamespace = 'deskgraph'::regnamespace AND relkind = 'r'"
    names += " AND relname NOT IN ('audit_log', 'holders')"
    return {
        row["relname"]: await store.fetchval(f"SELECT count(*) FROM deskgraph.{row['relname']}")
        for row in await store.fetch(names)
    }


@pytest.fixture(scope="module")
async def desk(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a store of this version with the small desk; each test leaves its migration as it found it."""
    async with new_database(server, template=filled) as dsn:
        await migrate.upgrade(dsn)  # a kept store says nothing yet of who reads it
        yield dsn


@pytest.fixture
async def readers(old_server: RunningGateway) -> AsyncIterator[Readers]:
    """Who asks the old server."""
    async with Readers(old_server.url, bearer()) as found:
        yield found


@pytest.fixture(scope="module")
async def old_server(desk: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    """The server of this version, the old one of each upgrade below."""
    log = tmp_path_factory.mktemp("old") / "log"
    async with serving(desk, log, DESKGRAPH_RESPONSE_CACHE_MB="0") as running:
        yield running


async def test_a_migration_that_fails_leaves_the_old_version_at_work(
    desk: str, readers: Readers, tmp_path: Path
) -> None:
    store = await asyncpg.connect(desk)
    async with readers.reading():
        told = await next_version(tmp_path / "next", ADDS, GIVES_TABLE, FAILS).run(desk, "migrate")
        grants_too = next_version(tmp_path / "granting", ADDS, GIVES_TABLE)
        grants = grants_too.tree / "db" / "grants.py"
        grants.write_text(
            grants.read_text().replace('"alembic_version": "SELECT"', '"alembic_version": "SELECT (none)"')
        )
        at_grants = await grants_too.run(desk, "migrate")  # after all migrations went well
        assert await readers.more(lambda: False)

    for one, why in ((told, "division by zero"), (at_grants, 'column "none" of relation')):
        assert (one.code, why in one.err, "as it was before" in one.err) == (1, True, True), one.err
        assert "Traceback" not in one.err
    assert await revision(desk) == HEAD
    assert await store.fetchval(MOOD) == 0
    assert await store.fetchval("SELECT to_regclass('deskgraph.moods')") is None
    readers.content()
    assert (await readers.ready()).status_code == 200
    assert (await THIS.run(desk, "migrate")).code == 0
    await store.close()


async def test_a_lock_that_is_not_to_be_had_is_given_up_and_reports_go_on_behind_it(
    desk: str, readers: Readers, tmp_path: Path
) -> None:
    """The column wants the facts for itself, and a report holds them: whoever asks then waits for the migration."""
    new = next_version(tmp_path / "next", ADDS)
    async with long_report(desk) as holder, readers.reading():
        migrating = asyncio.create_task(new.run(desk, "migrate", "--lock-wait-ms", "200", "--attempts", "6"))
        assert await readers.more(migrating.done)
        told = await migrating
        pid = holder.get_server_pid()

    assert told.code == 1
    assert "in 6 attempts" in told.err
    assert f"process {pid} (a long report)" in told.err
    assert await revision(desk) == HEAD
    readers.content()


async def test_a_migration_goes_through_once_its_locks_are_free_and_the_old_version_goes_on_over_the_new_store(
    desk: str, readers: Readers, tmp_path: Path
) -> None:
    new = next_version(tmp_path / "next", ADDS, GIVES_TABLE, INDEXES)
    async with readers.reading():
        async with long_report(desk) as holder:
            migrating = asyncio.create_task(new.run(desk, "migrate", "--lock-wait-ms", "200", "--attempts", "100"))
            await _wait_for_lock(desk, holder.get_server_pid(), migrating)
            assert await readers.more(migrating.done)
        told = await migrating
        assert await readers.more(lambda: False)

    try:
        assert (told.code, told.out) == (0, f"from {HEAD} to {new.head}\n"), told.err
        readers.content()
        assert (await readers.ready()).status_code == 200
        started = tmp_path / "again"
        async with serving(desk, started) as again, Readers(again.url, bearer()) as back:  # to the old code
            await back.ask("summary")
            back.content()
        refused = await THIS.run(desk, "migrate")
        assert (refused.code, "a newer one has made it" in refused.err) == (1, True), refused.err
    finally:
        await _taken_back(desk)


async def test_a_store_that_the_old_version_cannot_read_is_told_to_who_sends_requests(
    desk: str, readers: Readers, tmp_path: Path
) -> None:
    new = next_version(tmp_path / "next", ADDS, readable_from=f"{int(HEAD) + 1:04}")
    told = await new.run(desk, "migrate")
    try:
        ready = await readers.ready()
        assert (told.code, ready.status_code) == (0, 503)
        assert "newest version" in ready.json()["reason"]
    finally:
        await _taken_back(desk)


async def _wait_for_lock(dsn: str, holder: int, migrating: asyncio.Task[Told]) -> None:
    waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND $1 = ANY (pg_blocking_pids(pid)))"
    connection = await asyncpg.connect(dsn)
    while not (migrating.done() or await connection.fetchval(waits, holder)):  # noqa: ASYNC110  another process is to come so far
        await asyncio.sleep(0.01)
    await connection.close()


async def _taken_back(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await connection.execute(f"""
        ALTER TABLE deskgraph.facts DROP COLUMN mood;
        DROP TABLE IF EXISTS deskgraph.moods;
        UPDATE deskgraph.alembic_version SET version_num = '{HEAD}'""")
    await connection.close()
    await migrate.upgrade(dsn)
