"""The rendered description of the REST routes, in a browser, under the strict policy."""

from __future__ import annotations

import httpx
import pytest

from rest_compat.pages import CONTENT_SECURITY_POLICY
from tests.browser.visit import Gateway, Visit

pytestmark = pytest.mark.browser


async def test_every_route_is_shown_and_can_be_tried_with_the_token_of_the_tab(visit: Visit) -> None:
    page = visit.page

    await visit.open("/docs", visit.gateway.token("manager"))
    await page.get_by_role("heading", name="deskgraph reports").wait_for()
    paths = await page.locator(".opblock-summary-path").all_inner_texts()
    await page.locator("#operations-reports-summary .opblock-summary-control").click()
    async with page.expect_response(lambda one: "/api/tickets/reports/summary" in one.url) as coming:
        await page.locator("#operations-reports-summary button.execute").click()
    answer = await coming.value
    await page.locator("#operations-reports-summary .live-responses-table .response-col_status").first.wait_for()

    assert [path.replace("\u200b", "").rpartition("/")[2] for path in paths] == [
        "summary", "performance", "agents", "trends", "export", "{id}", "{id}", "result", "ingest",
    ]  # fmt: skip
    assert answer.status == 200, await answer.text()
    assert "#token" not in page.url
    assert visit.faults == []


async def test_the_page_allows_no_more_than_those_of_the_ui(gateway: Gateway) -> None:
    async with httpx.AsyncClient(base_url=gateway.url) as client:
        page, described = await client.get("/docs"), await client.get("/openapi.json")
        again = await client.get("/openapi.json", headers={"If-None-Match": described.headers["etag"]})

    assert page.status_code == described.status_code == 200
    assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert described.headers["content-type"] == "application/json"
    assert described.json()["openapi"] == "3.1.0"
    assert (again.status_code, again.content) == (304, b"")
