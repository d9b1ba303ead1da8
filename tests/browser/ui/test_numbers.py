"""Every number of Overview and of an agent's page beside the API's, for each role."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from playwright.async_api import Locator

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

SLICE = 'period: {since: "2026-08-01", until: "2026-09-01"}, timezone: "Europe/Berlin"'
NOW = ("openTickets", "unassignedTickets", "breachedTickets", "ticketsCreated", "ticketsResolved")
LINES = {"Created": "ticketsCreated", "Resolved": "ticketsResolved"}
STOCKS = {"Open": "openTickets", "Past target": "breachedTickets", "Unassigned": "unassignedTickets"}


def counted(value: float | None) -> str:
    """A count as the page writes it."""
    return "—" if value is None else f"{value:,.0f}"


def rounded(value: float, places: str) -> Decimal:
    """A number as browsers round it: a half goes up."""
    return Decimal(value).quantize(Decimal(places), ROUND_HALF_UP)


def exact(value: float) -> str:
    """A share as its tooltip tells it."""
    return f"{rounded(value * 100, '0.0001').normalize():f}%"


def seconds(length: str | None) -> int:
    """What a duration in words comes to, at most."""
    sizes = {"s": 1, "min": 60, "h": 3_600, "d": 86_400}
    return sum(int(n) * sizes[unit] for n, unit in re.findall(r"(\d+) (min|[dhs])\b", (length or "").replace(",", "")))


async def columns_of(card: Locator) -> dict[str, list[str]]:
    """The columns of the table behind a card's chart, by their heads."""
    head, *rows = await card.locator("table").evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )
    return {name: [row[at] for row in rows] for at, name in enumerate(head)}


def values_of(metrics: Any, names: Sequence[str]) -> list[list[str]]:
    """The columns of some metrics, as the page writes them."""
    return [[counted(value) for value in metrics[name]["values"]] for name in names]


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst", "client"])
async def test_every_number_of_overview_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    # A client may ask no query of its own: a manager asks for its organization.
    asks, narrowed = ("manager", ', filter: {organization: {in: ["O-001"]}}') if role == "client" else (role, "")
    series = " ".join(f"{name} {{ values }}" for name in (*LINES.values(), *STOCKS.values()))
    now = " ".join(f"{name} {{ value }}" for name in NOW)
    told = await reader.ask(
        f"""{{
            report({SLICE}{narrowed}) {{
                metrics {{ {now} reopens {{ value }} }}
                series(grain: DAY) {{ groups {{ metrics {{ {series} }} }} }}
            }}
            today: report(period: {{preset: TODAY}}, timezone: "Europe/Berlin"{narrowed}) {{ metrics {{ {now} }} }}
        }}""",
        asks,
    )
    summary = await reader.report("summary", AUGUST, role)
    metrics = told["report"]["metrics"]

    await reader.open(f"/?{AUGUST}", role)

    async def hint(title: str) -> str:
        return await reader.card(title).locator(".key-value [role=tooltip]").first.inner_text()

    async def context(title: str) -> str:
        return " ".join((await reader.card(title).locator(".context").inner_text()).split())

    assert await context("Open tickets") == (
        f"{counted(metrics['unassignedTickets']['value'])} unassigned · "
        f"{counted(metrics['breachedTickets']['value'])} past target"
    )
    response, rate = summary["avgResponseTime"], summary["resolutionRate"]
    assert f"{rounded(response['value'], '1'):,} s" in await hint("First response time, mean")
    words = await context("First response time, mean")
    median, p90 = re.findall(r"median (.*) · p90 (.*) of", words)[0]
    for shown, value in ((median, response["median"]), (p90, response["p90"])):
        assert abs(seconds(shown) - value) <= max(0.5, 1_800 if value >= 86_400 else 30), words
    assert words.endswith(f"of {response['count']:,} first response{'s' * (response['count'] != 1)}")
    if rate["value"] is not None:
        assert exact(rate["value"]) in await hint("Resolved within SLA")
    assert await context("Resolved within SLA") == (
        f"{counted(rate['withinTarget'])} of {counted(rate['withTarget'])} with a target "
        f"{counted(rate['withoutTarget'])} without · {counted(rate['openBreached'])} open past target"
    )
    csat = summary.get("csatScore")
    if csat and csat["value"] is not None:
        assert exact(csat["value"]) in await hint("CSAT")
        assert await context("CSAT") == f"average {rounded(csat['average'], '0.1')} of 5 of {csat['count']:,} ratings"
    shown_now = await reader.card("Now").locator("dl dd").all_inner_texts()
    assert shown_now == [counted(told["today"]["metrics"][name]["value"]) for name in NOW]
    found = told["report"]["series"]["groups"][0]["metrics"]
    volume, backlog = await columns_of(reader.card("Volume")), await columns_of(reader.card("Backlog"))
    assert [volume[name] for name in LINES] == values_of(found, list(LINES.values()))
    assert [backlog[name] for name in STOCKS] == values_of(found, list(STOCKS.values()))
    assert (await context("Volume")).startswith(
        f"{counted(metrics['ticketsCreated']['value'])} created, {counted(metrics['ticketsResolved']['value'])} "
        f"resolved, {counted(metrics['reopens']['value'])} reopened."
    )
    assert reader.visit.faults == []


@pytest.mark.parametrize(("role", "agent"), [("manager", "A-07"), ("team_lead", "A-06")])
async def test_the_courses_of_an_agent_are_those_of_the_api(reader: Reader, role: str, agent: str) -> None:
    wanted = "ticketsCreated { values } ticketsResolved { values } avgResponseTime { values } resolutionRate { values }"
    told = await reader.ask(
        f"""{{
            own: report({SLICE}, filter: {{agent: {{in: ["{agent}"]}}}}) {{
                series(grain: WEEK) {{ groups {{ metrics {{ {wanted} }} }} }} }}
            agent: report({SLICE}) {{ agents(first: 500) {{ rows {{ agent {{ id name team {{ id name }} }} }} }} }}
        }}""",
        role,
    )
    person = next(
        one["agent"] for one in told["agent"]["agents"]["rows"] if one["agent"] and one["agent"]["id"] == agent
    )
    team = await reader.ask(
        f"""{{ report({SLICE}, filter: {{team: {{in: ["{person["team"]["id"]}"]}}}}) {{
            series(grain: WEEK) {{ groups {{ metrics {{ {wanted} }} }} }} }} }}""",
        role,
    )
    own = told["own"]["series"]["groups"][0]["metrics"]
    others = team["report"]["series"]["groups"][0]["metrics"]

    await reader.open(f"/agents/{agent}?{AUGUST}&grain=week", role)

    course = await columns_of(reader.card("Created and resolved"))
    assert [course[name] for name in LINES] == values_of(own, list(LINES.values()))
    target = await columns_of(reader.card("Resolved within target"))
    for head, metrics in ((person["name"], own), (f"Team {person['team']['name']}", others)):
        assert target[head] == [
            "—" if one is None else f"{rounded(one * 100, '0.1')}%" for one in metrics["resolutionRate"]["values"]
        ]
    response = await columns_of(reader.card("First response, mean"))
    for head, metrics in ((person["name"], own), (f"Team {person['team']['name']}", others)):
        for shown, value in zip(response[head], metrics["avgResponseTime"]["values"], strict=True):
            assert (shown == "—") == (value is None)
            assert value is None or abs(seconds(shown) - value) <= (1_800 if value >= 86_400 else 30)
