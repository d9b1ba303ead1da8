"""GraphQL over WebSocket as its protocol says: what is malformed ends its own connection, and nothing else."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from graphql import get_introspection_query
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed, InvalidStatus

from tests.conftest import ROOT, new_database
from tests.live.conftest import CREATED, PATIENCE, LiveDesk, created_of, desk_served, happened

CLIENTS = ROOT / "web" / "audit" / "subscriptions.mjs"
INTROSPECTION = get_introspection_query()


async def test_who_does_not_say_who_it_is_may_ask_nothing(desk: LiveDesk) -> None:
    async with desk.connected() as listener:
        await listener.subscribe(CREATED)

        assert (await listener.closed())[0] == 4401


@pytest.mark.parametrize("payload", [None, {}, {"authorization": "Bearer nonsense"}, {"Authorization": 7}])
async def test_who_has_no_valid_token_is_refused(desk: LiveDesk, payload: Any) -> None:
    async with desk.connected() as listener:
        await listener.send(type="connection_init", **({} if payload is None else {"payload": payload}))
        code, reason = await listener.closed()

    assert (code, (reason or "").split(":")[0]) == (4403, "UNAUTHENTICATED")


async def test_a_token_may_come_by_header(desk: LiveDesk) -> None:
    async with desk.connected(additional_headers={"Authorization": f"Bearer {desk.token()}"}) as listener:
        await listener.send(type="connection_init")

        assert await listener.receive() == {"type": "connection_ack"}


async def test_who_introduces_itself_twice_is_let_go(desk: LiveDesk) -> None:
    async with desk.listening() as listener:
        await listener.send(type="connection_init", payload={})

        assert (await listener.closed())[0] == 4429


async def test_an_id_stands_for_one_operation_at_a_time(desk: LiveDesk) -> None:
    async with desk.listening() as listener:
        await listener.subscribe(CREATED)
        await listener.next()
        await listener.subscribe(CREATED)

        assert (await listener.closed())[0] == 4409


async def test_another_protocol_is_not_spoken(desk: LiveDesk) -> None:
    async with desk.connected(subprotocols=None) as listener:
        assert (await listener.closed())[0] == 4406


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1"])
async def test_a_page_of_another_origin_gets_no_connection(desk: LiveDesk, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refusal:
        async with desk.connected(origin=origin):
            pass

    assert refusal.value.response.status_code == 403


async def test_our_own_page_gets_one(desk: LiveDesk) -> None:
    async with desk.connected(origin=desk.gateway.url) as listener:
        await listener.introduce(desk.token())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
MALFORMED = st.one_of(
    st.binary(max_size=40),
    st.text(max_size=40),
    JSON.filter(lambda one: not isinstance(one, dict)).map(lambda one: orjson.dumps(one).decode()),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["subscribe", "complete"])},
        optional={"id": JSON.filter(lambda one: not isinstance(one, str)), "payload": JSON},
    ).map(lambda one: orjson.dumps(one).decode()),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["ping", "pong", "connection_init"]), "payload": st.integers() | st.text()}
    ).map(lambda one: orjson.dumps(one).decode()),
    st.fixed_dictionaries({"type": JSON}).map(lambda one: orjson.dumps(one).decode()),
)


async def test_what_is_malformed_ends_its_own_connection_alone(desk: LiveDesk) -> None:
    async with desk.listening() as witness:
        await witness.subscribe(CREATED)
        before = created_of(await witness.next())

        for frame in examples(40):
            async with desk.listening() as listener:
                await listener.socket.send(frame)
                assert (await listener.closed())[0] == 4400, frame

        await desk.created()
        assert created_of(await witness.next()) == before + 1


def examples(count: int) -> list[str | bytes]:
    """Frames that are no message."""
    found: list[str | bytes] = []

    @settings(max_examples=count, database=None, suppress_health_check=list(HealthCheck))
    @given(MALFORMED)
    def gather(frame: str | bytes) -> None:
        if not is_message(frame):
            found.append(frame)

    gather()
    assert len(found) > count // 2
    return found


def is_message(frame: str | bytes) -> bool:
    """Whether a frame is by chance one of the protocol's."""
    return (
        isinstance(frame, str)
        and '"type":"' in frame
        and any(f'"{one}"' in frame for one in ("ping", "pong"))
        and ('"payload"' not in frame)
    )


async def test_a_message_over_the_limit_ends_its_connection(desk: LiveDesk) -> None:
    async with desk.listening() as listener:
        await listener.socket.send("x" * 1_000_001)

        assert (await listener.closed())[0] == 1009


async def test_who_reads_nothing_is_let_go(desk: LiveDesk) -> None:
    before = happened(await desk.metrics(), "slow")
    stuck = socket.socket()
    stuck.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    stuck.connect(("127.0.0.1", int(desk.gateway.url.rsplit(":", 1)[1])))
    async with desk.connected(sock=stuck) as listener:
        await listener.introduce(desk.token())
        listener.socket.transport.pause_reading()
        for number in range(40):
            await listener.subscribe(INTROSPECTION, str(number))

        async with asyncio.timeout(PATIENCE):
            async for found in desk.metrics_again_and_again():
                if happened(found, "slow") > before:
                    break
        listener.socket.transport.abort()


async def test_the_clients_of_npm_work_against_it(desk: LiveDesk) -> None:
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts" / "node", CLIENTS, f"{desk.gateway.url}/graphql",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(orjson.dumps({"token": desk.token(), "query": CREATED}) + b"\n")
    async with asyncio.timeout(PATIENCE):
        first = dict([orjson.loads(await process.stdout.readline()) for _ in range(2)])
        await desk.created()
        then = dict([orjson.loads(await process.stdout.readline()) for _ in range(2)])
        process.stdin.close()
        _, said = await process.communicate()

    assert process.returncode == 0, said.decode()
    assert set(first) == {"graphql-ws", "graphql-sse"}
    assert {name: created_of(one) - created_of(first[name]) for name, one in then.items()} == dict.fromkeys(first, 1)


async def test_a_server_that_ends_says_so_and_lets_everybody_go(server: str, filled: str, tmp_path: Path) -> None:
    async with (
        new_database(server, template=filled) as dsn,
        desk_served(dsn, tmp_path, DESKGRAPH_GRACE_SECONDS="30") as desk,
        desk.listening() as listener,
        desk.events(CREATED) as stream,
    ):
        await listener.subscribe(CREATED)
        await listener.next()
        lines = stream.aiter_lines()
        await anext(lines)

        os.kill(desk.gateway.pid, signal.SIGTERM)
        async with asyncio.timeout(15):
            rest = [line async for line in lines]
            with pytest.raises(ConnectionClosed):
                await listener.socket.recv()

        assert (await listener.closed())[0] == 1001
        assert "event: complete" not in rest
        assert isinstance(stream, httpx.Response)
