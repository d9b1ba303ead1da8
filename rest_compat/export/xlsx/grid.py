"""A heatmap as a sheet: rows by columns of labels, coloured by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.worksheet import Worksheet

from rest_compat.export.content import Cell, Cells, Chart, Part
from rest_compat.export.xlsx.limits import text_of
from rest_compat.export.xlsx.table import DURATION, SECONDS_A_DAY, Looks, number_format

MAX_SIDE: Final = 500
"""More labels than that nobody sees as a picture: the table has all."""


class Grid:
    """The values of a heatmap, gathered while its table is written."""

    def __init__(self, part: Part, chart: Chart) -> None:
        keys = [column.key for column in part.columns]
        self.down, self.across = (keys.index(key) for key in chart.labels)
        self.value = keys.index(chart.values[0])
        self.column = part.columns[self.value]
        self.head = f"{part.columns[self.down].label} / {part.columns[self.across].label}"
        self.rows: dict[Cell, int] = {}
        self.columns: dict[Cell, int] = {}
        self.cells: dict[tuple[int, int], Cell] = {}
        self.too_large = False

    def add(self, batch: Sequence[Cells]) -> None:
        """Takes some more rows of the table."""
        for cells in () if self.too_large else batch:
            row = self.rows.setdefault(cells[self.down], len(self.rows) + 1)
            column = self.columns.setdefault(cells[self.across], len(self.columns) + 1)
            self.cells[row, column] = cells[self.value]
            self.too_large = max(len(self.rows), len(self.columns)) > MAX_SIDE

    def write(self, sheet: Worksheet, looks: Looks) -> None:
        """Fills a sheet."""
        if self.too_large:
            sheet.write_string(0, 0, f"More than {MAX_SIDE} rows or columns: the table has all of them.")
            return
        shown = number_format(self.column)
        look = looks.of_number(shown)
        sheet.write_string(0, 0, self.head, looks.heading())
        for label, place in self.columns.items():
            sheet.write_string(0, place, _label(label), looks.heading())
        for label, row in self.rows.items():
            sheet.write_string(row, 0, _label(label), looks.heading())
            for place in self.columns.values():
                value = self.cells.get((row, place))
                if isinstance(value, str):
                    sheet.write_string(row, place, value)
                elif value is not None:
                    sheet.write_number(row, place, value / SECONDS_A_DAY if shown == DURATION else value, look)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 24)
        if self.cells:
            scale = {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#0072B2"}
            sheet.conditional_format(1, 1, len(self.rows), len(self.columns), scale)


def _label(cell: Cell) -> str:
    return "(none)" if cell is None else text_of(str(cell))
