"""What the database's second wall costs: the same reports with both walls and with the statement's alone.

    .venv/bin/python -m benchmarks.walls [--rounds 15] [--times 1] [--server DSN]

Over the demo data in an embedded PostgreSQL, or in a new database of another server. `--times N` stores every ticket
and fact N times over. Both gateways ask the same database in turns; figures are medians, so take the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg

from db import embedded, migrate
from db.access import Role, Viewer
from db.engine import Engine, PoolSettings
from db.importing.writer import import_rows
from db.sources.demo import demo
from db.walls import Walls
from schema.executor import Gateway
from schema.identity import Identity
from tests.resolvers.test_statements import COMPARED, DASHBOARD, MONTH

NOW = datetime(2026, 10, 1, tzinfo=UTC)
VIEWERS = (
    Viewer("m", Role.MANAGER),
    Viewer("t", Role.TEAM_LEAD, teams=("billing",)),
    Viewer("g", Role.AGENT, agent="A-07"),
    Viewer("c", Role.CLIENT, organization="O-001"),
)
REPORTS = {
    "dashboard": f"{{ report({MONTH} {COMPARED}) {{ {DASHBOARD} }} }}",
    "dashboard of two years": (
        f'{{ report(period: {{since: "2024-10-01", until: "2026-10-01"}}, timezone: "UTC") {{ {DASHBOARD} }} }}'
    ),
    "500 tickets": (
        '{ report(period: {since: "2024-10-01", until: "2026-10-01"}) { metrics { ticketsCreated { tickets(first: 500)'
        " { total nodes { id subject comment } } } } } }"
    ),
}


async def fill(dsn: str, times: int) -> None:
    """Imports the demo data, and stores it again under other ids."""
    await migrate.upgrade(dsn)
    await import_rows(dsn, demo(date(2026, 10, 1)), on_reject=print, on_progress=lambda _: None)
    connection = await asyncpg.connect(dsn)
    try:
        step = await connection.fetchval("SELECT max(id) FROM deskgraph.tickets")
        for table, key in (("tickets", "id"), ("facts", "ticket_id"), ("ratings", "ticket_id")):
            columns = [
                row[0]
                for row in await connection.fetch(
                    "SELECT attname FROM pg_attribute WHERE attrelid = ('deskgraph.' || $1)::regclass AND attnum > 0"
                    " ORDER BY attnum",
                    table,
                )
            ]
            shifted = ", ".join(
                f"{key} + n * {step}" if c == key else "external_id || '-' || n" if c == "external_id" else c
                for c in columns
            )
            await connection.execute(
                f"INSERT INTO deskgraph.{table} ({', '.join(columns)})"
                f" SELECT {shifted} FROM deskgraph.{table}, generate_series(1, {times - 1}) AS n"
            )
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


async def compared(asks: dict[Walls, Callable[[], Awaitable[None]]], rounds: int) -> dict[Walls, float]:
    """The median time of each, in milliseconds; each round asks all, in turns, after one round that does not count."""
    taken: dict[Walls, list[float]] = {walls: [] for walls in asks}
    for number in range(rounds + 1):
        for walls in list(asks) if number % 2 else reversed(list(asks)):
            started = time.perf_counter()
            await asks[walls]()
            if number:
                taken[walls].append(1000 * (time.perf_counter() - started))
    return {walls: statistics.median(times) for walls, times in taken.items()}


async def measure(dsn: str, rounds: int) -> None:
    """Prints a line for each report and role."""
    engines = {walls: Engine(dsn, PoolSettings(statement_timeout_ms=120_000, walls=walls)) for walls in Walls}
    secret = "a secret for the benchmark, 32 bytes"
    gateways = {walls: Gateway(e, Identity(secret), b"pseudonyms", lambda: NOW) for walls, e in engines.items()}
    print("| what | role | one wall, ms | both, ms | ratio |\n|---|---|---|---|---|")

    def line(what: str, viewer: Viewer, found: dict[Walls, float]) -> None:
        one, both = found[Walls.STATEMENT], found[Walls.BOTH]
        print(f"| {what} | {viewer.role.value} | {one:.2f} | {both:.2f} | {both / one:.2f} |")

    for viewer in VIEWERS:

        async def open_only(walls: Walls, viewer: Viewer = viewer) -> None:
            async with engines[walls].snapshot(viewer.scope):
                pass

        line(
            "an empty snapshot",
            viewer,
            await compared({w: lambda w=w: open_only(w) for w in Walls}, 40 * rounds),  # type: ignore[misc]
        )
    for what, document in REPORTS.items():
        for viewer in VIEWERS:

            async def ask(walls: Walls, document: str = document, viewer: Viewer = viewer) -> None:
                await gateways[walls].execute(document, {}, gateways[walls].context(viewer))

            line(what, viewer, await compared({w: lambda w=w: ask(w) for w in Walls}, rounds))  # type: ignore[misc]
    for engine in engines.values():
        await engine.close()


async def run(server: str, rounds: int, times: int) -> None:
    """Measures in a new database of a server, and drops it."""
    name = f"bench_walls_{os.getpid()}"
    administration = await asyncpg.connect(server)
    try:
        await administration.execute(f"CREATE DATABASE {name}")
        dsn = server.rsplit("/", 1)[0] + "/" + name
        await fill(dsn, times)
        await measure(dsn, rounds)
    finally:
        await administration.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await administration.close()


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--server", help="a DSN whose role may create databases")
    given = parser.parse_args()
    if given.server:
        asyncio.run(run(given.server, given.rounds, given.times))
        return
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder) / "data") as running:
        asyncio.run(run(running.server.dsn, given.rounds, given.times))


if __name__ == "__main__":
    main()
