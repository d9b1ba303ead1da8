"""Every cell of Tickets beside the API's, for each role that may open it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.ui.reader import Reader, slice_for
from tests.browser.ui.written import NONE, instant, lasting, table_of, word, written

pytestmark = pytest.mark.browser

COLUMNS = [
    *("subject", "at", "createdAt", "duration", "withinTarget", "status", "priority", "category", "channel", "team"),
    *("agent", "organization", "requester", "tags", "responseTarget", "resolutionTarget", "score", "comment"),
]
BEHIND = {
    "avgResponseTime": ("First response", "tickets"),
    "openTickets": ("Open since", "tickets"),
    "reopens": ("Reopened", "reopens"),
    "csatScore": ("Rated", "tickets"),
}
"""Metrics of each kind, with what their instant is called, and what they list."""
IDENTITY = {"Subject": "subject", "Requester": "requester"}
HIDDEN = {
    "analyst": {*IDENTITY, "Rating", "Comment"},
    "client": {"Agent"},
}


def due(target: dict[str, str | None] | None) -> str:
    """When something is due, and how that went."""
    if target is None:
        return NONE
    at, state = target["dueAt"], str(target["state"]).lower()
    return f"{instant(at) if at else 'paused'} {state}"


def cells(node: dict[str, Any], at: str, took: str) -> dict[str, str]:
    """A ticket's row, by the heads of its columns."""

    def name(of: str, unset: str = NONE) -> str:
        return node[of]["name"] if node.get(of) else unset

    return {
        "Ticket": node["id"],
        "Subject": node.get("subject") or NONE,
        at: instant(node["at"]),
        "Created": instant(node["createdAt"]),
        "Took": lasting(node[took]),
        "In target": {None: NONE, True: "met", False: "missed"}[node["withinTarget"]],
        "Status": word(node["status"], NONE),
        "Priority": word(node["priority"], NONE),
        "Category": name("category"),
        "Channel": word(node["channel"], NONE),
        "Team": name("team"),
        "Agent": name("agent", "Unassigned"),
        "Organization": name("organization"),
        "Requester": node.get("requester") or NONE,
        "Tags": ", ".join(node["tags"]) or NONE,
        "First response due": due(node["responseTarget"]),
        "Resolution due": due(node["resolutionTarget"]),
        "Rating": str(node["score"]) if node.get("score") is not None else NONE,
        "Comment": node.get("comment") or NONE,
    }


@pytest.mark.parametrize("role", ["manager", "team_lead", "agent", "analyst", "client"])
async def test_every_cell_of_tickets_is_the_apis_for_each_role(reader: Reader, role: str) -> None:
    slice_ = slice_for(role)
    hidden = HIDDEN.get(role, set())
    metrics = [name for name in BEHIND if role != "analyst" or name != "csatScore"]
    own = [
        *(field for head, field in IDENTITY.items() if head not in hidden),
        *([] if "Agent" in hidden else ["agent { name }"]),
        *([] if "Rating" in hidden else ["score comment"]),
    ]
    behind = """{ value unit tickets(first: 50, orderBy: [{by: %s, direction: DESC}]) { total nodes {
        id at createdAt status priority channel category { name } team { name } organization { name } tags seconds
        businessSeconds withinTarget responseTarget { dueAt state } resolutionTarget { dueAt state } %s
    } } }"""
    wanted = {name: behind % ("DURATION" if name == "avgResponseTime" else "AT", " ".join(own)) for name in metrics}
    told = (
        await reader.ask(
            f"""{{ report({slice_.arguments}) {{
                metrics {{ {" ".join(f"{name} {found}" for name, found in wanted.items())} }} }} }}""",
            slice_.asks,
        )
    )["report"]["metrics"]
    took = "businessSeconds" if "business" in slice_.query else "seconds"
    page = reader.visit.page
    await page.add_init_script(
        "for (const kind of ['timed', 'stock', 'created', 'rated'])"
        f"  localStorage.setItem(`deskgraph.columns.tickets.${{kind}}`, {json.dumps(json.dumps(COLUMNS))})"
    )

    await reader.open(f"/tickets?{slice_.query}&metric=avgResponseTime&sort=-duration", role)

    for name in metrics:
        at, things = BEHIND[name]
        value, found = told[name], told[name]["tickets"]
        if name != metrics[0]:
            await page.get_by_label("Behind").select_option(name)
            await expect(page.get_by_label("Behind")).to_have_value(name)
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            f"{found['total']:,} {things if found['total'] != 1 else things[:-1]} behind “"
            f"{await page.get_by_label('Behind').locator('option:checked').inner_text()}”"
        )
        await reader.settle()
        words = await page.locator(".ticket-slice").inner_text()
        is_count = value["unit"] in ("TICKETS", "EVENTS")
        assert (f"is {written(value['value'], value['unit'])}. " in words) == (not is_count), words
        if found["total"] == 0:
            await expect(reader.card("Tickets").locator(".empty")).to_contain_text(f"No {things} behind")
            continue
        count = len(found["nodes"])
        assert (await reader.card("Tickets").locator(".pager p").inner_text()).startswith(
            f"{count} of {found['total']:,} " if count < found["total"] else f"{count} "
        )
        head, *rows = await table_of(reader.card("Tickets"))
        head = [one.rstrip("↓↑") for one in head]
        expected = [cells(node, at, took) for node in found["nodes"]]
        assert set(head) == set(expected[0]) - hidden
        assert [dict(zip(head, row, strict=True)) for row in rows] == [
            {one: text for one, text in row.items() if one not in hidden} for row in expected
        ], name
    if role == "manager":
        rate = f"{{ report({slice_.arguments}) {{ metrics {{ resolutionRate {{ withTarget }} }} }} }}"
        count = (await reader.ask(rate))["report"]["metrics"]["resolutionRate"]["withTarget"]
        await reader.open(f"/tickets?{slice_.query}&metric=resolutionRate&of=with_target")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count:,} tickets behind")
    assert reader.visit.faults == []
