"""For every hand, eye and screen: keys, axe in both themes, the narrow screen, print."""

from __future__ import annotations

import re
from typing import Literal

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

PAGES = ["/", "/performance"]
TABLES = ["/agents", "/agents/A-07", "/tickets"]
TAB_STOPS = 60
FOCUSED = """
  () => {
    const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
    const place = [...document.querySelectorAll("*")].indexOf(one);
    const outline = style.outlineWidth === "0px" ? "none" : style.outlineStyle;
    return [`${place} ${one.outerHTML.slice(0, 100)}`, outline, box.bottom > 0 && box.top < innerHeight];
  }
"""
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing(reader: Reader, path: str, scheme: Literal["light", "dark"]) -> None:
    await reader.visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await reader.open(f"{path}?{AUGUST}&category=billing")
    await expect(reader.visit.page.locator(".chart canvas, .histogram")).to_have_count(2)

    assert await reader.violations() == []
    await reader.visit.page.get_by_role("button", name="Period:").click()
    assert await reader.violations() == []
    await reader.visit.page.keyboard.press("Escape")
    await reader.visit.page.get_by_role("button", name="Filter", exact=True).click()
    assert await reader.violations() == []
    await reader.visit.page.keyboard.press("Escape")
    await reader.visit.page.keyboard.press("?")
    assert await reader.violations() == []
    assert reader.visit.faults == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", TABLES)
async def test_axe_finds_nothing_in_tables(reader: Reader, path: str, scheme: Literal["light", "dark"]) -> None:
    await reader.visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await reader.open(f"{path}?{AUGUST}&metric=avgResponseTime")

    assert await reader.violations() == []
    for name in ("Columns", "Table of Response times"):
        if await (button := reader.visit.page.get_by_role("button", name=name)).count():
            await button.click()
            assert await reader.violations() == []
    assert reader.visit.faults == []


@pytest.mark.parametrize("path", [*PAGES, *TABLES])
async def test_nothing_is_wider_than_a_narrow_screen(reader: Reader, path: str) -> None:
    await reader.visit.page.set_viewport_size({"width": 360, "height": 740})
    await reader.open(f"{path}?{AUGUST}")

    assert await reader.visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await reader.violations() == []


async def test_keys_lead_everywhere(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Keys")).not_to_be_attached()
    await page.keyboard.press("g")
    await page.keyboard.press("p")

    await expect(page.get_by_role("heading", level=1)).to_contain_text("How fast do we answer")
    assert (await reader.query())["since"] == ["2026-08-01"]


async def test_each_page_has_its_key(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page
    paths = {"p": "performance", "a": "agents", "t": "trends", "e": "explore", "i": "tickets", "o": ""}

    for letter, path in paths.items():
        await page.keyboard.press("g")
        await page.keyboard.press(letter)
        await page.wait_for_url(re.compile(rf"//[^/]+/{path}\?since=2026-08-01"))
        await reader.settle()


async def test_the_focus_is_seen_wherever_it_goes(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}")
    page = reader.visit.page
    seen = set()

    for _ in range(TAB_STOPS):
        await page.keyboard.press("Tab")
        at, outline, is_in_sight = await page.evaluate(FOCUSED)
        seen.add(at)
        assert not outline.startswith("none"), at
        assert is_in_sight, at
    assert len(seen) == TAB_STOPS


async def test_a_menu_is_used_by_keys_alone(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await reader.card("CSAT").get_by_role("button", name="CSAT: more").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="See the tickets")).to_be_focused()
    await page.keyboard.press("End")
    await expect(page.get_by_role("menuitem", name="Definition")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("dialog", name="CSAT")).to_contain_text("Ratings of 4 or 5 over all ratings.")


async def test_a_chosen_theme_stays(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await page.get_by_role("button", name=re.compile("^Manager")).click()
    await page.get_by_role("menuitemradio", name="Dark").click()
    await page.reload()
    await reader.settle()

    assert await page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    assert await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(19, 21, 23)"


async def test_print_has_the_filter_as_a_sentence_and_no_controls(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}&category=billing")

    await reader.visit.page.emulate_media(media="print")

    await expect(reader.visit.page.locator(".print-only")).to_contain_text("with category")
    await expect(reader.visit.page.get_by_role("search", name="Filters")).to_be_hidden()
    await expect(reader.card("CSAT")).to_be_visible()


async def test_a_tablet_shows_all_pages_and_a_menu_that_stays_on_it(reader: Reader) -> None:
    page = reader.visit.page
    await page.set_viewport_size({"width": 768, "height": 600})
    await reader.open(f"/tickets?{AUGUST}")

    for link in await page.get_by_role("navigation", name="Pages").get_by_role("link").all():
        box = await link.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 768
    await page.get_by_role("button", name="Columns").click()
    menu = await page.locator(".popover:popover-open").bounding_box()
    assert menu is not None
    assert menu["y"] + menu["height"] <= 600


async def test_the_page_that_is_shown_is_in_sight_of_a_narrow_navigation(reader: Reader) -> None:
    await reader.visit.page.set_viewport_size({"width": 360, "height": 740})
    await reader.open(f"/explore?{AUGUST}&by=category")

    link = reader.visit.page.get_by_role("navigation", name="Pages").get_by_role("link", name="Explore")
    await expect(link).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [360, 1280])
async def test_panels_lie_under_their_buttons_where_style_sheets_cannot_place_them(reader: Reader, width: int) -> None:
    page = reader.visit.page
    await page.add_init_script(
        """
          const supports = CSS.supports.bind(CSS);
          CSS.supports = (name, ...rest) => name !== "position-area" && supports(name, ...rest);
        """
    )
    await page.set_viewport_size({"width": width, "height": 740})
    await reader.open(f"/performance?{AUGUST}")

    for name in ("Period:", "Zone:", "First response: more"):
        button = page.get_by_role("button", name=name).first
        await button.scroll_into_view_if_needed()
        await button.click()
        panel = page.locator(".popover:popover-open")
        await expect(panel).to_be_visible()
        await page.wait_for_function("document.querySelector('.popover:popover-open').style.top !== ''")
        anchor, box = await button.bounding_box(), await panel.bounding_box()
        assert anchor is not None
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert box["x"] < anchor["x"] + anchor["width"]
        assert box["x"] + box["width"] > anchor["x"]
        below, above = box["y"] - (anchor["y"] + anchor["height"]), anchor["y"] - (box["y"] + box["height"])
        assert 0 <= below <= 8 or 0 <= above <= 16
        await page.keyboard.press("Escape")
    assert reader.visit.faults == []
