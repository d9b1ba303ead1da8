"""What idle subscribers cost, and how soon they are told: the server's memory, and milliseconds from a commit.

`deskgraph serve` in a process of its own, subscribers over WebSocket in this one: all of one question, and each of
another slice. Memory is what the server's process grew by, after some subscribers have come and gone. Told is the time
from the return of an import's commit to the first and to the last subscriber's answer. Beside them somebody else asks
for one dashboard after the other, none of which is kept: what one takes while nothing is written, and while all are
told.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.contenders.ours import SECRET, VIEWER
from benchmarks.contenders.serving import HttpServer, free_port, serving
from benchmarks.desk.store import fill
from db import embedded
from db.access import Role, Viewer
from db.importing.writer import import_rows
from db.sources.files import open_source
from schema.identity import Identity
from schema.tokens import SharedSecret

PROTOCOL: Final[Any] = ["graphql-transport-ws"]
_TOKEN: Final = Identity(SharedSecret(SECRET)).issue(VIEWER, timedelta(hours=12))
_DASHBOARDS: Final = 10
_WARM: Final = 40
_SETTLE_SECONDS: Final = 3.0
"""After which nothing is on its way any more."""
_QUESTION: Final = """subscription ($since: String!) {
  reportChanged(period: {since: $since, until: "2028-01-01"}) {
    metrics { ticketsCreated { value } openTickets { value } avgResponseTime { value } }
  }
}"""
_DASHBOARD: Final = """query ($since: String!, $until: String!) {
  report(period: {since: $since, until: $until}, compareTo: [PREVIOUS_PERIOD]) {
    summary { openTickets { value } avgResponseTime { value } resolutionRate { value } csatScore { value } }
    performance { ticketsByCategory { count } } trends { volume { created resolved open } }
  }
}"""
_FIRST_DAY: Final = date(2024, 1, 1)


@dataclass(frozen=True)
class Cost:
    """What so many subscribers cost."""

    subscribers: int
    grown_bytes: int
    first_seconds: list[float]
    """From a commit to the first answer, a round."""
    last_seconds: list[float]
    quiet_seconds: list[float]
    """A dashboard's, while nothing is written."""
    busy_seconds: list[float]
    """While subscribers are told."""

    @property
    def starved(self) -> float:
        """How many times as long a dashboard takes meanwhile."""
        return statistics.median(self.busy_seconds) / statistics.median(self.quiet_seconds)

    @property
    def told(self) -> str:
        """As a line."""
        first, last = (statistics.median(found) * 1000 for found in (self.first_seconds, self.last_seconds))
        return (
            f"{self.subscribers} subscribers: {self.grown_bytes / 2**20:.1f} MB, "
            f"{self.grown_bytes / self.subscribers / 1024:.0f} KB each; told after {first:.0f} ms (the first), "
            f"{last:.0f} ms (the last), at most {max(self.last_seconds) * 1000:.0f} ms; a dashboard takes "
            f"{statistics.median(self.quiet_seconds) * 1000:.0f} ms, {statistics.median(self.busy_seconds) * 1000:.0f} "
            f"meanwhile (x {self.starved:.1f}; {len(self.busy_seconds)} of them)"
        )


@dataclass
class Desk:
    """A server, its database, and a way to write into it."""

    server: HttpServer
    url: str
    dsn: str
    folder: Path
    written: int = 0

    @property
    def http(self) -> str:
        """Where dashboards are asked for."""
        return self.url.replace("ws", "http", 1)

    @asynccontextmanager
    async def subscribers(self, count: int, is_each_another: bool) -> AsyncIterator[list[ClientConnection]]:
        """So many who have had their first answer."""
        async with AsyncExitStack() as stack:
            found = []
            for number in range(count):
                one = await stack.enter_async_context(connect(self.url, subprotocols=PROTOCOL, compression=None))
                await _subscribe(one, _FIRST_DAY + timedelta(days=number if is_each_another else 0))
                found.append(one)
            yield found

    async def write(self) -> None:
        """Commits a ticket."""
        self.written += 1
        folder = self.folder / str(self.written)
        folder.mkdir()
        at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
        (folder / "tickets.csv").write_text(f"id,created_at,status\nB-{self.written}-{time.time_ns()},{at},open\n")
        await import_rows(self.dsn, open_source(folder, None), on_reject=print, on_progress=lambda _: None)


async def _subscribe(one: ClientConnection, since: date) -> None:
    await _send(one, type="connection_init", payload={"authorization": f"Bearer {_TOKEN}"})
    await one.recv()
    await _send(one, type="subscribe", id="1", payload={"query": _QUESTION, "variables": {"since": since.isoformat()}})
    first = orjson.loads(await one.recv())
    if first["type"] != "next" or "errors" in first["payload"]:
        raise RuntimeError(f"no answer: {first}")


async def _send(one: ClientConnection, **message: Any) -> None:
    await one.send(orjson.dumps(message).decode())


async def measure(desk: Desk, count: int, rounds: int, is_each_another: bool) -> Cost:
    """What so many subscribers cost."""
    async with desk.subscribers(_WARM, is_each_another) as some:
        await _written(desk, some)
    await asyncio.sleep(_SETTLE_SECONDS)
    before = desk.server.resident_bytes()
    async with desk.subscribers(count, is_each_another) as them:
        await asyncio.sleep(_SETTLE_SECONDS)
        grown = desk.server.resident_bytes() - before
        async with dashboards(desk) as asked:
            quiet = [await anext(asked) for _ in range(_DASHBOARDS)]
            times, busy = await _while_told(desk, them, asked, rounds)
    return Cost(count, grown, [first for first, _ in times], [last for _, last in times], quiet, busy)


@asynccontextmanager
async def dashboards(desk: Desk) -> AsyncIterator[AsyncIterator[float]]:
    """What each takes of the dashboards that somebody asks for, one after the other."""
    token = Identity(SharedSecret(SECRET)).issue(Viewer("dashboards", Role.ADMIN), timedelta(hours=12))
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=120) as client:
        yield _asked(client, desk.http)


async def _asked(client: httpx.AsyncClient, url: str) -> AsyncIterator[float]:
    while True:
        now = datetime.now(UTC)  # to the microsecond: never asked before
        variables = {"since": (now - timedelta(days=90)).isoformat(), "until": now.isoformat()}
        began = time.perf_counter()
        answer = await client.post(url, json={"query": _DASHBOARD, "variables": variables})
        took = time.perf_counter() - began
        if "errors" in answer.json():
            raise RuntimeError(answer.text)
        yield took


async def _while_told(
    desk: Desk, them: list[ClientConnection], asked: AsyncIterator[float], rounds: int
) -> tuple[list[tuple[float, float]], list[float]]:
    """How soon all are told of each write, and what the dashboards took that were begun meanwhile."""
    busy = []
    telling = asyncio.create_task(_rounds(desk, them, rounds))
    while not telling.done():
        busy.append(await anext(asked))
    return await telling, busy


async def _rounds(desk: Desk, them: list[ClientConnection], rounds: int) -> list[tuple[float, float]]:
    return [await _written(desk, them) for _ in range(rounds)]


async def _written(desk: Desk, them: list[ClientConnection]) -> tuple[float, float]:
    """The seconds from a commit to the first answer and to the last."""
    arrivals = [asyncio.create_task(_arrival(one)) for one in them]
    await desk.write()
    committed = time.perf_counter()
    found = [arrived - committed for arrived in await asyncio.gather(*arrivals)]
    return min(found), max(found)


async def _arrival(one: ClientConnection) -> float:
    await one.recv()
    return time.perf_counter()


@asynccontextmanager
async def desk_over(dsn: str, folder: Path) -> AsyncIterator[Desk]:
    """The gateway over a filled database."""
    port = free_port()
    environment = {
        "DESKGRAPH_DATABASE_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_PORT": str(port),
        "DESKGRAPH_LOG_LEVEL": "warning",
        "DESKGRAPH_REQUESTS_PER_MINUTE": "0",
        "DESKGRAPH_EXPORT_WORKERS": "0",
        "DESKGRAPH_LIVE_SUBSCRIPTIONS_A_VIEWER": "10000",
    }
    async with serving(["-m", "cli", "serve"], port, "/graphql", environment) as server:
        yield Desk(server, f"ws://127.0.0.1:{port}/graphql", dsn, folder)


async def main(count: int, rounds: int, tickets: int) -> None:
    """Measures, and tells."""
    with tempfile.TemporaryDirectory() as folder, embedded.borrow(Path(folder) / "data") as running:
        await fill(running.server.dsn, tickets)
        async with desk_over(running.server.dsn, Path(folder)) as desk:
            for is_each_another in (False, True):
                cost = await measure(desk, count, rounds, is_each_another)
                print(f"{'each of another slice' if is_each_another else 'all of one question'}: {cost.told}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subscribers", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--tickets", type=int, default=20_000)
    given = parser.parse_args()
    asyncio.run(main(given.subscribers, given.rounds, given.tickets))
