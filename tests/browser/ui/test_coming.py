"""How each page comes: without a jump, by one request, and again after a reload, a way back and a failed gateway."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Error, Route, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

PATHS = ["/", "/performance", "/agents", "/agents/A-07", "/trends", "/explore?by=category", "/tickets"]
NAMES = ["Performance", "Agents", "Trends", "Explore", "Overview", "Tickets"]
SCREENS = [
    *((path, 1280, 800, 8) for path in PATHS),
    *((path, 360, 740, 24) for path in ("/", "/performance", "/trends")),
]
"""A page, width, height, and how far a place may be off: what wraps on a narrow screen differs with the words."""
MAX_SHIFT = 0.02
"""Of the browser's own measure; 0.1 is what is called good."""
PLACES = "[...document.querySelectorAll('.cards > *')].map((one) => one.getBoundingClientRect().top + scrollY)"
WATCH_SHIFTS = """
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
  }).observe({type: "layout-shift", buffered: true});
"""


def with_slice(path: str) -> str:
    """A page's address for August."""
    return f"{path}{'&' if '?' in path else '?'}{AUGUST}"


def asked(reader: Reader) -> int:
    """How often the gateway was asked a query."""
    return sum(urlsplit(url).path == "/graphql" and urlsplit(url).scheme == "http" for url in reader.visit.requested)


@pytest.mark.parametrize(("path", "width", "height", "slack"), SCREENS)
async def test_nothing_jumps_when_the_one_request_is_answered(
    reader: Reader, path: str, width: int, height: int, slack: int
) -> None:
    page = reader.visit.page
    is_let_go = asyncio.Event()

    async def hold(route: Route) -> None:
        if asked(reader) > 1:  # the first one asks who looks
            await is_let_go.wait()
        await route.continue_()

    await page.route("**/graphql?*", hold)
    await page.add_init_script(WATCH_SHIFTS)
    await page.set_viewport_size({"width": width, "height": height})
    await reader.visit.open(with_slice(path), token=reader.visit.gateway.token("manager"))
    await expect(page.locator(".cards[aria-busy=true]")).to_be_visible()
    before = await page.evaluate(PLACES)
    is_let_go.set()
    await reader.settle()
    await expect(page.locator(".chart-body:empty")).to_have_count(0)

    after = await page.evaluate(PLACES)
    assert before
    assert len(after) >= len(before)
    in_sight = [(was, now) for was, now in zip(before, after, strict=False) if was < height]
    assert all(abs(now - was) <= slack for was, now in in_sight), in_sight
    assert await page.evaluate("window.shift") < MAX_SHIFT
    assert asked(reader) == 2  # who looks, and the page


async def test_each_page_says_that_the_gateway_failed_and_asks_again(reader: Reader) -> None:
    async def fail(route: Route) -> None:
        refusal = '{"errors": [{"message": "The store is away.", "extensions": {"code": "UNAVAILABLE"}}]}'
        await route.fulfill(status=503, content_type="application/json", body=refusal)

    async def lose(route: Route) -> None:
        await route.abort()

    await reader.open(f"/tickets?{AUGUST}&priority=high")
    page = reader.visit.page

    for name in NAMES:
        await page.route("**/graphql?*", fail)
        await page.get_by_role("link", name=name, exact=True).click()
        await expect(page.get_by_role("alert")).to_contain_text("The reporting store is away")
        await page.unroute("**/graphql?*")
        await page.route("**/graphql?*", lose)
        await page.get_by_role("button", name="Retry").click()
        await expect(page.get_by_role("alert")).to_contain_text("The gateway does not answer")
        await page.unroute("**/graphql?*")
        await page.get_by_role("button", name="Retry").click()
        await reader.settle()
        await expect(page.get_by_role("alert")).not_to_be_attached()


@pytest.mark.parametrize("path", ["/performance", "/agents", "/trends", "/tickets"])
async def test_a_page_is_the_same_after_a_reload_and_after_the_way_back(reader: Reader, path: str) -> None:
    page = reader.visit.page
    await reader.open(f"{with_slice(path)}&priority=high&compareTo=previous_year&attribution=creation")
    cards, address = page.locator(".cards"), urlsplit(page.url)
    await expect(page.locator(".chart-body:empty")).to_have_count(0)
    shown = await cards.inner_text()

    await page.reload()
    await reader.settle()
    await expect(cards).to_have_text(shown, use_inner_text=True)
    await page.get_by_role("link", name="Overview", exact=True).click()
    await expect(reader.card("Now")).to_be_visible()
    await page.go_back()
    await expect(reader.card("Now")).not_to_be_attached()
    await reader.settle()

    await expect(cards).to_have_text(shown, use_inner_text=True)
    assert urlsplit(page.url) == address


async def test_what_is_known_is_asked_only_whether_it_holds(reader: Reader) -> None:
    page = reader.visit.page
    await reader.open(f"/performance?{AUGUST}")
    await page.get_by_role("link", name="Overview", exact=True).click()
    await expect(reader.card("Now")).to_be_visible()
    await reader.settle()

    async with page.expect_response(lambda one: "/graphql?" in one.url) as waiting:
        await page.go_back()

    answer = await waiting.value
    assert (await answer.request.all_headers())["if-none-match"]
    assert answer.status == 304
    await expect(reader.card("By status")).to_be_visible()


async def test_what_is_superseded_is_given_up(reader: Reader) -> None:
    page = reader.visit.page
    is_let_go = asyncio.Event()

    async def hold(route: Route) -> None:
        await is_let_go.wait()
        with suppress(Error):  # it was given up
            await route.continue_()

    await reader.open(f"/performance?{AUGUST}")
    await page.route("**/graphql?*", hold, times=1)
    await reader.card("By status").get_by_role("button", name="Closed").click()
    await expect(page.locator(".cards[aria-busy=true]")).to_be_visible()

    async with page.expect_event("requestfailed", lambda one: "/graphql?" in one.url) as waiting:
        await reader.card("By status").get_by_role("button", name="Open").click()

    assert "ABORTED" in ((await waiting.value).failure or "")
    is_let_go.set()
    await reader.settle()
    assert (await reader.query())["status"] == ["closed", "open"]
