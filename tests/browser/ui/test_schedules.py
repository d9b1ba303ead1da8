"""Schedules: begun in an export, delivered by a worker, followed, paused, changed and deleted in a list."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import asyncpg
import pytest
from playwright.async_api import Browser, Locator, expect

from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.ui.test_export import SCHEMES, SLICE, of_the_api, open_export, rows_of
from tests.browser.visit import Visit
from tests.conftest import free_port, serving

pytestmark = pytest.mark.browser

LIST = """{ schedules { report { id name } format cadence weekday monthDay time timezone emails folder state nextDueAt
  deliveries { state fileName } } savedReports { nodes { id name page query order } } }"""
FALL_DUE = "UPDATE deskgraph.schedules SET next_due_at = now() - interval '1 second' WHERE active"
DOUBT = "UPDATE deskgraph.deliveries SET state = 'uncertain', attempts = 3, next_attempt_at = NULL"
FORGET = "DELETE FROM deskgraph.saved_reports WHERE subject IN ('a', 'm', 'y')"


@dataclass(frozen=True)
class Desk:
    """A reader of a gateway that delivers, where it delivers to, and its store."""

    reader: Reader
    folder: Path
    dsn: str

    async def kept(self, role: str = "manager") -> Any:
        """The schedules and the saved reports there are."""
        return await self.reader.ask(LIST, role)

    async def run(self, statement: str) -> None:
        """What time does, by hand."""
        connection = await asyncpg.connect(self.dsn)
        await connection.execute(statement)
        await connection.close()


@pytest.fixture
async def desk(browser: Browser, demo_database: str, tmp_path: Path) -> AsyncIterator[Desk]:
    """A gateway with a worker, that may deliver by mail and into folders; no mail server listens."""
    folder = tmp_path / "deliveries"
    settings = {
        "DESKGRAPH_EXPORT_WORKERS": "1",
        "DESKGRAPH_MAIL_DOMAINS": "example.test",
        "DESKGRAPH_SMTP_HOST": "127.0.0.1",
        "DESKGRAPH_SMTP_PORT": str(free_port()),
        "DESKGRAPH_SMTP_SENDER": "desk@example.test",
        "DESKGRAPH_DELIVERY_FOLDER": str(folder),
    }
    async with serving(demo_database, tmp_path / "log", **settings) as gateway:
        context = await browser.new_context(
            viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="Europe/Berlin"
        )
        visit = Visit(await context.new_page(), gateway)
        await visit.listen()
        found = Desk(Reader(visit), folder, demo_database)
        yield found
        await context.close()
    await found.run(FORGET)


async def begun(reader: Reader, card: str | None) -> Locator:
    """The form, out of the export of what a page shows."""
    dialog = await open_export(reader, card)
    await dialog.get_by_role("button", name="Deliver on a schedule").click()
    form = reader.visit.page.get_by_role("dialog", name="Deliver on a schedule")
    await expect(form.get_by_label("How often")).to_be_visible()
    return form


async def listed(reader: Reader) -> Locator:
    """The list of schedules."""
    await reader.visit.page.get_by_role("button", name="Schedules").click()
    return reader.visit.page.get_by_role("dialog", name="Schedules")


async def test_what_a_page_shows_is_delivered_again_and_again(desk: Desk) -> None:
    reader, page = desk.reader, desk.reader.visit.page
    order = {"report": "agents", "format": "csv", "sort": "-openTickets", "search": "an", **SLICE}
    wanted = rows_of(await of_the_api(reader, "manager", order))
    await reader.open(f"/agents?sort=-openTickets&search=an&{AUGUST}")
    form = await begun(reader, "Agents")
    await expect(form).to_contain_text("The period is fixed")
    await expect(form.get_by_label("Zone")).to_have_value("Europe/Berlin")

    await form.get_by_label("Saved as").fill("Who is behind")
    await form.get_by_label("On", exact=True).select_option("Friday")
    await form.get_by_label("At", exact=True).fill("06:45")
    await form.get_by_label("Format").select_option("csv")
    await form.get_by_label("Into a folder").check()
    await form.get_by_label("Folder", exact=True).fill("board")
    await expect(form.get_by_role("status")).to_contain_text("Every Friday at 06:45, Europe/Berlin. Next on Fri ")
    foretold = await form.get_by_role("status").inner_text()
    await form.get_by_role("button", name="Schedule").click()
    said = page.get_by_role("dialog", name="Scheduled").get_by_role("status")
    await expect(said).to_contain_text("“Who is behind” is delivered into the folder board.")

    assert foretold.partition("Next on ")[2].rstrip(".") in await said.inner_text()
    kept = await desk.kept()
    (report,) = kept["savedReports"]["nodes"]
    assert (report["name"], report["page"]) == ("Who is behind", "AGENTS")
    assert "search=an" in report["query"]
    assert order.items() <= report["order"].items()
    (schedule,) = kept["schedules"]
    told = {name: schedule[name] for name in ("format", "cadence", "weekday", "time", "timezone", "emails", "folder")}
    assert told == {
        "format": "csv", "cadence": "WEEKLY", "weekday": "FRIDAY", "time": "06:45", "timezone": "Europe/Berlin",
        "emails": [], "folder": "board",
    }  # fmt: skip
    await page.keyboard.press("Escape")
    dialog = await listed(reader)
    await expect(dialog.get_by_role("listitem")).to_contain_text("Not delivered yet.")
    await desk.run(FALL_DUE)
    await expect(dialog.get_by_role("list", name="Deliveries of Who is behind")).to_contain_text("Delivered: ")
    (file,) = (desk.folder / "board").iterdir()
    assert rows_of(file.read_bytes()) == wanted
    assert await reader.violations() == []
    assert reader.visit.faults == []


async def test_a_schedule_is_paused_changed_and_deleted_and_tells_why_it_failed(desk: Desk) -> None:
    reader, page = desk.reader, desk.reader.visit.page
    await reader.open(f"/explore?{AUGUST}&by=team", "analyst")
    form = await begun(reader, None)
    await form.get_by_label("Saved as").fill("By team")
    await form.get_by_label("Recipients").fill("boss@example.test, lead@example.test")
    await form.get_by_role("button", name="Schedule").click()
    await page.get_by_role("dialog", name="Scheduled").get_by_role("button", name="Close", exact=True).last.click()

    dialog = await listed(reader)
    await desk.run(FALL_DUE)
    line = dialog.get_by_role("list", name="Schedules").locator("> li")
    await expect(line).to_contain_text("Tried once: The mail server")
    await desk.run(DOUBT)
    await expect(line).to_contain_text("May have arrived or not: The mail server")
    assert await reader.violations() == []
    await line.get_by_role("button", name="Send again: By team of ").click()
    await expect(line).to_contain_text("Tried once: The mail server")
    await expect(line.get_by_role("button", name="Send again: By team of ")).to_have_count(0)
    await line.get_by_role("button", name="Pause By team").click()
    await expect(line).to_contain_text("Paused")
    paused = (await desk.kept("analyst"))["schedules"][0]["state"]
    await line.get_by_role("button", name="Resume By team").click()
    await expect(line).to_contain_text("Next on ")

    await line.get_by_role("button", name="Edit By team").click()
    form = page.get_by_role("dialog", name="Schedule: By team")
    await expect(form.get_by_label("Recipients")).to_have_value("boss@example.test, lead@example.test")
    await form.get_by_label("How often").select_option("Every month")
    await form.get_by_label("On day").select_option("the last of the month")
    await form.get_by_label("Format").select_option("csv")
    await form.get_by_label("Byte order mark").uncheck()
    await form.get_by_role("button", name="Save").click()
    await expect(line).to_contain_text("On the last day of every month at 08:00")
    changed = await desk.kept("analyst")
    await line.get_by_role("button", name="Delete By team").click()
    await line.get_by_role("button", name="Keep").click()
    await line.get_by_role("button", name="Delete By team").click()
    await line.get_by_role("button", name="Delete", exact=True).click()
    await expect(dialog).to_contain_text("Nothing is delivered on a schedule.")

    assert paused == "INACTIVE"
    (schedule,) = changed["schedules"]
    assert (schedule["cadence"], schedule["weekday"], schedule["monthDay"]) == ("MONTHLY", None, None)
    assert schedule["format"] == "csv"
    assert changed["savedReports"]["nodes"][0]["order"]["bom"] is False
    left = await desk.kept("analyst")
    assert left["schedules"] == []
    assert [one["name"] for one in left["savedReports"]["nodes"]] == ["By team"]


async def test_what_cannot_be_scheduled_is_told_beside_its_field_and_put_right(desk: Desk) -> None:
    reader, page = desk.reader, desk.reader.visit.page
    await reader.open(f"/?{AUGUST}", "admin")
    form = await begun(reader, "CSAT")
    recipients = form.get_by_label("Recipients")
    await form.get_by_label("Saved as").fill("Satisfaction")
    await recipients.fill("boss@elsewhere.test")

    await form.get_by_role("button", name="Schedule").click()

    await expect(form.get_by_role("alert")).to_contain_text("Nothing is sent to 'boss@elsewhere.test'.")
    await expect(recipients).to_have_attribute("aria-invalid", "true")
    assert await reader.violations() == []
    await recipients.fill("boss@example.test")
    await form.get_by_role("button", name="Schedule").click()
    await expect(page.get_by_role("dialog", name="Scheduled")).to_be_visible()
    kept = await desk.kept("admin")
    assert [one["name"] for one in kept["savedReports"]["nodes"]] == ["Satisfaction"]
    assert [one["emails"] for one in kept["schedules"]] == [["boss@example.test"]]

    # The saved report has another schedule, out of Explore's list.
    await page.keyboard.press("Escape")
    await reader.open(f"/explore?{AUGUST}", "admin")
    await page.get_by_role("button", name="Saved reports").click()
    await page.get_by_role("button", name="Deliver Satisfaction on a schedule").click()
    await form.get_by_label("Recipients").fill("lead@example.test")
    await form.get_by_role("button", name="Schedule").click()
    await expect(page.get_by_role("dialog", name="Scheduled")).to_be_visible()
    assert len((await desk.kept("admin"))["schedules"]) == 2


async def test_what_the_settings_leave_out_is_told_with_what_turns_it_on(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")

    form = await begun(reader, "CSAT")

    await expect(form.get_by_label("By e-mail")).to_be_disabled()
    await expect(form.get_by_label("Into a folder")).to_be_disabled()
    await expect(form).to_contain_text("DESKGRAPH_MAIL_DOMAINS")
    await expect(form).to_contain_text("DESKGRAPH_DELIVERY_FOLDER")
    await expect(form.get_by_role("button", name="Schedule")).to_be_disabled()


@pytest.mark.parametrize("role", ["agent", "client"])
async def test_who_may_schedule_nothing_sees_no_schedules(reader: Reader, role: str) -> None:
    await reader.open(f"/?{AUGUST}", role)
    page = reader.visit.page

    await expect(page.get_by_role("button", name="Schedules")).to_have_count(0)
    if role == "client":
        dialog = await open_export(reader, "CSAT")
        await expect(dialog.get_by_role("button", name="Export", exact=True)).to_be_visible()
        await expect(dialog.get_by_text("schedule")).to_have_count(0)


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_the_form_fits_a_narrow_screen_and_axe_finds_nothing(
    reader: Reader, scheme: Literal["light", "dark"]
) -> None:
    page = reader.visit.page
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.set_viewport_size({"width": 360, "height": 740})
    await reader.open(f"/?{AUGUST}")

    form = await begun(reader, "CSAT")
    await form.get_by_label("Format").select_option("csv")
    assert await reader.violations() == []
    box = await form.bounding_box()
    assert box is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= 360) == (True, True)
    await page.keyboard.press("Escape")
    await listed(reader)
    assert await reader.violations() == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
