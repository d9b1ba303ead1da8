"""The small desk, asked in the language and by REST."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.conftest import Asking, asking
from tests.rest_compat.conftest import Rest, gateway_over
from tests.rest_compat.desk import NOW


@pytest.fixture(scope="session")
async def desk(desk_dsn: str) -> AsyncIterator[Asking]:
    """Asks the small desk in the language."""
    async with asking(desk_dsn, NOW) as found:
        yield found


@pytest.fixture(scope="session")
async def rest(desk_dsn: str) -> AsyncIterator[Rest]:
    """Asks the small desk by REST."""
    gateway = gateway_over(desk_dsn)
    yield Rest(gateway)
    await gateway.engine.close()
