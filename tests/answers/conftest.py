"""Gateways that keep answers, over a small desk of their own, asked through the doors at instants that a test says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from db.access import Role, Viewer
from db.statement import Statement
from db.version import Versions
from schema.answers import Answers
from tests.audit.conftest import Desk, desk_over
from tests.rest_compat.desk import NOW, VIEWERS

PAST = '{since: "2026-03-01", until: "2026-04-01"}'
RUNNING = '{since: "2026-04-01", until: "2026-05-01"}'
FIELDS = "asOf summary { openTickets { value } resolutionRate { openBreached } } metrics { breachedTickets { value } }"


def report(period: str, fields: str = FIELDS, further: str = "") -> str:
    """A document that asks for a report."""
    return f"{{ report(period: {period} {further}) {{ {fields} }} }}"


@dataclass
class Keeping:
    """A gateway that keeps answers; its clock stands where a test puts it."""

    desk: Desk
    answers: Answers
    now: datetime = NOW
    statements: list[Statement] = field(default_factory=list)

    async def post(self, document: str, role: Role | Viewer = Role.MANAGER, **variables: Any) -> httpx.Response:
        """The answer to a document; `statements` then holds what it took beside the check of the version."""
        self.statements.clear()
        return await self.desk.request(
            "POST", "/graphql", headers=self.bearer(role), json={"query": document, "variables": variables}
        )

    async def get(self, document: str, role: Role | Viewer = Role.MANAGER, **headers: str) -> httpx.Response:
        """The answer to a document that a GET request names."""
        self.statements.clear()
        sent = {**self.bearer(role), **{name.replace("_", "-"): value for name, value in headers.items()}}
        return await self.desk.request("GET", "/graphql", headers=sent, params={"query": document})

    async def rest(self, report: str, headers: dict[str, str] | None = None, **params: Any) -> httpx.Response:
        """The answer of a REST route to a manager."""
        self.statements.clear()
        sent = {**self.bearer(Role.MANAGER), **(headers or {})}
        return await self.desk.request("GET", f"/api/tickets/reports/{report}", headers=sent, params=params)

    def bearer(self, who: Role | Viewer) -> dict[str, str]:
        """The header that proves somebody."""
        viewer = VIEWERS[who] if isinstance(who, Role) else who
        return {"Authorization": f"Bearer {self.desk.gateway.identity.issue(viewer, timedelta(hours=1))}"}

    async def write(self, *statements: str) -> None:
        """Changes the store by a connection of its own, and raises its version, in one transaction."""
        connection = await asyncpg.connect(self.desk.dsn)
        try:
            async with connection.transaction():
                # Who writes facts by hand keeps no rollups, and says so, as a large import does.
                await connection.execute("UPDATE deskgraph.rollup_zones SET is_ready = false")
                for one in statements:
                    await connection.execute(one)
                await connection.execute(
                    "UPDATE deskgraph.data_version SET version = version + 1, changed_at = clock_timestamp()"
                )
        finally:
            await connection.close()


async def until_somebody_waits(connection: asyncpg.Connection) -> None:
    """Returns when another connection waits for a lock."""
    for _ in range(1000):
        if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted)"):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


@asynccontextmanager
async def keeping_over(dsn: str, max_bytes: int = 2**20) -> AsyncIterator[Keeping]:
    """A gateway that keeps answers."""
    async with desk_over(dsn) as desk:
        versions = Versions(dsn)
        answers = Answers(versions, lambda: found.now, max_bytes)
        gateway = replace(desk.gateway, clock=lambda: found.now, answers=answers)
        found = Keeping(replace(desk, gateway=gateway), answers)
        gateway.engine.observers.append(lambda statement, _: found.statements.append(statement))
        try:
            yield found
        finally:
            await versions.close()


@pytest.fixture
async def keeping(desk_database: str) -> AsyncIterator[Keeping]:
    """A gateway that keeps answers, over a desk of the test's own."""
    async with keeping_over(desk_database) as found:
        yield found
