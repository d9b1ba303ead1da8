"""XLSX and Parquet as files: what spreadsheets and readers find in them, and what becomes of a making that fails."""

from __future__ import annotations

import asyncio
import io
import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from rest_compat.export.content import (
    Batches,
    Cells,
    Chart,
    Column,
    Content,
    Definition,
    Kind,
    Part,
    batches_of,
)
from rest_compat.export.formats import FORMATS
from rest_compat.export.options import Options
from rest_compat.export.route import made
from rest_compat.export.xlsx.limits import CUT, MAX_ROWS, MAX_TEXT, sheet_name
from rest_compat.problems import Kind as ProblemKind
from rest_compat.problems import Problem
from tests.conftest import ROOT
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import FORMULA, MARCH
from tests.rest_compat.large_export import HEAD

SLICE: Final = {**MARCH, "timezone": "Europe/Berlin", "compareTo": "previous_period"}
MADE_WHOLE: Final = ("parquet", "xlsx")
"""Those made in a thread, of any size; pdf: test_export_pdf."""
COLUMNS: Final = (
    Column("name", "Name"),
    Column("start", "Start", Kind.INSTANT),
    Column("tickets", "Tickets", Kind.WHOLE, "tickets"),
    Column("share", "Share", Kind.NUMBER, "ratio"),
    Column("mean", "Mean", Kind.NUMBER, "seconds"),
    Column("rating", "Rating", Kind.NUMBER, "score"),
    Column("partial", "Partial", Kind.TRUTH),
)
ROW: Final[Cells] = ("Billing", "2026-03-29T03:30:00+02:00", 12_345, 0.25, 100_000.5, 4.2, True)


def content(
    rows: Sequence[Cells],
    columns: Sequence[Column] = COLUMNS,
    *,
    batches: Callable[[], Batches] | None = None,
    chart: Chart | None = None,
    total: int | None = None,
) -> Content:
    """A content of one part."""
    keys = [column.key for column in columns]
    given = batches or batches_of(columns, lambda: (dict(zip(keys, row, strict=True)) for row in rows))
    part = Part("part", "A part", tuple(columns), given, chart)
    means = (Definition("Tickets", "tickets", "What was counted."),)
    return Content("breakdown", "A title", HEAD, part, (part,), (("Made for", "=mia"),), means, "en", total=total)


async def file_of(form: str, given: Content) -> bytes:
    """The whole file."""
    return b"".join([piece async for piece in FORMATS[form].write(given, Options())])


async def book_of(given: Content) -> openpyxl.Workbook:
    """The workbook, read back."""
    return openpyxl.load_workbook(io.BytesIO(await file_of("xlsx", given)))


TEXTS: Final = (
    *("=1+1", "{=1+1}", "+1", "@SUM(A1)", FORMULA, "https://example.test", "mailto:a@example.test", "internal:A1"),
    *(
        "'quoted",
        " before and after ",
        "two\nlines",
        "007",
        "1e5",
        "2026-03-01",
        "TRUE",
        "#N/A",
        "<5",
        "Ω 漢字 مرحبا 🎫",
    ),
    "",
)


async def test_texts_are_texts_whatever_they_look_like() -> None:
    sheet = (await book_of(content([(text,) for text in TEXTS], COLUMNS[:1])))["A part"]

    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert [cell.value or "" for cell in cells] == list(TEXTS)
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert not any(cell.hyperlink for cell in cells)


async def test_what_xml_cannot_hold_is_escaped_as_excel_reads_it() -> None:
    file = await file_of("xlsx", content([("a\x01b",), ("_x0041_",), ("a\rb",), ("a\ufffeb",)], COLUMNS[:1]))

    sheet = zipfile.ZipFile(io.BytesIO(file)).read("xl/worksheets/sheet2.xml").decode()
    assert re.findall(r"<t>(.*?)</t>", sheet)[1:] == ["a_x0001_b", "_x005F_x0041_", "a_x000D_b", "a\ufffdb"]


@pytest.mark.parametrize("text", ["x" * MAX_TEXT, "x" * (MAX_TEXT + 1), "🎫" * MAX_TEXT], ids=["fits", "long", "wide"])
async def test_a_text_longer_than_a_cell_is_cut_with_a_mark(text: str) -> None:
    sheet = (await book_of(content([(text,)], COLUMNS[:1])))["A part"]

    read = str(sheet["A2"].value)
    assert len(read.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert read == text if len(text) == MAX_TEXT and text[0] == "x" else read.endswith(CUT)
    assert text.startswith(read.removesuffix(CUT))
    assert len(read.encode("utf-16-le")) // 2 > MAX_TEXT - 3


async def test_a_sheet_has_formats_a_frozen_heading_filters_and_widths() -> None:
    sheet = (await book_of(content([ROW, ("x" * 300, *ROW[1:])])))["A part"]

    assert [cell.value for cell in sheet[1]] == [
        *("Name", "Start (Europe/Berlin)", "Tickets (tickets)", "Share (%)", "Mean (h:mm:ss)"),
        *("Rating (score)", "Partial"),
    ]
    assert [cell.number_format for cell in sheet[2]][1:6] == [
        *("yyyy-mm-dd hh:mm:ss", "#,##0", "0.0%", "[h]:mm:ss", "0.00"),
    ]
    assert [cell.value for cell in sheet[2]][:4] == ["Billing", datetime(2026, 3, 29, 3, 30), 12_345, 0.25]  # noqa: DTZ001
    assert sheet["E2"].value == timedelta(seconds=100_000.5)
    assert (sheet["F2"].value, sheet["G2"].value) == (4.2, True)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:G3")
    assert [sheet.column_dimensions[letter].width for letter in "AB"] == [
        pytest.approx(60, abs=1),
        pytest.approx(25, abs=1),
    ]


async def test_a_number_whose_unit_stands_in_its_row_is_shown_in_that() -> None:
    columns = (Column("value", "Value", Kind.NUMBER, unit_key="unit"), Column("unit", "Unit"))
    rows: list[Cells] = [(90.0, "seconds"), (0.5, "ratio"), (1_000, "tickets"), (None, "ratio")]
    sheet = (await book_of(content(rows, columns)))["A part"]

    assert [(cell.value, cell.number_format) for (cell,) in sheet["A2:A5"]] == [
        (timedelta(seconds=90), "[h]:mm:ss"),
        (0.5, "0.0%"),
        (1_000, "#,##0"),
        (None, "General"),
    ]


async def test_the_cover_says_what_the_numbers_are_of_and_what_they_mean() -> None:
    cover = (await book_of(content([ROW])))["Cover"]
    longest = max(len(str(row[0].value or "")) for row in cover.iter_rows(min_row=2))
    assert cover.column_dimensions["A"].width >= longest

    lines = [[cell.value for cell in row] for row in cover.iter_rows() if row[0].value]
    assert [line[0] for line in lines] == [
        "A title",
        "Made for",
        "Sheets",
        "A part",
        "Definitions",
        "Tickets (tickets)",
    ]
    assert (lines[1][1], lines[3][1], lines[5][1]) == ("=mia", "1 row", "What was counted.")


@pytest.mark.parametrize(("length", "least", "most"), [(3, 28, 29), (40, 44, 52), (500, 59, 61)])
async def test_the_covers_first_column_is_as_wide_as_its_longest_name_but_no_wider_than_is_good(
    length: int, least: float, most: float
) -> None:
    named = (Definition("n" * length, "s", "What was counted."),)
    sheet = (await book_of(replace(content([ROW]), definitions=named)))["Cover"]

    assert least <= sheet.column_dimensions["A"].width <= most


async def test_a_part_without_rows_says_so() -> None:
    book = await book_of(content([]))

    assert [cell.value for (cell,) in book["A part"]["A1:A2"]][1].startswith("No rows")
    assert [row[1].value for row in book["Cover"].iter_rows() if row[0].value == "A part"] == ["no rows"]
    assert pyarrow.parquet.read_table(io.BytesIO(await file_of("parquet", content([])))).num_rows == 0


@pytest.mark.parametrize(
    ("report", "kinds"),
    [
        ("performance", ["barChart"] * 4),
        ("agents", ["barChart"]),
        ("trends", ["lineChart", "barChart", "barChart"]),
        ("summary", []),
    ],
)
async def test_charts_are_excels_own_of_the_cells_of_a_sheet(rest: Rest, report: str, kinds: list[str]) -> None:
    response = await rest.export({"report": report, "format": "xlsx", **SLICE})

    book = zipfile.ZipFile(io.BytesIO(response.content))
    charts = [book.read(f"xl/charts/chart{n}.xml").decode() for n in range(1, len(kinds) + 1)]
    assert [re.search(r"<c:(\w+Chart)>", chart)[1] for chart in charts] == kinds  # type: ignore[index]
    assert f"xl/charts/chart{len(kinds) + 1}.xml" not in book.namelist()
    names = {f"'{name}'!" for name in openpyxl.load_workbook(io.BytesIO(response.content)).sheetnames}
    for chart in charts:
        assert all(
            any(name in of or name.replace("'", "") in of for name in names) for of in re.findall("<c:f>(.*?)<", chart)
        )


async def test_a_heatmap_is_a_grid_of_coloured_cells(rest: Rest) -> None:
    body = {"report": "trends", "format": "xlsx", **SLICE}
    book = openpyxl.load_workbook(io.BytesIO((await rest.export(body)).content))
    answer = (await rest.get("trends", SLICE)).json()

    grid = book["Weekday by hour, grid"]
    assert [[cell.value for cell in row] for row in grid["B2:Y8"]] == answer["trends"]["seasonality"]["weekdayHour"]
    assert [grid.cell(row, 1).value for row in (2, 8)] == ["Monday", "Sunday"]
    assert [str(one.sqref) for one in grid.conditional_formatting] == ["B2:Y8"]


async def test_more_rows_than_a_sheet_holds_are_refused_before_any_is_read() -> None:
    async def never() -> Batches:
        raise AssertionError("read")
        yield  # pragma: no cover

    with pytest.raises(Problem) as refused:
        await file_of("xlsx", content([], batches=never, total=MAX_ROWS + 1))

    assert refused.value.kind is ProblemKind.IMPOSSIBLE_INPUT
    assert "1,048,575 rows" in refused.value.detail


async def test_more_rows_than_a_sheet_holds_are_refused_while_they_come() -> None:
    async def many() -> Batches:
        yield [ROW]
        yield [ROW] * MAX_ROWS

    with pytest.raises(Problem) as refused:
        await file_of("xlsx", content([], batches=many))

    assert refused.value.kind is ProblemKind.IMPOSSIBLE_INPUT


@pytest.mark.parametrize("title", ["a" * 50, "[a]:*?/\\b", "'quoted'", "History", "", "Cover", "  "])
def test_a_sheets_name_is_one_that_excel_takes_and_its_own(title: str) -> None:
    taken = {"cover"}
    names = []
    for _ in range(12):
        names.append(sheet_name(title, taken))
        taken.add(names[-1].lower())

    assert len({name.lower() for name in names}) == 12
    for name in names:
        assert 1 <= len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)
        assert name.lower() not in ("history", "cover")


def test_a_sheets_name_that_is_too_long_ends_between_words() -> None:
    title = "Resolution time: mean and percentiles"

    assert sheet_name(title, set()) == "Resolution time mean and\N{HORIZONTAL ELLIPSIS}"
    assert sheet_name(title, {"resolution time mean and\N{HORIZONTAL ELLIPSIS}"}).endswith(
        "\N{HORIZONTAL ELLIPSIS} (2)"
    )


async def test_parquet_has_types_of_its_own_and_says_what_the_numbers_are() -> None:
    file = pyarrow.parquet.ParquetFile(
        io.BytesIO(await file_of("parquet", content([ROW, ("b", None, "<5", *[None] * 4)])))
    )

    schema = file.schema_arrow
    assert [str(field.type) for field in schema] == [
        *("string", "timestamp[us, tz=Europe/Berlin]", "int64", "double", "double", "double", "bool"),
    ]
    assert schema.field("mean").metadata == {b"label": b"Mean", b"unit": b"seconds"}
    metadata = file.metadata.metadata
    assert json.loads(metadata[b"deskgraph"]) == HEAD
    assert json.loads(metadata[b"definitions"]) == [
        {"label": "Tickets", "unit": "tickets", "text": "What was counted."}
    ]
    assert file.read().column("tickets").to_pylist() == [12_345, None]


@pytest.mark.parametrize(
    ("cells", "kind", "read"),
    [
        (["2026-03-01", None], "date32[day]", [date(2026, 3, 1), None]),
        (
            ["2026-03-29T01:00:00+01:00", "2026-03-29"],
            "timestamp[us, tz=Europe/Berlin]",
            [
                datetime(2026, 3, 29, 1, tzinfo=ZoneInfo("Europe/Berlin")),
                datetime(2026, 3, 29, tzinfo=ZoneInfo("Europe/Berlin")),
            ],
        ),
        ([None], "timestamp[us, tz=Europe/Berlin]", [None]),
    ],
)
async def test_instants_are_dates_where_all_are_and_else_instants(cells: list[Any], kind: str, read: list[Any]) -> None:
    file = await file_of("parquet", content([(cell,) for cell in cells], COLUMNS[1:2]))

    column = pyarrow.parquet.read_table(io.BytesIO(file)).column("start")
    assert str(column.type) == kind
    assert column.to_pylist() == read


async def test_parquet_comes_in_groups_of_rows() -> None:
    file = await file_of("parquet", content([ROW] * 45_000))

    found = pyarrow.parquet.ParquetFile(io.BytesIO(file)).metadata
    assert [found.row_group(n).num_rows for n in range(found.num_row_groups)] == [20_000, 20_000, 5_000]


@pytest.mark.parametrize("form", MADE_WHOLE)
async def test_a_fault_while_rows_are_read_ends_the_making_and_is_told_as_it_is(form: str) -> None:
    async def broken() -> Batches:
        yield [ROW]
        raise Problem(ProblemKind.TIMEOUT, "It took too long.")

    with pytest.raises(Problem) as told:
        await file_of(form, content([], batches=broken))

    assert told.value.kind is ProblemKind.TIMEOUT


@pytest.mark.parametrize("form", MADE_WHOLE)
async def test_nobody_reads_on_once_the_client_is_gone(form: str) -> None:
    let_go = asyncio.Event()

    async def endless() -> Batches:
        try:
            while True:
                yield [ROW] * 500
        finally:
            let_go.set()

    making = asyncio.ensure_future(made(FORMATS[form].write(content([], batches=endless), Options())))
    await asyncio.sleep(0.3)
    making.cancel()  # as the patience with a request does, once its client is gone
    with pytest.raises(asyncio.CancelledError):
        await making

    assert let_go.is_set()


_NO_ROOM: Final = """
import asyncio, resource, sys
from rest_compat.problems import Problem
from tests.rest_compat.large_export import FORMATS, Options, content_of, taken

resource.setrlimit(resource.RLIMIT_FSIZE, (16_384, 16_384))
try:
    asyncio.run(taken(FORMATS[sys.argv[1]].write(content_of(40_000, "few"), Options())))
except Problem as problem:
    print(problem.kind.name, problem.detail)
"""


@pytest.mark.parametrize("form", MADE_WHOLE)
def test_a_file_that_finds_no_room_is_told(form: str) -> None:
    done = subprocess.run([sys.executable, "-c", _NO_ROOM, form], cwd=ROOT, check=True, capture_output=True, text=True)

    assert done.stdout.startswith("UNAVAILABLE There is no room left"), done.stdout
    assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.parametrize("form", MADE_WHOLE)
def test_memory_does_not_grow_with_the_rows(form: str) -> None:
    module = "tests.rest_compat.large_export"
    running = [
        subprocess.Popen([sys.executable, "-m", module, form, rows, "few"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for rows in ("20000", "200000")
    ]
    (few, few_bytes), (many, many_bytes) = [map(int, one.communicate()[0].split()) for one in running]

    assert many_bytes > 7 * few_bytes
    assert many < 1.2 * few


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed: ./scripts/apt-get does that")
async def test_libreoffice_opens_every_report_and_reads_its_numbers(rest: Rest, tmp_path: Path) -> None:
    reports = ["summary", "performance", "agents", "trends", "tickets", "breakdown"]
    for report in reports:
        body = {"report": report, "format": "xlsx", **SLICE} | ({"compareTo": None} if report == "tickets" else {})
        response = await rest.export(body)
        assert response.status_code == 200, response.text
        (tmp_path / f"{report}.xlsx").write_bytes(response.content)

    every_sheet_as_shown = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    files = [f"{report}.xlsx" for report in reports]
    done = await asyncio.to_thread(
        subprocess.run,
        ["soffice", profile, "--headless", "--convert-to", every_sheet_as_shown, *files],
        cwd=tmp_path, check=True, capture_output=True, text=True, timeout=240,
    )  # fmt: skip

    assert "rror" not in done.stdout, done.stdout
    agents = (tmp_path / "agents-Agents.csv").read_text("utf-8")
    answer = (await rest.get("agents", SLICE)).json()["agents"]["rows"]
    assert FORMULA.replace('"', '""') in agents
    for row in answer[4:]:
        assert f"{row['agent']['id']},{row['agent']['name']},TRUE,support,-Support,{row['ticketsCreated']}," in agents
    assert all((tmp_path / f"{report}-Cover.csv").exists() for report in reports)
