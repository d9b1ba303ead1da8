"""Trends in a real browser: every number is the API's, and its charts filter, select and refuse as they say."""

from __future__ import annotations

import math
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

SPRING = "since=2026-02-01&until=2026-06-01&timezone=Europe/Berlin"
"""A slice with the demo data's incident in it."""
PREVIOUS = "compareTo=previous_period"
MINUS = "\N{MINUS SIGN}"


def whole(value: float) -> str:
    """A number of tickets as the page writes it."""
    return f"{math.floor(value + 0.5):,}"


def difference(value: float) -> str:
    """How much more or less, as the page writes it."""
    rounded = math.floor(abs(value) + 0.5)
    return "0" if rounded == 0 else f"{'+' if value > 0 else MINUS}{rounded:,}"


def percent(ratio: float) -> str:
    """The size of a change, as the page writes it."""
    return f"{(Decimal(repr(abs(ratio))) * 100).quantize(Decimal('0.1'), ROUND_HALF_UP)}%"


def named(day: str) -> str:
    """A day as the page names it."""
    at = date.fromisoformat(day)
    month = "Sept" if at.month == 9 else f"{at:%b}"
    return f"{at:%a}, {at.day} {month} {at.year}"


async def table_of(card: Locator) -> list[list[str]]:
    """The rows of the table behind a card's chart, its head first."""
    return await card.locator("table").evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent))"
    )


def category_name(category: dict[str, str] | None) -> str:
    """A category's label."""
    return category["name"] if category else "No category"


async def test_volume_its_forecast_and_its_bands_are_those_of_the_api(reader: Reader) -> None:
    trends = await reader.report("trends", AUGUST)
    summary = await reader.report("trends", f"since=2026-07-01&until=2026-08-01&timezone=Europe/Berlin&{PREVIOUS}")

    await reader.open(f"/trends?{AUGUST}")

    head, *rows = await table_of(reader.card("Volume"))
    assert head[:6] == ["Start", "Created", "Resolved", "Reopened", "Created before", "Forecast"]
    assert head[6:10] == ["95 % range, low", "95 % range, high", "80 % range, low", "80 % range, high"]
    points, forecast = trends["volume"], trends["seasonality"]["forecast"]
    assert [row[:4] for row in rows[: len(points)]] == [
        [named(one["start"]), *(whole(one[name]) for name in ("created", "resolved", "reopened"))] for one in points
    ]
    assert [row[4] for row in rows[: len(points)]] == [whole(one["created"]) for one in summary["volume"]]
    assert [[row[0], *row[5:10]] for row in rows[len(points) :]] == [
        [named(one["start"]), *(whole(one[name]) for name in ("expected", "low95", "high95", "low", "high"))]
        for one in forecast
    ]
    assert [row[1] for row in await table_of(reader.card("Backlog"))] == ["Open", *(whole(p["open"]) for p in points)]
    total = sum(one["created"] for one in points)
    await expect(reader.card("Volume").locator(".trends-totals dd").first).to_contain_text(whole(total))
    await expect(reader.card("Volume")).to_contain_text(whole(sum(one["expected"] for one in forecast)))
    assert len(set(reader.operations())) == 2, "the session and the page"
    assert reader.visit.faults == []


async def test_the_days_that_stood_out_are_told_marked_and_lead_to_their_tickets(reader: Reader) -> None:
    anomalies = (await reader.report("trends", SPRING))["seasonality"]["anomalies"]
    assert anomalies
    sentences = {
        f"{named(one['start'])}: {whole(one['actual'])} tickets, {whole(one['expected'])} expected": one
        for one in anomalies
    }

    await reader.open(f"/trends?{SPRING}")

    listed = reader.card("Volume").get_by_role("region", name="Days that stood out")
    if len(anomalies) > 6:
        await listed.get_by_role("button", name="All").click()
    links = listed.get_by_role("link")
    strangest_first = sorted(sentences, key=lambda text: -abs(sentences[text]["score"]))
    assert await links.all_text_contents() == strangest_first
    rows = await table_of(reader.card("Volume"))
    assert sorted(row[-1] for row in rows[1:] if row[-1]) == sorted(sentences)
    day = sentences[strangest_first[0]]["start"]
    address = await links.first.get_attribute("href") or ""
    assert address.startswith(f"/tickets?since={day}&until=")
    assert address.endswith("metric=ticketsCreated")


async def test_categories_are_those_of_the_api_with_the_fastest_movers_first(reader: Reader) -> None:
    trends = await reader.report("trends", f"{AUGUST}&{PREVIOUS}")
    movers = [*trends["fastestMovers"]["risers"], *trends["fastestMovers"]["fallers"]]
    by_name = {category_name(one["category"]): one for one in trends["categories"]}

    await reader.open(f"/trends?{AUGUST}")

    card = reader.card("Categories")
    head, *rows = await table_of(card)
    assert sorted(head[1:]) == sorted(by_name)
    fastest = sorted(movers, key=lambda one: -abs(one["difference"]))
    assert [abs(by_name[n]["previousTotal"] - sum(by_name[n]["points"])) for n in head[1 : 1 + len(fastest)]] == [
        abs(one["difference"]) for one in fastest
    ]
    for column, name in enumerate(head[1:], start=1):
        assert [row[column] for row in rows] == [whole(count) for count in by_name[name]["points"]], name
    for name, one in by_name.items():
        panel = card.get_by_role("listitem").filter(has=reader.visit.page.get_by_role("button", name=name, exact=True))
        await expect(panel.locator("strong")).to_have_text(whole(sum(one["points"])))
        await expect(panel).to_contain_text(f"was {whole(one['previousTotal'])}")
        if one["change"] is not None:
            await expect(panel.locator(".change")).to_contain_text(percent(one["change"]))


async def test_a_click_on_a_category_filters_and_keeps_its_colour(reader: Reader) -> None:
    await reader.open(f"/trends?{AUGUST}")
    card = reader.card("Categories")
    name = reader.visit.page.get_by_role("button", name="Billing & Invoices", exact=True)
    colour = "list => getComputedStyle(list.querySelector('svg')).stroke"
    panel = card.get_by_role("listitem").filter(has=name)
    before = await panel.evaluate(colour)

    await name.click()
    await expect(card.get_by_role("listitem")).to_have_count(1)
    await reader.settle()

    assert (await reader.query())["category"] == ["billing"]
    assert await panel.evaluate(colour) == before
    trends = await reader.report("trends", f"{AUGUST}&category=billing")
    created = sum(one["created"] for one in trends["volume"])
    await expect(reader.card("Volume").locator(".trends-totals dd").first).to_contain_text(whole(created))


async def test_seasons_are_those_of_the_api(reader: Reader) -> None:
    season = (await reader.report("trends", SPRING))["seasonality"]

    await reader.open(f"/trends?{SPRING}")

    week = await table_of(reader.card("When tickets come in"))
    assert [row[1:] for row in week[1:]] == [[whole(count) for count in row] for row in season["weekdayHour"]]
    weekdays = await table_of(reader.card("Weekdays"))
    assert [row[1] for row in weekdays[1:]] == [f"{one:.2f}" for one in season["weekday"]]
    await expect(reader.card("Months").locator(".refused")).to_contain_text("364 complete days")
    pieces = season["decomposition"]
    assert (await table_of(reader.card("Trend and season")))[1:] == [
        [named(start), whole(trend), f"{seasonal:.2f}", difference(rest)]
        for start, trend, seasonal, rest in zip(
            pieces["starts"], pieces["trend"], pieces["seasonal"], pieces["remainder"], strict=True
        )
    ]


async def test_months_have_their_indices_where_there_is_a_year(reader: Reader) -> None:
    query = "since=2025-06-01&until=2026-07-01&timezone=Europe/Berlin"
    season = (await reader.report("trends", query))["seasonality"]

    await reader.open(f"/trends?{query}&grain=month")

    months = await table_of(reader.card("Months"))
    assert [row[1] for row in months[1:]] == [f"{one:.2f}" for one in season["month"]]
    assert [row[0] for row in months[1:3]] == ["Jan", "Feb"]


async def test_each_part_that_is_refused_says_why_in_its_place(reader: Reader) -> None:
    query = "since=2026-08-03&until=2026-08-10&timezone=Europe/Berlin&tag=nobody-has-it"
    season = await reader.report("trends", query.replace("&tag=nobody-has-it", "&organization=O-250"))
    reasons = {one["part"]: one["reason"] for one in season["seasonality"]["reasons"]}
    assert {"weekday", "month"} <= set(reasons)

    await reader.open("/trends?since=2026-08-03&until=2026-08-10&timezone=Europe/Berlin&organization=O-250")

    places = {"weekday": "Weekdays", "month": "Months", "decomposition": "Trend and season", "anomalies": "Volume"}
    for part, reason in reasons.items():
        card = reader.card(places.get(part, "Volume"))
        await expect(card).to_contain_text(reason[1:])


async def test_the_grain_is_in_the_address_and_back_leads_to_the_one_before(reader: Reader) -> None:
    trends = await reader.report("trends", f"{AUGUST}&grain=week")
    await reader.open(f"/trends?{AUGUST}")
    choice = reader.visit.page.get_by_role("group", name="Bucket")

    await choice.get_by_role("button", name="Week").click()
    await reader.settle()

    assert (await reader.query())["grain"] == ["week"]
    head, *rows = await table_of(reader.card("Volume"))
    assert [row[1:4] for row in rows] == [
        [whole(one[name]) for name in ("created", "resolved", "reopened")] for one in trends["volume"]
    ]
    assert "Forecast" not in head
    await reader.visit.page.go_back()
    await expect(choice.get_by_role("button", name="Day")).to_have_attribute("aria-pressed", "true")
    assert "grain" not in await reader.query()


async def test_hours_of_a_long_period_are_refused_by_the_page_and_by_the_gateway(reader: Reader) -> None:
    await reader.visit.open(
        "/trends?since=2026-01-01&until=2026-08-01&grain=hour", token=reader.visit.gateway.token("manager")
    )

    await expect(reader.visit.page.get_by_role("alert")).to_contain_text("92")
    await expect(reader.visit.page.get_by_role("button", name="Hour")).to_be_disabled()
    await reader.visit.page.get_by_role("button", name="Month", exact=True).click()
    await reader.settle()
    await expect(reader.visit.page.get_by_role("alert")).to_have_count(0)


async def test_a_drag_over_aligned_charts_selects_once(reader: Reader) -> None:
    await reader.open(f"/trends?{SPRING}")
    plot = reader.card("Trend and season").locator(".u-over").nth(1)
    await plot.scroll_into_view_if_needed()
    box = await plot.bounding_box()
    assert box is not None
    before = await reader.visit.page.evaluate("history.length")

    mouse = reader.visit.page.mouse
    await mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 20)
    await mouse.down()
    await mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 20, steps=4)
    await expect(reader.card("Trend and season").locator(".tip")).to_have_count(3)
    await mouse.up()

    await expect(reader.visit.page.get_by_role("button", name="Period:")).to_contain_text("Apr 2026")
    query = await reader.query()
    assert "2026-03-01" <= query["since"][0] <= "2026-03-05"
    assert "2026-03-31" <= query["until"][0] <= "2026-04-04"
    assert await reader.visit.page.evaluate("history.length") == before + 1


async def test_the_arrows_go_through_the_week_and_a_choice_of_days_ends_with_the_period(reader: Reader) -> None:
    grid = (await reader.report("trends", AUGUST))["seasonality"]["weekdayHour"]
    await reader.open(f"/trends?{AUGUST}")
    page = reader.visit.page

    week = reader.card("When tickets come in").get_by_role("slider")
    await week.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        await page.keyboard.press(key)
    await expect(week).to_have_attribute("aria-valuetext", f"Tue, 01:00 to 02:00: {grid[1][1]} tickets")
    chart = reader.card("Volume").get_by_role("slider")
    await chart.focus()
    await page.keyboard.press("End")
    spoken = await chart.get_attribute("aria-valuetext") or ""
    assert spoken.startswith("Mon, 28 Sept 2026: Forecast ")
    assert "95 % range" in spoken
    await page.keyboard.press("Enter")

    assert (await reader.query())["until"] == ["2026-09-01"]


async def test_an_hour_of_the_week_leads_to_its_tickets(reader: Reader) -> None:
    grid = (await reader.report("trends", AUGUST))["seasonality"]["weekdayHour"]
    day, hour = max(((day, hour) for day in range(7) for hour in range(24)), key=lambda at: grid[at[0]][at[1]])
    await reader.open(f"/trends?{AUGUST}")

    await reader.card("When tickets come in").locator(".heatmap-cell").nth(24 * day + hour).click()

    await reader.visit.page.wait_for_url("**/tickets?**")
    query = await reader.query()
    assert query["weekdayHour"] == [f"{day}-{hour}"]
    assert (query["metric"], query["since"]) == (["ticketsCreated"], ["2026-08-01"])


async def test_an_empty_slice_says_what_to_do(reader: Reader) -> None:
    await reader.open("/trends?since=2019-03-01&until=2019-03-08&timezone=UTC")

    await expect(reader.visit.page.locator(".empty")).to_contain_text("Widen the period")
    await expect(reader.card("Weekdays").locator(".refused")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(reader: Reader, scheme: Literal["light", "dark"]) -> None:
    await reader.visit.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await reader.open(f"/trends?{AUGUST}&category=billing&category=bugs")
    await expect(reader.visit.page.locator("canvas")).to_have_count(5)

    assert await reader.violations() == []
    await turn(reader, "Table")
    assert await reader.violations() == []
    await reader.visit.page.set_viewport_size({"width": 360, "height": 740})
    assert await is_narrow(reader)
    await turn(reader, "Chart")
    assert await is_narrow(reader)
    assert await reader.violations() == []


async def turn(reader: Reader, side: str) -> None:
    """Turns every chart to its table, or back."""
    switches = reader.visit.page.get_by_role("button", name=f"{side} of ")
    for _ in range(await switches.count()):
        await switches.first.click()
    await expect(switches).to_have_count(0)


async def is_narrow(reader: Reader) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(await reader.visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
