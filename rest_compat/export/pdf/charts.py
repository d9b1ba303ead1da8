"""A part's chart as shapes: places between 0 and 1, texts, colours by number. The template only draws them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeGuard

from rest_compat.export.content import Cell, Chart, ChartKind, Column, Kind
from rest_compat.export.pdf.axes import Axis, axis_of, days_label
from rest_compat.export.pdf.figures import Figures
from rest_compat.export.pdf.fonts import Glyphs
from rest_compat.export.pdf.measures import breakable
from rest_compat.export.pdf.tables import Filled

Shapes = dict[str, Any]
_LABEL_EM: Final = 23.0
MOST_BARS: Final = 15
MOST_UPRIGHT: Final = 16
_MOST_LINES: Final = 7
_DAY_LABELS: Final = 7
_NEAR: Final = 5.0
"""Lines whose largest values differ by a larger factor have a chart each."""
_BAND: Final = ("low", "high")


def charts_of(filled: Filled, figures: Figures, glyphs: Glyphs) -> tuple[list[Shapes], list[str]]:
    """The charts of a part, and notes of what they leave out."""
    chart = filled.part.chart
    if chart is None or chart.kind is ChartKind.HEATMAP or not filled.rows:
        return [], []
    drawn = _Drawn(filled, chart, figures, glyphs)
    if not any(_is_number(cell) for key in chart.values for cell in filled.column(key)):
        return [], []
    return (drawn.lines() if chart.kind is ChartKind.LINES else drawn.bars()), drawn.notes()


@dataclass(frozen=True)
class _Drawn:
    filled: Filled
    chart: Chart
    figures: Figures
    glyphs: Glyphs

    def notes(self) -> list[str]:
        """What is not drawn."""
        rows, most = len(self.filled.rows), self._most_bars
        if self.chart.kind is ChartKind.LINES or rows <= most:
            return []
        return [f"Drawn: the first {most} of {self.figures.count(rows)} rows."]

    def bars(self) -> list[Shapes]:
        """Bars, lying or, where they have an order of their own, standing."""
        values = self.chart.values
        shown = len(self.filled.rows) if len(self.filled.rows) <= self._most_bars else self._most_bars
        columns = {key: self.filled.column(key)[:shown] for key in values}
        labels = list(self._labels())[:shown]
        first = self._column(values[0])
        axis = self._axis([cell for cells in columns.values() for cell in cells], first)
        rows = [
            {
                "label": breakable(self.glyphs, label, _LABEL_EM),
                "bars": [
                    {
                        "text": self._text(self._column(key), columns[key][n]),
                        "to": axis.place(cell) if _is_number(cell := columns[key][n]) else None,
                    }
                    for key in values
                ],
            }
            for n, label in enumerate(labels)
        ]
        kind = "columns" if self.filled.layout.upright else "bars"
        return [
            {
                "kind": kind,
                "label_em": max((self.glyphs.width_em(label) for label in labels), default=0.0),
                "alt": self._alt(values),
                "zero": axis.place(max(axis.low, 0.0)),
                "rows": rows,
                "ticks": self._ticks(axis, first),
                "legend": self._legend(values),
            }
        ]

    def lines(self) -> list[Shapes]:
        """Lines over time; those of another size apart."""
        values = [key for key in self.chart.values if key not in _BAND]
        return [self._panel(keys) for keys in self._alike(values)]

    def _panel(self, keys: Sequence[str]) -> Shapes:
        at = [datetime.fromisoformat(str(cell)).timestamp() for cell in self.filled.column(self.chart.labels[0])]
        order = sorted(range(len(at)), key=at.__getitem__)
        columns = {key: self.filled.column(key) for key in keys}
        band: dict[str, Sequence[Cell]] = {key: self.filled.column(key) for key in _BAND if key in self.chart.values}
        column = self._column(keys[0])
        axis = self._axis(
            [cell for cells in (*columns.values(), *band.values()) for cell in cells],
            column,
            from_zero=not self.filled.layout.apart,
        )
        first, last = at[order[0]], at[order[-1]]
        places = {n: round((at[n] - first) / (last - first), 5) if last > first else 0.5 for n in order}
        colours = {key: n for n, key in enumerate(key for key in self.chart.values if key not in _BAND)}
        return {
            "kind": "lines",
            "alt": self._alt(keys),
            "zero": axis.place(max(axis.low, 0.0)),
            "ticks": self._ticks(axis, column),
            "days": self._days(order, places),
            "band": _band(order, places, band, axis),
            "series": [
                {
                    "label": self._column(key).label,
                    "colour": colours[key],
                    "pieces": self._pieces(order, places, cells, axis),
                }
                for key, cells in columns.items()
            ],
        }

    def _pieces(self, order: Sequence[int], places: Mapping[int, float], cells: Sequence[Cell], axis: Axis) -> Any:
        """The line in pieces between gaps; what leads to a bucket that still runs is a piece of its own, dashed."""
        runs: list[list[tuple[float, float]]] = [[]]
        dashed: list[list[tuple[float, float]]] = []
        for n in order:
            if not _is_number(value := cells[n]):
                runs.append([])
                continue
            point = (places[n], axis.place(value))
            if self._runs_still(n) and runs[-1]:
                dashed.append([runs[-1][-1], point])
            else:
                runs[-1].append(point)
        return [{"points": run, "dashed": False} for run in runs if run] + [
            {"points": run, "dashed": True} for run in dashed
        ]

    def _runs_still(self, row: int) -> bool:
        keys = [one.key for one in self.filled.part.columns]
        return "isPartial" in keys and self.filled.rows[row][keys.index("isPartial")] is True

    def _days(self, order: Sequence[int], places: Mapping[int, float]) -> list[Shapes]:
        cells = self.filled.column(self.chart.labels[0])
        instants = {n: datetime.fromisoformat(str(cells[n])) for n in order}
        label = days_label(self.figures, instants[order[0]], instants[order[-1]])
        step = max(1, -(-(len(order) - 1) // (_DAY_LABELS - 1)))
        return [{"at": places[n], "text": label(instants[n])} for n in order[::step]]

    def _alike(self, keys: Sequence[str]) -> list[list[str]]:
        """The keys in groups whose sizes are near each other, the largest group at most of so many lines."""
        keys = list(keys)[:_MOST_LINES]
        if self.filled.layout.apart:
            return [[key] for key in keys]
        most = {key: max((abs(v) for v in self.filled.column(key) if _is_number(v)), default=0.0) for key in keys}
        groups: list[list[str]] = []
        for key in sorted(keys, key=lambda one: -most[one]):
            if groups and most[groups[-1][0]] <= _NEAR * max(most[key], 1e-9):
                groups[-1].append(key)
            else:
                groups.append([key])
        ordered = [sorted(group, key=keys.index) for group in groups]
        return sorted(ordered, key=lambda group: keys.index(group[0]))

    def _labels(self) -> Iterator[str]:
        columns = [self._column(key) for key in self.chart.labels]
        for cells in zip(*(self.filled.column(key) for key in self.chart.labels), strict=True):
            texts = [self._text(column, cell) for column, cell in zip(columns, cells, strict=True)]
            if self.chart.labels == ("from", "to"):
                yield f"{texts[0]} or more" if cells[1] is None else f"{texts[0]} \N{EN DASH} {texts[1]}"
            else:
                yield ", ".join(texts)

    def _ticks(self, axis: Axis, column: Column) -> list[Shapes]:
        write = self.figures.edge if column.unit == "seconds" else self.figures.written(column)
        if column.unit is None and column.kind is Kind.NUMBER and all(tick == round(tick) for tick in axis.ticks):
            write = self.figures.count
        return [{"at": axis.place(tick), "text": write(tick)} for tick in axis.ticks]

    def _axis(self, cells: Sequence[Cell], column: Column, *, from_zero: bool = True) -> Axis:
        numbers = [v for v in cells if _is_number(v)]
        least = [0.0] if from_zero else []
        return axis_of([*numbers, *least], column.unit, is_whole=column.kind is Kind.WHOLE)

    def _legend(self, keys: Sequence[str]) -> list[str]:
        return [self._column(key).label for key in keys] if len(keys) > 1 else []

    def _alt(self, keys: Sequence[str]) -> str:
        what = " and ".join(self._column(key).label for key in keys)
        kind = "Lines" if self.chart.kind is ChartKind.LINES else "Bars"
        return f"{kind} of {self.filled.part.title}: {what}. The table after it has the numbers."

    def _text(self, column: Column, cell: Cell) -> str:
        return self.filled.word(column, cell) or self.figures.cell(column, cell)

    def _column(self, key: str) -> Column:
        return next(one for one in self.filled.part.columns if one.key == key)

    @property
    def _most_bars(self) -> int:
        return MOST_UPRIGHT if self.filled.layout.upright else MOST_BARS


def _band(
    order: Sequence[int], places: Mapping[int, float], band: Mapping[str, Sequence[Cell]], axis: Axis
) -> list[tuple[float, float]]:
    """The outline between low and high, where both are drawn."""
    if len(band) < len(_BAND):
        return []
    low, high = ([(places[n], axis.place(v)) for n in order if _is_number(v := band[key][n])] for key in _BAND)
    return [*high, *reversed(low)]


def _is_number(cell: Cell) -> TypeGuard[int | float]:
    """Whether a cell is a number. (A truth is none.)"""
    return isinstance(cell, int | float) and not isinstance(cell, bool)
