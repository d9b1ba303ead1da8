"""The workbook of a content, made in a thread that draws the rows."""

from __future__ import annotations

import tempfile
from datetime import datetime
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError

from rest_compat.export.content import ChartKind, Content, Part
from rest_compat.export.thread import Draw
from rest_compat.export.xlsx import charts, cover
from rest_compat.export.xlsx.grid import Grid
from rest_compat.export.xlsx.limits import MAX_NAME, sheet_name, shortened
from rest_compat.export.xlsx.table import Looks, Table

_GRID: Final = ", grid"
_OPTIONS: Final = {
    "constant_memory": True,
    "strings_to_numbers": False,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "use_zip64": True,
}


def make(content: Content, draw: Draw) -> BinaryIO:
    """The file.

    Raises: OSError; Problem, for more rows than a sheet can have.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115  (who is handed the file closes it)
    try:
        with tempfile.TemporaryDirectory(prefix="deskgraph-xlsx-") as folder:
            workbook = Workbook(file, {**_OPTIONS, "tmpdir": folder})
            try:
                _Sheets(workbook, content, draw).fill()
                workbook.close()
            except FileCreateError as fault:
                raise (fault.args[0] if isinstance(fault.args[0], OSError) else fault) from None
            finally:
                for sheet in workbook.worksheets():
                    sheet.row_data_fh.close()
    except BaseException:
        file.close()
        raise
    return file


class _Sheets:
    """The sheets of a workbook, in the order in which they are shown."""

    def __init__(self, workbook: Workbook, content: Content, draw: Draw) -> None:
        self.workbook, self.content, self.draw = workbook, content, draw
        self.looks = Looks(workbook)
        self.zone = ZoneInfo(content.head["period"]["timezone"])
        self.names = {cover.NAME.lower()}
        self.tables: list[Table] = []

    def fill(self) -> None:
        """Writes all of them."""
        self.workbook.set_properties(
            {
                "title": self.content.title,
                "author": "deskgraph",
                "created": datetime.fromisoformat(self.content.head["asOf"]),
            }
        )
        first = self.workbook.add_worksheet(cover.NAME)
        drawn = any(charts.native(part.chart) for part in self.content.parts)
        of_charts = self.workbook.add_worksheet(self._name(charts.NAME)) if drawn else None
        for part in self.content.parts:
            self._fill_part(part)
        if of_charts is not None:
            charts.draw(self.workbook, of_charts, self.tables)
        counts = [(table.sheet.get_name(), table.rows) for table in self.tables]
        cover.write_cover(self.workbook, first, self.content, counts)

    def _fill_part(self, part: Part) -> None:
        table = Table(self.workbook.add_worksheet(self._name(part.title)), part, self.looks, self.zone)
        self.tables.append(table)
        grid = Grid(part, part.chart) if part.chart and part.chart.kind is ChartKind.HEATMAP else None
        for batch in self.draw(part.batches):
            table.write(batch)
            if grid is not None:
                grid.add(batch)
        table.end()
        if grid is not None:
            grid.write(
                self.workbook.add_worksheet(self._name(shortened(part.title, MAX_NAME - len(_GRID)) + _GRID)),
                self.looks,
            )

    def _name(self, title: str) -> str:
        name = sheet_name(title, self.names)
        self.names.add(name.lower())
        return name
