"""Exports from the pages: what each one shows, in every format, as the API has it; what goes wrong; by every hand."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from playwright.async_api import Browser, Locator, expect

from rest_compat.export.formats import FORMATS
from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.visit import Visit
from tests.rest_compat import read_back

pytestmark = pytest.mark.browser

SLICE = {
    "since": "2026-08-01",
    "until": "2026-09-01",
    "timezone": "Europe/Berlin",
    "compareTo": "previous_period",
}
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


@dataclass(frozen=True)
class Case:
    """A page as a role sees it, the card whose menu exports it, and what the API is asked for the same."""

    role: str
    path: str
    card: str | None
    order: dict[str, Any]


CASES = [
    Case("client", "/?", "CSAT", {"report": "summary"}),
    Case("team_lead", "/performance?clock=business", "By status", {"report": "performance", "clock": "business"}),
    Case(
        "manager",
        "/agents?sort=-openTickets&search=an",
        "Agents",
        {"report": "agents", "sort": "-openTickets", "search": "an"},
    ),
    Case("manager", "/agents/A-07?", "Response times", {"report": "performance", "agent": "A-07"}),
    Case(
        "manager",
        "/agents/A-07?category=billing",
        "Tickets resolved",
        {"report": "summary", "agent": "A-07", "category": "billing"},
    ),
    Case("analyst", "/trends?grain=week", "Backlog", {"report": "trends", "grain": "week"}),
    Case(
        "manager",
        "/tickets?metric=resolutionRate&of=open_breached&sort=priority",
        "Tickets",
        {"report": "tickets", "metric": "resolutionRate", "of": "open_breached", "sort": "priority"},
    ),
    Case(
        "analyst",
        "/tickets?metric=avgResponseTime&bucket=3600-7200&sort=-createdAt&attribution=creation",
        "Tickets",
        {
            "report": "tickets",
            "metric": "avgResponseTime",
            "bucket": "3600-7200",
            "sort": "-created_at",
            "attribution": "creation",
        },
    ),
    Case("client", "/tickets?", "Tickets", {"report": "tickets", "metric": "ticketsCreated", "sort": "-at"}),
    Case(
        "analyst",
        "/tickets?row=day_of_week:2",
        "Tickets",
        {"report": "tickets", "metric": "ticketsCreated", "row": "day_of_week:2", "sort": "-at"},
    ),
    Case(
        "manager",
        "/explore?metric=ticketsCreated&metric=avgResponseTime.p90&by=category&by=time&grain=week&having=ticketsCreated:20-60&view=table",
        None,
        {
            "report": "breakdown",
            "metrics": ["ticketsCreated", "avgResponseTime.p90"],
            "by": ["category", "time"],
            "grain": "week",
            "having": ["ticketsCreated>=20", "ticketsCreated<=60"],
        },
    ),
    Case(
        "team_lead",
        "/explore?metric=reopens&by=tag",
        None,
        {"report": "breakdown", "metrics": "reopens", "by": "tag", "sort": "-reopens"},
    ),
]


async def of_the_api(reader: Reader, role: str, order: dict[str, Any]) -> bytes:
    """The file that the route sends for an order."""
    headers = {"Authorization": f"Bearer {reader.visit.gateway.token(role)}"}
    async with httpx.AsyncClient(base_url=reader.visit.gateway.url, headers=headers, timeout=30) as client:
        answer = await client.post("/api/tickets/reports/export", json=order)
    assert answer.status_code == 200, answer.text
    return answer.content


async def open_export(reader: Reader, card: str | None) -> Locator:
    """The dialog: from the menu of a card, or by the page's own button."""
    page = reader.visit.page
    if card is None:
        await page.get_by_role("button", name="Export …").click()
    else:
        await reader.card(card).get_by_role("button", name=f"{card}: more").click()
        await page.get_by_role("menuitem", name="Export …").click()
    return page.get_by_role("dialog", name="Export:")


async def exported(reader: Reader, dialog: Locator, label: str) -> tuple[str, bytes]:
    """The name and the bytes of the file that arrives in a format."""
    await dialog.get_by_role("radio", name=label).check()
    async with reader.visit.page.expect_download() as waiting:
        await dialog.get_by_role("button", name="Export", exact=True).click()
    download = await waiting.value
    await expect(dialog.get_by_role("status")).to_contain_text(f"Saved {download.suggested_filename}")
    return download.suggested_filename, Path(await download.path()).read_bytes()


def rows_of(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.role}{case.path}")
async def test_a_page_exports_what_it_shows(reader: Reader, case: Case) -> None:
    wanted = await of_the_api(reader, case.role, {"format": "csv", **SLICE, **case.order})
    await reader.open(f"{case.path}&{AUGUST}", case.role)

    dialog = await open_export(reader, case.card)
    name, file = await exported(reader, dialog, "CSV for spreadsheets")

    assert name.endswith(".csv")
    assert file.startswith(b"\xef\xbb\xbf")
    assert rows_of(file) == rows_of(wanted)
    assert len(rows_of(file)) > 1
    assert reader.visit.faults == []


async def test_tickets_are_all_there_in_the_order_of_the_list(reader: Reader) -> None:
    await reader.open(f"/tickets?metric=openTickets&sort=priority&limit=25&{AUGUST}")
    table = reader.visit.page.get_by_role("table", name="Tickets")
    shown = [text.strip() for text in await table.locator("tbody tr > :first-child").all_inner_texts()]

    dialog = await open_export(reader, "Tickets")
    await expect(dialog).to_contain_text("All tickets behind “Open tickets”, in the order of the list")
    await expect(dialog).to_contain_text("zone Europe/Berlin")
    _, file = await exported(reader, dialog, "CSV for spreadsheets")

    _, *rows = rows_of(file)
    assert len(shown) == 25
    assert [row[0] for row in rows[:25]] == shown
    title = await reader.visit.page.get_by_role("heading", level=1).inner_text()
    assert title.startswith(f"{len(rows):,} tickets")


async def test_every_format_of_the_gateway_is_offered_and_arrives(reader: Reader) -> None:
    wanted = read_back.sheets(await of_the_api(reader, "manager", {"report": "summary", "format": "xlsx", **SLICE}))
    await reader.open(f"/?{AUGUST}")
    dialog = await open_export(reader, "CSAT")
    await expect(dialog).to_be_visible()
    offered = await dialog.get_by_role("radio").evaluate_all("(all) => all.map((one) => one.value)")

    files = {}
    for value in offered:
        label = dialog.locator(f"label:has(input[value={value}])")
        name, files[value] = await exported(reader, dialog, (await label.inner_text()).strip())
        assert name.endswith(f".{value}")

    assert set(offered) == set(FORMATS)
    assert read_back.sheets(files["xlsx"]) == wanted
    assert files["pdf"].startswith(b"%PDF-")
    assert len(read_back.from_parquet(files["parquet"])) == len(read_back.from_csv(files["csv"]))


async def test_a_csv_is_as_spreadsheets_of_the_readers_locale_expect_it_and_the_tab_remembers(
    reader: Reader, browser: Browser
) -> None:
    context = await browser.new_context(locale="de-DE")
    visit = Visit(await context.new_page(), reader.visit.gateway)
    german = Reader(visit)
    await german.open(f"/?{AUGUST}")
    order = {"report": "summary", "format": "csv", "separator": "locale", "locale": "de-DE", **SLICE}
    wanted = await of_the_api(german, "manager", order)

    dialog = await open_export(german, "CSAT")
    await dialog.get_by_role("radio", name="CSV for spreadsheets").check()
    await dialog.get_by_label("Byte order mark").uncheck()
    _, file = await exported(german, dialog, "CSV for spreadsheets")
    await visit.page.reload()
    await german.settle()
    again = await open_export(german, "CSAT")

    assert file == wanted
    assert b";" in file
    await expect(again.get_by_role("radio", name="CSV for spreadsheets")).to_be_checked()
    await expect(again.get_by_label("Byte order mark")).not_to_be_checked()
    await context.close()


async def test_who_may_not_export_sees_no_export(reader: Reader) -> None:
    page = reader.visit.page
    for path, card in (("/?", "CSAT"), ("/tickets?", "Tickets")):
        await reader.open(f"{path}{AUGUST}", "agent")
        await reader.card(card).get_by_role("button", name=f"{card}: more").click()
        await expect(page.get_by_role("menuitem", name="Copy GraphQL")).to_be_visible()
        await expect(page.get_by_text("Export")).to_have_count(0)

    await reader.open(f"/explore?{AUGUST}", "agent")
    await expect(page.get_by_text("Export")).to_have_count(0)


async def test_without_an_answer_that_is_said_and_retried(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page
    dialog = await open_export(reader, "CSAT")
    await dialog.get_by_role("radio", name="JSON, as the API has it").check()

    await page.context.set_offline(True)
    await dialog.get_by_role("button", name="Export", exact=True).click()
    await expect(dialog.get_by_role("alert")).to_contain_text("No answer came from the gateway.")
    await page.context.set_offline(False)
    async with page.expect_download() as waiting:
        await dialog.get_by_role("button", name="Retry").click()

    assert (await waiting.value).suggested_filename.endswith(".json")
    await expect(dialog.get_by_role("alert")).to_have_count(0)


async def test_a_refusal_is_told_as_the_gateway_tells_it(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page
    dialog = await open_export(reader, "CSAT")

    # The reader's role shrank since the page was opened.
    await page.evaluate(
        "(token) => sessionStorage.setItem('deskgraph.token', token)", reader.visit.gateway.token("agent")
    )
    await dialog.get_by_role("button", name="Export", exact=True).click()

    await expect(dialog.get_by_role("alert")).to_contain_text("Your role does not export this")
    await expect(dialog.get_by_role("alert")).to_contain_text("reports:export:create")


@pytest.mark.parametrize("scheme", SCHEMES)
async def test_axe_finds_nothing(reader: Reader, scheme: Literal["light", "dark"]) -> None:
    await reader.visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await reader.open(f"/tickets?{AUGUST}")

    dialog = await open_export(reader, "Tickets")
    await dialog.get_by_role("radio", name="CSV for spreadsheets").check()
    assert await reader.violations() == []
    await reader.visit.page.keyboard.press("Escape")
    await reader.visit.page.get_by_role("button", name="Exports").click()
    await expect(reader.visit.page.get_by_role("dialog", name="Exports").locator("p, li").first).to_be_visible()
    assert await reader.violations() == []


async def test_the_keyboard_exports_on_a_narrow_screen(reader: Reader) -> None:
    page = reader.visit.page
    await page.set_viewport_size({"width": 360, "height": 740})
    await reader.open(f"/tickets?{AUGUST}")

    await reader.card("Tickets").get_by_role("button", name="Tickets: more").focus()
    await page.keyboard.press("Enter")
    item = page.get_by_role("menuitem", name="Export …")
    for _ in range(5):
        if await item.evaluate("(one) => one === document.activeElement"):
            break
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Export: Tickets")
    await dialog.get_by_role("radio").first.focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(dialog.get_by_role("radio", name="CSV for spreadsheets")).to_be_checked()
    async with page.expect_download() as waiting:
        await page.keyboard.press("Enter")

    assert (await waiting.value).suggested_filename.endswith(".csv")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    box = await dialog.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
