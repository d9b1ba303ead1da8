"""Reports of a store that is cut by organization are those of one that is whole."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from db import catalog
from db.rollups.upkeep.verifying import verify
from tests.conftest import VIEWERS, Asking, asking, name_of, new_database
from tests.distributed.conftest import Store
from tests.distributed.parts import DISTRIBUTED, PARTS, put_in_parts
from tests.oracle.questions import QUESTIONS
from tests.stores import fill_desk

VALUE = "{ value count previous change }"
METRICS = " ".join(f"{metric.name} {VALUE}" for metric in catalog.METRICS)
SPREAD = "{ unit count mean median p90 p95 buckets { from to count share } }"
REPORT = f"""
    period {{ since until }} asOf filter
    metrics {{ {METRICS} }}
    performance {{
        ticketsByStatus {{ status count share }} ticketsByCategory {{ category {{ id }} count share }}
        responseTimeDistribution {SPREAD} resolutionTimeDistribution {SPREAD} }}
    byTopic: breakdown(by: [CATEGORY, PRIORITY]) {{ total rows {{ keys {{ id label }} metrics {{ {METRICS} }} }} }}
    byChannel: breakdown(by: [CHANNEL, TIME], grain: WEEK) {{
        rows {{ keys {{ id start }} metrics {{ openTickets {VALUE} resolutions {VALUE} }} }} }}
    series(grain: MONTH) {{ starts
        groups {{ metrics {{ ticketsCreated {{ values }} avgResponseTime {{ values }} }} }} }}
"""
PEOPLE = f"""
    agents(first: 20) {{ total
        rows {{ agent {{ id name }} ticketsResolved openTickets responseTime {{ mean median count }} }} }}
    byOrganization: breakdown(by: [ORGANIZATION], first: 500) {{
        total rows {{ keys {{ id label }} metrics {{ {METRICS} }} }} }}
    metrics {{ resolutions {{ tickets(first: 30, orderBy: [{{by: DURATION, direction: DESC}}]) {{
        total nodes {{ id createdAt status responseTarget {{ dueAt }} }} }} }} }}
"""
SEES_PEOPLE = ("a month in Berlin, with its change to summer time", "by creation", "business clock", "a team lead's")


async def both(document: str, role: Any, whole: Asking, cut: Asking) -> tuple[Any, Any]:
    """What each answers."""
    return await whole.data(document, VIEWERS[role]), await cut.data(document, VIEWERS[role])


@pytest.mark.parametrize("name", QUESTIONS)
async def test_every_number_is_the_same(name: str, ask: Asking, ask_cut: Asking) -> None:
    question = QUESTIONS[name]

    whole, cut = await both(f"{{ report({question.arguments}) {{ {REPORT} }} }}", question.role, ask, ask_cut)

    assert cut == whole
    assert len(ask_cut.statements) == len(ask.statements)


@pytest.mark.parametrize("name", SEES_PEOPLE)
async def test_people_organizations_and_tickets_are_the_same(name: str, ask: Asking, ask_cut: Asking) -> None:
    question = QUESTIONS[name]

    whole, cut = await both(f"{{ report({question.arguments}) {{ {PEOPLE} }} }}", question.role, ask, ask_cut)

    assert cut == whole
    assert whole["report"]["byOrganization"]["rows"]
    assert whole["report"]["metrics"]["resolutions"]["tickets"]["nodes"]


async def test_rows_lie_in_every_part(cut_store: Store) -> None:
    if "test_" not in name_of(cut_store.dsn):
        pytest.skip("a coordinator places rows itself")
    connection = await asyncpg.connect(cut_store.dsn)
    try:
        filled = {
            table: await connection.fetchval(f"SELECT count(DISTINCT tableoid) FROM deskgraph.{table}")
            for table in DISTRIBUTED
        }
    finally:
        await connection.close()

    assert filled == dict.fromkeys(DISTRIBUTED, PARTS)


async def test_what_is_imported_into_parts_is_answered_as_from_one_piece(
    server: str, migrated: str, desk_dsn: str
) -> None:
    period = 'period: {since: "2026-03-01", until: "2026-04-01"}'
    document = f"{{ report({period}) {{ {REPORT} }} }}"
    async with new_database(server, template=name_of(migrated)) as dsn:
        await put_in_parts(dsn)
        await fill_desk(dsn)
        await fill_desk(dsn)
        ready, faults = await verify(dsn, (), lambda _: None)
        async with asking(dsn) as cut, asking(desk_dsn) as whole:
            found = {role: await both(document, role, whole, cut) for role in VIEWERS if role.value != "agent"}

    assert len(ready) == 2
    assert not faults
    assert all(one == other for one, other in found.values())
    assert found
