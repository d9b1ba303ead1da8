"""A kept answer beside a bare Starlette route with the same bytes, in its quick form; benchmarks/response_cache.py is
the whole."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import orjson
import pytest

from benchmarks.desk.store import fill
from benchmarks.response_cache import BARE, FULL, OURS, UNCHANGED, measure, whole_dashboard
from db.access import Role
from tests.answers.conftest import keeping_over
from tests.conftest import new_database
from tests.rest_compat.desk import NOW

MIN_CPU_RATIO: Final = 0.25
"""Of what a second of own CPU time is good for, to the bare route's: half of what is aimed at. Rates are not judged
here: neighbours of a shared machine cost us more than the bare route, which waits for nobody but its client."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def small_desk(server: str) -> AsyncIterator[str]:
    """The DSN of a database with a small desk; nobody writes to it."""
    async with new_database(server) as dsn:
        await fill(dsn, 2_000)
        yield dsn


async def test_a_kept_dashboard_costs_a_small_multiple_of_a_bare_route(small_desk: str) -> None:
    full, unchanged = await measure(small_desk, rounds=3, seconds=1)

    assert (full.kind, unchanged.kind, unchanged.size) == (FULL, UNCHANGED, 0)
    assert full.size > 30_000
    assert min(full.cpu_ratio(OURS), unchanged.cpu_ratio(OURS)) >= MIN_CPU_RATIO
    assert full.cpu_ratio(BARE) == 1


async def test_a_kept_dashboard_takes_no_statement_and_one_check_of_the_version(small_desk: str) -> None:
    async with keeping_over(small_desk) as keeping:
        first = await keeping.post(whole_dashboard(), Role.MANAGER)
        asked = keeping.answers.versions.asked

        again = await keeping.post(whole_dashboard(), Role.MANAGER)

        assert keeping.now == NOW
        assert "errors" not in orjson.loads(first.content)
        assert again.content == first.content
        assert keeping.statements == []
        assert keeping.answers.versions.asked == asked + 1
