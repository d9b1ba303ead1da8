"""What an operation costs is known before anything is read, and what is too dear reads nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from graphql import get_operation_ast, parse
from hypothesis import given
from hypothesis import strategies as st

from db.errors import ImpossibleInput
from db.periods import Grain, Period, WeekStart, buckets
from schema.cost import Asking, count_of
from schema.executor import SCHEMA
from tests.conftest import DEMO_NOW, MANAGER
from tests.conftest import Asking as Gate

WEEK = 'period: {since: "2026-03-02", until: "2026-03-09"}'


def cost(document: str, **variables: object) -> list[tuple[str, int, int, int]]:
    tree = parse(document)
    operation = get_operation_ast(tree, None)
    assert operation is not None
    found = Asking(SCHEMA._schema, tree, operation, variables, DEMO_NOW).cost(1)
    return [(part.path, part.buckets, part.groups, part.metrics) for part in found.parts]


@pytest.mark.parametrize(
    ("report", "parts"),
    [
        ("summary { openTickets { value } csatScore { value } }", [("report.summary", 1, 1, 2)]),
        (
            "a: series(grain: DAY, by: PRIORITY) { groups { metrics { openTickets { values } } } }",
            [("report.a", 7, 5, 1)],
        ),
        (
            "breakdown(by: [STATUS, TIME], grain: DAY, orderBy: [{metric: REOPENS}]) "
            "{ rows { metrics { ticketsCreated { value } openTickets { value } } } }",
            [("report.breakdown", 7, 6, 3)],
        ),
        ("breakdown(by: [AGENT, ORGANIZATION]) { total }", [("report.breakdown", 1, 20_000, 1)]),
        ("asOf dataVersion", []),
    ],
)
def test_a_part_costs_buckets_times_groups_times_metrics(report: str, parts: list[tuple[str, int, int, int]]) -> None:
    assert cost(f"{{ report({WEEK}) {{ {report} }} }}") == parts


def test_variables_fragments_and_directives_are_read_as_they_are_executed() -> None:
    document = """
        query ($period: PeriodInput!, $grain: Grain = WEEK, $by: Dimension, $all: Boolean!) {
          report(period: $period, compareTo: [PREVIOUS_PERIOD], filter: {agent: {in: ["A-1", "A-2"]}}) {
            ...Part
            trends @include(if: $all) { volume { open } }
            summary @skip(if: $all) { openTickets { value } }
          }
        }
        fragment Part on Report { series(grain: $grain, by: $by) { groups { metrics { ...Two } } } }
        fragment Two on SeriesMetrics { reopens { values } openTickets { values } }
    """
    period = {"since": "2026-03-02", "until": "2026-03-30"}

    assert cost(document, period=period, by="AGENT", all=True) == [
        ("report.series", 2 * 4, 2, 2),
        ("report.trends", 2 * 28, 1, 4),
    ]
    assert cost(document, period=period, grain="DAY", all=False) == [
        ("report.series", 2 * 28, 1, 2),
        ("report.summary", 2, 1, 1),
    ]


@pytest.mark.parametrize(
    "document",
    [
        '{ report(period: {since: "nonsense", until: "2026-01-01"}) { summary { openTickets { value } } } }',
        "query ($p: PeriodInput!) { report(period: $p) { summary { openTickets { value } } } }",
        "{ viewer { role } }",
    ],
)
def test_what_cannot_be_read_costs_nothing_and_its_execution_says_why(document: str) -> None:
    assert cost(document) == []


zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"]).map(ZoneInfo)


@given(zones, st.integers(0, 200_000), st.integers(1, 100_000), st.sampled_from(Grain), st.sampled_from(WeekStart))
def test_as_many_buckets_are_counted_as_are_made(
    zone: ZoneInfo, since: int, length: int, grain: Grain, week_start: WeekStart
) -> None:
    begin = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=15 * since)
    period = Period(begin, begin + timedelta(minutes=15 * length), zone)
    try:
        made = len(buckets(period, grain, week_start).windows)
    except ImpossibleInput:
        made = 0

    assert count_of(period, grain, week_start) == made


DEAR = f"""{{ report({WEEK}) {{
    series(grain: HOUR, by: AGENT) {{ groups {{ metrics {{ reopens {{ values }} }} }} }}
}} }}"""


async def test_what_is_too_dear_is_refused_before_anything_is_read_and_says_what_to_change(ask: Gate) -> None:
    gate = Gate(replace(ask.gateway, max_cost=10_000))
    gate.gateway.engine.observers.append(lambda statement, _: gate.statements.append(statement))

    result = await gate(DEAR, MANAGER)

    asked = 7 * 24 * 200
    assert result.data is None
    assert result.extensions == {"cost": {"asked": asked, "allowed": 10_000}}
    (error,) = result.errors or ()
    assert (error.extensions or {})["code"] == "QUERY_TOO_COMPLEX"
    for said in (f"about {asked} numbers", "10000", "report.series", "168 buckets x 200 groups x 1 metrics", "grain"):
        assert said in error.message
    assert gate.statements == []


async def test_every_answer_tells_what_it_cost(ask: Gate) -> None:
    result = await ask(DEAR, MANAGER)

    assert result.errors is None
    assert result.extensions == {"cost": {"asked": 33_600, "allowed": 5_000_000}}
