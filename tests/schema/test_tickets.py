"""Drill-down in the language: what each role sees of a ticket, what is refused, and what it costs."""

from __future__ import annotations

import base64
from typing import Any, Final

import orjson
import pytest

from db.access import Capability, Role, Viewer
from tests.conftest import MANAGER, VIEWERS, Asking

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
ANALYST, CLIENT = VIEWERS[Role.ANALYST], VIEWERS[Role.CLIENT]
WITHHELD: Final = {
    Role.CLIENT: {"agent"},
}
GATED: Final = "agent { id name } subject requester score comment"


async def page(
    ask: Asking, viewer: Viewer, nodes: str, arguments: str = "first: 500", metric: str = "csatScore"
) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The tickets behind a metric of a month, and the errors as field and code."""
    document = f"{{ report({MONTH}) {{ metrics {{ {metric} {{ count tickets({arguments}) {{ {nodes} }} }} }} }} }}"
    result = await ask(document, viewer)
    assert result.data is not None
    codes = [(str((e.path or [""])[-1]), str((e.extensions or {})["code"])) for e in result.errors or ()]
    return result.data["report"]["metrics"][metric], codes


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
async def test_each_role_sees_of_a_ticket_what_it_may_and_is_told_once_of_the_rest(role: Role, ask: Asking) -> None:
    found, errors = await page(ask, VIEWERS[role], f"total nodes {{ id {GATED} organization {{ id name }} }}")

    withheld = WITHHELD.get(role, set())
    nodes = found["tickets"]["nodes"]
    assert sorted(errors) == sorted((name, "FORBIDDEN") for name in withheld)
    assert found["tickets"]["total"] == found["count"] > 0
    assert len(nodes) == min(found["count"], 500)
    for name in ("agent", "subject", "requester", "score", "comment"):
        assert any(node[name] is not None for node in nodes) == (name not in withheld), name
    assert any(node["organization"] for node in nodes)


async def test_an_analyst_sees_tickets_without_subject_requester_score_and_comment(ask: Asking) -> None:
    found, errors = await page(ask, ANALYST, f"total nodes {{ id {GATED} }}", metric="ticketsCreated")

    assert sorted(name for name, _ in errors) == ["comment", "requester", "score", "subject"]
    assert found["tickets"]["total"] == found["count"] > 0
    assert any(node["agent"] for node in found["tickets"]["nodes"])


async def test_an_analyst_may_not_list_ratings_whatever_of_them(ask: Asking) -> None:
    """Who was rated in a minute, beside the score of that minute, is the rating of an agent."""
    found, errors = await page(ask, ANALYST, "total")

    assert (found["tickets"], errors) == (None, [("tickets", "FORBIDDEN")])
    assert found["count"] > 0


async def test_what_a_role_may_not_read_is_not_in_the_sql(ask: Asking) -> None:
    denied = {"subject", "requester", "comment"}
    for viewer, inside in ((MANAGER, True), (ANALYST, False)):
        await page(ask, viewer, f"nodes {{ id {GATED} }}", metric="ticketsCreated")
        sql = "\n".join(statement.sql for statement in ask.statements)
        assert {name for name in (*denied, "score") if name in sql} == ({*denied, "score"} if inside else set())
    await page(ask, CLIENT, f"nodes {{ id {GATED} }}", metric="ticketsCreated")
    assert "agent_id" not in "\n".join(statement.sql for statement in ask.statements)


async def test_what_is_not_asked_for_is_not_in_the_sql_either(ask: Asking) -> None:
    await page(ask, MANAGER, "nodes { id }", metric="ticketsCreated")

    sql = "\n".join(statement.sql for statement in ask.statements)
    assert not [name for name in ("subject", "requester", "comment", "score", "agent_id") if name in sql]


async def test_an_analyst_sees_agents_and_organizations_by_pseudonym(ask: Asking) -> None:
    fields = "nodes { id agent { id name } organization { id name } }"
    known, _ = await page(ask, MANAGER, fields, metric="reopens")
    found, _ = await page(ask, ANALYST, fields, metric="reopens")

    real, shown = known["tickets"]["nodes"], found["tickets"]["nodes"]
    assert [node["id"] for node in real] == [node["id"] for node in shown]
    for one, other in zip(real, shown, strict=True):
        for name in ("agent", "organization"):
            assert (one[name] is None) == (other[name] is None)
            assert one[name] is None or (
                one[name]["id"] != other[name]["id"] and one[name]["name"] != other[name]["name"]
            )


async def test_a_client_sees_its_own_tickets_alone_also_by_the_root_field(ask: Asking) -> None:
    document = f"{{ tickets({MONTH}, first: 500) {{ total nodes {{ organization {{ id }} }} }} }}"

    own = (await ask.data(document, CLIENT))["tickets"]
    every = (await ask.data(document, MANAGER))["tickets"]

    assert {node["organization"]["id"] for node in own["nodes"]} == {CLIENT.organization}
    assert 0 < own["total"] < every["total"]


async def test_ordering_by_score_needs_what_reading_it_needs(ask: Asking) -> None:
    _, errors = await page(ask, ANALYST, "total", "orderBy: [{by: SCORE}]", metric="ticketsCreated")

    assert errors == [("tickets", "FORBIDDEN")]


def test_every_role_may_drill_down() -> None:
    assert all(Capability.TICKET_DETAIL_READ in viewer.capabilities for viewer in VIEWERS.values())


async def test_a_stock_that_cannot_be_known_has_no_tickets(ask: Asking) -> None:
    data = await ask.data(
        'query { report(period: {since: "2026-11-01", until: "2026-12-01"}) '
        "{ metrics { openTickets { count tickets { total } } ticketsCreated { tickets { total nodes { id } } } } } }",
        MANAGER,
    )

    found = data["report"]["metrics"]
    assert found["openTickets"] == {"count": None, "tickets": None}
    assert found["ticketsCreated"]["tickets"] == {"total": 0, "nodes": []}


def forged(cursor: str, *changed: Any) -> str:
    """A cursor with its own fingerprint and other values."""
    mark = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))[0]
    return base64.urlsafe_b64encode(orjson.dumps([mark, *changed])).decode().rstrip("=")


async def test_a_cursor_of_another_list_is_bad_input(ask: Asking) -> None:
    found, _ = await page(ask, MANAGER, "nextCursor", "first: 5")
    cursor = found["tickets"]["nextCursor"]
    instant = "2026-03-05T00:00:00+00:00"
    wrong = [
        ("ticketsCreated", cursor, ""),
        ("csatScore", cursor, "orderBy: [{by: SCORE}]"),
        ("csatScore", "rubbish", ""),
        ("csatScore", "", ""),
        ("csatScore", forged(cursor, "no instant", 1, 1), ""),
        ("csatScore", forged(cursor, "2026-03-05T00:00:00", 1, 1), ""),
        ("csatScore", forged(cursor, instant, 2**63, 1), ""),
        ("csatScore", forged(cursor, instant, 1, True), ""),
        ("csatScore", forged(cursor, 5, 1, 1), ""),
        ("csatScore", forged(cursor, instant, instant, 1, 1), ""),
    ]

    for metric, after, further in wrong:
        found, errors = await page(ask, MANAGER, "total", f'first: 5, after: "{after}" {further}', metric)
        assert (found["tickets"], errors) == (None, [("tickets", "BAD_USER_INPUT")]), (metric, after)
    for first in (0, 501):
        _, errors = await page(ask, MANAGER, "total", f"first: {first}")
        assert errors == [("tickets", "BAD_USER_INPUT")]


async def test_tickets_behind_more_than_twenty_numbers_are_refused_with_what_to_do(ask: Asking) -> None:
    rows = "breakdown(by: [AGENT], first: %d) { rows { metrics { ticketsCreated { tickets { total } } } } }"
    lists = " ".join(f"a{n}: tickets(first: {n + 1}) {{ total }}" for n in range(21))

    twenty = await ask(f"{{ report({MONTH}) {{ {rows % 20} }} }}", MANAGER)
    more = await ask(f"{{ report({MONTH}) {{ {rows % 21} }} }}", MANAGER)
    aliased = await ask(f"{{ report({MONTH}) {{ metrics {{ reopens {{ value {lists} }} }} }} }}", MANAGER)

    assert twenty.errors is None
    assert [e.extensions["code"] for e in more.errors or ()] == ["QUERY_TOO_COMPLEX"]  # type: ignore[index]
    assert "Ask for fewer rows" in (more.errors or ())[0].message
    assert {e.extensions["code"] for e in aliased.errors or ()} == {"QUERY_TOO_COMPLEX"}  # type: ignore[index]
    assert aliased.data is not None
    assert aliased.data["report"]["metrics"]["reopens"]["value"] > 0


async def test_a_faulty_filter_spoils_no_other_list(ask: Asking) -> None:
    bad = 'filter: {category: {in: ["no such category"]}}'

    result = await ask(f"{{ a: tickets({MONTH}) {{ total }} b: tickets({MONTH}, {bad}) {{ total }} }}", MANAGER)

    assert result.data is not None
    assert result.data["a"]["total"] > 0
    assert result.data["b"] is None
    assert [e.extensions["code"] for e in result.errors or ()] == ["BAD_USER_INPUT"]  # type: ignore[index]
