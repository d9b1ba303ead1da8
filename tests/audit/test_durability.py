"""What must be recorded is, or nothing is answered; what may wait arrives, or is counted; nothing is changed."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx
import pytest

from db.access import Role
from db.audit.log import AuditLog, Bounds
from db.audit.record import AuditMode, Door, Outcome, Record
from db.audit.store import AuditStore, purge
from db.errors import Unavailable
from db.walls import RECORDER
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.audit.conftest import Desk, desk_over
from tests.conftest import ROOT, SECRET, _answers, free_port, new_database
from tests.rest_compat.desk import NOW, VIEWERS

SLOW = Bounds(gather_seconds=3600)


@asynccontextmanager
async def without_table(dsn: str) -> AsyncIterator[None]:
    """The audit log cannot be written; the reports can be read."""
    connection = await asyncpg.connect(dsn)
    await connection.execute("ALTER TABLE deskgraph.audit_log RENAME TO elsewhere")
    try:
        yield
    finally:
        await connection.execute("ALTER TABLE deskgraph.elsewhere RENAME TO audit_log")
        await connection.close()


@asynccontextmanager
async def away(server: str, dsn: str) -> AsyncIterator[None]:
    """The whole database refuses connections, and has cut those it had."""
    name = dsn.rsplit("/", 1)[1]
    connection = await asyncpg.connect(server)
    await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    await connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    await connection.execute(f"ALTER DATABASE {name} RENAME TO {name}_away")
    try:
        yield
    finally:
        await connection.execute(f"ALTER DATABASE {name}_away RENAME TO {name}")
        await connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        await connection.close()


async def test_an_export_that_cannot_be_recorded_is_refused(desk: Desk) -> None:
    async with without_table(desk.dsn):
        refused = await desk.export()
        report = await desk.get("summary")
    made = await desk.export()

    assert (refused.status_code, refused.json()["code"]) == (503, "UNAVAILABLE")
    assert "audit log" in refused.json()["detail"]
    assert refused.headers["retry-after"]
    assert (report.status_code, made.status_code) == (200, 200)
    assert sorted((one["door"], one["outcome"]) for one in await desk.records()) == [
        ("export", "OK"),
        ("export", "UNAVAILABLE"),
        ("rest", "OK"),
    ]


async def test_a_denial_that_cannot_be_recorded_says_nothing_but_that(desk: Desk) -> None:
    document = "{ report(period: {preset: TODAY}) { asOf agents { rows { rating { count } } } } }"

    async with without_table(desk.dsn):
        graphql = await desk.graphql(document, Role.ANALYST)
        rest = await desk.get("agents", Role.ANALYST)
        nobody = await desk.get("agents", None)

    assert (graphql.status_code, rest.status_code, nobody.status_code) == (503, 503, 401)
    assert graphql.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "data" not in graphql.json()
    assert sorted((one["outcome"], one["role"] or "") for one in await desk.records()) == [
        ("UNAUTHENTICATED", ""),
        ("UNAVAILABLE", "analyst"),
        ("UNAVAILABLE", "analyst"),
    ]


async def test_records_of_a_time_without_the_database_arrive_when_it_is_back(server: str, desk: Desk) -> None:
    assert (await desk.get("summary")).status_code == 200
    await desk.records()

    async with away(server, desk.dsn):
        answers = [(await desk.get("summary")).status_code for _ in range(3)]
        await asyncio.sleep(0.3)
    for _ in range(100):
        found = await desk.durable()
        if len(found) == 4:
            break
        await asyncio.sleep(0.1)

    assert answers == [503] * 3
    assert [one["outcome"] for one in found] == ["OK"] + ["UNAVAILABLE"] * 3


async def test_what_finds_no_place_is_told_and_recorded_as_lost(
    desk_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    bounds = Bounds(waiting=2, gather_seconds=0.01, retry_seconds=0.02)

    with caplog.at_level(logging.WARNING, "deskgraph.audit"):
        async with desk_over(desk_database, bounds=bounds) as desk:
            async with without_table(desk_database):
                for _ in range(4):
                    await desk.get("summary")
                await desk.graphql("{ viewer { role } }")
                await asyncio.sleep(0.1)
            found = await desk.records()

    assert "2 audit records wait and no more can: from now on records are lost" in caplog.text
    assert "2 records wait, 3 are lost" in caplog.text
    assert sorted((one["outcome"], one["door"], one["requests"]) for one in found) == [
        ("LOST", "graphql", 1),
        ("LOST", "rest", 2),
        ("OK", "rest", 1),
        ("OK", "rest", 1),
    ]


async def test_what_waits_is_written_at_the_end(desk_database: str) -> None:
    async with desk_over(desk_database, bounds=SLOW) as desk:
        for _ in range(3):
            await desk.get("summary")
        assert await desk.durable() == []

    assert len(await desk.durable()) == 3


async def test_what_cannot_be_written_at_the_end_is_told(desk_database: str, caplog: pytest.LogCaptureFixture) -> None:
    async with without_table(desk_database), desk_over(desk_database, bounds=SLOW) as desk:
        await desk.get("summary")

    assert "1 audit records could not be written before the end and are lost" in caplog.text


async def test_a_record_that_is_written_twice_is_there_once(desk_database: str) -> None:
    store = AuditStore(desk_database)
    record = Record(NOW, Door.REST, "summary", Outcome.OK)

    await store.write([record])
    await store.write([record, Record(NOW, Door.REST, "odd \0 \ud800", Outcome.OK)])
    await store.close()

    connection = await asyncpg.connect(desk_database)
    assert await connection.fetchval("SELECT count(*) FROM deskgraph.audit_log") == 2
    await connection.close()


async def test_a_record_is_never_changed_and_only_the_purge_removes_it(desk_database: str) -> None:
    store = AuditStore(desk_database)
    await store.write(
        Record(NOW - timedelta(days=days), Door.REST, f"{days} days", Outcome.OK) for days in (364, 366, 400)
    )
    await store.close()
    connection = await asyncpg.connect(desk_database)
    for attempt in (
        "UPDATE deskgraph.audit_log SET subject = 'x'",
        "DELETE FROM deskgraph.audit_log",
        "TRUNCATE deskgraph.audit_log",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=r"append-only"):
            await connection.execute(attempt)

    removed = await purge(desk_database, NOW - timedelta(days=365))

    left = await connection.fetch("SELECT operation FROM deskgraph.audit_log")
    await connection.close()
    assert removed == 2
    assert [row["operation"] for row in left] == ["364 days"]


async def test_a_login_that_may_only_be_the_recorder_is_enough_to_write(desk_database: str) -> None:
    owner = await asyncpg.connect(desk_database)
    name = f"audit_{os.getpid()}"
    await owner.execute(f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD 'x'; GRANT {RECORDER} TO {name}")
    login = f"postgresql://{name}:x@{desk_database.rpartition('@')[2]}"
    store = AuditStore(login)
    record = Record(NOW, Door.REST, "summary", Outcome.OK)
    try:
        for _ in range(2):
            await store.write([record])
        with pytest.raises(Unavailable, match=r"permission denied"):
            await purge(login, NOW)
        assert await owner.fetchval("SELECT count(*) FROM deskgraph.audit_log") == 1
    finally:
        await store.close()
        await owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
        await owner.close()


@asynccontextmanager
async def serving(dsn: str, log: Path, **settings: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The real server, as `deskgraph serve` runs it, and its address."""
    port = free_port()
    environment = {
        **os.environ,
        "DESKGRAPH_DATABASE_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_PORT": str(port),
        **settings,
    }
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve", env=environment, cwd=ROOT, stdout=out, stderr=out
        )
    try:
        assert await _answers(port), log.read_text()
        yield process, f"http://127.0.0.1:{port}"
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 15)


async def test_the_server_purges_at_its_start_and_writes_what_waits_at_its_end(
    desk_database: str, tmp_path: Path
) -> None:
    store = AuditStore(desk_database)
    await store.write(
        Record(datetime.now(UTC) - timedelta(days=days), Door.REST, f"{days} days", Outcome.OK) for days in (1, 8)
    )
    await store.close()

    async with serving(desk_database, tmp_path / "log", DESKGRAPH_AUDIT_RETENTION_DAYS="7") as (process, url):
        async with desk_over(desk_database) as desk, httpx.AsyncClient(base_url=url) as client:
            answers = [
                await client.post("/graphql", json={"query": "query Who { viewer { role } }"}, headers=_bearer(desk))
                for _ in range(3)
            ]
        process.terminate()
        await asyncio.wait_for(process.wait(), 15)

    found = [one["operation"] for one in await desk.durable()]
    assert [answer.status_code for answer in answers] == [200] * 3, answers[0].text
    assert found == ["1 days", "Who", "Who", "Who"]


def _bearer(desk: Desk) -> dict[str, str]:
    token = Identity(SharedSecret(SECRET)).issue(VIEWERS[Role.MANAGER], timedelta(hours=1))
    return {"Authorization": f"Bearer {token}"}


async def test_a_request_that_its_caller_gives_up_is_recorded(desk: Desk) -> None:
    async with holding(desk.dsn):
        asked = asyncio.create_task(desk.get("summary"))
        await asyncio.sleep(0.3)
        asked.cancel()
        await asyncio.wait([asked])

    assert [one["outcome"] for one in await desk.records()] == ["CANCELLED"]


@asynccontextmanager
async def holding(dsn: str) -> AsyncIterator[None]:
    """Nobody can read the facts."""
    connection = await asyncpg.connect(dsn)
    async with connection.transaction():
        await connection.execute("LOCK TABLE deskgraph.facts, deskgraph.rollup_zones")
        yield
    await connection.close()


async def test_a_process_that_only_holds_required_records_waits_for_none(desk_database: str) -> None:
    async with desk_over(desk_database, AuditMode.REQUIRED) as desk:
        await desk.get("summary")

        assert desk.log._task is None


async def test_a_database_that_does_not_answer_ends_the_flush_in_time(server: str) -> None:
    async with new_database(server) as dsn:
        log = AuditLog(AuditStore(dsn), Bounds(gather_seconds=0, retry_seconds=3600, flush_seconds=0.5))
        log.add(Record(NOW, Door.REST, "summary", Outcome.OK))
        await asyncio.sleep(0.2)

        await asyncio.wait_for(log.close(), 5)
