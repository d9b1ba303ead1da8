"""How many rows a second a gateway takes in from portals that send (`POST /api/tickets/ingest`).

    .venv/bin/python -m benchmarks.push [--rows 20000] [--sizes 1,100,2000] [--server DSN]

Without `--server` a PostgreSQL is embedded in a temporary folder. The server is the real one, in a process of its own,
with one writer and rollups of one zone; a client sends new tickets, each with an event, one request after the other, in
requests of so many rows, and then the last requests' rows once more, which changes nothing. Figures are of one machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from db import api_keys, embedded, migrate
from db.rollups.upkeep.settling import settle
from tests.conftest import new_database, serving

_BEGIN = datetime(2024, 1, 1, tzinfo=UTC)


def body(first: int, rows: int) -> str:
    """So many rows: tickets, each with its first reply."""
    lines = []
    for number in range(first, first + max(1, rows // 2)):
        at = _BEGIN + timedelta(minutes=7 * number)
        ticket = {"id": f"T-{number}", "created_at": at.isoformat(), "status": "open", "category": f"c{number % 20}"}
        reply = {"ticket_id": f"T-{number}", "at": (at + timedelta(minutes=9)).isoformat(), "kind": "public_reply"}
        lines.append({"table": "tickets", "row": ticket})
        if rows > 1:
            lines.append({"table": "events", "row": {**reply, "actor": f"a{number % 9}", "actor_kind": "agent"}})
    return "\n".join(map(json.dumps, lines))


async def measured(client: httpx.AsyncClient, size: int, rows: int, first: int) -> tuple[float, float]:
    """Rows a second, of new rows and of the same rows again."""
    requests = max(3, min(50, rows // size))
    bodies = [body(first + number * size, size) for number in range(requests)]
    speeds = []
    for outcome in ("new", "unchanged"):
        started, count = time.perf_counter(), 0
        for content in bodies:
            answer = await client.post("/api/tickets/ingest", content=content)
            answer.raise_for_status()
            count += answer.json()["counts"][outcome]
        speeds.append(count / (time.perf_counter() - started))
    return speeds[0], speeds[1]


async def run(server: str, rows: int, sizes: list[int]) -> None:
    """Prints a line a size."""
    async with new_database(server) as dsn:
        await migrate.upgrade(dsn)
        await settle(dsn, ("UTC",), lambda _: None)
        key = await api_keys.create(dsn, "b", api_keys.sender("", "b"), datetime.now(UTC), timedelta(hours=1))
        headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}
        log = Path(tempfile.gettempdir()) / "push.log"
        async with (
            serving(dsn, log, DESKGRAPH_INTAKE_WRITERS="1", DESKGRAPH_INTAKE_BODY_MB="64") as gateway,
            httpx.AsyncClient(base_url=gateway.url, headers=headers, timeout=120) as client,
        ):
            print(f"{'rows a request':>14} {'new/s':>10} {'again/s':>10}")
            for place, size in enumerate(sizes):
                new, again = await measured(client, size, rows, place * 10_000_000)
                print(f"{size:>14} {new:>10,.0f} {again:>10,.0f}", flush=True)


@contextmanager
def chosen(server: str | None) -> Iterator[str]:
    """The server's DSN."""
    if server:
        yield server
        return
    with tempfile.TemporaryDirectory() as folder, embedded.borrow(Path(folder) / "data") as running:
        yield running.server.dsn


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--sizes", default="1,100,2000")
    parser.add_argument("--server")
    options = parser.parse_args()
    with chosen(options.server) as server:
        asyncio.run(run(server, options.rows, [int(size) for size in options.sizes.split(",")]))


if __name__ == "__main__":
    main()
