"""Those who ask reports while the store is upgraded."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx

from tests.conftest import ROOT, SECRET, free_port
from tests.operating.conftest import MARCH, REPORTS

QUESTIONS = ("summary", "performance", "agents", "trends")


class Readers:
    """What some clients, each in a loop, have been answered. No dataclass: a failure would print all of it."""

    def __init__(self, url: str, bearer: dict[str, str]) -> None:
        self.client = httpx.AsyncClient(base_url=url, headers=bearer, timeout=60)
        self.answered = 0
        self.failed: list[str] = []
        self.different: list[str] = []
        self._first: dict[str, Any] = {}

    async def __aenter__(self) -> Readers:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def ask(self, report: str) -> None:
        """Asks a report, and compares its numbers with those of the first time."""
        answer = await self.client.get(f"{REPORTS}/{report}", params=MARCH)
        if answer.status_code != 200:
            self.failed.append(f"{report}: {answer.status_code} {answer.text[:300]}")
            return
        self.answered += 1
        if self._first.setdefault(report, answer.json()[report]) != answer.json()[report]:
            self.different.append(report)

    async def _go_on(self, first: int) -> None:
        for turn in range(first, sys.maxsize):
            await self.ask(QUESTIONS[turn % len(QUESTIONS)])
            await asyncio.sleep(0.1)

    async def more(self, until: Callable[[], bool], answers: int = 5) -> bool:
        """Whether so many more are answered before something ends."""
        wanted = self.answered + answers
        while self.answered < wanted and not until():  # noqa: ASYNC110  whichever comes first
            await asyncio.sleep(0.01)
        return self.answered >= wanted

    async def ready(self) -> httpx.Response:
        """What a balancer is told."""
        return await self.client.get("/readyz")

    def content(self) -> None:
        """Fails unless everybody was answered, always the same."""
        assert (self.failed, self.different) == ([], [])

    @asynccontextmanager
    async def reading(self, clients: int = 1) -> AsyncIterator[None]:
        """The clients ask while this lasts."""
        for report in QUESTIONS:
            await self.ask(report)
        tasks = [asyncio.create_task(self._go_on(n)) for n in range(clients)]
        try:
            yield
        finally:
            fallen = [task.exception() for task in tasks if task.done()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        assert fallen == []


@asynccontextmanager
async def served_as_it_is(dsn: str, log: Path) -> AsyncIterator[str]:
    """The address of a server's process over a store that nobody migrates first, as one that was started before."""
    port = free_port()
    environment = {
        **os.environ,
        "DESKGRAPH_READER_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_REQUESTS_PER_MINUTE": "0",
        "DESKGRAPH_RESPONSE_CACHE_MB": "0",
        "DESKGRAPH_AUDIT": "required",
    }
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "uvicorn", "--factory", "app:create_worker", "--port", str(port),
            env=environment, cwd=ROOT, stdout=out, stderr=out,
        )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient(base_url=url) as client:
            for _ in range(600):
                try:
                    await client.get("/healthz")
                    break
                except httpx.ConnectError:
                    await asyncio.sleep(0.1)
            else:
                raise AssertionError(await asyncio.to_thread(log.read_text))
        yield url
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)


@asynccontextmanager
async def long_report(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A transaction that has read all that reports read, and stays open."""
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "a long report"})
    try:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in await connection.fetch(_READ):
            await connection.execute(f"SELECT count(*) FROM deskgraph.{table['relname']}")
        yield connection
    finally:
        await connection.close()


_READ = """SELECT relname FROM pg_class WHERE relnamespace = 'deskgraph'::regnamespace AND relkind = 'r'
    AND (relname ~ '^rollup_' OR relname = ANY ('{facts,tickets,ticket_events,ratings,agents,teams,organizations,
        categories,tags,data_version,alembic_version}'))"""
