"""Every number of Explore's four views beside the API's, for each role that may open it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.ui.reader import Reader, slice_for
from tests.browser.ui.written import (
    COUNTED,
    NONE,
    before,
    columns_of,
    counted,
    day,
    exact,
    mark,
    table_of,
    written,
)

pytestmark = pytest.mark.browser

METRICS = ["ticketsCreated", "openTickets", "reopens", "avgResponseTime", "resolutionRate", "csatScore"]
VALUE = "{ value unit count previous change suppressed }"
MOST_LINES = 7
ORDER = ["Low", "Normal", "High", "Urgent"]

CELLS = """rows => rows.map(row => [...row.cells].map(cell => ({
    text: (cell.querySelector('.report-number > :is(a, span[title]:not(.change))') ?? cell).textContent,
    note: cell.querySelector('.report-number > :is(a, span[title]:not(.change))')?.title,
    change: cell.querySelector('.change')?.textContent,
    was: cell.querySelector('.change')?.title,
    part: /max\\(([\\d.e-]+)%/.exec(cell.querySelector('.report-track > span')?.style.width)?.[1],
})))"""
"""What the cells of a report's rows show, and say on hover."""


def label(key: dict[str, Any]) -> str:
    """How a row is called."""
    if key["start"]:
        return f"week of {day(key['start'])}"
    dimension = str(key["dimension"]).capitalize()
    if key["id"] is None:
        return f"No {dimension.lower()}"
    return str(key["label"]).capitalize() if dimension == "Priority" else str(key["label"])


def shown(value: dict[str, Any]) -> str:
    """A number, or that it is withheld."""
    return "<5" if value["suppressed"] and value["value"] is None else written(value["value"], value["unit"])


def assert_cell(cell: dict[str, Any], value: dict[str, Any], *, changes: bool = True) -> None:
    """That a cell tells a number, the facts behind it, and how it changed."""
    assert cell["text"] == shown(value)
    if value["value"] is not None:
        behind = "" if value["unit"] in COUNTED else f", of {value['count']:,}"
        assert cell["note"] == exact(value["value"], value["unit"]) + behind
    if changes and value["change"] is not None:
        assert cell["change"] == mark(value["change"])
        assert cell["was"].startswith(before(value, value["unit"]))
    else:
        assert cell.get("change") is None


async def cells_of(reader: Reader, part: str) -> list[list[dict[str, Any]]]:
    """The rows of the report's table."""
    found: list[list[dict[str, Any]]] = await reader.visit.page.locator(f".data-table {part} tr").evaluate_all(CELLS)
    return found


def columns_by_group(groups: Sequence[dict[str, Any]], name: str, unit: str, starts: int) -> dict[str, list[str]]:
    """The lines of a metric's chart: the largest groups, and the others summed up where they can be."""
    ranked = sorted(groups, key=lambda group: -sum(count or 0 for count in group["metrics"][name]["counts"]))
    is_summed = unit in COUNTED
    drawn = ranked if len(ranked) <= MOST_LINES else ranked[: MOST_LINES - is_summed]
    columns = {label(one["key"]): [written(value, unit) for value in one["metrics"][name]["values"]] for one in drawn}
    rest = ranked[len(drawn) :]
    if rest and is_summed:
        sums = [sum(one["metrics"][name]["values"][at] for one in rest) for at in range(starts)]
        columns[f"{len(rest)} others"] = [counted(one) for one in sums]
    return columns


async def steps_of(card: Locator) -> list[str]:
    """The numbers of a heatmap's legend."""
    return [text.strip() for text in await card.locator(".ramp-step").all_inner_texts() if text.strip() != NONE]


async def spoken(slider: Locator, key: str) -> str:
    """What a picture says at a place that a key leads to."""
    await slider.press(key)
    return " ".join((await slider.get_attribute("aria-valuetext") or "").split())


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst"])
async def test_every_number_of_explores_four_views_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    slice_ = slice_for(role)
    wanted = " ".join(f"{name} {VALUE}" for name in METRICS)
    told = (
        await reader.ask(
            f"""{{ report({slice_.arguments}, compareTo: [PREVIOUS_PERIOD]) {{
                metrics {{ {wanted} }}
                pairs: breakdown(by: [CATEGORY, TIME], grain: WEEK, first: 500) {{ total rows {{ ...Row }} }}
                single: breakdown(by: [CATEGORY], first: 50, orderBy: [{{metric: TICKETS_CREATED, direction: DESC}}]) {{
                    rows {{ ...Row }} }}
                series(grain: WEEK, by: CATEGORY) {{ starts groups {{ key {{ dimension id label start }}
                    metrics {{ {" ".join(f"{name} {{ values counts }}" for name in METRICS)} }} }} }}
            }} }}
            fragment Row on BreakdownRow {{ keys {{ dimension id label start }} metrics {{ {wanted} }} }}""",
            role,
        )
    )["report"]
    labels = {
        one["name"]: one["label"] for one in (await reader.ask("{ metricCatalog { name label } }"))["metricCatalog"]
    }
    units = {name: told["metrics"][name]["unit"] for name in METRICS}
    pairs, starts = told["pairs"]["rows"], told["series"]["starts"]
    page = reader.visit.page
    asked = "&".join(f"metric={name}" for name in METRICS)

    await reader.open(f"/explore?{slice_.query}&{asked}&by=category&by=time&grain=week&view=table&limit=500", role)

    heads = [text.rstrip("↓↑") for text in await page.locator(".data-table thead th").all_text_contents()]
    assert heads == ["Category", "Time", *(labels[name] for name in METRICS)]
    rows = await cells_of(reader, "tbody")
    assert [[cell["text"] for cell in row[:2]] for row in rows] == [
        [label(key) for key in row["keys"]] for row in pairs
    ]
    for found, row in zip(rows, pairs, strict=True):
        for cell, name in zip(found[2:], METRICS, strict=True):
            assert_cell(cell, row["metrics"][name])
    (whole,) = await cells_of(reader, "tfoot")
    for cell, name in zip(whole[2:], METRICS, strict=True):
        assert_cell(cell, told["metrics"][name])
    assert (await page.locator(".pager p").inner_text()).startswith(f"{told['pairs']['total']} row")

    await page.get_by_role("button", name="Heatmap", exact=True).click()
    await page.mouse.move(0, 0)  # The cell under the pointer would say its number, too.
    await reader.settle()
    named = sorted({label(row["keys"][0]) for row in pairs} - {"No category"}, key=str.casefold)
    named += ["No category"] * any(row["keys"][0]["id"] is None for row in pairs)
    weeks = sorted({row["keys"][1]["start"] for row in pairs})
    for name in METRICS:
        by_pair = {(label(row["keys"][0]), row["keys"][1]["start"]): row["metrics"][name] for row in pairs}
        grid = [
            [written(by_pair[one, week]["value"], units[name]) if (one, week) in by_pair else NONE for week in weeks]
            for one in named
        ]
        card = reader.card(labels[name])
        head, *lines = await table_of(card)
        assert head == ["Category", *(day(week, year=False) for week in weeks)]
        assert lines == [[one, *cells] for one, cells in zip(named, grid, strict=True)], name
        highest = max(one["value"] or 0 for one in by_pair.values())
        assert (await steps_of(card))[-1] == written(highest, units[name])
        said = await spoken(card.get_by_role("slider"), "Home")
        assert said.startswith(f"{named[0]}, week of {day(weeks[0])}: {grid[0][0]}")
        said = await spoken(card.get_by_role("slider"), "End")
        assert said.startswith(f"{named[-1]}, week of {day(weeks[-1])}: {grid[-1][-1]}")
        assert " ".join((await card.locator(".ramp-said").inner_text()).split()) == said

    await page.get_by_role("button", name="Line", exact=True).click()
    await reader.settle()
    for name in METRICS:
        card = reader.card(labels[name])
        columns = columns_by_group(told["series"]["groups"], name, units[name], len(starts))
        table = await columns_of(card)
        assert table.pop("Start") == [f"week of {day(start)}" for start in starts]
        assert table == columns, name
        await card.get_by_role("slider").press("Home")
        said = await spoken(card.get_by_role("slider"), "ArrowRight")
        assert said == f"week of {day(starts[1])}: " + ", ".join(f"{one} {cells[1]}" for one, cells in columns.items())
        assert await card.locator(".tip dd").all_text_contents() == [cells[1] for cells in columns.values()]

    await page.get_by_role("button", name="Remove Time").click()
    await page.get_by_role("button", name="Bars", exact=True).click()
    await expect(page.locator(".report-track").first).to_be_attached()
    await reader.settle()
    rows = await cells_of(reader, "tbody")
    assert [row[0]["text"] for row in rows] == [label(row["keys"][0]) for row in told["single"]["rows"]]
    largest = {name: max(row["metrics"][name]["value"] or 0 for row in told["single"]["rows"]) for name in METRICS}
    for found, row in zip(rows, told["single"]["rows"], strict=True):
        for cell, name in zip(found[1:], METRICS, strict=True):
            value = row["metrics"][name]
            assert_cell(cell, value, changes=False)
            assert float(cell["part"]) == pytest.approx(100 * (value["value"] or 0) / (largest[name] or 1), abs=0.01)
    assert reader.visit.faults == []


async def test_every_metric_and_what_stands_beside_it_is_the_apis(reader: Reader) -> None:
    slice_ = slice_for("team_lead")
    catalogue = (await reader.ask("{ metricCatalog { name unit details { name unit } } }"))["metricCatalog"]
    wanted = " ".join(
        f"{one['name']} {{ value unit count previous change suppressed {' '.join(d['name'] for d in one['details'])} }}"
        for one in catalogue
    )
    told = (
        await reader.ask(
            f"{{ report({slice_.arguments}, compareTo: [PREVIOUS_PERIOD]) {{ metrics {{ {wanted} }} "
            f"breakdown(by: [PRIORITY]) {{ rows {{ keys {{ dimension id label start }} "
            f"metrics {{ {wanted} }} }} }} }} }}",
            slice_.asks,
        )
    )["report"]
    columns = [(one["name"], None, one["unit"]) for one in catalogue]
    columns += [(one["name"], detail["name"], detail["unit"]) for one in catalogue for detail in one["details"]]
    asked = "&".join(f"metric={name}" + f".{detail}" * bool(detail) for name, detail, _ in columns)

    await reader.open(f"/explore?{slice_.query}&{asked}&by=priority&view=table", slice_.asks)

    (whole,) = await cells_of(reader, "tfoot")
    rows = [*await cells_of(reader, "tbody"), whole]
    expected = [*told["breakdown"]["rows"], {"metrics": told["metrics"]}]
    assert [row[0]["text"] for row in rows[:-1]] == [label(row["keys"][0]) for row in expected[:-1]]
    assert [row[0]["text"] for row in rows[:4]] == ORDER
    for found, row in zip(rows, expected, strict=True):
        for cell, (name, detail, unit) in zip(found[1:], columns, strict=True):
            value = row["metrics"][name]
            beside: dict[str, Any] = {"value": value[detail], "unit": unit, "change": None} if detail else {}
            assert_cell(cell, {**value, **beside})
    assert reader.visit.faults == []
