"""What projections save: the same documents by the stock executor and by ours, end to end, in turns.

    .venv/bin/python -m benchmarks.executor [--rounds 15] [--profile]

Over the demo data in an embedded PostgreSQL. *From the database*: each request has its own loaders, as when served.
*Rows there*: what `rows.table` or `trends.volume` fetched and folded is kept and given again, the resolvers make the
public objects of it. *Objects there*: so are those of a breakdown, and what is left is the executor. Both have their
caches of parsed and validated documents. Figures are medians; take the ratio.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from unittest import mock

from strawberry.extensions import MaxTokensLimiter, ParserCache, ValidationCache
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from db import catalog, embedded, migrate
from db.access import Role, Viewer
from db.engine import Engine, PoolSettings
from db.importing.writer import import_rows
from db.sources.demo import demo
from resolvers import rows, trends
from schema import breakdown
from schema.executor import SCHEMA, Gateway, GatewaySchema
from schema.identity import Identity
from schema.query import Query
from schema.scan import MAX_TOKENS
from schema.tokens import SharedSecret

STOCK = GatewaySchema(
    query=Query,
    execution_context_class=StrawberryGraphQLCoreExecutionContext,
    extensions=[
        lambda: MaxTokensLimiter(max_token_count=MAX_TOKENS),
        lambda: ParserCache(maxsize=200),
        lambda: ValidationCache(maxsize=200),
    ],
)
SCHEMAS = {"stock": STOCK, "ours": SCHEMA}
TWO_YEARS = 'report(period: {since: "2024-10-01", until: "2026-10-01"})'
BREAKDOWN = "breakdown(by: [ORGANIZATION, CATEGORY], first: 500)"
DOCUMENTS = {
    "breakdown, 500 rows x 12 metrics": f"{BREAKDOWN} {{ rows {{ metrics {{ %s }} }} }}",
    "breakdown, 500 rows x 2 keys x 4 fields": f"{BREAKDOWN} {{ rows {{ keys {{ dimension id label start }} }} }}",
    "trends volume, 730 days x 6 fields": (
        "trends(grain: DAY) { volume { start created resolved reopened open isPartial } }"
    ),
}


THERE: dict[str, list[tuple[Any, str]]] = {
    "objects there": [(breakdown, "breakdown")],
    "rows there": [(rows, "table"), (trends, "volume")],
    "from the database": [],
}
"""What is kept from one execution to the next; the objects of trends are made by their resolver each time."""


def documents() -> dict[str, str]:
    """The documents; the metrics are the first twelve of the catalogue."""
    metrics = " ".join(f"{metric.name} {{ value }}" for metric in catalog.METRICS[:12])
    return {what: f"{{ {TWO_YEARS} {{ {text.replace('%s', metrics)} }} }}" for what, text in DOCUMENTS.items()}


def kept(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same coroutine function; what it gave once is given again."""
    given: list[Any] = []

    async def again(*arguments: Any) -> Any:
        if not given:
            given.append(await function(*arguments))
        return given[0]

    return again


async def compared(gateway: Gateway, document: str, rounds: int) -> dict[str, float]:
    """The median time by each schema, in milliseconds, in turns; a first round does not count."""
    taken: dict[str, list[float]] = {name: [] for name in SCHEMAS}
    answers = []
    for number in range(rounds + 1):
        for name in SCHEMAS if number % 2 else reversed(SCHEMAS):
            context = gateway.context(Viewer("m", Role.MANAGER))
            started = time.perf_counter()
            result = await SCHEMAS[name].execute(document, context_value=context)
            if number:
                taken[name].append(1000 * (time.perf_counter() - started))
            assert result.errors is None, result.errors
            answers.append(result.data)
    assert all(answer == answers[0] for answer in answers)
    return {name: statistics.median(times) for name, times in taken.items()}


async def measure(gateway: Gateway, rounds: int, profile: bool) -> None:
    """Prints a line for each document."""
    print("| what | data | stock, ms | ours, ms | ratio |\n|---|---|---|---|---|")

    def line(what: str, how: str, found: dict[str, float]) -> None:
        ratio = found["stock"] / found["ours"]
        print(f"| {what} | {how} | {found['stock']:.2f} | {found['ours']:.2f} | {ratio:.1f} |", flush=True)

    for what, document in documents().items():
        for how, places in THERE.items():
            if how == "objects there" and not what.startswith("breakdown"):
                continue
            with ExitStack() as stack:
                for module, name in places:
                    stack.enter_context(mock.patch.object(module, name, kept(getattr(module, name))))
                line(what, how, await compared(gateway, document, rounds))
                if profile:
                    await profiled(gateway, document)


async def profiled(gateway: Gateway, document: str) -> None:
    """Prints where our time goes."""
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(20):
        await SCHEMA.execute(document, context_value=gateway.context(Viewer("m", Role.MANAGER)))
    profiler.disable()
    pstats.Stats(profiler).sort_stats("tottime").print_stats(12)


async def run(dsn: str, rounds: int, profile: bool) -> None:
    """Imports the demo data, and measures."""
    await migrate.upgrade(dsn)
    await import_rows(dsn, demo(date(2026, 10, 1)), on_reject=print, on_progress=lambda _: None)
    engine = Engine(dsn, PoolSettings(statement_timeout_ms=120_000))
    identity = Identity(SharedSecret("a secret for the benchmark, 32 bytes"))
    try:
        now = datetime(2026, 10, 1, tzinfo=UTC)
        await measure(Gateway(engine, identity, b"pseudonyms", lambda: now), rounds, profile)
    finally:
        await engine.close()


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, embedded.start(Path(folder) / "data") as running:
        asyncio.run(run(running.server.dsn, given.rounds, given.profile))


if __name__ == "__main__":
    main()
