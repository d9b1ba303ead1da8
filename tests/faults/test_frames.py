"""What is no HTTP, is sent too slowly, or is too large: refused in a few words, and nothing is held for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import psutil
import pytest

from operating.connections import REQUEST_SECONDS
from tests.conftest import RunningGateway
from tests.faults.doors import REPORTS, Truth, asker, bearer
from tests.faults.postgres import Postgres
from tests.faults.standing import held, nothing_leaked

_HEAD = "POST /graphql HTTP/1.1\r\nHost: desk\r\n{}\r\nContent-Type: application/json\r\n"
LARGE = 50 * 2**20


async def said(gateway: RunningGateway, sent: bytes, then: bytes = b"") -> bytes:
    """All that the server says to some bytes, and to others once it has read those, until it closes the connection."""
    where = urlsplit(gateway.url)
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    try:
        writer.write(sent)
        if then:
            await writer.drain()
            await asyncio.sleep(0.3)
            writer.write(then)
        return await asyncio.wait_for(reader.read(), 60)
    finally:
        writer.close()


def posted(*headers: str) -> bytes:
    """A request's head."""
    told = "\r\n".join((f"Authorization: {bearer()['Authorization']}", *headers))
    return (_HEAD.format(told) + "\r\n").encode()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS
        b"HELLO\r\n\r\n",
        b"GET /healthz HTTP/9.9\r\n\r\n",
        b"GET /health\xffz HTTP/1.1\r\nHost: desk\r\n\r\n",
        b"GET http://[ HTTP/1.1\r\nHost: desk\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: desk\r\n\x00: x\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nX: " + b"x" * 300_000 + b"\r\n\r\n",
        posted("Content-Length: -1"),
        posted("Content-Length: many"),
        posted("Content-Length: 5", "Content-Length: 6"),
        posted("Content-Length: 5", "Transfer-Encoding: chunked"),
        posted("Transfer-Encoding: chunked") + b"zz\r\nnothing\r\n",
        posted("Transfer-Encoding: chunked") + b"ffffffffffffffffff\r\n",
    ],
)
async def test_what_is_no_http_is_a_400_and_the_end_of_the_connection(gateway: RunningGateway, sent: bytes) -> None:
    answer = await said(gateway, sent)

    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b"\r\n")[0].split()[1] in (b"400", b"431"), answer
    assert b"connection: close" in head.lower()
    assert b'"code":"BAD_USER_INPUT"' in body, answer
    assert b"Traceback" not in answer


async def test_a_head_that_is_too_large_is_refused_also_where_its_last_piece_makes_it_so(
    gateway: RunningGateway,
) -> None:
    begun, ended = b"GET /healthz HTTP/1.1\r\nHost: desk\r\nX: " + b"x" * 100_000, b"x" * 60_000 + b"\r\n\r\n"

    answer = await said(gateway, begun, ended)

    assert answer.startswith(b"HTTP/1.1 431 "), answer
    assert b'"code":"BAD_USER_INPUT"' in answer
    assert (await said(gateway, begun, b"\r\nConnection: close\r\n\r\n")).startswith(b"HTTP/1.1 200 ")


async def test_who_sends_too_slowly_is_let_go(gateway: RunningGateway, postgres: Postgres, truth: Truth) -> None:
    """Heads that never end, bodies that never end, and connections on which nothing is ever said."""
    before = await held(gateway, postgres.dsn)
    where = urlsplit(gateway.url)
    beginnings = (
        b"",
        b"GET /healthz HTTP/1.1\r\n",
        posted("Content-Length: 500"),
        posted("Content-Length: 500") + b"{",
    )
    started = time.monotonic()

    async def dawdles(beginning: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(where.hostname, where.port)
        reading = asyncio.create_task(reader.read(4096))
        try:
            writer.write(beginning)
            while not reading.done():
                await asyncio.sleep(1)
                if beginning:
                    writer.write(b"X" if b"500" in beginning else b"X-More: x\r\n")
            return reading.result()
        finally:
            writer.close()

    told = await asyncio.gather(*(dawdles(one) for one in beginnings * 20))
    took = time.monotonic() - started

    assert took < REQUEST_SECONDS + 10, took
    for beginning, answer in zip(beginnings * 20, told, strict=True):
        assert answer.startswith(b"HTTP/1.1 408 ") if beginning else not answer, (beginning, answer)
    await nothing_leaked(gateway, postgres.dsn, before)


@pytest.mark.parametrize("path", ["/graphql", f"{REPORTS}/export", f"{REPORTS}/summary", "/nowhere"])
@pytest.mark.parametrize("is_told", [True, False])
async def test_a_body_of_50_mb_is_refused_and_takes_no_memory(
    path: str, is_told: bool, gateway: RunningGateway
) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(LARGE // 2**18):
            yield b" " * 2**18

    process = psutil.Process(gateway.pid)
    before = process.memory_info().rss
    headers = {"Content-Type": "application/json", **({"Content-Length": str(LARGE)} if is_told else {})}

    async with asker(gateway.url) as client:
        sending = asyncio.create_task(client.post(path, content=pieces(), headers=headers))
        most = before
        while not sending.done():
            most = max(most, process.memory_info().rss)
            await asyncio.sleep(0.01)
        answer = await sending
        after = await client.get(f"{REPORTS}/summary")

    wanted = {"/graphql": 413, f"{REPORTS}/export": 413, f"{REPORTS}/summary": 405, "/nowhere": 404}
    assert answer.status_code == wanted[path], answer.text
    assert most - before < 10 * 2**20
    assert after.status_code == 200
