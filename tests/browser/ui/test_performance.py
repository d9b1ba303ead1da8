"""Performance in a real browser: its numbers are the API's, and its groups filter."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser


async def test_the_groups_and_distributions_are_those_of_the_api(reader: Reader) -> None:
    performance = await reader.report("performance", AUGUST)

    await reader.open(f"/performance?{AUGUST}")

    for one in performance["ticketsByCategory"]:
        name = one["category"]["name"] if one["category"] else "No category"
        row = reader.card("By category").get_by_role("row").filter(has_text=name)
        await expect(row).to_contain_text(f"{one['count']:,}")
    await reader.card("First response").get_by_role("button", name="Table of").click()
    cells = reader.card("First response").get_by_role("cell")
    buckets = performance["responseTimeDistribution"]["buckets"]
    assert await cells.all_text_contents() == [
        text for one in buckets for text in (f"{one['count']:,}", f"{one['share'] * 100:.1f}%")
    ]
    assert reader.visit.faults == []


async def test_a_click_on_a_group_filters_and_another_one_no_longer(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}")
    row = reader.card("By status").get_by_role("button", name="Closed")

    await row.click()
    await reader.settle()
    await expect(row).to_have_attribute("aria-pressed", "true")
    assert (await reader.query())["status"] == ["closed"]
    await row.click()
    await reader.settle()

    await expect(row).to_have_attribute("aria-pressed", "false")
    assert "status" not in await reader.query()


async def test_a_click_on_a_category_asks_once(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}")
    before = len(list(reader.operations()))

    await reader.card("By category").locator(".bar-list button").first.click()
    await reader.settle()
    await expect(reader.visit.page.locator(".chip-face")).to_contain_text("Category")

    assert len(list(reader.operations())) == before + 1


async def test_a_bar_leads_to_its_tickets(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}&category=billing")

    link = reader.card("First response").get_by_role("link", name="1 h to 2 h")

    address = await link.get_attribute("href") or ""
    assert address.startswith("/tickets?")
    assert "category=billing" in address
    assert "metric=avgResponseTime&bucket=3600-7200" in address
