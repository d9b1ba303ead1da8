"""What recording costs: requests a second of one summary, with all requests audited and with only the required ones.

Both gateways run in this process over one embedded PostgreSQL with the demo data; their rounds alternate, so that
whatever else the machine does falls on both. Beside the rate stands this process's own CPU time a request, which the
neighbours do not change. The ratios of each pair of rounds are printed, then their medians.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import asyncpg
import httpx

from app import create_app
from db import embedded, migrate
from db.access import Role, Viewer
from db.audit.record import AuditMode
from db.importing.writer import import_rows
from db.sources.demo import demo
from schema.identity import Identity
from schema.tokens import SharedSecret
from settings import Settings

SECRET = "a secret for the benchmark alone, 32 bytes"
UNTIL = date(2026, 10, 1)
NOW = datetime(2026, 10, 1, tzinfo=UTC)
PATH = (
    "/api/tickets/reports/summary?since=2026-03-01&until=2026-04-01&timezone=Europe/Berlin&priority=high&channel=email"
)
CONCURRENT = 4


@dataclass(frozen=True)
class Cost:
    """What a round came to."""

    rate: float
    """Requests a second."""
    cpu_ms: float
    """Own CPU time a request."""


async def cost(client: httpx.AsyncClient, requests: int) -> Cost:
    """What some requests cost, a few of them at a time."""

    async def ask(times: int) -> None:
        for _ in range(times):
            (await client.get(PATH)).raise_for_status()

    started, busy = time.perf_counter(), time.process_time()
    await asyncio.gather(*(ask(requests // CONCURRENT) for _ in range(CONCURRENT)))
    seconds, busy_seconds = time.perf_counter() - started, time.process_time() - busy
    return Cost(requests / seconds, busy_seconds / requests * 1000)


async def measure(dsn: str, rounds: int, requests: int) -> None:
    """Fills the store and prints a line a round."""
    await migrate.upgrade(dsn)
    await import_rows(dsn, demo(UNTIL), on_reject=print, on_progress=lambda _: None)
    token = Identity(SharedSecret(SECRET)).issue(Viewer("bench", Role.MANAGER), timedelta(hours=1))
    async with AsyncExitStack() as open_:
        clients = {}
        for mode in AuditMode:
            app = create_app(
                Settings(database_url=dsn, jwt_secret=SECRET, audit=mode, requests_per_minute=0), lambda: NOW
            )
            await open_.enter_async_context(app.router.lifespan_context(app))
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app), base_url="http://b", headers={"Authorization": f"Bearer {token}"}
            )
            clients[mode] = await open_.enter_async_context(client)
            await cost(clients[mode], 40)
        rates, busy = [], []
        for number in range(rounds):
            order = list(AuditMode) if number % 2 else list(AuditMode)[::-1]
            found = {mode: await cost(clients[mode], requests) for mode in order}
            everything, required = found[AuditMode.ALL], found[AuditMode.REQUIRED]
            rates.append(everything.rate / required.rate)
            busy.append(everything.cpu_ms - required.cpu_ms)
            told = ", ".join(f"{mode.value} {one.rate:.1f}/s {one.cpu_ms:.2f} ms" for mode, one in found.items())
            print(f"round {number + 1}: {told}; ratio {rates[-1]:.3f}, {busy[-1]:+.2f} ms", flush=True)
    print(f"median ratio {statistics.median(rates):.3f}, median own CPU {statistics.median(busy):+.2f} ms a request")
    print(f"{await recorded(dsn)} records")


async def recorded(dsn: str) -> int:
    """The records in the table."""
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval("SELECT count(*) FROM deskgraph.audit_log"))
    finally:
        await connection.close()


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--requests", type=int, default=400, help="a round and mode")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, embedded.borrow(Path(folder) / "data") as running:
        asyncio.run(measure(running.server.dsn, given.rounds, given.requests))


if __name__ == "__main__":
    main()
