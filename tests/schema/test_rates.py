"""Requests are counted by viewer, in minutes that begin with the first."""

from __future__ import annotations

import time

import pytest

from db.access import Role, Viewer
from db.audit.record import Door
from db.errors import RateLimited
from schema.rates import Rates

MIA, TOM = Viewer("mia", Role.MANAGER), Viewer("tom", Role.MANAGER)


def counted(found: Rates, viewer: Viewer, door: Door, times: int) -> int:
    """How many of so many requests are let through."""
    through = 0
    for _ in range(times):
        try:
            found.count(viewer, door)
        except RateLimited:
            continue
        through += 1
    return through


def test_a_viewer_has_one_count_over_graphql_and_rest_and_another_for_exports() -> None:
    found = Rates(requests_per_minute=5, exports_per_minute=2)

    assert counted(found, MIA, Door.GRAPHQL, 3) + counted(found, MIA, Door.REST, 9) == 5
    assert counted(found, MIA, Door.EXPORT, 9) == 2
    assert counted(found, TOM, Door.REST, 9) == 5


def test_zero_is_no_limit() -> None:
    assert counted(Rates(), MIA, Door.EXPORT, 2_000) == 2_000


def test_who_waits_as_long_as_told_is_answered_again() -> None:
    found = Rates(requests_per_minute=1, minute=1)
    assert counted(found, MIA, Door.REST, 2) == 1
    with pytest.raises(RateLimited) as refused:
        found.count(MIA, Door.REST)

    time.sleep(refused.value.retry_after_seconds + 0.05)

    assert counted(found, MIA, Door.REST, 2) == 1
