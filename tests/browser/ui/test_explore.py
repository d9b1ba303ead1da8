"""Explore in a real browser: what is composed is what is sent, and its numbers are the API's."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
VIEWS = {
    "line": "metric=ticketsCreated&metric=avgResponseTime&by=time",
    "bar": "metric=ticketsCreated&metric=csatScore&by=category",
    "heatmap": "by=day_of_week&by=hour_of_day",
    "table": "metric=ticketsCreated&metric=avgResolutionTime&by=category&by=priority&by=channel&having=reopens:0-",
}


def composed(reader: Reader) -> list[dict[str, Any]]:
    """The documents that were sent as text, with their variables."""
    asked = [parse_qs(urlsplit(url).query) for url in reader.visit.requested if urlsplit(url).path == "/graphql"]
    return [{"query": one["query"][0], "variables": json.loads(one["variables"][0])} for one in asked if "query" in one]


async def column(reader: Reader, at: int) -> list[str]:
    """The texts of one column of the report, the whole slice aside."""
    return await reader.visit.page.locator(f".data-table tbody tr > :nth-child({at})").all_inner_texts()


async def test_a_report_is_composed_by_hand_and_the_address_says_it(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}")
    page = reader.visit.page

    await page.get_by_role("button", name="Metric", exact=True).click()
    await page.get_by_role("option", name="First response time, mean").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Dimension", exact=True).click()
    await page.get_by_role("combobox", name="Search dimensions").fill("categ")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Remove Time").click()
    await page.get_by_role("button", name="Bounds", exact=True).click()
    await page.get_by_label("Rows whose").select_option("Tickets created")
    await page.get_by_label("is at least").fill("100")
    await page.get_by_role("button", name="Apply").click()
    await page.get_by_role("button", name="Table", exact=True).click()
    await reader.settle()

    query = await reader.query()
    assert query["metric"] == ["ticketsCreated", "avgResponseTime"]
    assert query["by"] == ["category"]
    assert query["having"] == ["ticketsCreated:100-"]
    assert query["view"] == ["table"]
    numbers = [int(text.split()[0].replace(",", "")) for text in await column(reader, 2)]
    assert numbers == sorted(numbers, reverse=True)
    assert min(numbers) >= 100
    assert reader.visit.faults == []


async def test_the_rows_are_those_of_the_api(reader: Reader) -> None:
    performance = await reader.report("performance", AUGUST)
    named = [one for one in performance["ticketsByCategory"] if one["category"]]

    await reader.open(f"/explore?{AUGUST}&by=category&compareTo=none")

    found = dict(zip(await column(reader, 1), await column(reader, 2), strict=True))
    assert {one["category"]["name"]: f"{one['count']:,}" for one in named}.items() <= found.items()
    whole = reader.visit.page.locator("tfoot td")
    await expect(whole).to_have_text(f"{sum(one['count'] for one in performance['ticketsByCategory']):,}")


async def test_the_lines_and_the_cells_are_those_of_the_api(reader: Reader) -> None:
    trends = await reader.report("trends", AUGUST)

    await reader.open(f"/explore?{AUGUST}&by=time")
    await reader.card("Tickets created").get_by_role("button", name="Table of").click()
    days = await reader.card("Tickets created").get_by_role("cell").all_text_contents()
    await reader.visit.open(f"/explore?{AUGUST}&by=day_of_week&by=hour_of_day&compareTo=none")
    await reader.settle()
    await reader.card("Tickets created").get_by_role("button", name="Table of").click()
    cells = await reader.card("Tickets created").get_by_role("cell").all_text_contents()

    assert days == [f"{one['created']:,}" for one in trends["volume"]]
    # A pair without a ticket has no row, and so no number.
    hours = [count for day in trends["seasonality"]["weekdayHour"] for count in day]
    assert cells == [f"{count:,}" if count else "—" for count in hours]


async def test_what_stands_beside_a_metric_is_a_column_with_the_numbers_of_the_api(reader: Reader) -> None:
    told = await reader.ask(
        """{ report(period: {since: "2026-08-01", until: "2026-09-01"}, timezone: "Europe/Berlin") {
            breakdown(by: [PRIORITY]) { rows { keys { label }
              metrics { resolutionRate { withinTarget openBreached } csatScore { average } } } }
        } }"""
    )
    await reader.open(f"/explore?{AUGUST}&metric=resolutionRate.withinTarget&by=priority&view=table&compareTo=none")
    page = reader.visit.page

    await page.get_by_role("button", name="Metric", exact=True).click()
    await page.get_by_role("option", name="Resolved within SLA, open breached").click()
    await page.get_by_role("option", name="CSAT, average").click()
    await page.keyboard.press("Escape")
    await reader.settle()

    columns = [await column(reader, at) for at in (1, 2, 3, 4)]
    assert {name: tuple(rest) for name, *rest in zip(*columns, strict=True)} == {
        row["keys"][0]["label"]: (
            f"{row['metrics']['resolutionRate']['withinTarget']:,}",
            f"{row['metrics']['resolutionRate']['openBreached']:,}",
            f"{Decimal(row['metrics']['csatScore']['average']).quantize(Decimal('0.1'), ROUND_HALF_UP)}",
        )
        for row in told["report"]["breakdown"]["rows"]
    }
    assert (await reader.query())["metric"] == [
        "resolutionRate.withinTarget",
        "resolutionRate.openBreached",
        "csatScore.average",
    ]
    address = await page.locator(".data-table tbody td a").first.get_attribute("href") or ""
    assert "metric=resolutionRate&of=within_target" in address
    assert reader.visit.faults == []


async def test_a_link_with_a_metric_that_the_role_may_not_read_keeps_the_others_and_says_so(reader: Reader) -> None:
    shared = "metric=csatScore&metric=ticketsCreated&metric=csatScore.average&by=agent&view=table&sort=-csatScore"
    await reader.open(f"/explore?{AUGUST}&{shared}&compareTo=none", "analyst")
    page = reader.visit.page

    note = page.get_by_role("search").get_by_role("status")
    await expect(note).to_contain_text(
        "metric=csatScore in the address is not shown to your role: CSAT needs csat:agent"
    )
    await expect(note.get_by_role("listitem").filter(has_text="metric=csatScore in")).to_have_count(1)
    await expect(note).to_contain_text("Shown instead: ticketsCreated")
    await expect(note).to_contain_text("sort=-csatScore")
    heads = page.locator(".data-table thead th")
    await expect(heads).to_have_count(2)
    await expect(page.get_by_role("alert")).not_to_be_attached()
    created = await column(reader, 2)
    assert sum(int(text.replace(",", "")) for text in created) > 0
    await page.get_by_role("button", name="Clean the address").click()

    await expect(note).to_be_empty()
    assert (await reader.query())["metric"] == ["ticketsCreated"]


async def test_more_cells_than_a_heatmap_shows_are_said_with_the_way_out(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&by=agent&by=time&grain=day&view=heatmap")

    await expect(reader.visit.page.locator(".empty")).to_contain_text("more than the 500 that a heatmap shows")
    await reader.visit.page.get_by_role("button", name="see the table").click()
    await reader.settle()

    await expect(reader.visit.page.locator(".data-table tbody tr")).to_have_count(50)
    assert (await reader.query())["view"] == ["table"]


@pytest.mark.parametrize("view", VIEWS)
async def test_what_is_shown_as_graphql_is_what_was_sent_once(reader: Reader, view: str) -> None:
    await reader.open(f"/explore?{AUGUST}&{VIEWS[view]}")
    page = reader.visit.page

    await expect(page.get_by_role("button", name={"bar": "Bars"}.get(view, view.capitalize()))).to_have_attribute(
        "aria-pressed", "true"
    )
    (sent,) = composed(reader)
    assert await page.get_by_role("group", name="Query").inner_text() == sent["query"].strip()
    assert json.loads(await page.get_by_role("group", name="Variables").inner_text()) == sent["variables"]
    assert reader.visit.faults == []


async def test_a_view_that_does_not_fit_says_why(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&by=category")
    line = reader.visit.page.get_by_role("button", name="Line", exact=True)

    await expect(line).to_have_attribute("aria-disabled", "true")
    await expect(line).to_have_attribute("title", "A line goes over time: add Time.")
    await line.click(force=True)

    assert "view" not in await reader.query()


async def test_a_long_table_has_pages(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&by=agent&by=category&by=priority&limit=500&view=table&compareTo=none")
    page = reader.visit.page
    await expect(page.locator(".data-table tbody tr")).to_have_count(500)
    first = set(await page.locator(".data-table tbody tr").all_inner_texts())

    await page.get_by_role("button", name="Next 500").click()
    await expect(page.get_by_role("button", name="Back to the first")).to_be_visible()
    await reader.settle()
    second = set(await page.locator(".data-table tbody tr").all_inner_texts())
    await expect(page.locator(".pager p")).to_contain_text(f"{len(second):,} further of ")
    await page.get_by_role("columnheader", name="Agent").get_by_role("button").click()
    await reader.settle()

    assert not first & second
    assert "cursor" not in await reader.query()
    assert (await reader.query())["sort"] == ["-agent"]


async def test_a_number_leads_to_its_tickets_and_a_key_filters(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&metric=ticketsCreated&by=category&by=priority&view=table")
    row = reader.visit.page.locator(".data-table tbody tr").filter(has_text="Billing").filter(has_text="High")
    address = await row.get_by_role("link").first.get_attribute("href") or ""

    await row.get_by_role("button", name="High").click()
    await reader.settle()

    assert parse_qs(urlsplit(address).query) == {
        **parse_qs(AUGUST),
        "category": ["billing"],
        "priority": ["high"],
        "metric": ["ticketsCreated"],
    }
    assert (await reader.query())["priority"] == ["high"]


async def test_a_report_is_kept_opened_renamed_overwritten_and_deleted(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&metric=reopens&by=category")
    page = reader.visit.page
    saved = page.get_by_role("dialog", name="Saved reports")

    await page.get_by_role("button", name="Save …").click()
    await page.get_by_label("Name").fill("Reopened, by category")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog")).not_to_be_attached()
    await page.get_by_role("link", name="Overview").click()
    await page.get_by_role("link", name="Explore").click()
    await page.get_by_role("button", name="Saved reports").click()
    (kept,) = (await reader.ask("{ savedReports { nodes { updatedAt } } }"))["savedReports"]["nodes"]
    there = datetime.fromisoformat(kept["updatedAt"]).astimezone(ZoneInfo("Europe/Berlin"))
    await expect(saved.get_by_role("link")).to_contain_text(f"{there:%b %Y, %H:%M}")
    await saved.get_by_role("link", name="Reopened, by category").click()
    await reader.settle()
    assert (await reader.query())["metric"] == ["reopens"]

    await page.get_by_role("button", name="Metric", exact=True).click()
    await page.get_by_role("option", name="Resolutions").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Save …").click()
    await page.get_by_label("Name").fill("Reopened, by category")
    await page.get_by_role("button", name="Overwrite").click()
    await expect(page.get_by_role("dialog")).not_to_be_attached()

    await page.get_by_role("button", name="Saved reports").click()
    await saved.get_by_role("button", name="Rename Reopened, by category").click()
    await saved.get_by_role("textbox").fill("Undone")
    await saved.get_by_role("button", name="Rename").click()
    await expect(saved.get_by_role("link")).to_have_count(1)
    await expect(saved.get_by_role("link", name="Undone")).to_have_attribute(
        "href", f"/explore?{AUGUST}&metric=reopens&metric=resolutions&by=category"
    )
    await saved.get_by_role("button", name="Delete Undone").click()
    await saved.get_by_role("button", name="Undo", exact=True).click()
    await expect(saved.get_by_role("link", name="Undone")).to_be_visible()
    (kept,) = (await reader.ask("{ savedReports { nodes { order } } }"))["savedReports"]["nodes"]
    assert (kept["order"]["report"], kept["order"]["by"]) == ("breakdown", ["category"])
    await saved.get_by_role("button", name="Delete Undone").click()

    await expect(saved.get_by_text("Nothing is saved yet")).to_be_visible()
    assert reader.visit.faults == []


async def test_a_link_shows_the_same_to_somebody_else(reader: Reader) -> None:
    await reader.visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await reader.open(f"/explore?{AUGUST}&{VIEWS['table']}")
    before = await column(reader, 4)

    await reader.visit.page.get_by_role("button", name="Copy link").click()
    await expect(reader.visit.page.get_by_role("button", name="Copied")).to_be_visible()
    link = await reader.visit.page.evaluate("navigator.clipboard.readText()")
    await reader.visit.page.goto("about:blank")
    await reader.open(link.removeprefix(reader.visit.gateway.url), "admin")

    assert before
    assert await column(reader, 4) == before


async def test_a_role_is_offered_what_it_may_use(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&by=agent", "analyst")
    page = reader.visit.page

    await page.get_by_role("button", name="Metric", exact=True).click()
    await expect(page.get_by_role("option", name="Tickets created")).to_be_visible()
    await expect(page.get_by_role("option", name="CSAT")).not_to_be_attached()
    await reader.visit.open(f"/explore?{AUGUST}", token=reader.visit.gateway.token("client"))
    await page.reload()

    await expect(page.get_by_role("alert")).to_contain_text("Explore needs queries:adhoc:run")
    await expect(page.get_by_role("link", name="Explore")).not_to_be_attached()


async def test_nothing_in_a_slice_is_said(reader: Reader) -> None:
    await reader.open("/explore?since=2019-03-01&until=2019-03-08&by=category&timezone=UTC")

    await expect(reader.visit.page.locator(".empty")).to_contain_text("Widen the period")


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing_in_any_view(reader: Reader, scheme: Literal["light", "dark"]) -> None:
    page = reader.visit.page
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    for query in VIEWS.values():
        await reader.open(f"/explore?{AUGUST}&{query}")
        assert await reader.violations() == []
    for button in ("Metric", "Bounds"):
        await page.get_by_role("button", name=button, exact=True).click()
        assert await reader.violations() == []
        await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Save …").click()
    assert await reader.violations() == []


@pytest.mark.parametrize("view", VIEWS)
async def test_nothing_is_wider_than_a_narrow_screen(reader: Reader, view: str) -> None:
    await reader.visit.page.set_viewport_size({"width": 360, "height": 740})
    await reader.open(f"/explore?{AUGUST}&{VIEWS[view]}")

    assert await reader.visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
