"""Debian's chromium, started once for all browser tests; each test visits with a fresh profile."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.visit import Gateway, Visit

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A running browser with a user data folder of its own."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        await started.close()


@pytest.fixture
async def visit(browser: Browser, gateway: Gateway) -> AsyncIterator[Visit]:
    """A visit that keeps nothing of the ones before, and fails where anyone but the gateway was asked."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(PATIENCE_MS)
    visit = Visit(await context.new_page(), gateway)
    await visit.listen()
    yield visit
    await context.close()
    assert visit.foreign == []
