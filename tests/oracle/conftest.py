"""The oracle: one connection with the raw tables."""

from __future__ import annotations

from collections.abc import AsyncIterator

import asyncpg
import pytest

from tests.oracle import raw
from tests.oracle.questions import Oracle


@pytest.fixture(scope="session")
async def oracle(demo_database: str) -> AsyncIterator[Oracle]:
    """Answers about the demo data, from its tickets, events and ratings."""
    connection = await asyncpg.connect(demo_database)
    try:
        await raw.prepare(connection)
        yield Oracle(connection)
    finally:
        await connection.close()
