"""Every number of Overview and Trends beside the API's, for each role."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ui.reader import AUGUST_DAYS, Days, Reader, Slice, slice_for
from tests.browser.ui.written import (
    MINUS,
    NONE,
    before,
    columns_of,
    counted,
    exact,
    lasting,
    long_day,
    mark,
    nearest,
    rounded,
    said,
    table_of,
)

pytestmark = pytest.mark.browser

DAYS = '{since: "2026-08-01", until: "2026-09-01"}'
NOW = ("openTickets", "unassignedTickets", "breachedTickets", "ticketsCreated", "ticketsResolved")
LINES = {"Created": "ticketsCreated", "Resolved": "ticketsResolved"}
STOCKS = {"Open": "openTickets", "Past target": "breachedTickets", "Unassigned": "unassignedTickets"}


def values_of(metrics: Any, names: Sequence[str]) -> list[list[str]]:
    """The columns of some metrics, as the page writes them."""
    return [[counted(value) for value in metrics[name]["values"]] for name in names]


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst", "client"])
async def test_every_number_of_overview_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    slice_ = slice_for(role)
    series = " ".join(f"{name} {{ values }}" for name in (*LINES.values(), *STOCKS.values()))
    now = " ".join(f"{name} {{ value }}" for name in NOW)
    # What happens now is counted by event, whatever the page is.
    today = slice_.arguments.replace(DAYS, "{preset: TODAY}").replace("attribution: CREATION, ", "")
    told = await reader.ask(
        f"""{{
            report({slice_.arguments}) {{
                metrics {{ {now} reopens {{ value }} }}
                series(grain: DAY) {{ groups {{ metrics {{ {series} }} }} }}
            }}
            earlier: report({slice_for(role, AUGUST_DAYS.before).arguments}) {{
                series(grain: DAY) {{ groups {{ metrics {{ {series} }} }} }}
            }}
            today: report({today}) {{ metrics {{ {now} }} }}
        }}""",
        slice_.asks,
    )
    summary = await reader.report("summary", slice_.query, role)
    metrics = told["report"]["metrics"]

    await reader.open(f"/?{slice_.query}", role)

    async def hint(title: str) -> str:
        return await reader.card(title).locator(".key-value [role=tooltip]").first.inner_text()

    async def context(title: str) -> str:
        return " ".join((await reader.card(title).locator(".context").inner_text()).split())

    assert await context("Open tickets") == (
        f"{counted(metrics['unassignedTickets']['value'])} unassigned · "
        f"{counted(metrics['breachedTickets']['value'])} past target"
    )
    response, rate = summary["avgResponseTime"], summary["resolutionRate"]
    assert exact(response["value"], "SECONDS") in await hint("First response time, mean")
    words = await context("First response time, mean")
    assert re.findall(r"median (.*) · p90 (.*) of", words) == [(lasting(response["median"]), lasting(response["p90"]))]
    assert words.endswith(f"of {response['count']:,} first response{'s' * (response['count'] != 1)}")
    if rate["value"] is not None:
        assert exact(rate["value"], "RATIO") in await hint("Resolved within SLA")
    assert await context("Resolved within SLA") == (
        f"{counted(rate['withinTarget'])} of {counted(rate['withTarget'])} with a target "
        f"{counted(rate['withoutTarget'])} without · {counted(rate['openBreached'])} open past target"
    )
    csat = summary.get("csatScore")
    if csat and csat["value"] is not None:
        assert exact(csat["value"], "RATIO") in await hint("CSAT")
        assert await context("CSAT") == f"average {rounded(csat['average'], '0.1')} of 5 of {csat['count']:,} ratings"
    shown_now = await reader.card("Now").locator("dl dd").all_inner_texts()
    leads = await reader.card("Now").locator("dl a").evaluate_all("found => found.map(one => one.search)")
    assert len(leads) == len(NOW)
    assert not any("attribution" in address for address in leads)
    assert shown_now == [counted(told["today"]["metrics"][name]["value"]) for name in NOW]
    found = told["report"]["series"]["groups"][0]["metrics"]
    volume, backlog = await columns_of(reader.card("Volume")), await columns_of(reader.card("Backlog"))
    assert [volume[name] for name in LINES] == values_of(found, list(LINES.values()))
    assert [backlog[name] for name in STOCKS] == values_of(found, list(STOCKS.values()))
    earlier = told["earlier"]["series"]["groups"][0]["metrics"]
    assert [volume["Before"], backlog["Before"]] == values_of(earlier, ["ticketsCreated", "openTickets"])
    assert (await context("Volume")).startswith(
        f"{counted(metrics['ticketsCreated']['value'])} created, {counted(metrics['ticketsResolved']['value'])} "
        f"resolved, {counted(metrics['reopens']['value'])} reopened."
    )
    assert reader.visit.faults == []


WITH_INCIDENT = Days(date(2026, 3, 1), date(2026, 4, 1))
"""Days of which some stood out."""
WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"]
MOVING = {"created": "ticketsCreated", "resolved": "ticketsResolved", "reopened": "reopens"}
FORESEEN = {
    "Forecast": "expected",
    "95 % range, low": "low95",
    "95 % range, high": "high95",
    "80 % range, low": "low",
    "80 % range, high": "high",
}
RANGES = (("low95", "high95"), ("low", "high"))
REFUSED = {"weekday": "Weekdays", "month": "Months", "decomposition": "Trend and season", "anomalies": "Volume"}


def difference(value: float) -> str:
    """How much more or less."""
    size = nearest(abs(value))
    return "0" if size == 0 else f"{'+' if value > 0 else MINUS}{size:,}"


def score(value: float) -> str:
    """How far a day stands out."""
    return f"{rounded(value, '0.1')}".replace("-", MINUS)


def sentence(day: Mapping[str, Any]) -> str:
    """What is said of a day that stood out."""
    things = "ticket" if day["actual"] == 1 else "tickets"
    return f"{long_day(day['start'])}: {counted(day['actual'])} {things}, {counted(day['expected'])} expected"


async def assert_change(place: Locator, value: Mapping[str, Any]) -> None:
    """That a change stands in a place, and what was before it."""
    if value["change"] is None:
        await expect(place.locator(".change .hint-face")).to_have_text(NONE)
        return
    words = await said(place.locator(".change .hint-face"))
    assert words.replace(" ", "").removesuffix(",better").removesuffix(",worse") == mark(value["change"])
    assert (await place.locator(".change [role=tooltip]").inner_text()).startswith(before(value, "TICKETS"))


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst", "client"])
async def test_every_number_of_trends_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    days = WITH_INCIDENT if role == "analyst" else AUGUST_DAYS
    slice_ = slice_for(role, days)
    wanted = " ".join(f"{name} {{ value count previous change }}" for name in (*MOVING.values(), "openTickets"))
    document = f"{{ report({slice_.arguments}, compareTo: [PREVIOUS_PERIOD]) {{ metrics {{ {wanted} }} }} }}"
    totals = (await reader.ask(document, slice_.asks))["report"]["metrics"]
    trends = await reader.report("trends", f"{slice_.query}&compareTo=previous_period", role)
    earlier = (await reader.report("trends", slice_for(role, days.before).query, role))["volume"]
    points, season = trends["volume"], trends["seasonality"]
    forecast, anomalies = season["forecast"] or [], season["anomalies"] or []

    await reader.open(f"/trends?{slice_.query}", role)

    volume, backlog = reader.card("Volume"), reader.card("Backlog")
    for place, name in zip(await volume.locator(".trends-totals dd").all(), MOVING.values(), strict=True):
        assert (await said(place)).split(" ")[0] == counted(totals[name]["value"])
        await assert_change(place, totals[name])
    assert (await said(backlog.locator(".trends-totals dd"))).split(" ")[0] == counted(totals["openTickets"]["value"])
    await assert_change(backlog.locator(".trends-totals dd"), totals["openTickets"])

    gone, coming = [NONE] * len(points), [NONE] * len(forecast)
    found = await columns_of(volume)
    marked = found.pop("Stands out", None)
    assert found == {
        "Start": [long_day(one["start"]) for one in (*points, *forecast)],
        **{name.capitalize(): [counted(one[name]) for one in points] + coming for name in MOVING},
        "Created before": [counted(one["created"]) for one in earlier] + coming,
        **({head: gone + [counted(day[of]) for day in forecast] for head, of in FORESEEN.items()} if forecast else {}),
    }
    assert sorted(text for text in marked or [] if text) == sorted(sentence(one) for one in anomalies)
    listed = await volume.locator(".anomalies li").evaluate_all(
        "found => found.map(one => [one.children[1].textContent, one.querySelector('.hint-face').textContent])"
    )
    assert anomalies or days is AUGUST_DAYS
    strangest = sorted(anomalies, key=lambda one: -abs(one["score"]))
    assert listed == [[sentence(one), score(one["score"])] for one in strangest][:6]
    if forecast:
        expected = counted(sum(one["expected"] for one in forecast))
        assert (await said(volume.locator("p.context"))).startswith(
            f"The next {len(forecast)} days are expected to have {expected} tickets: dotted"
        )
    assert await columns_of(backlog) == {
        "Start": [long_day(one["start"]) for one in points],
        "Open": [counted(one["open"]) for one in points],
        "Open before": [counted(one["open"]) for one in earlier],
    }
    await volume.get_by_role("slider").press("Home")
    await volume.get_by_role("slider").press("ArrowRight")
    assert await volume.locator(".tip dd").all_text_contents() == [
        *(counted(points[1][name]) for name in MOVING),
        counted(earlier[1]["created"]),
    ]
    if forecast:
        await volume.get_by_role("slider").press("End")
        assert await volume.locator(".tip dd").all_text_contents() == [
            counted(forecast[-1]["expected"]),
            *(f"{counted(forecast[-1][low])} \N{EN DASH} {counted(forecast[-1][high])}" for low, high in RANGES),
        ]

    week = reader.card("When tickets come in")
    assert (await table_of(week))[1:] == [
        [name, *(counted(one) for one in hours)] for name, hours in zip(WEEKDAYS, season["weekdayHour"], strict=True)
    ]
    most = max(count for hours in season["weekdayHour"] for count in hours)
    day, hour = next((d, h) for d, hours in enumerate(season["weekdayHour"]) for h, n in enumerate(hours) if n == most)
    assert f"{WEEKDAYS[day]}, {hour:02}:00 to {hour + 1:02}:00: {most:,}." in await said(week.locator("p.context"))

    categories = reader.card("Categories")
    names = {one["category"]["name"] if one["category"] else "No category": one for one in trends["categories"]}
    columns = await columns_of(categories)
    assert columns.pop("Start") == [long_day(one["start"]) for one in points]
    assert columns == {name: [counted(one) for one in given["points"]] for name, given in names.items()}
    panels = {await said(one.locator(".small-name")): one for one in await categories.get_by_role("listitem").all()}
    assert panels.keys() == names.keys()
    for name, given in names.items():
        total = sum(given["points"])
        words = await said(panels[name].locator(".trends-aside"))
        assert words.startswith(f"{total:,} ")
        assert words.endswith(f"was {given['previousTotal']:,}")
        await assert_change(panels[name], {**given, "count": total, "previous": given["previousTotal"]})
        assert await said(panels[name].locator(".small-said")) == f"0 to {max(1, *given['points']):,}"

    for title, of, names_ in (("Weekdays", "weekday", WEEKDAYS), ("Months", "month", MONTHS)):
        if season[of] is not None:
            assert await columns_of(reader.card(title)) == {
                title.removesuffix("s"): names_,
                "Index": (indices := [f"{rounded(one, '0.01')}" for one in season[of]]),
            }
            assert await reader.card(title).locator(".index-value").all_text_contents() == indices
    if pieces := season["decomposition"]:
        assert await columns_of(reader.card("Trend and season")) == {
            "Start": [long_day(start) for start in pieces["starts"]],
            "Trend": [counted(one) for one in pieces["trend"]],
            "Season": [f"{rounded(one, '0.01')}" for one in pieces["seasonal"]],
            "Remainder": [difference(one) for one in pieces["remainder"]],
        }
    for refusal in season["reasons"]:
        await expect(reader.card(REFUSED.get(refusal["part"], "Volume"))).to_contain_text(refusal["reason"][1:])
    if role == "manager":
        await assert_halves(reader, slice_)
    assert reader.visit.faults == []


async def assert_halves(reader: Reader, slice_: Slice) -> None:
    """That categories tell the later half of a period against the earlier where nothing is compared."""
    trends = await reader.report("trends", f"{slice_.query}&compareTo=none", slice_.asks)
    movers = trends["fastestMovers"]
    totals = {(one["category"] or {}).get("id"): sum(one["points"]) for one in trends["categories"]}
    assert movers["basis"] == "halves"

    await reader.open(f"/trends?{slice_.query}&compareTo=none", slice_.asks)

    panels = reader.card("Categories").get_by_role("listitem")
    found = [*movers["risers"], *movers["fallers"]]
    assert found
    for one in found:
        name = one["category"]["name"] if one["category"] else "No category"
        panel = panels.filter(has=reader.visit.page.get_by_role("button", name=name, exact=True))
        words = await said(panel.locator(".trends-aside"))
        assert words.startswith(f"{totals[(one['category'] or {}).get('id')]:,} ")
        assert words.endswith(f"{one['count']:,} after {one['previous']:,}")
        await assert_change(panel, one)
