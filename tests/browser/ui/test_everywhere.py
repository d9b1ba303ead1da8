"""What holds on every page: a token that ends, new tabs, hints, paper, hands on glass."""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

PATHS = ["/", "/performance", "/agents", "/trends", "/explore?by=category", "/tickets"]
MIN_TARGET_PX = 44
NEAR_ITS_END = timedelta(seconds=63)

SMALL_TARGETS = """
  (least) => [...document.querySelectorAll("button, a[href], input, select, [role=slider]")]
    .filter((one) => one.checkVisibility() && !one.closest(".skip, p, td, .context, dd, .hint-face"))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([, box]) => box.width > 1 && (box.height < least - 0.5))
    .map(([one, box]) => `${one.outerHTML.slice(0, 120)}: ${box.width} x ${box.height}`)
"""


async def test_a_token_near_its_end_is_asked_for_before(reader: Reader) -> None:
    gateway = reader.visit.gateway
    await reader.visit.open(f"/?{AUGUST}&category=billing", token=gateway.token("manager", NEAR_ITS_END))
    page = reader.visit.page
    await reader.settle()

    dialog = page.get_by_role("dialog", name="Your session ends soon")
    await expect(dialog).to_contain_text("The page stays as it is.")
    await dialog.get_by_label("Bearer token").fill(gateway.token("manager"))
    await dialog.get_by_role("button", name="Sign in").click()

    await expect(dialog).not_to_be_attached()
    await reader.settle()
    assert (await reader.query())["category"] == ["billing"]
    assert not [fault for fault in reader.visit.faults if "404" not in fault]  # no demo: it has no tokens to give


async def test_a_tab_that_a_link_opens_has_the_session_and_no_address_the_token(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    async with page.context.expect_page() as waiting:
        await page.get_by_role("link", name="Performance").click(modifiers=["Control"])
    opened = await waiting.value

    await expect(opened.get_by_role("heading", level=1)).to_contain_text("How fast do we answer")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("How is support doing")
    token = reader.visit.gateway.token("manager")
    assert token not in opened.url
    assert not any(token in url for url in reader.visit.requested)


async def test_a_tab_that_nothing_links_to_takes_the_token_of_the_tab_used_last(reader: Reader) -> None:
    page = reader.visit.page
    other = await page.context.new_page()
    await reader.open(f"/?{AUGUST}")
    await other.goto(f"{reader.visit.gateway.url}/#token={reader.visit.gateway.token('client')}")
    await other.get_by_role("button", name="Client").click()
    await page.get_by_role("heading", level=1).click()

    # As the browser's own menu opens a link: without an opener.
    opened = await page.context.new_page()
    await opened.goto(f"{reader.visit.gateway.url}/performance")

    await expect(opened.get_by_role("button", name="Manager")).to_be_visible()
    await expect(opened.get_by_role("heading", level=1)).to_contain_text("How fast do we answer")
    assert reader.visit.gateway.token("manager") not in await opened.evaluate(
        "JSON.stringify(localStorage) + document.cookie + location.href"
    )


async def test_a_tab_that_was_left_takes_no_token_and_gives_none(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await page.get_by_role("button", name="Manager").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    alone = await page.context.new_page()
    await alone.goto(reader.visit.gateway.url)
    await expect(alone.get_by_text("No other tab of this page is signed in")).to_be_visible()
    await alone.get_by_label("Bearer token").fill(reader.visit.gateway.token("agent"))
    await alone.get_by_role("button", name="Sign in").click()
    await expect(alone.get_by_role("button", name="Agent · own tickets")).to_be_visible()
    await page.reload()

    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("in_new_tab", [False, True])
async def test_a_report_goes_on_in_the_query_editor(reader: Reader, in_new_tab: bool) -> None:
    await reader.open(f"/explore?{AUGUST}&by=category&category=billing")
    page = reader.visit.page
    link = page.get_by_role("link", name="Open in GraphiQL")

    if in_new_tab:
        async with page.context.expect_page() as waiting:
            await link.click(modifiers=["Control"])
        page = await waiting.value
    else:
        await link.click()

    editor = Visit(page, reader.visit.gateway)
    await expect(editor.query).to_contain_text("query Explore(")
    given = parse_qs(urlsplit(page.url).query)
    assert json.loads(given["variables"][0])["filter"] == {"category": {"in": ["billing"]}}
    await expect(editor.explorer.get_by_text("report", exact=True)).to_be_visible()
    await editor.run()
    await expect(editor.answer).to_contain_text('"since": "2026-08-01T00:00:00')
    await expect(editor.answer).not_to_contain_text('"errors"')


async def test_a_card_goes_on_in_the_query_editor(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await reader.card("CSAT").get_by_role("button", name="CSAT: more").click()
    await page.get_by_role("menuitem", name="Open in GraphiQL").click()

    await expect(reader.visit.query).to_contain_text("csatScore")
    await expect(reader.visit.explorer.get_by_text("report", exact=True)).to_be_visible()
    await reader.visit.run()
    await expect(reader.visit.answer).to_contain_text('"csatScore": {')


async def test_a_text_is_copied_where_a_browser_has_no_clipboard(reader: Reader) -> None:
    page = reader.visit.page
    await page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    await page.add_init_script(
        "addEventListener('copy', () => { window.copied = document.activeElement.value; }, {capture: true})"
    )
    await reader.open(f"/explore?{AUGUST}&by=category")

    await page.get_by_role("button", name="Copy query").click()
    await expect(page.get_by_role("button", name="Copied")).to_be_focused()
    assert "query Explore(" in await page.evaluate("window.copied")
    await reader.visit.open(f"/?{AUGUST}")
    await reader.settle()
    await reader.card("CSAT").get_by_role("button", name="CSAT: more").click()
    await page.get_by_role("menuitem", name="Copy GraphQL").click()

    await expect(page.get_by_role("menu")).not_to_be_attached()
    assert "csatScore" in await page.evaluate("window.copied")
    assert reader.visit.faults == []


async def test_a_hint_closes_on_escape_and_opens_again(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    title = reader.card("CSAT").get_by_role("heading").get_by_role("button")
    hint = reader.card("CSAT").get_by_role("heading").get_by_role("tooltip")

    await title.hover()
    await expect(hint).to_be_visible()
    await reader.visit.page.keyboard.press("Escape")
    await expect(hint).not_to_be_visible()
    await reader.visit.page.mouse.move(0, 0)
    await title.hover()

    await expect(hint).to_be_visible()


async def test_paper_is_light_whatever_the_theme(reader: Reader) -> None:
    page = reader.visit.page
    await reader.open(f"/?{AUGUST}")
    await page.evaluate("localStorage.setItem('deskgraph.theme', 'dark')")
    await page.reload()
    await reader.settle()
    ground = "getComputedStyle(document.body).backgroundColor"
    assert await page.evaluate(ground) == "rgb(19, 21, 23)"

    await page.emulate_media(media="print")

    assert await page.evaluate(ground) == "rgb(251, 251, 250)"


async def test_paper_has_the_content_and_what_it_is_of_alone(reader: Reader) -> None:
    page = reader.visit.page
    await page.set_viewport_size({"width": 700, "height": 1000})
    await reader.open(f"/?{AUGUST}&priority=high")
    await page.emulate_media(media="print")

    text = await page.locator("body").inner_text()
    assert "with priority High" in text
    assert "Drag" not in text
    assert await page.evaluate("getComputedStyle(document.documentElement).scrollbarGutter") == "auto"
    first, second = [await reader.card(title).bounding_box() for title in ("Open tickets", "First response time, mean")]
    assert first is not None
    assert second is not None
    assert first["y"] == second["y"]
    await reader.open(f"/explore?{AUGUST}")
    assert "query Explore" not in await page.locator("body").inner_text()


@pytest.mark.parametrize("path", PATHS)
async def test_a_finger_finds_every_target(reader: Reader, path: str) -> None:
    browser = reader.visit.page.context.browser
    assert browser is not None
    context = await browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = await context.new_page()

    await page.goto(f"{reader.visit.gateway.url}{path}#token={reader.visit.gateway.token('manager')}")
    await expect(page.locator(".cards[aria-busy=false]")).to_be_visible(timeout=20_000)

    assert await page.evaluate("matchMedia('(pointer: coarse)').matches")
    assert await page.evaluate(SMALL_TARGETS, MIN_TARGET_PX) == []
    await context.close()


async def test_the_focus_goes_as_the_page_is_read(reader: Reader) -> None:
    await reader.open(f"/explore?{AUGUST}&by=category")
    page = reader.visit.page
    order = ["Skip to the content", "deskgraph", "Overview", "Performance", "Agents", "Trends", "Explore", "Tickets"]
    further = [
        "GraphQL",
        "Exports",
        "Schedules",
        "Manager",
        "Period",
        "Compared with",
        "Filter",
        "Zone",
        "Counted by",
        "Clock",
        "Metric",
    ]

    for name in [*order, *further]:
        await page.keyboard.press("Tab")
        said = await page.evaluate("document.activeElement.textContent")
        assert name in said, (name, said)


async def test_motion_stops_for_those_who_ask(reader: Reader) -> None:
    await reader.visit.page.emulate_media(reduced_motion="reduce")
    await reader.open(f"/?{AUGUST}")

    moves = "(one) => /[1-9]/.test(getComputedStyle(one).transitionDuration + getComputedStyle(one).animationDuration)"
    found = f"[...document.querySelectorAll('*')].filter({moves}).map((one) => one.outerHTML.slice(0, 200))"
    assert await reader.visit.page.evaluate(found) == []


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (500, '{"errors": [{"message": "It broke (id 7).", "extensions": {"code": "INTERNAL"}}]}', "It broke (id 7)."),
        (502, "<h1>Bad gateway</h1>", "The gateway answered 502"),
        (504, '{"errors": [{"message": "Too slow.", "extensions": {"code": "TIMEOUT"}}]}', "Shorten the period"),
        (429, '{"errors": [{"message": "Slow down.", "extensions": {"code": "RATE_LIMITED"}}]}', "Wait a moment"),
    ],
)
async def test_an_answer_that_is_none_is_said_with_a_retry(reader: Reader, status: int, body: str, said: str) -> None:
    async def fail(route: Route) -> None:
        await route.fulfill(status=status, content_type="application/json", body=body)

    await reader.open(f"/explore?{AUGUST}&by=category")
    page = reader.visit.page
    before = await page.locator(".data-table").inner_text()
    await page.route("**/graphql?*", fail)
    await page.get_by_role("button", name="Period:").click()
    await page.get_by_role("button", name="Last 90 days").click()

    await expect(page.get_by_role("alert")).to_contain_text(said)
    assert await page.locator(".data-table").inner_text() == before
    await page.unroute("**/graphql?*")
    await page.get_by_role("button", name="Retry").click()
    await expect(page.get_by_role("alert")).not_to_be_attached()


async def test_a_metric_that_fails_leaves_the_others(reader: Reader) -> None:
    async def withhold(route: Route) -> None:
        answer = await route.fetch()
        body = json.loads(await answer.text())
        row = body["data"]["report"]["breakdown"]["rows"][0]
        row["metrics"]["csatScore"] = None
        body["errors"] = [{"message": "csatScore failed.", "path": ["report"], "extensions": {"code": "INTERNAL"}}]
        await route.fulfill(response=answer, json=body)

    await reader.visit.page.route("**/graphql?query*", withhold)
    await reader.open(f"/explore?{AUGUST}&metric=ticketsCreated&metric=csatScore&by=category")

    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("csatScore failed.")
    await expect(reader.visit.page.locator(".data-table tbody tr").first).to_contain_text("—")
