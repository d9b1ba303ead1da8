"""Exports of tickets and of reports of one's own: row for row what GraphQL lists to the same viewer."""

from __future__ import annotations

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest

from db.access import Role
from rest_compat.export.tickets import COLUMNS
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import EXTRA_AGENTS, MARCH, VIEWERS

SLICE = {**MARCH, "timezone": "Europe/Berlin"}
PAGE = (
    "{ total nextCursor nodes { id at createdAt status priority agent { id name } organization { name } tags seconds"
    " withinTarget responseTarget { dueAt state } score } }"
)


async def asked(rest: Rest, below: str, role: Role = Role.MANAGER, slice_: str = "") -> Any:
    """What GraphQL says of March."""
    period = 'period: {since: "2026-03-01", until: "2026-04-01"}, timezone: "Europe/Berlin"'
    context = rest.gateway.context(VIEWERS[role])
    result = await rest.gateway.execute(f"{{ report({period}{slice_}) {{ {below} }} }}", {}, context)
    assert result.data is not None
    return result.data["report"]


async def listed(rest: Rest, number: str, arguments: str = "", role: Role = Role.MANAGER) -> list[dict[str, Any]]:
    """All nodes behind a number, page by page."""
    found: list[dict[str, Any]] = []
    cursor = "null"
    while cursor != "done":
        below = f"metrics {{ {number} {{ tickets(first: 200, after: {cursor}{arguments}) {PAGE} }} }}"
        page = (await asked(rest, below, role))["metrics"][number]["tickets"]
        found += page["nodes"]
        cursor = json.dumps(page["nextCursor"]) if page["nextCursor"] else "done"
    return found


async def exported(rest: Rest, role: Role = Role.MANAGER, **further: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The head and the rows of an export."""
    response = await rest.export({"report": "tickets", "format": "ndjson", **SLICE, **further}, role)
    assert response.status_code == 200, response.text
    head, *rows = [json.loads(line) for line in response.text.splitlines()]
    return head, rows


def same(rows: list[dict[str, Any]], nodes: list[dict[str, Any]]) -> None:
    """Row for row, in order."""
    assert [
        (r["id"], r["at"], r["createdAt"], r["status"], r["priority"], r["agentId"], r["agentName"]) for r in rows
    ] == [
        (
            *(n["id"], n["at"], n["createdAt"], n["status"].lower(), n["priority"]),
            *((n["agent"]["id"], n["agent"]["name"]) if n["agent"] else (None, None)),
        )
        for n in nodes
    ]
    assert [(r["tags"] or "", r["seconds"], r["withinTarget"], r["score"]) for r in rows] == [
        ("|".join(n["tags"]), n["seconds"], n["withinTarget"], n["score"]) for n in nodes
    ]
    assert [(r["responseDueAt"], r["responseState"]) for r in rows] == [
        (n["responseTarget"]["dueAt"], n["responseTarget"]["state"].lower()) if n["responseTarget"] else (None, None)
        for n in nodes
    ]


@pytest.mark.parametrize("metric", ["ticketsCreated", "openTickets", "avgResponseTime", "resolutionRate", "csatScore"])
async def test_every_ticket_behind_a_number_is_a_row(rest: Rest, metric: str) -> None:
    head, rows = await exported(rest, metric=metric)

    assert rows
    assert head["metric"] == metric
    same(rows, await listed(rest, metric))


async def test_without_a_metric_the_tickets_created_are_listed(rest: Rest) -> None:
    _, rows = await exported(rest)

    assert len(rows) > EXTRA_AGENTS
    same(rows, await listed(rest, "ticketsCreated"))


async def test_tickets_come_in_the_order_asked_for(rest: Rest) -> None:
    _, rows = await exported(rest, metric="avgResponseTime", sort="-duration")

    same(rows, await listed(rest, "avgResponseTime", ", orderBy: [{by: DURATION, direction: DESC}]"))
    assert [row["seconds"] for row in rows] == sorted((row["seconds"] for row in rows), reverse=True)


@pytest.mark.parametrize(
    ("metric", "part", "count"),
    [
        ("resolutionRate", {"of": "within_target"}, "metrics { resolutionRate { found: withinTarget } }"),
        ("resolutionRate", {"of": "open_breached"}, "metrics { resolutionRate { found: openBreached } }"),
        ("csatScore", {"score": "2"}, "metrics { csatScore { found: histogram } }"),
        ("ticketsCreated", {"weekdayHour": "4-9"}, "trends { seasonality { found: weekdayHour } }"),
        (
            "avgResponseTime",
            {"bucket": "600-3600"},
            "performance(edges: [600, 3600]) { responseTimeDistribution { buckets { found: count } } }",
        ),
        (
            "avgResolutionTime",
            {"bucket": "86400-"},
            "performance(edges: [86400]) { resolutionTimeDistribution { buckets { found: count } } }",
        ),
    ],
)
async def test_the_tickets_of_a_part_are_as_many_as_the_part_counts(
    rest: Rest, metric: str, part: dict[str, str], count: str
) -> None:
    head, rows = await exported(rest, Role.MANAGER, metric=metric, **part)
    _, every = await exported(rest, metric=metric)

    found: Any = await asked(rest, count)
    while isinstance(found, dict):
        (found,) = found.values()
    if "score" in part:
        found = found[1]
    elif "weekdayHour" in part:
        found = found[4][9]
    elif "bucket" in part:
        found = found[-1 if part["bucket"].endswith("-") else 1]["found"]
    assert len(rows) == found
    assert len(rows) < len(every) or part == {"of": "open_breached"}
    assert {name: head[name] for name in part} == part


@pytest.mark.parametrize(
    ("metric", "part", "row", "asked_for"),
    [
        ("ticketsCreated", {}, "day_of_week:2,hour_of_day:9", "[DAY_OF_WEEK, HOUR_OF_DAY]"),
        ("resolutionRate", {"of": "within_target"}, "channel:email", "[CHANNEL]"),
        ("csatScore", {"score": "5"}, "day_of_week:3", "[DAY_OF_WEEK]"),
        ("openTickets", {}, "organization:none", "[ORGANIZATION]"),
    ],
)
async def test_the_tickets_of_a_row_are_as_many_as_the_row_counts(
    rest: Rest, metric: str, part: dict[str, str], row: str, asked_for: str
) -> None:
    """Each row of the breakdown is looked through here, so that its own argument is not what is believed."""
    head, rows = await exported(rest, Role.MANAGER, metric=metric, row=row, **part)

    of = {"of": "withinTarget", "score": "histogram"}.get(next(iter(part), ""), "count")
    found: Any = await asked(
        rest, f"breakdown(by: {asked_for}, first: 500) {{ rows {{ keys {{ id }} metrics {{ {metric} {{ {of} }} }} }} }}"
    )
    ids = [None if one.endswith(":none") else one.partition(":")[2] for one in row.split(",")]
    (count,) = [
        one["metrics"][metric][of] for one in found["breakdown"]["rows"] if [key["id"] for key in one["keys"]] == ids
    ]
    assert len(rows) == (count[4] if "score" in part else count) > 0
    assert head["row"] == row


async def test_the_json_file_counts_its_rows(rest: Rest) -> None:
    answer = (await rest.export({"report": "tickets", "format": "json", **SLICE})).json()
    _, rows = await exported(rest)

    assert answer["tickets"] == {"total": len(rows), "rows": rows}
    assert (answer["report"], answer["period"]["timezone"]) == ("tickets", "Europe/Berlin")


async def test_as_csv_they_have_a_column_each(rest: Rest) -> None:
    response = await rest.export({"report": "tickets", "format": "csv", **SLICE})

    header, *rows = csv.reader(io.StringIO(response.text, newline=""), strict=True)
    assert header == [column.heading for column in COLUMNS]
    assert [row[0] for row in rows] == [row["id"] for row in (await exported(rest))[1]]


async def test_a_role_gets_what_it_sees_on_the_screen_and_is_told_what_is_withheld(rest: Rest) -> None:
    head, rows = await exported(rest, Role.ANALYST)

    assert {row["subject"] for row in rows} == {row["requester"] for row in rows} == {None}
    assert {one["field"].rpartition(".")[2] for one in head["withheld"]} >= {"subject", "requester"}
    assert "Ada" not in {row["agentName"] for row in rows}
    same(rows, await listed(rest, "ticketsCreated", role=Role.ANALYST))


async def test_a_client_gets_its_own_tickets(rest: Rest) -> None:
    _, rows = await exported(rest, Role.CLIENT)

    assert {row["organizationId"] for row in rows} == {"O-1"}
    assert {row["agentId"] for row in rows} == {None}
    day = datetime.fromisoformat(rows[0]["at"]).isoweekday()
    _, of_the_day = await exported(rest, Role.CLIENT, row=f"day_of_week:{day}")
    assert of_the_day == [row for row in rows if datetime.fromisoformat(row["at"]).isoweekday() == day]


async def test_a_row_is_refused_to_whoever_may_not_group_so(rest: Rest) -> None:
    response = await rest.export({"report": "tickets", "format": "csv", "row": "agent:none", **SLICE}, Role.CLIENT)

    assert response.status_code == 403
    assert "agents" in response.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"metric": "everything"}, 400, "Allowed: "),
        ({"of": "within_target"}, 400, "Counts beside it have: resolutionRate."),
        ({"metric": "csatScore", "score": "6"}, 400, "(1 to 5)"),
        ({"weekdayHour": "7-1"}, 400, "(0 to 6)-(0 to 23)"),
        ({"metric": "avgResponseTime", "bucket": "9-3"}, 400, "such as 900-1800"),
        ({"bucket": "0-3"}, 400, "Buckets have: avgResponseTime, avgResolutionTime."),
        ({"metric": "csatScore", "score": "1", "of": "with_target"}, 400, "Give one of them"),
        ({"row": "hour_of_day"}, 400, "such as day_of_week:1,hour_of_day:9"),
        ({"row": "time:2026-03-01"}, 400, "such as day_of_week:1,hour_of_day:9"),
        ({"row": "day_of_week:1", "weekdayHour": "0-9"}, 400, "A row has no weekdayHour."),
        ({"row": "channel:carrier%20pigeon"}, 422, "There is nothing of this row"),
        ({"sort": "-name"}, 400, "Allowed: "),
        (
            {"metric": "openTickets", "since": "2026-05-01", "until": "2026-06-01"},
            422,
            "There are no tickets behind Open tickets",
        ),
    ],
)
async def test_what_cannot_be_listed_is_told(rest: Rest, body: dict[str, str], status: int, told: str) -> None:
    response = await rest.export({"report": "tickets", "format": "csv", **SLICE, **body})

    assert response.status_code == status, response.text
    assert told in response.text


async def test_whoever_may_not_see_the_tickets_behind_a_number_exports_none(rest: Rest) -> None:
    response = await rest.export({"report": "tickets", "format": "csv", "metric": "csatScore", **SLICE}, Role.ANALYST)

    assert response.status_code == 403


BREAKDOWN: dict[str, Any] = {
    "report": "breakdown",
    "metrics": ["ticketsCreated", "avgResponseTime", "avgResponseTime.p90"],
    "by": ["category", "time"],
    "grain": "week",
    "compareTo": "previous_period",
}


async def test_a_report_of_ones_own_has_the_numbers_of_graphql(rest: Rest) -> None:
    response = await rest.export({"format": "json", **SLICE, **BREAKDOWN})
    answer = response.json()["breakdown"]

    below = (
        "breakdown(by: [CATEGORY, TIME], grain: WEEK, first: 500) { total rows { keys { id label start } metrics {"
        " ticketsCreated { value previous change } avgResponseTime { value count p90 } } } }"
    )
    wanted = (await asked(rest, below, slice_=", compareTo: [PREVIOUS_PERIOD]"))["breakdown"]
    assert answer["total"] == wanted["total"] > 5
    for row, one in zip(answer["rows"], wanted["rows"], strict=True):
        (category, time), metrics = one["keys"], one["metrics"]
        assert (row["categoryId"], row["categoryName"], row["start"]) == (
            category["id"],
            category["label"],
            time["start"],
        )
        created, response_time = metrics["ticketsCreated"], metrics["avgResponseTime"]
        assert [row[f"ticketsCreated{end}"] for end in ("", ".previous", ".change")] == list(created.values())
        assert [row[f"avgResponseTime{end}"] for end in ("", ".count", ".p90")] == list(response_time.values())


async def test_a_report_of_ones_own_is_bounded_and_ordered_as_asked(rest: Rest) -> None:
    body = {"by": "agent", "having": ["ticketsCreated>=2", "ticketsCreated<=40"], "sort": "-ticketsCreated"}
    answer = (await rest.export({"report": "breakdown", "format": "json", **SLICE, **body})).json()["breakdown"]

    counts = [row["ticketsCreated"] for row in answer["rows"]]
    assert counts == sorted(counts, reverse=True)
    assert counts
    assert all(2 <= count <= 40 for count in counts)


async def test_all_pages_of_a_report_of_ones_own_arrive(rest: Rest) -> None:
    answer = (await rest.export({"report": "breakdown", "format": "json", "by": "agent", **SLICE})).json()["breakdown"]

    assert len(answer["rows"]) == answer["total"] > EXTRA_AGENTS


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"metrics": "everything"}, 400, "Allowed: "),
        ({"metrics": "avgResponseTime.p10"}, 400, "median, p90, p95"),
        ({"by": "colour"}, 400, "Allowed: "),
        ({"having": "ticketsCreated=3"}, 400, "such as ticketsCreated>=10"),
        ({"sort": "-colour"}, 400, "Allowed: "),
        ({"by": "time"}, 400, "grain"),
        ({"metric": "csatScore"}, 400, "'metric' is not known. Did you mean metrics?"),
    ],
)
async def test_a_report_of_ones_own_that_cannot_be_made_is_told(
    rest: Rest, body: dict[str, Any], status: int, told: str
) -> None:
    response = await rest.export({"report": "breakdown", "format": "csv", **SLICE, **body})

    assert response.status_code == status, response.text
    assert told in response.text


async def test_a_report_of_ones_own_is_for_roles_that_may_ask_anything(rest: Rest) -> None:
    assert (await rest.export({"report": "breakdown", "format": "csv", **SLICE}, Role.CLIENT)).status_code == 403
