"""What is asked over a connection, or goes on as events, is counted and logged as each request is."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.live.conftest import CREATED, PATIENCE, LiveDesk, created_of
from tests.operating.test_metrics import Samples

ROLE = "{ viewer { role } }"
OWN = CREATED.replace("asOf", "asOf dataVersion")
"""What nobody else asks: an answer that somebody has takes no statement."""


def counted(found: Samples, **labels: str) -> float:
    """How many requests have all of these labels."""
    return sum(
        number
        for (name, having), number in found.items()
        if name == "deskgraph_requests_total" and labels.items() <= dict(having).items()
    )


async def logged(desk: LiveDesk, request_id: str, lines: int) -> list[dict[str, Any]]:
    """The lines of the log about the requests of an id, once there are so many."""
    async with asyncio.timeout(PATIENCE):
        while True:
            text = await asyncio.to_thread((desk.folder / "log").read_text)
            read = [json.loads(line) for line in text.splitlines() if request_id in line]
            found = [one for one in read if one.get("requestId") == request_id and "outcome" in one]
            if len(found) >= lines:
                return found
            await asyncio.sleep(0.05)


async def test_every_operation_over_a_websocket_is_a_request_of_its_own(desk: LiveDesk) -> None:
    before = await desk.metrics()
    async with desk.connected(additional_headers={"X-Request-Id": "over-a-socket"}) as listener:
        await listener.introduce(desk.token())
        await listener.subscribe(ROLE, "a")
        assert (await listener.next("a"))["data"]
        await listener.receive()
        await listener.subscribe("{ nothing }", "b")
        assert (await listener.receive())["type"] == "error"
        await listener.subscribe(OWN, "c")
        created_of(await listener.next("c"))
        lines = await logged(desk, "over-a-socket", 3)
        after = await desk.metrics()  # while the subscription goes on

    told = {"door": "graphql", "status": "101"}
    assert counted(after, **told, outcome="OK") - counted(before, **told, outcome="OK") == 2
    assert counted(after, **told, outcome="BAD_USER_INPUT") - counted(before, **told, outcome="BAD_USER_INPUT") == 1
    assert [(one["operation"], one["status"], one["outcome"]) for one in lines] == [
        ("ad hoc", 101, "OK"),
        ("ad hoc", 101, "BAD_USER_INPUT"),
        ("ad hoc", 101, "OK"),
    ]
    assert [one["statements"] > 0 for one in lines] == [False, False, True]
    assert {one["role"] for one in lines} == {"manager"}


async def test_who_is_refused_at_the_socket_is_counted(desk: LiveDesk) -> None:
    before = await desk.metrics()
    async with desk.connected(additional_headers={"X-Request-Id": "refused-at-a-socket"}) as listener:
        await listener.send(type="connection_init", payload={"authorization": "Bearer nonsense"})
        assert (await listener.closed())[0] == 4403
    after = await desk.metrics()

    told = {"door": "graphql", "operation": "unknown", "status": "101", "outcome": "UNAUTHENTICATED"}
    assert counted(after, **told) - counted(before, **told) == 1
    (line,) = await logged(desk, "refused-at-a-socket", 1)
    assert "viewer" not in line


async def test_events_are_counted_as_they_begin_and_once(desk: LiveDesk) -> None:
    told = {"door": "graphql", "status": "200", "outcome": "OK"}
    before = await desk.metrics()
    async with desk.events(CREATED) as stream:
        assert stream.status_code == 200
        during = await desk.metrics()
        name = stream.headers["x-request-id"]
    await desk.subscriptions(0)
    after = await desk.metrics()

    assert counted(during, **told) - counted(before, **told) == 1
    assert counted(after, **told) - counted(before, **told) == 1
    assert len(await logged(desk, name, 1)) == 1
