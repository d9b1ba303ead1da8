"""What the formulae of `benchmarks.capacity_model` are fed with, measured on a desk of some number of tickets.

    .venv/bin/python -m benchmarks.capacity_measuring [--tickets 100000] [--rounds 30] [--data FOLDER] [--server DSN]

Bytes are of the store's own tables and indexes; of the processor, seconds of the server's process and of PostgreSQL,
which neighbours change less than they change times. `--server` must be a PostgreSQL on this machine.
"""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from typing import Final

import asyncpg
import psutil

from benchmarks.contenders.ours import Ours, ours
from benchmarks.contenders.questions import CUTS, Question, questions_of
from benchmarks.desk import ZONE
from benchmarks.desk.store import ensure
from benchmarks.processors import postmaster, processor_seconds
from db import embedded
from db.rollups.upkeep.settling import settle

_BYTES: Final = """
SELECT c.relname AS name, c.reltuples::bigint AS rows,
    pg_table_size(c.oid) + coalesce(sum(pg_relation_size(i.indexrelid))
        FILTER (WHERE i.indexrelid::regclass::text NOT LIKE '%by_hand%'), 0)::bigint AS bytes
FROM pg_class c LEFT JOIN pg_index i ON i.indrelid = c.oid
WHERE c.relnamespace = 'deskgraph'::regnamespace AND c.relkind = 'r' GROUP BY c.oid, c.relname, c.reltuples
"""
"""Of each table with its indexes, but for those that only the hand-written SQL of the benchmarks has."""


async def store(dsn: str, tickets: int) -> None:
    """Prints bytes and rows a ticket."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("ANALYZE")
        for row in sorted(await connection.fetch(_BYTES), key=lambda one: -one["bytes"]):
            if row["bytes"] > tickets:
                rows = max(1, row["rows"])
                print(
                    f"| {row['name']} | {row['rows'] / tickets:.2f} | {row['bytes'] / rows:.0f} |"
                    f" {row['bytes'] / tickets:.0f} | {row['bytes'] / 1e6:.0f} MB |"
                )
    finally:
        await connection.close()


async def answers(dsn: str, rounds: int) -> None:
    """Prints the processor's milliseconds and the bytes of a dashboard, of the whole desk and of its cuts."""
    connection = await asyncpg.connect(dsn)
    database = await postmaster(connection)
    await connection.close()
    async with ours(dsn) as gateway:
        process = psutil.Process(gateway.server.process_id)
        for cut in CUTS:
            question = questions_of(cut)[0]
            for _ in range(4):
                size = len(await gateway.ask(question))
            python, postgres = await _processor(gateway, question, process, database, rounds)
            print(f"| {question.title} | {python:.1f} | {postgres:.1f} | {size:,} |")
        print(f"resident: {process.memory_info().rss / 1e6:.0f} MB")


async def _processor(
    gateway: Ours, question: Question, process: psutil.Process, database: int, rounds: int
) -> tuple[float, float]:
    """Milliseconds of the server and of PostgreSQL a question."""
    before = sum(process.cpu_times()[:2]), processor_seconds(database)
    for _ in range(rounds):
        await gateway.ask(question)
    after = sum(process.cpu_times()[:2]), processor_seconds(database)
    return 1000 * (after[0] - before[0]) / rounds, 1000 * (after[1] - before[1]) / rounds


async def _measure(server: str, tickets: int, rounds: int) -> None:
    dsn = await ensure(server, tickets)
    await settle(dsn, (ZONE.key,), lambda _: None)  # a kept desk may have the rollups of another version
    print("| table | rows a ticket | bytes a row | bytes a ticket | in all |\n|---|---|---|---|---|")
    await store(dsn, tickets)
    print("\n| dashboard | Python, ms | PostgreSQL, ms | bytes |\n|---|---|---|---|")
    await answers(dsn, rounds)


def main() -> None:
    """Prints the tables."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--tickets", type=int, default=100_000)
    given.add_argument("--rounds", type=int, default=30)
    given.add_argument("--data", type=Path, default=Path("tmp/benchmark"))
    given.add_argument("--server")
    asked = given.parse_args()
    if asked.server:
        asyncio.run(_measure(asked.server, asked.tickets, asked.rounds))
        return
    with embedded.borrow(asked.data.resolve()) as running:
        asyncio.run(_measure(running.server.dsn, asked.tickets, asked.rounds))


if __name__ == "__main__":
    main()
