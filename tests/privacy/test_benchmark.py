"""An agent sees its team for comparison, and cannot take its own numbers off to see those of a colleague."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from db import catalog
from db.access import BoundScope, Realm, Role, Viewer
from db.catalog.stocks import UNASSIGNED_TICKETS
from db.directory import Found
from db.domain import Clock
from db.errors import Forbidden
from db.metric import Metric
from db.query import EVERYTHING, Attribution, Dimension, Slice
from resolvers.plan import bind
from resolvers.privacy import MIN_FACTS, MIN_OTHERS
from tests.conftest import MANAGER, VIEWERS, Asking
from tests.laws.slices import fields_of

AGENT: Final = VIEWERS[Role.AGENT]
TEAM: Final = "accounts"
"""The team of that agent."""
COUNTED: Final = fields_of(catalog.METRICS, "value count suppressed reason")
MONTHS: Final = [datetime(2024 + (9 + n) // 12, (9 + n) % 12 + 1, 1, tzinfo=UTC) for n in range(25)]


def asked(since: datetime, until: datetime, fields: str, further: str = "") -> str:
    """A document that asks one report."""
    period = f'period: {{since: "{since.isoformat()}", until: "{until.isoformat()}"}}'
    return f"{{ report({period} {further}) {{ {fields} }} }}"


async def benchmark(ask: Asking, since: datetime, until: datetime, further: str = "") -> Any:
    """The agent's benchmark."""
    fields = f"benchmark {{ team {{ id name }} metrics {{ {COUNTED} }} }}"
    return (await ask.data(asked(since, until, fields, further), AGENT))["report"]["benchmark"]


async def test_a_benchmark_is_what_a_manager_sees_of_the_team(ask: Asking) -> None:
    own = 'filter: {priority: {in: ["low"]}}'
    theirs = f'filter: {{team: {{in: ["{TEAM}"]}}}}'

    found = await benchmark(ask, MONTHS[16], MONTHS[18], own)

    data = await ask.data(asked(MONTHS[16], MONTHS[18], f"metrics {{ {COUNTED} }}", theirs), MANAGER)
    assert found["team"]["id"] == TEAM
    shown = {name: value for name, value in found["metrics"].items() if not value["suppressed"]}
    assert shown == {name: data["report"]["metrics"][name] for name in shown}
    assert {"ticketsResolved", "avgResponseTime", "resolutionRate", "csatScore"} <= shown.keys()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AGENT])
async def test_nobody_but_an_agent_has_a_benchmark(role: Role, ask: Asking) -> None:
    data = await ask.data(asked(MONTHS[0], MONTHS[1], "benchmark { team { id } }"), VIEWERS[role])

    assert data["report"]["benchmark"] is None
    with pytest.raises(Forbidden, match="for an agent about its own team"):
        VIEWERS[role].benchmark_scope(TEAM)


async def test_an_agent_that_is_of_no_team_has_none(ask: Asking) -> None:
    data = await ask.data(
        asked(MONTHS[0], MONTHS[1], "benchmark { team { id } }"), Viewer("n", Role.AGENT, agent="nobody")
    )

    assert data["report"]["benchmark"] is None


def test_the_scope_of_a_benchmark_opens_the_agents_own_team_alone() -> None:
    """Whatever team it is asked for: the directory says whose the agent is."""
    found = Found(
        1, {(Dimension.TEAM, TEAM): 2, (Dimension.TEAM, "billing"): 3, (Dimension.AGENT, "A-07"): 7}, {"A-07": 2}
    )

    def bound(team: str) -> BoundScope:
        utc = ZoneInfo("UTC")
        asked_of = AGENT.benchmark_scope(team)
        return bind(Slice(asked_of, EVERYTHING, Attribution.EVENT, Clock.CALENDAR, utc, MONTHS[0]), found)[0]

    assert (bound(TEAM).realm, bound(TEAM).ids, bound(TEAM).column) == (Realm.TEAMS, (2,), "team_id")
    assert bound("billing").ids == ()
    assert AGENT.scope.member is None


def row_groups(data: Any) -> Iterator[tuple[str | None, Any]]:
    """The rows of a breakdown by agent."""
    for row in data["report"]["breakdown"]["rows"]:
        yield row["keys"][0]["id"], row["metrics"]


def told_of(metric: Metric, metrics: Any) -> list[int]:
    """How many facts of each kind a row's number tells of."""
    counts = [metrics[metric.name]["count"] or 0]
    beside = {"reopenRate": "reopens", "ratingRate": "csatScore"}.get(metric.name)
    return [*counts, *([metrics[beside]["count"] or 0] if beside else [])]


async def test_own_numbers_off_the_teams_leave_five_facts_of_three_others_or_nothing_in_every_month(
    ask: Asking,
) -> None:
    """So also in every sum of months, and in every difference of such sums."""
    withheld, shown = set(), set()

    for since, until in zip(MONTHS[:-1:3], MONTHS[1::3], strict=True):
        found = await benchmark(ask, since, until)
        filtered = f'filter: {{team: {{in: ["{TEAM}"]}}}}'
        fields = f"breakdown(by: [AGENT], first: 500) {{ rows {{ keys {{ id }} metrics {{ {COUNTED} }} }} }}"
        rows = row_groups(await ask.data(asked(since, until, fields, filtered), MANAGER))
        others = {key: metrics for key, metrics in rows if key != AGENT.agent}
        agents = [metrics for key, metrics in others.items() if key is not None]
        for metric in catalog.METRICS:
            kinds = zip(*(told_of(metric, metrics) for metrics in others.values()), strict=True)
            of_agents = zip(*(told_of(metric, metrics) for metrics in agents), strict=True)
            enough = all(sum(kind) >= MIN_FACTS for kind in kinds)
            enough &= all(sum(map(bool, kind)) >= MIN_OTHERS for kind in of_agents)
            value = found["metrics"][metric.name]
            assert value["suppressed"] == (not enough), metric.name
            (shown if enough else withheld).add(metric.name)
            if not enough:
                assert (value["value"], value["count"]) == (None, None)
                assert "3 other agents" in value["reason"]

    assert UNASSIGNED_TICKETS.name in withheld
    assert len(shown) > 10
    assert withheld & shown  # some months only


async def test_a_sum_with_a_month_that_is_withheld_is_withheld(ask: Asking) -> None:
    single = [(await benchmark(ask, *pair))["metrics"] for pair in pairwise(MONTHS[:7])]

    for low in range(5):
        pair = (await benchmark(ask, MONTHS[low], MONTHS[low + 2]))["metrics"]
        for name, value in pair.items():
            assert value["suppressed"] == (single[low][name]["suppressed"] or single[low + 1][name]["suppressed"])


@pytest.mark.parametrize(
    ("until", "further"),
    [
        (datetime(2024, 10, 31, tzinfo=UTC), ""),
        (datetime(2026, 12, 1, tzinfo=UTC), ""),
        (MONTHS[1], "attribution: CREATION"),
    ],
)
async def test_a_benchmark_is_of_whole_months_that_are_over(until: datetime, further: str, ask: Asking) -> None:
    found = await benchmark(ask, MONTHS[0], until, further)

    assert all(value["suppressed"] and value["count"] is None for value in found["metrics"].values())
    assert "on the first of a month" in found["metrics"]["reopens"]["reason"]


async def test_a_comparison_of_a_benchmark_is_withheld_by_its_own_months(ask: Asking) -> None:
    fields = "benchmark { metrics { reopens { value previous change } ticketsResolved { value previous change } } }"

    data = await ask.data(asked(MONTHS[0], MONTHS[1], fields, "compareTo: [PREVIOUS_PERIOD]"), AGENT)

    found = data["report"]["benchmark"]["metrics"]["ticketsResolved"]
    assert found["value"] > 0
    assert (found["previous"], found["change"]) == (None, None)  # nobody worked before the demo begins


async def test_no_tickets_are_listed_behind_a_benchmark(ask: Asking) -> None:
    listed = "tickets { total nodes { id } }"
    fields = f"""benchmark {{ metrics {{ ticketsResolved {{ value {listed} }} csatScore {{ tickets {{ total }} }}
        resolutionRate {{ tickets(of: WITHIN_TARGET) {{ total }} }} }} }}"""

    data = await ask.data(asked(MONTHS[16], MONTHS[17], fields), AGENT)

    metrics = data["report"]["benchmark"]["metrics"]
    assert metrics["ticketsResolved"]["value"] > 0
    assert [value["tickets"] for value in metrics.values()] == [None, None, None]
    assert not [s for s in ask.statements if "behind AS" in s.sql]


async def test_a_benchmark_takes_a_fixed_number_of_statements(ask: Asking) -> None:
    fields = f"metrics {{ reopens {{ value }} }} benchmark {{ team {{ name }} metrics {{ {COUNTED} }} }}"

    await ask.data(asked(MONTHS[0], MONTHS[1], fields), AGENT)

    # The report's own; the team; the version, of the own scope; the ids, the team's numbers and the others'.
    assert len(ask.statements) == 2 + 1 + 1 + 1 + 2
    reads = [s.sql for s in ask.statements if "deskgraph.facts" in s.sql or "deskgraph.rollup_agent" in s.sql]
    assert sum("team_id = ANY ($" in sql for sql in reads) == 2
