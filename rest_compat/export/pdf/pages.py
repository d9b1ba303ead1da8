"""From a content whose rows have been read to the data that the template sets. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from rest_compat.export.content import Content
from rest_compat.export.pdf import measures
from rest_compat.export.pdf.cards import cards_of
from rest_compat.export.pdf.charts import charts_of
from rest_compat.export.pdf.figures import Figures
from rest_compat.export.pdf.fonts import Glyphs, families
from rest_compat.export.pdf.front import front_of
from rest_compat.export.pdf.layout import Shape
from rest_compat.export.pdf.tables import Filled, Setter, Table

Data = dict[str, Any]
_SHORT: Final = 14
"""A part of at most so many lines is kept on one page."""
_BESIDE_EM: Final = 26.0
"""A table as narrow as this stands beside its chart."""


@dataclass(frozen=True)
class Section:
    """A part with its tables and charts."""

    title: str
    tables: Sequence[Table]
    charts: Sequence[Data]
    cards: Sequence[Data]
    notes: Sequence[str]

    @property
    def rows(self) -> int:
        """How many lines its tables have."""
        return sum(table.rows for table in self.tables)


def section_of(filled: Filled, setter: Setter) -> Section:
    """A part as it is shown."""
    charts, notes = charts_of(filled, setter.figures, setter.glyphs)
    tables, more = _tables(filled, setter) if filled.rows else ([], [])
    cards = cards_of(filled, setter.figures)
    return Section(filled.part.title, tables, charts, cards, [*notes, *more, *(n for t in tables for n in t.notes)])


def data_of(content: Content, sections: Sequence[Section], figures: Figures, glyphs: Glyphs) -> Data:
    """All that the template needs. The pages lie down where a table is wide."""
    least = max((table.least_em for section in sections for table in section.tables), default=0.0)
    is_wide = least > measures.PORTRAIT_EM
    room_em = measures.LANDSCAPE_EM if is_wide else measures.PORTRAIT_EM
    data = {
        **front_of(content, figures, glyphs),
        "families": families(figures.locale),
        "wide": is_wide,
        "parts": [_part(section, content.title, glyphs, room_em) for section in sections],
        "definitions": [
            {"label": one.label, "unit": one.unit, "text": one.text.replace("`", "")} for one in content.definitions
        ],
    }
    return {name: _shown(value, glyphs) for name, value in data.items()}


def _tables(filled: Filled, setter: Setter) -> tuple[list[Table], list[str]]:
    layout = filled.layout
    if layout.shape is Shape.TURNED:
        return [setter.turned(filled)], []
    if layout.grid is None:
        return [setter.table(filled)], []
    grid = setter.grid(filled, is_tinted=layout.shape is Shape.HEAT)
    if grid is None:
        told = ["A grid of all values is wider than a page."] if layout.shape is Shape.HEAT else []
        return [setter.table(filled)], told
    told_by_grid = set(layout.grid)
    rows = setter.table(filled)
    further = [
        line
        for line in rows.lines
        if line.heading not in {filled.heading(c) for c in filled.part.columns if c.key in told_by_grid}
    ]
    return ([grid, rows] if further else [grid]), []


def _part(section: Section, title: str, glyphs: Glyphs, room_em: float) -> Data:
    beside = (
        len(section.tables) == len(section.charts) == 1
        and section.tables[0].rows <= _SHORT
        and section.tables[0].wanted_em <= _BESIDE_EM
    )
    return {
        "title": None if section.title == title else section.title,
        "tables": [table.as_json(glyphs, room_em) for table in section.tables],
        "charts": list(section.charts),
        "cards": list(section.cards),
        "notes": list(section.notes),
        "beside": beside,
        "short": section.rows <= _SHORT,
    }


def _shown(value: Any, glyphs: Glyphs) -> Any:
    """The same, with every text as the fonts can show it."""
    if isinstance(value, str):
        return glyphs.shown(value)
    if isinstance(value, list | tuple):
        return [_shown(one, glyphs) for one in value]
    if isinstance(value, dict):
        return {name: _shown(one, glyphs) for name, one in value.items()}
    return value
