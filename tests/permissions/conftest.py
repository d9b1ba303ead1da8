"""The small desk, asked in the language and by REST."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Asking, asking, new_database
from tests.rest_compat.conftest import Rest, fill, gateway_over
from tests.rest_compat.desk import NOW


@pytest.fixture(scope="session")
async def small_desk(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The DSN of a database with the small desk; nobody writes to it."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        await fill(dsn, tmp_path_factory.mktemp("desk"))
        yield dsn


@pytest.fixture(scope="session")
async def desk(small_desk: str) -> AsyncIterator[Asking]:
    """Asks the small desk in the language."""
    async with asking(small_desk, NOW) as found:
        yield found


@pytest.fixture(scope="session")
async def rest(small_desk: str) -> AsyncIterator[Rest]:
    """Asks the small desk by REST."""
    gateway = gateway_over(small_desk)
    yield Rest(gateway)
    await gateway.engine.close()
