"""Now, over a database that somebody imports into while it is looked at."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.async_api import TimeoutError, expect

from tests.browser.ui.reader import Reader
from tests.browser.visit import MAX_PRESSES, PRESS_MS, Visit
from tests.conftest import ROOT, SECRET, RunningGateway, serving

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000


@pytest.fixture
async def gateway(database: str, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    """A server over a database of this test's own."""
    async with serving(database, tmp_path / "log") as running:
        yield running


async def imported(database: str, folder: Path, tickets: list[str]) -> None:
    """Imports open tickets, created an hour ago, as `deskgraph import` does."""
    at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    await imported_rows(database, folder, "id,created_at,status\n" + "".join(f"{one},{at},open\n" for one in tickets))


async def imported_rows(database: str, folder: Path, rows: str) -> None:
    """Imports a file of tickets, as `deskgraph import` does."""
    file = folder / "tickets.csv"
    file.write_text(rows)
    environment = {**os.environ, "DESKGRAPH_DATABASE_URL": database, "DESKGRAPH_JWT_SECRET": SECRET}
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "import", str(file), env=environment, cwd=ROOT, stdout=PIPE, stderr=STDOUT
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()


def listen_on(visit: Visit) -> asyncio.Event:
    """What is set whenever a subscription has an answer."""
    is_told = asyncio.Event()

    def hear(frame: str | bytes) -> None:
        if '"next"' in str(frame):
            is_told.set()

    visit.page.on("websocket", lambda socket: socket.on("framereceived", hear))
    return is_told


async def test_a_ticket_that_is_imported_moves_the_numbers(visit: Visit, database: str, tmp_path: Path) -> None:
    await imported(database, tmp_path, ["T-1", "T-2"])
    reader = Reader(visit)
    await reader.open("/?timezone=UTC")
    now = reader.card("Now").locator("dl > div").filter(has_text="open").locator("dd")
    await expect(now).to_have_text("2")
    await expect(reader.card("Now")).to_contain_text("live", timeout=PATIENCE_MS)

    await imported(database, tmp_path, ["T-3"])

    await expect(now).to_have_text("3", timeout=PATIENCE_MS)
    await expect(reader.card("Open tickets").locator(".key-value")).to_contain_text("3")
    assert visit.faults == []


@pytest.mark.parametrize("page", ["performance", "agents", "trends"])
async def test_other_pages_are_told_too(visit: Visit, database: str, tmp_path: Path, page: str) -> None:
    await imported(database, tmp_path, ["T-1"])
    reader = Reader(visit)
    is_told = listen_on(visit)
    await reader.open(f"/{page}?timezone=UTC")
    async with asyncio.timeout(PATIENCE_MS / 1000):
        await is_told.wait()

    import_ms = 5 * PATIENCE_MS  # what the import takes counts, too
    async with visit.page.expect_response(lambda one: "/graphql?" in one.url, timeout=import_ms) as told:
        await imported(database, tmp_path, ["T-2"])
    answer = await (await told.value).json()

    assert page in answer["data"]["report"]
    assert visit.faults == []


STATES = {
    "performance": (
        "id,created_at,updated_at,status,category,assignee\nT-1,{at},{now},pending,calls,ada\n",
        "By status",
    ),
    "agents": ("id,created_at,updated_at,status,category,assignee\nT-1,{at},{now},pending,calls,ben\n", "Agents"),
    "trends": ("id,created_at,updated_at,status,category,assignee\nT-1,{at},{now},pending,post,ben\n", "Categories"),
}
"""One after another: a status, an agent and a category, none of which any metric counts."""


async def test_what_moves_no_metric_is_told_where_it_is_shown(visit: Visit, database: str, tmp_path: Path) -> None:
    begin = datetime.now(UTC) - timedelta(hours=1)
    first = "id,created_at,updated_at,status,category,assignee\nT-1,{at},{at},open,calls,ada\n"
    await imported_rows(database, tmp_path, first.format(at=begin.isoformat()))
    reader = Reader(visit)
    is_told = listen_on(visit)

    for name, (rows, card) in STATES.items():
        is_told.clear()
        await reader.open(f"/{name}?timezone=UTC")
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await is_told.wait()
        before = await reader.card(card).inner_text()
        now = datetime.now(UTC).isoformat()
        await imported_rows(database, tmp_path, rows.format(at=begin.isoformat(), now=now))
        await expect(reader.card(card)).not_to_have_text(before, use_inner_text=True, timeout=PATIENCE_MS)

    assert visit.faults == []


async def test_a_report_of_ones_own_and_an_agents_page_are_told(visit: Visit, database: str, tmp_path: Path) -> None:
    begin = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    head, row = "id,created_at,updated_at,status,category,assignee\n", f"T-%s,{begin},{begin},open,calls,ada\n"
    await imported_rows(database, tmp_path, head + row % 1 + row % 2)
    reader = Reader(visit)
    is_told = listen_on(visit)
    report = visit.page.locator(".data-table tbody tr").filter(has_text="calls")
    numbers = {
        "/explore?by=category&timezone=UTC": report.locator("td a"),
        "/agents/ada?timezone=UTC": reader.card("Tickets created").locator(".agent-value a").first,
    }

    for count, (path, number) in enumerate(numbers.items(), start=3):
        is_told.clear()
        await reader.open(path)
        async with asyncio.timeout(PATIENCE_MS / 1000):
            await is_told.wait()
        await expect(number).to_have_text(f"{count - 1}")
        await visit.page.evaluate("window.stayed = true")
        await imported_rows(database, tmp_path, head + row % count)
        await expect(number).to_have_text(f"{count}", timeout=PATIENCE_MS)
        assert await visit.page.evaluate("window.stayed && document.querySelectorAll('.skeleton').length === 0")

    assert visit.faults == []


async def test_a_list_of_tickets_changes_in_place_and_offers_those_that_came(
    visit: Visit, database: str, tmp_path: Path
) -> None:
    begin = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    head = "id,created_at,updated_at,status,assignee\n"
    await imported_rows(database, tmp_path, head + "".join(f"T-{at},{begin},{begin},open,A-07\n" for at in (1, 2)))
    reader = Reader(visit)
    is_told = listen_on(visit)
    await reader.open("/tickets?timezone=UTC", "agent")
    rows = reader.card("Tickets").locator("tbody tr")
    news = visit.page.get_by_role("status").filter(has_text="The list has changed")
    async with asyncio.timeout(PATIENCE_MS / 1000):
        await is_told.wait()

    await imported_rows(database, tmp_path, f"{head}T-2,{begin},{datetime.now(UTC).isoformat()},pending,A-07\n")
    await expect(rows.filter(has_text="T-2")).to_contain_text("Pending", timeout=PATIENCE_MS)
    await expect(news).to_have_count(0)

    others = f"{head}T-3,{begin},{begin},open,A-07\nT-4,{begin},{begin},open,A-08\n"
    await imported_rows(database, tmp_path, others)
    await expect(news).to_contain_text("3 tickets now", timeout=PATIENCE_MS)
    await expect(rows).to_have_count(2)
    await expect(visit.page.get_by_role("heading", level=1)).to_contain_text("2 tickets")
    await news.get_by_role("button", name="Show").click()

    await expect(rows).to_have_count(3)
    await expect(visit.page.get_by_role("heading", level=1)).to_contain_text("3 tickets")
    await expect(news).to_have_count(0)
    assert visit.faults == []


async def test_where_no_socket_can_be_had_the_page_asks(visit: Visit, database: str, tmp_path: Path) -> None:
    await visit.page.route_web_socket("**/graphql", lambda socket: socket.close(code=1013))
    await imported(database, tmp_path, ["T-1"])
    reader = Reader(visit)
    await reader.open("/?timezone=UTC")

    await expect(reader.card("Now")).to_contain_text("checked", timeout=PATIENCE_MS)
    async with visit.page.expect_response(lambda one: "/graphql?" in one.url, timeout=PATIENCE_MS):
        pass


async def test_the_editor_subscribes_with_the_viewers_token(visit: Visit, database: str, tmp_path: Path) -> None:
    await imported(database, tmp_path, ["T-1"])
    query = "subscription Now { reportChanged(period: {preset: TODAY}) { metrics { openTickets { value } } } }"
    await visit.open(f"/graphql?query={quote(query)}", token=visit.gateway.token("manager"))
    await expect(visit.query).to_contain_text("subscription Now", timeout=PATIENCE_MS)

    await subscribe(visit)
    await expect(visit.answer).to_contain_text('"value": 1', timeout=PATIENCE_MS)
    await imported(database, tmp_path, ["T-2"])

    await expect(visit.answer).to_contain_text('"value": 2', timeout=PATIENCE_MS)
    assert visit.faults == []


async def subscribe(visit: Visit) -> None:
    """Presses the run button until there is an answer: the editor makes it anew while it takes in the schema."""
    for _ in range(MAX_PRESSES):
        with suppress(TimeoutError):  # it is a stop button once the editor listens
            await visit.page.get_by_role("button", name="Execute query").click(timeout=PRESS_MS)
        with suppress(AssertionError):
            await expect(visit.answer).to_contain_text('"data"', timeout=PATIENCE_MS)
            return
    raise AssertionError("the editor shows no answer")
