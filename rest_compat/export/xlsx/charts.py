"""A part's chart: native, of the cells of its sheet."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from rest_compat.export.content import Chart, ChartKind, Column, Kind
from rest_compat.export.xlsx.table import A4, Table, heading, number_format

NAME: Final = "Charts"
MAX_BARS: Final = 30
MAX_POINTS: Final = 32_000
"""That a line of Excel can have."""
_COLOURS: Final = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")
_WIDTH, _HEIGHT = 760, 380
_COLUMNS_A_CHART, _ROWS_A_CHART, _CHARTS_A_ROW = 12, 20, 2


def draw(workbook: Workbook, sheet: Worksheet, tables: list[Table]) -> None:
    """Fills the sheet of charts: those of tables that have rows, two beside each other."""
    drawn = [(table, chart) for table in tables if table.rows and (chart := native(table.part.chart))]
    for place, (table, chart) in enumerate(drawn):
        below, beside = divmod(place, _CHARTS_A_ROW)
        made = _of_lines(workbook, table, chart) if chart.kind is ChartKind.LINES else _of_bars(workbook, table, chart)
        made.set_size({"width": _WIDTH, "height": _HEIGHT})
        sheet.insert_chart(below * _ROWS_A_CHART, beside * _COLUMNS_A_CHART, made)
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    if not drawn:
        sheet.write_string(0, 0, "Nothing to draw: no part with a chart has rows.")


def native(chart: Chart | None) -> Chart | None:
    """A chart, where Excel has one of its kind; a heatmap is cells."""
    return chart if chart is not None and chart.kind is not ChartKind.HEATMAP else None


def _of_lines(workbook: Workbook, table: Table, chart: Chart) -> Any:
    made = workbook.add_chart({"type": "line"})
    points = min(table.rows, MAX_POINTS)
    for place, series in enumerate(_series(table, chart, points)):
        colour = _COLOURS[place % len(_COLOURS)]
        made.add_series({**series, "line": {"color": colour, "width": 2}})
    first = _column(table, chart.labels[0])
    axis: dict[str, Any] = {"num_format": "yyyy-mm-dd hh:mm" if first.key in table.with_times else "yyyy-mm-dd"}
    if first.kind is Kind.INSTANT:
        axis["text_axis" if first.key in table.with_times else "date_axis"] = True
    made.set_x_axis(axis)
    made.set_y_axis(_value_axis(table, chart))
    _dress(made, table, chart, points)
    return made


def _of_bars(workbook: Workbook, table: Table, chart: Chart) -> Any:
    """Lying bars for names, which need room, standing ones for what has an order."""
    label = _column(table, chart.labels[0])
    lying = label.kind is Kind.TEXT
    made = workbook.add_chart({"type": "bar" if lying else "column"})
    points = min(table.rows, MAX_BARS)
    for place, series in enumerate(_series(table, chart, points)):
        made.add_series({**series, "fill": {"color": _COLOURS[place % len(_COLOURS)]}, "gap": 40})
    if lying:
        made.set_y_axis({"reverse": True})  # Excel would draw the first at the bottom
        made.set_x_axis({**_value_axis(table, chart), "label_position": "high"})
    else:
        made.set_x_axis({"num_format": number_format(label), "name": heading(label, table.zone)})
        made.set_y_axis(_value_axis(table, chart))
    _dress(made, table, chart, points)
    return made


def _series(table: Table, chart: Chart, points: int) -> list[dict[str, Any]]:
    name, keys = table.sheet.get_name(), [column.key for column in table.part.columns]
    label = keys.index(chart.labels[0])
    found: list[dict[str, Any]] = []
    for key in chart.values:
        place = keys.index(key)
        found.append(
            {
                "name": [name, 0, place],
                "categories": [name, 1, label, points, label],
                "values": [name, 1, place, points, place],
            }
        )
    return found


def _value_axis(table: Table, chart: Chart) -> dict[str, Any]:
    grid = {"visible": True, "line": {"color": "#D9D9D9"}}
    return {"num_format": number_format(_column(table, chart.values[0])), "major_gridlines": grid}


def _dress(made: Any, table: Table, chart: Chart, points: int) -> None:
    shown = "" if points == table.rows else f" (the first {points:,} of {table.rows:,} rows)"
    made.set_title({"name": f"{table.part.title}{shown}", "name_font": {"size": 13}, "overlay": False})
    made.set_legend({"none": True} if len(chart.values) == 1 else {"position": "bottom"})


def _column(table: Table, key: str) -> Column:
    return next(column for column in table.part.columns if column.key == key)
