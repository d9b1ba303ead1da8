"""A reader of the web UI: what a visit sees on its pages, and what the API says of the same slice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
