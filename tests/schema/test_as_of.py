"""The instant a report speaks of: nothing after it counts, and what still runs is compared up to the same point."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import pytest

from tests.conftest import DEMO_NOW, MANAGER, Asking, asking

MIDDAY: Final = datetime(2026, 3, 15, 12, 30, tzinfo=UTC)
FLOWS: Final = "ticketsCreated { value previous } reopens { value previous } csatScore { count }"


async def report(ask: Asking, arguments: str, fields: str) -> Any:
    """The report's data."""
    return (await ask.data(f"{{ report({arguments}) {{ {fields} }} }}", MANAGER))["report"]


async def test_a_period_that_runs_has_what_happened_up_to_now(demo_database: str, ask: Asking) -> None:
    async with asking(demo_database, MIDDAY) as then:
        running = await report(then, "period: {preset: THIS_MONTH}", f"asOf metrics {{ {FLOWS} }}")

    over = await report(ask, 'period: {since: "2026-03-01", until: "2026-03-15T12:30:00Z"}', f"metrics {{ {FLOWS} }}")
    assert running["asOf"] == "2026-03-15T12:30:00+00:00"
    assert running["metrics"] == over["metrics"]


async def test_a_period_that_runs_is_compared_up_to_the_same_point(demo_database: str, ask: Asking) -> None:
    kinds = {
        "PREVIOUS_PERIOD": ('"2026-01-29"', '"2026-02-12T12:30:00Z"'),
        "PREVIOUS_YEAR": ('"2025-03-01"', '"2025-03-15T12:30:00Z"'),
        "PREVIOUS_YEAR_WEEKDAYS": ('"2025-03-02"', '"2025-03-16T12:30:00Z"'),
    }
    async with asking(demo_database, MIDDAY) as then:
        for kind, (since, until) in kinds.items():
            running = await report(
                then,
                f"period: {{preset: THIS_MONTH}}, compareTo: [{kind}]",
                "metrics { ticketsCreated { previous } openTickets { previous } }",
            )

            before = await report(
                ask,
                f"period: {{since: {since}, until: {until}}}",
                "metrics { ticketsCreated { value } openTickets { value } }",
            )
            assert {name: one["previous"] for name, one in running["metrics"].items()} == {
                name: one["value"] for name, one in before["metrics"].items()
            }


async def test_the_bucket_of_now_is_partial_and_those_to_come_have_no_stock(demo_database: str) -> None:
    async with asking(demo_database, MIDDAY) as then:
        found = await report(
            then,
            "period: {preset: THIS_MONTH}",
            "trends { volume { start created open isPartial } } series(grain: DAY) { isPartial }",
        )

    volume = found["trends"]["volume"]
    assert [point["start"] for point in volume if point["isPartial"]] == ["2026-03-15"]
    assert [point["isPartial"] for point in volume] == found["series"]["isPartial"]
    assert all(point["open"] > 0 for point in volume[:15])
    assert all((point["open"], point["created"]) == (None, 0) for point in volume[15:])


@pytest.mark.parametrize("attribution", ["EVENT", "CREATION"])
async def test_a_period_that_begins_at_this_instant_has_a_stock_already(attribution: str, ask: Asking) -> None:
    """It holds `asOf`: what is open then is what is open now; of what is created in it, nothing yet."""
    asked = f"period: {{preset: TODAY}}, attribution: {attribution}"
    yesterday = await report(ask, "period: {preset: YESTERDAY}", "metrics { openTickets { value } }")

    today = await report(
        ask,
        asked,
        "asOf metrics { openTickets { value } ticketsCreated { value } } trends { volume { open isPartial } }",
    )

    now = yesterday["metrics"]["openTickets"]["value"] if attribution == "EVENT" else 0
    assert today["asOf"] == DEMO_NOW.isoformat()
    assert today["metrics"] == {"openTickets": {"value": now}, "ticketsCreated": {"value": 0}}
    assert today["trends"]["volume"] == [{"open": now, "isPartial": True}]


async def test_a_period_to_come_has_no_stock_and_says_why(ask: Asking) -> None:
    found = await report(
        ask,
        'period: {since: "2027-01-01", until: "2027-02-01"}',
        "metrics { openTickets { value reason } ticketsCreated { value reason } avgResponseTime { value reason } }",
    )

    assert found["metrics"]["openTickets"]["value"] is None
    assert "not begun" in found["metrics"]["openTickets"]["reason"]
    assert found["metrics"]["ticketsCreated"] == {"value": 0, "reason": None}
    assert found["metrics"]["avgResponseTime"]["value"] is None


@pytest.mark.parametrize(
    ("zone", "since", "until"),
    [
        ("UTC", "2026-03-15T00:00:00+00:00", "2026-03-16T00:00:00+00:00"),
        ("Asia/Kathmandu", "2026-03-15T00:00:00+05:45", "2026-03-16T00:00:00+05:45"),
        ("Pacific/Kiritimati", "2026-03-16T00:00:00+14:00", "2026-03-17T00:00:00+14:00"),
    ],
)
async def test_an_answer_echoes_the_instants_in_the_callers_zone(
    zone: str, since: str, until: str, demo_database: str
) -> None:
    async with asking(demo_database, MIDDAY) as then:
        found = await report(
            then,
            f'period: {{preset: TODAY}}, timezone: "{zone}", attribution: CREATION, clock: BUSINESS,'
            ' filter: {and: [{tag: {notIn: ["vip"]}}], agent: {isNull: true}}',
            "period { since until timezone preset } attribution clock filter comparisons { kind }",
        )

    assert found["period"] == {"since": since, "until": until, "timezone": zone, "preset": "TODAY"}
    assert (found["attribution"], found["clock"], found["comparisons"]) == ("CREATION", "BUSINESS", [])
    assert found["filter"] == {"and": [{"tag": {"notIn": ["vip"]}}], "agent": {"isNull": True}}
