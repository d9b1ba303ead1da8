"""What an answer costs beside the database: the CPU of Python from the HTTP request to the last byte, rows there.

    .venv/bin/python -m benchmarks.answering [--tickets 100000] [--server DSN] [--rounds 30] [--profile REPORT]

Each question of the large desk's dashboard is asked once of the database; its rows are kept, and given again to the
same question, asked of the whole application in this process. So parsing, validation, planning, compiling, folding,
completing and JSON are in it, and the driver and the network are not. Figures are medians of `time.process_time`.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import json
import pstats
import statistics
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from unittest import mock

from app import create_app
from benchmarks.contenders.ours import SECRET, VIEWER, document
from benchmarks.contenders.questions import CUTS, Question, questions_of
from benchmarks.desk.store import ensure
from db import embedded
from db.audit.record import AuditMode
from db.engine import Engine, Snapshot
from db.statement import Statement
from operating.memory import keep_for_answers
from schema.identity import Identity
from schema.tokens import SharedSecret
from settings import Settings

_SHOWN: Final = 45


class Kept:
    """An engine's snapshots, whose rows are fetched for the first of equal requests and given again to the others.

    Equal requests send equal statements in one order: a row is found by its statement's place.
    """

    def __init__(self) -> None:
        self.rows: list[tuple[str, Any]] = []
        self.place = 0
        self._snapshot = Engine.snapshot

    def patched(self) -> Any:
        """What replaces an engine's snapshots as long as it is entered."""
        kept = self

        @asynccontextmanager
        async def snapshot(engine: Engine, *given: Any) -> AsyncIterator[Any]:
            if kept.place < len(kept.rows):
                yield kept
            else:
                async with self._snapshot(engine, *given) as fresh:
                    kept.fresh: Snapshot = fresh
                    yield kept

        return mock.patch.object(Engine, "snapshot", snapshot)

    async def fetch(self, statement: Statement) -> Any:
        """The rows of a statement."""
        if self.place == len(self.rows):
            self.rows.append((statement.sql, await self.fresh.fetch(statement)))
        sql, rows = self.rows[self.place]
        assert sql == statement.sql, "an equal request sent another statement"
        self.place += 1
        return rows


async def answer(app: Any, body: bytes, token: str) -> bytes:
    """The body of the application's answer to a POST."""
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {token}".encode())]
    scope = {
        "type": "http", "http_version": "1.1", "asgi": {"version": "3.0"}, "method": "POST", "scheme": "http",
        "path": "/graphql", "raw_path": b"/graphql", "root_path": "", "query_string": b"", "headers": headers,
        "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    sent: list[bytes] = []
    waiting = [{"type": "http.request", "body": body}]

    async def receive() -> Any:
        return waiting.pop() if waiting else await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message.get("body", b""))

    await app(scope, receive, send)
    return b"".join(sent)


async def measured(app: Any, question: Question, rounds: int, profiler: cProfile.Profile | None) -> tuple[float, int]:
    """The median CPU of a question's answer in milliseconds, and the answer's length in bytes."""
    token = Identity(SharedSecret(SECRET)).issue(VIEWER, timedelta(hours=12))
    body = json.dumps({"query": document(question)}).encode()
    kept = Kept()
    taken: list[float] = []
    with kept.patched():
        first = await answer(app, body, token)
        assert b'"errors"' not in first, first[:500]
        for number in range(rounds):
            kept.place = 0
            started = time.process_time()
            again = await answer(app, body, token)
            taken.append(1000 * (time.process_time() - started))
            assert number or again == first
        if profiler is not None:
            for _ in range(rounds):
                kept.place = 0
                profiler.enable()
                await answer(app, body, token)
                profiler.disable()
    return statistics.median(taken), len(first)


async def run(server: str, given: argparse.Namespace) -> None:
    """Fills the desk, where it is not there yet, and measures."""
    dsn = await ensure(server, given.tickets)
    app = create_app(
        Settings(
            database_url=dsn,
            jwt_secret=SECRET,
            audit=AuditMode.REQUIRED,
            statement_timeout_ms=600_000,
            response_cache_mb=0,
            requests_per_minute=0,
        )
    )
    keep_for_answers()  # as a worker of the server does
    print("| report | CPU of Python, ms | answer, kB |\n|---|---|---|")
    async with app.router.lifespan_context(app):
        for question in questions_of(CUTS[0]):
            is_profiled = given.profile == (question.reports[0].value if len(question.reports) == 1 else "dashboard")
            profiler = cProfile.Profile() if is_profiled else None
            ms, size = await measured(app, question, given.rounds, profiler)
            print(f"| {question.title} | {ms:.1f} | {size / 1000:.1f} |", flush=True)
            if profiler is not None:
                pstats.Stats(profiler, stream=sys.stderr).sort_stats("tottime").print_stats(_SHOWN)


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tickets", type=int, default=100_000)
    parser.add_argument("--server", help="a DSN whose role may create databases; default: an embedded PostgreSQL")
    parser.add_argument("--data", type=Path, default=Path("tmp/benchmark"), help="where that keeps its data")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--profile", help="a report, or `dashboard`: where its time goes, on standard error")
    given = parser.parse_args()
    if given.server:
        asyncio.run(run(given.server, given))
    else:
        given.data.parent.mkdir(parents=True, exist_ok=True)
        with embedded.borrow(given.data) as running:
            asyncio.run(run(running.server.dsn, given))


if __name__ == "__main__":
    main()
