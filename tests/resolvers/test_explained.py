"""Which source a statement is answered from, and that only who operates the gateway is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from db import catalog, periods
from db.access import Role, Viewer
from db.catalog.flows import TICKETS_CREATED
from db.catalog.stocks import OPEN_TICKETS
from db.catalog.times import FIRST_RESPONSES
from db.compile import compile_query
from db.directory import Found
from db.domain import Clock
from db.metric import distribution
from db.periods import Grain, Preset, WeekStart
from db.query import EVERYTHING, Asked, Attribution, Dimension, Filter, Match, Slice
from db.rollups.coverage import Kept
from db.rollups.days import start_of
from db.rollups.reading import FromFacts, FromRollup
from resolvers.plan import PlannedQuery, plan
from resolvers.request import ReportRequest
from resolvers.values import Wanted
from tests.conftest import VIEWERS, Asking

BERLIN: Final = ZoneInfo("Europe/Berlin")
FIRST_DAY: Final = 19_700
KEPT: Final = (Kept(1, ZoneInfo("UTC"), FIRST_DAY), Kept(2, BERLIN, FIRST_DAY))
FOUND: Final = Found(
    1,
    {
        (Dimension.CATEGORY, "bugs"): 1,
        (Dimension.AGENT, "A"): 2,
        (Dimension.TEAM, "T"): 3,
        (Dimension.ORGANIZATION, "O"): 4,
    },
    {"A": 3},
    KEPT,
)
CREATED: Final = TICKETS_CREATED.partials
EVERY: Final = tuple(
    dict.fromkeys(
        partial
        for metric in catalog.METRICS
        for partial in Wanted(
            metric, frozenset(d.name for d in metric.details.numbers) if metric.details else frozenset()
        ).partials
    )
)


def asked(
    since: str = "2026-03-01",
    until: str = "2026-04-01",
    *,
    viewer: Viewer = VIEWERS[Role.MANAGER],
    condition: Filter = EVERYTHING,
    attribution: Attribution = Attribution.EVENT,
    zone: ZoneInfo = BERLIN,
) -> ReportRequest:
    """A report of a March."""
    as_of = datetime(2026, 10, 1, tzinfo=UTC)
    period = periods.own_period(since, until, zone)
    return ReportRequest(Slice(viewer.scope, condition, attribution, Clock.CALENDAR, zone, as_of), period, ())


def planned(request: ReportRequest, *by: Dimension, partials: Any = CREATED, found: Found = FOUND) -> PlannedQuery:
    """The only statement of a cut."""
    (one,) = plan([request.cut(partials, by)], found)
    return one


@pytest.mark.parametrize(
    ("by", "cuboid"),
    [
        ((), "total"),
        ((Dimension.STATUS,), "status"),
        ((Dimension.CATEGORY,), "category"),
        ((Dimension.PRIORITY,), "topic"),
        ((Dimension.CHANNEL, Dimension.CATEGORY), "topic"),
        ((Dimension.AGENT,), "agent"),
        ((Dimension.TEAM,), "agent"),
        ((Dimension.HOUR_OF_DAY,), "hour"),
        ((Dimension.DAY_OF_WEEK, Dimension.HOUR_OF_DAY), "hour"),
    ],
)
def test_the_smallest_rollup_that_has_the_dimensions_answers(by: tuple[Dimension, ...], cuboid: str) -> None:
    every = [one.choice.chosen for one in plan([asked().cut(EVERY, by)], FOUND)]

    assert len(every) == 1 + bool(by)
    for chosen in every:
        assert isinstance(chosen, FromRollup)
        assert chosen.cuboid.name == cuboid
        assert chosen.coverage.zone == BERLIN
        assert not chosen.coverage.edges


@pytest.mark.parametrize(
    ("request_", "by", "why"),
    [
        (asked(attribution=Attribution.CREATION), (), "creation"),
        (asked(), (Dimension.TAG,), "not by tag"),
        (asked(), (Dimension.ORGANIZATION,), "not by organization"),
        (asked(), (Dimension.AGENT, Dimension.CATEGORY), "not by agent"),
        (asked(condition=Match(Dimension.STATUS, Asked.IN, ("open",))), (), "present status"),
        (asked(condition=Match(Dimension.ORGANIZATION, Asked.IN, ("O",))), (), "not by organization"),
        (asked(viewer=Viewer("c", Role.CLIENT, organization="O")), (), "not by organization"),
        (asked(zone=ZoneInfo("Asia/Tokyo")), (Dimension.HOUR_OF_DAY,), "another zone"),
        (asked("2026-03-01T10:00:00+00:00", "2026-03-01T12:00:00+00:00"), (), "too little"),
    ],
)
def test_facts_answer_what_no_rollup_has_and_the_plan_says_why(
    request_: ReportRequest, by: tuple[Dimension, ...], why: str
) -> None:
    choice = planned(request_, *by).choice

    assert isinstance(choice.chosen, FromFacts)
    assert why in " ".join(reason for _, reason in choice.refused)


@pytest.mark.parametrize("hours", [1, 9, 23])
def test_today_is_its_block_however_little_of_it_is_over(hours: int) -> None:
    now = start_of(20_500, BERLIN) + timedelta(hours=hours)
    today = periods.preset_period(Preset.TODAY, BERLIN, now, WeekStart.MONDAY)
    request = ReportRequest(replace(asked().slice, as_of=now), today, ())

    chosen = planned(request).choice.chosen

    assert isinstance(chosen, FromRollup)
    assert [edge.sign for edge in chosen.coverage.edges] == [-1]


@pytest.mark.parametrize("first_day", [None, FIRST_DAY])
def test_a_period_before_all_facts_and_an_empty_store_have_a_source(first_day: int | None) -> None:
    found = replace(FOUND, kept=tuple(replace(one, first_day=first_day) for one in KEPT))

    for partials in (CREATED, OPEN_TICKETS.partials, EVERY):
        one = planned(asked("1999-01-01", "1999-02-01"), partials=partials, found=found)
        assert compile_query(one.query, one.choice.chosen).sql.startswith("WITH ")


def test_without_rollups_the_plan_says_where_to_look() -> None:
    choice = planned(asked(), found=replace(FOUND, kept=())).choice

    assert choice.refused == (("of any kind", "none is ready; `deskgraph rollups status` says why"),)


def test_edges_of_ones_own_go_to_facts_and_take_nothing_else_along() -> None:
    own = tuple(p for bucket in distribution(FIRST_RESPONSES, (0, 77)) for p in bucket.partials)

    found = plan([asked().cut((*CREATED, *own))], FOUND)

    sources = {one.query.partials: type(one.choice.chosen) for one in found}
    assert sources == {CREATED: FromRollup, own: FromFacts}


@pytest.mark.parametrize("viewer", [Viewer("t", Role.TEAM_LEAD, teams=("T",)), Viewer("g", Role.AGENT, agent="A")])
def test_leads_and_agents_read_the_rollup_that_knows_their_rows(viewer: Viewer) -> None:
    chosen = planned(asked(viewer=viewer), partials=EVERY).choice.chosen

    assert isinstance(chosen, FromRollup)
    assert chosen.cuboid.name == "agent"


def test_days_of_a_zone_that_is_not_kept_are_blocks_with_their_edges_from_facts() -> None:
    request = asked(zone=ZoneInfo("Asia/Kathmandu"))
    chosen = planned(request).choice.chosen

    assert isinstance(chosen, FromRollup)
    assert len(chosen.coverage.edges) == 2
    assert chosen.coverage.ragged_seconds < 24 * 3600


def test_a_series_shares_no_statement_with_what_has_few_windows() -> None:
    request = asked()
    days = request.cut((*CREATED, *OPEN_TICKETS.partials), windows=request.buckets(Grain.DAY).windows)

    found = plan([request.cut(EVERY), days], FOUND)

    assert sorted(len(one.windows) for one in found) == [1, 31]


@pytest.mark.parametrize(("since", "backwards"), [("2024-01-01", False), ("2026-06-01", True)])
def test_a_stock_from_facts_is_counted_from_the_nearer_end(since: str, backwards: bool) -> None:
    one = planned(asked(since, "2026-09-01"), Dimension.TAG, partials=OPEN_TICKETS.partials)

    assert one.choice.chosen == FromFacts(backwards=backwards)


DOCUMENT: Final = """{ report(period: {since: "2026-03-01", until: "2026-04-01"}, timezone: "Europe/Berlin") {
    summary { openTickets { value } } breakdown(by: [TAG]) { rows { metrics { ticketsCreated { value } } } } } }"""


async def test_who_operates_the_gateway_is_told_the_plan_and_nobody_else(ask: Asking) -> None:
    for role, viewer in VIEWERS.items():
        result = await ask(DOCUMENT, viewer)
        told = (result.extensions or {}).get("plan")

        assert (told is not None) is (role is Role.ADMIN), role
        if told is not None:
            by = {tuple(one["by"]): one for one in told}
            assert set(by) == {(), ("tag",)}
            assert by[("tag",)]["source"] == "facts"
            assert {"rollup total", "rollup agent"} <= {one["source"] for one in by[("tag",)]["notFrom"]}
            assert all(one["milliseconds"] > 0 for one in told)
