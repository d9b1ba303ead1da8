"""What opens over a page: axe finds nothing in it, and what was typed outlives the token."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
OPENERS = ["Metric", "Save …", "Saved reports", "Exports", "Schedules", "Zone", "Compared with", "Manager"]


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing_in_what_opens(reader: Reader, scheme: Literal["light", "dark"]) -> None:
    page = reader.visit.page
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await reader.visit.open("/")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert await reader.violations() == []

    await reader.open(f"/explore?{AUGUST}&by=category")
    for name in OPENERS:
        await page.get_by_role("button", name=name).first.click()
        await expect(page.locator("dialog[open], .popover:popover-open, [role=menu]").first).to_be_visible()
        assert await reader.violations() == [], name
        await page.keyboard.press("Escape")
    await page.evaluate("sessionStorage.setItem('deskgraph.token', 'over.and.done')")
    await page.get_by_role("button", name="Period:").click()
    await page.get_by_role("button", name="Last 90 days").click()
    await expect(page.get_by_role("dialog", name="Your session is over")).to_be_visible()
    assert await reader.violations() == []


async def test_what_was_typed_is_there_when_the_token_is_renewed(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&by=category")
    page = reader.visit.page
    over = page.get_by_role("dialog", name="Your session is over")
    await page.get_by_role("button", name="Save …").click()
    await page.get_by_label("Name").fill("Half done")

    await page.evaluate("sessionStorage.setItem('deskgraph.token', 'over.and.done')")
    await page.get_by_role("button", name="Save", exact=True).click()
    await over.get_by_label("Bearer token").fill(reader.visit.gateway.token("manager"))
    await over.get_by_role("button", name="Sign in").click()

    await expect(over).not_to_be_attached()
    await expect(page.get_by_label("Name")).to_have_value("Half done")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("dialog")).not_to_be_attached()
    (kept,) = (await reader.ask("{ savedReports { nodes { id name } } }"))["savedReports"]["nodes"]
    assert kept["name"] == "Half done"
    assert await reader.ask(f'mutation {{ deleteSavedReport(id: "{kept["id"]}") }}')
