"""Gateways over a small desk of their own, with an audit log, asked through all doors; and what the log then holds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import orjson
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from db.access import Role
from db.audit.log import AuditLog, Bounds
from db.audit.record import AuditMode
from db.audit.store import AuditStore
from db.engine import Engine, PoolSettings
from rest_compat.graphql_view import GraphQLView
from rest_compat.lane import lane
from rest_compat.problems import exception_handlers
from rest_compat.routes import PREFIX, report_routes
from schema.auditing import Auditing
from schema.executor import Gateway
from schema.identity import Identity
from schema.redaction import Redaction
from schema.tokens import SharedSecret
from tests.rest_compat.desk import MARCH, NOW, VIEWERS

EXPORT = f"{PREFIX}/export"
QUICK = Bounds(gather_seconds=0.01, retry_seconds=0.05)


@dataclass(frozen=True)
class Desk:
    """Asks a gateway, and reads its audit log."""

    gateway: Gateway
    log: AuditLog
    dsn: str

    def bearer(self, role: Role | None) -> dict[str, str]:
        """The header that proves a role; None: no header."""
        if role is None:
            return {}
        return {"Authorization": f"Bearer {self.gateway.identity.issue(VIEWERS[role], timedelta(hours=1))}"}

    async def request(self, method: str, path: str, role: Role | None = Role.MANAGER, **sent: Any) -> httpx.Response:
        """The answer to any request."""
        app = Starlette(
            routes=[
                *report_routes(self.gateway, self.gateway),
                Route("/graphql", GraphQLView(self.gateway), methods=None),
            ],
            middleware=lane(self.gateway),
            exception_handlers=exception_handlers(),
        )
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {**self.bearer(role), **sent.pop("headers", {})}
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path, headers=headers, **sent)

    async def get(self, report: str, role: Role | None = Role.MANAGER, **params: Any) -> httpx.Response:
        """A report of March."""
        return await self.request("GET", f"{PREFIX}/{report}", role, params={**MARCH, **params})

    async def export(self, role: Role | None = Role.MANAGER, **body: Any) -> httpx.Response:
        """An export of the agents of March, as CSV."""
        return await self.request("POST", EXPORT, role, json={"report": "agents", "format": "csv", **MARCH, **body})

    async def graphql(self, query: str, role: Role | None = Role.MANAGER, **variables: Any) -> httpx.Response:
        """The answer to a document."""
        return await self.request("POST", "/graphql", role, json={"query": query, "variables": variables})

    async def durable(self) -> list[dict[str, Any]]:
        """The records in the table now, in order; nothing that waits is written for it."""
        connection = await asyncpg.connect(self.dsn)
        try:
            rows = await connection.fetch("SELECT * FROM deskgraph.audit_log ORDER BY at, xmin::text::bigint")
            return [{**row, "variables": orjson.loads(row["variables"])} for row in rows]
        finally:
            await connection.close()

    async def records(self) -> list[dict[str, Any]]:
        """The records, once none waits any more."""
        for _ in range(1000):
            if not self.log.waiting:
                return await self.durable()
            await asyncio.sleep(0.01)
        raise AssertionError(f"{self.log.waiting} records still wait")


@asynccontextmanager
async def desk_over(dsn: str, mode: AuditMode = AuditMode.ALL, bounds: Bounds = QUICK) -> AsyncIterator[Desk]:
    """A gateway over a database, with an audit log."""
    engine = Engine(dsn, PoolSettings())
    log = AuditLog(AuditStore(dsn, timeout_seconds=2), bounds)
    identity = Identity(SharedSecret("a secret for the tests alone, 32 bytes"))
    gateway = Gateway(engine, identity, b"pseudonyms", lambda: NOW, Auditing(log, mode, Redaction(b"audit")))
    try:
        yield Desk(gateway, log, dsn)
    finally:
        await log.close()
        await engine.close()


@pytest.fixture
async def desk(desk_database: str) -> AsyncIterator[Desk]:
    """A gateway over it, that records everything."""
    async with desk_over(desk_database) as found:
        yield found
