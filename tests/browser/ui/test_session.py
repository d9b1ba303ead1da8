"""Who looks, and what they are told when something is in the way."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser


def expected(reader: Reader, *words: str) -> bool:
    """Whether all faults are the browser's own notes of what the test did."""
    return all(any(word in fault for word in words) for fault in reader.visit.faults)


async def test_nobody_is_asked_for_a_token_and_then_sees_the_page(reader: Reader) -> None:
    await reader.visit.open(f"/?{AUGUST}")

    await reader.visit.page.get_by_label("Bearer token").fill(reader.visit.gateway.token("manager"))
    await reader.visit.page.get_by_role("button", name="Sign in").click()

    await reader.settle()
    assert (await reader.query())["since"] == ["2026-08-01"]
    assert expected(reader, "404")  # no demo: it has no tokens to give


async def test_a_token_in_the_link_leaves_the_address(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")

    assert "token" not in reader.visit.page.url
    assert not any(reader.visit.gateway.token("manager") in url for url in reader.visit.requested)


async def test_a_token_that_ends_is_replaced_without_losing_the_page(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page
    # Else its socket, still opening, is what learns first that the token is over, and the dialog lies over the filters.
    await expect(reader.card("Now")).to_contain_text("live")

    await page.evaluate("sessionStorage.setItem('deskgraph.token', 'over.and.done')")
    await page.get_by_role("button", name="Period:").click()
    await page.get_by_role("button", name="Last 90 days").click()
    dialog = page.get_by_role("dialog", name="Your session is over")
    await expect(dialog).to_be_visible()
    await expect(reader.card("Open tickets")).to_be_attached()
    await dialog.get_by_label("Bearer token").fill(reader.visit.gateway.token("manager"))
    await dialog.get_by_role("button", name="Sign in").click()

    await expect(dialog).not_to_be_attached()
    await reader.settle()
    await expect(page.get_by_role("button", name="Period:")).to_contain_text("Last 90 days")
    assert expected(reader, "401", "404")


async def test_a_refusal_that_comes_late_says_nothing_of_the_new_token(reader: Reader) -> None:
    held: asyncio.Queue[Route] = asyncio.Queue()
    await reader.open(f"/explore?{AUGUST}")
    page = reader.visit.page
    dialog = page.get_by_role("dialog", name="Your session is over")
    save = page.get_by_role("button", name="Save", exact=True)
    await page.get_by_role("button", name="Save …").click()
    await page.get_by_label("Name").fill("August")
    await expect(save).to_be_enabled()
    await page.evaluate("sessionStorage.setItem('deskgraph.token', 'over.and.done')")
    await page.route("**/graphql", held.put, times=1)
    await save.click()
    late = await held.get()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Period:").click()
    await page.get_by_role("button", name="Last 90 days").click()
    await dialog.get_by_label("Bearer token").fill(reader.visit.gateway.token("manager"))
    await dialog.get_by_role("button", name="Sign in").click()
    await expect(dialog).not_to_be_attached()

    async with page.expect_event("requestfinished", lambda one: one.method == "POST"):
        await late.continue_()

    await reader.settle()
    await page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    await expect(dialog).not_to_be_attached()
    assert expected(reader, "401", "404")


async def test_a_wrong_token_is_refused_in_words(reader: Reader) -> None:
    await reader.visit.open("/", token="not.a.token")

    await expect(reader.visit.page.get_by_text("The gateway refused the token")).to_be_visible()
    await expect(reader.visit.page.locator("main code")).to_have_text("deskgraph token --role manager")
    await expect(reader.visit.page.get_by_text("`")).to_have_count(0)


async def test_a_gateway_that_is_away_is_said_and_asked_again(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    page = reader.visit.page

    await page.context.set_offline(True)
    await page.get_by_role("button", name="Period:").click()
    await page.get_by_role("button", name="Last 90 days").click()
    await expect(page.get_by_role("alert")).to_contain_text("The gateway does not answer")
    await expect(reader.card("Now")).to_contain_text(re.compile("connecting|does not answer"))
    await expect(reader.card("Open tickets")).to_be_visible()
    await page.context.set_offline(False)
    await page.get_by_role("button", name="Retry").click()

    await reader.settle()
    await expect(page.get_by_role("alert")).not_to_be_attached()
    assert expected(reader, "ERR_INTERNET_DISCONNECTED")


async def test_a_filter_outside_the_scope_is_said(reader: Reader) -> None:
    await reader.visit.open(f"/?{AUGUST}&team=onboarding", token=reader.visit.gateway.token("team_lead"))

    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("Your role does not show this")


async def test_a_failing_store_is_said_with_a_retry(reader: Reader) -> None:
    async def fail(route: Route) -> None:
        refusal = '{"errors": [{"message": "The store is away.", "extensions": {"code": "UNAVAILABLE"}}]}'
        await route.fulfill(status=503, content_type="application/json", body=refusal)

    await reader.open(f"/?{AUGUST}")
    await reader.visit.page.route("**/graphql?*", fail)
    await reader.visit.page.get_by_role("link", name="Performance").click()
    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("The reporting store is away")
    await reader.visit.page.unroute("**/graphql?*")
    await reader.visit.page.get_by_role("button", name="Retry").click()

    await reader.settle()
    await expect(reader.card("By status")).to_be_visible()


async def test_an_address_without_a_page_is_said(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    await reader.visit.page.evaluate("history.pushState(null, '', '/nowhere')")

    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("No page has the address /nowhere")


async def test_a_token_that_a_portal_puts_into_the_header_is_enough(reader: Reader) -> None:
    page = reader.visit.page
    token = reader.visit.gateway.token("team_lead")
    await page.context.set_extra_http_headers({"Authorization": f"Bearer {token}"})

    await reader.visit.open(f"/?{AUGUST}")
    await reader.settle()
    await expect(page.get_by_role("button", name="Team lead · team billing")).to_be_visible()
    assert token not in await page.evaluate("JSON.stringify(sessionStorage) + document.documentElement.outerHTML")
    await page.goto(f"{reader.visit.gateway.url}/graphql")
    await expect(reader.visit.word).to_contain_text("The portal says who you are")
    await reader.visit.run()
    await expect(reader.visit.answer).to_contain_text('"role": "TEAM_LEAD"')

    await page.go_back()
    await page.get_by_role("button", name="Team lead").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await page.reload()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert expected(reader, "404")
