"""A part's rows as a table on paper: cells as people read them, the columns that have room, what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from rest_compat.export.content import Cell, Cells, Column, Kind, Part
from rest_compat.export.pdf import measures
from rest_compat.export.pdf.changes import tone
from rest_compat.export.pdf.figures import Figures
from rest_compat.export.pdf.fonts import Glyphs
from rest_compat.export.pdf.layout import Layout, worth
from rest_compat.export.pdf.measures import Width
from schema.public import METRICS

UNSET: Final = "(none)"
_NAMED: Final = "the name stands for it"
_NUMBERS: Final = (Kind.WHOLE, Kind.NUMBER)
GUTTER_EM: Final = 4.0
"""Between a table and the same table going on beside it."""
_MANY: Final = 24
_LONG_CELL: Final = 600
"""A text of more characters may break over pages."""


@dataclass(frozen=True)
class Filled:
    """A part whose rows have been read."""

    part: Part
    rows: Sequence[Cells]
    layout: Layout

    def column(self, key: str) -> Sequence[Cell]:
        """The cells of a column."""
        place = [one.key for one in self.part.columns].index(key)
        return [row[place] for row in self.rows]

    def word(self, column: Column, cell: Cell) -> str | None:
        """What stands for a cell whatever the reader's locale: a word of the layout, or that a label is unset."""
        is_label = self.part.chart is not None and column.key in self.part.chart.labels and column.kind is Kind.TEXT
        return UNSET if cell is None and is_label else self.layout.texts.get(str(cell))

    def heading(self, column: Column) -> str:
        """A column's heading on paper."""
        return self.layout.labels.get(column.key, column.label)


@dataclass(frozen=True)
class Line:
    """A column of a table as it is set."""

    heading: str
    width: Width
    texts: Sequence[str]
    is_number: bool
    tones: Sequence[str | None] | None = None
    tints: Sequence[float] | None = None
    """How strongly each cell is tinted, from 0 to 1."""


@dataclass(frozen=True)
class Table:
    """A table whose columns are chosen, before it is known how wide the pages are."""

    lines: Sequence[Line]
    notes: Sequence[str] = ()
    is_even: bool = False
    """Whether its columns but the first are as wide as each other."""

    @property
    def least_em(self) -> float:
        """How narrow it can be."""
        return measures.total_em([line.width.least_em for line in self.lines])

    @property
    def wanted_em(self) -> float:
        """How wide it is where there is room."""
        return measures.total_em([line.width.wanted_em for line in self.lines])

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.lines[0].texts)

    def as_json(self, glyphs: Glyphs, room_em: float) -> dict[str, Any]:
        """What the template sets."""
        widths = measures.shared_em([line.width for line in self.lines], room_em)
        if self.is_even:
            widths = _evened(widths, room_em)
        columns = [
            [measures.breakable(glyphs, text, width) for text in line.texts]
            for line, width in zip(self.lines, widths, strict=True)
        ]
        marks = [
            {"x": x, "y": y, "tone": tone} | ({"tint": line.tints[y]} if line.tints else {})
            for x, line in enumerate(self.lines)
            if line.tones or line.tints
            for y, tone in enumerate(line.tones or [None] * len(line.texts))
        ]
        return {
            **_headings([line.heading for line in self.lines]),
            "widths": [round(width, 2) for width in widths],
            "numbers": [line.is_number for line in self.lines],
            "rows": [list(row) for row in zip(*columns, strict=True)],
            "marks": marks,
            "whole": all(len(text) < _LONG_CELL for column in columns for text in column),
            "across": _across(measures.total_em(widths), room_em, self.rows),
        }


def _evened(widths: Sequence[float], room_em: float) -> list[float]:
    """The first column as it is and the others as wide as the widest, where there is room for it."""
    even = [widths[0], *([max(widths[1:])] * (len(widths) - 1))]
    return even if measures.total_em(even) <= room_em else list(widths)


def _across(width_em: float, room_em: float, rows: int) -> int:
    """How many times a long narrow table stands beside itself."""
    beside = int((room_em + GUTTER_EM) / (width_em + GUTTER_EM))
    return max(1, min(beside, rows // _MANY + 1, 4))


def _headings(labels: Sequence[str]) -> dict[str, Any]:
    """The headings, and above them what neighbours have in common: `Response time` over `mean` and `median`."""
    above = [
        label if any(one.startswith(f"{label}, ") for one in labels) else label.rpartition(", ")[0] or label
        for label in labels
    ]
    groups = [(name, len(list(found))) for name, found in groupby(above)]
    if all(size == 1 for _, size in groups):
        return {"headings": list(labels), "groups": None}
    sizes = [size for _, size in groups for _ in range(size)]
    headings = [
        label if size == 1 else label[len(name) + 2 :] or "value"
        for label, name, size in zip(labels, above, sizes, strict=True)
    ]
    return {"headings": headings, "groups": [{"text": name if n > 1 else "", "span": n} for name, n in groups]}


@dataclass(frozen=True)
class Setter:
    """Turns parts into tables."""

    figures: Figures
    glyphs: Glyphs

    def table(self, filled: Filled) -> Table:
        """A line a row: the columns that say something and have room, and notes of the others."""
        silent = _silent(filled)
        shown = [one for one in filled.part.columns if one.key not in silent]
        lines = {column.key: self._line(filled, column) for column in shown}
        kept: list[Column] = []
        for column in worth(filled.layout, shown):
            widths = [lines[one.key].width.least_em for one in (*kept, column)]
            if measures.total_em(widths) <= measures.LANDSCAPE_EM:
                kept.append(column)
        left = [one for one in shown if one not in kept]
        chosen = [lines[one.key] for one in shown if one in kept]
        return Table(chosen, _notes(filled, left, silent))

    def turned(self, filled: Filled) -> Table:
        """A column a row: for few rows with many columns."""
        part, silent = filled.part, {*_silent(filled), "label"}
        shown = [one for one in part.columns if one.key not in silent]
        names = [filled.heading(one) for one in shown]
        first = Line("", measures.width_of(self.glyphs, "", names, wraps=True), names, is_number=False)
        units = _units(part)
        lines = [first]
        for row in filled.rows:
            cells = dict(zip((one.key for one in part.columns), row, strict=True))
            texts = [self.figures.cell(one, cells[one.key], _unit(units, one, cells)) for one in shown]
            heading = str(cells["label"])
            width = measures.width_of(self.glyphs, heading, texts, wraps=True)
            tones = [
                tone(str(cells["metric"]), cells["change"], cells["count"]) if one.key == "change" else None
                for one in shown
            ]
            lines.append(Line(heading, width, texts, is_number=True, tones=tones))
        return Table(lines, is_even=True)

    def grid(self, filled: Filled, *, is_tinted: bool) -> Table | None:
        """A line a value of one column, a column a value of another; None where a page has no room for it."""
        assert filled.layout.grid
        (line_key, column_key, number_key), part = filled.layout.grid, filled.part
        by_key = {one.key: one for one in part.columns}
        keys = list(zip(filled.column(line_key), filled.column(column_key), strict=True))
        found = dict(zip(keys, filled.column(number_key), strict=True))
        if len(found) < len(keys):
            return None
        down, across = (_ordered([key[n] for key in keys]) for n in (0, 1))
        number, most = by_key[number_key], max((v for v in found.values() if isinstance(v, int | float)), default=0)
        labels = [filled.word(by_key[line_key], one) or self._text(by_key[line_key], one) for one in down]
        wraps = by_key[line_key].kind is Kind.TEXT
        width = measures.width_of(self.glyphs, filled.heading(by_key[line_key]), labels, wraps=wraps)
        lines = [Line(filled.heading(by_key[line_key]), width, labels, is_number=False)]
        for one in across:
            cells = [found.get((line, one)) for line in down]
            texts = [self._text(number, cell) for cell in cells]
            heading = filled.word(by_key[column_key], one) or self._text(by_key[column_key], one)
            width = measures.width_of(self.glyphs, heading, texts, wraps=False)
            tints = [_tint(cell, most) for cell in cells] if is_tinted else None
            lines.append(Line(heading, width, texts, is_number=True, tints=tints))
        table = Table(lines, is_even=True)
        return table if table.least_em <= measures.LANDSCAPE_EM else None

    def _line(self, filled: Filled, column: Column) -> Line:
        units, cells = _units(filled.part), filled.column(column.key)
        beside = filled.column(column.unit_key) if column.unit_key in units else [None] * len(cells)
        texts = [
            filled.word(column, cell) or self._text(column, cell, unit)
            for cell, unit in zip(cells, beside, strict=True)
        ]
        is_number = column.kind in _NUMBERS
        width = measures.width_of(self.glyphs, filled.heading(column), texts, wraps=column.kind is Kind.TEXT)
        return Line(filled.heading(column), width, texts, is_number, _tones(filled, column))

    def _text(self, column: Column, cell: Cell, unit: Cell = None) -> str:
        return self.figures.cell(column, cell, unit if isinstance(unit, str) else None)


def _units(part: Part) -> frozenset[str]:
    return frozenset(one.unit_key for one in part.columns if one.unit_key)


def _unit(units: frozenset[str], column: Column, cells: dict[str, Cell]) -> str | None:
    return str(cells[column.unit_key]) if column.unit_key in units else None


def _tint(cell: Cell, most: float) -> float:
    return round(cell / most, 3) if isinstance(cell, int | float) and most > 0 and cell > 0 else 0.0


def _tones(filled: Filled, column: Column) -> Sequence[str | None] | None:
    metric, _, number = column.key.partition(".")
    if number != "change" or metric not in METRICS:
        return None
    counted = f"{metric}.count"
    has_count = any(one.key == counted for one in filled.part.columns)
    counts = filled.column(counted if has_count else metric)
    return [tone(metric, change, count) for change, count in zip(filled.column(column.key), counts, strict=True)]


_WEEK: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _ordered(values: Sequence[Cell]) -> list[Cell]:
    """Each once: numbers, instants and days of the week in their order, names as they come."""
    found = list(dict.fromkeys(values))
    if all(value in _WEEK for value in found):
        return sorted(found, key=lambda one: _WEEK.index(str(one)))
    if all(isinstance(value, int | float) for value in found):
        return sorted(found, key=lambda one: float(one or 0))
    if all(isinstance(value, str) and re.fullmatch(r"\d[\d:.+TZ-]*", value) for value in found):
        return sorted(found, key=str)
    return found


def _silent(filled: Filled) -> dict[str, str]:
    """The columns that say nothing on paper, by key, with why."""
    keys = [one.key for one in filled.part.columns]
    silent = dict.fromkeys(filled.layout.never, _NAMED)
    for column in filled.part.columns:
        if column.key.endswith("Id") and f"{column.key[:-2]}Name" in keys:
            silent[column.key] = _NAMED
        elif filled.rows and all(cell is None for cell in filled.column(column.key)):
            silent[column.key] = "empty in every row"
        elif column.kind is Kind.TRUTH and len(said := set(filled.column(column.key))) == 1:
            silent[column.key] = f"{'yes' if said.pop() else 'no'} in every row"
    return silent


def _notes(filled: Filled, left: Sequence[Column], silent: dict[str, str]) -> list[str]:
    """What is left out and why, so that nobody takes it for all there is."""
    whys = {**silent, **{one.key: "no room on the page" for one in left}}
    grouped: dict[str, list[str]] = {}
    for column in filled.part.columns:
        if column.key in whys:
            grouped.setdefault(whys[column.key], []).append(filled.heading(column))
    told = "; ".join(f"{', '.join(labels)} ({why})" for why, labels in grouped.items())
    return [f"Left out: {told}. The other formats have every column."] if told else []
