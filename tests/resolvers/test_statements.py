"""How many statements an operation takes: a small number that is written down, whatever the number of fields."""

from __future__ import annotations

from typing import Final

import pytest

from db import catalog
from tests.conftest import MANAGER, Asking

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
COMPARED: Final = "compareTo: [PREVIOUS_PERIOD, PREVIOUS_YEAR, PREVIOUS_YEAR_WEEKDAYS]"
BEFORE: Final = 1
"""The store's version and the ids of scope and filter come first, in one statement."""
NAMES: Final = 1
"""Names of all entities come last, in one statement."""

PARTS: Final = {
    "period { since until }": 0,
    "dataVersion": BEFORE,
    "metrics { ticketsCreated { value } }": BEFORE + 1,
    f"metrics {{ {' '.join(f'{metric.name} {{ value previous }}' for metric in catalog.METRICS)} }}": BEFORE + 1,
    "summary { openTickets { value } avgResponseTime { median } resolutionRate { value } csatScore { histogram } }":
        BEFORE + 1,
    "performance { ticketsByStatus { count } }": BEFORE + 1,
    "performance { ticketsByCategory { count } }": BEFORE + 1 + NAMES,
    "performance { responseTimeDistribution { mean } resolutionTimeDistribution { p90 } }": BEFORE + 1,
    "performance { ticketsByStatus { count } ticketsByCategory { count } responseTimeDistribution { count } "
    "resolutionTimeDistribution { count } }": BEFORE + 3 + NAMES,
    "agents { rows { agent { name team { name } } rating { csatScore } } }": BEFORE + 2 + NAMES,
    "trends { volume { created open } }": BEFORE + 1,
    "trends { categories { points previousTotal } }": BEFORE + 1 + NAMES,
    "trends { seasonality { weekdayHour } }": BEFORE + 1,
    "trends { seasonality { weekday month decomposition { trend } forecast { low } anomalies { score } reason } }":
        BEFORE + 1,
    "trends { categories { share } fastestMovers { risers { difference } fallers { difference } } }":
        BEFORE + 1 + NAMES,
    "trends { volume { created } categories { points } seasonality { weekdayHour } }": BEFORE + 3 + NAMES,
    "breakdown(by: [PRIORITY]) { rows { metrics { openTickets { value } csatScore { value } } } }": BEFORE + 1,
    "breakdown(by: [PRIORITY, TIME], grain: WEEK) { rows { metrics { openTickets { value } } } }": BEFORE + 1,
    "breakdown(by: [CATEGORY, TEAM, AGENT, TAG]) { total }": BEFORE + 1 + NAMES,
    "series(grain: DAY) { groups { metrics { openTickets { values } reopenRate { values } } } }": BEFORE + 1,
    "metrics { openTickets { tickets { total } } }": BEFORE + 1 + BEFORE + 1,
    "metrics { openTickets { tickets { total nodes { agent { name } category { name } tags } } } }":
        BEFORE + 1 + BEFORE + 1 + NAMES,
    "metrics { openTickets { tickets { total } } csatScore { tickets { nodes { comment subject } } } }":
        BEFORE + 1 + BEFORE + 2,
    "breakdown(by: [PRIORITY]) { rows { metrics { ticketsCreated { tickets { total nodes { agent { name } } } } } } }":
        BEFORE + 1 + BEFORE + 4 + NAMES,
    "trends(grain: MONTH) { volume { a: tickets(of: CREATED) { total } b: tickets(of: OPEN) { total } } }":
        BEFORE + 1 + BEFORE + 2,
    "trends { seasonality { tickets(of: WEEKDAY_HOUR, at: [0, 9]) { total } } }": BEFORE + 1,
    "metrics { csatScore { tickets(of: HISTOGRAM, at: 4) { total } } }": BEFORE + 1 + BEFORE + 1,
    "agents(first: 4) { rows { tickets(of: OPEN_TICKETS) { total } rating { tickets { total } } } }":
        BEFORE + 2 + NAMES + BEFORE + 8,
    "series(grain: DAY, by: TEAM) { groups { key { label } metrics { openTickets { values } } } }": BEFORE + 1 + NAMES,
}  # fmt: skip
ROOTS: Final = {
    "{ viewer { subject role scope { ids } capabilities expiresAt } }": 0,
    "{ savedReports { nodes { id name } } }": 1,
    '{ agents(search: "a") { total nodes { name team { name } } } }': 1,
    "{ categories { total nodes { name } } }": 1,
    "{ metricCatalog { name definition } }": 0,
    "{ __typename __schema { queryType { name } } }": 0,
    f"{{ report({MONTH}) {{ asOf }} }}": 0,
    f"{{ tickets({MONTH}) {{ total nodes {{ id }} }} }}": BEFORE + 1,
    f"{{ tickets({MONTH}) {{ nodes {{ agent {{ name team {{ name }} }} organization {{ name }} }} }} }}": BEFORE
    + 1
    + NAMES,
}


@pytest.mark.parametrize(("document", "statements"), ROOTS.items())
async def test_a_root_field_takes_a_fixed_number_of_statements(document: str, statements: int, ask: Asking) -> None:
    await ask.data(document, MANAGER)

    assert len(ask.statements) == statements


@pytest.mark.parametrize("compared", ["", COMPARED], ids=["alone", "compared"])
@pytest.mark.parametrize(("fields", "statements"), PARTS.items())
async def test_a_part_of_a_report_takes_a_fixed_number_of_statements(
    fields: str, statements: int, compared: str, ask: Asking
) -> None:
    await ask.data(f"{{ report({MONTH} {compared}) {{ {fields} }} }}", MANAGER)

    assert len(ask.statements) == statements


SUMMARY: Final = """summary { openTickets { value previous } avgResponseTime { value median p90 p95 previous }
    resolutionRate { value withinTarget openBreached } csatScore { value average histogram change } }"""
DASHBOARD: Final = f"""
    dataVersion {SUMMARY}
    performance {{ ticketsByStatus {{ status count }} ticketsByCategory {{ category {{ name }} count }}
        responseTimeDistribution {{ mean buckets {{ count }} }}
        resolutionTimeDistribution {{ mean buckets {{ count }} }} }}
    agents {{ rows {{ agent {{ name }} ticketsResolved responseTime {{ median }} rating {{ csatScore }} }} total }}
    trends {{ volume {{ start created resolved reopened open }} categories {{ category {{ name }} points }}
        fastestMovers {{ risers {{ count }} fallers {{ count }} }}
        seasonality {{ weekdayHour weekday month decomposition {{ trend }} forecast {{ expected }}
            anomalies {{ score }} reason }} }}"""


@pytest.mark.parametrize("compared", ["", COMPARED], ids=["alone", "compared"])
async def test_a_dashboard_takes_eleven_statements(compared: str, ask: Asking) -> None:
    await ask.data(f"{{ report({MONTH} {compared}) {{ {DASHBOARD} }} }}", MANAGER)

    assert len(ask.statements) == 11


@pytest.mark.parametrize(("compared", "stocks"), [("", 3), ("compareTo: [PREVIOUS_PERIOD]", 3), (COMPARED, 5)])
async def test_a_dashboard_by_creation_takes_statements_of_their_own_for_stocks(
    compared: str, stocks: int, ask: Asking
) -> None:
    """The whole and its days overlap, and so do a year earlier and the same weekdays a year earlier."""
    await ask.data(f"{{ report({MONTH} {compared} attribution: CREATION) {{ {DASHBOARD} }} }}", MANAGER)

    assert len(ask.statements) == 11 + stocks


async def test_twenty_aliases_of_every_field_take_no_statement_more(ask: Asking) -> None:
    await ask.data(f"{{ report({MONTH} {COMPARED}) {{ {DASHBOARD} }} }}", MANAGER)
    once = len(ask.statements)

    aliases = " ".join(f"a{n}: {SUMMARY}" for n in range(20))
    trends = " ".join(f"t{n}: trends {{ volume {{ open }} categories {{ points }} }}" for n in range(20))
    agents = " ".join(f"g{n}: agents(first: {n + 1}) {{ rows {{ agent {{ name }} }} }}" for n in range(20))
    await ask.data(f"{{ report({MONTH} {COMPARED}) {{ {DASHBOARD} {aliases} {trends} {agents} }} }}", MANAGER)

    assert len(ask.statements) == once == 11


async def test_reports_of_twenty_periods_share_their_statement(ask: Asking) -> None:
    reports = " ".join(
        f'm{day}: report(period: {{since: "2026-03-{day:02}", until: "2026-04-{day:02}"}} {COMPARED}) {{ {SUMMARY} }}'
        for day in range(1, 21)
    )

    await ask.data(f"{{ {reports} }}", MANAGER)

    assert len(ask.statements) == BEFORE + 1


async def test_each_other_slice_takes_one_statement_more(ask: Asking) -> None:
    reports = " ".join(
        f'r{n}: report({MONTH}, filter: {{priority: {{in: ["{word}"]}}}}) {{ metrics {{ reopens {{ value }} }} }}'
        for n, word in enumerate(("low", "normal", "high", "urgent"))
    )

    await ask.data(f"{{ {reports} }}", MANAGER)

    assert len(ask.statements) == BEFORE + 4


async def test_another_zone_takes_a_statement_of_its_own_because_its_days_are_others(ask: Asking) -> None:
    metrics = "metrics { ticketsCreated { value } }"

    await ask.data(
        f'{{ a: report({MONTH}) {{ {metrics} }} b: report({MONTH}, timezone: "Asia/Kathmandu") {{ {metrics} }} }}',
        MANAGER,
    )

    assert len(ask.statements) == BEFORE + 2


async def test_metrics_a_short_series_and_their_comparison_share_a_statement_and_days_have_another(ask: Asking) -> None:
    await ask.data(
        f"{{ report({MONTH} {COMPARED}) {{ {SUMMARY} metrics {{ reopens {{ value }} }} trends {{ volume {{ open }} }} "
        "series(grain: WEEK) { groups { metrics { openTickets { values } } } } } }",
        MANAGER,
    )

    assert len(ask.statements) == BEFORE + 2


async def test_a_stock_by_creation_takes_a_statement_for_each_overlapping_window(ask: Asking) -> None:
    """Tickets of a window that are open at that window's end do not add up from smaller windows."""
    await ask.data(
        f"{{ report({MONTH} {COMPARED} attribution: CREATION) {{ metrics {{ openTickets {{ previous }} }} "
        "trends { volume { open } } } }",
        MANAGER,
    )

    assert len(ask.statements) == BEFORE + 1 + 3


async def test_the_answers_cost_is_told_to_whoever_asks_for_its_timings(ask: Asking) -> None:
    context = ask.gateway.context(MANAGER)

    await ask.gateway.execute(f"{{ report({MONTH}) {{ {SUMMARY} }} }}", {}, context)

    assert context.loaders.timings.statements == BEFORE + 1
    assert context.loaders.timings.seconds > 0
