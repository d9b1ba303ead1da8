"""Drill-down by name and place: every page of a list, what a role is refused, and what is said of a wrong place."""

from __future__ import annotations

from typing import Any, Final

import pytest

from db.access import Role
from tests.conftest import MANAGER, VIEWERS, Asking

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
ANALYST, AGENT, CLIENT = (VIEWERS[role] for role in (Role.ANALYST, Role.AGENT, Role.CLIENT))
VOLUME: Final = "trends(grain: MONTH) { volume { %s } }"
AGENTS: Final = "agents(first: 1, orderBy: [{metric: AVG_RESPONSE_TIME}]) { rows { %s } }"


def only(found: Any, path: str) -> Any:
    """What stands at a path, the first of every list on the way."""
    for name in path.split("."):
        found = found[name]
        found = found[0] if isinstance(found, list) and name != "nodes" else found
    return found


@pytest.mark.parametrize(
    ("fields", "path", "of"),
    [
        (VOLUME, "trends.volume", "of: RESOLVED"),
        (VOLUME, "trends.volume", "of: OPEN"),
        ("trends(grain: WEEK) { categories { %s } }", "trends.categories", "of: POINTS, at: 1"),
        ("trends { fastestMovers { risers { %s } } }", "trends.fastestMovers.risers", "of: PREVIOUS"),
        ("trends { seasonality { %s } }", "trends.seasonality", "of: WEEKDAY_HOUR, at: [2, 9]"),
        (AGENTS, "agents.rows", "of: TICKETS_CREATED"),
        (AGENTS % "responseTime { %s }", "agents.rows.responseTime", ""),
        ("metrics { resolutionRate { %s } }", "metrics.resolutionRate", "of: WITHOUT_TARGET"),
        ("metrics { csatScore { %s } }", "metrics.csatScore", "of: HISTOGRAM, at: 0"),
        ("performance { resolutionTimeDistribution { %s } }", "performance.resolutionTimeDistribution", ""),
        ("series(grain: DAY) { groups { metrics { reopens { %s } } } }", "series.groups.metrics.reopens",
         "of: COUNTS, at: 5"),
    ],
)  # fmt: skip
async def test_the_pages_of_a_list_have_as_many_nodes_as_there_are(
    fields: str, path: str, of: str, ask: Asking
) -> None:
    nodes: list[tuple[str, str]] = []
    after = None

    while True:
        page_of = f"tickets({of} first: 90, after: $after, orderBy: [{{by: PRIORITY}}, {{by: AT}}])"
        document = fields % f"{page_of} {{ total nextCursor nodes {{ id at }} }}"
        # A cursor is of the first row's list alone: the lists of further rows refuse it.
        result = await ask(f"query ($after: String) {{ report({MONTH}) {{ {document} }} }}", MANAGER, after=after)
        assert result.data is not None
        page = only(result.data["report"], f"{path}.tickets")
        nodes += [(node["id"], node["at"]) for node in page["nodes"]]
        after = page["nextCursor"]
        if after is None:
            break

    assert len(set(nodes)) == len(nodes) == page["total"] > 0


LISTED: Final = {
    VOLUME % "tickets(of: CREATED) { total }": {Role.AGENT, Role.ANALYST, Role.CLIENT},
    "metrics { resolutionRate { tickets(of: OPEN_BREACHED) { total } } }": {Role.AGENT, Role.ANALYST, Role.CLIENT},
    "metrics { csatScore { tickets { total } } }": {Role.AGENT, Role.CLIENT},
    "metrics { csatScore { tickets(of: HISTOGRAM, at: 4) { total } } }": {Role.AGENT, Role.CLIENT},
    AGENTS % "tickets(of: OPEN_TICKETS) { total }": {Role.AGENT, Role.ANALYST},
    AGENTS % "rating { tickets { total } }": {Role.AGENT},
    "series(grain: MONTH, by: AGENT) { groups { metrics { csatScore { tickets(of: COUNTS, at: 0) { total } } } } }":
        {Role.AGENT},
    "trends { seasonality { tickets(of: WEEKDAY_HOUR, at: [0, 9]) { total } } }":
        {Role.AGENT, Role.ANALYST, Role.CLIENT},
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.AGENT, Role.ANALYST, Role.CLIENT])
@pytest.mark.parametrize(("fields", "may"), LISTED.items())
async def test_nothing_is_listed_that_a_role_may_not_see_as_a_number(
    fields: str, may: set[Role], role: Role, ask: Asking
) -> None:
    result = await ask(f"{{ report({MONTH}) {{ {fields} }} }}", VIEWERS[role])

    codes = {str((e.extensions or {})["code"]) for e in result.errors or ()}
    assert codes == (set() if role in may else {"FORBIDDEN"})
    lists = [s.sql for s in ask.statements if "behind AS" in s.sql]
    assert (len(lists) > 0) == (role in may)
    scope = {Role.AGENT: "agent_id = ANY", Role.CLIENT: "organization_id = ANY"}.get(role, "")
    assert all(scope in sql for sql in lists)


async def test_ratings_of_one_score_tell_scores_so_that_an_analyst_may_not_list_them(ask: Asking) -> None:
    listed = "metrics { csatScore { histogram tickets(of: HISTOGRAM, at: 0) { nodes { id agent { id } } } } }"

    result = await ask(f"{{ report({MONTH}) {{ {listed} }} }}", ANALYST)

    assert result.data is not None
    found = result.data["report"]["metrics"]["csatScore"]
    assert found["tickets"] is None
    assert sum(found["histogram"]) > 0
    assert "csat:agent:read" in (result.errors or ())[0].message


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ("metrics { csatScore { tickets(of: HISTOGRAM) { total } } }",
         "at [] is no place in HISTOGRAM, which has 5 numbers. Give one place: [0 to 4]."),
        ("metrics { csatScore { tickets(of: HISTOGRAM, at: 5) { total } } }",
         "at [5] is no place in HISTOGRAM, which has 5 numbers. Give one place: [0 to 4]."),
        ("metrics { csatScore { tickets(of: HISTOGRAM, at: -1) { total } } }",
         "at [-1] is no place in HISTOGRAM, which has 5 numbers. Give one place: [0 to 4]."),
        ("metrics { csatScore { tickets(of: COUNT, at: 0) { total } } }",
         "at [0]: COUNT is one number, no list. Leave `at` out."),
        ("trends { seasonality { tickets(of: WEEKDAY_HOUR, at: [7, 9]) { total } } }",
         "at [7, 9] is no place in WEEKDAY_HOUR, which has 7 x 24 numbers. Give one place: [0 to 6, 0 to 23]."),
        ("trends { seasonality { tickets(of: WEEKDAY_HOUR, at: 9) { total } } }",
         "at [9] is no place in WEEKDAY_HOUR, which has 7 x 24 numbers. Give one place: [0 to 6, 0 to 23]."),
    ],
)  # fmt: skip
async def test_a_place_that_is_not_there_is_bad_input_that_says_which_are(fields: str, told: str, ask: Asking) -> None:
    result = await ask(f"{{ report({MONTH}) {{ {fields} }} }}", MANAGER)

    (error,) = result.errors or ()
    assert error.message == told
    assert error.extensions == {"code": "BAD_USER_INPUT", "fault": "BadInput", "parameter": "at"}


async def test_a_number_that_an_object_does_not_have_is_refused_with_those_it_has(ask: Asking) -> None:
    result = await ask(f"{{ report({MONTH}) {{ {VOLUME % 'tickets(of: CREATE) { total }'} }} }}", MANAGER)

    assert "Did you mean the enum value 'CREATED'?" in (result.errors or ())[0].message


async def test_without_a_comparison_there_is_no_previous_total_and_no_list_of_it(ask: Asking) -> None:
    fields = "trends { categories { previousTotal tickets(of: PREVIOUS_TOTAL) { total } } }"

    data = await ask.data(f"{{ report({MONTH}) {{ {fields} }} }}", MANAGER)

    assert {(one["previousTotal"], one["tickets"]) for one in data["report"]["trends"]["categories"]} == {(None, None)}


async def test_a_bucket_that_has_not_begun_has_no_open_tickets_and_no_list_of_them(ask: Asking) -> None:
    data = await ask.data(
        '{ report(period: {since: "2026-09-30", until: "2026-10-03"}) { trends { volume {'
        " open created a: tickets(of: OPEN) { total } b: tickets(of: CREATED) { total } } } } }",
        MANAGER,
    )

    points = data["report"]["trends"]["volume"]
    assert [point["a"] and point["a"]["total"] for point in points] == [point["open"] for point in points]
    assert [point["b"]["total"] for point in points] == [point["created"] for point in points]
    assert points[-1]["open"] is None


async def test_more_lists_than_an_operation_may_have_are_null_and_told_once_and_the_numbers_arrive(ask: Asking) -> None:
    fields = "trends(grain: DAY) { volume { created tickets(of: CREATED) { total } } }"

    result = await ask(f"{{ report({MONTH}) {{ {fields} }} }}", MANAGER)

    (error,) = result.errors or ()
    assert (error.extensions or {})["code"] == "QUERY_TOO_COMPLEX"
    assert error.path == ["report", "trends", "volume", "tickets"]
    assert "behind 31 numbers, more than the 20" in error.message
    assert result.data is not None
    points = result.data["report"]["trends"]["volume"]
    assert all(point["created"] > 0 and point["tickets"] is None for point in points)
    assert not [s for s in ask.statements if "behind AS" in s.sql]
