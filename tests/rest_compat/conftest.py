"""The REST routes over a small desk in a real database, asked in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from db.access import Role
from db.engine import Engine, PoolSettings
from rest_compat.problems import exception_handlers
from rest_compat.routes import PREFIX, report_routes
from schema.executor import Gateway
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.rest_compat.desk import MARCH, NOW, VIEWERS

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
async def rest(desk_dsn: str) -> AsyncIterator[Rest]:
    """The routes over the small desk."""
    gateway = gateway_over(desk_dsn)
    yield Rest(gateway)
    await gateway.engine.close()
