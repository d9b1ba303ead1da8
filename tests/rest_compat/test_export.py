"""The export: what is in the file is what the same viewer gets from the route, number for number."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import httpx
import pytest

from db.access import Role
from rest_compat.export.csv import written
from rest_compat.export.tables import TABLES
from rest_compat.stored import ROUTED, ReportName
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import EXTRA_AGENTS, FORMULA, MARCH, QUOTED

REPORTS = [report.value for report in ROUTED]
SLICE = {**MARCH, "timezone": "Europe/Berlin", "compareTo": "previous_period"}
Table = list[dict[str, str]]


def read_csv(response: httpx.Response) -> Table:
    """The rows as a spreadsheet would read them, by heading."""
    assert response.status_code == 200, response.text
    header, *rows = csv.reader(io.StringIO(response.content.decode("utf-8"), newline=""), strict=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_ndjson(response: httpx.Response) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The envelope and the rows."""
    assert response.status_code == 200, response.text
    head, *rows = [json.loads(line) for line in response.text.splitlines()]
    return head, rows


def number(cell: str) -> float | None:
    return float(cell) if cell else None


async def got(rest: Rest, report: str, **further: Any) -> Any:
    """What the GET route answers; of agents all pages."""
    answer = (await rest.get(report, {**SLICE, **further})).json()
    while report == "agents" and (cursor := answer["agents"]["nextCursor"]):
        following = (await rest.get(report, {**SLICE, **further, "cursor": cursor})).json()["agents"]
        answer["agents"]["rows"] += following["rows"]
        answer["agents"]["nextCursor"] = following["nextCursor"]
    return answer


@pytest.mark.parametrize("report", REPORTS)
async def test_the_json_file_is_the_answer_of_the_route(rest: Rest, report: str) -> None:
    response = await rest.export({"report": report, "format": "json", **SLICE})

    assert response.json() == await got(rest, report)


async def test_the_summary_as_csv_has_a_row_for_every_metric(rest: Rest) -> None:
    rows = read_csv(await rest.export({"report": "summary", "format": "csv", **SLICE}))

    summary = (await got(rest, "summary"))["summary"]
    assert [row["Metric"] for row in rows] == list(summary)
    for row, value in zip(rows, summary.values(), strict=True):
        assert (row["Unit"], number(row["Value"])) == (value["unit"], value["value"])
        assert number(row["Previous"]) == value["previous"]
        assert number(row["Change (ratio)"]) == value["change"]
        assert number(row["Count"]) == value["count"]
    by_name = {row["Metric"]: row for row in rows}
    assert number(by_name["avgResponseTime"]["90th percentile (seconds)"]) == summary["avgResponseTime"]["p90"]
    assert by_name["resolutionRate"]["Within target (tickets)"] == str(summary["resolutionRate"]["withinTarget"])
    assert [by_name["csatScore"][f"Ratings of {n}"] for n in range(1, 6)] == [
        str(count) for count in summary["csatScore"]["histogram"]
    ]
    assert rows[0]["Label"] == "Open tickets"


async def test_performance_as_csv_has_every_status_category_and_bucket(rest: Rest) -> None:
    rows = read_csv(await rest.export({"report": "performance", "format": "csv", "edges": [0, 600, 7200], **SLICE}))

    answer = (await got(rest, "performance", edges="0,600,7200"))["performance"]
    assert [(r["Key"], int(r["Count"]), number(r["Share (ratio)"])) for r in rows if r["Section"] == "status"] == [
        (one["status"], one["count"], one["share"]) for one in answer["ticketsByStatus"]
    ]
    assert [(r["Key"], int(r["Count"])) for r in rows if r["Section"] == "category"] == [
        (one["category"]["id"] if one["category"] else "", one["count"]) for one in answer["ticketsByCategory"]
    ]
    for section, name in (("response_time", "responseTime"), ("resolution_time", "resolutionTime")):
        whole, *buckets = [row for row in rows if row["Section"] == section]
        wanted = answer[f"{name}Distribution"]
        assert [number(whole[f"{label} (seconds)"]) for label in ("Mean", "Median", "90th percentile")] == [
            wanted["mean"],
            wanted["median"],
            wanted["p90"],
        ]
        assert [(number(b["From (seconds)"]), number(b["To (seconds)"]), number(b["Count"])) for b in buckets] == [
            (b["from"], b["to"], b["count"]) for b in wanted["buckets"]
        ]


async def test_agents_as_csv_are_those_of_all_pages(rest: Rest) -> None:
    rows = read_csv(await rest.export({"report": "agents", "format": "csv", "sort": "-ticketsCreated", **SLICE}))

    agents = (await got(rest, "agents", sort="-ticketsCreated"))["agents"]["rows"]
    assert len(rows) == len(agents) == EXTRA_AGENTS + 4
    for row, agent in zip(rows, agents, strict=True):
        assert row["Agent id"] == (agent["agent"]["id"] if agent["agent"] else "")
        assert int(row["Tickets created (tickets)"]) == agent["ticketsCreated"]
        assert int(row["Open tickets (tickets)"]) == agent["openTickets"]
        assert number(row["Response time, mean (seconds)"]) == agent["responseTime"]["mean"]
        assert number(row["Resolution time, 90th percentile (seconds)"]) == agent["resolutionTime"]["p90"]
        assert number(row["Resolution rate (ratio)"]) == agent["resolutionRate"]["value"]
        assert number(row["Ratings"]) == agent["rating"]["count"]
        assert number(row["Average rating (score)"]) == agent["rating"]["average"]


async def test_an_agents_export_with_limit_or_cursor_is_that_page(rest: Rest) -> None:
    page = (await rest.get("agents", {**SLICE, "limit": "3"})).json()

    assert (await rest.export({"report": "agents", "format": "json", "limit": 3, **SLICE})).json() == page
    following = {"report": "agents", "format": "csv", "cursor": page["agents"]["nextCursor"], "limit": "2", **SLICE}
    assert len(read_csv(await rest.export(following))) == 2


async def test_trends_as_csv_have_volume_categories_and_the_week_by_hour(rest: Rest) -> None:
    rows = read_csv(await rest.export({"report": "trends", "format": "csv", "grain": "week", **SLICE}))

    answer = (await got(rest, "trends", grain="week"))["trends"]
    volume = [row for row in rows if row["Section"] == "volume"]
    assert [
        (row["Start"], *(number(row[n]) for n in ("Created (tickets)", "Resolved (tickets)", "Reopened (events)")))
        for row in volume
    ] == [(p["start"], p["created"], p["resolved"], p["reopened"]) for p in answer["volume"]]
    assert [number(row["Open (tickets)"]) for row in volume] == [p["open"] for p in answer["volume"]]
    assert [row["Partial"] for row in volume] == [str(p["isPartial"]).lower() for p in answer["volume"]]
    assert [int(row["Created (tickets)"]) for row in rows if row["Section"] == "category"] == [
        count for trend in answer["categories"] for count in trend["points"]
    ]
    assert [
        (number(r["Previous (tickets)"]), number(r["Change (ratio)"])) for r in rows if r["Section"] == "category_total"
    ] == [(trend["previousTotal"], trend["change"]) for trend in answer["categories"]]
    assert [int(row["Created (tickets)"]) for row in rows if row["Section"] == "weekday_hour"] == [
        count for hours in answer["seasonality"]["weekdayHour"] for count in hours
    ]


@pytest.mark.parametrize("report", REPORTS)
async def test_ndjson_has_the_envelope_first_and_then_the_rows_of_the_csv(rest: Rest, report: str) -> None:
    head, rows = read_ndjson(await rest.export({"report": report, "format": "ndjson", **SLICE}))
    table = read_csv(await rest.export({"report": report, "format": "csv", **SLICE}))

    assert head == {name: value for name, value in (await got(rest, report)).items() if name != report}
    assert [[str(written(cell)) for cell in row.values()] for row in rows] == [list(row.values()) for row in table]
    assert {tuple(row) for row in rows} == {tuple(column.key for column in TABLES[ReportName(report)].columns)}


async def test_texts_that_could_be_formulas_are_made_harmless_and_the_others_arrive_whole(rest: Rest) -> None:
    response = await rest.export({"report": "agents", "format": "csv", **SLICE})
    by_id = {row["Agent id"]: row for row in read_csv(response)}

    assert by_id["A-2"]["Agent"] == "'" + FORMULA
    assert by_id["A-2"]["Team"] == "'-Support"
    assert by_id["A-3"]["Agent"] == QUOTED
    assert (by_id["A-3"]["Active"], by_id["A-3"]["Team id"]) == ("false", "")
    assert by_id[""]["Agent"] == "(unassigned)"
    assert b"\r\n" in response.content


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1"])
def test_a_text_cell_never_begins_like_a_formula(text: str) -> None:
    assert written(text) == f"'{text}"


@pytest.mark.parametrize("cell", [-5, -0.25, 0, 1e-9, 12])
def test_a_number_stays_a_number_also_below_zero(cell: float) -> None:
    assert written(cell) == cell


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8; header=present"),
        ("json", "application/json"),
        ("ndjson", "application/x-ndjson"),
        ("parquet", "application/vnd.apache.parquet"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("pdf", "application/pdf"),
    ],
)
async def test_the_file_has_a_telling_name_and_its_type(rest: Rest, name: str, media_type: str) -> None:
    body = {"report": "agents", "limit": 3, "format": name, **MARCH}
    response = await rest.export(body, headers={"X-Request-Id": "trace-9"})

    file = f"deskgraph-agents-2026-03-01-2026-04-01.{name}"
    assert response.headers["content-disposition"] == f"attachment; filename=\"{file}\"; filename*=UTF-8''{file}"
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "private, no-store"
    assert response.headers["x-request-id"] == "trace-9"
    assert "db;dur=" in response.headers["server-timing"]


async def test_all_pages_of_an_export_are_of_one_reading_of_the_store(rest: Rest) -> None:
    one = await rest.export({"report": "agents", "format": "csv", "limit": 1, **MARCH})
    every = await rest.export({"report": "agents", "format": "csv", **MARCH})

    statements = [response.headers["server-timing"].split('desc="')[1] for response in (one, every)]
    assert statements[0] == statements[1]


@pytest.mark.parametrize(("bom", "start"), [(True, b"\xef\xbb\xbfSection"), (False, b"Section"), (None, b"Section")])
async def test_csv_begins_with_a_byte_order_mark_on_request(rest: Rest, bom: bool | None, start: bytes) -> None:
    response = await rest.export({"report": "trends", "format": "csv", "bom": bom, **MARCH})

    assert response.content.startswith(start)


@pytest.mark.parametrize(
    ("further", "separator", "decimal"),
    [
        ({}, ",", "."),
        ({"locale": "de"}, ",", "."),
        ({"separator": ";"}, ";", "."),
        ({"separator": "\t", "locale": "de"}, "\t", "."),
        ({"separator": "locale"}, ",", "."),
        ({"separator": "locale", "locale": "de-AT"}, ";", ","),
        ({"separator": "locale", "locale": "pt-BR", "bom": True}, ";", ","),
        ({"separator": "locale", "locale": "de-CH"}, ",", "."),
    ],
)
async def test_csv_separates_as_asked_and_has_the_same_cells(
    rest: Rest, further: dict[str, Any], separator: str, decimal: str
) -> None:
    body = {"report": "agents", "format": "csv", **SLICE}
    wanted = read_csv(await rest.export(body))

    text = (await rest.export({**body, **further})).content.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    assert header == list(wanted[0])
    means = [row["Response time, mean (seconds)"] for row in wanted]
    assert [row[header.index("Response time, mean (seconds)")] for row in rows] == [
        mean.replace(".", decimal) for mean in means
    ]
    assert any("." in mean for mean in means)
    for name in ("Agent", "Team", "Tickets created (tickets)", "Active"):
        assert [row[header.index(name)] for row in rows] == [row[name] for row in wanted]


async def test_a_filter_is_a_text_or_a_list_of_texts(rest: Rest) -> None:
    bodies = [{"tag": "vip"}, {"tag": ["vip"]}]
    answers = [(await rest.export({"report": "summary", "format": "json", **MARCH, **b})).json() for b in bodies]

    assert answers[0] == answers[1]
    assert answers[0]["filter"] == {"tag": ["vip"]}


@pytest.mark.parametrize("locale", ["en", "de-CH", "zh-Hant-TW"])
async def test_a_locale_is_taken_and_changes_no_number(rest: Rest, locale: str) -> None:
    plain = await rest.export({"report": "summary", "format": "csv", **MARCH})

    assert (
        await rest.export({"report": "summary", "format": "csv", "locale": locale, **MARCH})
    ).content == plain.content


@pytest.mark.parametrize(
    ("further", "parameter"),
    [
        ({"report": None}, "report"),
        ({"report": "everything"}, "report"),
        ({"report": ["summary"]}, "report"),
        ({"format": None}, "format"),
        ({"format": "docx"}, "format"),
        ({"format": "CSV"}, "format"),
        ({"locale": "english please"}, "locale"),
        ({"locale": 5}, "locale"),
        ({"bom": "yes"}, "bom"),
        ({"format": "json", "bom": True}, "bom"),
        ({"separator": "|"}, "separator"),
        ({"separator": [","]}, "separator"),
        ({"format": "xlsx", "separator": ";"}, "separator"),
        ({"separator": "locale", "locale": "xx"}, "locale"),
        ({"timezone": "Mars"}, "timezone"),
        ({"timezone": True}, "timezone"),
        ({"timezone": ["UTC"]}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"timezone": "\ud800"}, "timezone"),
        ({"tag": []}, "tag"),
        ({"tag": [1.5]}, "tag"),
        ({"tag": {"in": ["vip"]}}, "tag"),
        ({"tag": ["nobody"]}, "tag"),
        ({"grain": "day"}, "grain"),
        ({"compare_to": "none"}, "compare_to"),
        ({"period": "today"}, "period"),
    ],
)
async def test_a_member_that_cannot_be_used_is_told(rest: Rest, further: dict[str, Any], parameter: str) -> None:
    body = json.dumps({"report": "summary", "format": "csv", **MARCH, **further})
    headers = {**rest.bearer(), "Content-Type": "application/json"}
    response = await rest.request("POST", "/api/tickets/reports/export", content=body, headers=headers)

    assert response.status_code == 400, response.text
    assert response.json()["code"] == "BAD_USER_INPUT"
    assert [one["parameter"] for one in response.json()["errors"]] == [parameter]


async def test_all_faults_of_an_export_are_told_together_with_the_members_that_there_are(rest: Rest) -> None:
    response = await rest.export({"format": "docx", "timezone": "Mars", "grain": "day", "x": 1, "limit": 0})

    errors = {one["parameter"]: one["message"] for one in response.json()["errors"]}
    assert list(errors) == ["report", "format", "x", "timezone"]
    assert all(name in errors["x"] for name in ("report", "format", "locale", "bom", "compareTo", "category"))


@pytest.mark.parametrize(
    ("further", "parameter", "told"),
    [
        ({"since": "2026-04-02"}, "since", "is not before until"),
    ],
)
async def test_what_cannot_be_exported_yet_is_a_422_that_says_what_can(
    rest: Rest, further: dict[str, Any], parameter: str, told: str
) -> None:
    response = await rest.export({"report": "agents", "format": "csv", **MARCH, **further})

    assert response.status_code == 422
    assert [one["parameter"] for one in response.json()["errors"]] == [parameter]
    assert told in response.json()["detail"]


@pytest.mark.parametrize("accept", ["text/csv", "text/*", "application/json", "*/*"])
async def test_an_export_goes_to_clients_that_take_the_format_or_send_their_usual_json(rest: Rest, accept: str) -> None:
    response = await rest.export({"report": "summary", "format": "csv", **MARCH}, headers={"Accept": accept})

    assert response.status_code == 200


async def test_an_export_that_the_client_does_not_take_is_a_406(rest: Rest) -> None:
    response = await rest.export({"report": "summary", "format": "csv", **MARCH}, headers={"Accept": "image/png"})

    assert response.status_code == 406


async def test_an_analysts_export_has_the_pseudonyms_of_the_screen(rest: Rest) -> None:
    screen = (await rest.get("agents", {**MARCH, "limit": "5"}, role=Role.ANALYST)).json()["agents"]["rows"]
    rows = read_csv(await rest.export({"report": "agents", "format": "csv", "limit": 5, **MARCH}, role=Role.ANALYST))

    assert [row["Agent id"] for row in rows] == [row["agent"]["id"] if row["agent"] else "" for row in screen]
    assert {row["Ratings"] for row in rows} == {""}
