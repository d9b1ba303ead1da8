"""Exports that workers make: ordered in a page, followed there and in the list, found again after a reload."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.ui.test_export import SLICE, of_the_api, open_export, rows_of
from tests.browser.visit import Visit
from tests.conftest import serving

pytestmark = pytest.mark.browser

EVERYTHING = {"since": "2024-09-01", "until": "2026-10-01", "timezone": "Europe/Berlin"}
"""Of the demo data: so much that a worker takes a while."""
TICKETS = {"report": "tickets", "format": "csv", "metric": "ticketsCreated", "sort": "-at", **SLICE}


@pytest.fixture
async def small(browser: Browser, demo_database: str, tmp_path: Path) -> AsyncIterator[Reader]:
    """A reader of a gateway that sends few rows at once, and has no worker."""
    async with serving(demo_database, tmp_path / "log", DESKGRAPH_EXPORT_ROWS_AT_ONCE="10") as gateway:
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        visit = Visit(await context.new_page(), gateway)
        await visit.listen()
        yield Reader(visit)
        await context.close()


async def order(reader: Reader, role: str, slice_: str = AUGUST) -> Locator:
    """Orders all tickets as CSV; the dialog."""
    await reader.open(f"/tickets?{slice_}", role)
    dialog = await open_export(reader, "Tickets")
    await dialog.get_by_role("radio", name="CSV for spreadsheets").check()
    await dialog.get_by_role("button", name="Export", exact=True).click()
    return dialog


async def test_what_is_too_large_at_once_is_prepared_and_downloaded(
    small: Reader, reader: Reader, demo_database: str, tmp_path: Path
) -> None:
    wanted = rows_of(await of_the_api(reader, "manager", TICKETS))
    page = small.visit.page
    dialog = await order(small, "manager")
    await expect(dialog.get_by_role("status")).to_contain_text("Waits for a worker")
    await expect(dialog.get_by_role("progressbar")).to_be_visible()

    # The dialog is closed and the page loaded anew; the list still has it, and no worker came yet.
    await page.keyboard.press("Escape")
    await page.reload()
    await small.settle()
    await page.get_by_role("button", name="Exports").click()
    line = page.get_by_role("list", name="Exports").get_by_role("listitem").first
    await expect(line).to_contain_text("Waits for a worker")
    (job, *_) = (await small.ask("{ exportJobs { createdAt } }"))["exportJobs"]
    there = datetime.fromisoformat(job["createdAt"]).astimezone(ZoneInfo("Europe/Berlin"))
    await expect(line).to_contain_text(f"{there:%b %Y, %H:%M}")
    async with serving(demo_database, tmp_path / "second", DESKGRAPH_EXPORT_WORKERS="1"):
        await expect(line).to_contain_text("Ready, ")
        async with page.expect_download() as waiting:
            await line.get_by_role("button", name="Download").click()
        listed = await waiting.value

        # And once more, waited for: in the background, of a report that would be there at once.
        await page.keyboard.press("Escape")
        dialog = await open_export(small, "Tickets")
        await dialog.get_by_label("Prepare in the background").check()
        async with page.expect_download() as waiting:
            await dialog.get_by_role("button", name="Export", exact=True).click()
        followed = await waiting.value

    assert listed.suggested_filename == "deskgraph-tickets-2026-08-01-2026-09-01.csv"
    assert rows_of(Path(await listed.path()).read_bytes()) == wanted
    assert rows_of(Path(await followed.path()).read_bytes()) == wanted
    assert small.visit.faults == []


async def test_what_is_waited_for_is_cancelled_in_the_dialog_and_in_the_list(small: Reader) -> None:
    page = small.visit.page
    dialog = await order(small, "analyst")
    await expect(dialog.get_by_role("status")).to_contain_text("Waits for a worker")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog.get_by_role("status")).to_contain_text("Cancelled; nothing was saved.")
    await dialog.get_by_role("button", name="Export", exact=True).click()
    await expect(dialog.get_by_role("status")).to_contain_text("Waits for a worker")
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="Exports").click()
    lines = page.get_by_role("list", name="Exports").get_by_role("listitem")
    await expect(lines.nth(1)).to_contain_text("Cancelled")
    await lines.first.get_by_role("button", name="Cancel").click()
    await expect(lines.first).to_contain_text("Cancelled")
    await expect(lines.get_by_role("button")).to_have_count(0)

    headers = {"Authorization": f"Bearer {small.visit.gateway.token('analyst')}"}
    async with httpx.AsyncClient(base_url=small.visit.gateway.url, headers=headers) as client:
        answer = await client.post("/graphql", json={"query": "{ exportJobs { state } }"})
    assert [one["state"] for one in answer.json()["data"]["exportJobs"]] == ["CANCELLED", "CANCELLED"]


async def test_how_far_a_worker_is_is_shown_cancelled_found_again_and_downloaded(
    browser: Browser, reader: Reader, demo_database: str, tmp_path: Path
) -> None:
    wanted = rows_of(await of_the_api(reader, "manager", {**TICKETS, **EVERYTHING}))
    few_at_once = {"DESKGRAPH_EXPORT_ROWS_AT_ONCE": "10", "DESKGRAPH_EXPORT_WORKERS": "1"}
    async with serving(demo_database, tmp_path / "log", **few_at_once) as gateway:
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        visit = Visit(await context.new_page(), gateway)
        await visit.listen()
        busy, page = Reader(visit), visit.page
        dialog = await order(busy, "manager", "&".join(f"{name}={value}" for name, value in EVERYTHING.items()))

        # The first is cancelled midway, in the dialog.
        rows, share = await progress_in(dialog)
        assert 0 < rows < len(wanted)
        assert 0 < share < 1
        await dialog.get_by_role("button", name="Cancel").click()
        await expect(dialog.get_by_role("status")).to_contain_text("Cancelled; nothing was saved.")

        # The second is left midway, and found again by the page that is loaded anew.
        await dialog.get_by_role("button", name="Export", exact=True).click()
        before, _ = await progress_in(dialog)
        await page.reload()
        await busy.settle()
        await page.get_by_role("button", name="Exports").click()
        lines = page.get_by_role("list", name="Exports").get_by_role("listitem")
        await expect(lines.nth(1)).to_contain_text("Cancelled")
        await expect(lines.first).to_contain_text("Ready, ")
        async with page.expect_download() as waiting:
            await lines.first.get_by_role("button", name="Download").click()
        file = Path(await (await waiting.value).path()).read_bytes()
        states = (await busy.ask("{ exportJobs { state progress { rows } } }"))["exportJobs"]
        await context.close()

    assert before > 0
    assert rows_of(file) == wanted
    assert states[0] == {"state": "DONE", "progress": {"rows": len(wanted) - 1}}
    assert states[1]["state"] == "CANCELLED"


async def progress_in(dialog: Locator) -> tuple[int, float]:
    """The rows that were read so far, and their share of all, once a dialog shows some."""
    status = dialog.get_by_role("status")
    await expect(status).to_have_text(re.compile(r"^[1-9][\d,]* of [\d,]+ rows, [\d.]+\s?%"))
    found = re.match(r"([\d,]+) of", await status.inner_text())
    assert found is not None
    return int(found[1].replace(",", "")), float(await dialog.get_by_role("progressbar").get_attribute("value") or 0)
