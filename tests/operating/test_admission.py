"""Who is let in, and who is turned away: before any work, with a clear error, and counted."""

from __future__ import annotations

import asyncio
import time

import asyncpg
import httpx
import pytest
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from db.turns import Turns
from rest_compat.admission import Admission, Entrance
from rest_compat.patience import WAITED
from tests.operating.conftest import REPORTS, Log, Operated, holding, operated
from tests.operating.test_metrics import read, value

INSIDE = 4
WAITING = 10
AWAY = 3
DOCUMENT = '{ report(period: {since: "2026-03-01", until: "2026-03-20"}) { summary { openTickets { value } } } }'


async def summary(gateway: Operated, day: int) -> httpx.Response:
    """A report that nobody else asks for."""
    return await gateway.report(since="2026-03-01", until=f"2026-03-{day:02}")


async def until_they_wait(gateway: Operated) -> None:
    """Until all that have a place are in theirs. The metrics cannot say it: they read what is held."""
    (entrance,) = [one.args[0] for one in gateway.app.user_middleware if one.cls is Admission]
    assert isinstance(entrance, Entrance)
    async with asyncio.timeout(20):
        while entrance.waiting < WAITING:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0.01)


async def test_who_has_others_that_wait_is_turned_away_before_any_work_and_all_others_are_answered(
    desk_dsn: str, log: Log
) -> None:
    few = {"pool_connections": 1, "statements_per_viewer": 1, "waiting_places": 4 * WAITING}
    async with operated(desk_dsn, **few) as gateway:
        for _ in range(2):
            kept = await gateway.report()
        async with holding(desk_dsn, "facts, deskgraph.rollup_zones"):
            taken = [asyncio.create_task(summary(gateway, day)) for day in range(2, 2 + INSIDE + WAITING)]
            await until_they_wait(gateway)
            away = [await summary(gateway, 20 + number) for number in range(AWAY)]
            asked = {"json": {"query": DOCUMENT}, "headers": gateway.bearer()}
            away_by_graphql = await gateway.ask("POST", "/graphql", **asked)
            again = await gateway.report()
            page = await gateway.get("/graphql", headers={**gateway.bearer(), "Accept": "text/html"})
        answered = await asyncio.gather(*taken)
        await asyncio.sleep(1.1)
        found = await read(gateway)

    assert {(one.status_code, one.json()["code"], one.json()["instance"]) for one in away} == {
        (429, "RATE_LIMITED", f"{REPORTS}/summary")
    }
    told = away_by_graphql.json()
    assert (away_by_graphql.status_code, told["errors"][0]["extensions"]["code"]) == (429, "RATE_LIMITED")
    assert "data" not in told
    for one in (*away, away_by_graphql):
        assert int(one.headers["retry-after"]) >= 5
        assert f"Ask again in {one.headers['retry-after']} seconds" in one.text
    assert len({one.headers["x-request-id"] for one in away}) == AWAY
    assert (again.status_code, again.content, page.status_code) == (200, kept.content, 200)
    by = {"operation": "unknown", "status": "429", "outcome": "RATE_LIMITED"}
    assert value(found, "deskgraph_requests_total", door="rest", **by) == AWAY
    assert value(found, "deskgraph_requests_total", door="graphql", **by) == 1
    assert {one.status_code for one in answered} == {200}
    assert value(found, "deskgraph_requests_inside") == value(found, "deskgraph_requests_waiting") == 0
    (line,) = [one for one in log.of("requests") if "turnedAway" in one]
    assert (line["turnedAway"], line.get("requestId")) == (AWAY + 1, None)


async def test_what_was_waited_for_anothers_answer_counts_of_ones_own_time(desk_dsn: str) -> None:
    """The first who asks is refused after its time; who has waited for its answer has only the rest of its own left."""
    limit = 3.0
    few = {"pool_connections": 1, "statements_per_viewer": 1, "request_timeout_ms": int(1000 * limit)}
    async with operated(desk_dsn, **few) as gateway:
        for _ in range(2):
            await gateway.report()
        writer = await asyncpg.connect(desk_dsn)
        await writer.execute("UPDATE deskgraph.data_version SET version = version + 1")
        await writer.close()
        async with holding(desk_dsn, "facts, deskgraph.rollup_zones"):
            inside = [asyncio.create_task(summary(gateway, day)) for day in range(2, 2 + INSIDE)]
            await asyncio.sleep(0.2)
            first = asyncio.create_task(gateway.report())
            await asyncio.sleep(1.6)
            began = time.monotonic()
            second = await gateway.report()
            took = time.monotonic() - began
            answered = [(await one).status_code for one in (first, *inside)]

    assert second.status_code in (429, 503, 504)
    assert took < limit + 0.4, "no request takes longer than it may"
    assert answered == [429, *[504] * INSIDE]


async def test_who_goes_away_while_waiting_is_waited_for_no_more_and_takes_no_turn() -> None:
    worked_on: list[str] = []
    ends = asyncio.Event()

    async def work(scope: Scope, receive: Receive, send: Send) -> None:
        worked_on.append(scope["query_string"].decode())
        await ends.wait()
        await Response()(scope, receive, send)

    entrance = Entrance(reports=Turns(1, 1), exports=Turns(1, 1), wait_seconds=20)
    admission = Admission(work, entrance)
    leaves = asyncio.Event()
    first, third = (asyncio.create_task(asked(admission, name)) for name in ("first", "third"))
    second = asyncio.create_task(asked(admission, "second", leaves))
    async with asyncio.timeout(20):
        while entrance.waiting < 2:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        leaves.set()
        assert await second == 499
        assert (entrance.waiting, worked_on) == (1, ["first"])
        ends.set()
        assert [await first, await third] == [200, 200]

    assert worked_on == ["first", "third"]
    assert entrance.inside == entrance.waiting == 0


async def test_whose_own_requests_wait_is_told_so_and_others_that_there_is_no_room() -> None:
    ends = asyncio.Event()

    async def work(scope: Scope, receive: Receive, send: Send) -> None:
        await ends.wait()
        await Response()(scope, receive, send)

    entrance = Entrance(reports=Turns(1, 1, places=1), exports=Turns(1, 1), wait_seconds=20)
    admission = Admission(work, entrance)
    async with asyncio.timeout(20):
        taken = [asyncio.create_task(asked(admission, "asks", who=who)) for who in ("inside", "waits")]
        while entrance.waiting < 1:  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
        statuses = [await asked(admission, "asks", who=who) for who in ("waits", "inside", "another")]
        ends.set()
        answered = await asyncio.gather(*taken)

    assert (statuses, answered) == ([429, 429, 503], [200, 200])


async def test_who_has_waited_for_long_already_waits_no_longer() -> None:
    turns = Turns(1, 1)
    admission = Admission(Response(), Entrance(reports=turns, exports=Turns(1, 1), wait_seconds=20))
    assert turns.take_now("inside")

    async with asyncio.timeout(5):
        assert await asked(admission, "asks", who="another", waited=19.9) == 503


@pytest.mark.parametrize("steps", range(5))
async def test_a_turn_that_comes_as_its_request_is_ended_is_another_s(steps: int) -> None:
    turns = Turns(1, 1)
    assert turns.take_now("inside")
    admission = Admission(Response(), Entrance(reports=turns, exports=Turns(1, 1), wait_seconds=20))
    waits = asyncio.create_task(asked(admission, "asks", who="another"))
    while not turns.waiting:  # noqa: ASYNC110 - nobody tells of it
        await asyncio.sleep(0)

    turns.leave("inside")
    for _ in range(steps):
        await asyncio.sleep(0)
    waits.cancel()
    await asyncio.gather(waits, return_exceptions=True)
    await asyncio.sleep(0.01)

    assert (turns.held, turns.waiting) == (0, 0)


async def asked(
    admission: Admission, query: str, leaves: asyncio.Event | None = None, who: str = "one", waited: float = 0.0
) -> int:
    """The status of a report that is asked for by one who may go away."""
    came = [{"type": "http.request", "body": b"", "more_body": False}]
    sent: list[Message] = []

    async def receive() -> Message:
        if came:
            return came.pop()
        await (leaves or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": f"{REPORTS}/summary", "query_string": query.encode()}
    await admission({**scope, "headers": [(b"authorization", who.encode())], "state": {WAITED: waited}}, receive, send)
    return int(sent[0]["status"])
