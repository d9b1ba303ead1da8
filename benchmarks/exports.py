"""Every ticket of a desk as a file: at once, as it is written, and by a worker.

`deskgraph serve` in a process of its own, asked for files of 1,000 tickets and of all. Told are the seconds to the
first byte and to the last, the lines a second, and the memory of the server's process at most while it was written
(sampled ten times a second; its worker's process beside it).
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg
import psutil

from benchmarks.contenders.ours import SECRET, VIEWER
from benchmarks.contenders.serving import HttpServer, free_port, serving
from benchmarks.desk import ZONE
from benchmarks.desk.store import ensure
from db import embedded
from schema.identity import Identity
from schema.tokens import SharedSecret

ROUTE: Final = "/api/tickets/reports/export"
_SAMPLE_SECONDS: Final = 0.1
_POLL_SECONDS: Final = 1.0
"""What `Retry-After` says."""
_PIECE: Final = 1 << 16


@dataclass(frozen=True)
class Came:
    """What came of a file. Units: lines, bytes."""

    lines: int
    bytes: int


@dataclass(frozen=True)
class Line:
    """What a file took. Units: seconds, bytes."""

    what: str
    first: float
    whole: float
    came: Came
    server_peak: int
    worker_peak: int

    def __str__(self) -> str:
        memory = " | ".join(f"{peak / 1e6:.0f} MB" for peak in (self.server_peak, self.worker_peak))
        rate = f"{self.came.lines / self.whole:,.0f}"
        return (
            f"| {self.what} | {self.came.lines:,} | {1000 * self.first:.0f} ms | {self.whole:.1f} s | {rate} |"
            f" {self.came.bytes / 1e6:.1f} MB | {memory} |"
        )


class Peaks:
    """The most memory that a process and its children have had since it was asked to look."""

    def __init__(self, process: int) -> None:
        self.own = self.children = 0
        self._process = psutil.Process(process)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep_looking, daemon=True)

    def __enter__(self) -> Peaks:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        self._look()

    def _keep_looking(self) -> None:
        while not self._over.wait(_SAMPLE_SECONDS):
            self._look()

    def _look(self) -> None:
        self.own = max(self.own, self._process.memory_info().rss)
        theirs = sum(child.memory_info().rss for child in self._process.children(recursive=True))
        self.children = max(self.children, theirs)


class Client:
    """Orders files of a server and reads them, keeping none."""

    def __init__(self, server: HttpServer, port: int) -> None:
        self._server, self._port = server, port
        token = Identity(SharedSecret(SECRET)).issue(VIEWER, timedelta(hours=12))
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def at_once(self, order: dict[str, Any]) -> Line:
        """The file as it is written."""
        with Peaks(self._server.process_id) as peaks:
            started = time.perf_counter()
            with self._asked("POST", ROUTE, order) as answer:
                first, came = _read(answer, started)
            whole = time.perf_counter() - started
        return Line(f"{order['format']}, at once", first, whole, came, peaks.own, peaks.children)

    def by_worker(self, order: dict[str, Any]) -> Line:
        """The file as a worker makes it; its first byte is that of the download."""
        with Peaks(self._server.process_id) as peaks:
            started = time.perf_counter()
            with self._asked("POST", ROUTE, order, {"Prefer": "respond-async"}) as answer:
                job = json.loads(answer.read())
            while job["state"] not in ("done", "failed", "cancelled"):
                time.sleep(_POLL_SECONDS)
                with self._asked("GET", f"{ROUTE}/jobs/{job['id']}") as answer:
                    job = json.loads(answer.read())
            made = time.perf_counter() - started
            if job["state"] != "done":
                raise RuntimeError(f"the job ended as {job['state']}: {job['error']}")
            asked = time.perf_counter()
            with self._asked("GET", job["resultUrl"]) as answer:
                first, came = _read(answer, asked)
        return Line(f"{order['format']}, by a worker", first, made, came, peaks.own, peaks.children)

    @contextmanager
    def _asked(
        self, method: str, path: str, order: dict[str, Any] | None = None, further: dict[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=900)
        body = None if order is None else json.dumps(order)
        connection.request(method, path, body, self._headers | (further or {}))
        answer = connection.getresponse()
        if answer.status not in (200, 202):
            raise RuntimeError(f"{answer.status}: {answer.read(500).decode()}")
        yield answer
        connection.close()


def _read(answer: http.client.HTTPResponse, started: float) -> tuple[float, Came]:
    """The seconds to the first byte, and what came."""
    piece = answer.read(1)
    first = time.perf_counter() - started
    lines = size = 0
    while piece:
        lines, size = lines + piece.count(b"\n"), size + len(piece)
        piece = answer.read(_PIECE)
    return first, Came(lines, size)


async def few_tickets(dsn: str, tickets: int) -> str:
    """The instant before which so many tickets were created."""
    connection = await asyncpg.connect(dsn)
    try:
        at = await connection.fetchval(
            "SELECT created_at FROM deskgraph.tickets ORDER BY created_at LIMIT 1 OFFSET $1", tickets
        )
    finally:
        await connection.close()
    return str(at.isoformat())


async def measure(server: str, tickets: int, formats: list[str]) -> None:
    """Prints the table."""
    dsn = await ensure(server, tickets)
    until = await few_tickets(dsn, 1000)
    port = free_port()
    environment = {
        "DESKGRAPH_DATABASE_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_PORT": str(port),
        "DESKGRAPH_LOG_LEVEL": "warning",
        "DESKGRAPH_REPORTING_ZONES": ZONE.key,
        "DESKGRAPH_EXPORT_ROWS_AT_ONCE": str(10 * tickets),
    }
    print("| file | lines | first byte | whole | lines a second | size | server at most | its worker at most |")
    print("|---|---|---|---|---|---|---|---|")
    async with serving(("-m", "cli", "serve"), port, "/", environment) as running:
        client = Client(running, port)
        for format_ in formats:
            order = {"report": "tickets", "metric": "ticketsCreated", "since": "2022-01-01T00:00:00Z"}
            order["format"] = format_
            client.at_once({**order, "until": until})  # the first of a process reads what it needs
            print(client.at_once({**order, "until": until}), flush=True)
            whole = {**order, "until": "2027-01-01T00:00:00Z"}
            print(client.at_once(whole), flush=True)
            print(client.by_worker(whole), flush=True)


def main() -> None:
    """Reads the command line."""
    import asyncio

    parser = argparse.ArgumentParser(prog="python -m benchmarks.exports", description=__doc__)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--formats", nargs="+", default=["ndjson", "csv"])
    parser.add_argument("--data", type=Path, default=Path("tmp/benchmark"))
    parser.add_argument("--server", help="the DSN of a server whose role may create databases")
    options = parser.parse_args()
    with ExitStack() as stack:
        if (server := options.server) is None:
            server = stack.enter_context(embedded.borrow(options.data / "pg")).server.dsn
        asyncio.run(measure(server, options.tickets, options.formats))


if __name__ == "__main__":
    main()
