"""The seasons of a report, end to end on the demo data."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.conftest import MANAGER, Asking

YEAR: Final = 'period: {since: "2025-10-01", until: "2026-10-01"}'
SEASONS: Final = """trends { seasonality { weekday month decomposition { starts trend seasonal remainder }
    forecast { start expected low high low95 high95 } anomalies { start actual expected score }
    reasons { part reason } reason } }"""


async def seasonality(ask: Asking, arguments: str) -> dict[str, Any]:
    """What a report of the demo says of its seasons."""
    found: dict[str, Any] = (await ask.data(f"{{ report({arguments}) {{ {SEASONS} }} }}", MANAGER))["report"]
    return found["trends"]["seasonality"]  # type: ignore[no-any-return]


async def test_a_year_has_every_part_and_no_reason(ask: Asking) -> None:
    found = await seasonality(ask, YEAR)

    assert found["reasons"] == []
    assert found["reason"] is None
    assert sum(found["weekday"]) == pytest.approx(7)
    assert sum(found["month"]) == pytest.approx(12)
    assert found["weekday"][0] == max(found["weekday"])
    assert found["weekday"][6] == min(found["weekday"])
    assert [point["start"] for point in found["forecast"]][:1] == ["2026-10-01"]
    assert len(found["forecast"]) == 28
    assert all(0 <= p["low95"] <= p["low"] <= p["expected"] <= p["high"] <= p["high95"] for p in found["forecast"])


async def test_the_decomposition_gives_back_the_counts_of_every_day(ask: Asking) -> None:
    report = (await ask.data(f"{{ report({YEAR}) {{ trends {{ volume {{ start created }} }} {SEASONS} }} }}", MANAGER))[
        "report"
    ]["trends"]

    columns = report["seasonality"]["decomposition"]
    assert columns["starts"] == [point["start"] for point in report["volume"]]
    assert [
        t * s + r for t, s, r in zip(columns["trend"], columns["seasonal"], columns["remainder"], strict=True)
    ] == pytest.approx([point["created"] for point in report["volume"]])


async def test_the_incident_is_the_largest_anomaly(ask: Asking) -> None:
    found = await seasonality(ask, YEAR)

    incident = max(found["anomalies"], key=lambda a: a["score"])
    assert incident["start"] == "2026-03-11"
    assert incident["actual"] > 4 * incident["expected"]
    assert len(found["anomalies"]) < 10


@pytest.mark.parametrize(
    ("arguments", "null"),
    [
        ('period: {since: "2026-03-01", until: "2026-04-01"}', {"MONTH": "364"}),
        ('period: {since: "2026-03-01", until: "2026-03-20"}', {"MONTH": "364", "WEEKDAY": "28"}),
        (
            'period: {since: "2024-10-01", until: "2024-11-01"}',
            {"MONTH": "364", "DECOMPOSITION": "56", "FORECAST": "56", "ANOMALIES": "56"},
        ),
        (
            f'{YEAR}, filter: {{tag: {{in: ["vip"]}}, priority: {{in: ["urgent"]}}, channel: {{in: ["social"]}}}}',
            dict.fromkeys(("WEEKDAY", "MONTH", "DECOMPOSITION", "FORECAST", "ANOMALIES"), ""),
        ),
        (
            'period: {since: "2027-01-01", until: "2027-03-01"}',
            {"WEEKDAY": "28", "MONTH": "364", "DECOMPOSITION": "complete day", "ANOMALIES": "complete day"},
        ),
    ],
)
async def test_a_part_without_its_history_is_null_with_its_own_reason(
    arguments: str, null: dict[str, str], ask: Asking
) -> None:
    found = await seasonality(ask, arguments)

    assert {one["part"] for one in found["reasons"]} == set(null)
    assert {part.lower() for part in null} == {
        name for name in ("weekday", "month", "decomposition", "forecast", "anomalies") if found[name] is None
    }
    for one in found["reasons"]:
        assert null[one["part"]] in one["reason"]
        assert one["reason"] in found["reason"]


async def test_a_period_that_begins_inside_a_day_decomposes_its_whole_days(ask: Asking) -> None:
    found = await seasonality(
        ask,
        'period: {since: "2026-03-01T12:00:00+01:00", until: "2026-04-15T09:00:00+02:00"}, timezone: "Europe/Berlin"',
    )

    starts = found["decomposition"]["starts"]
    assert (starts[0], starts[-1], len(starts)) == ("2026-03-02", "2026-04-14", 44)
    assert found["forecast"][0]["start"] == "2026-04-15"


async def test_categories_have_shares_that_add_up(ask: Asking) -> None:
    found = await ask.data(
        f"{{ report({YEAR} compareTo: [PREVIOUS_YEAR]) {{ trends(grain: MONTH) {{"
        " categories { points share previousTotal previousShare } } } }",
        MANAGER,
    )

    categories = found["report"]["trends"]["categories"]
    created = sum(sum(one["points"]) for one in categories)
    assert [one["share"] for one in categories] == pytest.approx([sum(one["points"]) / created for one in categories])
    assert sum(one["share"] for one in categories) == pytest.approx(1)
    assert sum(one["previousShare"] for one in categories) == pytest.approx(1)


@pytest.mark.parametrize("compare", ["", "compareTo: [PREVIOUS_YEAR]"], ids=["halves", "comparison"])
async def test_the_fastest_movers_are_the_categories_that_changed_most(compare: str, ask: Asking) -> None:
    mover = "{ category { id } count previous difference change }"
    trends = (
        await ask.data(
            f"{{ report({YEAR} {compare}) {{ trends(grain: MONTH) {{ categories {{ category {{ id }} points"
            f" previousTotal }} fastestMovers {{ basis risers {mover} fallers {mover} }} }} }} }}",
            MANAGER,
        )
    )["report"]["trends"]

    movers = trends["fastestMovers"]
    assert movers["basis"] == ("COMPARISON" if compare else "HALVES")
    wanted = []
    for one in trends["categories"]:
        now, before = (
            (sum(one["points"]), one["previousTotal"]) if compare else (sum(one["points"][6:]), sum(one["points"][:6]))
        )
        if now + before >= 30 and now != before:
            wanted.append((now - before, one["category"] and one["category"]["id"], now, before))
    for side, sign in (("risers", 1), ("fallers", -1)):
        moved = sorted(abs(w[0]) for w in wanted if w[0] * sign > 0)[::-1][:5]
        assert [abs(m["difference"]) for m in movers[side]] == moved
        for m in movers[side]:
            found = (m["difference"], m["category"] and m["category"]["id"], m["count"], m["previous"])
            assert found in wanted
            assert m["change"] == pytest.approx(m["difference"] / m["previous"])
    assert movers["risers"] or movers["fallers"]


async def test_a_reason_says_what_is_needed_what_there_is_and_what_to_do(ask: Asking) -> None:
    found = await seasonality(ask, 'period: {since: "2026-03-01", until: "2026-04-01"}')

    assert found["reason"] == (
        "month needs 364 complete days since the first ticket of the slice; the period has 31. Ask for a longer period."
    )


async def test_the_history_is_that_of_the_filter_and_of_nothing_after_the_period(ask: Asking) -> None:
    whole = await seasonality(ask, 'period: {since: "2026-01-01", until: "2026-07-01"}')
    part = await seasonality(
        ask, 'period: {since: "2026-01-01", until: "2026-07-01"}, filter: {priority: {in: ["normal"]}}'
    )

    assert whole["forecast"][0]["start"] == part["forecast"][0]["start"] == "2026-07-01"
    assert sum(p["expected"] for p in part["forecast"]) < 0.8 * sum(p["expected"] for p in whole["forecast"])
