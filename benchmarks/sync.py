"""How long the first load of a PostgreSQL portal takes, in how much memory, and how soon a change is in the store.

    .venv/bin/python -m benchmarks.sync [--tickets 1000000] [--events 4] [--changes 20] [--kill 0.5] [--server DSN]

A portal with so many tickets, and so many events each, is made in a database of its own; `deskgraph sync --once` loads
it in a process of its own, so that its peak memory is its own; what it holds is told at each tenth of the tickets, too.
With `--kill` it is killed (SIGKILL) once that share is stored, and a second process goes on. Then it is followed, and
changes are made in the portal one by one: each is timed from its commit until the store's version is raised. Without
`--server` a PostgreSQL is embedded in a temporary folder, and holds both.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from db import embedded, migrate
from db.rollups.upkeep.settling import settle

_PORTAL = """
CREATE TABLE tickets AS
  SELECT i AS id, timestamptz '2023-01-01' + i * interval '1 minute' AS created_at, 'Question ' || i AS subject,
    'org-' || i % 500 AS organization, 'cat-' || i % 20 AS category,
    (ARRAY['low', 'normal', 'high', 'urgent'])[1 + i % 4] AS priority, 'resolved' AS status,
    'agent-' || i % 200 AS assignee, timestamptz '2023-01-02' + i * interval '1 minute' AS updated_at
  FROM generate_series(1, {tickets}) AS i;
ALTER TABLE tickets ADD PRIMARY KEY (id);
CREATE INDEX ON tickets (updated_at);
CREATE TABLE events AS
  SELECT row_number() OVER (ORDER BY i, n) AS id, i AS ticket_id,
    timestamptz '2023-01-01' + i * interval '1 minute' + n * interval '30 minutes' AS at,
    CASE n WHEN {events} THEN 'status_changed' ELSE 'public_reply' END AS kind, 'agent-' || i % 200 AS actor,
    'agent' AS actor_kind, CASE n WHEN {events} THEN 'resolved' END AS "to"
  FROM generate_series(1, {tickets}) AS i, generate_series(1, {events}) AS n;
ALTER TABLE events ADD PRIMARY KEY (id);
CREATE INDEX ON events (ticket_id);
ANALYZE;
"""
_SOURCE = """
name = "benchmark"
dsn_env = "PORTAL_DSN"
interval_seconds = 1
notify = "changed"
[tickets]
select = "SELECT * FROM tickets"
watermark = "updated_at"
[events]
select = "SELECT * FROM events"
watermark = "id"
"""


@asynccontextmanager
async def databases(server: str) -> AsyncIterator[tuple[str, str]]:
    """The DSNs of a new portal and a new store, dropped afterwards."""
    connection = await asyncpg.connect(server)
    names = [f"sync_{kind}_{os.getpid()}" for kind in ("portal", "store")]
    try:
        for name in names:
            await connection.execute(f"CREATE DATABASE {name}")
        portal, store = (server.rsplit("/", 1)[0] + "/" + name for name in names)
        yield portal, store
    finally:
        for name in names:
            await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


async def measure(server: str, folder: Path, arguments: argparse.Namespace) -> None:
    """Prints what was measured."""
    async with databases(server) as (portal_dsn, store_dsn):
        portal = await asyncpg.connect(portal_dsn)
        await portal.execute(_PORTAL.format(tickets=arguments.tickets, events=arguments.events))
        await migrate.upgrade(store_dsn)
        await settle(store_dsn, ["UTC"], lambda _: None)
        source = folder / "benchmark.toml"
        source.write_text(_SOURCE)
        environment = {
            **os.environ,
            "PORTAL_DSN": portal_dsn,
            "DESKGRAPH_DATABASE_URL": store_dsn,
            "DESKGRAPH_JWT_SECRET": "b" * 32,
        }
        store = await asyncpg.connect(store_dsn)
        started = time.perf_counter()
        if arguments.kill:
            child = _sync(source, environment, "--once")
            await _grown(store, child, int(arguments.tickets * arguments.kill), arguments.tickets)
            os.kill(child, signal.SIGKILL)
            await asyncio.to_thread(os.waitpid, child, 0)
            print(f"killed with {await _stored(store):,} tickets stored, after {time.perf_counter() - started:.0f} s")
        child = _sync(source, environment, "--once")
        growing = asyncio.create_task(_grown(store, child, arguments.tickets, arguments.tickets))
        _, status, usage = await asyncio.to_thread(os.wait4, child, 0)
        growing.cancel()
        assert status == 0, f"the load ended with {status}"
        assert await _stored(store) == arguments.tickets
        seconds = time.perf_counter() - started
        print(
            f"first load: {arguments.tickets:,} tickets, {arguments.tickets * arguments.events:,} events in"
            f" {seconds:.0f} s ({arguments.tickets / seconds:,.0f} tickets/s), own CPU"
            f" {usage.ru_utime + usage.ru_stime:.0f} s, peak RSS {usage.ru_maxrss / 1024:.0f} MB"
        )
        child = _sync(source, environment, "--watch")
        try:
            print(await _delays(portal, store, arguments.changes))
        finally:
            os.kill(child, 15)
            await asyncio.to_thread(os.waitpid, child, 0)
        await store.close()
        await portal.close()


def _sync(source: Path, environment: dict[str, str], how: str) -> int:
    command = (sys.executable, "-m", "cli", "sync", str(source), how)
    return os.posix_spawn(sys.executable, command, environment)


async def _stored(store: asyncpg.Connection) -> int:
    found: int = await store.fetchval("SELECT count(*) FROM deskgraph.tickets")
    return found


async def _grown(store: asyncpg.Connection, child: int, until: int, tickets: int) -> None:
    """Returns once so many tickets are stored; prints at each tenth how much memory the process holds."""
    tenth = 0
    while (stored := await _stored(store)) < until:
        if stored * 10 // tickets > tenth:
            tenth = stored * 10 // tickets
            status = await asyncio.to_thread(Path(f"/proc/{child}/status").read_text)
            held = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
            print(f"{stored:,} tickets stored, RSS {held / 1024:.0f} MB", flush=True)
        await asyncio.sleep(1)


async def _delays(portal: asyncpg.Connection, store: asyncpg.Connection, changes: int) -> str:
    """How long each change took to be in the store."""
    followed = await _raised(store, "SELECT extract(epoch FROM as_of)::int8 FROM deskgraph.sync_sources", 0)
    await _raised(store, "SELECT extract(epoch FROM as_of)::int8 FROM deskgraph.sync_sources", followed)
    delays = []
    for number in range(1, changes + 1):
        version = await store.fetchval("SELECT version FROM deskgraph.data_version")
        await portal.execute("UPDATE tickets SET assignee = 'agent-x', updated_at = now() WHERE id = $1", number)
        await portal.execute("NOTIFY changed")
        began = time.perf_counter()
        await _raised(store, "SELECT version FROM deskgraph.data_version", version)
        delays.append(time.perf_counter() - began)
    delays.sort()
    return (
        f"{changes} changes: in the store after {statistics.median(delays):.2f} s (median), {delays[-1]:.2f} s at most"
    )


async def _raised(store: asyncpg.Connection, sql: str, before: int) -> int:
    while True:
        found: int = await store.fetchval(sql) or 0
        if found > before:
            return found
        await asyncio.sleep(0.02)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--events", type=int, default=4)
    parser.add_argument("--changes", type=int, default=20)
    parser.add_argument("--kill", type=float, help="the share of the tickets after which the load is killed once")
    parser.add_argument("--server")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.server:
            asyncio.run(measure(arguments.server, Path(folder), arguments))
            return
        with embedded.borrow(Path(folder) / "data") as running:
            asyncio.run(measure(running.server.dsn, Path(folder), arguments))


if __name__ == "__main__":
    main()
