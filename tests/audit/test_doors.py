"""Each door records each request once, with what was asked and what came of it, and nothing personal."""

from __future__ import annotations

import hashlib

import pytest

from db.access import Role
from db.audit.log import Bounds
from db.audit.record import AuditMode
from rest_compat.stored import DOCUMENTS, ROUTED, ReportName
from tests.audit.conftest import Desk, desk_over
from tests.rest_compat.desk import MARCH, NOW

SUMMARY = """query March($since: String!, $until: String!, $zone: String!, $filter: TicketFilter) {
  report(period: {since: $since, until: $until}, timezone: $zone, filter: $filter) {
    summary { openTickets { value } csatScore { histogram } }
  }
}"""
SECRETS = ("Ada Lovelace", "ada@example.test", "A-1", "O-1", "vip", "jane")


async def test_a_graphql_request_is_recorded_with_its_question_and_its_cost(desk: Desk) -> None:
    filter_ = {"priority": {"in": ["high"]}, "category": {"in": ["login"]}, "team": {"isNull": False}}

    answer = await desk.request(
        "POST",
        "/graphql",
        json={"query": SUMMARY, "variables": {**MARCH, "zone": "Europe/Berlin", "filter": filter_}},
        headers={"X-Request-Id": "r-1"},
    )

    (record,) = await desk.records()
    assert "errors" not in answer.json()
    assert record["duration_ms"] >= 0
    assert {name: record[name] for name in record if name not in ("id", "duration_ms")} == {
        "at": NOW,
        "door": "graphql",
        "operation": "March",
        "outcome": "OK",
        "request_id": "r-1",
        "subject": "mia",
        "role": "manager",
        "scope": "all",
        "scope_ids": [],
        "document_hash": hashlib.sha256(SUMMARY.encode()).hexdigest(),
        "variables": {**MARCH, "zone": "Europe/Berlin", "filter": filter_},
        "rows": 5,
        "statements": 2,
        "withheld": [],
        "requests": 1,
    }


@pytest.mark.parametrize("report", [report.value for report in ROUTED])
async def test_a_rest_request_is_one_record_with_the_report_it_asks_for(desk: Desk, report: str) -> None:
    answer = await desk.get(report, Role.TEAM_LEAD, channel="email")

    (record,) = await desk.records()
    assert answer.status_code == 200
    assert (record["door"], record["operation"], record["outcome"]) == ("rest", report, "OK")
    assert (record["subject"], record["role"], record["scope"]) == ("tom", "team_lead", "teams")
    assert record["scope_ids"] == ["billing"]
    assert record["document_hash"] == hashlib.sha256(DOCUMENTS[ReportName(report)].encode()).hexdigest()
    assert record["variables"]["period"] == MARCH
    assert record["variables"]["filter"] == {"channel": {"in": ["email"]}}
    assert record["request_id"] == answer.headers["x-request-id"]
    assert record["statements"] > 0


async def test_a_conditional_request_is_one_record_too(desk: Desk) -> None:
    first = await desk.get("summary")
    again = await desk.request("GET", first.url.path, params=MARCH, headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert [record["operation"] for record in await desk.records()] == ["summary", "summary"]


async def test_an_export_of_many_pages_is_one_durable_record_with_all_its_rows(desk: Desk) -> None:
    answer = await desk.export()

    (record,) = await desk.durable()
    lines = len(answer.text.splitlines()) - 2  # the header, and a line break inside a name
    assert lines > 500
    assert (record["door"], record["operation"], record["outcome"]) == ("export", "agents.csv", "OK")
    assert record["rows"] == lines
    assert (record["variables"]["first"], record["variables"]["after"]) == (500, None)


async def test_no_personal_data_is_in_the_table(desk: Desk) -> None:
    inline = (
        'query($text: String, $since: String!) { janesReport: report(period: {since: $since, until: "2026-04-01"}, '
        'filter: {agent: {in: ["A-1"]}, organization: {in: ["O-1"]}}) '
        '{ agents(search: $text) { total } others: agents(search: "Ada Lovelace") { total } } }'
    )
    ids = {"agent": {"in": ["A-1"]}, "organization": {"notIn": ["O-1"]}, "tag": {"in": ["vip"]}}
    misplaced = {"priority": {"in": ["Ada Lovelace"]}, "category": {"in": ["ada@example.test"]}}
    undeclared = {"Ada Lovelace": "A-1", "ada@example.test": {"A-1": "O-1"}}

    await desk.graphql(inline, text="Ada Lovelace", since="2026-03-01", **undeclared)
    await desk.graphql(inline, text="Ada Lovelace", since="Ada Lovelace")
    await desk.graphql(SUMMARY, **MARCH, zone="Ada Lovelace", filter={"or": [ids, {"and": [misplaced]}]})
    await desk.graphql(SUMMARY, **MARCH, zone="UTC", filter={"agent": {"Ada Lovelace": 1}, "A-1": "O-1"})
    await desk.graphql('query { report(period: {preset: "Ada Lovelace', role=Role.MANAGER)
    await desk.get("agents", search="Ada Lovelace", agent="A-1", organization="O-1", tag="vip")
    await desk.get("agents", colour="Ada Lovelace")
    await desk.export(search="Ada Lovelace", agent="A-1", cursor="ada@example.test")
    await desk.export(report="Ada Lovelace", format="ada@example.test")

    records = await desk.records()
    text = repr([{**record, "id": None} for record in records])
    assert len(records) == 9
    assert [secret for secret in SECRETS if secret in text] == []
    assert "<agent " in text
    assert "<redacted>" in text


async def test_the_mark_of_an_id_is_the_same_through_every_door(desk: Desk) -> None:
    await desk.graphql(SUMMARY, **MARCH, zone="UTC", filter={"agent": {"in": ["A-1", "A-2"]}})
    await desk.get("summary", agent="A-1")
    await desk.export(agent="A-1")

    marks = {record["door"]: record["variables"]["filter"]["agent"]["in"] for record in await desk.records()}
    assert marks["graphql"][0] == marks["rest"][0] == marks["export"][0] != marks["graphql"][1]


TODAY = "report(period: {preset: TODAY})"
DENIED = [
    (Role.CLIENT, "{ viewer { role } }", []),  # documents of one's own are not for clients
    (Role.ANALYST, f'{{ {TODAY} {{ x: agents(search: "a") {{ total }} }} }}', ["report.*"]),
    (Role.ANALYST, f"{{ {TODAY} {{ agents {{ rows {{ rating {{ count }} }} }} }} }}", ["report.agents.rows.rating"]),
    (Role.MANAGER, "{ auditLog { nodes { id } } }", ["auditLog"]),
]


@pytest.mark.parametrize(("role", "document", "withheld"), DENIED)
async def test_what_is_denied_is_durable_before_the_answer(
    desk: Desk, role: Role, document: str, withheld: list[str]
) -> None:
    await desk.graphql(document, role)

    (record,) = await desk.durable()
    assert (record["role"], record["outcome"], record["withheld"]) == (role.value, "FORBIDDEN", withheld)


async def test_what_rest_denies_is_durable_before_the_answer(desk_database: str) -> None:
    async with desk_over(desk_database, AuditMode.REQUIRED) as desk:
        outside = await desk.get("summary", Role.CLIENT, organization="O-2")
        withheld = await desk.get("agents", Role.ANALYST)
        no_export = await desk.export(Role.AGENT)

        records = await desk.durable()

    assert (outside.status_code, withheld.status_code, no_export.status_code) == (403, 200, 403)
    assert [(one["door"], one["outcome"], bool(one["withheld"])) for one in records] == [
        ("rest", "FORBIDDEN", True),
        ("rest", "FORBIDDEN", True),
        ("export", "FORBIDDEN", False),
    ]


async def test_what_is_only_required_leaves_the_rest_out(desk_database: str) -> None:
    async with desk_over(desk_database, AuditMode.REQUIRED) as desk:
        await desk.graphql("{ viewer { role } }")
        await desk.get("summary")
        await desk.export()
        await desk.export(report="nothing")

        records = await desk.records()

    assert [(one["door"], one["operation"], one["outcome"]) for one in records] == [
        ("export", "agents.csv", "OK"),
        ("export", "", "BAD_USER_INPUT"),
    ]


async def test_faults_are_recorded_by_their_code(desk: Desk) -> None:
    await desk.graphql("{ nothing }")
    await desk.get("summary", since="2026-05-01")
    await desk.get("summary", role=Role.MANAGER, colour="red")

    assert [one["outcome"] for one in await desk.records()] == ["BAD_USER_INPUT"] * 3


async def test_requests_without_a_token_are_recorded_one_by_one_up_to_a_bound_and_then_as_a_number(
    desk_database: str,
) -> None:
    async with desk_over(desk_database, bounds=Bounds(gather_seconds=0.01, refusals=3)) as desk:
        for _ in range(4):
            assert (await desk.get("summary", None)).status_code == 401
            assert (await desk.graphql("{ viewer { role } }", None)).status_code == 401
        answer = await desk.request("POST", "/graphql", None, content=b"x", headers={"Content-Type": "text/plain"})
        assert answer.status_code == 415
        early = await desk.durable()
    late = await desk.durable()

    assert [(one["outcome"], one["subject"], one["requests"]) for one in early] == [("UNAUTHENTICATED", None, 1)] * 3
    assert sorted((one["door"], one["requests"]) for one in late[3:]) == [("graphql", 3), ("rest", 2)]
