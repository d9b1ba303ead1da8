"""Every number of Agents and of an agent's page beside the API's, for each role; what a role has not is absent."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader, slice_for
from tests.browser.ui.written import NONE, before, columns_of, counted, exact, lasting, mark, said, share, written

pytestmark = pytest.mark.browser

ZONES = {"agent": "UTC"}
"""A team is compared with by one of its agents over whole months of UTC."""


class Measure(NamedTuple):
    """A column: the metric and its part, and where the report of agents has it."""

    metric: str
    part: str
    unit: str
    facts: str
    at: str


MEASURES = {
    "Created": Measure("ticketsCreated", "value", "TICKETS", "tickets", ""),
    "Resolved": Measure("ticketsResolved", "value", "TICKETS", "tickets", ""),
    "Open": Measure("openTickets", "value", "TICKETS", "tickets", ""),
    "First responses": Measure("avgResponseTime", "count", "EVENTS", "first responses", "responseTime"),
    "First response, median": Measure("avgResponseTime", "median", "SECONDS", "first responses", "responseTime"),
    "First response, mean": Measure("avgResponseTime", "value", "SECONDS", "first responses", "responseTime"),
    "First response, p90": Measure("avgResponseTime", "p90", "SECONDS", "first responses", "responseTime"),
    "Resolution, median": Measure("avgResolutionTime", "median", "SECONDS", "resolutions", "resolutionTime"),
    "Resolution, mean": Measure("avgResolutionTime", "value", "SECONDS", "resolutions", "resolutionTime"),
    "Resolution, p90": Measure("avgResolutionTime", "p90", "SECONDS", "resolutions", "resolutionTime"),
    "Within target": Measure("resolutionRate", "value", "RATIO", "resolutions with a target", "resolutionRate"),
    "CSAT": Measure("csatScore", "value", "RATIO", "ratings", "rating"),
    "Rating, average": Measure("csatScore", "average", "SCORE", "ratings", "rating"),
    "Ratings": Measure("csatScore", "count", "EVENTS", "ratings", "rating"),
}
IDS = [
    "team",
    *("ticketsCreated", "ticketsResolved", "openTickets", "responses", "responseMedian", "avgResponseTime"),
    *("responseP90", "resolutionMedian", "avgResolutionTime", "resolutionP90", "resolutionRate"),
    *("csatScore", "ratingAverage", "ratings"),
]
TOGETHER = " ".join(
    f"{name} {{ value count {more} }}"
    for name, more in {
        "ticketsCreated": "",
        "ticketsResolved": "",
        "openTickets": "",
        "avgResponseTime": "median p90",
        "avgResolutionTime": "median p90",
        "resolutionRate": "",
        "csatScore": "average",
    }.items()
)
CELLS = """rows => rows.map(row => [...row.cells].map(cell => ({
    text: cell.textContent.trim(),
    note: cell.querySelector('[title]')?.title.replace(/\\.( See the tickets\\.)?$/, ''),
    width: cell.querySelector('.agent-bar > span')?.style.width.replace('%', ''),
})))"""


def of_row(row: dict[str, Any], measure: Measure) -> tuple[float | None, int | None]:
    """A measure's number in the report of agents, and how many facts stand behind it."""
    if not measure.at:
        return row[measure.metric], row[measure.metric]
    whole = {"responseTime": "mean", "resolutionTime": "mean", "rating": "csatScore"}.get(measure.at, "value")
    found = row[measure.at]
    return found[whole if measure.part == "value" else measure.part], found["count"]


def of_all(metrics: dict[str, Any], measure: Measure) -> tuple[float | None, int | None]:
    """A measure's number of a whole slice."""
    found = metrics[measure.metric]
    return found[measure.part], found["count"]


def assert_cell(cell: dict[str, Any], number: tuple[float | None, int | None], measure: Measure) -> None:
    """That a cell tells a number, and how many facts stand behind it."""
    value, count = number
    assert cell["text"] == written(value, measure.unit)
    if value is not None:
        bare = measure.unit == "TICKETS" or measure.part == "count" or count is None
        assert cell["note"] == f"{exact(value, measure.unit)} {'' if bare else f'of {count:,} '}{measure.facts}"


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst"])
async def test_every_number_of_agents_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    slice_ = slice_for(role, zone=ZONES.get(role, "Europe/Berlin"))
    measures = {head: one for head, one in MEASURES.items() if role != "analyst" or one.metric != "csatScore"}
    together = TOGETHER if role != "analyst" else TOGETHER.split("csatScore")[0]
    rows = (await reader.report("agents", f"{slice_.query}&limit=500", role))["rows"]
    told = await reader.ask(
        f"""{{ report({slice_.arguments}) {{ metrics {{ {together} }}
            {f"benchmark {{ team {{ name }} metrics {{ {together} }} }}" if role == "agent" else ""} }} }}""",
        slice_.asks,
    )
    kept = json.dumps(json.dumps(IDS))
    await reader.visit.page.add_init_script(f"localStorage.setItem('deskgraph.columns.agents', {kept})")

    await reader.open(f"/agents?{slice_.query}&limit=500", role)

    table = reader.card("Agents")
    heads = [text.rstrip("↓↑") for text in await table.locator("thead th").all_text_contents()]
    assert heads == ["Agent", "Team", *measures]
    shown = await table.locator("tbody tr").evaluate_all(CELLS)
    scales = {
        head: 1 if one.unit == "RATIO" else max(1, *(of_row(row, one)[0] or 0 for row in rows if row["agent"]), 1)
        for head, one in measures.items()
    }
    for (name, team, *cells), row in zip(shown, rows, strict=True):
        agent = row["agent"]
        assert name["text"].removesuffix(" inactive") == (agent["name"] if agent else "Unassigned")
        assert name["text"].endswith(" inactive") == bool(agent and not agent["active"])
        assert team["text"] == (agent["team"]["name"] if agent and agent["team"] else "")
        for cell, (head, one) in zip(cells, measures.items(), strict=True):
            assert_cell(cell, of_row(row, one), one)
            if bar := cell["width"]:
                assert float(bar) == pytest.approx(100 * (of_row(row, one)[0] or 0) / scales[head], abs=0.01)
    foot = await table.locator("tfoot tr").evaluate_all(CELLS)
    below = {"All": told["report"]["metrics"]} if len(rows) > 1 else {}
    if benchmark := told["report"].get("benchmark"):
        below[f"Team {benchmark['team']['name']}"] = benchmark["metrics"]
    assert [one["text"] for one, *_ in foot] == list(below)
    for (_, _, *cells), metrics in zip(foot, below.values(), strict=True):
        for cell, one in zip(cells, measures.values(), strict=True):
            assert_cell(cell, of_all(metrics, one), one)
    assert reader.visit.faults == []


FIGURES = {
    "Tickets resolved": ("ticketsResolved", "tickets"),
    "First response time, mean": ("avgResponseTime", "first responses"),
    "Resolved within SLA": ("resolutionRate", "with a target"),
    "CSAT": ("csatScore", "ratings"),
    "Tickets created": ("ticketsCreated", "tickets"),
    "Open tickets": ("openTickets", "tickets"),
    "Resolution time, mean": ("avgResolutionTime", "resolutions"),
    "Reopen rate": ("reopenRate", "resolutions"),
}
WORK = " ".join(
    f"{name} {{ value unit count previous change {more} }}"
    for name, more in {
        **{name: "" for name, _ in FIGURES.values()},
        "avgResponseTime": "median",
        "avgResolutionTime": "median",
        "csatScore": "average",
    }.items()
)
COURSE = " ".join(
    f"{name} {{ values }}" for name in ("ticketsCreated", "ticketsResolved", "avgResponseTime", "resolutionRate")
)


def context(own: dict[str, Any], team: dict[str, Any], facts: str) -> str:
    """The line below a figure: the team's, the count behind it, and what stands beside it."""
    told, value, unit = team["value"], own["value"], own["unit"]
    beside = f"team {written(told, unit)}"
    if unit == "TICKETS" and told and value is not None:
        beside = f"{share(value / told)} of the team\N{RIGHT SINGLE QUOTATION MARK}s {written(told, unit)}"
    count = own["count"] or 0
    words = f"{counted(count)} {facts[:-1] if count == 1 and facts.endswith('s') else facts}"
    behind = ("See the tickets" if unit == "TICKETS" else f"of {words}") if count else words
    median = f" · median {lasting(own['median'])}" if own.get("median") is not None else ""
    average = f" · average {written(own['average'], 'SCORE')}" if own.get("average") is not None else ""
    return f"{beside} {behind}{median}{average}"


@pytest.mark.parametrize(("role", "agent"), [("manager", "A-22"), ("team_lead", "A-06"), ("agent", "A-07")])
async def test_every_number_of_an_agents_page_is_the_apis_for_each_role(reader: Reader, role: str, agent: str) -> None:
    slice_ = slice_for(role, zone=ZONES.get(role, "Europe/Berlin"))
    told = await reader.ask(
        f"""{{
            own: report({slice_.arguments_with("agent", agent)}, compareTo: [PREVIOUS_PERIOD]) {{
                metrics {{ {WORK} }}
                series(grain: WEEK) {{ groups {{ metrics {{ {COURSE} }} }} }}
                performance {{
                    responseTimeDistribution {{ count median p90 buckets {{ count share }} }}
                    ticketsByCategory {{ category {{ name }} count share }} }}
                {f"benchmark {{ metrics {{ {WORK} }} }}" if role == "agent" else ""} }}
            agent: report({slice_.arguments}) {{
                agents(first: 500) {{ rows {{ agent {{ id name team {{ id name }} }} }} }} }}
        }}""",
        slice_.asks,
    )
    own = told["own"]
    person = next(
        one["agent"] for one in told["agent"]["agents"]["rows"] if one["agent"] and one["agent"]["id"] == agent
    )
    course, lines = own["series"]["groups"][0]["metrics"], {}
    if role == "agent":
        team = own["benchmark"]["metrics"]
    else:
        others = await reader.ask(
            f"""{{ report({slice_.arguments_with("team", person["team"]["id"])}) {{
                metrics {{ {WORK} }} series(grain: WEEK) {{ groups {{ metrics {{ {COURSE} }} }} }} }} }}""",
            slice_.asks,
        )
        team = others["report"]["metrics"]
        lines = {f"Team {person['team']['name']}": others["report"]["series"]["groups"][0]["metrics"]}

    await reader.open(f"/agents/{agent}?{slice_.query}&grain=week", role)

    await expect(reader.visit.page.get_by_role("heading", level=1)).to_have_text(person["name"])
    for title, (name, facts) in FIGURES.items():
        card, value = reader.card(title), own["metrics"][name]
        faces = [" ".join(text.split()) for text in await card.locator(".agent-value .hint-face").all_text_contents()]
        hints = await card.locator(".agent-value [role=tooltip]").all_text_contents()
        assert faces[0] == written(value["value"], value["unit"])
        if value["value"] is not None:
            assert hints[0] == exact(value["value"], value["unit"])
        if value["change"] is None:
            assert faces[1] == NONE
        else:
            assert faces[1].split(", ")[0].replace(" ", "") == mark(value["change"])
            assert hints[1].startswith(before(value, value["unit"]))
        assert await said(card.locator("p.context")) == context(value, team[name], facts), title

    for title, name, unit in (
        ("Resolved within target", "resolutionRate", "RATIO"),
        ("First response, mean", "avgResponseTime", "SECONDS"),
    ):
        columns = await columns_of(reader.card(title))
        del columns["Start"]
        assert columns == {
            head: [written(one, unit) for one in metrics[name]["values"]]
            for head, metrics in {person["name"]: course, **lines}.items()
        }
    columns = await columns_of(reader.card("Created and resolved"))
    assert columns["Created"] == [counted(one) for one in course["ticketsCreated"]["values"]]
    assert columns["Resolved"] == [counted(one) for one in course["ticketsResolved"]["values"]]

    spread = own["performance"]["responseTimeDistribution"]
    times = reader.card("Response times")
    assert await times.get_by_role("cell", include_hidden=True).all_text_contents() == [
        text for one in spread["buckets"] for text in (counted(one["count"]), share(one["share"]))
    ]
    shares = [share(one["share"]) for one in spread["buckets"] if one["share"] is not None]
    assert [text for text in await times.locator(".histogram-count").all_text_contents() if text] == shares
    slots = await times.locator(".histogram-slot").evaluate_all("found => found.map(one => one.title)")
    assert [text.split(": ")[-1] for text in slots] == [
        f"{counted(one['count'])}, {share(one['share'])}" for one in spread["buckets"]
    ]
    assert (await said(times.locator("p.context"))).startswith(f"{counted(spread['count'])} first response")
    assert await times.locator(".histogram-mark").all_text_contents() == [
        f"{name} {lasting(spread[name])}" for name in ("median", "p90") if spread[name] is not None
    ]
    named = [one for one in own["performance"]["ticketsByCategory"] if one["count"]]
    bars = (
        await reader.card("Categories")
        .locator("tbody tr")
        .evaluate_all(
            "rows => rows.map(row => [row.querySelector('.bar-label').textContent, "
            "...[...row.cells].slice(1).map(cell => cell.textContent)])"
        )
    )
    assert {tuple(bar) for bar in bars} == {
        (one["category"]["name"] if one["category"] else "No category", counted(one["count"]), share(one["share"]))
        for one in named
    }
    sizes = [int(bar[1].replace(",", "")) for bar in bars if bar[0] != "No category"]
    assert sizes == sorted(sizes, reverse=True)
    assert reader.visit.faults == []


PAGES = {
    "agent": ["Overview", "Performance", "Agents", "Trends", "Explore", "Tickets", "GraphQL"],
    "analyst": ["Overview", "Performance", "Agents", "Trends", "Explore", "Tickets", "GraphQL"],
    "client": ["Overview", "Performance", "Trends", "Tickets"],
}


@pytest.mark.parametrize("role", PAGES)
async def test_a_page_that_a_role_has_not_is_absent_and_a_link_to_it_says_so(reader: Reader, role: str) -> None:
    page = reader.visit.page
    pseudonym = ""
    if role == "analyst":
        rows = (await reader.report("agents", f"{AUGUST}&limit=5", role))["rows"]
        pseudonym = next(row["agent"]["id"] for row in rows if row["agent"])
    refused = {
        "agent": {"/agents/A-01": "filter: agent names something outside of what this token may see"},
        "analyst": {"/agents/A-01": "agents:identity:read", f"/agents/{pseudonym}": "agents:identity:read"},
        "client": {
            "/agents": "The page Agents needs reports:agents:read",
            "/agents/A-07": "The page Agents needs reports:agents:read",
            "/explore": "The page Explore needs queries:adhoc:run",
        },
    }[role]

    for path, words in refused.items():
        await reader.visit.open(f"{path}?{AUGUST}", token=reader.visit.gateway.token(role))

        alert = page.get_by_role("alert")
        await expect(alert).to_contain_text("Your role does not show this")
        await expect(alert).to_contain_text(words)
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert await page.get_by_role("navigation", name="Pages").get_by_role("link").all_inner_texts() == PAGES[role]
        await expect(page.locator(".card")).to_have_count(0)
