"""Statements one after the other: each is sent before the rows of the last are added up, and none outlives a fault."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from db.metric import PartialKind
from db.query import Dimension
from resolvers.ahead import cells_of
from resolvers.plan import PlannedQuery, plan
from tests.resolvers.test_fold import FOUND, cut

ROW = {"bucket": 1, "k1": 1, "p1": 1, "p2": 0, "p3": 0}
BINS = {"bucket": 1, "k1": 1, "p1": None}


class Rows:
    """A statement's rows, which tell when they are looked at."""

    def __init__(self, told: list[str], row: dict[str, Any]) -> None:
        self.told, self.row = told, row

    def __len__(self) -> int:
        return 1

    def __iter__(self) -> Iterator[dict[str, Any]]:
        self.told.append("added up")
        yield self.row


def is_bins(planned: PlannedQuery) -> bool:
    """Whether a statement is that of histograms."""
    return planned.query.partials[0].kind is PartialKind.HISTOGRAM


async def test_the_next_statement_is_sent_before_the_rows_of_one_are_added_up() -> None:
    told: list[str] = []

    async def fetch(planned: PlannedQuery) -> Any:
        told.append("sent bins" if is_bins(planned) else "sent numbers")
        await asyncio.sleep(0)
        told.append("came")
        return Rows(told, BINS if is_bins(planned) else ROW)

    found = await cells_of(plan([cut(Dimension.AGENT)], FOUND), fetch)

    assert told == ["sent bins", "came", "sent numbers", "added up", "came", "added up"]
    (parts,) = found.values()
    assert [len(part.running) for part in parts] == [0, 3]


async def test_what_was_sent_is_ended_where_the_rows_before_are_not_to_be_added_up() -> None:
    told: list[str] = []

    async def fetch(planned: PlannedQuery) -> Any:
        if is_bins(planned):
            return [{"bucket": 1}]
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            told.append("ended")
            raise

    with pytest.raises(ValueError, match="zip"):
        await cells_of(plan([cut(Dimension.AGENT)], FOUND), fetch)

    assert told == ["ended"]


async def test_a_fault_of_a_statement_is_its_own() -> None:
    async def fetch(planned: PlannedQuery) -> Any:
        raise TimeoutError("too long")

    with pytest.raises(TimeoutError, match="too long"):
        await cells_of(plan([cut(Dimension.AGENT)], FOUND), fetch)
