"""What an export is refused for, and what it fails of, as the dialog tells it: with real limits, locks and faults."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.ui.test_export import SLICE, of_the_api, open_export, rows_of
from tests.browser.ui.test_export_jobs import EVERYTHING
from tests.browser.visit import Visit
from tests.conftest import serving

pytestmark = pytest.mark.browser

FULL = (
    "CREATE FUNCTION deskgraph.no_space() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE 'no space' USING ERRCODE = '53100'; END $$;"
    " CREATE TRIGGER no_space BEFORE INSERT ON deskgraph.{} EXECUTE FUNCTION deskgraph.no_space()"
)
FREE = "DROP FUNCTION deskgraph.no_space CASCADE"


@dataclass(frozen=True)
class Desk:
    """A reader of a gateway with narrow limits, and its store."""

    reader: Reader
    dsn: str

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """Statements that read facts wait meanwhile."""
        connection = await asyncpg.connect(self.dsn)
        async with connection.transaction():
            await connection.execute("LOCK TABLE deskgraph.facts IN ACCESS EXCLUSIVE MODE")
            yield
        await connection.close()

    @asynccontextmanager
    async def full(self, table: str) -> AsyncIterator[None]:
        """The database has no space for rows of a table meanwhile."""
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(FULL.format(table))
        try:
            yield
        finally:
            await connection.execute(FREE)
            await connection.close()


@pytest.fixture(scope="module")
async def desk(browser: Browser, demo_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A gateway with a worker, that gives an export six seconds, and a viewer four of them a minute."""
    limits = {
        "DESKGRAPH_EXPORT_WORKERS": "1",
        "DESKGRAPH_EXPORT_TIMEOUT_MS": "6000",
        "DESKGRAPH_EXPORTS_PER_MINUTE": "4",
    }
    async with serving(demo_database, tmp_path_factory.mktemp("narrow") / "log", **limits) as gateway:
        context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        visit = Visit(await context.new_page(), gateway)
        await visit.listen()
        yield Desk(Reader(visit), demo_database)
        await context.close()


async def begun(desk: Desk, role: str, path: str, card: str, label: str) -> Locator:
    """The dialog, with a format chosen."""
    await desk.reader.open(path, role)
    dialog = await open_export(desk.reader, card)
    await dialog.get_by_role("radio", name=label).check()
    return dialog


async def test_a_pdf_of_too_many_tickets_is_refused_at_once_in_the_background_too(desk: Desk) -> None:
    everything = "&".join(f"{name}={value}" for name, value in EVERYTHING.items())
    dialog = await begun(desk, "manager", f"/tickets?{everything}", "Tickets", "PDF report")
    before = await desk.reader.ask("{ exportJobs { id } }")

    for _ in range(2):
        await dialog.get_by_role("button", name="Export", exact=True).click()
        note = dialog.get_by_role("alert")
        await expect(note).to_contain_text("The gateway does not make this file")
        await expect(note).to_contain_text("a PDF has 5,000 at most")
        await expect(note).to_contain_text("xlsx or csv")
        await dialog.get_by_label("Prepare in the background").check()
    assert await desk.reader.ask("{ exportJobs { id } }") == before


async def test_what_takes_too_long_to_wait_for_is_prepared_in_the_background(desk: Desk, reader: Reader) -> None:
    wanted = await of_the_api(reader, "client", {"report": "summary", "format": "csv", **SLICE})
    dialog = await begun(desk, "client", f"/?{AUGUST}", "CSAT", "CSV for spreadsheets")

    async with desk.locked():
        await dialog.get_by_role("button", name="Export", exact=True).click()
        await expect(dialog.get_by_role("alert")).to_contain_text("The file took too long to be made at once")
        await expect(dialog.get_by_role("alert")).to_contain_text("6 seconds")
    async with desk.reader.visit.page.expect_download() as waiting:
        await dialog.get_by_role("button", name="Prepare in the background").click()

    file = Path(await (await waiting.value).path()).read_bytes()
    assert rows_of(file) == rows_of(wanted)


async def test_a_full_disk_is_told_of_the_order_and_of_what_a_worker_makes(desk: Desk) -> None:
    dialog = await begun(desk, "analyst", f"/?{AUGUST}", "CSAT", "JSON, as the API")
    await dialog.get_by_label("Prepare in the background").check()

    async with desk.full("export_jobs"):
        await dialog.get_by_role("button", name="Export", exact=True).click()
        note = dialog.get_by_role("alert")
        await expect(note).to_contain_text("The gateway cannot make the file now")
        await expect(note).to_contain_text("The database has no space left.")
    async with desk.full("export_chunks"):
        await dialog.get_by_role("button", name="Export", exact=True).click()
        await expect(note).to_contain_text("The worker could not keep the file")
        await expect(note).to_contain_text("The database has no space left.")

    page = desk.reader.visit.page
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Exports").click()
    line = page.get_by_role("list", name="Exports").get_by_role("listitem").first
    await expect(line).to_contain_text("The database has no space left.")


async def test_more_exports_than_a_minute_allows_are_told_with_when_the_next_one_is(desk: Desk) -> None:
    dialog = await begun(desk, "team_lead", f"/?{AUGUST}", "CSAT", "JSON, as the API")

    for _ in range(4):
        async with desk.reader.visit.page.expect_download():
            await dialog.get_by_role("button", name="Export", exact=True).click()
    await dialog.get_by_role("button", name="Export", exact=True).click()

    note = dialog.get_by_role("alert")
    await expect(note).to_contain_text("Too many exports at once")
    await expect(note).to_contain_text("You sent more than 4 exports within a minute. Ask again in ")
    await expect(note.get_by_role("button", name="Retry")).to_be_visible()
