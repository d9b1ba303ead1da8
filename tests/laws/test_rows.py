"""Rows: their order, their bounds, and their pages."""

from __future__ import annotations

import base64
import json
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import MANAGER, VIEWERS, Asking, Role
from tests.laws.slices import Asked, law, slices

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
METRICS: Final = {
    "TICKETS_CREATED": "ticketsCreated",
    "OPEN_TICKETS": "openTickets",
    "CSAT_SCORE": "csatScore",
    "REOPEN_RATE": "reopenRate",
    "AVG_RESPONSE_TIME": "avgResponseTime",
}
BESIDE: Final = " ".join(f"{name} {{ value }}" for name in METRICS.values())
ROW: Final = f"keys {{ id label start }} metrics {{ {BESIDE} }}"


async def rows_of(ask: Asking, arguments: str, by: str, further: str = "") -> list[dict[str, Any]]:
    """All rows of a breakdown."""
    data = await ask.data(
        f"{{ report({arguments}) {{ breakdown(by: [{by}], first: 500 {further}) {{ total rows {{ {ROW} }} }} }} }}",
        MANAGER,
    )
    found = data["report"]["breakdown"]
    assert found["total"] == len(found["rows"])
    return found["rows"]  # type: ignore[no-any-return]


DIMENSIONS: Final = st.sampled_from(["CATEGORY", "AGENT", "TAG", "HOUR_OF_DAY", "TEAM, PRIORITY", "AGENT, STATUS"])


@law(25)
@given(
    slices(60),
    DIMENSIONS,
    st.lists(
        st.tuples(st.sampled_from(sorted(METRICS)), st.sampled_from(["ASC", "DESC"])),
        max_size=2,
        unique_by=lambda o: o[0],
    ),
    st.integers(3, 40),
)
async def test_the_pages_of_a_list_are_the_list(
    ask: Asking, asked: Asked, by: str, orders: list[tuple[str, str]], size: int
) -> None:
    order = ", ".join(f"{{metric: {metric}, direction: {direction}}}" for metric, direction in orders)
    arguments = asked.arguments()
    whole = await rows_of(ask, arguments, by, f"orderBy: [{order}]")

    pages: list[dict[str, Any]] = []
    after = None
    while True:
        data = await ask.data(
            f"""query ($after: String) {{ report({arguments}) {{ breakdown(
                by: [{by}], first: {size}, after: $after, orderBy: [{order}]) {{
                    total nextCursor rows {{ {ROW} }} }} }} }}""",
            MANAGER,
            after=after,
        )
        page = data["report"]["breakdown"]
        assert page["total"] == len(whole)
        assert len(page["rows"]) <= size
        pages += page["rows"]
        after = page["nextCursor"]
        if after is None:
            break

    assert pages == whole
    if whole:
        row = whole[len(whole) // 2]
        keys = json.dumps([key["start"] or key["id"] for key in row["keys"]])
        assert await rows_of(ask, arguments, by, f"keys: {keys}") == [row]


@law(30)
@given(slices(120), DIMENSIONS, st.sampled_from(sorted(METRICS)), st.sampled_from(["ASC", "DESC"]))
async def test_rows_are_in_order_and_what_is_null_comes_last_either_way(
    ask: Asking, asked: Asked, by: str, metric: str, direction: str
) -> None:
    rows = await rows_of(ask, asked.arguments(), by, f"orderBy: [{{metric: {metric}, direction: {direction}}}]")

    values = [row["metrics"][METRICS[metric]]["value"] for row in rows]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=direction == "DESC")
    assert values == known + [None] * (len(values) - len(known))


@law(30)
@given(slices(120), DIMENSIONS, st.sampled_from(sorted(METRICS)), st.floats(0, 200), st.floats(0, 200))
async def test_having_keeps_the_rows_inside_its_bounds_and_no_null(
    ask: Asking, asked: Asked, by: str, metric: str, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    every = await rows_of(ask, asked.arguments(), by)

    kept = await rows_of(
        ask, asked.arguments(), by, f"having: [{{metric: {metric}, gte: {low}}}, {{metric: {metric}, lte: {high}}}]"
    )

    name = METRICS[metric]
    assert kept == [row for row in every if (v := row["metrics"][name]["value"]) is not None and low <= v <= high]


async def test_rows_ordered_by_a_metric_that_is_not_shown_are_those_ordered_by_it(ask: Asking) -> None:
    shown = await rows_of(ask, MONTH, "AGENT", "orderBy: [{metric: RESOLUTIONS}]")

    data = await ask.data(
        f"{{ report({MONTH}) {{ breakdown(by: [AGENT], orderBy: [{{metric: RESOLUTIONS}}]) {{ rows {{ keys {{ id }}"
        " metrics { resolutions { value } } } } } }",
        MANAGER,
    )

    rows = data["report"]["breakdown"]["rows"]
    ids = [row["keys"][0]["id"] for row in rows]
    assert ids == [row["keys"][0]["id"] for row in shown if row["keys"][0]["id"] in ids]
    values = [row["metrics"]["resolutions"]["value"] for row in rows]
    assert values == sorted(values, reverse=True)


async def test_rows_can_be_ordered_by_a_key_and_clocks_are_ordered_as_clocks(ask: Asking) -> None:
    hours = await rows_of(ask, MONTH, "HOUR_OF_DAY", "orderBy: [{dimension: HOUR_OF_DAY, direction: DESC}]")
    days = await rows_of(ask, MONTH, "DAY_OF_WEEK")
    names = await rows_of(ask, MONTH, "CATEGORY", "orderBy: [{dimension: CATEGORY, direction: ASC}]")

    assert [int(row["keys"][0]["id"]) for row in hours] == sorted(
        (int(r["keys"][0]["id"]) for r in hours), reverse=True
    )
    assert [row["keys"][0]["label"] for row in days][:2] == ["Monday", "Tuesday"]
    labels = [row["keys"][0]["label"] for row in names]
    assert labels[-1] is None
    assert labels[:-1] == sorted(labels[:-1], key=str.casefold)


async def test_rows_by_time_have_every_bucket_of_every_group(ask: Asking) -> None:
    rows = await rows_of(ask, MONTH, "CATEGORY, TIME", "grain: WEEK")

    starts = sorted({row["keys"][1]["start"] for row in rows})
    groups = {row["keys"][0]["id"] for row in rows}
    assert starts == ["2026-02-23", "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23", "2026-03-30"]
    assert len(rows) == len(starts) * len(groups)
    assert [row["keys"][1]["start"] for row in rows] == sorted(row["keys"][1]["start"] for row in rows)


async def test_a_stock_has_no_hour_of_day(ask: Asking) -> None:
    """An interval is entered at one hour and left at another: their difference would be no number of tickets."""
    data = await ask.data(
        f"""{{ report({MONTH}) {{ breakdown(by: [HOUR_OF_DAY]) {{ rows {{ metrics {{
            openTickets {{ value reason }} ticketsCreated {{ value }}
            resolutionRate {{ openBreached }} }} }} }} }} }}""",
        MANAGER,
    )

    rows = [row["metrics"] for row in data["report"]["breakdown"]["rows"]]
    assert rows
    assert all(row["openTickets"]["value"] is None and "hour" in row["openTickets"]["reason"] for row in rows)
    assert all(row["resolutionRate"]["openBreached"] is None for row in rows)


async def test_agents_are_searched_by_name_and_id(ask: Asking) -> None:
    fields = "agents(first: 500{}) {{ total rows {{ agent {{ id name }} }} }}"
    every = (await ask.data(f"{{ report({MONTH}) {{ {fields.format('')} }} }}", MANAGER))["report"]["agents"]["rows"]
    name = next(row["agent"]["name"] for row in every if row["agent"])

    for text in (name.upper()[1:5], "a-0", "no such agent"):
        found = (
            await ask.data(
                f"{{ report({MONTH}) {{ {fields.format(f', search: {chr(34)}{text}{chr(34)}')} }} }}", MANAGER
            )
        )["report"]["agents"]
        expected = [
            row for row in every
            if row["agent"] and any(text.lower() in row["agent"][part].lower() for part in ("id", "name"))
        ]  # fmt: skip
        assert (found["rows"], found["total"]) == (expected, len(expected))


CURSORS: Final = {
    "no base64": "%%%",
    "nothing": "",
    "no JSON": base64.urlsafe_b64encode(b"nonsense").decode(),
    "another JSON": base64.urlsafe_b64encode(b'{"a": 1}').decode(),
    "an empty list": base64.urlsafe_b64encode(b"[]").decode(),
    "a number": base64.urlsafe_b64encode(b"7").decode(),
    "no ASCII": "é",
}


@pytest.mark.parametrize("cursor", CURSORS.values(), ids=CURSORS)
async def test_a_cursor_that_is_none_is_bad_input(cursor: str, ask: Asking) -> None:
    for part in ("breakdown(by: [TEAM], after: $c) { total }", "agents(after: $c) { total }"):
        result = await ask(f"query ($c: String) {{ report({MONTH}) {{ {part} }} }}", MANAGER, c=cursor)

        assert [error.extensions["code"] for error in result.errors or () if error.extensions] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize(
    ("arguments", "table", "role"),
    [
        (MONTH, "by: [TEAM], first: 2, orderBy: [{metric: REOPENS}]", Role.MANAGER),
        (MONTH, "by: [PRIORITY], first: 2", Role.MANAGER),
        (MONTH, "by: [TEAM], first: 2, having: [{metric: REOPENS, gte: 0}]", Role.MANAGER),
        (f'{MONTH}, filter: {{priority: {{in: ["low"]}}}}', "by: [TEAM], first: 2", Role.MANAGER),
        (f"{MONTH}, attribution: CREATION", "by: [TEAM], first: 2", Role.MANAGER),
        ('period: {since: "2026-03-01", until: "2026-04-02"}', "by: [TEAM], first: 2", Role.MANAGER),
        (MONTH, "by: [TEAM], first: 2", Role.TEAM_LEAD),
    ],
)
async def test_a_cursor_of_another_list_is_bad_input(arguments: str, table: str, role: Role, ask: Asking) -> None:
    data = await ask.data(f"{{ report({MONTH}) {{ breakdown(by: [TEAM], first: 2) {{ nextCursor }} }} }}", MANAGER)
    cursor = data["report"]["breakdown"]["nextCursor"]
    assert cursor

    result = await ask(
        f"query ($c: String) {{ report({arguments}) {{ breakdown({table}, after: $c) {{ total }} }} }}",
        VIEWERS[role],
        c=cursor,
    )

    assert [error.extensions["code"] for error in result.errors or () if error.extensions] == ["BAD_USER_INPUT"]


async def test_a_cursor_may_go_on_with_another_page_size(ask: Asking) -> None:
    document = "query ($c: String) { report(%s) { agents(first: %d, after: $c) { nextCursor rows { agent { id } } } } }"

    first = (await ask.data(document % (MONTH, 3), MANAGER))["report"]["agents"]
    rest = (await ask.data(document % (MONTH, 500), MANAGER, c=first["nextCursor"]))["report"]["agents"]
    whole = (await ask.data(document % (MONTH, 500), MANAGER))["report"]["agents"]

    assert first["rows"] + rest["rows"] == whole["rows"]
    assert rest["nextCursor"] is None
