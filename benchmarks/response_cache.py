"""What a kept answer costs: requests a second of a whole dashboard, beside a bare Starlette route with the same bytes.

Servers in processes of their own, one process each, asked in turns by 16 clients: `deskgraph serve` as it comes, all
requests audited; a bare Starlette route under the same uvicorn settings; and our gateway once more without the check
of the store's version, which is the most that being told of writes could save. Asked is the full answer (POST), and
whether a copy of it still holds (GET, 304); the bare route is sent the same bytes, but for the path. Of each round the
ratio to the bare route; told are the medians.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final
from urllib.parse import quote

import orjson

from benchmarks.clients import Request, ask
from benchmarks.contenders.ours import SECRET, VIEWER, document
from benchmarks.contenders.questions import CUTS, questions_of
from benchmarks.contenders.serving import HttpServer, free_port, serving
from benchmarks.desk import ZONE
from benchmarks.desk.store import fill
from db import embedded
from schema.identity import Identity
from schema.tokens import SharedSecret

FULL, UNCHANGED = "full answer", "304"
OURS, KNOWN, BARE = "ours", "ours without the check", "bare route"
_WARM_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Line:
    """Requests a second of one kind of answer, by server; and the bytes of the answer."""

    kind: str
    rates: dict[str, list[float]]
    cpu_us: dict[str, list[float]]
    """The server's own CPU time a request, which neighbours hardly change. Unit: microseconds."""
    client_us: list[float]
    """The clients' own CPU time an answer of the bare route. Unit: microseconds."""
    size: int

    def ratio(self, server: str) -> float:
        """The median ratio of the rate to the bare route's of the same round."""
        pairs = zip(self.rates[server], self.rates[BARE], strict=True)
        return statistics.median(own / bare for own, bare in pairs)

    def cpu_ratio(self, server: str) -> float:
        """The same of what a second of the server's own CPU time is good for."""
        pairs = zip(self.cpu_us[server], self.cpu_us[BARE], strict=True)
        return statistics.median(bare / own for own, bare in pairs)


@dataclass(frozen=True)
class Server:
    """A running server, and what it is asked."""

    server: HttpServer
    requests: dict[str, Request]


def whole_dashboard() -> str:
    """The document of a whole dashboard of the whole desk."""
    question, *_ = questions_of(CUTS[0])
    return document(question)


def _requests(port: int) -> dict[str, Request]:
    """The two requests to a gateway; the tag is still to come."""
    token = Identity(SharedSecret(SECRET)).issue(VIEWER, timedelta(hours=12))
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    body = orjson.dumps({"query": whole_dashboard()})
    path = f"/graphql?query={quote(whole_dashboard())}"
    return {
        FULL: Request(port, "POST", "/graphql", 200, headers, body),
        UNCHANGED: Request(port, "GET", path, 304, {"Authorization": headers["Authorization"]}),
    }


@asynccontextmanager
async def servers(dsn: str, folder: Path) -> AsyncIterator[dict[str, Server]]:
    """The servers, each with its requests, warm."""
    environment = {
        "DESKGRAPH_DATABASE_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_LOG_LEVEL": "warning",
        "DESKGRAPH_REQUESTS_PER_MINUTE": "1000000000",  # counted, and never met: all clients are one viewer
        "DESKGRAPH_STATEMENTS_PER_VIEWER": "4",
        "DESKGRAPH_STATEMENT_TIMEOUT_MS": "600000",
        "DESKGRAPH_REPORTING_ZONES": ZONE.key,
    }
    ports = {name: free_port() for name in (OURS, KNOWN, BARE)}
    command = "benchmarks.contenders.bare"
    async with AsyncExitStack() as stack:
        own = {**environment, "DESKGRAPH_PORT": str(ports[OURS])}
        running = {OURS: await stack.enter_async_context(serving(("-m", "cli", "serve"), ports[OURS], "/", own))}
        known = ("-m", command, "known", str(ports[KNOWN]))
        running[KNOWN] = await stack.enter_async_context(serving(known, ports[KNOWN], "/", environment))
        asked = {name: await _tagged(_requests(ports[name])) for name in (OURS, KNOWN)}
        file = folder / "body"
        file.write_bytes((await ask(asked[OURS][FULL], 0, 1)).body)
        plain = ("-m", command, str(file), str(ports[BARE]))
        running[BARE] = await stack.enter_async_context(serving(plain, ports[BARE], "/", {}))
        full, unchanged = asked[OURS][FULL], asked[OURS][UNCHANGED]
        asked[BARE] = {
            FULL: replace(full, port=ports[BARE], path="/full"),
            UNCHANGED: replace(unchanged, port=ports[BARE], path=f"/unchanged?{unchanged.path.partition('?')[2]}"),
        }
        for requests in asked.values():
            for request in requests.values():
                await ask(request, _WARM_SECONDS)
        yield {name: Server(running[name], requests) for name, requests in asked.items()}


async def _tagged(requests: dict[str, Request]) -> dict[str, Request]:
    """The same with the tag of the answer that they ask for."""
    import http.client

    whole = requests[UNCHANGED]
    connection = http.client.HTTPConnection("127.0.0.1", whole.port, timeout=600)

    def get() -> str:
        connection.request("GET", whole.path, headers=dict(whole.headers))
        answer = connection.getresponse()
        answer.read()
        return answer.headers["ETag"]

    tag = await asyncio.to_thread(get)
    connection.close()
    return {**requests, UNCHANGED: replace(whole, headers={**whole.headers, "If-None-Match": tag})}


async def measure(dsn: str, rounds: int, seconds: float) -> list[Line]:
    """Requests a second, of each kind of answer."""
    with tempfile.TemporaryDirectory() as folder:
        async with servers(dsn, Path(folder)) as asked:
            lines = []
            for kind in (FULL, UNCHANGED):
                rates: dict[str, list[float]] = {name: [] for name in asked}
                cpu_us: dict[str, list[float]] = {name: [] for name in asked}
                client_us, size = [], 0
                for number in range(rounds):
                    for name in list(asked) if number % 2 else reversed(list(asked)):
                        one, busy = asked[name], asked[name].server.cpu_seconds()
                        found = await ask(one.requests[kind], seconds)
                        rates[name].append(found.rate)
                        cpu_us[name].append((one.server.cpu_seconds() - busy) / found.answers * 1e6)
                        size = len(found.body)
                        if name == BARE:
                            client_us.append(found.cpu_us)
                lines.append(Line(kind, rates, cpu_us, client_us, size))
    return lines


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tickets", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=float, default=4, help="a server, a kind and a round")
    given = parser.parse_args()

    async def run(dsn: str) -> list[Line]:
        await fill(dsn, given.tickets)
        return await measure(dsn, given.rounds, given.seconds)

    with tempfile.TemporaryDirectory() as folder, embedded.borrow(Path(folder) / "data") as running:
        lines = asyncio.run(run(running.server.dsn))
    for line in lines:
        print(f"{line.kind}, {line.size:,} bytes")
        for name, rates in line.rates.items():
            print(
                f"  {name:<24} {statistics.median(rates):>8,.0f}/s, ratio {line.ratio(name):.2f};"
                f" {statistics.median(line.cpu_us[name]):>5,.0f} us of own CPU, ratio {line.cpu_ratio(name):.2f}"
            )
        print(f"  the clients take {statistics.median(line.client_us):,.0f} us of CPU an answer of the bare route")


if __name__ == "__main__":
    main()
