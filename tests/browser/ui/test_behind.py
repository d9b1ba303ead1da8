"""From every kind of number to the tickets behind it: as many as the API, asked by itself, counts in that slice."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

SLICE = 'period: {since: "2026-08-01", until: "2026-09-01"}, timezone: "Europe/Berlin"'
JULY = 'period: {since: "2026-07-01", until: "2026-08-01"}, timezone: "Europe/Berlin"'


async def followed(reader: Reader, link: Locator) -> int:
    """How many tickets the page lists that a link leads to; then back."""
    page = reader.visit.page
    await link.click()
    await page.wait_for_url("**/tickets?**")
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(re.compile(r"^(\d|No list)"))
    said = await heading.inner_text()
    await page.go_back()
    return int(said.split(" ", 1)[0].replace(",", ""))


async def cells(card: Locator) -> Locator:
    """The rows of the table behind a card's chart, which is shown."""
    switch = card.locator(".switch")
    if (await switch.inner_text()) == "Table":
        await switch.click()
    return card.locator("tbody tr")


async def told(reader: Reader, fields: str, role: str = "manager") -> Any:
    """What the API says of August, and what it compares it with."""
    return await reader.ask(f"{{ {fields} }}", role)


def counts(*names: str) -> str:
    return " ".join(f"{name} {{ count }}" for name in names)


async def test_the_numbers_of_overview_lead_to_their_tickets(reader: Reader) -> None:
    parts = "resolutionRate { count withinTarget withTarget withoutTarget openBreached }"
    metrics = counts("openTickets", "unassignedTickets", "ticketsCreated", "avgResponseTime", "csatScore", "reopens")
    data = await told(
        reader,
        f"""august: report({SLICE}) {{ metrics {{ {metrics} {parts} }}
              series(grain: DAY) {{
                groups {{ metrics {{ ticketsResolved {{ counts }} openTickets {{ counts }} }} }} }} }}
            july: report({JULY}) {{ metrics {{ {counts("openTickets", "avgResponseTime")} }}
              series(grain: DAY) {{ groups {{ metrics {{ ticketsCreated {{ counts }} }} }} }} }}
            today: report(period: {{preset: TODAY}}, timezone: "Europe/Berlin") {{
                metrics {{ openTickets {{ count }} }} }}""",
    )
    august, july = data["august"]["metrics"], data["july"]["metrics"]
    days = {name: one["counts"] for name, one in data["august"]["series"]["groups"][0]["metrics"].items()}
    before = data["july"]["series"]["groups"][0]["metrics"]["ticketsCreated"]["counts"]
    await reader.open(f"/?{AUGUST}")
    first, rate = reader.card("First response time, mean"), reader.card("Resolved within SLA")
    links = [
        (reader.card("Open tickets").locator(".key-value a").first, august["openTickets"]["count"]),
        (reader.card("Open tickets").locator(".key-value .change a"), july["openTickets"]["count"]),
        (reader.card("Open tickets").get_by_role("link", name="unassigned"), august["unassignedTickets"]["count"]),
        (first.locator(".key-value a").first, august["avgResponseTime"]["count"]),
        (rate.locator(".context a").first, august["resolutionRate"]["withinTarget"]),
        (rate.get_by_role("link", name="without"), august["resolutionRate"]["withoutTarget"]),
        (rate.get_by_role("link", name="open past target"), august["resolutionRate"]["openBreached"]),
        (reader.card("CSAT").get_by_role("link", name="average"), august["csatScore"]["count"]),
        (reader.card("Now").locator("dd a").first, data["today"]["metrics"]["openTickets"]["count"]),
        (reader.card("Volume").locator(".context a").nth(2), august["reopens"]["count"]),
    ]
    for at, (link, count) in enumerate(links):
        assert await followed(reader, link) == count, at

    for title, column, wanted in (
        ("Volume", 1, days["ticketsResolved"]),
        ("Volume", 2, before),
        ("Backlog", 0, days["openTickets"]),
    ):
        row = (await cells(reader.card(title))).nth(10)
        assert await followed(reader, row.locator("td").nth(column).locator("a")) == wanted[10], (title, column)
    assert reader.visit.faults == []


async def test_the_numbers_of_performance_lead_to_their_tickets(reader: Reader) -> None:
    data = await told(
        reader,
        f"""august: report({SLICE}) {{
                metrics {{ {counts("avgResponseTime", "avgResolutionTime", "responseRate", "ticketsCreated")} }}
                performance {{ ticketsByStatus {{ status count }}
                    resolutionTimeDistribution {{ buckets {{ count }} }} }}
                breakdown(by: [PRIORITY]) {{ rows {{ keys {{ id }} metrics {{ resolutionRate {{ count }} }} }} }} }}
            july: report({JULY}) {{ metrics {{ {counts("avgResolutionTime", "responseRate")} }} }}""",
    )
    august, july = data["august"]["metrics"], data["july"]["metrics"]
    performance = data["august"]["performance"]
    urgent = next(r for r in data["august"]["breakdown"]["rows"] if r["keys"][0]["id"] == "urgent")
    await reader.open(f"/performance?{AUGUST}")
    first, last, target = (reader.card(title) for title in ("First response", "Resolution", "Within target"))
    for at, (link, count) in enumerate(
        [
            (first.locator(".spread a").nth(0), august["avgResponseTime"]["count"]),
            (first.locator(".spread > div", has_text="p95").locator("a"), august["avgResponseTime"]["count"]),
            (last.locator(".spread > div", has_text="mean").locator("a").first, august["avgResolutionTime"]["count"]),
            (last.locator(".spread .change a"), july["avgResolutionTime"]["count"]),
            (target.locator(".spread a").first, august["responseRate"]["count"]),
            (target.locator(".spread .change a").first, july["responseRate"]["count"]),
            (
                target.locator("tbody tr").first.locator("td").nth(1).locator("strong a"),
                urgent["metrics"]["resolutionRate"]["count"],
            ),
            (reader.card("By status").locator(".context a"), august["ticketsCreated"]["count"]),
        ]
    ):
        assert await followed(reader, link) == count, at
    row = (await cells(last)).nth(2)
    bucket = performance["resolutionTimeDistribution"]["buckets"][2]["count"]
    assert await followed(reader, row.locator("a")) == bucket

    closed = next(one["count"] for one in performance["ticketsByStatus"] if one["status"] == "CLOSED")
    status = reader.card("By status").locator("tbody tr", has_text="Closed")
    await status.locator(".bar-track > span").click()
    await expect(status.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    assert (await reader.query())["status"] == ["closed"]
    await reader.settle()
    assert await followed(reader, status.locator("td a")) == closed
    assert reader.visit.faults == []


async def test_the_numbers_of_an_agents_page_lead_to_their_tickets(reader: Reader) -> None:
    own, team = (f"{SLICE}, filter: {{{name}: {{in: [%s]}}}}" for name in ("agent", "team"))
    rows = (
        await told(reader, f"report({SLICE}) {{ agents(first: 500) {{ rows {{ agent {{ id team {{ id }} }} }} }} }}")
    )["report"]
    person = next(r["agent"] for r in rows["agents"]["rows"] if r["agent"] and r["agent"]["id"] == "A-07")
    named = counts("ticketsCreated", "ticketsResolved", "avgResponseTime", "csatScore", "resolutionRate")
    weeks = "series(grain: WEEK) { groups { metrics { avgResponseTime { counts } ticketsResolved { counts } } } }"
    data = await told(
        reader,
        f"""own: report({own % '"A-07"'}) {{ metrics {{ {named} }} {weeks}
                performance {{ ticketsByCategory {{ category {{ id }} count }} }} }}
            team: report({team % f'"{person["team"]["id"]}"'}) {{ metrics {{ {named} }} {weeks} }}
            july: report({JULY}, filter: {{agent: {{in: ["A-07"]}}}}) {{ metrics {{ {named} }} }}""",
    )
    metrics, others, july = (data[name]["metrics"] for name in ("own", "team", "july"))
    course, theirs = (data[name]["series"]["groups"][0]["metrics"] for name in ("own", "team"))
    first = max(
        data["own"]["performance"]["ticketsByCategory"], key=lambda one: (one["category"] is not None, one["count"])
    )
    await reader.open(f"/agents/A-07?{AUGUST}&grain=week")
    resolved, response = reader.card("Tickets resolved"), reader.card("First response time, mean")
    for at, (link, count) in enumerate(
        [
            (resolved.locator(".agent-value a").first, metrics["ticketsResolved"]["count"]),
            (resolved.locator(".agent-value .change a"), july["ticketsResolved"]["count"]),
            (resolved.get_by_role("link", name="of the team"), others["ticketsResolved"]["count"]),
            (response.get_by_role("link", name="median"), metrics["avgResponseTime"]["count"]),
            (response.get_by_role("link", name="team"), others["avgResponseTime"]["count"]),
            (reader.card("CSAT").get_by_role("link", name="average"), metrics["csatScore"]["count"]),
            (reader.card("Response times").get_by_role("link", name="p90"), metrics["avgResponseTime"]["count"]),
            (reader.card("Categories").locator("td a").first, first["count"]),
        ]
    ):
        assert await followed(reader, link) == count, at
    for title, column, wanted in (
        ("Created and resolved", 1, course["ticketsResolved"]["counts"]),
        ("First response, mean", 0, course["avgResponseTime"]["counts"]),
        ("First response, mean", 1, theirs["avgResponseTime"]["counts"]),
    ):
        # The first week begins before the period does.
        row = (await cells(reader.card(title))).nth(0 if column else 2)
        assert await followed(reader, row.locator("td").nth(column).locator("a")) == wanted[0 if column else 2], title
    assert reader.visit.faults == []


@pytest.mark.parametrize("role", ["manager", "analyst"])
async def test_the_numbers_of_agents_lead_to_their_tickets(reader: Reader, role: str) -> None:
    fields = "ticketsResolved openTickets responseTime { count } resolutionRate { count }"
    data = await told(
        reader, f"report({SLICE}) {{ agents(first: 500) {{ rows {{ agent {{ id }} {fields} }} }} }}", role
    )
    resolved = [one for one in data["report"]["agents"]["rows"] if one["agent"]]
    most = max(resolved, key=lambda one: one["ticketsResolved"])
    nobody = next(one for one in data["report"]["agents"]["rows"] if one["agent"] is None)
    await reader.open(f"/agents?{AUGUST}", role)
    heads = await reader.card("Agents").locator("thead th").all_inner_texts()
    places = [
        next(at for at, head in enumerate(heads) if head.startswith(name))
        for name in ("Resolved", "First response, median", "Within target")
    ]
    rows = reader.card("Agents").locator("tbody tr")
    name = await rows.get_by_role("rowheader").all_inner_texts()
    first = next(at for at, one in enumerate(name) if one != "Unassigned")
    for place, count in zip(
        places, (most["ticketsResolved"], most["responseTime"]["count"], most["resolutionRate"]["count"]), strict=True
    ):
        assert await followed(reader, rows.nth(first).locator("th, td").nth(place).locator("a")) == count, heads[place]
    link = rows.nth(name.index("Unassigned")).locator("th, td").nth(places[0]).locator("a")
    assert await followed(reader, link) == nobody["ticketsResolved"]
    assert reader.visit.faults == []


async def test_the_numbers_of_trends_lead_to_their_tickets(reader: Reader) -> None:
    data = await told(
        reader,
        f"""august: report({SLICE}) {{
                trends(grain: WEEK) {{ volume {{ created resolved reopened open }}
                    categories {{ category {{ name }} points }} }}
                daily: trends(grain: DAY) {{ volume {{ created }} seasonality {{ weekdayHour }} }}
                breakdown(by: [DAY_OF_WEEK]) {{ rows {{ keys {{ id }} metrics {{ ticketsCreated {{ count }} }} }} }} }}
            july: report({JULY}) {{ metrics {{ {counts("ticketsResolved", "openTickets")} }}
                series(grain: WEEK) {{ groups {{ metrics {{ ticketsCreated {{ counts }} }} }} }}
                breakdown(by: [CATEGORY]) {{ rows {{ keys {{ id }} metrics {{ ticketsCreated {{ count }} }} }} }} }}""",
    )
    august, july = data["august"], data["july"]
    volume, week = august["trends"]["volume"], august["daily"]["seasonality"]["weekdayHour"]
    await reader.open(f"/trends?{AUGUST}&grain=week")
    for title, column, row, wanted in (
        ("Volume", 0, 0, volume[0]["created"]),
        ("Volume", 1, 2, volume[2]["resolved"]),
        ("Volume", 2, 2, volume[2]["reopened"]),
        ("Volume", 3, 1, july["series"]["groups"][0]["metrics"]["ticketsCreated"]["counts"][1]),
        ("Backlog", 0, 2, volume[2]["open"]),
        ("When tickets come in", 9, 0, week[0][9]),
        (
            "Weekdays",
            0,
            6,
            next(
                r["metrics"]["ticketsCreated"]["count"]
                for r in august["breakdown"]["rows"]
                if r["keys"][0]["id"] == "7"
            ),
        ),
    ):
        found = (await cells(reader.card(title))).nth(row).locator("td").nth(column).locator("a")
        assert await followed(reader, found) == wanted, (title, column)
    bars = reader.card("Weekdays").locator("a.index-slot")
    monday = next(
        r["metrics"]["ticketsCreated"]["count"] for r in august["breakdown"]["rows"] if r["keys"][0]["id"] == "1"
    )
    assert await followed(reader, bars.first) == monday
    day = (await cells(reader.card("Trend and season"))).nth(4).get_by_role("rowheader").locator("a")
    assert await followed(reader, day) == august["daily"]["volume"][4]["created"]
    table = reader.card("Categories").locator("table")
    await (await cells(reader.card("Categories"))).first.wait_for()
    name = (await table.locator("thead th").all_inner_texts())[1]
    points = next(
        one["points"] for one in august["trends"]["categories"] if one["category"] and one["category"]["name"] == name
    )
    assert await followed(reader, table.locator("tbody tr").nth(1).locator("td").first.locator("a")) == points[1]
    assert (
        await followed(reader, reader.card("Volume").locator(".trends-totals .change a").nth(1))
        == july["metrics"]["ticketsResolved"]["count"]
    )
    assert (
        await followed(reader, reader.card("Backlog").locator(".change a")) == july["metrics"]["openTickets"]["count"]
    )
    assert reader.visit.faults == []


async def test_the_numbers_of_explore_lead_to_their_tickets(reader: Reader) -> None:
    hours = 'period: {since: "2026-08-03", until: "2026-08-04"}, timezone: "Europe/Berlin"'
    tagged = f'{SLICE}, filter: {{tag: {{in: ["technical"]}}}}'
    data = await told(
        reader,
        f"""day: report({SLICE}) {{ breakdown(by: [DAY_OF_WEEK], keys: ["2"]) {{
                rows {{ metrics {{ avgResponseTime {{ count }} }} }} }} }}
            tag: report({tagged}) {{ breakdown(by: [TAG]) {{
                rows {{ keys {{ label }} metrics {{ resolutionRate {{ withinTarget }} }} }} }} }}
            july: report({JULY}) {{ breakdown(by: [PRIORITY], keys: ["urgent"]) {{
                rows {{ metrics {{ ticketsCreated {{ count }} }} }} }} }}
            cell: report({SLICE}) {{ breakdown(by: [DAY_OF_WEEK, HOUR_OF_DAY], keys: ["3", "10"]) {{
                rows {{ metrics {{ csatScore {{ count }} }} }} }} }}
            hour: report({hours}) {{ series(grain: HOUR) {{ groups {{ metrics {{ ticketsCreated {{ counts }} }} }} }} }}
            agents: report({SLICE}) {{ series(grain: WEEK, by: AGENT) {{
                groups {{ metrics {{ ticketsResolved {{ counts }} }} }} }} }}""",
    )
    row = {name: data[name]["breakdown"]["rows"][0]["metrics"] for name in ("day", "july", "cell")}
    by_tag = {
        one["keys"][0]["label"]: one["metrics"]["resolutionRate"]["withinTarget"]
        for one in data["tag"]["breakdown"]["rows"]
    }
    tag = next(name for name, count in by_tag.items() if name != "technical" and count)
    resolved = sorted(
        (one["metrics"]["ticketsResolved"]["counts"] for one in data["agents"]["series"]["groups"]), key=sum
    )
    page = reader.visit.page

    async def open_report(query: str) -> Locator:
        await reader.open(f"/explore?{query}")
        return page.locator(".cards tbody tr")

    rows = await open_report(f"{AUGUST}&by=day_of_week&metric=avgResponseTime.median&sort=day_of_week")
    assert await followed(reader, rows.nth(1).locator("td a")) == row["day"]["avgResponseTime"]["count"]
    rows = await open_report(f"{AUGUST}&by=tag&tag=technical&metric=resolutionRate.withinTarget&limit=200")
    assert await followed(reader, rows.filter(has_text=tag).locator("td a").first) == by_tag[tag]
    rows = await open_report(f"{AUGUST}&by=priority&view=table&sort=-priority")
    assert (
        await followed(reader, rows.filter(has_text="Urgent").locator("td a.change"))
        == row["july"]["ticketsCreated"]["count"]
    )
    rows = await open_report("since=2026-08-03&until=2026-08-04&timezone=Europe/Berlin&by=time&grain=hour&view=table")
    counts_by_hour = data["hour"]["series"]["groups"][0]["metrics"]["ticketsCreated"]["counts"]
    assert await followed(reader, rows.nth(9).locator("td a").first) == counts_by_hour[9]
    await open_report(f"{AUGUST}&by=day_of_week&by=hour_of_day&metric=csatScore&view=heatmap")
    shown = await cells(reader.card("CSAT"))
    assert await followed(reader, shown.nth(2).locator("td").nth(10).locator("a")) == row["cell"]["csatScore"]["count"]
    await open_report(f"{AUGUST}&by=time&by=agent&metric=ticketsResolved&view=line&grain=week")
    shown = await cells(reader.card("Tickets resolved"))
    for column, wanted in ((0, resolved[-1][1]), (6, sum(one[1] for one in resolved[:-6]))):
        assert await followed(reader, shown.nth(1).locator("td").nth(column).locator("a")) == wanted, column
        await cells(reader.card("Tickets resolved"))
    assert reader.visit.faults == []
