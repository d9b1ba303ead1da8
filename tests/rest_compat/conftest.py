"""The REST routes over a small desk in a real database, asked in this process."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from starlette.applications import Starlette

from db.access import Role
from db.engine import Engine, PoolSettings
from db.importing.writer import import_rows
from db.sources.files import open_source
from db.sources.rows import Reject
from rest_compat.problems import exception_handlers
from rest_compat.routes import PREFIX, report_routes
from schema.executor import Gateway
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.rest_compat.desk import MARCH, NOW, VIEWERS, write_desk

EXPORT = f"{PREFIX}/export"


def gateway_over(dsn: str, settings: PoolSettings | None = None) -> Gateway:
    """A gateway over a database, at the desk's instant."""
    engine = Engine(dsn, settings or PoolSettings())
    return Gateway(engine, Identity(SharedSecret("a secret for the tests alone, 32 bytes")), b"pseudonyms", lambda: NOW)


@dataclass(frozen=True)
class Rest:
    """Asks the routes as somebody of a role."""

    gateway: Gateway

    def bearer(self, role: Role = Role.MANAGER) -> dict[str, str]:
        """The header that proves a role."""
        return {"Authorization": f"Bearer {self.gateway.identity.issue(VIEWERS[role], timedelta(hours=1))}"}

    async def request(self, method: str, path: str, **further: Any) -> httpx.Response:
        """The answer to any request."""
        app = Starlette(routes=report_routes(self.gateway, self.gateway), exception_handlers=exception_handlers())
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            return await client.request(method, path, **further)

    async def get(
        self, report: str, params: Any = None, role: Role = Role.MANAGER, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """A report; of March, where nothing else is asked for."""
        asked = MARCH if params is None else params
        return await self.request(
            "GET", f"{PREFIX}/{report}", params=asked, headers={**self.bearer(role), **(headers or {})}
        )

    async def export(
        self, body: Any, role: Role = Role.MANAGER, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        """An export."""
        return await self.request("POST", EXPORT, json=body, headers={**self.bearer(role), **(headers or {})})


@pytest.fixture(scope="session")
async def desk_dsn(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The DSN of a database with the small desk; nobody writes to it."""
    name = f"test_rest_{os.getpid()}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {migrated.rsplit('/', 1)[1]}")
        dsn = f"{server.rsplit('/', 1)[0]}/{name}"
        await fill(dsn, tmp_path_factory.mktemp("desk"))
        yield dsn
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


async def fill(dsn: str, folder: Path) -> None:
    """Imports the small desk."""
    write_desk(folder)
    await import_rows(dsn, open_source(folder, None), on_reject=_no_reject, on_progress=lambda _: None)


def _no_reject(reject: Reject) -> None:
    raise AssertionError(f"the small desk has a bad row: {reject}")


@pytest.fixture(scope="session")
async def rest(desk_dsn: str) -> AsyncIterator[Rest]:
    """The routes over the small desk."""
    gateway = gateway_over(desk_dsn)
    yield Rest(gateway)
    await gateway.engine.close()
