"""PDF: read back by an independent reader, it holds every number of what NDJSON holds, as people write them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import psutil
import pytest

from db.access import Role
from rest_compat.export import pdf
from rest_compat.export.content import Batches, Chart, ChartKind, Column, Content, Kind, Part, Row, batches_of
from rest_compat.export.options import Options
from rest_compat.export.pdf import limits
from rest_compat.export.pdf.figures import Figures, locale_of
from rest_compat.export.sheets import SHEETS, Sheet
from rest_compat.export.tables import TABLES, WEEKDAYS
from rest_compat.export.tickets import COLUMNS
from rest_compat.problems import Problem
from rest_compat.stored import ReportName
from tests.rest_compat.conftest import Rest
from tests.rest_compat.desk import FORMULA, MARCH
from tests.rest_compat.pdf_reader import NOTHING, Read, english, missing_numbers, plain, row_text

SLICE: Final = {**MARCH, "timezone": "Europe/Berlin", "compareTo": "previous_period"}
ROLES: Final = (Role.MANAGER, Role.ANALYST, Role.CLIENT)
NO_WORDS: Final[Mapping[Any, str]] = {}
Rows = list[dict[str, Any]]


async def both(rest: Rest, report: str, role: Role, **further: Any) -> tuple[Read, dict[str, Any], Rows]:
    """A report as PDF, and as NDJSON its head and rows."""
    body = {"report": report, **SLICE, **further}
    made = await rest.export({**body, "format": "pdf"}, role)
    assert made.status_code == 200, made.text
    head, *rows = [
        json.loads(line) for line in (await rest.export({**body, "format": "ndjson"}, role)).text.splitlines()
    ]
    return Read.of(made.content), head, rows


def missing(read: Read, columns: Sequence[Column], rows: Rows, words: Mapping[Any, str] = NO_WORDS) -> list[str]:
    """The rows that do not stand in a PDF, cell by cell in the order of the columns that it does not leave out."""
    shown = [one for one in columns if not read.left_out(words.get(one.key, one.label))]
    assert shown
    return [text for row in rows if not read.has(text := row_text(shown, row, words))]


def of_sheet(report: ReportName, key: str, rows: Rows) -> tuple[Sheet, tuple[Column, ...], Rows]:
    """A part of a report, its columns and its rows."""
    sheet = next(one for one in SHEETS[report] if one.key == key)
    return sheet, TABLES[report].columns_of(sheet.columns), [row for row in rows if sheet.holds(row)]


@pytest.mark.parametrize("role", ROLES)
async def test_the_summary_has_a_line_for_every_number_of_every_metric(rest: Rest, role: Role) -> None:
    read, _, rows = await both(rest, "summary", role)

    for column in TABLES[ReportName.SUMMARY].columns:
        cells = [row[column.key] for row in rows]
        if column.kind in (Kind.WHOLE, Kind.NUMBER) and any(cell is not None for cell in cells):
            line = [english(column, row[column.key], row["unit"] if column.unit_key else None) for row in rows]
            assert read.has(" ".join([column.label, *line])), column.label
    for row in rows:
        assert read.has(row["label"])
    assert missing_numbers(read, TABLES[ReportName.SUMMARY].columns, rows) == []


@pytest.mark.parametrize("role", ROLES)
async def test_performance_has_every_status_category_and_bucket(rest: Rest, role: Role) -> None:
    read, _, rows = await both(rest, "performance", role, edges=[0, 600, 7200])

    words = {"label": "Category", "key": "Category id"}
    for sheet in SHEETS[ReportName.PERFORMANCE]:
        _, columns, own = of_sheet(ReportName.PERFORMANCE, sheet.key, rows)
        assert own
        assert missing(read, columns, own, words if sheet.key == "category" else {}) == []
        assert read.has(sheet.title)
    assert missing_numbers(read, TABLES[ReportName.PERFORMANCE].columns, rows) == []


@pytest.mark.parametrize("role", ROLES[:2])
async def test_agents_have_a_row_each_and_it_is_told_what_had_no_room(rest: Rest, role: Role) -> None:
    read, _, rows = await both(rest, "agents", role, limit=120)

    columns = TABLES[ReportName.AGENTS].columns
    assert missing(read, columns, rows) == []
    assert missing_numbers(read, columns, rows) == []
    kept = [one.key for one in columns if not read.left_out(one.label)]
    assert len(kept) > 10
    assert {"ticketsCreated", "ticketsResolved", "openTickets", "responseTimeMedian"} <= {*kept}
    assert read.has("The other formats have every column.")


@pytest.mark.parametrize("role", ROLES)
async def test_trends_have_every_bucket_category_hour_and_season(rest: Rest, role: Role) -> None:
    read, _, rows = await both(rest, "trends", role, grain="day")

    for key in ("volume", "category_total", "weekday_index", "month_index", "decomposition", "forecast", "anomaly"):
        _, columns, own = of_sheet(ReportName.TRENDS, key, rows)
        assert missing(read, columns, own, {("categoryName", None): "(no category)"}) == [], key
    _, _, movers = of_sheet(ReportName.TRENDS, "movers", rows)
    assert all(
        read.has(f"{mover['section'].capitalize()} {mover['categoryName']} {mover['created']}") for mover in movers
    )
    hours = [row for row in rows if row["section"] == "weekday_hour"]
    for day in WEEKDAYS:
        counts = [str(row["created"]) for row in hours if row["weekday"] == day]
        assert len(counts) == 24
        assert read.has(" ".join([day, *counts]))
    for start in dict.fromkeys(row["start"] for row in rows if row["section"] == "category"):
        counts = [str(row["created"]) for row in rows if row["section"] == "category" and row["start"] == start]
        assert read.has(" ".join([english(Column("start", "", Kind.INSTANT), start), *counts]))
    assert missing_numbers(read, TABLES[ReportName.TRENDS].columns, rows) == []


@pytest.mark.parametrize("role", ROLES)
async def test_tickets_are_listed_with_the_columns_that_have_room(rest: Rest, role: Role) -> None:
    read, _, rows = await both(rest, "tickets", role, metric="avgResponseTime", compareTo=None)

    assert len(rows) > (10 if role is Role.CLIENT else 40)
    assert missing(read, COLUMNS, rows) == []
    assert not any(read.left_out(label) for label in ("Ticket", "At", "Status", "Priority", "Duration"))


@pytest.mark.parametrize("role", ROLES[:2])
async def test_a_report_of_ones_own_has_its_rows_and_a_grid_tinted_by_number(rest: Rest, role: Role) -> None:
    body = {"metrics": ["ticketsCreated", "avgResponseTime"], "by": ["category", "time"], "grain": "week"}
    read, _, rows = await both(rest, "breakdown", role, **body)

    shown = [Column("categoryName", "Category"), Column("start", "Start", Kind.INSTANT)]
    shown.append(Column("ticketsCreated", "Tickets created", Kind.WHOLE, "tickets"))
    assert missing(read, shown, rows, {("categoryName", None): "(none)"}) == []
    for name in dict.fromkeys(row["categoryName"] for row in rows):
        counts = {row["start"]: row["ticketsCreated"] for row in rows if row["categoryName"] == name}
        starts = sorted({row["start"] for row in rows})
        assert read.has(" ".join([name or "(none)", *(str(counts.get(start, NOTHING)) for start in starts)]))


async def test_a_role_is_told_what_is_withheld_and_sees_no_more_than_on_the_screen(rest: Rest) -> None:
    analyst, _, rows = await both(rest, "agents", Role.ANALYST, limit=5)
    client = await rest.export({"report": "agents", "format": "pdf", **SLICE}, Role.CLIENT)

    assert analyst.has("Withheld from this role")
    assert "Ada" not in analyst.text
    assert {row["ratingCount"] for row in rows} == {None}
    assert client.status_code == 403


async def test_it_is_tagged_titled_and_paged_and_its_headings_come_again_on_every_page(rest: Rest) -> None:
    read, _, rows = await both(rest, "tickets", Role.MANAGER, compareTo=None, category=["invoices", "none"])

    root = read.pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of the reader's own
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert read.pdf.metadata is not None
    assert read.pdf.metadata.title == f"Tickets: Tickets created, Mar 1\N{THIN SPACE}{NOTHING}\N{THIN SPACE}31, 2026"
    assert {"/Document", "/H1", "/Table", "/THead", "/TH", "/TD", "/TR"} <= read.tags()
    assert len(read.pages) > 1
    for n, page in enumerate(read.pages, start=1):
        assert f"Page {n} of {len(read.pages)}" in page
        assert "data version" in page
        if "T-" in page or "E-" in page:
            assert "Ticket At " in page
    assert len(rows) > 30


async def test_figures_and_dates_are_those_of_the_locale_and_words_stay_english(rest: Rest) -> None:
    german, _, _ = await both(rest, "performance", Role.MANAGER, locale="de-DE")
    unknown_land, _, _ = await both(rest, "performance", Role.MANAGER, locale="de-XX")
    english_one, _, rows = await both(rest, "performance", Role.MANAGER)

    share = next(row["share"] for row in rows if row["section"] == "status" and row["share"])
    assert german.has(f"{share:.1%}".replace(".", ",").replace("%", " %"))
    assert english_one.has(f"{share:.1%}")
    assert german.has(f"1.{NOTHING}31. März 2026")
    assert german.has("Time zone")
    assert unknown_land.text == german.text


def test_dates_that_are_written_from_the_right_stand_apart_from_the_words_around_them() -> None:
    arabic, german = Figures(locale_of("ar")), Figures(locale_of("de"))

    shown = arabic.instant("2026-11-27T06:18:00+01:00")

    assert shown.startswith("\N{RIGHT-TO-LEFT ISOLATE}27\N{RIGHT-TO-LEFT MARK}/11")
    assert "2026\N{RIGHT-TO-LEFT MARK}\N{NO-BREAK SPACE}6:18" in shown
    assert shown.endswith("\N{POP DIRECTIONAL ISOLATE}")
    assert german.instant("2026-11-27T06:18:00+01:00") == "27.11.2026\N{NO-BREAK SPACE}06:18"


async def test_a_locale_of_no_known_language_is_told(rest: Rest) -> None:
    response = await rest.export({"report": "summary", "format": "pdf", "locale": "xx", **SLICE})

    assert response.status_code == 400
    assert [one["parameter"] for one in response.json()["errors"]] == ["locale"]


@pytest.mark.parametrize("report", ["tickets", "agents"])
async def test_an_empty_report_is_a_file_that_says_so(rest: Rest, report: str) -> None:
    past = {"since": "2020-01-01", "until": "2020-02-01", "compareTo": None, "team": "billing"}
    read, _, rows = await both(rest, report, Role.MANAGER, **past)

    assert rows == [] or report == "agents"
    assert read.has("There is nothing in this slice") == (rows == [])
    assert read.has(f"Jan 1 {NOTHING} 31, 2020")


NAMES: Final = {
    "Привет Мир": "NotoSans",
    "Ελληνικά Όνομα": "NotoSans",
    "中文名字 漢字": "NotoSansCJK",
    "日本語の名前 カナ": "NotoSansCJK",
    "한국어 이름": "NotoSansCJK",
    "שלום": "NotoSansHebrew",
    "مكتب الدعم الفني": "NotoSansArabic",
    "ชื่อ": "NotoSansThai",
}
MARKUP: Final = (
    *('#import "x"', "$x^2$", "*bold* _it_", "@ref <label>", "= Heading", "#sys.inputs", "`raw` \\ // /* */"),
    *("~ -- --- ...", "'q' \"q\" ->", "[x](y) #[z]", FORMULA),
)
NOWHERE: Final = {"a\U00012000b": "a[U+12000]b", "bell\x07": "bell[U+0007]", "\ue000": "[U+E000]"}
LONG: Final = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
NAMED: Final = (Column("agentName", "Agent"), Column("count", "Count", Kind.WHOLE, "tickets"))


def content(rows: Sequence[Row], title: str = "A report", total: int | None = None, **further: Any) -> Content:
    """A content of one part."""
    part = Part("breakdown", "Names", NAMED, batches_of(NAMED, lambda: rows), **further)
    head = {
        "report": "breakdown",
        "period": {**MARCH, "timezone": "UTC", "preset": None},
        "comparison": None,
    }
    cover = {
        "Period": "",
        "Filter": f"tag {MARKUP[0]}",
        "As of": "2026-04-15T12:00:30+02:00",
        "Data version": "7",
        "Made": "2026-04-15T10:00:30+00:00",
        "Made for": "mia, manager",
    }
    return Content("breakdown", title, head, part, (part,), tuple(cover.items()), (), "en", total=total)


async def written(one: Content, language: str = "en") -> Read:
    """It as PDF, read back."""
    return Read.of(b"".join([piece async for piece in pdf.write(one, Options(language=language))]))


@pytest.mark.parametrize(
    ("seconds", "said", "edge"),
    [
        (0, "0 s", "0 s"),
        (59.4, "59 s", "59 s"),
        (59.6, "1 min", "60 s"),
        (100, "2 min", "100 s"),
        (900, "15 min", "15 min"),
        (5400, "1 h 30 min", "1.5 h"),
        (8040, "2 h 14 min", "134 min"),
        (86_400, "1 d", "1 d"),
        (273_600, "3 d 4 h", "76 h"),
        (-7200, "-2 h", "-2 h"),
    ],
)
def test_durations_are_said_as_people_say_them_and_edges_exactly(seconds: float, said: str, edge: str) -> None:
    figures = Figures(locale_of("en"))

    assert plain(figures.duration(seconds)) == said
    assert plain(figures.edge(seconds)) == edge


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        ("2026-03-01T00:00:00+01:00", "2026-04-01T00:00:00+02:00", f"Mar 1 {NOTHING} 31, 2026"),
        ("2026-03-01T00:00:00+01:00", "2026-03-02T00:00:00+01:00", "March 1, 2026"),
        (
            "2026-03-01T08:30:00+01:00",
            "2026-03-02T00:00:00+01:00",
            f"Mar 1, 2026 8:30 AM {NOTHING} Mar 2, 2026 12:00 AM",
        ),
    ],
)
def test_a_period_is_said_by_its_first_and_last_day(since: str, until: str, words: str) -> None:
    assert plain(Figures(locale_of("en")).span(since, until)) == words


async def test_names_of_any_script_and_names_like_markup_stand_as_they_are() -> None:
    names = [*NAMES, *MARKUP, *NOWHERE, LONG]
    chart = Chart(ChartKind.BARS, ("agentName",), ("count",))
    read = await written(content([{"agentName": name, "count": 7} for name in names], title=MARKUP[2], chart=chart))

    for name in names:
        if NAMES.get(name) not in ("NotoSansArabic", "NotoSansThai"):  # no reader gives shaped letters back in order
            assert read.has(NOWHERE.get(name, name)), name
    for family in NAMES.values():
        assert any(family in font for font in read.fonts()), family
    assert read.pdf.metadata is not None
    assert str(read.pdf.metadata.title).startswith(MARKUP[2])
    assert "\x00" not in read.text
    assert read.has(f"tag {MARKUP[0]}")


@pytest.mark.parametrize(
    ("language", "font"), [("ja", "CJKjp"), ("zh-CN", "CJKsc"), ("zh-TW", "CJKtc"), ("ko", "CJKkr")]
)
async def test_han_characters_have_the_forms_of_the_readers_language(language: str, font: str) -> None:
    read = await written(content([{"agentName": "骨直", "count": 1}]), language)

    assert any(font in one for one in read.fonts())


async def test_more_rows_than_a_pdf_has_are_refused_before_any_is_read() -> None:
    async def unread() -> Batches:
        raise AssertionError("nothing is to be read")
        yield

    told = content([], total=limits.MAX_ROWS + 1)
    (part,) = told.parts
    unasked = Content(**{**vars(told), "parts": (Part(part.key, part.title, part.columns, unread),)})
    with pytest.raises(Problem) as refusal:
        await written(unasked)

    assert refusal.value.kind.status == 422
    assert "5,000 at most" in refusal.value.detail
    assert "another format" in refusal.value.detail


async def test_more_rows_than_were_told_are_refused_as_they_come() -> None:
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for _ in range(3 * limits.MAX_ROWS):
            read += 1
            yield {"agentName": "x", "count": 1}

    many = content([])
    part = Part("breakdown", "Names", NAMED, batches_of(NAMED, rows))
    with pytest.raises(Problem, match="too large"):
        await written(Content(**{**vars(many), "parts": (part,)}))

    assert read <= limits.MAX_ROWS + 500


async def test_too_large_is_a_422_of_the_route(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ROWS", 100)
    response = await rest.export({"report": "tickets", "format": "pdf", **SLICE})

    assert response.status_code == 422
    assert "too large for a PDF" in response.json()["detail"]


async def test_a_client_that_leaves_takes_the_typesetter_along() -> None:
    task = asyncio.create_task(written(content([{"agentName": f"n {n}", "count": n} for n in range(4000)])))
    while not (setters := typesetters()):
        assert not task.done()
        await asyncio.sleep(0.02)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert not [one for one in setters if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def typesetters() -> list[psutil.Process]:
    """The processes that set documents for this one."""
    return [one for one in psutil.Process().children() if "typesetting.py" in " ".join(one.cmdline())]
