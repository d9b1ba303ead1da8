"""The first sheet: what the numbers are of, which sheets there are, and what the numbers mean."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from rest_compat.export.content import Content
from rest_compat.export.xlsx.limits import text_of
from rest_compat.export.xlsx.table import A4

NAME = "Cover"
_BOLD = 1.15
"""How wide a bold character is, in characters."""
_WIDEST = 60.0
Line = tuple[str, str]


def write_cover(workbook: Workbook, sheet: Worksheet, content: Content, sheets: Sequence[tuple[str, int]]) -> None:
    """Fills the cover; `sheets` are the other sheets' names, and how many rows they have."""
    title = workbook.add_format({"bold": True, "font_size": 18})
    section = workbook.add_format({"bold": True, "font_size": 12, "bottom": 1})
    label = workbook.add_format({"bold": True, "valign": "top"})
    text = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.hide_gridlines(2)
    named = max(len(left) for _, lines in _sections(content, sheets) for left, _ in lines)
    sheet.set_column(0, 0, min(max(28, named * _BOLD), _WIDEST))
    sheet.set_column(1, 1, 100)
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, text_of(content.title), title)
    row = 2
    for name, lines in _sections(content, sheets):
        if name:
            sheet.write_string(row, 0, name, section)
            sheet.write_string(row, 1, "", section)
            row += 1
        for left, right in lines:
            sheet.write_string(row, 0, text_of(left), label)
            sheet.write_string(row, 1, text_of(right), text)
            row += 1
        row += 1


def _sections(content: Content, sheets: Sequence[tuple[str, int]]) -> Iterable[tuple[str, Sequence[Line]]]:
    yield "", content.cover
    yield "Sheets", [(name, _rows(count)) for name, count in sheets]
    yield "Definitions", [(f"{one.label} ({one.unit})", one.text) for one in content.definitions]


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows" if count else "no rows"
