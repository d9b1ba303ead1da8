"""Exports that workers make: the same files as at once, each its owner's alone, and none lost with its worker."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import asyncpg
import httpx
import psutil
import pytest
from pyarrow import parquet

from db import export_queue
from db.access import Role, Viewer
from db.engine import Engine
from db.export_jobs import CHUNK_BYTES, MAX_WAITING, Progress
from db.export_queue import MAX_ATTEMPTS
from resolvers.export_queue import Queue
from rest_compat.export.fitting import require_room_of
from rest_compat.export.formats import FORMATS
from rest_compat.export.ordering import ordered
from rest_compat.export.pdf import limits
from rest_compat.export.ranges import Span, Unsatisfiable, asked
from rest_compat.export.working import work
from schema.exporting import JOBS, Exporting
from schema.rates import Rates
from tests.conftest import new_database, serving
from tests.rest_compat.conftest import EXPORT, Rest, gateway_over
from tests.rest_compat.desk import MARCH, VIEWERS

KEEP: Final = timedelta(hours=1)
TICKETS: Final = {"report": "tickets", "format": "csv", **MARCH}
ASYNC: Final = {"Prefer": "respond-async, wait=5"}
FIELDS: Final = (
    "id report format state progress { rows total share remainingSeconds } error { code message } fileName mediaType"
    " bytes createdAt startedAt finishedAt expiresAt resultUrl"
)


@pytest.fixture(scope="module")
async def dsn(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a desk of this module's own."""
    async with new_database(server, template=filled) as found:
        yield found


CREATE_EXPORT: Final = "mutation Create($order: JSON!) { createExport(order: $order) { id } }"


@dataclass(frozen=True)
class Desk(Rest):
    """The routes, over a store whose exports are this test's own."""

    dsn: str

    async def ask(self, role: Role = Role.MANAGER, **body: Any) -> dict[str, Any]:
        """An export that a worker is to make."""
        response = await self.export({**TICKETS, **body}, role, ASYNC)
        assert response.status_code == 202, response.text
        found: dict[str, Any] = response.json()
        return found

    async def look(self, id_: str, role: Role = Role.MANAGER, method: str = "GET") -> httpx.Response:
        """How far an export is."""
        return await self.request(method, f"{JOBS}/{id_}", headers=self.bearer(role))

    async def result(self, id_: str, role: Role = Role.MANAGER, method: str = "GET", **headers: str) -> httpx.Response:
        """Its file."""
        return await self.request(method, f"{JOBS}/{id_}/result", headers={**self.bearer(role), **headers})

    async def until(self, id_: str, state: str, role: Role = Role.MANAGER) -> dict[str, Any]:
        """The export, once it is so."""
        return await until(lambda: self._state(id_, role), lambda found: found["state"] == state)

    async def _state(self, id_: str, role: Role) -> dict[str, Any]:
        response = await self.look(id_, role)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def sql(self, text: str, *arguments: Any) -> list[asyncpg.Record]:
        """What the owner of the tables gets."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows: list[asyncpg.Record] = await connection.fetch(text, *arguments)
            return rows
        finally:
            await connection.close()

    @asynccontextmanager
    async def locked(self, table: str, mode: str = "ACCESS EXCLUSIVE") -> AsyncIterator[None]:
        """Whoever reads or writes the table waits."""
        connection = await asyncpg.connect(self.dsn)
        try:
            async with connection.transaction():
                await connection.execute(f"LOCK TABLE deskgraph.{table} IN {mode} MODE")
                yield
        finally:
            await connection.close()

    @asynccontextmanager
    async def working(self, workers: int = 1, a_viewer: int = 2) -> AsyncIterator[None]:
        """Workers in this process."""
        engines = [Engine(self.dsn) for _ in range(workers)]
        tasks = [
            asyncio.create_task(work(replace(self.gateway, engine=engine), Queue(engine, a_viewer, KEEP)))
            for engine in engines
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task, engine in zip(tasks, engines, strict=True):
                with suppress(asyncio.CancelledError):
                    await task
                await engine.close()


async def until(look: Callable[[], Awaitable[Any]], holds: Callable[[Any], bool]) -> Any:
    """What is seen, once it holds."""
    ends = time.monotonic() + 90  # the machine may be busy
    while True:
        found = await look()
        if holds(found):
            return found
        assert time.monotonic() < ends, found
        await asyncio.sleep(0.05)


@pytest.fixture
async def desk(dsn: str) -> AsyncIterator[Desk]:
    """The routes over a store without exports."""
    gateway = replace(gateway_over(dsn), exporting=Exporting(ordered, 1000, KEEP))
    found = Desk(gateway, dsn)
    await found.sql("DELETE FROM deskgraph.export_jobs")
    yield found
    await gateway.engine.close()


def same_file(format_: str, one: bytes, other: bytes) -> bool:
    """Whether two files are the same; Parquet's writer orders its metadata at random."""
    if format_ != "parquet":
        return one == other
    found = [parquet.read_table(io.BytesIO(file)) for file in (one, other)]
    return found[0].equals(found[1], check_metadata=True) and len(one) == len(other)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize(
    ("role", "body"),
    [
        (Role.MANAGER, {"report": "tickets", "metric": "openTickets", "sort": "-created_at"}),
        (Role.TEAM_LEAD, {"report": "summary", "compareTo": "previous_period"}),
        (Role.ANALYST, {"report": "agents"}),
        (Role.CLIENT, {"report": "trends"}),
    ],
)
async def test_a_worker_makes_the_file_that_the_route_sends(
    role: Role, body: dict[str, Any], format_: str, desk: Desk
) -> None:
    job = await desk.ask(role, format=format_, **body)
    async with desk.working():
        done = await desk.until(job["id"], "done", role)

    then = datetime.fromisoformat(done["createdAt"])
    at_once = await Rest(replace(desk.gateway, clock=lambda: then)).export({**MARCH, "format": format_, **body}, role)
    file = await desk.result(job["id"], role)
    assert (file.status_code, at_once.status_code) == (200, 200)
    assert same_file(format_, file.content, at_once.content)
    for name in ("content-type", "content-disposition", "cache-control", "vary", "x-content-type-options"):
        assert file.headers[name] == at_once.headers[name]
    assert done["resultUrl"] == f"{JOBS}/{job['id']}/result"
    assert (done["bytes"], done["mediaType"]) == (len(file.content), file.headers["content-type"])
    assert file.headers["content-length"] == str(len(file.content))
    assert done["fileName"] in file.headers["content-disposition"]


async def test_who_would_rather_not_wait_is_told_where_to_look(desk: Desk) -> None:
    response = await desk.export(TICKETS, headers=ASYNC)

    job = response.json()
    assert response.status_code == 202
    assert response.headers["location"] == f"{JOBS}/{job['id']}"
    assert response.headers["preference-applied"] == "respond-async"
    assert (job["state"], job["resultUrl"], job["error"]) == ("queued", None, None)
    looked = await desk.look(job["id"])
    assert looked.headers["retry-after"] == "1"
    assert looked.json() == job
    assert (await desk.result(job["id"])).json()["detail"].startswith("There is no file: the export is queued.")


@pytest.mark.parametrize("most", [20, 100, 500])
async def test_more_tickets_than_a_pdf_has_are_refused_at_once_through_every_door(
    most: int, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As if the limit were so much lower: the desk has few tickets.
    monkeypatch.setattr(limits, "MAX_ROWS", most)
    gateway = desk.gateway
    exporting = Exporting(ordered, 100, KEEP, require_room=partial(require_room_of, gateway))
    few = Desk(replace(gateway, exporting=exporting), desk.dsn)
    order = {"report": "tickets", "format": "pdf", "since": "2026-01-01", "until": "2026-04-01"}

    waited = await few.export(order)
    preferred = await few.export(order, headers=ASYNC)
    context = few.gateway.context(VIEWERS[Role.MANAGER])
    told = await few.gateway.execute(CREATE_EXPORT, {"order": order}, context)
    smaller = await few.export({**order, "until": "2026-02-18"}, headers=ASYNC)

    assert (waited.status_code, preferred.status_code, smaller.status_code) == (422, 422, 202)
    assert f"a PDF has {most:,} at most" in waited.json()["detail"]
    assert "xlsx or csv" in waited.json()["detail"]
    assert preferred.json()["detail"] == waited.json()["detail"]
    assert told.errors is not None
    assert (told.errors[0].extensions or {})["code"] == "BAD_USER_INPUT"
    assert told.errors[0].message == waited.json()["detail"]
    (jobs,) = await desk.sql("SELECT count(*) AS jobs FROM deskgraph.export_jobs")
    assert jobs["jobs"] == 1


@pytest.mark.parametrize(
    "order",
    [
        {"report": "trends", "grain": "hour"},
        {"report": "agents"},
        {"report": "breakdown", "metrics": ["ticketsCreated"], "by": ["time", "category"], "grain": "day"},
    ],
)
async def test_any_report_that_is_too_large_for_a_pdf_is_refused_at_once_through_every_door(
    order: dict[str, Any], desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 3)
    exporting = Exporting(ordered, 100, KEEP, require_room=partial(require_room_of, desk.gateway))
    few = Desk(replace(desk.gateway, exporting=exporting), desk.dsn)
    order = {**order, "format": "pdf", "since": "2026-01-01", "until": "2026-04-01"}

    refused = [await few.export(order), await few.export(order, headers=ASYNC)]
    context = few.gateway.context(VIEWERS[Role.MANAGER])
    told = await few.gateway.execute(CREATE_EXPORT, {"order": order}, context)
    monkeypatch.setattr(limits, "MAX_ROWS", 50_000)
    held = await few.export(order, headers=ASYNC)

    assert [one.status_code for one in (*refused, held)] == [422, 422, 202]
    assert told.errors is not None
    assert {told.errors[0].message} == {one.json()["detail"] for one in refused}
    assert "a PDF has 3 at most. Choose a shorter period, a coarser grain or a filter" in told.errors[0].message


async def test_a_report_that_asks_for_too_much_is_refused_as_that_through_every_door(desk: Desk) -> None:
    gateway = replace(desk.gateway, max_cost=50)
    exporting = Exporting(ordered, 100, KEEP, require_room=partial(require_room_of, gateway))
    few = Desk(replace(gateway, exporting=exporting), desk.dsn)
    order = {"report": "breakdown", "metrics": ["ticketsCreated"], "by": ["time"], "grain": "day", "format": "pdf"}
    order |= {"since": "2026-01-01", "until": "2026-04-01"}

    refused = await few.export(order)
    told = await few.gateway.execute(CREATE_EXPORT, {"order": order}, few.gateway.context(VIEWERS[Role.MANAGER]))

    assert (refused.status_code, refused.json()["code"]) == (400, "QUERY_TOO_COMPLEX")
    assert told.errors is not None
    assert (told.errors[0].extensions or {})["code"] == "QUERY_TOO_COMPLEX"
    assert told.errors[0].message == refused.json()["detail"]


async def test_to_look_at_an_export_and_to_end_it_is_no_export(desk: Desk) -> None:
    few = Desk(replace(desk.gateway, rates=Rates(exports_per_minute=2)), desk.dsn)
    job = await few.ask()

    looks = [(await few.look(job["id"])).status_code for _ in range(5)]
    cancelled = await few.request("DELETE", f"{JOBS}/{job['id']}", headers=few.bearer())

    assert (looks, cancelled.status_code) == ([200] * 5, 200)
    assert (await few.result(job["id"])).status_code == 404
    assert (await few.result(job["id"])).status_code == 429


async def test_more_rows_than_at_once_are_left_to_a_worker_and_fewer_are_not(desk: Desk) -> None:
    few = Desk(replace(desk.gateway, exporting=Exporting(ordered, 100, KEEP)), desk.dsn)

    long, short = await few.export(TICKETS), await few.export({**TICKETS, "category": "invoices"})

    assert (long.status_code, short.status_code) == (202, 200)
    assert "preference-applied" not in long.headers
    assert 0 < len(short.text.splitlines()) <= 101


async def test_an_order_that_the_route_refuses_is_refused_at_once(desk: Desk) -> None:
    response = await desk.export({**TICKETS, "score": "9"}, headers=ASYNC)

    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "score")
    assert await desk.sql("SELECT FROM deskgraph.export_jobs") == []


async def test_how_far_it_is_is_told_while_it_runs(desk: Desk) -> None:
    async with AsyncExitStack() as later, desk.working():
        async with desk.locked("teams"):
            job = await desk.ask()
            await desk.until(job["id"], "running")
            await later.enter_async_context(desk.locked("export_chunks", "EXCLUSIVE"))
        running = await until(lambda: desk._state(job["id"], Role.MANAGER), lambda found: found["progress"]["rows"])

    (counted,) = await desk.sql("SELECT count(*) AS n FROM deskgraph.tickets WHERE created_at >= '2026-03-01Z'"
                                " AND created_at < '2026-04-01Z'")  # fmt: skip
    assert running["state"] == "running"
    assert running["startedAt"] is not None
    assert running["progress"] == {"rows": counted["n"], "total": counted["n"], "share": 1.0, "remainingSeconds": 0}


@pytest.mark.parametrize(
    ("progress", "share", "remaining"),
    [
        (Progress(250, 1000, 5.0), 0.25, 15),
        (Progress(0, 1000, 5.0), 0.0, None),
        (Progress(250, None, 5.0), None, None),
        (Progress(1200, 1000, 5.0), 1.0, 0),
        (Progress(0, 0, 5.0), 1.0, None),
        (Progress(250, 1000, None), 0.25, None),
    ],
)
def test_the_rest_takes_as_long_as_what_was(progress: Progress, share: float | None, remaining: int | None) -> None:
    assert (progress.share, progress.remaining_seconds) == (share, remaining)


async def test_nobody_else_sees_cancels_or_fetches_it(desk: Desk) -> None:
    async with desk.working():
        job = await desk.ask(Role.ADMIN)
        await desk.until(job["id"], "done", Role.ADMIN)

    for answer in (
        await desk.look(job["id"]),
        await desk.look(job["id"], method="DELETE"),
        await desk.result(job["id"]),
        await desk.look(str(uuid4()), Role.ADMIN),
        await desk.look("7", Role.ADMIN),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert (await desk.look(job["id"], Role.AGENT)).status_code == 403
    assert (await desk.request("GET", f"{JOBS}/{job['id']}")).status_code == 401
    assert (await desk.result(job["id"], Role.ADMIN)).status_code == 200


async def test_the_database_shows_it_to_no_other_holder_and_workers_see_no_ticket(desk: Desk) -> None:
    await desk.ask()
    connection = await asyncpg.connect(desk.dsn)
    seen = {}
    for holder in ("mia", "root"):
        async with connection.transaction():
            await connection.execute("SET LOCAL ROLE deskgraph_keeper")
            told = f'{{"issuer": "", "subject": "{holder}"}}'
            await connection.execute("SELECT set_config('deskgraph.holder', $1, true)", told)
            seen[holder] = await connection.fetchval("SELECT count(*) FROM deskgraph.export_jobs")
    await connection.execute("SET ROLE deskgraph_worker")
    assert await connection.fetchval("SELECT count(*) FROM deskgraph.export_jobs") == 1
    for table in ("facts", "tickets", "agents", "audit_log"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch(f"SELECT FROM deskgraph.{table}")
    await connection.close()

    assert seen == {"mia": 1, "root": 0}


async def test_a_file_of_a_wider_role_is_kept_from_who_has_lost_it(desk: Desk) -> None:
    async with desk.working():
        job = await desk.ask()
        await desk.until(job["id"], "done")
    narrower = desk.gateway.identity.issue(Viewer("mia", Role.TEAM_LEAD, teams=("billing",)), KEEP)

    path, headers = f"{JOBS}/{job['id']}", {"Authorization": f"Bearer {narrower}"}
    looked = await desk.request("GET", path, headers=headers)
    fetched = await desk.request("GET", f"{path}/result", headers=headers)

    assert looked.status_code == 200
    assert (fetched.status_code, fetched.json()["code"]) == (403, "FORBIDDEN")


async def test_a_transfer_is_resumed_where_it_broke_off(desk: Desk) -> None:
    async with desk.working():
        job = await desk.ask(format="json")
        await desk.until(job["id"], "done")
    whole = await desk.result(job["id"])
    body, tag, size = whole.content, whole.headers["etag"], len(whole.content)

    rest_ = await desk.result(job["id"], Range="bytes=1000-", **{"If-Range": tag})
    part = await desk.result(job["id"], Range="bytes=10-19")
    tail = await desk.result(job["id"], Range="bytes=-7")
    other = await desk.result(job["id"], Range="bytes=1000-", **{"If-Range": '"other"'})
    beyond = await desk.result(job["id"], Range=f"bytes={size}-")
    head = await desk.result(job["id"], method="HEAD")

    assert whole.headers["accept-ranges"] == "bytes"
    assert (rest_.status_code, body[:1000] + rest_.content) == (206, body)
    assert rest_.headers["content-range"] == f"bytes 1000-{size - 1}/{size}"
    assert (part.content, part.headers["content-length"]) == (body[10:20], "10")
    assert tail.content == body[-7:]
    assert (other.status_code, other.content) == (200, body)
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{size}")
    assert (head.content, head.headers["content-length"], head.headers["etag"]) == (b"", str(size), tag)


async def test_a_file_of_many_pieces_is_cut_anywhere(desk: Desk) -> None:
    job = await desk.ask()
    pieces = [os.urandom(CHUNK_BYTES), os.urandom(CHUNK_BYTES), os.urandom(1000)]
    for number, piece in enumerate(pieces):
        await desk.sql("INSERT INTO deskgraph.export_chunks VALUES ($1, $2, $3)", job["id"], number, piece)
    await desk.sql(
        "UPDATE deskgraph.export_jobs SET state = 'done', bytes = $1, file_name = 'f', media_type = 'a/b'",
        sum(map(len, pieces)),
    )
    body = b"".join(pieces)

    assert (await desk.result(job["id"])).content == body
    for first, last in ((0, 0), (5, CHUNK_BYTES), (CHUNK_BYTES - 1, CHUNK_BYTES - 1), (CHUNK_BYTES, len(body) - 1)):
        assert (await desk.result(job["id"], Range=f"bytes={first}-{last}")).content == body[first : last + 1]


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, None),
        ("bytes=0-4", Span(0, 4)),
        ("bytes=4-", Span(4, 9)),
        ("bytes=-3", Span(7, 9)),
        ("bytes=-30", Span(0, 9)),
        ("bytes=8-30", Span(8, 9)),
        ("bytes=0-1,4-5", None),
        ("bytes=5-4", None),
        ("bytes=-", None),
        ("lines=0-4", None),
    ],
)
def test_one_range_is_heeded_and_all_else_is_the_whole(header: str | None, span: Span | None) -> None:
    assert asked(header, 10) == span


@pytest.mark.parametrize(("header", "size"), [("bytes=10-", 10), ("bytes=-0", 10), ("bytes=0-", 0), ("bytes=-5", 0)])
def test_a_range_without_a_byte_is_none(header: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        asked(header, size)


async def test_a_running_export_that_is_cancelled_stops_its_statement(desk: Desk) -> None:
    waiting = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with desk.locked("teams"), desk.working():
        job = await desk.ask()
        await desk.until(job["id"], "running")
        await until(lambda: desk.sql(waiting), bool)

        cancelled = await desk.look(job["id"], method="DELETE")
        await until(lambda: desk.sql(waiting), lambda rows: not rows)

        assert (cancelled.status_code, cancelled.json()["state"]) == (200, "cancelled")
        assert "retry-after" not in cancelled.headers
    again = await desk.look(job["id"], method="DELETE")
    assert again.json() == cancelled.json()
    assert await desk.sql("SELECT FROM deskgraph.export_chunks") == []
    async with desk.working():  # the worker goes on
        await desk.until((await desk.ask())["id"], "done")
    assert (await desk._state(job["id"], Role.MANAGER))["state"] == "cancelled"


async def test_what_has_expired_is_gone_with_its_file(desk: Desk) -> None:
    async with desk.working():
        job = await desk.ask()
        await desk.until(job["id"], "done")
    assert len(await desk.sql("SELECT FROM deskgraph.export_chunks")) == 1
    await desk.sql("UPDATE deskgraph.export_jobs SET expires_at = clock_timestamp()")

    assert (await desk.look(job["id"])).status_code == 404
    assert (await desk.result(job["id"])).status_code == 404
    async with desk.working():
        await until(lambda: desk.sql("SELECT FROM deskgraph.export_jobs"), lambda rows: not rows)
    assert await desk.sql("SELECT FROM deskgraph.export_chunks") == []


async def test_of_one_viewer_only_so_many_run_at_once_and_others_need_not_wait(desk: Desk) -> None:
    states = "SELECT subject, state FROM deskgraph.export_jobs ORDER BY created_at"
    async with desk.locked("teams"):
        for role in (Role.MANAGER, Role.MANAGER, Role.MANAGER, Role.ADMIN):
            await desk.ask(role)
        async with desk.working(workers=4, a_viewer=2):
            await until(lambda: desk.sql(states), lambda rows: [row["state"] for row in rows].count("running") == 3)
            await asyncio.sleep(1.5)  # longer than a worker waits before it looks again

            assert [tuple(row) for row in await desk.sql(states)] == [
                ("mia", "running"), ("mia", "running"), ("mia", "queued"), ("root", "running"),
            ]  # fmt: skip


async def test_more_than_may_wait_are_refused(desk: Desk) -> None:
    for _ in range(MAX_WAITING):
        await desk.ask()

    refused = await desk.export(TICKETS, headers=ASYNC)

    assert (refused.status_code, refused.json()["code"]) == (429, "RATE_LIMITED")
    assert "Wait for one, or cancel one." in refused.json()["detail"]
    assert (await desk.export(TICKETS, Role.ADMIN, ASYNC)).status_code == 202


async def test_what_cannot_be_made_says_why(desk: Desk) -> None:
    async with desk.working():
        job = await desk.ask(category="nobody")
        failed = await desk.until(job["id"], "failed")

    assert failed["error"]["code"] == "BAD_USER_INPUT"
    assert "'nobody'" in failed["error"]["message"]
    assert failed["resultUrl"] is None


async def test_a_full_disk_is_told_with_what_to_do(desk: Desk) -> None:
    await desk.sql(
        "CREATE FUNCTION deskgraph.no_space() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'no space' USING ERRCODE = '53100'; END $$"
    )
    await desk.sql(
        "CREATE TRIGGER no_space BEFORE INSERT ON deskgraph.export_chunks EXECUTE FUNCTION deskgraph.no_space()"
    )
    try:
        async with desk.working():
            failed = await desk.until((await desk.ask())["id"], "failed")
    finally:
        await desk.sql("DROP FUNCTION deskgraph.no_space CASCADE")

    assert failed["error"] == {
        "code": "UNAVAILABLE",
        "message": "The database has no space left. Have somebody free some, then ask again.",
    }


async def test_a_worker_that_is_told_to_end_lets_its_export_wait_for_another(desk: Desk) -> None:
    async with desk.locked("teams"), desk.working():
        job = await desk.ask()
        await desk.until(job["id"], "running")

    (left,) = await desk.sql("SELECT state, attempts, worker FROM deskgraph.export_jobs")
    assert tuple(left) == ("queued", 0, None)
    async with desk.working():
        await desk.until(job["id"], "done")


async def test_what_ends_with_its_worker_each_time_is_given_up(desk: Desk) -> None:
    job = await desk.ask()
    await desk.sql(
        "UPDATE deskgraph.export_jobs SET state = 'running', attempts = $1, worker = gen_random_uuid(),"
        " lease_until = clock_timestamp()",
        MAX_ATTEMPTS,
    )

    async with desk.working():
        failed = await desk.until(job["id"], "failed")

    assert failed["error"]["message"].startswith(f"The export was begun {MAX_ATTEMPTS} times")


async def test_a_lease_is_no_longer_because_the_databases_clock_was_ahead(desk: Desk) -> None:
    job = await desk.ask()
    await desk.sql(
        "UPDATE deskgraph.export_jobs SET state = 'running', attempts = 1, worker = gen_random_uuid(),"
        " lease_until = clock_timestamp() + interval '1 year'"
    )

    for statement in export_queue.sweep():
        await desk.sql(statement.sql, *statement.arguments)

    (found,) = await desk.sql("SELECT state, lease_until - clock_timestamp() AS left FROM deskgraph.export_jobs")
    assert found["state"] == "running"
    assert found["left"] <= export_queue.LEASE
    await desk.sql("UPDATE deskgraph.export_jobs SET lease_until = lease_until - $1::interval", export_queue.LEASE)
    async with desk.working():
        await desk.until(job["id"], "done")


async def test_pieces_of_an_earlier_attempt_are_no_part_of_the_file(desk: Desk) -> None:
    job = await desk.ask()
    await desk.sql("INSERT INTO deskgraph.export_chunks VALUES ($1, 0, 'old'), ($1, 1, 'old')", job["id"])
    await desk.sql(
        "UPDATE deskgraph.export_jobs SET state = 'running', attempts = 1, worker = gen_random_uuid(),"
        " lease_until = clock_timestamp()"
    )

    async with desk.working():
        await desk.until(job["id"], "done")

    assert (await desk.result(job["id"])).text.startswith("Ticket,")
    assert len(await desk.sql("SELECT FROM deskgraph.export_chunks")) == 1


async def graphql(desk: Desk, document: str, role: Role = Role.MANAGER, **variables: Any) -> Any:
    """What GraphQL answers, with the code of its error."""
    result = await desk.gateway.execute(document, variables, desk.gateway.context(VIEWERS[role]))
    code = (result.errors[0].extensions or {})["code"] if result.errors else None
    return {**(result.data or {}), "code": code}


async def test_graphql_asks_looks_and_cancels(desk: Desk) -> None:
    create = f"mutation Create($order: JSON!) {{ createExport(order: $order) {{ {FIELDS} }} }}"
    made = (await graphql(desk, create, order=TICKETS))["createExport"]
    second = (await graphql(desk, create, order={**TICKETS, "format": "json"}))["createExport"]
    gone = await graphql(desk, "mutation C($id: ID!) { cancelExport(id: $id) { id state } }", id=second["id"])
    async with desk.working():
        await desk.until(made["id"], "done")

    one = (await graphql(desk, f"query One($id: ID!) {{ exportJob(id: $id) {{ {FIELDS} }} }}", id=made["id"]))[
        "exportJob"
    ]
    listed = (await graphql(desk, f"{{ exportJobs {{ {FIELDS} }} }}"))["exportJobs"]
    by_rest = (await desk.look(made["id"])).json()

    assert gone["cancelExport"] == {"id": second["id"], "state": "CANCELLED"}
    assert [job["id"] for job in listed] == [second["id"], made["id"]]
    assert listed[1] == one
    assert one["resultUrl"] == f"{JOBS}/{made['id']}/result"

    def alike(job: dict[str, Any]) -> dict[str, Any]:
        instants = {name: datetime.fromisoformat(job[name]) for name in job if name.endswith("At")}
        return {**job, **instants, "state": job["state"].lower()}

    assert alike(one) == alike(by_rest)
    assert (await graphql(desk, "{ exportJobs { id } }", Role.ADMIN))["exportJobs"] == []


@pytest.mark.parametrize(
    ("role", "order", "code"),
    [
        (Role.MANAGER, {**TICKETS, "format": "doc"}, "BAD_USER_INPUT"),
        (Role.MANAGER, [1], "BAD_USER_INPUT"),
        (Role.MANAGER, {**TICKETS, "search": "x" * 70_000}, "BAD_USER_INPUT"),
        (Role.AGENT, TICKETS, "FORBIDDEN"),
    ],
)
async def test_graphql_refuses_what_the_route_refuses(role: Role, order: Any, code: str, desk: Desk) -> None:
    create = "mutation Create($order: JSON!) { createExport(order: $order) { id } }"

    assert await graphql(desk, create, role, order=order) == {"createExport": None, "code": code}
    assert await desk.sql("SELECT FROM deskgraph.export_jobs") == []


def workers_of(pid: int) -> list[psutil.Process]:
    """The workers beside a server."""
    return [one for one in psutil.Process(pid).children(recursive=True) if "work" in one.cmdline()]


@pytest.mark.slow
async def test_an_export_outlives_its_worker_and_its_server(desk: Desk, tmp_path: Path) -> None:
    given = {"DESKGRAPH_EXPORT_WORKERS": "1"}
    async with AsyncExitStack() as lock:
        await lock.enter_async_context(desk.locked("teams"))
        async with serving(desk.dsn, tmp_path / "first", **given) as first:
            token = {"Authorization": f"Bearer {first.identity.issue(VIEWERS[Role.MANAGER], KEEP)}"}
            async with httpx.AsyncClient(base_url=first.url, headers=token, timeout=60) as client:
                job = (await client.post(EXPORT, json=TICKETS, headers=ASYNC)).json()
            await desk_until(desk, job["id"], "running", attempts=1)
            (worker,) = await until(lambda: asyncio.to_thread(workers_of, first.pid), bool)

            os.kill(worker.pid, signal.SIGKILL)

            await desk_until(desk, job["id"], "running", attempts=2)
        (left,) = await desk.sql("SELECT state, attempts FROM deskgraph.export_jobs")
        assert tuple(left) == ("queued", 1)  # the second let go of it in good order
    async with (
        serving(desk.dsn, tmp_path / "second", **given) as second,
        httpx.AsyncClient(base_url=second.url, headers=token, timeout=60) as client,
    ):
        await desk_until(desk, job["id"], "done", attempts=2)
        file = await client.get(f"{JOBS}/{job['id']}/result")
    then = datetime.fromisoformat(job["createdAt"])
    assert file.content == (await Rest(replace(desk.gateway, clock=lambda: then)).export(TICKETS)).content


async def desk_until(desk: Desk, id_: str, state: str, attempts: int) -> None:
    """Returns once the export is so."""
    await until(
        lambda: desk.sql("SELECT state, attempts FROM deskgraph.export_jobs WHERE id = $1", id_),
        lambda rows: [tuple(row) for row in rows] == [(state, attempts)],
    )
