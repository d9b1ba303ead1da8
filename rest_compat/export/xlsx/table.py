"""A part as a sheet: headings that stay, filters, and a row for each of its rows, written as they come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from rest_compat.export.content import Cell, Cells, Column, Kind, Part
from rest_compat.export.xlsx.limits import check_rows, text_of

SECONDS_A_DAY: Final = 86_400
NO_ROWS: Final = "No rows: there is nothing of this in the slice."
DURATION: Final = "[h]:mm:ss"
A4: Final = 9
_MAX_WIDTH: Final = 60
_FITS_A_PAGE: Final = 200
"""Wider tables are printed on several pages side by side: smaller, nobody could read them."""
_MEASURED_ROWS: Final = 1_000
_FIRST_YEAR: Final = 1900
"""Before it, Excel has no dates: they stay texts."""
_DATE, _DATE_TIME = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"
_TRUTH: Final = '"TRUE";"TRUE";"FALSE"'
"""LibreOffice shows some as numbers otherwise."""
_OF_UNITS: Final = {"seconds": DURATION, "ratio": "0.0%", "tickets": "#,##0", "events": "#,##0"}
_UNITS_SHOWN: Final = {"seconds": "h:mm:ss", "ratio": "%"}
_WIDTHS: Final = {DURATION: 10, "0.0%": 8, _DATE: 10, _DATE_TIME: 19}
_ROOM_OF_FILTER: Final = 4


def number_format(column: Column, unit: str | None = None) -> str:
    """How numbers of a column are shown; `unit` is that of the row, where rows differ."""
    unit = unit or column.unit
    if unit in _OF_UNITS:
        return _OF_UNITS[unit]
    if column.kind is Kind.WHOLE:
        return "#,##0"
    return "0.00" if unit == "score" else "#,##0.00"


def heading(column: Column, zone: ZoneInfo) -> str:
    """The label, with what its cells are shown in: a unit, or the zone of instants."""
    shown = zone.key if column.kind is Kind.INSTANT else _UNITS_SHOWN.get(column.unit or "", column.unit)
    return f"{column.label} ({shown})" if shown else column.label


@dataclass
class Looks:
    """The formats of a workbook's cells, each made once."""

    workbook: Workbook
    made: dict[str, Format] = field(default_factory=dict)

    def of_number(self, number_format: str) -> Format:
        """That of numbers shown in a way."""
        if number_format not in self.made:
            self.made[number_format] = self.workbook.add_format({"num_format": number_format})
        return self.made[number_format]

    def of_instant(self, number_format: str) -> Format:
        """That of dates and date-times: like words, not like numbers."""
        if number_format not in self.made:
            self.made[number_format] = self.workbook.add_format({"num_format": number_format, "align": "left"})
        return self.made[number_format]

    def heading(self) -> Format:
        """That of headings."""
        if "heading" not in self.made:
            self.made["heading"] = self.workbook.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F6"})
        return self.made["heading"]


class Table:
    """A part's sheet, filled row after row."""

    def __init__(self, sheet: Worksheet, part: Part, looks: Looks, zone: ZoneInfo) -> None:
        self.sheet, self.part, self.looks, self.zone = sheet, part, looks, zone
        self.rows = 0
        self.with_times: set[str] = set()
        """The columns of instants that have times, not dates alone."""
        headings = [heading(column, zone) for column in part.columns]
        self.widths = [len(text) + _ROOM_OF_FILTER for text in headings]
        self.puts = [self._put(place, column) for place, column in enumerate(part.columns)]
        for place, text in enumerate(headings):
            sheet.write_string(0, place, text, looks.heading())
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.repeat_rows(0)

    def write(self, batch: Sequence[Cells]) -> None:
        """Raises: Problem, for more rows than a sheet can have."""
        check_rows(self.rows + len(batch))
        for cells in batch:
            self.rows += 1
            for cell, put in zip(cells, self.puts, strict=True):
                if cell is not None:
                    put(cell, cells)

    def end(self) -> None:
        """Writes what is known once all rows are there."""
        if not self.rows:
            self.sheet.write_string(1, 0, NO_ROWS)
        self.sheet.autofilter(0, 0, max(self.rows, 1), len(self.part.columns) - 1)
        widths = [min(width, _MAX_WIDTH) for width in self.widths]
        for place, width in enumerate(widths):
            self.sheet.set_column(place, place, width)
        if sum(widths) <= _FITS_A_PAGE:
            self.sheet.fit_to_pages(1, 0)

    def _put(self, place: int, column: Column) -> Callable[[Cell, Cells], None]:
        """What writes a cell of a column into the present row."""
        if column.unit_key is not None:
            keys = [one.key for one in self.part.columns]
            return self._put_mixed(place, column, keys.index(column.unit_key))
        return {
            Kind.TEXT: self._put_text,
            Kind.WHOLE: self._put_number,
            Kind.NUMBER: self._put_number,
            Kind.TRUTH: self._put_truth,
            Kind.INSTANT: self._put_instant,
        }[column.kind](place, column)

    def _put_text(self, place: int, _: Column) -> Callable[[Cell, Cells], None]:
        write = self.sheet.write_string

        def put(cell: Cell, _: Cells) -> None:
            text = text_of(str(cell))
            write(self.rows, place, text)
            self._measure(place, len(text))

        return put

    def _put_truth(self, place: int, _: Column) -> Callable[[Cell, Cells], None]:
        write, look = self.sheet.write_boolean, self.looks.of_number(_TRUTH)

        def put(cell: Cell, _: Cells) -> None:
            write(self.rows, place, bool(cell), look)

        return put

    def _put_number(self, place: int, column: Column) -> Callable[[Cell, Cells], None]:
        return self._number_writer(place, number_format(column), column.unit)

    def _put_mixed(self, place: int, column: Column, unit_place: int) -> Callable[[Cell, Cells], None]:
        writers: dict[str, Callable[[Cell, Cells], None]] = {}

        def put(cell: Cell, cells: Cells) -> None:
            unit = str(cells[unit_place])
            if unit not in writers:
                writers[unit] = self._number_writer(place, number_format(column, unit), unit)
            writers[unit](cell, cells)

        return put

    def _number_writer(self, place: int, shown: str, unit: str | None) -> Callable[[Cell, Cells], None]:
        look, write = self.looks.of_number(shown), self.sheet.write_number
        width, divisor = _WIDTHS.get(shown), SECONDS_A_DAY if unit == "seconds" else None

        def put(cell: Cell, _: Cells) -> None:
            if isinstance(cell, str):
                self.sheet.write_string(self.rows, place, cell)  # withheld, such as <5
                return
            number = float(cell or 0) / divisor if divisor else cell
            write(self.rows, place, number, look)
            self._measure(place, width or len(f"{number:,.2f}"))

        return put

    def _put_instant(self, place: int, column: Column) -> Callable[[Cell, Cells], None]:
        write, dates, times = self.sheet.write_datetime, self.looks.of_instant(_DATE), self.looks.of_instant(_DATE_TIME)

        def put(cell: Cell, _: Cells) -> None:
            text = str(cell)
            at = datetime.fromisoformat(text)
            if at.year < _FIRST_YEAR:
                self.sheet.write_string(self.rows, place, text)
            elif at.tzinfo is None:
                write(self.rows, place, at, dates)
            else:
                write(self.rows, place, at.astimezone(self.zone).replace(tzinfo=None), times)
                self.with_times.add(column.key)
            self._measure(place, _WIDTHS[_DATE if at.tzinfo is None else _DATE_TIME])

        return put

    def _measure(self, place: int, width: int) -> None:
        if self.rows <= _MEASURED_ROWS and width + 2 > self.widths[place]:
            self.widths[place] = width + 2
