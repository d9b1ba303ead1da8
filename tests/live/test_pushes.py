"""Whoever listens is told of what was committed, where it changes what may be seen; and of nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import asyncpg
import httpx
import orjson
import pytest

from db.access import Role
from rest_compat.stored import NAMED
from tests.conftest import new_database
from tests.live.conftest import CREATED, MARCH, PATIENCE, LiveDesk, Relay, created_of, desk_served, happened, relaying
from tests.operating.test_metrics import value

Strict = tuple[LiveDesk, Relay]
CHANGES = NAMED["ui/Changes"]
OF_MARCH = {
    "period": {"since": "2026-03-01", "until": "2026-04-01"},
    "timezone": "UTC",
    "attribution": "EVENT",
    "clock": "CALENDAR",
    "satisfaction": True,
}


async def test_a_committed_import_is_pushed_to_who_sees_it(desk: LiveDesk) -> None:
    async with desk.listening() as listener:
        await listener.subscribe(CREATED)
        before = created_of(await listener.next())

        await desk.created()

        assert created_of(await listener.next()) == before + 1


async def test_another_organizations_ticket_is_not_pushed(desk: LiveDesk) -> None:
    async with desk.listening(Role.CLIENT) as client, desk.listening() as manager:
        await client.subscribe(CHANGES, **OF_MARCH)
        await manager.subscribe(CREATED)
        of_client, of_all = created_of(await client.next()), created_of(await manager.next())

        await desk.created("O-2")
        assert created_of(await manager.next()) == of_all + 1
        assert await client.silence(2)
        await desk.created("O-1")

        assert created_of(await client.next()) == of_client + 1


async def test_what_names_only_the_instant_and_the_version_is_not_pushed_again(desk: LiveDesk) -> None:
    async with desk.listening() as listener, desk.listening() as other:
        await other.subscribe(CREATED)
        await other.next()
        await listener.subscribe(f"subscription {{ now: reportChanged({MARCH}) {{ at: asOf dataVersion }} }}")
        assert set((await listener.next())["data"]["now"]) == {"at", "dataVersion"}

        await desk.created()

        await other.next()
        assert await listener.silence(1)


STATEMENTS = "deskgraph_statement_seconds_count"


async def test_equal_subscribers_cost_one_set_of_statements(desk: LiveDesk) -> None:
    count = 50
    async with AsyncExitStack() as stack:
        listeners = [await stack.enter_async_context(desk.listening()) for _ in range(count)]
        for listener in listeners:
            await listener.subscribe(CREATED)
        before = {created_of(await listener.next()) for listener in listeners}
        await asyncio.sleep(2)  # what the beginnings still cause has happened
        idle, began = await desk.metrics(), await desk.metrics()

        await desk.created()
        after = {created_of(await listener.next()) for listener in listeners}

        found = await desk.metrics()
        of_asking = value(began, STATEMENTS) - value(idle, STATEMENTS)
        assert after == {before.pop() + 1}
        assert happened(found, "run") - happened(began, "run") == 1
        assert happened(found, "push") - happened(began, "push") == count
        assert value(found, STATEMENTS) - value(began, STATEMENTS) - of_asking == 2


async def test_events_tell_the_same_and_end_where_there_is_no_more(desk: LiveDesk) -> None:
    async with desk.events(CREATED) as stream:
        lines = stream.aiter_lines()
        assert stream.headers["content-type"] == "text/event-stream; charset=utf-8"
        event, before, _ = [await anext(lines) for _ in range(3)]
        assert event == "event: next"

        await desk.created()

        assert await anext(lines) == "event: next"
        after = await anext(lines)
        told = [created_of(orjson.loads(one.removeprefix("data: "))) for one in (before, after)]
        assert told[1] == told[0] + 1
    await desk.subscriptions(0)

    async with desk.events("{ viewer { role } }") as stream:
        text = (await stream.aread()).decode()
    assert text == 'event: next\ndata: {"data":{"viewer":{"role":"MANAGER"}}}\n\nevent: complete\ndata:\n\n'


async def test_who_wants_no_more_is_forgotten(desk: LiveDesk) -> None:
    async with desk.listening() as listener:
        await listener.subscribe(CREATED)
        await listener.next()
        await desk.subscriptions(1)

        await listener.send(type="complete", id="1")

        await desk.subscriptions(0)
        await listener.subscribe(CREATED, "1")
        await listener.next()
    await desk.subscriptions(0)


async def test_a_token_that_runs_out_ends_what_it_began(desk: LiveDesk) -> None:
    token = desk.token(lasting=timedelta(seconds=4))
    async with desk.connected() as listener:
        await listener.introduce(token)
        await listener.subscribe(CREATED)
        await listener.next()
        async with desk.events(CREATED, token) as stream:
            text = (await stream.aread()).decode()
        code, reason = await listener.closed()

    assert (code, (reason or "").split(":")[0]) == (4403, "UNAUTHENTICATED")
    last = text.strip().split("\n\n")[-2:]
    assert "UNAUTHENTICATED" in last[0]
    assert last[1] == "event: complete\ndata:"


async def test_a_role_that_may_run_stored_documents_alone_is_told_so(desk: LiveDesk) -> None:
    async with desk.listening(Role.CLIENT) as listener:
        await listener.subscribe(CREATED)
        refused = await listener.receive()
        await listener.subscribe(CHANGES, "2", **OF_MARCH)

        assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", "FORBIDDEN")
        assert created_of(await listener.next("2")) > 0


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f'subscription {{ reportChanged({MARCH}, timezone: "Mars/Olympus") {{ asOf }} }}', "BAD_USER_INPUT"),
        (f"subscription {{ reportChanged({MARCH}) {{ nothing }} }}", "BAD_USER_INPUT"),
        ("subscription {", "BAD_USER_INPUT"),
        ("", "BAD_USER_INPUT"),
    ],
)
async def test_what_cannot_be_answered_is_refused_by_the_same_codes_everywhere(
    desk: LiveDesk, query: str, code: str
) -> None:
    async with desk.listening() as listener:
        await listener.subscribe(query)
        over_socket = (await listener.receive())["payload"]
    async with desk.events(query) as stream:
        text = (await stream.aread()).decode()
    data = next(line for line in text.splitlines() if line.startswith(("data: ", "{"))).removeprefix("data: ")

    assert [one["extensions"]["code"] for one in over_socket] == [code]
    assert [one["extensions"]["code"] for one in orjson.loads(data)["errors"]] == [code]
    assert [one["message"] for one in orjson.loads(data)["errors"]] == [one["message"] for one in over_socket]


async def test_a_subscription_is_not_answered_as_json(desk: LiveDesk) -> None:
    headers = {"Authorization": f"Bearer {desk.token()}"}
    async with httpx.AsyncClient(base_url=desk.gateway.url, headers=headers) as client:
        answer = await client.post("/graphql", json={"query": CREATED})

    assert answer.status_code == 406
    assert "text/event-stream" in answer.json()["errors"][0]["message"]


async def test_beginning_and_end_are_in_the_audit_log(desk: LiveDesk) -> None:
    query = CREATED.replace("subscription", "subscription Recorded")
    async with desk.listening() as listener:
        await listener.subscribe(query)
        await listener.next()
        await desk.created()
        await listener.next()
    connection = await asyncpg.connect(desk.dsn)
    try:
        async with asyncio.timeout(PATIENCE):
            found: list[asyncpg.Record] = []
            while len(found) < 2:
                found = await connection.fetch(
                    "SELECT * FROM deskgraph.audit_log WHERE operation = 'Recorded' ORDER BY at"
                )
                await asyncio.sleep(0.05)
    finally:
        await connection.close()

    assert [(one["door"], one["subject"], one["outcome"]) for one in found] == [("graphql", "mia", "OK")] * 2
    assert found[0]["document_hash"] == found[1]["document_hash"]
    assert found[1]["duration_ms"] >= found[0]["duration_ms"]


@pytest.fixture(scope="module")
async def strict(server: str, filled: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Strict]:
    """A server that keeps few subscriptions, and what stands between it and its database."""
    limits = {"DESKGRAPH_LIVE_SUBSCRIPTIONS_A_VIEWER": "2", "DESKGRAPH_LIVE_SUBSCRIPTIONS": "3"}
    folder = tmp_path_factory.mktemp("strict")
    async with (
        new_database(server, template=filled) as dsn,
        relaying(dsn) as relay,
        desk_served(relay.dsn, folder, **limits) as desk,
    ):
        yield desk, relay


async def test_a_viewer_has_so_many_and_no_more(strict: Strict) -> None:
    desk, _ = strict
    async with desk.listening() as listener, desk.listening(Role.ADMIN) as other:
        for id_ in ("1", "2"):
            await listener.subscribe(CREATED, id_)
            await listener.next(id_)
        await listener.subscribe(CREATED, "3")
        mine = await listener.receive()
        await other.subscribe(CREATED, "1")
        await other.next()
        await other.subscribe(CREATED, "2")
        everybodys = await other.receive()

        codes = [one["payload"][0]["extensions"]["code"] for one in (mine, everybodys)]
        assert codes == ["RATE_LIMITED", "UNAVAILABLE"]


async def test_a_database_that_is_away_is_told_once_and_then_what_it_has(strict: Strict) -> None:
    desk, relay = strict
    async with desk.listening() as listener:
        await listener.subscribe(CREATED)
        before = created_of(await listener.next())
        await relay.cut()
        away = await listener.next()
        is_silent = await listener.silence(3)
        await relay.mend()
        after = created_of(await listener.next())

    assert {one["extensions"]["code"] for one in away["errors"]} == {"UNAVAILABLE"}
    assert is_silent
    assert after == before
