"""Drill-down: the tickets behind a number are as many as its count, and their pages are the list, in order."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from typing import Any, Final

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import catalog
from tests.conftest import MANAGER, Asking
from tests.laws.slices import Asked, law, slices

EVERY: Final = " ".join(f"{metric.name} {{ count tickets(first: 1) {{ total }} }}" for metric in catalog.METRICS)
DIMENSIONS: Final = (
    "CATEGORY", "PRIORITY", "CHANNEL", "STATUS", "TEAM", "AGENT", "ORGANIZATION", "TAG", "HOUR_OF_DAY", "DAY_OF_WEEK",
    "AGENT, STATUS", "TAG, TEAM", "DAY_OF_WEEK, HOUR_OF_DAY",
)  # fmt: skip


def check(metrics: dict[str, Any]) -> None:
    """Every count is its list's total; what cannot be counted has no list."""
    counts = {name: value["count"] for name, value in metrics.items()}
    totals = {name: value["tickets"] and value["tickets"]["total"] for name, value in metrics.items()}
    assert totals == counts


@law(20)
@given(slices())
async def test_the_tickets_behind_every_metric_are_as_many_as_its_count(ask: Asking, asked: Asked) -> None:
    data = await ask.data(asked.report(f"metrics {{ {EVERY} }}"), MANAGER)

    check(data["report"]["metrics"])


@law(40)
@given(slices(120), st.sampled_from(DIMENSIONS), st.sampled_from(["ASC", "DESC"]), st.booleans())
async def test_the_tickets_behind_a_row_are_as_many_as_its_count(
    ask: Asking, asked: Asked, by: str, direction: str, in_time: bool
) -> None:
    by, grain = (f"{by}, TIME", "grain: MONTH") if in_time else (by, "")
    order = f"orderBy: [{{dimension: {by.split(', ')[0]}, direction: {direction}}}]"

    data = await ask.data(
        asked.report(f"breakdown(by: [{by}], first: 1, {grain} {order}) {{ rows {{ metrics {{ {EVERY} }} }} }}"),
        MANAGER,
    )

    for row in data["report"]["breakdown"]["rows"]:
        check(row["metrics"])


@law(10)
@given(slices(365))
async def test_the_tickets_behind_the_performance_report_are_as_many_as_its_counts(ask: Asking, asked: Asked) -> None:
    each = "count tickets(first: 1) { total }"

    data = await ask.data(
        asked.report(
            f"""performance(edges: [0, 3600, 86400, 259200]) {{ ticketsByStatus {{ {each} }}
            responseTimeDistribution {{ buckets {{ {each} }} }} resolutionTimeDistribution {{ buckets {{ {each} }} }} }}
            breakdown(by: [CATEGORY], first: 4) {{ rows {{ metrics {{ ticketsCreated {{ {each} }} }} }} }}"""
        ),
        MANAGER,
    )

    found = data["report"]["performance"]
    parts = found["ticketsByStatus"]
    for name in ("responseTimeDistribution", "resolutionTimeDistribution"):
        parts += found[name]["buckets"]
    assert len(parts) == 6 + 4 + 4
    assert [part["tickets"]["total"] for part in parts] == [part["count"] for part in parts]


FIELDS: Final = {
    "AT": lambda n: datetime.fromisoformat(n["at"]),
    "CREATED_AT": lambda n: datetime.fromisoformat(n["createdAt"]),
    "DURATION": lambda n: n["duration"],
    "SCORE": lambda n: n["score"],
    "PRIORITY": lambda n: {None: None, "low": 1, "normal": 2, "high": 3, "urgent": 4}[n["priority"]],
}
NODE: Final = "id at createdAt seconds businessSeconds score priority"


def in_order(nodes: list[dict[str, Any]], orders: list[tuple[str, str]]) -> bool:
    """Whether nodes stand by some orders, what is null last."""

    def rank(node: dict[str, Any]) -> list[tuple[bool, float]]:
        found = []
        for by, direction in orders:
            value = FIELDS[by](node)
            number = value.timestamp() if isinstance(value, datetime) else value
            found.append((value is None, 0 if number is None else -number if direction == "DESC" else number))
        return found

    return all(rank(one) <= rank(other) for one, other in pairwise(nodes))


@law(25)
@given(
    slices(20),
    st.sampled_from(["ticketsCreated", "openTickets", "resolutions", "avgResponseTime", "csatScore", "reopens"]),
    st.lists(
        st.tuples(st.sampled_from(sorted(FIELDS)), st.sampled_from(["ASC", "DESC"])),
        min_size=1, max_size=3, unique_by=lambda o: o[0],
    ),
    st.integers(40, 120),
)  # fmt: skip
async def test_the_pages_of_tickets_are_the_list_in_order(
    ask: Asking, asked: Asked, metric: str, orders: list[tuple[str, str]], size: int
) -> None:
    order = ", ".join(f"{{by: {by}, direction: {direction}}}" for by, direction in orders)
    nodes: list[dict[str, Any]] = []
    after, total = None, 0

    while True:
        page_of = f"tickets(first: {size}, after: $after, orderBy: [{order}])"
        fields = f"metrics {{ {metric} {{ {page_of} {{ total nextCursor nodes {{ {NODE} }} }} }} }}"
        data = await ask.data(f"query ($after: String) {asked.report(fields)}", MANAGER, after=after)
        page = data["report"]["metrics"][metric]["tickets"]
        total, after = page["total"], page["nextCursor"]
        assert len(page["nodes"]) <= size
        nodes += page["nodes"]
        if after is None:
            break

    for node in nodes:
        node["duration"] = node["seconds" if asked.clock == "CALENDAR" else "businessSeconds"]
    assert in_order(nodes, orders)
    assert len({(node["id"], node["at"]) for node in nodes}) == len(nodes) == total


SINCE, UNTIL = "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"
ORACLES: Final = {
    "ticketsCreated": "SELECT external_id FROM deskgraph.tickets"
    " WHERE created_at >= '2026-03-01T00:00:00Z' AND created_at < '2026-04-01T00:00:00Z' AND status < 7",
    "csatScore": "SELECT t.external_id FROM deskgraph.tickets t JOIN deskgraph.ratings r ON r.ticket_id = t.id"
    " WHERE r.at >= '2026-03-01T00:00:00Z' AND r.at < '2026-04-01T00:00:00Z' AND t.status < 7",
    "openTickets": "SELECT t.external_id FROM deskgraph.tickets t WHERE t.status < 7 AND (SELECT count(*) FILTER"
    " (WHERE f.source = 6) - count(*) FILTER (WHERE f.source = 7) FROM deskgraph.facts f"
    " WHERE f.ticket_id = t.id AND f.at < '2026-04-01T00:00:00Z') = 1",
}


@pytest.mark.parametrize(("metric", "sql"), ORACLES.items())
async def test_the_tickets_are_those_of_a_query_written_by_hand(
    metric: str, sql: str, ask: Asking, demo_database: str
) -> None:
    connection = await asyncpg.connect(demo_database)
    try:
        known = sorted(row[0] for row in await connection.fetch(sql))
    finally:
        await connection.close()

    found: list[str] = []
    after = None
    while True:
        data = await ask.data(
            f"""query ($after: String) {{ report(period: {{since: "{SINCE}", until: "{UNTIL}"}}) {{ metrics {{
            {metric} {{ tickets(first: 500, after: $after) {{ nextCursor nodes {{ id }} }} }} }} }} }}""",
            MANAGER,
            after=after,
        )
        page = data["report"]["metrics"][metric]["tickets"]
        found += [node["id"] for node in page["nodes"]]
        after = page["nextCursor"]
        if after is None:
            break

    assert sorted(found) == known
    assert known
