"""Laws of every format: a file, read back by a library of its own, holds what NDJSON holds, and that is GraphQL's.

A new format adds its reader to `COMPARED`.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import httpx
import pytest

from db.access import Role
from rest_compat.export.breakdown import _columns as breakdown_columns
from rest_compat.export.content import Column
from rest_compat.export.formats import FORMATS
from rest_compat.export.sheets import SHEETS
from rest_compat.export.tables import TABLES
from rest_compat.export.tickets import COLUMNS
from rest_compat.stored import DOCUMENTS, ROUTED, ReportName
from tests.rest_compat import pdf_reader, read_back
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import EXTRA_AGENTS, MARCH, VIEWERS
from tests.rest_compat.test_exported_rows import asked, listed, same

ROLES: Final = (Role.MANAGER, Role.ANALYST, Role.CLIENT)
SLICE: Final = {**MARCH, "timezone": "Europe/Berlin", "compareTo": "previous_period"}
WANTED: Final = (("ticketsCreated", None), ("avgResponseTime", None), ("avgResponseTime", "p90"), ("csatScore", None))
ASKED: Final[Mapping[ReportName, dict[str, Any]]] = {
    ReportName.TRENDS: {"grain": "day"},
    ReportName.TICKETS: {"metric": "avgResolutionTime", "compareTo": None},
    ReportName.BREAKDOWN: {
        "metrics": [".".join(filter(None, one)) for one in WANTED],
        "by": ["category", "time"],
        "grain": "week",
    },
}
REFUSED: Final = {(ReportName.AGENTS, Role.CLIENT), (ReportName.BREAKDOWN, Role.CLIENT)}
Rows = list[dict[str, Any]]


def columns_of(report: ReportName) -> Sequence[Column]:
    """The columns of a report's flat table."""
    if report is ReportName.TICKETS:
        return COLUMNS
    if report is ReportName.BREAKDOWN:
        return breakdown_columns(WANTED, ["CATEGORY", "TIME"], compared=True)
    return TABLES[report].columns


async def exported(rest: Rest, report: ReportName, form: str, role: Role) -> httpx.Response:
    """The file of a report in a format."""
    response = await rest.export({"report": report.value, "format": form, **SLICE, **ASKED.get(report, {})}, role)
    assert response.status_code == (403 if (report, role) in REFUSED else 200), response.text
    return response


FILES: Final[dict[tuple[ReportName, Role], bytes]] = {}
"""The NDJSON files, each made once: nobody writes to the desk."""


async def rows_of(rest: Rest, report: ReportName, role: Role) -> tuple[Any, Rows]:
    """The head and the rows of a report as NDJSON."""
    if (report, role) not in FILES:
        FILES[report, role] = (await exported(rest, report, "ndjson", role)).content
    return read_back.ndjson(FILES[report, role])


def cells_of(columns: Sequence[Column], rows: Rows) -> list[list[Any]]:
    """The rows' cells in the order of some columns."""
    return [[row[column.key] for column in columns] for row in rows]


def same_json(report: ReportName, file: bytes, head: Any, rows: Rows) -> list[str]:
    """Of a report with a route, that the rows are its answer's is a law of its own (below)."""
    answer = json.loads(file)
    if report not in ROUTED:
        assert answer[report.value].pop("rows") == rows
    del answer[report.value]
    return [] if answer == head else ["the envelope"]


def same_ndjson(report: ReportName, _: bytes, __: Any, rows: Rows) -> list[str]:
    """What all others are compared with."""
    return [] if {tuple(row) for row in rows} == {tuple(one.key for one in columns_of(report))} else ["the columns"]


def same_csv(report: ReportName, file: bytes, _: Any, rows: Rows) -> list[str]:
    """Cell by cell."""
    columns = columns_of(report)
    return read_back.differences(columns, cells_of(columns, rows), read_back.from_csv(file), read_back.same_text)


def same_parquet(report: ReportName, file: bytes, _: Any, rows: Rows) -> list[str]:
    """Cell by cell."""
    columns = columns_of(report)
    return read_back.differences(columns, cells_of(columns, rows), read_back.from_parquet(file), read_back.same_typed)


def same_xlsx(report: ReportName, file: bytes, _: Any, rows: Rows) -> list[str]:
    """Cell by cell of every sheet, and no number of the flat table is in none of them."""
    columns = {column.key: column for column in columns_of(report)}
    parts = (
        [(one.title, one.columns, [row for row in rows if one.holds(row)]) for one in SHEETS[report]]
        if report in ROUTED
        else [("", tuple(columns), rows)]
    )
    filled = [part for part in parts if part[2]]
    read = read_back.sheets(file)
    assert all(sheet.name.startswith(title[:10]) for sheet, (title, _, _) in zip(read, filled, strict=True))
    told, shown = [], Counter[int]()
    for (title, keys, own), sheet in zip(filled, read, strict=True):
        some = [columns[key] for key in keys]
        assert [text.split(" (")[0] for text in sheet.labels] == [one.label.split(" (")[0] for one in some], title
        told += read_back.differences(some, cells_of(some, own), sheet.rows, read_back.same_shown)
        for row in own:
            shown[id(row)] += sum(isinstance(row[key], int | float) for key in keys)
    assert all(shown[id(row)] >= sum(isinstance(cell, int | float) for cell in row.values()) for row in rows)
    return told


def same_pdf(report: ReportName, file: bytes, _: Any, rows: Rows) -> list[str]:
    """Every number of every column that is not left out, as people write it, stands somewhere."""
    return pdf_reader.missing_numbers(pdf_reader.Read.of(file), columns_of(report), rows)


COMPARED: Final[Mapping[str, Callable[[ReportName, bytes, Any, Rows], list[str]]]] = {
    "csv": same_csv,
    "json": same_json,
    "ndjson": same_ndjson,
    "xlsx": same_xlsx,
    "parquet": same_parquet,
    "pdf": same_pdf,
}
"""How a file of each format is read back and compared with the rows of the NDJSON: what differs."""


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
@pytest.mark.parametrize("report", list(ReportName), ids=lambda report: report.value)
@pytest.mark.parametrize("form", sorted(FORMATS))
async def test_every_cell_of_every_format_is_that_of_ndjson(
    rest: Rest, form: str, report: ReportName, role: Role
) -> None:
    response = await exported(rest, report, form, role)
    if (report, role) in REFUSED:
        return

    head, rows = await rows_of(rest, report, role)
    assert rows
    assert COMPARED[form](report, response.content, head, rows)[:5] == []


NOT_SHOWN: Final = frozenset({"estimate", "total", "basis"})
"""What GraphQL says that has no place in the tables."""
DERIVED: Final = frozenset({"hour", "month"})
"""What the tables number by themselves."""


def numbers(part: Any) -> Iterator[float]:
    """All numbers of a part of an answer."""
    if isinstance(part, Mapping):
        for name, below in part.items():
            yield from numbers(below) if name not in NOT_SHOWN else ()
    elif isinstance(part, list):
        for below in part:
            yield from numbers(below)
    elif isinstance(part, int | float) and not isinstance(part, bool):
        yield part


async def answered(rest: Rest, report: ReportName, role: Role) -> Any:
    """What GraphQL says; of agents all pages."""
    variables: dict[str, Any] = {
        "period": {"since": MARCH["since"], "until": MARCH["until"]},
        "timezone": "Europe/Berlin",
        "compareTo": ["PREVIOUS_PERIOD"],
    }
    variables |= {"grain": "DAY"} if report is ReportName.TRENDS else {}
    variables |= {"first": 200} if report is ReportName.AGENTS else {}
    parts = []
    while True:
        result = await rest.gateway.execute(DOCUMENTS[report], variables, rest.gateway.context(VIEWERS[role]))
        assert result.data is not None
        parts.append(result.data["report"][report.value])
        if report is not ReportName.AGENTS or parts[-1]["nextCursor"] is None:
            return parts
        variables["after"] = parts[-1]["nextCursor"]


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
@pytest.mark.parametrize("report", ROUTED, ids=lambda report: report.value)
async def test_the_numbers_of_ndjson_are_those_of_graphql(rest: Rest, report: ReportName, role: Role) -> None:
    if (report, role) in REFUSED:
        return
    _, rows = await rows_of(rest, report, role)

    shown = Counter(
        cell
        for row in rows
        for key, cell in row.items()
        if isinstance(cell, int | float) and not isinstance(cell, bool) and key not in DERIVED
        if (row.get("section"), key) != ("category_total", "created")  # the sum of its points
    )
    assert shown == Counter(numbers(await answered(rest, report, role)))
    assert sum(shown.values()) > (EXTRA_AGENTS if report is ReportName.AGENTS else 10)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.value)
async def test_the_tickets_of_ndjson_are_those_that_graphql_lists(rest: Rest, role: Role) -> None:
    _, rows = await rows_of(rest, ReportName.TICKETS, role)

    same(rows, await listed(rest, ASKED[ReportName.TICKETS]["metric"], role=role))
    assert len(rows) > 5


@pytest.mark.parametrize("role", [Role.MANAGER, Role.ANALYST], ids=lambda role: role.value)
async def test_the_numbers_of_a_report_of_ones_own_are_those_of_graphql(rest: Rest, role: Role) -> None:
    _, rows = await rows_of(rest, ReportName.BREAKDOWN, role)

    metrics = "ticketsCreated { value previous change } avgResponseTime { value count previous change p90 }"
    metrics += " csatScore { value count previous change }"
    below = f"breakdown(by: [CATEGORY, TIME], grain: WEEK, first: 500) {{ rows {{ metrics {{ {metrics} }} }} }}"
    wanted = (await asked(rest, below, role, ", compareTo: [PREVIOUS_PERIOD]"))["breakdown"]["rows"]
    shown = [Counter(numbers([cell for key, cell in row.items() if key != "ticketsCreated.count"])) for row in rows]
    assert shown == [Counter(numbers(row["metrics"])) for row in wanted]
    assert len(rows) > 5
