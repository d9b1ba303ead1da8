"""The whole application over a database, asked in this process."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from opentelemetry.sdk.trace import TracerProvider
from pydantic import SecretStr
from starlette.applications import Starlette

from app import create_app
from db.access import Role
from identities import identity_of
from operating.logs import JsonLines
from settings import Settings
from tests.conftest import SECRET, new_database
from tests.rest_compat.desk import MARCH, NOW, VIEWERS

__all__ = ["MARCH"]

REPORTS = "/api/tickets/reports"


@dataclass(frozen=True)
class Operated:
    """The application, and its settings."""

    app: Starlette
    settings: Settings

    def bearer(self, role: str = "manager") -> dict[str, str]:
        """The header that carries a role's token."""
        token = identity_of(self.settings).issue(VIEWERS[Role(role)], timedelta(hours=1))
        return {"Authorization": f"Bearer {token}"}

    async def get(self, path: str, client: str = "127.0.0.1", **further: Any) -> httpx.Response:
        """The answer to somebody at an address."""
        return await self.ask("GET", path, client, **further)

    async def ask(self, method: str, path: str, client: str = "127.0.0.1", **further: Any) -> httpx.Response:
        """The answer to any request."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as asking:
            return await asking.request(method, path, **further)

    async def report(self, name: str = "summary", **params: str) -> httpx.Response:
        """A report to a manager; of March, where nothing else is asked for."""
        return await self.get(f"{REPORTS}/{name}", params=params or MARCH, headers=self.bearer())


@asynccontextmanager
async def operated(dsn: str, traces: TracerProvider | None = None, **given: Any) -> AsyncIterator[Operated]:
    """The application over a database, at the desk's instant."""
    settings = Settings(database_url=SecretStr(dsn), jwt_secret=SecretStr(SECRET), **given)
    app = create_app(settings, lambda: NOW, traces=traces)
    async with app.router.lifespan_context(app):
        yield Operated(app, settings)


@pytest.fixture(scope="session")
async def desk_dsn(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a database with the small desk, for these tests alone."""
    async with new_database(server, template=filled) as dsn:
        yield dsn


@asynccontextmanager
async def holding(dsn: str, table: str) -> AsyncIterator[None]:
    """Keeps a table from everybody else while this lasts: whatever reads it waits."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE deskgraph.{table} IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await connection.close()


class Log(logging.Handler):
    """What the product logs, as a program reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonLines())
        self._lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line, written where it was told."""
        self._lines.append(json.loads(self.format(record)))

    def of(self, logger: str) -> list[dict[str, Any]]:
        """The lines of one logger."""
        return [one for one in self._lines if one["logger"] == f"deskgraph.{logger}"]


@pytest.fixture
def log() -> Iterator[Log]:
    """What the product logs, from information up."""
    logger, found = logging.getLogger("deskgraph"), Log()
    before = logger.level
    logger.setLevel(logging.INFO)
    logger.addHandler(found)
    yield found
    logger.removeHandler(found)
    logger.setLevel(before)
