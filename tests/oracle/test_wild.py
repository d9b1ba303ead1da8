"""Every number once more where clocks are hard: see `tests.oracle.wild`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Final

import asyncpg
import pytest

from db import catalog
from db.importing.writer import import_rows
from tests.conftest import MANAGER, Asking, asking, new_database
from tests.oracle import raw
from tests.oracle.queries import ALL_METRICS, ORACLES, equals
from tests.oracle.questions import Oracle, Question
from tests.oracle.test_targets import check_targets
from tests.oracle.wild import WildSource

SPRING: Final = ("2026-03-01 2026-05-01", ("2026-03-01T00:00Z", "2026-05-01T00:00Z"))
ALL: Final = ("2026-03-01 2026-10-01", ("2026-03-01T00:00Z", "2026-10-01T00:00Z"))
QUESTIONS: Final = {
    "everything": Question(*ALL),
    "business clock": Question(*ALL, clock="BUSINESS"),
    "business clock, in spring": Question(*SPRING, clock="BUSINESS"),
    "business clock by creation": Question(*SPRING, clock="BUSINESS", attribution="CREATION"),
    **{
        f"business clock, {category}": Question(
            *ALL, filter=f'{{category: {{in: ["{category}"]}}}}', where=f"category = '{category}'", clock="BUSINESS"
        )
        for category in ("billing", "bugs", "delivery")
    },
    **{
        f"business clock, {priority}": Question(
            *SPRING, filter=f'{{priority: {{in: ["{priority}"]}}}}', where=f"priority = '{priority}'", clock="BUSINESS"
        )
        for priority in ("high", "urgent")
    },
    "a client without a calendar": Question(
        *ALL, filter='{organization: {in: ["O-002"]}}', where="organization = 'O-002'", clock="BUSINESS"
    ),
}


@pytest.fixture(scope="module")
async def wild(server: str, migrated: str) -> AsyncIterator[tuple[Asking, Oracle]]:
    """The product and the oracle over the wild desk."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        summary = await import_rows(
            dsn,
            WildSource(date(2026, 3, 1), date(2026, 10, 1)),
            on_reject=lambda reject: pytest.fail(str(reject)),
            on_progress=lambda _: None,
        )
        assert summary.rows.rejected == 0
        connection = await asyncpg.connect(dsn)
        async with asking(dsn) as ask:
            await raw.prepare(connection)
            yield ask, Oracle(connection)
        await connection.close()


@pytest.mark.parametrize("question", QUESTIONS)
async def test_every_metric_equals_its_oracle(question: str, wild: tuple[Asking, Oracle]) -> None:
    ask, oracle = wild
    document = f"{{ report({QUESTIONS[question].arguments}) {{ metrics {{ {ALL_METRICS} }} }} }}"

    found = (await ask.data(document, MANAGER))["report"]["metrics"]

    for metric in catalog.METRICS:
        equals(metric.name, found[metric.name], await oracle.row(ORACLES[metric.name], QUESTIONS[question]))


async def test_every_target_equals_its_oracle(wild: tuple[Asking, Oracle]) -> None:
    await check_targets(*wild)


async def test_all_that_is_wild_is_there(wild: tuple[Asking, Oracle]) -> None:
    """An oracle that compares nothing with nothing proves nothing."""
    _, oracle = wild
    reigns = await oracle.connection.fetch("SELECT policy, count(DISTINCT id) FROM raw_reign GROUP BY policy")
    spans = await oracle.connection.fetch("SELECT calendar, count(*) FROM raw_span GROUP BY calendar")

    assert len(reigns) == 9  # eight policies, and none
    assert min(count for _, count in reigns) > 3
    assert {calendar for calendar, _ in spans} == {"north", "nights", "valley", "island", "default"}
