"""What idle subscribers cost, in its quick form; benchmarks/subscribers.py is the whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest

from benchmarks.desk.store import fill
from benchmarks.subscribers import Desk, desk_over, measure
from tests.conftest import new_database

SUBSCRIBERS: Final = 500
MAX_BYTES: Final = 50 * 2**20
MAX_SECONDS: Final = 10.0
"""To be told, on whatever machine, whoever else works on it; what is aimed at is one (benchmarks/RESULTS.md)."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def listened_to(server: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The server over a small desk."""
    async with new_database(server) as dsn:
        await fill(dsn, 2_000)
        async with desk_over(dsn, tmp_path_factory.mktemp("listened_to")) as desk:
            yield desk


async def test_five_hundred_idle_subscribers_cost_little_memory_and_are_told_soon(listened_to: Desk) -> None:
    cost = await measure(listened_to, SUBSCRIBERS, rounds=1, is_each_another=False)

    print(cost.told)
    assert cost.grown_bytes < MAX_BYTES
    assert max(cost.last_seconds) < MAX_SECONDS
