"""Agents and an agent's page in a real browser: their numbers are the API's, and every role sees what it may."""

from __future__ import annotations

import json
import re
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

AUGUST_UTC = "since=2026-08-01&until=2026-09-01&timezone=UTC"


def rows(reader: Reader) -> Locator:
    """The agents' rows, without head and foot."""
    return reader.card("Agents").locator("tbody tr")


def rounded(value: float, places: str) -> Decimal:
    """A number as browsers round it: a half goes up."""
    return Decimal(value).quantize(Decimal(places), ROUND_HALF_UP)


def share(value: float | None) -> str:
    """A share as the page writes it."""
    return "—" if value is None else f"{rounded(value * 100, '0.1')}%"


async def cells(row: Locator) -> list[str]:
    """What a row shows after its name and team."""
    return [text.strip() for text in await row.locator("td").all_inner_texts()][1:]


async def test_the_order_is_in_the_address(reader: Reader) -> None:
    report = await reader.report("agents", f"{AUGUST}&sort=openTickets&limit=50")
    await reader.open(f"/agents?{AUGUST}")
    head = reader.card("Agents").get_by_role("columnheader", name="Open", exact=True)

    await head.get_by_role("button").press("Enter")
    await expect(head).to_have_attribute("aria-sort", "descending")
    await head.get_by_role("button").press("Enter")
    await expect(head).to_have_attribute("aria-sort", "ascending")
    await reader.settle()

    assert (await reader.query())["sort"] == ["openTickets"]
    first = report["rows"][0]["agent"]
    await expect(rows(reader).first).to_contain_text(first["name"] if first else "Unassigned")
    await reader.visit.page.go_back()
    await expect(head).to_have_attribute("aria-sort", "descending")


async def test_agents_are_found_by_typing(reader: Reader) -> None:
    report = await reader.report("agents", f"{AUGUST}&search=an")
    await reader.open(f"/agents?{AUGUST}")

    await reader.visit.page.get_by_role("searchbox", name="Search agents").type("an")

    await expect(rows(reader)).to_have_count(report["total"])
    await expect(reader.card("Agents").locator("tfoot")).not_to_be_attached()
    assert (await reader.query())["search"] == ["an"]
    await reader.visit.page.get_by_role("searchbox", name="Search agents").fill("nobody of that name")
    await expect(reader.card("Agents").get_by_text("No agent with work in this slice")).to_be_visible()


async def test_columns_are_chosen_and_stay(reader: Reader) -> None:
    await reader.open(f"/agents?{AUGUST}")
    page = reader.visit.page

    await page.get_by_role("button", name="Columns").click()
    await page.get_by_role("menuitemcheckbox", name="Rating, average").click()
    await page.get_by_role("menuitemcheckbox", name="Team").click()
    await page.keyboard.press("Escape")
    await page.reload()
    await reader.settle()

    names = await reader.card("Agents").get_by_role("columnheader").all_inner_texts()
    assert "Rating, average" in names
    assert "Team" not in names


async def test_more_are_shown_when_asked(reader: Reader) -> None:
    report = await reader.report("agents", AUGUST)
    await reader.open(f"/agents?{AUGUST}&limit=5")

    await expect(rows(reader)).to_have_count(5)
    await expect(reader.card("Agents").get_by_text(f"5 of {report['total']} rows")).to_be_visible()
    await reader.card("Agents").get_by_role("button", name="Show 50").click()
    await expect(rows(reader)).to_have_count(50)
    await reader.card("Agents").get_by_role("button", name=f"Show all {report['total']}").click()

    await expect(rows(reader)).to_have_count(report["total"])


async def test_a_number_leads_to_just_its_tickets(reader: Reader) -> None:
    report = await reader.report("agents", AUGUST)
    row = next(one for one in report["rows"] if one["agent"])
    await reader.open(f"/agents?{AUGUST}")

    line = rows(reader).filter(has_text=row["agent"]["name"])
    await line.get_by_role("link").nth(2).click()

    await expect(reader.visit.page.get_by_role("heading", level=1)).to_have_text(
        f"{row['ticketsResolved']:,} tickets behind “Tickets resolved”"
    )
    assert (await reader.query())["agent"] == [row["agent"]["id"]]


async def test_an_analyst_sees_pseudonyms_and_no_ratings(reader: Reader) -> None:
    report = await reader.report("agents", AUGUST, role="analyst")

    await reader.open(f"/agents?{AUGUST}", role="analyst")

    names = await rows(reader).get_by_role("rowheader").all_inner_texts()
    assert [one.removesuffix(" inactive") for one in names] == [
        one["agent"]["name"] if one["agent"] else "Unassigned" for one in report["rows"]
    ][:50]
    assert "CSAT" not in await reader.card("Agents").get_by_role("columnheader").all_inner_texts()
    await expect(reader.visit.page.get_by_role("searchbox")).not_to_be_attached()
    await expect(rows(reader).get_by_role("rowheader").get_by_role("link")).to_have_count(0)
    assert reader.visit.faults == []


async def test_an_agent_sees_itself_beside_its_team(reader: Reader) -> None:
    document = """{ report(period: {since: "2026-08-01", until: "2026-09-01"}) {
        benchmark { team { name } metrics { ticketsResolved { value } } } agents { rows { agent { name } } }
    } }"""
    told = await reader.ask(document, role="agent")

    await reader.open(f"/agents?{AUGUST_UTC}", role="agent")

    await expect(rows(reader)).to_have_count(len(told["report"]["agents"]["rows"]))
    team = told["report"]["benchmark"]
    foot = reader.card("Agents").locator("tfoot tr")
    await expect(foot).to_contain_text(f"Team {team['team']['name']}")
    value = team["metrics"]["ticketsResolved"]["value"]
    assert (await cells(foot))[1] == ("—" if value is None else f"{value:,.0f}")
    await expect(reader.visit.page.get_by_role("searchbox")).not_to_be_attached()


async def test_a_benchmark_that_is_not_shown_says_why_and_leads_to_one_that_is(reader: Reader) -> None:
    await reader.open(f"/agents?{AUGUST}", role="agent")

    await expect(reader.visit.page.get_by_text("numbers are shown for whole months that are over")).to_be_visible()
    assert "EVENT" not in await reader.visit.page.locator("main").inner_text()
    await expect(reader.visit.page.locator(".data-table tfoot")).not_to_be_attached()
    await reader.visit.page.get_by_role("button", name="Show last month that way").click()
    await reader.settle()

    assert (await reader.query())["period"] == ["last_month"]
    await expect(reader.visit.page.get_by_text("numbers are shown for")).not_to_be_attached()
    await expect(reader.visit.page.get_by_role("button", name="Zone")).to_contain_text("UTC")


FIGURES = {
    "ticketsResolved": "Tickets resolved",
    "ticketsCreated": "Tickets created",
    "openTickets": "Open tickets",
    "resolutionRate": "Resolved within SLA",
    "csatScore": "CSAT",
    "reopenRate": "Reopen rate",
}


async def test_a_name_leads_to_the_agents_page_which_shows_what_the_api_says_of_them(reader: Reader) -> None:
    report = await reader.report("agents", AUGUST)
    agent = next(one["agent"] for one in report["rows"] if one["agent"])
    wanted = " ".join(f"{name} {{ value }}" for name in FIGURES)
    told = await reader.ask(
        f"""{{ report(period: {{since: "2026-08-01", until: "2026-09-01"}}, timezone: "Europe/Berlin",
               filter: {{agent: {{in: ["{agent["id"]}"]}}}}) {{
            metrics {{ {wanted} }}
            performance {{ responseTimeDistribution {{ buckets {{ count share }} }} }}
        }} }}"""
    )
    await reader.open(f"/agents?{AUGUST}")

    await rows(reader).get_by_role("link", name=agent["name"], exact=True).click()
    await expect(reader.visit.page.get_by_role("heading", level=1)).to_have_text(agent["name"])
    await expect(reader.visit.page.get_by_text(f"Team {agent['team']['name']} · active")).to_be_visible()

    for name, title in FIGURES.items():
        value = told["report"]["metrics"][name]["value"]
        text = f"{value:,.0f}" if name.startswith(("tickets", "open")) else share(value)
        assert (
            re.split(r"\s+", await reader.card(title).locator(".agent-value .hint-face").first.inner_text())[0] == text
        )
    await reader.card("Response times").get_by_role("button", name="Table of").click()
    buckets = told["report"]["performance"]["responseTimeDistribution"]["buckets"]
    assert await reader.card("Response times").get_by_role("cell").all_text_contents() == [
        text for one in buckets for text in (f"{one['count']:,}", share(one["share"]))
    ]
    assert reader.visit.faults == []


async def test_an_agents_page_is_one_request_and_its_lines_stand_beside_the_teams(reader: Reader) -> None:
    report = await reader.report("agents", AUGUST)
    agent = next(one["agent"] for one in report["rows"] if one["agent"])

    await reader.open(f"/agents/{agent['id']}?{AUGUST}&grain=week")

    assert len(list(reader.operations())) == 2  # who looks, and the page
    table = reader.card("Resolved within target").get_by_role("table", include_hidden=True)
    heads = await table.locator("th[scope=col]").all_text_contents()
    assert heads == ["Start", agent["name"], f"Team {agent['team']['name']}"]
    await expect(table.locator("tbody tr")).to_have_count(6)
    await reader.visit.page.get_by_role("button", name="Month").click()
    await expect(table.locator("tbody tr")).to_have_count(1)


async def test_a_grain_that_an_agents_page_does_not_have_is_said(reader: Reader) -> None:
    await reader.open(f"/agents/A-07?{AUGUST}&grain=hour")

    await expect(reader.visit.page.get_by_role("search").get_by_role("status")).to_contain_text(
        "grain=hour in the address is not understood. Shown instead: week."
    )
    await reader.visit.page.get_by_role("button", name="Day", exact=True).click()
    await reader.settle()

    await expect(reader.visit.page.get_by_role("search").get_by_role("status")).to_be_empty()
    assert (await reader.query())["grain"] == ["day"]


async def test_an_export_is_in_the_tables_order_of_what_its_search_finds(reader: Reader) -> None:
    wanted = f"{AUGUST}&sort=-openTickets&search=an"
    found = [one["agent"]["name"] for one in (await reader.report("agents", wanted))["rows"]]
    await reader.open(f"/agents?{wanted}")
    page = reader.visit.page

    await page.get_by_role("button", name="Agents: more").click()
    await page.get_by_role("menuitem", name="Export").click()
    dialog = page.get_by_role("dialog", name="Export: agents")
    await dialog.get_by_label("JSON, as the API has it").check()
    async with page.expect_download() as waiting:
        await dialog.get_by_role("button", name="Export").click()
    saved = json.loads(Path(await (await waiting.value).path()).read_text("utf-8"))

    assert len(found) > 1
    assert [one["agent"]["name"] for one in saved["agents"]["rows"]] == found


async def test_who_is_not_there_and_who_may_not_be_seen_is_said(reader: Reader) -> None:
    await reader.visit.open(f"/agents/unheard-of?{AUGUST}", token=reader.visit.gateway.token("manager"))
    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("unheard-of")

    await reader.visit.open(f"/agents/A-01?{AUGUST}", token=reader.visit.gateway.token("analyst"))
    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("Your role does not show this")
