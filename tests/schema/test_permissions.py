"""What a role may not read is null with one error, and never in the SQL; what it may not name is refused."""

from __future__ import annotations

from typing import Any, Final

import pytest

from db import catalog
from db.access import MATRIX, Capability, Role, Viewer
from db.domain import Source
from db.rollups.cuboids import NUMBERS
from tests.conftest import MANAGER, VIEWERS, Asking

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
ANALYST, CLIENT, TEAM_LEAD, AGENT = (VIEWERS[role] for role in (Role.ANALYST, Role.CLIENT, Role.TEAM_LEAD, Role.AGENT))
NOBODY: Final = Viewer("n", Role.TEAM_LEAD, teams=("no such team",))


async def codes(ask: Asking, viewer: Viewer, fields: str, arguments: str = MONTH) -> tuple[Any, list[tuple[str, str]]]:
    """A report's data, and its errors as path and code."""
    result = await ask(f"{{ report({arguments}) {{ {fields} }} }}", viewer)
    found = [(".".join(map(str, e.path or ())), (e.extensions or {})["code"]) for e in result.errors or ()]
    return (result.data or {}).get("report"), found


@pytest.mark.parametrize("role", Role)
async def test_a_viewer_is_told_who_it_is_and_what_it_may(role: Role, ask: Asking) -> None:
    viewer = VIEWERS[role]

    data = await ask.data("{ viewer { subject role scope { kind ids } capabilities expiresAt } }", viewer)

    assert data["viewer"] == {
        "subject": viewer.subject,
        "expiresAt": None,
        "role": role.name,
        "scope": {"kind": viewer.realm.name, "ids": list(viewer.scope.ids)},
        "capabilities": sorted(capability.value for capability in MATRIX[role]),
    }


PARTS: Final = {
    "summary { openTickets { value } }": Capability.SUMMARY_READ,
    "performance { ticketsByStatus { count } }": Capability.PERFORMANCE_READ,
    "trends { volume { created } }": Capability.TRENDS_READ,
    "agents { total }": Capability.AGENTS_READ,
    "breakdown(by: [AGENT]) { total }": Capability.AGENTS_READ,
    "series(grain: WEEK, by: AGENT) { starts groups { metrics { reopens { values } } } }": Capability.AGENTS_READ,
    'agents(search: "a") { total }': Capability.AGENT_IDENTITY_READ,
    "agents { rows { rating { csatScore } } }": Capability.CSAT_AGENT_READ,
    "agents(orderBy: [{metric: CSAT_SCORE}]) { total }": Capability.CSAT_AGENT_READ,
    "breakdown(by: [AGENT]) { rows { metrics { csatScore { value } } } }": Capability.CSAT_AGENT_READ,
    "breakdown(by: [AGENT]) { rows { metrics { ratingRate { value } } } }": Capability.CSAT_AGENT_READ,
    "breakdown(by: [AGENT], orderBy: [{metric: CSAT_SCORE}]) { total }": Capability.CSAT_AGENT_READ,
    "breakdown(by: [AGENT, TEAM], having: [{metric: RATING_RATE, gte: 0}]) { total }": Capability.CSAT_AGENT_READ,
    "breakdown(by: [TEAM]) { rows { metrics { csatScore { value } } } }": Capability.CSAT_SCORE_READ,
    "metrics { csatScore { value } }": Capability.CSAT_SCORE_READ,
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("fields", "needed"), PARTS.items())
async def test_a_part_is_answered_to_those_who_have_its_capability_alone(
    fields: str, needed: Capability, role: Role, ask: Asking
) -> None:
    by_agent = {Capability.CSAT_AGENT_READ, Capability.AGENT_IDENTITY_READ}
    may = needed in MATRIX[role] and (needed not in by_agent or Capability.AGENTS_READ in MATRIX[role])

    _, found = await codes(ask, VIEWERS[role], fields)

    assert [code for _, code in found] == ([] if may else ["FORBIDDEN"])


async def test_what_is_forbidden_is_null_and_the_others_arrive(ask: Asking) -> None:
    fields = """summary { openTickets { value } } agents { total } trends { volume { created } }
        a: breakdown(by: [AGENT]) { total } b: breakdown(by: [TEAM]) { total }"""

    report, found = await codes(ask, CLIENT, fields)

    assert sorted(found) == [("report.a", "FORBIDDEN"), ("report.agents", "FORBIDDEN")]
    assert (report["agents"], report["a"]) == (None, None)
    assert report["summary"]["openTickets"]["value"] is not None
    assert len(report["trends"]["volume"]) == 31
    assert report["b"]["total"] > 0


async def test_an_analyst_sees_pseudonyms_and_no_rating_and_is_told_so_once(ask: Asking) -> None:
    fields = """agents(first: 500) { total rows {
        agent { id name active team { id } } ticketsCreated ticketsResolved rating { csatScore count } } }"""
    known = (await ask.data(f"{{ report({MONTH}) {{ {fields} }} }}", MANAGER))["report"]["agents"]

    report, found = await codes(ask, ANALYST, fields)

    rows = report["agents"]["rows"]
    assert found == [("report.agents.rows.rating", "FORBIDDEN")]
    assert all(row["rating"] is None for row in rows)
    names = {(row["agent"] or {}).get("name") for row in known["rows"]}
    ids = {(row["agent"] or {}).get("id") for row in known["rows"]}
    shown = [row["agent"] for row in rows if row["agent"]]
    assert not {agent["name"] for agent in shown} & names
    assert not {agent["id"] for agent in shown} & ids
    assert len({agent["id"] for agent in shown}) == len(shown) == known["total"] - 1
    assert sorted(row["ticketsResolved"] for row in rows) == sorted(row["ticketsResolved"] for row in known["rows"])


async def test_a_pseudonym_stays_the_same_and_organizations_have_them_too(ask: Asking) -> None:
    fields = "breakdown(by: [%s], first: 500) { rows { keys { id label } metrics { ticketsCreated { value } } } }"

    for dimension in ("AGENT", "ORGANIZATION"):
        first, _ = await codes(ask, ANALYST, fields % dimension)
        again, _ = await codes(ask, ANALYST, fields % dimension)
        real, _ = await codes(ask, MANAGER, fields % dimension)
        assert first == again
        keys = [row["keys"][0] for row in first["breakdown"]["rows"] if row["keys"][0]["id"]]
        known = {row["keys"][0]["id"] for row in real["breakdown"]["rows"]}
        assert all(key["id"].startswith(dimension.lower()) and key["id"] not in known for key in keys)


async def test_an_order_by_name_does_not_tell_an_analyst_the_order_of_names(ask: Asking) -> None:
    fields = """agents(first: 500, orderBy: [{dimension: AGENT, direction: ASC}]) {
        rows { agent { name } ticketsCreated ticketsResolved } }"""

    known, _ = await codes(ask, MANAGER, fields)
    report, _ = await codes(ask, ANALYST, fields)

    def work(found: dict[str, Any]) -> list[tuple[int, int]]:
        return [(row["ticketsCreated"], row["ticketsResolved"]) for row in found["agents"]["rows"]]

    names = [row["agent"]["name"] for row in report["agents"]["rows"] if row["agent"]]
    assert names == sorted(names)
    assert sorted(work(known)) == sorted(work(report))
    assert work(known) != work(report)


RATINGS: Final = frozenset(
    {"source = 5"}
    | {f"numbers[{n}]" for n, number in enumerate(NUMBERS, start=1) if number.partial.rows.source is Source.RATING}
)
"""What a statement that reads ratings says: of facts their source, of rollups the places of their numbers."""


@pytest.mark.parametrize(
    "fields",
    [
        "agents { rows { ticketsCreated rating { csatScore average } } }",
        "breakdown(by: [AGENT]) { rows { metrics { ticketsCreated { value } csatScore { value } } } }",
        "breakdown(by: [AGENT], orderBy: [{metric: CSAT_SCORE}]) { total }",
        "series(grain: WEEK, by: AGENT) { groups { metrics { ticketsCreated { values } csatScore { values } } } }",
    ],
)
async def test_a_denied_metric_is_not_in_the_sql(fields: str, ask: Asking) -> None:
    await ask(f"{{ report({MONTH}) {{ {fields} }} }}", MANAGER)
    asked = "\n".join(statement.sql for statement in ask.statements)
    await ask(f"{{ report({MONTH}) {{ {fields} }} }}", ANALYST)
    denied = "\n".join(statement.sql for statement in ask.statements)

    assert any(reading in asked for reading in RATINGS)
    assert not any(reading in denied for reading in RATINGS)


@pytest.mark.parametrize("role", [Role.TEAM_LEAD, Role.AGENT, Role.CLIENT])
async def test_every_statement_on_facts_has_the_viewers_scope(role: Role, ask: Asking) -> None:
    column = {Role.TEAM_LEAD: "team_id", Role.AGENT: "agent_id", Role.CLIENT: "organization_id"}[role]
    fields = """summary { openTickets { value } csatScore { value } } trends { volume { open } categories { points } }
        performance { ticketsByStatus { count } responseTimeDistribution { median } }
        breakdown(by: [TEAM, TAG]) { total } metrics { firstResolutionTime { median } }"""

    for attribution in ("EVENT", "CREATION"):
        await ask.data(f"{{ report({MONTH}, attribution: {attribution}) {{ {fields} }} }}", VIEWERS[role])
        parts = [part for statement in ask.statements for part in statement.sql.split("\n  FROM ")[1:]]
        reads = [part for part in parts if "deskgraph.facts" in part or "deskgraph.rollup_" in part]
        assert len(reads) >= 6
        for read in reads:
            assert f"{column} = ANY ($" in read.split("GROUP BY")[0]


OUTSIDE: Final = {
    Role.TEAM_LEAD: [
        '{team: {in: ["accounts"]}}',
        '{team: {in: ["billing", "accounts"]}}',
        '{team: {notIn: ["accounts"]}}',
        '{agent: {in: ["A-07"]}}',
        '{or: [{priority: {in: ["low"]}}, {and: [{team: {in: ["accounts"]}}]}]}',
        '{category: {in: ["no such category"]}}',
        '{team: {in: ["no such team"]}}',
        '{organization: {in: ["no such organization"]}}',
    ],
    Role.AGENT: ['{agent: {in: ["A-08"]}}', '{agent: {in: ["nobody"]}}', '{tag: {in: ["no such tag"]}}'],
    Role.CLIENT: [
        '{organization: {in: ["O-002"]}}',
        '{organization: {notIn: ["O-002"]}}',
        '{agent: {in: ["A-07"]}}',
        '{agent: {isNull: true}}',
        '{category: {in: ["no such category"]}}',
    ],
    Role.ANALYST: ['{agent: {in: ["A-07"]}}', '{organization: {in: ["O-001"]}}', '{agent: {notIn: ["A-07"]}}'],
}  # fmt: skip


@pytest.mark.parametrize(("role", "asked"), [(role, one) for role, all_ in OUTSIDE.items() for one in all_])
async def test_a_filter_outside_of_what_a_viewer_may_see_is_forbidden(role: Role, asked: str, ask: Asking) -> None:
    _, found = await codes(
        ask, VIEWERS[role], "metrics { ticketsCreated { value } }", arguments=f"{MONTH}, filter: {asked}"
    )

    assert [code for _, code in found] == ["FORBIDDEN"]


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        (Role.TEAM_LEAD, '{team: {in: ["billing"]}, agent: {in: ["A-01"]}}'),
        (Role.AGENT, '{agent: {in: ["A-07"]}}'),
        (Role.CLIENT, '{organization: {in: ["O-001"]}}'),
    ],
)
async def test_a_filter_by_ones_own_is_answered(role: Role, asked: str, ask: Asking) -> None:
    _, found = await codes(
        ask, VIEWERS[role], "metrics { ticketsCreated { value } }", arguments=f"{MONTH}, filter: {asked}"
    )

    assert found == []


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.ANALYST])
@pytest.mark.parametrize("dimension", ["category", "team", "tag"])
async def test_an_id_that_does_not_exist_is_bad_input_to_those_who_see_everything(
    role: Role, dimension: str, ask: Asking
) -> None:
    _, found = await codes(
        ask,
        VIEWERS[role],
        "metrics { ticketsCreated { value } }",
        arguments=f'{MONTH}, filter: {{{dimension}: {{in: ["no such thing"]}}}}',
    )

    assert [code for _, code in found] == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("dimension", ["category", "team", "agent", "organization", "tag"])
async def test_a_refusal_does_not_tell_whether_the_thing_exists(dimension: str, ask: Asking) -> None:
    there = {"category": "bugs", "team": "accounts", "agent": "A-07", "organization": "O-002", "tag": "vip"}[dimension]
    messages = []
    for thing in (there, "no such thing"):
        asked = f'filter: {{{dimension}: {{in: ["{thing}"]}}}}'
        result = await ask(f"{{ report({MONTH}, {asked}) {{ metrics {{ reopens {{ value }} }} }} }}", TEAM_LEAD)
        messages.append([error.message for error in result.errors or ()])

    existing, missing = messages
    assert existing in ([], missing)
    assert missing


async def test_a_faulty_report_does_not_spoil_another_in_the_same_document(ask: Asking) -> None:
    bad = 'filter: {category: {in: ["no such category"]}}'

    result = await ask(
        f"{{ a: report({MONTH}) {{ metrics {{ reopens {{ value }} }} }}"
        f" b: report({MONTH}, {bad}) {{ metrics {{ reopens {{ value }} resolutions {{ value }} }} dataVersion }} }}",
        MANAGER,
    )

    assert result.data is not None
    assert result.data["a"]["metrics"]["reopens"]["value"] > 0
    assert result.data["b"]["metrics"] == {"reopens": None, "resolutions": None}
    assert result.data["b"]["dataVersion"]
    assert [error.extensions["code"] for error in result.errors or ()] == ["BAD_USER_INPUT"] * 2  # type: ignore[index]


@pytest.mark.parametrize(
    "fields",
    [
        "metrics { ticketsCreated { value } openTickets { value } }",
        "trends { seasonality { weekdayHour } }",
        "breakdown(by: [HOUR_OF_DAY, DAY_OF_WEEK]) { total }",
        "agents { total }",
    ],
)
async def test_a_scope_of_nothing_that_exists_opens_no_row(fields: str, ask: Asking) -> None:
    """Also in a zone without any change of clocks: then the statement binds two empty lists."""
    report, found = await codes(ask, NOBODY, fields)

    assert found == []
    text = str(report)
    assert not any(digit in text for digit in "123456789")


@pytest.mark.parametrize("metric", catalog.METRICS, ids=lambda m: m.name)
async def test_every_metric_names_its_capability_in_the_language(metric: Any, ask: Asking) -> None:
    data = await ask.data('{ __type(name: "Metrics") { fields { name description } } }', MANAGER)

    (text,) = [f["description"] for f in data["__type"]["fields"] if f["name"] == metric.name]

    assert text.endswith(f"{metric.capability.value}.")
    assert metric.definition in text
