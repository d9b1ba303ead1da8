"""What runs long, idles in a transaction or waits for a lock is found in a real database, with what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import asyncpg
import pytest

from commands.doctor.activity import of_activity
from commands.doctor.findings import Finding, Grade
from db.activity import Activity, Busy, Client, Doing
from db.examination import examine
from tests.db.sync.logins import login_of

SHORT: Final = dict.fromkeys(Doing, timedelta(seconds=0.3))
NEVER: Final = timedelta(days=1)


@asynccontextmanager
async def client(dsn: str, name: str = "marias laptop") -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """Somebody else's session."""
    connection = await asyncpg.connect(dsn, server_settings={"application_name": name})
    try:
        yield connection
    finally:
        connection.terminate()


@asynccontextmanager
async def sending(dsn: str) -> AsyncIterator[None]:
    """The server itself is at something: one of its senders, where it may have any, as Debian's."""
    owner = await asyncpg.connect(dsn)
    may_send = await owner.fetchval("SELECT current_setting('max_wal_senders')::int > 0")
    await owner.close()
    if not may_send:
        yield
        return
    sender = await asyncpg.connect(dsn, server_settings={"replication": "database"})
    busy = asyncio.create_task(sender.execute("SELECT pg_sleep(60)"))
    try:
        yield
    finally:
        busy.cancel()
        sender.terminate()


async def looked(dsn: str) -> Activity:
    """What is found, without a look at the store."""
    return (await examine(dsn, None, 500)).activity


async def told(dsn: str, **bounds: timedelta) -> dict[str, Finding]:
    """What is said of it, by subject."""
    found = of_activity(await looked(dsn), {**SHORT, **{Doing[name]: bound for name, bound in bounds.items()}})
    return {one.subject: one for one in found}


async def test_a_statement_that_runs_long_is_told_by_its_process_without_its_text_and_can_be_ended_as_said(
    database: str, server: str
) -> None:
    async with (
        client(database) as other,
        client(server) as elsewhere,
        client(database) as exporting,
        client(database) as owner,
        sending(database),
    ):
        running = asyncio.create_task(other.execute("SELECT pg_sleep(60), 'a value of somebody'"))
        sleeping = asyncio.create_task(elsewhere.execute("SELECT pg_sleep(60)"))
        await exporting.execute("BEGIN")
        await asyncio.sleep(0.5)
        await exporting.execute("SELECT 1")  # it is open for long, and asks again and again

        found, at_rest = await told(database), await told(database, RUNS=NEVER)
        pid = other.get_server_pid()
        await owner.execute(f"SELECT pg_cancel_backend({pid})")
        with pytest.raises(asyncpg.QueryCanceledError):
            await running
        await exporting.execute("SELECT 1")
        after = await told(database)
        sleeping.cancel()

    (one,) = found.values()
    assert (one.subject, one.grade) == ("long statements", Grade.WARNING)
    assert one.told.startswith("1 statement has run for more than 0.3 s, the longest for ")
    assert f"process {pid} (marias laptop)" in one.told
    assert f"`SELECT pg_cancel_backend({pid})`" in one.remedy
    assert "value of somebody" not in str(one)
    assert f"process {pid} ((left out))" in one.handed_on().told
    assert "maria" not in str(one.handed_on())
    for rest in (at_rest, after):
        assert {subject: one.grade for subject, one in rest.items()} == {"activity": Grade.OK}


async def test_a_transaction_that_idles_and_those_that_wait_for_it_are_told_with_the_one_in_front_of_all(
    database: str,
) -> None:
    async with (
        client(database, "deskgraph") as first,
        client(database, "") as second,
        client(database) as third,
        client(database) as owner,
    ):
        await first.execute("BEGIN; LOCK deskgraph.categories")
        await second.execute("BEGIN; LOCK deskgraph.tags")
        waiting = [asyncio.create_task(third.execute("SELECT FROM deskgraph.tags"))]
        await asyncio.sleep(0.1)
        waiting.append(asyncio.create_task(second.execute("SELECT FROM deskgraph.categories")))
        await asyncio.sleep(0.5)

        found = await told(database)
        one, two, three = (each.get_server_pid() for each in (first, second, third))
        await owner.execute(f"SELECT pg_terminate_backend({one})")
        await asyncio.wait_for(waiting[1], 10)
        after = await told(database, IDLES=NEVER)
        await second.execute("COMMIT")
        await asyncio.wait_for(waiting[0], 10)

    assert set(found) == {"locks", "idle transactions"}
    told_of = found["locks"].told
    assert told_of.startswith("2 statements have waited for a lock for more than 0.3 s, the longest for ")
    assert f"process {three} (marias laptop), which waits for process {two} (without a name)" in told_of
    assert f"process {two} (without a name), which waits for process {one} (deskgraph)" in told_of
    assert f"`SELECT pg_terminate_backend({one})`" in found["locks"].remedy
    assert "maria" not in str(found["locks"].handed_on())
    assert "(deskgraph)" in found["locks"].handed_on().told
    assert f"process {one} (deskgraph)" in found["idle transactions"].told
    assert f"{two}" not in found["idle transactions"].told
    assert f"`SELECT pg_terminate_backend({one})`" in found["idle transactions"].remedy
    assert f"process {three} (marias laptop), which waits for process {two} (without a name)" in after["locks"].told
    assert after["locks"].told.startswith("1 statement ")


async def test_what_a_login_may_not_see_is_told_as_unknown_until_it_may(database: str) -> None:
    async with client(database) as other, login_of(database, "pg_read_all_stats") as login:
        running = asyncio.create_task(other.execute("SELECT pg_sleep(60)"))
        await asyncio.sleep(0.5)

        blind = await told(login)
        name = login.partition("//")[2].partition(":")[0]
        async with client(database) as owner:
            await owner.execute(f"ALTER ROLE {name} INHERIT")
            if owner.get_server_version().major >= 16:
                await owner.execute(f"GRANT pg_read_all_stats TO {name} WITH INHERIT TRUE")
        seeing = await told(login)
        running.cancel()

    assert set(blind) == {"activity"}
    assert blind["activity"].grade is Grade.UNKNOWN
    assert "pg_read_all_stats" in blind["activity"].remedy
    assert set(seeing) == {"long statements"}


def test_many_are_told_as_a_few_and_a_prepared_transaction_has_no_process_to_end() -> None:
    left = Client(0, "")
    busy = [
        Busy(Client(pid, "psql"), Doing.WAITS, timedelta(minutes=9 - pid), [left if pid == 1 else Client(1, "psql")])
        for pid in range(1, 8)
    ]

    (found,) = of_activity(Activity(busy, 0))

    assert (
        "the longest for 8 minutes: process 1 (psql), which waits for a prepared transaction, process 2" in found.told
    )
    assert "process 5 (psql)" in found.told
    assert "and 2 more." in found.told
    assert found.remedy.startswith("Look in pg_prepared_xacts")
