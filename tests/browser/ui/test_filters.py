"""The filter bar in a real browser: its whole state is the address."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser


async def test_a_deep_link_shows_its_filter_and_survives_a_reload(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}&category=billing&priority=high&priority=urgent&clock=business")
    before = await reader.card("Open tickets").inner_text()

    await reader.visit.page.reload()
    await reader.settle()

    bar = reader.visit.page.get_by_role("search", name="Filters")
    await expect(bar.get_by_role("button", name="Category Billing & Invoices", exact=True)).to_be_visible()
    await expect(bar.get_by_role("button", name="Priority High or Urgent", exact=True)).to_be_visible()
    await expect(bar).to_contain_text("31 Aug 2026")
    await expect(bar).to_contain_text("business clock")
    assert await reader.card("Open tickets").inner_text() == before


async def test_back_and_forward_go_through_what_was_chosen(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    period = reader.visit.page.get_by_role("button", name="Period:")

    await period.click()
    await reader.visit.page.get_by_role("button", name="Last 90 days").click()
    await expect(period).to_contain_text("Last 90 days")
    await reader.visit.page.go_back()
    await expect(period).to_contain_text("Aug 2026")
    await reader.visit.page.go_forward()

    await expect(period).to_contain_text("Last 90 days")
    assert (await reader.query())["period"] == ["last_90_days"]


async def test_a_filter_is_added_by_typing_alone(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    keyboard = reader.visit.page.keyboard

    await keyboard.press("/")
    await expect(reader.visit.page.get_by_role("combobox", name="Filter by")).to_be_focused()
    await keyboard.type("cat")
    await keyboard.press("Enter")
    search = reader.visit.page.get_by_role("combobox", name="Search categories")
    await expect(search).to_be_focused()
    await expect(reader.visit.page.get_by_role("option", name="Billing & Invoices")).to_be_visible()
    await keyboard.type("invoi")
    await keyboard.press("Enter")
    await keyboard.press("Escape")

    await expect(
        reader.visit.page.get_by_role("button", name="Category Billing & Invoices", exact=True)
    ).to_be_visible()
    assert (await reader.query())["category"] == ["billing"]


async def test_days_are_chosen_in_the_calendar(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await page.get_by_role("button", name="Period:").click()
    await page.get_by_role("button", name="Monday, 3 August 2026").click()
    await page.get_by_role("button", name="Sunday, 9 August 2026").click()
    await reader.settle()

    assert (await reader.query())["since"] == ["2026-08-03"]
    assert (await reader.query())["until"] == ["2026-08-10"]


async def test_the_readers_zone_is_written_into_an_address_without_one(reader: Reader) -> None:
    browser = reader.visit.page.context.browser
    assert browser is not None
    context = await browser.new_context(timezone_id="Asia/Tokyo")
    page = await context.new_page()

    await page.goto(f"{reader.visit.gateway.url}/?period=last_7_days#token={reader.visit.gateway.token('manager')}")
    await expect(page.locator(".cards[aria-busy=false]")).to_be_visible()

    assert page.url == f"{reader.visit.gateway.url}/?period=last_7_days&timezone=Asia/Tokyo"
    await context.close()
