"""A reader of the web UI: what a visit sees on its pages, and what the API says of the same slice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from playwright.async_api import Locator, expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.visit import Visit

expect.set_options(timeout=PATIENCE_MS)

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
AUGUST = "since=2026-08-01&until=2026-09-01&timezone=Europe/Berlin"
"""A slice that is over, of the tests' demo data."""


@dataclass(frozen=True)
class Slice:
    """A slice as an address and REST have it, as GraphQL has it, and who may ask for it there."""

    query: str
    arguments: str
    asks: str

    def arguments_with(self, dimension: str, id_: str) -> str:
        """The arguments, narrowed further to one value of a dimension."""
        return self.arguments.replace("filter: {", f'filter: {{{dimension}: {{in: ["{id_}"]}}, ')


@dataclass(frozen=True)
class Days:
    """From a first day on, up to and without another."""

    since: date
    until: date

    @property
    def before(self) -> Days:
        """As many days before them."""
        return Days(self.since - (self.until - self.since), self.since)


AUGUST_DAYS = Days(date(2026, 8, 1), date(2026, 9, 1))


def slice_for(role: str, days: Days = AUGUST_DAYS, zone: str = "Europe/Berlin") -> Slice:
    """Days for a role; a manager's are narrowed and on another clock, so that no part of a page may leave that out."""
    period = f'period: {{since: "{days.since}", until: "{days.until}"}}, timezone: "{zone}"'
    query = f"since={days.since}&until={days.until}&timezone={zone}"
    if role == "manager":
        narrowed = 'clock: BUSINESS, filter: {priority: {in: ["normal", "high"]}}'
        return Slice(f"{query}&priority=normal&priority=high&clock=business", f"{period}, {narrowed}", role)
    # A client may ask no query of its own: a manager asks for its organization.
    if role == "client":
        return Slice(query, f'{period}, filter: {{organization: {{in: ["O-001"]}}}}', "manager")
    # A lead counts what became of the tickets that were created in these days.
    if role == "team_lead":
        return Slice(f"{query}&attribution=creation", f"{period}, attribution: CREATION, filter: {{}}", role)
    return Slice(query, f"{period}, filter: {{}}", role)


@dataclass(frozen=True)
class Reader:
    """A visit that reads reports."""

    visit: Visit

    async def open(self, path: str, role: str = "manager") -> None:
        """Opens a page as a role, and waits for its numbers."""
        await self.visit.open(path, token=self.visit.gateway.token(role))
        await self.settle()

    async def settle(self) -> None:
        """Waits until the page's numbers are there and none is on its way."""
        await expect(self.visit.page.locator(".cards[aria-busy=false]")).to_be_visible()
        await expect(self.visit.page.locator(".data-table[aria-busy=true]")).to_have_count(0)

    def card(self, title: str) -> Locator:
        """A card by its title."""
        return self.visit.page.get_by_role("region", name=title, exact=True)

    async def query(self) -> dict[str, list[str]]:
        """The parameters in the address."""
        return parse_qs(urlsplit(self.visit.page.url).query)

    async def report(self, name: str, query: str, role: str = "manager") -> Any:
        """What REST answers to the same slice."""
        headers = {"Authorization": f"Bearer {self.visit.gateway.token(role)}"}
        async with httpx.AsyncClient(base_url=self.visit.gateway.url, headers=headers, timeout=30) as client:
            answer = await client.get(f"/api/tickets/reports/{name}?{query}")
        assert answer.status_code == 200, answer.text
        return answer.json()[name]

    async def ask(self, document: str, role: str = "manager") -> Any:
        """What GraphQL answers."""
        headers = {"Authorization": f"Bearer {self.visit.gateway.token(role)}"}
        async with httpx.AsyncClient(base_url=self.visit.gateway.url, headers=headers, timeout=30) as client:
            answer = (await client.post("/graphql", json={"query": document})).json()
        assert "errors" not in answer, answer
        return answer["data"]

    async def violations(self) -> list[str]:
        """What axe finds: rule and first place."""
        await self.visit.page.evaluate(AXE.read_text("utf-8"))
        found = await self.visit.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found["violations"]]

    def operations(self) -> Iterator[str]:
        """The operations that were asked, by the first bytes of their documents' hashes."""
        for url in self.visit.requested:
            if urlsplit(url).path == "/graphql" and (found := re.search(r"sha256Hash%22%3A%22([0-9a-f]{64})", url)):
                yield found[1]
