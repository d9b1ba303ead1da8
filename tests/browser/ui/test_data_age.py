"""How old the data of live sources is, on a page: second by second, and plainly where one of them is behind."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import Reader
from tests.conftest import RunningGateway, serving
from tests.db.sync.portal import Desk, desk

pytestmark = pytest.mark.browser

MARCH = "since=2025-03-01&until=2025-04-01"
FRESH = re.compile(r"^Data as of(now|\d+ sec\.? ago)$")
BEHIND = re.compile(r"^Data as of\d+ min\.? ago: a source is behind, what is newer is missing$")
SOURCES = "{ sources { state isStale lagSeconds } }"
CREATED = '{ report(period: {since: "2025-03-01", until: "2025-04-01"}) { metrics { ticketsCreated { value } } } }'


@pytest.fixture
async def portal(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with desk(server, tmp_path, monkeypatch) as found:
        await found.fill(3)
        yield found


@pytest.fixture
async def gateway(portal: Desk, database: str, tmp_path: Path) -> AsyncIterator[RunningGateway]:
    """A server that follows the portal."""
    async with serving(database, tmp_path / "log", DESKGRAPH_SYNC_SOURCES=str(portal.path)) as running:
        yield running


async def until(reader: Reader, state: str) -> None:
    for _ in range(600):
        if [one["state"] for one in (await reader.ask(SOURCES))["sources"]] == [state]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the source is never {state}")


async def test_a_page_tells_how_old_its_data_is_and_that_a_source_is_behind(
    reader: Reader, portal: Desk, database: str
) -> None:
    await until(reader, "FOLLOWING")
    foot = reader.visit.page.locator(".foot > dl > div", has_text="Data as of")

    await reader.open(f"/?{MARCH}")
    await expect(foot).to_have_text(FRESH)
    await expect(foot).not_to_have_class("foot-stale")

    await portal.portal.execute("ALTER TABLE cases RENAME TO moved")
    await until(reader, "FAILING")
    store = await asyncpg.connect(database)
    await store.execute("UPDATE deskgraph.sync_sources SET as_of = as_of - interval '5 minutes'")
    await store.close()
    await reader.visit.page.reload()
    await reader.settle()

    await expect(foot).to_have_text(BEHIND)
    await expect(foot).to_have_class("foot-stale")
    (told,) = (await reader.ask(SOURCES))["sources"]
    assert told["isStale"]
    assert told["lagSeconds"] >= 300
    assert (await reader.ask(CREATED))["report"]["metrics"]["ticketsCreated"]["value"] == 3
    async with httpx.AsyncClient(base_url=reader.visit.gateway.url, timeout=30) as client:
        metrics = (await client.get("/metrics")).text
    assert 'deskgraph_source_stale{source="desk"} 1.0' in metrics
    assert re.search(r'deskgraph_source_failures\{source="desk"\} [1-9]', metrics)
