"""Parts add up to the whole, however the whole is cut: by time or by dimension; and every report tells the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from db import catalog
from tests.conftest import DEMO_NOW, MANAGER, Asking
from tests.laws.slices import EVERY, FIRST, Asked, instants, law, merged, shown, slices

EVERYTHING: Final = Asked(FIRST, DEMO_NOW)


def same(found: dict[str, Any], expected: dict[str, Any]) -> None:
    """Equal but for the last bits of a division."""
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        assert found[name] == (pytest.approx(value, rel=1e-9) if isinstance(value, float) else value), name


@law(40)
@given(slices(), st.lists(st.floats(0, 1), min_size=1, max_size=4))
async def test_the_parts_of_a_period_add_up_to_it(ask: Asking, asked: Asked, cuts: list[float]) -> None:
    """By event. (By creation, a stock is of the tickets created in its own period.)"""
    asked = replace(asked, attribution="EVENT")
    seconds = int((asked.until - asked.since).total_seconds())
    inner = {asked.since + timedelta(seconds=round(cut * seconds)) for cut in cuts}
    edges = sorted({asked.since, *inner, asked.until})
    parts = " ".join(
        f"p{n}: report({asked.part(since, until).arguments()}) {{ metrics {{ {EVERY} }} }}"
        for n, (since, until) in enumerate(pairwise(edges))
    )

    data = await ask.data(f"{{ whole: report({asked.arguments()}) {{ metrics {{ {EVERY} }} }} {parts} }}", MANAGER)

    whole = data.pop("whole")["metrics"]
    in_order = [data[f"p{n}"]["metrics"] for n in range(len(data))]
    same(merged(in_order, last_stock=True), shown(whole))


@law(50)
@given(slices(), st.sampled_from(["CATEGORY", "PRIORITY", "CHANNEL", "STATUS", "TEAM", "AGENT"]))
async def test_the_groups_of_a_dimension_add_up_to_the_whole(ask: Asking, asked: Asked, dimension: str) -> None:
    data = await ask.data(
        asked.report(
            f"metrics {{ {EVERY} }} breakdown(by: [{dimension}], first: 500) {{ rows {{ metrics {{ {EVERY} }} }} }}"
        ),
        MANAGER,
    )

    rows = [row["metrics"] for row in data["report"]["breakdown"]["rows"]]
    if not rows:
        assert shown(data["report"]["metrics"])["ticketsCreated"] == 0
        return
    same(merged(rows, last_stock=False), shown(data["report"]["metrics"]))


@law(25)
@given(slices(60), st.sampled_from(["ORGANIZATION", "HOUR_OF_DAY", "DAY_OF_WEEK", "PRIORITY, CHANNEL", "TEAM, STATUS"]))
async def test_the_groups_of_other_dimensions_add_up_in_their_flows(ask: Asking, asked: Asked, by: str) -> None:
    flows = ["ticketsCreated", "ticketsResolved", "resolutions", "reopens"]
    fields = " ".join(f"{name} {{ value }}" for name in flows) + " csatScore { count } avgResponseTime { count }"

    data = await ask.data(
        asked.report(
            f"metrics {{ {fields} }} breakdown(by: [{by}], first: 500) {{ total rows {{ metrics {{ {fields} }} }} }}"
        ),
        MANAGER,
    )

    report = data["report"]
    assert report["breakdown"]["total"] == len(report["breakdown"]["rows"])
    for name in (*flows, "csatScore", "avgResponseTime"):
        key = "value" if name in flows else "count"
        parts = sum(row["metrics"][name][key] for row in report["breakdown"]["rows"])
        assert parts == report["metrics"][name][key], name


@law(20)
@given(slices(200), st.sampled_from(["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"]))
@example(EVERYTHING, "DAY")
async def test_every_report_tells_the_same_numbers(ask: Asking, asked: Asked, grain: str) -> None:
    fields = f"""
        metrics {{ {EVERY} avgResponseTime {{ median p90 p95 }} }}
        summary {{ openTickets {{ value }} avgResponseTime {{ value median p90 p95 }}
            resolutionRate {{ value withTarget }} csatScore {{ value average histogram }} }}
        performance {{ ticketsByStatus {{ count }} ticketsByCategory {{ count }}
            responseTimeDistribution {{ count mean median buckets {{ count }} }}
            resolutionTimeDistribution {{ count mean buckets {{ count }} }} }}
        agents(first: 500) {{ total rows {{ agent {{ id }} ticketsCreated ticketsResolved openTickets
            responseTime {{ count }} resolutionTime {{ count }} rating {{ count }} }} }}
        trends(grain: {grain}) {{ volume {{ created resolved reopened open }} categories {{ points }}
            seasonality {{ weekdayHour }} }}
        series(grain: {grain}) {{ groups {{ metrics {{ ticketsCreated {{ values }} }} }} }}"""

    report = (await ask.data(asked.report(fields), MANAGER))["report"]

    metrics, summary, performance = report["metrics"], report["summary"], report["performance"]
    created, resolved = metrics["ticketsCreated"]["value"], metrics["ticketsResolved"]["value"]
    assert summary["openTickets"]["value"] == metrics["openTickets"]["value"]
    for name in ("value", "median", "p90", "p95"):
        assert summary["avgResponseTime"][name] == metrics["avgResponseTime"][name]
    assert summary["csatScore"]["histogram"] == metrics["csatScore"]["histogram"]
    assert summary["resolutionRate"]["withTarget"] == metrics["resolutionRate"]["count"]
    assert sum(row["count"] for row in performance["ticketsByStatus"]) == created
    assert sum(row["count"] for row in performance["ticketsByCategory"]) == created
    response, resolution = performance["responseTimeDistribution"], performance["resolutionTimeDistribution"]
    assert response["mean"] == metrics["avgResponseTime"]["value"]
    assert response["median"] == metrics["avgResponseTime"]["median"]
    assert sum(b["count"] for b in response["buckets"]) == response["count"] == metrics["avgResponseTime"]["count"]
    assert sum(b["count"] for b in resolution["buckets"]) == resolution["count"] == resolved
    agents = report["agents"]["rows"]
    assert len(agents) == report["agents"]["total"]
    assert sum(row["ticketsCreated"] for row in agents) == created
    assert sum(row["ticketsResolved"] for row in agents) == resolved
    assert sum(row["openTickets"] or 0 for row in agents) == (metrics["openTickets"]["value"] or 0)
    assert sum(row["responseTime"]["count"] for row in agents) == metrics["avgResponseTime"]["count"]
    assert sum(row["rating"]["count"] for row in agents) == metrics["csatScore"]["count"]
    volume = report["trends"]["volume"]
    assert sum(point["created"] for point in volume) == created
    assert sum(point["resolved"] for point in volume) == resolved
    assert sum(point["reopened"] for point in volume) == metrics["reopens"]["value"]
    if asked.attribution == "EVENT":
        known = [point["open"] for point in volume if point["open"] is not None]
        assert (known[-1] if known else None) == metrics["openTickets"]["value"]
    assert sum(sum(one["points"]) for one in report["trends"]["categories"]) == created
    assert sum(map(sum, report["trends"]["seasonality"]["weekdayHour"])) == created
    (whole,) = report["series"]["groups"]
    assert whole["metrics"]["ticketsCreated"]["values"] == [point["created"] for point in volume]


@law(30)
@given(slices(120), st.sampled_from(["PREVIOUS_PERIOD", "PREVIOUS_YEAR", "PREVIOUS_YEAR_WEEKDAYS"]))
async def test_previous_is_what_the_report_of_that_period_says(ask: Asking, asked: Asked, kind: str) -> None:
    beside = "value previous change comparisons { kind value change }"
    fields = " ".join(f"{metric.name} {{ {beside} }}" for metric in catalog.METRICS)
    document = asked.report(f"comparisons {{ since until }} metrics {{ {fields} }}", f"compareTo: [{kind}]")
    report = (await ask.data(document, MANAGER))["report"]
    (against,) = report["comparisons"]
    if against["since"] == against["until"]:
        return

    values = " ".join(f"{metric.name} {{ value }}" for metric in catalog.METRICS)
    document = f"""query ($since: String!, $until: String!) {{ report(
        period: {{since: $since, until: $until}}, timezone: "{asked.timezone}", filter: {asked.filter},
        attribution: {asked.attribution}, clock: {asked.clock}) {{ metrics {{ {values} }} }} }}"""
    before = (await ask.data(document, MANAGER, since=against["since"], until=against["until"]))["report"]["metrics"]

    for name, one in report["metrics"].items():
        assert one["previous"] == before[name]["value"], name
        expected = (
            (one["value"] - one["previous"]) / one["previous"] if one["previous"] and one["value"] is not None else None
        )
        assert one["change"] == (None if expected is None else pytest.approx(expected, rel=1e-12, abs=1e-12))
        assert one["comparisons"] == [{"kind": kind, "value": one["previous"], "change": one["change"]}]


@law(12)
@given(slices(200), slices(200), instants())
async def test_aliases_and_neighbours_change_nothing(ask: Asking, asked: Asked, other: Asked, at: Any) -> None:
    """What is planned together is answered as if it were asked alone."""
    further = "compareTo: [PREVIOUS_YEAR]"
    fields = f"""summary {{ avgResponseTime {{ value median previous }} openTickets {{ value previous }} }}
        metrics {{ {EVERY} }} breakdown(by: [TEAM]) {{ rows {{ keys {{ id }} metrics {{ {EVERY} }} }} }}"""
    alone = (await ask.data(asked.report(fields, further), MANAGER))["report"]

    neighbour = other.part(min(at, other.since), other.until)
    data = await ask.data(
        f"""{{ a: report({asked.arguments(further)}) {{ {fields} }} b: report({neighbour.arguments()}) {{ {fields} }}
            c: report({asked.arguments(further)}) {{ x: metrics {{ y: reopens {{ z: value }} }} {fields} }}
            d: report({asked.part(other.since, other.until).arguments()}) {{
                {fields} trends {{ volume {{ open }} }} }} }}""",
        MANAGER,
    )

    assert data["a"] == alone
    assert data["c"].pop("x") == {"y": {"z": alone["metrics"]["reopens"]["value"]}}
    assert data["c"] == alone


@law(15)
@given(slices(150), st.sampled_from(["WEEK", "MONTH"]))
async def test_rows_by_time_are_the_series_and_the_reports_of_their_buckets(
    ask: Asking, asked: Asked, grain: str
) -> None:
    values = " ".join(f"{metric.name} {{ values counts }}" for metric in catalog.METRICS)
    report = (
        await ask.data(
            asked.report(
                f"series(grain: {grain}) {{ starts groups {{ metrics {{ {values} }} }} }}"
                f" breakdown(by: [TIME], grain: {grain}, first: 500)"
                f" {{ rows {{ keys {{ start }} metrics {{ {EVERY} }} }} }}"
            ),
            MANAGER,
        )
    )["report"]

    (columns,) = report["series"]["groups"]
    rows = report["breakdown"]["rows"]
    assert [row["keys"][0]["start"] for row in rows] == report["series"]["starts"]
    for metric in catalog.METRICS:
        column = columns["metrics"][metric.name]
        assert column["values"] == [row["metrics"][metric.name]["value"] for row in rows]
        assert column["counts"] == [row["metrics"][metric.name]["count"] for row in rows]
