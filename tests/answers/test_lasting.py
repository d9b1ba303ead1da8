"""An answer lasts as long as the rule says: until then, asked again, it would be the same but for its `asOf`.

The rule is held against the product itself, asked at later instants of the same store.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from db import catalog
from db.access import Role
from db.periods import Comparison, Period, Preset, WeekStart, compared_period, preset_period
from db.query import Attribution
from db.version import _OF_LISTS, Versions
from schema.executor import SCHEMA
from schema.lasting import FOREVER, Lasting
from tests.conftest import DEMO_NOW, ROOT, VIEWERS, asking

TICK: Final = timedelta(microseconds=1)
AMID: Final = datetime(2026, 9, 17, 13, 37, 21, tzinfo=UTC)
"""Before the demo data end: facts begin to count all the time."""
LATER: Final = DEMO_NOW + timedelta(hours=9, minutes=41)
"""After they end: only targets fall due."""

KEY: Final = "period { since until } summary { openTickets { value previous } resolutionRate { value openBreached } }"
METRICS: Final = "metrics { breachedTickets { value } ticketsResolved { value } csatScore { value suppressed count } }"
TRENDS: Final = """trends(grain: DAY) { volume { start created resolved open isPartial } 
    seasonality { weekday month forecast { start expected low high } anomalies { start actual } } }"""
HOURS: Final = "series(grain: HOUR) { starts isPartial groups { metrics { openTickets { values } } } }"
RATINGS: Final = """metrics { csatScore { value suppressed count } }
    breakdown(by: [TIME], grain: DAY) { rows { metrics { csatScore { value suppressed } } } }"""
TEAM: Final = "benchmark { metrics { csatScore { value suppressed } ticketsCreated { value suppressed } } }"

CASES: Final = [
    ("{preset: TODAY}", "", KEY, Role.MANAGER, AMID),
    ("{preset: TODAY}", 'timezone: "Asia/Kathmandu"', HOURS, Role.MANAGER, AMID),
    ("{preset: YESTERDAY}", 'timezone: "America/St_Johns"', KEY, Role.MANAGER, AMID),
    ("{preset: LAST_30_DAYS}", "", TRENDS, Role.MANAGER, LATER),
    ("{preset: LAST_30_DAYS}", "clock: BUSINESS", METRICS, Role.TEAM_LEAD, LATER),
    ("{preset: LAST_90_DAYS}", "", METRICS, Role.MANAGER, LATER),
    ("{preset: THIS_WEEK}", 'timezone: "Australia/Lord_Howe", weekStart: SUNDAY', KEY, Role.MANAGER, AMID),
    ("{preset: LAST_MONTH}", "compareTo: [PREVIOUS_PERIOD, PREVIOUS_YEAR]", KEY, Role.MANAGER, AMID),
    ("{preset: LAST_MONTH}", "", RATINGS, Role.ANALYST, AMID),
    ('{since: "2026-09-01", until: "2026-09-10"}', "", RATINGS, Role.ANALYST, AMID),
    ('{since: "2026-09-01", until: "2026-09-17"}', "", TEAM, Role.AGENT, AMID),
    ('{since: "2026-09-01", until: "2026-09-10"}', "compareTo: [PREVIOUS_PERIOD]", KEY + TRENDS, Role.MANAGER, AMID),
    ('{since: "2026-09-01", until: "2026-09-10"}', "attribution: CREATION", KEY + METRICS, Role.MANAGER, AMID),
    ('{since: "2026-09-01", until: "2026-09-10"}', "attribution: CREATION", KEY + METRICS, Role.MANAGER, LATER),
    ('{since: "2026-09-17T13:00:00Z", until: "2026-09-17T13:37:31Z"}', "", KEY, Role.MANAGER, AMID),
    ('{since: "2026-09-17T13:37:31Z", until: "2026-09-17T14:37:31Z"}', "", KEY, Role.MANAGER, AMID),
    (
        '{since: "2026-09-17T14:00:00Z", until: "2026-09-18T02:00:00Z"}',
        "compareTo: [PREVIOUS_PERIOD]",
        KEY,
        Role.MANAGER,
        AMID,
    ),
]


@pytest.fixture(scope="module")
async def versions(demo_database: str) -> AsyncIterator[Versions]:
    """Asks the demo data for its version, and its next fact."""
    found = Versions(demo_database)
    yield found
    await found.close()


async def answered(dsn: str, document: str, role: Role, now: datetime) -> tuple[Any, Lasting]:
    """What a document comes to at an instant, and how long it lasts."""
    async with asking(dsn, now) as then:
        context = then.gateway.context(VIEWERS[role])
        result = await then.gateway.execute(document, {}, context)
    assert result.errors is None, result.errors
    return result.data, context.lasting


@pytest.mark.parametrize(("period", "further", "fields", "role", "now"), CASES)
async def test_until_then_nothing_else_would_be_answered(
    period: str, further: str, fields: str, role: Role, now: datetime, demo_database: str, versions: Versions
) -> None:
    document = f"{{ report(period: {period} {further}) {{ {fields} }} }}"

    first, lasting = await answered(demo_database, document, role, now)
    until = lasting.until
    if lasting.counts_to_now:
        _, coming = await versions.next_fact(now)
        until = min(until, coming or FOREVER)

    assert not lasting.moves
    if until == FOREVER:
        until = now + timedelta(days=45)
    for then in (now + (until - now) / 2, until - TICK):
        assert (await answered(demo_database, document, role, then))[0] == first, then


async def test_what_runs_without_comparison_changes_with_the_next_fact_and_not_before(
    demo_database: str, versions: Versions
) -> None:
    document = f"{{ report(period: {{preset: LAST_90_DAYS}}) {{ {METRICS} }} }}"
    now, changes = LATER, 0

    for _ in range(4):
        first, _lasting = await answered(demo_database, document, Role.MANAGER, now)
        _, coming = await versions.next_fact(now)
        assert coming is not None
        assert (await answered(demo_database, document, Role.MANAGER, coming))[0] == first
        now = coming + TICK
        changes += (await answered(demo_database, document, Role.MANAGER, now))[0] != first

    assert changes  # breaches that were written ahead


async def test_what_is_withheld_by_months_lasts_no_longer_than_its_month(demo_database: str) -> None:
    period = '{since: "2026-09-01", until: "2026-09-10"}'
    document = f"{{ report(period: {period}) {{ metrics {{ ticketsCreated {{ value }} }} }} }}"

    found = {role: (await answered(demo_database, document, role, AMID))[1] for role in Role if role is not Role.CLIENT}

    by_months = {Role.ANALYST, Role.AGENT}
    assert {role: lasting.is_settled for role, lasting in found.items()} == {
        role: role not in by_months for role in found
    }
    assert {found[role].until for role in by_months} == {datetime(2026, 9, 17, 14, tzinfo=UTC)}


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("preset", Preset)
def test_a_running_period_with_a_comparison_is_never_kept(preset: Preset, comparison: Comparison) -> None:
    lasting = Lasting(AMID)
    period = preset_period(preset, ZoneInfo("UTC"), AMID, WeekStart.MONDAY)

    lasting.report(VIEWERS[Role.MANAGER], period, [compared_period(period, comparison, AMID)], Attribution.EVENT)

    assert lasting.moves is (period.until > AMID)
    assert lasting.moves or lasting.until == datetime(2026, 9, 18, tzinfo=UTC)


def test_a_period_that_begins_or_ends_this_instant_lasts_no_time() -> None:
    for since, until in ((AMID, AMID + timedelta(days=1)), (AMID - timedelta(days=1), AMID + TICK)):
        lasting = Lasting(AMID)

        lasting.report(VIEWERS[Role.MANAGER], Period(since, until, ZoneInfo("UTC")), (), Attribution.EVENT)

        assert lasting.until <= AMID + TICK


@pytest.mark.parametrize(
    "document",
    [
        "{ auditLog { nodes { id } } }",
        '{ tickets(period: {since: "2026-03-01", until: "2026-03-02"}) { total } }',
        "{ report(period: {preset: LAST_YEAR}) { metrics { ticketsCreated { tickets { total } } } } }",
    ],
)
async def test_lists_of_tickets_and_the_audit_log_are_never_kept(document: str, demo_database: str) -> None:
    _, lasting = await answered(demo_database, document, Role.ADMIN, AMID)

    assert lasting.moves


def test_no_number_reads_what_only_lists_of_tickets_do() -> None:
    """What falls due ends no answer: db/version.py leaves those facts out."""
    readers = [file for folder in ("db", "resolvers", "schema") for file in (ROOT / folder).rglob("*.py")]

    named = {str(f.relative_to(ROOT)) for f in readers if "Source.RES" in f.read_text() and "_DUE" in f.read_text()}

    assert {name for name in named if not name.startswith("db/importing/")} == {
        "db/version.py",
        "db/compile_tickets.py",
    }
    assert not {partial.rows.source for metric in catalog.METRICS for partial in metric.partials} & _OF_LISTS


def test_whoever_adds_a_root_field_says_how_long_it_lasts() -> None:
    """`viewer` and `metricCatalog` depend on the viewer alone, what can be picked on the store's version, too; `report`
    tells its lasting, the others are kept out; so are mutations (test_saved_reports)."""
    language = SCHEMA._schema

    assert language.query_type is not None
    assert language.mutation_type is not None
    assert set(language.query_type.fields) == {
        "viewer", "metricCatalog", "report", "tickets", "savedReports", "auditLog", "exportJobs", "exportJob",
        "schedules", "destinations", "nextDeliveries",
        "agents", "teams", "categories", "organizations", "tags", "sources",
    }  # fmt: skip
    assert set(language.mutation_type.fields) == {
        "saveReport",
        "deleteSavedReport",
        "createExport",
        "cancelExport",
        "saveSchedule",
        "deleteSchedule",
        "deliverAgain",
    }
    assert language.subscription_type is not None
    assert set(language.subscription_type.fields) == {"reportChanged"}
