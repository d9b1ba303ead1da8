"""Tickets in a real browser: as many as the number says, whatever it is, and of each what a role may see."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

METRICS = [
    "openTickets",
    "unassignedTickets",
    "breachedTickets",
    "ticketsCreated",
    "ticketsResolved",
    "resolutions",
    "reopens",
    "reopenRate",
    "avgResponseTime",
    "avgResolutionTime",
    "firstResolutionTime",
    "responseRate",
    "resolutionRate",
    "csatScore",
    "ratingRate",
]
SLICE = 'period: {since: "2026-08-01", until: "2026-09-01"}, timezone: "Europe/Berlin"'


def rows(reader: Reader) -> Locator:
    """The tickets' rows."""
    return reader.card("Tickets").locator("tbody tr")


async def title(reader: Reader) -> str:
    """The page's sentence."""
    return await reader.visit.page.get_by_role("heading", level=1).inner_text()


def total(sentence: str) -> int:
    """The count that a sentence begins with."""
    return int(sentence.split(" ", 1)[0].replace(",", ""))


async def test_behind_every_metric_are_as_many_as_it_counts(reader: Reader) -> None:
    wanted = " ".join(f"{name} {{ count }}" for name in METRICS)
    told = await reader.ask(f"{{ report({SLICE}) {{ metrics {{ {wanted} }} }} }}")
    await reader.open(f"/tickets?{AUGUST}")
    choice = reader.visit.page.get_by_label("Behind")

    for name in METRICS:
        await choice.select_option(name)
        await expect(reader.visit.page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^(\d|No list)"))
        assert total(await title(reader)) == told["report"]["metrics"][name]["count"], name
    assert reader.visit.faults == []


async def test_behind_a_part_of_a_number_are_as_many_as_it_counts(reader: Reader) -> None:
    told = (
        await reader.ask(
            f"""{{ report({SLICE}) {{
                performance {{
                    responseTimeDistribution {{ buckets {{ from to count }} }}
                    resolutionTimeDistribution {{ buckets {{ from to count }} }}
                }}
                metrics {{ resolutionRate {{ withinTarget withoutTarget openBreached }} csatScore {{ histogram }} }}
                trends {{ seasonality {{ weekdayHour }} }}
            }} }}"""
        )
    )["report"]
    responses = told["performance"]["responseTimeDistribution"]["buckets"]
    resolutions = told["performance"]["resolutionTimeDistribution"]["buckets"]
    rate = told["metrics"]["resolutionRate"]
    parts = {
        f"metric=avgResponseTime&bucket=0-{responses[0]['to']}": responses[0]["count"],
        f"metric=avgResponseTime&bucket={responses[2]['from']}-{responses[2]['to']}": responses[2]["count"],
        f"metric=avgResolutionTime&bucket={resolutions[-1]['from']}-": resolutions[-1]["count"],
        "metric=resolutionRate&of=within_target": rate["withinTarget"],
        "metric=resolutionRate&of=without_target": rate["withoutTarget"],
        "metric=resolutionRate&of=open_breached": rate["openBreached"],
        "metric=csatScore&score=5": told["metrics"]["csatScore"]["histogram"][4],
        "metric=ticketsCreated&weekdayHour=0-9": told["trends"]["seasonality"]["weekdayHour"][0][9],
    }

    for query, count in parts.items():
        await reader.open(f"/tickets?{AUGUST}&{query}")
        await expect(reader.visit.page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^\d"))
        assert total(await title(reader)) == count, query
    assert reader.visit.faults == []


async def nodes(reader: Reader, arguments: str, role: str = "manager") -> list[dict[str, Any]]:
    """The tickets behind first response times, as the API has them."""
    document = f"""{{ report({SLICE}) {{ metrics {{ avgResponseTime {{ tickets({arguments}) {{
        nodes {{ id subject seconds priority agent {{ name }} }} }} }} }} }} }}"""
    found = (await reader.ask(document, role))["report"]["metrics"]["avgResponseTime"]["tickets"]["nodes"]
    assert isinstance(found, list)
    return found


async def test_rows_are_the_apis_in_their_order(reader: Reader) -> None:
    slowest = await nodes(reader, "first: 50, orderBy: [{by: DURATION, direction: DESC}]")
    await reader.open(f"/tickets?{AUGUST}&metric=avgResponseTime")

    await reader.card("Tickets").get_by_role("columnheader", name="Took").get_by_role("button").click()
    await expect(reader.card("Tickets").get_by_role("columnheader", name="Took")).to_have_attribute(
        "aria-sort", "descending"
    )
    await reader.settle()

    assert (await reader.query())["sort"] == ["-duration"]
    shown = await rows(reader).evaluate_all(
        "found => found.map(row => [...row.children].map(one => one.innerText.trim()))"
    )
    exact = await rows(reader).locator("td.number [title]").evaluate_all("found => found.map(one => one.title)")
    assert [(row[0], row[1]) for row in shown] == [(one["id"], one["subject"]) for one in slowest]
    assert exact == [f"{one['seconds']:,} s" for one in slowest]
    assert reader.visit.faults == []


async def test_more_are_shown_and_a_reload_shows_as_many(reader: Reader) -> None:
    first = await nodes(reader, "first: 100")
    await reader.open(f"/tickets?{AUGUST}&metric=avgResponseTime")

    await reader.card("Tickets").get_by_role("button", name="Show 100").click()
    await expect(rows(reader)).to_have_count(100)
    await reader.visit.page.reload()

    await expect(rows(reader)).to_have_count(100)
    assert await rows(reader).get_by_role("rowheader").all_inner_texts() == [one["id"] for one in first]


async def test_beyond_what_one_answer_holds_there_is_a_next_page(reader: Reader) -> None:
    await reader.open(f"/tickets?{AUGUST}&metric=openTickets&limit=500")
    count = total(await title(reader))
    assert count > 500
    before = await rows(reader).get_by_role("rowheader").all_inner_texts()

    await reader.card("Tickets").get_by_role("button", name="Next 500").click()
    await expect(rows(reader)).to_have_count(min(500, count - 500))
    after = await rows(reader).get_by_role("rowheader").all_inner_texts()

    assert set(before).isdisjoint(after)
    await reader.card("Tickets").get_by_role("button", name="Back to the first").click()
    await expect(rows(reader).first).to_contain_text(before[0])


async def test_a_bucket_is_paged_without_a_word_of_its_neighbours(reader: Reader) -> None:
    await reader.open(f"/tickets?{AUGUST}&metric=avgResolutionTime&bucket=259200-&limit=500")
    count = total(await title(reader))
    assert count > 500

    await reader.card("Tickets").get_by_role("button", name="Next 500").click()

    await expect(rows(reader)).to_have_count(min(500, count - 500))
    await expect(reader.visit.page.get_by_role("alert")).not_to_be_attached()


async def test_another_slice_leaves_the_cursor_behind(reader: Reader) -> None:
    await reader.open(f"/tickets?{AUGUST}&metric=openTickets&limit=500")
    await reader.card("Tickets").get_by_role("button", name="Next 500").click()
    await expect(reader.card("Tickets").get_by_role("button", name="Back to the first")).to_be_visible()

    await reader.visit.page.get_by_role("button", name="Period:").click()
    await reader.visit.page.get_by_role("button", name="Last 7 days").click()

    await expect(reader.card("Tickets").get_by_role("button", name="Back to the first")).not_to_be_attached()
    await expect(reader.visit.page.get_by_role("alert")).not_to_be_attached()


@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("analyst", {"Subject", "Requester", "Rating", "Comment"}),
        ("agent", set[str]()),
        ("client", {"Agent"}),
    ],
)
async def test_a_role_is_offered_the_columns_it_may_see(reader: Reader, role: str, hidden: set[str]) -> None:
    await reader.open(f"/tickets?{AUGUST}&metric=avgResponseTime", role=role)

    await reader.visit.page.get_by_role("button", name="Columns").click()
    names = set(await reader.visit.page.get_by_role("menuitemcheckbox").all_inner_texts())

    gated = {"Subject", "Requester", "Rating", "Comment", "Agent"}
    assert gated - names == hidden
    await expect(reader.visit.page.get_by_role("alert")).not_to_be_attached()
    assert reader.visit.faults == []


async def test_an_analyst_is_led_to_no_list_of_ratings(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}", role="analyst")
    await expect(reader.card("Open tickets").get_by_role("link").first).to_be_visible()
    await expect(reader.card("CSAT").get_by_role("link")).to_have_count(0)

    await reader.open(f"/tickets?{AUGUST}&metric=csatScore", role="analyst")

    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("Your role does not show this")


async def test_nothing_behind_a_number_is_said(reader: Reader) -> None:
    await reader.open("/tickets?since=2020-01-01&until=2020-02-01")

    await expect(
        reader.visit.page.get_by_text(re.compile("No tickets behind “Tickets created” in 1 . 31 Jan 2020"))
    ).to_be_visible()


async def test_the_numbers_of_overview_lead_to_as_many_tickets(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    shown = await reader.card("Open tickets").locator(".key-value .hint-face").first.inner_text()

    await reader.card("Open tickets").get_by_role("button", name="Open tickets: more").click()
    await reader.visit.page.get_by_role("menuitem", name="See the tickets").click()

    await expect(reader.visit.page.get_by_role("heading", level=1)).to_have_text(
        f"{shown} tickets behind “Open tickets”"
    )


async def test_the_table_scrolls_within_itself_its_first_column_fixed(reader: Reader) -> None:
    await reader.visit.page.set_viewport_size({"width": 360, "height": 740})
    await reader.open(f"/tickets?{AUGUST}")
    table = reader.card("Tickets").locator(".data-table")
    head = rows(reader).first.get_by_role("rowheader")
    before = await head.bounding_box()

    await table.evaluate("one => { one.scrollLeft = one.scrollWidth }")

    assert await table.evaluate("one => one.scrollLeft > 100")
    assert await head.bounding_box() == before
    assert await reader.visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
