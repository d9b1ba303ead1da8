"""Overview in a real browser: its numbers are the API's, and its weight is what was promised."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import Response, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

MAX_SCRIPT_BYTES = 150_000
DOCUMENTS = Path(__file__).parents[3] / "web" / "src" / "graphql" / "persisted-documents.json"


async def test_the_key_figures_are_those_of_the_api(reader: Reader) -> None:
    summary = await reader.report("summary", f"{AUGUST}&compareTo=previous_period")

    await reader.open(f"/?{AUGUST}")

    shown = {
        "Open tickets": f"{summary['openTickets']['value']:,.0f}",
        "First response time, mean": f"{summary['avgResponseTime']['value']:,.0f} s",
        "Resolved within SLA": f"{summary['resolutionRate']['value'] * 100:.1f}%",
        "CSAT": f"{summary['csatScore']['value'] * 100:.1f}%",
    }
    for title, text in shown.items():
        await expect(reader.card(title).locator(".key-value")).to_contain_text(text)
    change = summary["openTickets"]["change"]
    await expect(reader.card("Open tickets").locator(".change")).to_contain_text(f"{abs(change) * 100:.1f}%")
    assert reader.visit.faults == []


async def test_a_table_stands_behind_each_chart(reader: Reader) -> None:
    trends = await reader.report("trends", AUGUST)

    await reader.open(f"/?{AUGUST}")
    await reader.card("Volume").get_by_role("button", name="Table of Volume").click()

    rows = reader.card("Volume").get_by_role("table").get_by_role("row")
    await expect(rows).to_have_count(1 + len(trends["volume"]))
    first = trends["volume"][0]
    await expect(rows.nth(1)).to_contain_text(f"{first['created']}{first['resolved']}", use_inner_text=False)


async def test_one_request_brings_the_page_and_little_script(reader: Reader) -> None:
    scripts: list[Response] = []
    reader.visit.page.on("response", lambda one: scripts.append(one) if ".js" in one.url else None)

    await reader.open(f"/?{AUGUST}")
    await expect(reader.visit.page.locator("canvas").first).to_be_visible()

    documents = json.loads(DOCUMENTS.read_text("utf-8"))
    asked = [documents[one] for one in reader.operations()]
    assert sorted(name for text in asked for name in ("Session", "Overview") if f"query {name}" in text) == [
        "Overview",
        "Session",
    ]
    assert len(asked) == 2
    headers = [await one.all_headers() for one in scripts]
    assert {one["content-encoding"] for one in headers} == {"gzip"}
    assert sum(int(one["content-length"]) for one in headers) <= MAX_SCRIPT_BYTES


async def test_a_drag_over_a_chart_selects_the_days(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    plot = reader.card("Volume").locator(".u-over")
    box = await plot.bounding_box()
    assert box is not None

    mouse = reader.visit.page.mouse
    await mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 50)
    await mouse.down()
    await mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50, steps=4)
    await mouse.up()

    await expect(reader.visit.page.get_by_role("button", name="Period:")).to_contain_text("Aug 2026")
    query = await reader.query()
    assert "2026-08-07" <= query["since"][0] <= "2026-08-10"
    assert "2026-08-15" <= query["until"][0] <= "2026-08-18"


async def test_the_arrows_go_through_a_chart_and_enter_selects(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")
    chart = reader.card("Volume").get_by_role("slider")

    await chart.focus()
    await reader.visit.page.keyboard.press("Home")
    await reader.visit.page.keyboard.press("ArrowRight")
    await expect(chart).to_have_attribute("aria-valuetext", r := await _spoken(reader))
    assert r.startswith("Sun, 2 Aug 2026: Created ")
    await reader.visit.page.keyboard.press("Enter")

    await reader.settle()
    assert (await reader.query())["since"] == ["2026-08-02"]
    assert (await reader.query())["until"] == ["2026-08-03"]


async def _spoken(reader: Reader) -> str:
    return await reader.card("Volume").get_by_role("slider").get_attribute("aria-valuetext") or ""


async def test_a_socket_that_is_given_up_while_it_opens_is_not_spoken_to(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")

    await reader.visit.page.evaluate(
        """async () => {
          for (let pause = 0; pause < 50; pause += 2) {
            history.pushState(null, "", `/?since=2026-07-${String(1 + pause / 2).padStart(2, "0")}&until=2026-09-01`);
            await new Promise((over) => setTimeout(over, pause));
          }
        }"""
    )

    await expect(reader.card("Now")).to_contain_text("live")
    assert reader.visit.faults == []


async def test_an_empty_slice_says_what_to_do(reader: Reader) -> None:
    await reader.open("/?since=2019-03-01&until=2019-03-08&timezone=UTC&category=billing")

    await expect(reader.visit.page.locator(".empty")).to_contain_text("Widen the period")
    await expect(reader.card("First response time, mean").locator(".key-value")).to_contain_text("—")


async def test_an_address_that_is_not_understood_is_said_once(reader: Reader) -> None:
    await reader.visit.open(f"/?{AUGUST}&category=nonsense", token=reader.visit.gateway.token("manager"))

    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("no category with the id 'nonsense'")
    await expect(reader.card("Open tickets")).not_to_be_attached()


@pytest.mark.parametrize("role", ["admin", "team_lead", "agent", "analyst", "client"])
async def test_each_role_has_its_overview(reader: Reader, role: str) -> None:
    summary = await reader.report("summary", AUGUST, role)

    await reader.open(f"/?{AUGUST}", role)

    await expect(reader.card("Open tickets").locator(".key-value")).to_contain_text(
        f"{summary['openTickets']['value']:,.0f}"
    )
    assert reader.visit.faults == []


async def test_an_export_holds_the_numbers_under_the_gateways_name(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}")

    await reader.card("CSAT").get_by_role("button", name="CSAT: more").click()
    await reader.visit.page.get_by_role("menuitem", name="Export").click()
    dialog = reader.visit.page.get_by_role("dialog", name="Export: summary")
    await dialog.get_by_label("JSON, as the API has it").check()
    async with reader.visit.page.expect_download() as waiting:
        await dialog.get_by_role("button", name="Export").click()
    download = await waiting.value

    await expect(dialog.get_by_role("status")).to_contain_text(f"Saved {download.suggested_filename}")
    assert download.suggested_filename.endswith(".json")
    saved = json.loads(Path(await download.path()).read_text("utf-8"))
    summary = await reader.report("summary", f"{AUGUST}&compareTo=previous_period")
    assert saved["summary"]["openTickets"]["value"] == summary["openTickets"]["value"]
