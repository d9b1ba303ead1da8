"""The query editor in a real browser, against the real gateway."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.async_api import expect

from tests.browser.conftest import PATIENCE_MS
from tests.browser.visit import Visit

pytestmark = pytest.mark.browser

expect.set_options(timeout=PATIENCE_MS)

VIEWER = "query Typed { viewer { role } }"
REPORT = """query Typed {
  report(period: {preset: LAST_30_DAYS}) {
    asOf
    summary { openTickets { value } avgResponseTime { value median unit } }
  }
}"""
REFUSED = re.compile(r'"(message|detail)":')


def refusals(visit: Visit) -> list[str]:
    """The faults that are the browser's note of a 401."""
    return [fault for fault in visit.faults if "401" in fault]


async def test_the_page_loads_without_a_fault_and_asks_only_the_gateway(visit: Visit) -> None:
    async with visit.page.expect_request(re.compile(r"/assets/graphql\.worker-[^/]+\.js$")):
        await visit.open("/graphql")

    await expect(visit.query).to_contain_text("query Report")
    await expect(visit.word).to_contain_text("No token is set")
    assert visit.faults == []


async def test_the_explorer_lists_the_fields_of_the_schema(visit: Visit) -> None:
    await visit.open("/graphql", token=visit.gateway.token("manager"))

    await expect(visit.explorer.get_by_text("Explorer", exact=True)).to_be_visible()
    for name in ("viewer", "report", "asOf", "openTickets", "avgResponseTime"):
        await expect(visit.explorer.get_by_text(name, exact=True).first).to_be_visible()
    assert visit.faults == []


async def test_a_field_clicked_in_the_explorer_leaves_the_query(visit: Visit) -> None:
    await visit.open("/graphql", token=visit.gateway.token("manager"))
    await expect(visit.query).to_contain_text("asOf")

    await visit.explorer.get_by_text("asOf", exact=True).click()

    await expect(visit.query).not_to_contain_text("asOf")
    assert visit.faults == []


async def test_the_query_a_reader_finds_there_shows_data(visit: Visit) -> None:
    await visit.open("/graphql", token=visit.gateway.token("manager"))
    await expect(visit.explorer.get_by_text("report", exact=True)).to_be_visible()

    await visit.run()

    await expect(visit.answer).to_contain_text('"openTickets": {')
    await expect(visit.answer).not_to_contain_text('"errors"')
    assert visit.faults == []


@pytest.mark.parametrize(
    ("query", "shown"), [(VIEWER, '"role": "'), (REPORT, '"avgResponseTime": {')], ids=["viewer", "report"]
)
async def test_a_typed_query_shows_data(visit: Visit, query: str, shown: str) -> None:
    await visit.open("/graphql", token=visit.gateway.token("manager"))
    await expect(visit.explorer.get_by_text("report", exact=True)).to_be_visible()

    await visit.type_query(query)
    await visit.page.keyboard.press("Control+Enter")

    await expect(visit.answer).to_contain_text(shown)
    await expect(visit.answer).not_to_contain_text('"errors"')
    assert visit.faults == []


async def test_a_token_pasted_into_the_field_is_used_and_kept_for_the_tab_only(visit: Visit) -> None:
    token = visit.gateway.token("manager")
    await visit.open("/graphql")

    await visit.page.get_by_label("Bearer token").fill(f" Bearer {token}\n")
    await visit.page.get_by_role("button", name="Use token").click()
    await expect(visit.explorer.get_by_text("report", exact=True)).to_be_visible()
    await visit.page.reload()
    await expect(visit.explorer.get_by_text("report", exact=True)).to_be_visible()

    assert token in await visit.page.evaluate("JSON.stringify(sessionStorage)")
    assert token not in await visit.page.evaluate("JSON.stringify(localStorage) + document.cookie")
    assert visit.faults == []


async def test_a_forgotten_token_is_gone(visit: Visit) -> None:
    await visit.open("/graphql", token=visit.gateway.token("manager"))

    await visit.page.get_by_role("button", name="Forget").click()

    await expect(visit.word).to_contain_text("No token is set")
    assert await visit.page.evaluate("Object.values(sessionStorage).join()") == ""


async def test_a_token_in_the_link_leaves_the_address_and_the_history(visit: Visit) -> None:
    token = visit.gateway.token("manager")
    await visit.open("/graphql", token=token)

    await expect(visit.explorer.get_by_text("report", exact=True)).to_be_visible()

    assert visit.page.url == f"{visit.gateway.url}/graphql"
    assert all(token not in url for url in visit.requested)
    await visit.page.goto(f"{visit.gateway.url}/")
    await visit.page.go_back()
    assert visit.page.url == f"{visit.gateway.url}/graphql"


async def test_a_link_with_a_token_works_in_a_tab_that_shows_the_page_already(visit: Visit) -> None:
    await visit.open("/graphql")
    await expect(visit.word).to_contain_text("No token is set")

    await visit.open("/graphql", token=visit.gateway.token("manager"))

    await expect(visit.explorer.get_by_text("report", exact=True)).to_be_visible()
    assert visit.page.url == f"{visit.gateway.url}/graphql"


async def test_a_wrong_token_is_refused_in_plain_words(visit: Visit) -> None:
    await visit.open("/graphql", token="not-a-token")

    await expect(visit.word).to_contain_text("The gateway refused this token")
    await visit.run()

    await expect(visit.answer).to_contain_text(REFUSED)
    assert visit.faults == refusals(visit)


async def test_a_query_without_a_token_shows_the_error(visit: Visit) -> None:
    await visit.open("/graphql")
    await expect(visit.query).to_contain_text("query Report")

    await visit.run()

    await expect(visit.answer).to_contain_text(REFUSED)
    assert visit.faults == refusals(visit)


async def test_what_cannot_be_a_token_is_not_sent(visit: Visit) -> None:
    await visit.open("/graphql")

    await visit.page.get_by_label("Bearer token").fill("two words")
    await visit.page.get_by_role("button", name="Use token").click()

    await expect(visit.word).to_contain_text("That is not a bearer token")
    assert await visit.page.evaluate("Object.values(sessionStorage).join()") == ""


async def test_a_link_with_a_query_opens_with_it(visit: Visit) -> None:
    query = "query Linked { viewer { role } }"
    await visit.open(f"/graphql?query={quote(query)}", token=visit.gateway.token("manager"))

    await expect(visit.query).to_contain_text(query)
    await expect(visit.explorer.get_by_text("viewer", exact=True)).to_be_visible()
    await visit.run()

    await expect(visit.answer).to_contain_text('"role": "')
    assert visit.page.url == f"{visit.gateway.url}/graphql?query={quote(query)}"
    assert visit.faults == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_first_page_leads_to_the_editor(visit: Visit, scheme: str) -> None:
    await visit.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await visit.open("/", token=visit.gateway.token("manager"))

    await visit.page.get_by_role("link", name="GraphQL").click()

    await expect(visit.query).to_contain_text("query Report")
    assert visit.faults == []


async def test_a_narrow_screen_has_the_query_and_below_it_the_answer(visit: Visit) -> None:
    await visit.page.set_viewport_size({"width": 360, "height": 740})
    await visit.open("/graphql", token=visit.gateway.token("manager"))
    await expect(visit.query).to_contain_text("query Report")

    await visit.run()
    await expect(visit.answer).to_contain_text('"data"')

    query = await visit.page.locator(".graphiql-editors").bounding_box()
    answer = await visit.page.locator(".graphiql-response").bounding_box()
    assert query is not None
    assert answer is not None
    assert min(query["width"], answer["width"]) > 300
    assert answer["y"] >= query["y"] + query["height"]
    assert await visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
