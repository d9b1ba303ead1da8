"""Performance in a real browser: its numbers are the API's, and its groups filter."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import AUGUST, Reader

pytestmark = pytest.mark.browser

SLICE = 'period: {since: "2026-08-01", until: "2026-09-01"}, timezone: "Europe/Berlin"'
WORDS = {"on_hold": "On hold", None: "No priority"}
TIMES = {"First response": "responseTimeDistribution", "Resolution": "resolutionTimeDistribution"}


def rounded(value: float, places: str) -> Decimal:
    """A number as browsers round it: a half goes up."""
    return Decimal(value).quantize(Decimal(places), ROUND_HALF_UP)


def share(value: float | None) -> str:
    """A share as the page writes it."""
    return "—" if value is None else f"{rounded(value * 100, '0.1')}%"


def word(id_: str | None) -> str:
    """What the page calls a status or a priority."""
    return WORDS.get(id_) or str(id_).lower().replace("_", " ").capitalize()


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst", "client"])
async def test_every_number_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    # A client may ask no query of its own: a manager asks for its organization.
    asks, narrowed = ("manager", ', filter: {organization: {in: ["O-001"]}}') if role == "client" else (role, "")
    told = (
        await reader.ask(
            f"""{{ report({SLICE}{narrowed}) {{
                performance {{
                    ticketsByStatus {{ status count share }}
                    ticketsByCategory {{ category {{ name }} count share }}
                    responseTimeDistribution {{ ...Spread }}
                    resolutionTimeDistribution {{ ...Spread }}
                }}
                metrics {{
                    responseRate {{ value count }}
                    resolutionRate {{ value count withinTarget withTarget withoutTarget openBreached }}
                }}
                breakdown(by: [PRIORITY]) {{ rows {{ keys {{ id }} metrics {{
                    responseRate {{ value count }} resolutionRate {{ value count }} }} }} }}
            }} }}
            fragment Spread on Distribution {{ count mean median p90 p95 buckets {{ count share }} }}""",
            asks,
        )
    )["report"]
    performance, metrics = told["performance"], told["metrics"]

    await reader.open(f"/performance?{AUGUST}&compareTo=none", role)

    for title, name in TIMES.items():
        spread, card = performance[name], reader.card(title)
        hints = await card.locator("dl.spread dd [role=tooltip]").all_text_contents()
        assert hints[:4] == [
            "No duration is known in this slice." if spread[one] is None else f"{rounded(spread[one], '1'):,} s"
            for one in ("median", "p90", "p95", "mean")
        ]
        await expect(card.locator(".context")).to_contain_text(f"{spread['count']:,} duration")
        cells = await card.get_by_role("cell", include_hidden=True).all_text_contents()
        assert cells == [text for one in spread["buckets"] for text in (f"{one['count']:,}", share(one["share"]))]
    target = reader.card("Within target")
    rate = metrics["resolutionRate"]
    assert await target.locator("dl.spread dd > .hint:first-child .hint-face").all_inner_texts() == [
        share(metrics["responseRate"]["value"]),
        share(rate["value"]),
    ]
    await expect(target.locator(".context")).to_contain_text(
        f"Resolved: {rate['withinTarget']:,} of {rate['withTarget']:,} within target, {rate['withoutTarget']:,} "
        f"without one; {rate['openBreached']:,} still open past it."
    )
    shown = await target.locator("tbody tr").evaluate_all("found => found.map(row => row.innerText.split(/\\s{1,}/))")
    assert {" ".join(one) for one in shown} == {
        " ".join(
            [word(row["keys"][0]["id"])]
            + [
                f"{share(row['metrics'][name]['value'])} of {row['metrics'][name]['count']:,}"
                for name in ("responseRate", "resolutionRate")
            ]
        )
        for row in told["breakdown"]["rows"]
    }
    groups = {
        "By status": [(word(one["status"]), one) for one in performance["ticketsByStatus"]],
        "By category": [
            ((one["category"] or {"name": "No category"})["name"], one) for one in performance["ticketsByCategory"]
        ],
    }
    for title, rows in groups.items():
        found = (
            await reader.card(title)
            .locator("tbody tr")
            .evaluate_all("found => found.map(row => [...row.children].map(cell => cell.innerText.trim()))")
        )
        wanted = [[name, f"{one['count']:,}", share(one["share"])] for name, one in rows]
        assert sorted(found) == sorted(wanted)
    assert len(list(reader.operations())) == 2  # who looks, and the page
    assert reader.visit.faults == []


async def test_a_number_leads_to_just_its_tickets(reader: Reader) -> None:
    page = reader.visit.page
    numbers = {
        "By status": ".bar-list tbody tr:nth-child(2) td a",
        "By category": ".bar-list tbody tr:first-child td a",
        "Within target": "tbody tr:nth-child(2) td:nth-of-type(1) .quiet a",
        "Resolutions": "tbody tr:nth-child(2) td:nth-of-type(2) .quiet a",
        "Parts": ".context a:nth-of-type(3)",
    }

    for name, place in numbers.items():
        await reader.open(f"/performance?{AUGUST}&channel=email")
        link = reader.card(name if name.startswith("By") else "Within target").locator(place)
        count = re.sub(r"\D", "", await link.inner_text())
        await link.click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(rf"^{int(count):,} \w+ behind"))
        assert (await reader.query())["channel"] == ["email"]
    assert reader.visit.faults == []


async def test_the_groups_and_distributions_are_those_of_the_api(reader: Reader) -> None:
    performance = await reader.report("performance", AUGUST)

    await reader.open(f"/performance?{AUGUST}")

    for one in performance["ticketsByCategory"]:
        name = one["category"]["name"] if one["category"] else "No category"
        row = reader.card("By category").get_by_role("row").filter(has_text=name)
        await expect(row).to_contain_text(f"{one['count']:,}")
    await reader.card("First response").get_by_role("button", name="Table of").click()
    cells = reader.card("First response").get_by_role("cell")
    buckets = performance["responseTimeDistribution"]["buckets"]
    assert await cells.all_text_contents() == [
        text for one in buckets for text in (f"{one['count']:,}", f"{one['share'] * 100:.1f}%")
    ]
    assert reader.visit.faults == []


async def test_a_click_on_a_group_filters_and_another_one_no_longer(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}")
    row = reader.card("By status").get_by_role("button", name="Closed")

    await row.click()
    await reader.settle()
    await expect(row).to_have_attribute("aria-pressed", "true")
    assert (await reader.query())["status"] == ["closed"]
    await row.click()
    await reader.settle()

    await expect(row).to_have_attribute("aria-pressed", "false")
    assert "status" not in await reader.query()


async def test_a_click_on_a_category_asks_once(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}")
    before = len(list(reader.operations()))

    await reader.card("By category").locator(".bar-list button").first.click()
    await reader.settle()
    await expect(reader.visit.page.locator(".chip-face")).to_contain_text("Category")

    assert len(list(reader.operations())) == before + 1


async def test_a_bar_leads_to_its_tickets(reader: Reader) -> None:
    await reader.open(f"/performance?{AUGUST}&category=billing")

    link = reader.card("First response").get_by_role("link", name="1 h to 2 h")

    address = await link.get_attribute("href") or ""
    assert address.startswith("/tickets?")
    assert "category=billing" in address
    assert "metric=avgResponseTime&bucket=3600-7200" in address
