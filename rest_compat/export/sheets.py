"""Every report as tables of their own, for formats that have several: which rows and columns of the flat table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rest_compat.export.content import Chart, ChartKind, Column, Part, Row, batches_of
from rest_compat.export.tables import TABLES
from rest_compat.reshape import Json
from rest_compat.stored import ReportName

Rows = Callable[[], Iterator[Row]]


@dataclass(frozen=True)
class Sheet:
    """A part of a report: the rows of some sections (of all, where none are named), and the columns that they fill."""

    key: str
    title: str
    columns: tuple[str, ...]
    sections: frozenset[str] = frozenset()
    kind: str | None = None
    """The `key` that its rows have, where a section has several kinds of rows."""
    chart: Chart | None = None

    def holds(self, row: Row) -> bool:
        """Whether a row of the flat table is one of it."""
        return (not self.sections or row["section"] in self.sections) and self.kind in (None, row.get("key"))

    def rows_of(self, rows: Rows) -> Rows:
        """Its own of all rows."""
        return lambda: (row for row in rows() if self.holds(row))


def _sheet(
    key: str, title: str, columns: str, sections: str = "", kind: str | None = None, chart: Chart | None = None
) -> Sheet:
    return Sheet(key, title, tuple(columns.split()), frozenset(sections.split()), kind, chart)


def _chart(kind: ChartKind, labels: str, values: str) -> Chart:
    return Chart(kind, tuple(labels.split()), tuple(values.split()))


def _spread(section: str, title: str) -> tuple[Sheet, ...]:
    return (
        _sheet(
            f"{section}_buckets",
            title,
            "from to count share",
            section,
            "bucket",
            _chart(ChartKind.BARS, "from to", "count"),
        ),
        _sheet(f"{section}_numbers", f"{title}: mean and percentiles", "count mean median p90 p95", section, "all"),
    )


def _every(report: ReportName) -> str:
    return " ".join(column.key for column in TABLES[report].columns)


_BARS, _LINES = ChartKind.BARS, ChartKind.LINES
SHEETS: Final[Mapping[ReportName, tuple[Sheet, ...]]] = {
    ReportName.SUMMARY: (_sheet("summary", "Key metrics", _every(ReportName.SUMMARY)),),
    ReportName.PERFORMANCE: (
        _sheet("status", "By status", "label count share", "status", chart=_chart(_BARS, "label", "count")),
        _sheet("category", "By category", "key label count share", "category", chart=_chart(_BARS, "label", "count")),
        *_spread("response_time", "Response time"),
        *_spread("resolution_time", "Resolution time"),
    ),
    ReportName.AGENTS: (
        _sheet("agents", "Agents", _every(ReportName.AGENTS), chart=_chart(_BARS, "agentName", "ticketsResolved")),
    ),
    ReportName.TRENDS: (
        _sheet(
            "volume",
            "Volume",
            "start created resolved reopened open isPartial",
            "volume",
            chart=_chart(_LINES, "start", "created resolved open"),
        ),
        _sheet(
            "category_total",
            "By category",
            "categoryId categoryName created share previous previousShare change",
            "category_total",
            chart=_chart(_BARS, "categoryName", "created"),
        ),
        _sheet(
            "movers",
            "Fastest movers",
            "section categoryId categoryName created previous difference change",
            "riser faller",
        ),
        _sheet("category", "Categories over time", "start categoryId categoryName created", "category"),
        _sheet(
            "weekday_hour",
            "Weekday by hour",
            "weekday hour created",
            "weekday_hour",
            chart=_chart(ChartKind.HEATMAP, "weekday hour", "created"),
        ),
        _sheet("weekday_index", "Weekdays", "weekday index", "weekday_index", chart=_chart(_BARS, "weekday", "index")),
        _sheet("month_index", "Months", "month index", "month_index", chart=_chart(_BARS, "month", "index")),
        _sheet(
            "decomposition",
            "Decomposition",
            "start trend seasonal remainder",
            "decomposition",
            chart=_chart(_LINES, "start", "trend seasonal remainder"),
        ),
        _sheet(
            "forecast",
            "Forecast",
            "start expected low high low95 high95",
            "forecast",
            chart=_chart(_LINES, "start", "expected low high"),
        ),
        _sheet("anomaly", "Anomalies", "start actual expected score", "anomaly"),
        _sheet(
            "unknown",
            "What is not known",
            "section reason",
            "no_weekday no_month no_decomposition no_forecast no_anomalies",
        ),
    ),
}
"""In the order in which they are shown."""


def flat(report: ReportName, title: str, answer: Json) -> Part:
    """An answer as one flat table."""
    table = TABLES[report]
    return Part(report.value, title, table.columns, batches_of(table.columns, lambda: table.rows(answer)))


def parts(report: ReportName, answer: Json) -> tuple[Part, ...]:
    """An answer as its parts; those without a row are left out, unless all would be."""
    table = TABLES[report]
    found = [(sheet, sheet.rows_of(lambda: table.rows(answer))) for sheet in SHEETS[report]]
    filled = [(sheet, rows) for sheet, rows in found if any(True for _ in rows())] or found[:1]
    return tuple(_part(sheet, table.columns_of(sheet.columns), rows) for sheet, rows in filled)


def _part(sheet: Sheet, columns: tuple[Column, ...], rows: Rows) -> Part:
    return Part(sheet.key, sheet.title, columns, batches_of(columns, rows), sheet.chart)
