"""What the filter bar offers, and what it says of an address that it does not understand, in a real browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from db.access import Role
from tests.browser.ui.reader import AUGUST, Reader
from tests.browser.visit import Visit
from tests.conftest import ROOT, serving
from tests.rest_compat.desk import EXTRA_AGENTS

pytestmark = pytest.mark.browser

MINUTE = "since=2026-08-03T02:00:00Z&until=2026-08-03T02:01:00Z&timezone=Europe/Berlin"
"""So short that most categories have no ticket in it."""


def hash_of(name: str) -> str:
    """The hash of one of the UI's operations."""
    documents = json.loads((ROOT / "web/src/graphql/persisted-documents.json").read_text("utf-8"))
    (found,) = (key for key, text in documents.items() if f"query {name}" in text)
    return str(found)


async def test_every_value_is_offered_with_its_count_in_one_request(reader: Reader) -> None:
    every = await reader.ask("{ categories(first: 500) { nodes { name } } }")
    await reader.open(f"/?{MINUTE}")
    page = reader.visit.page
    before = list(reader.operations())

    await page.keyboard.press("/")
    await page.keyboard.type("cat")
    await page.keyboard.press("Enter")

    for node in every["categories"]["nodes"]:
        await expect(page.get_by_role("option").filter(has_text=node["name"])).to_be_visible()
    options = await page.get_by_role("option").all_inner_texts()
    assert len(options) == len(every["categories"]["nodes"]) + 1  # and what has none
    assert sum(option.split()[-1] == "0" for option in options) > len(options) / 2
    assert list(reader.operations())[len(before) :].count(hash_of("Options")) == 1


async def test_the_labels_of_a_deep_link_are_asked_for_at_once(reader: Reader) -> None:
    known = await reader.ask("{ agents(first: 1) { nodes { id name } } organizations(first: 1) { nodes { id name } } }")
    agent, organization = known["agents"]["nodes"][0], known["organizations"]["nodes"][0]

    await reader.open(f"/?{MINUTE}&category=billing&agent={agent['id']}&organization={organization['id']}")

    bar = reader.visit.page.get_by_role("search", name="Filters")
    await expect(bar.get_by_role("button", name="Category Billing & Invoices", exact=True)).to_be_visible()
    await expect(bar.get_by_role("button", name=f"Agent {agent['name']}", exact=True)).to_be_visible()
    await expect(bar.get_by_role("button", name=f"Organization {organization['name']}", exact=True)).to_be_visible()
    asked = list(reader.operations())
    assert (asked.count(hash_of("Labels")), asked.count(hash_of("Options"))) == (1, 0)


@pytest.mark.parametrize(
    ("role", "refused"), [("analyst", {"Agent", "Organization"}), ("client", {"Agent"}), ("agent", set())]
)
async def test_a_role_is_offered_what_it_may_filter_by(role: str, refused: set[str], reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}", role)
    page = reader.visit.page
    await page.keyboard.press("/")
    await expect(page.get_by_role("option", name="Category")).to_be_visible()

    offered = set(await page.get_by_role("option").all_inner_texts())

    dimensions = {"Category", "Priority", "Channel", "Status", "Team", "Agent", "Organization", "Tag"}
    assert {one.strip() for one in offered} == dimensions - refused
    for name in sorted(dimensions - refused - {"Priority", "Channel", "Status"}):
        await page.get_by_role("option", name=name, exact=True).click()
        await expect(page.get_by_role("combobox", name="Search")).to_be_visible()
        await expect(page.get_by_role("option").first).to_be_visible()
        await page.keyboard.press("Escape")
        await page.keyboard.press("/")
    assert reader.visit.faults == []


async def test_a_category_has_the_same_colour_on_every_page_and_period(reader: Reader) -> None:
    every = await reader.ask("{ agents(first: 1) { nodes { id } } }")
    agent = every["agents"]["nodes"][0]["id"]
    found: dict[str, set[str]] = {}

    for path in (f"/performance?{AUGUST}", f"/performance?{MINUTE}", f"/agents/{agent}?{AUGUST}"):
        await reader.open(path)
        rows = reader.visit.page.get_by_role("table", name="Tickets by category").locator("tbody tr")
        for row in await rows.all():
            label = await row.locator(".bar-label").inner_text()
            style = await row.locator(".bar-track span").get_attribute("style") or ""
            found.setdefault(label, set()).add(style.rpartition("--hue-")[2])

    assert len(found) > 5
    assert {label for label, hues in found.items() if len(hues) != 1} == set()
    assert len({hue for hues in found.values() for hue in hues}) == 8  # seven, and grey for none


@pytest.fixture
async def crowded(
    browser: Browser, desk_database: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Reader]:
    """A reader of a desk with more agents than one page of a list has."""
    async with serving(desk_database, tmp_path_factory.mktemp("crowded") / "log") as gateway:
        context = await browser.new_context(locale="en-GB")
        visit = Visit(await context.new_page(), gateway)
        await visit.listen()
        yield Reader(visit)
        await context.close()


async def test_of_more_than_one_page_the_gateway_searches(crowded: Reader) -> None:
    last = f"Extra {EXTRA_AGENTS - 1:03}"
    await crowded.open("/?since=2026-03-01&until=2026-03-02", Role.MANAGER.value)
    page = crowded.visit.page
    await page.keyboard.press("/")
    await page.keyboard.type("agent")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("There are more.")).to_be_visible()
    await expect(page.get_by_role("option", name=last)).to_have_count(0)

    await page.keyboard.type(last.lower())
    await page.get_by_role("option", name=last).click()
    await page.keyboard.press("Escape")

    await expect(page.get_by_role("button", name=f"Agent {last}", exact=True)).to_be_visible()
    assert (await crowded.query())["agent"] == [f"X-{EXTRA_AGENTS - 1:03}"]


async def test_what_an_address_names_wrongly_is_told_and_cleaned(reader: Reader) -> None:
    await reader.open(f"/?{AUGUST}&clock=sun&priority=hot&priority=high&colour=red")
    page = reader.visit.page
    note = page.get_by_role("search", name="Filters").get_by_role("status")

    await expect(note).to_contain_text("clock=sun in the address is not understood. Shown instead: calendar.")
    await expect(note).to_contain_text("Known: calendar, business.")
    await expect(note).to_contain_text("priority=hot in the address is not understood.")
    await expect(note).to_contain_text(
        "colour=red in the address is not understood. Shown instead: the page without it."
    )
    assert await reader.violations() == []
    await note.get_by_role("button", name="Clean the address").click()

    await expect(note).to_be_empty()
    assert await reader.query() == {
        "since": ["2026-08-01"],
        "until": ["2026-09-01"],
        "timezone": ["Europe/Berlin"],
        "priority": ["high"],
    }
    assert reader.visit.faults == []


@pytest.mark.parametrize(
    "path",
    [
        "/agents?sort=-ticketsCreated&limit=100&search=a",
        "/agents/A-07?grain=week",
        "/tickets?metric=csatScore&score=5&sort=-score&limit=50",
        "/trends?grain=week&scale=one",
        "/explore?metric=ticketsCreated&metric=csatScore&by=category&having=ticketsCreated:5-&sort=-csatScore&view=bar",
    ],
)
async def test_a_pages_own_parameters_are_no_strangers(path: str, reader: Reader) -> None:
    await reader.visit.open(f"{path}&{AUGUST}", token=reader.visit.gateway.token("manager"))
    await expect(reader.visit.page.get_by_role("search", name="Filters")).to_be_visible()

    await expect(reader.visit.page.locator(".address-note")).to_be_empty()


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/agents?sort=-colour&limit=7000", ["sort=-colour", "limit=7000"]),
        ("/tickets?metric=colour&bucket=far", ["metric=colour", "bucket=far"]),
        ("/trends?grain=fortnight", ["grain=fortnight"]),
        (
            "/explore?metric=colour&by=shape&having=colour:1-&sort=size&view=pie",
            ["metric=colour", "by=shape", "view=pie"],
        ),
    ],
)
async def test_a_pages_own_values_that_it_does_not_know_are_told(path: str, told: list[str], reader: Reader) -> None:
    await reader.visit.open(f"{path}&{AUGUST}", token=reader.visit.gateway.token("manager"))
    note = reader.visit.page.locator(".address-note")
    for one in told:
        await expect(note).to_contain_text(f"{one} in the address is not understood.")

    await note.get_by_role("button", name="Clean the address").click()

    await expect(note).to_be_empty()
