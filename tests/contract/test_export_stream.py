"""A long export on the real server: memory stays flat, and nothing runs on for a client that is gone."""

from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from tests.conftest import RunningGateway

EXPORT = "/api/tickets/reports/export"
EVERYTHING = {"since": "2024-01-01", "until": "2026-07-01"}
WORKING = (
    "SELECT pid, xact_start, state, query FROM pg_stat_activity WHERE application_name = 'deskgraph'"
    " AND datname = current_database() AND (state = 'active' OR state LIKE 'idle in transaction%')"
)
CLOSED_SECONDS = 5
SEEN_SECONDS = 30
LITTLE_ROOM = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 16 * 1024)]
"""What the machine keeps for a client that reads no further; unset, it may be the whole file."""


def peak_kilobytes(gateway: RunningGateway) -> int:
    """The most memory that the server had so far."""
    status = Path(f"/proc/{gateway.pid}/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])


async def rows(gateway: RunningGateway, format_: str, **slice_: Any) -> int:
    """How many lines an export has, read as it comes."""
    found = 0
    body = {"report": "tickets", "format": format_, **slice_}
    async with (
        httpx.AsyncClient(base_url=gateway.url, headers=gateway.bearer(), timeout=120) as client,
        client.stream("POST", EXPORT, json=body) as response,
    ):
        assert response.status_code == 200
        async for chunk in response.aiter_raw():
            found += chunk.count(b"\n")
    return found


async def working(connection: Any) -> dict[tuple[Any, ...], str]:
    """What the server's connections have begun and not ended, by connection and beginning."""
    return {(row["pid"], row["xact_start"]): row["query"] for row in await connection.fetch(WORKING)}


async def test_many_times_the_tickets_take_no_more_memory(gateway: RunningGateway) -> None:
    few = await rows(gateway, "ndjson", since="2026-03-01", until="2026-03-15")
    before = peak_kilobytes(gateway)
    many = await rows(gateway, "ndjson", **EVERYTHING)

    assert many > 25 * few > 1_000
    assert peak_kilobytes(gateway) - before < 12_000  # the file alone has 25 MB


async def test_nothing_runs_on_for_a_client_that_is_gone(gateway: RunningGateway, demo_database: str) -> None:
    body = {"report": "tickets", "format": "ndjson", **EVERYTHING}
    transport = httpx.AsyncHTTPTransport(socket_options=LITTLE_ROOM)
    connection = await asyncpg.connect(demo_database)
    try:
        others = await working(connection)
        async with (
            httpx.AsyncClient(
                base_url=gateway.url, headers=gateway.bearer(), timeout=120, transport=transport
            ) as client,
            client.stream("POST", EXPORT, json=body) as response,
        ):
            pieces = response.aiter_raw()  # held: a dropped one leaves at once
            await anext(pieces)
            asked = time.monotonic()
            while not (reading := (await working(connection)).keys() - others.keys()):
                assert time.monotonic() - asked < SEEN_SECONDS
                await asyncio.sleep(0.02)
        left = time.monotonic()
        while still := {key: query for key, query in (await working(connection)).items() if key in reading}:
            assert time.monotonic() - left < CLOSED_SECONDS, still
            await asyncio.sleep(0.02)
    finally:
        await connection.close()
