"""How the parts of reports lie on paper, where that is not plain from their columns: one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from rest_compat.export.content import ChartKind, Column, Part

_NO_TEXTS: Final[Mapping[str, str]] = {}


class Shape(Enum):
    """How a part's rows become a table."""

    ROWS = "a line a row"
    TURNED = "a column a row"
    GRID = "a line a value of the first column, a column a value of the second"
    HEAT = "a grid whose cells are tinted by their number"


@dataclass(frozen=True)
class Layout:
    """How a part lies on paper."""

    shape: Shape = Shape.ROWS
    first: tuple[str, ...] = ()
    """The columns that matter most, by key: where not all fit, these are kept."""
    never: tuple[str, ...] = ()
    """Columns that say nothing on paper."""
    grid: tuple[str, str, str] | None = None
    """Of a grid: the keys of its lines, of its columns and of its numbers."""
    labels: Mapping[str, str] = field(default_factory=lambda: _NO_TEXTS)
    """Other headings, by key."""
    texts: Mapping[str, str] = field(default_factory=lambda: _NO_TEXTS)
    """Other words for cells."""
    upright: bool = False
    """Whether bars stand: they have an order of their own."""
    apart: bool = False
    """Whether every line has a chart of its own."""


_UPRIGHT: Final = Layout(upright=True)
_SPREAD: Final = Layout(upright=True, labels={"from": "From", "to": "Below"})
_LAYOUTS: Final[Mapping[str, Layout]] = {
    "summary": Layout(Shape.TURNED, never=("metric", "suppressed", "unit")),
    "status": Layout(labels={"label": "Status"}),
    "category": Layout(never=("key",), labels={"key": "Category id", "label": "Category"}),
    "response_time_buckets": _SPREAD,
    "resolution_time_buckets": _SPREAD,
    "agents": Layout(
        first=(
            *("agentName", "ticketsCreated", "ticketsResolved", "openTickets", "responseTimeMedian"),
            *("resolutionTimeMedian", "resolutionRateValue", "csatScore", "ratingCount", "responseTimeMean"),
            *("resolutionTimeMean", "teamName", "resolutionRateCount", "ratingAverage", "responseTimeP90"),
            *("resolutionTimeP90", "responseTimeCount", "resolutionTimeCount", "active"),
        )
    ),
    "tickets": Layout(
        first=(
            *("id", "at", "subject", "status", "priority", "categoryName", "agentName", "organizationName"),
            *("seconds", "withinTarget", "score", "comment", "teamName", "createdAt", "channel", "requester"),
            *("resolutionState", "responseState", "tags", "businessSeconds", "resolutionDueAt", "responseDueAt"),
        )
    ),
    "movers": Layout(labels={"section": "Movement"}, texts={"riser": "Riser", "faller": "Faller"}),
    "weekday_hour": Layout(Shape.HEAT, grid=("weekday", "hour", "created")),
    "weekday_index": _UPRIGHT,
    "month_index": _UPRIGHT,
    "decomposition": Layout(apart=True),
    "unknown": Layout(
        labels={"section": "Part"},
        texts={
            "no_weekday": "Weekdays",
            "no_month": "Months",
            "no_decomposition": "Decomposition",
            "no_forecast": "Forecast",
            "no_anomalies": "Anomalies",
        },
    ),
}
_OVER_TIME: Final = Layout(Shape.GRID, never=("categoryId",), grid=("start", "categoryName", "created"))


def layout_of(part: Part) -> Layout:
    """How a part lies."""
    if part.key == "category" and part.columns[0].key == "start":
        return _OVER_TIME
    if part.chart and part.chart.kind is ChartKind.HEATMAP and part.key not in _LAYOUTS:
        lines, columns = part.chart.labels
        return Layout(Shape.HEAT, grid=(lines, columns, part.chart.values[0]))
    return _LAYOUTS.get(part.key, Layout())


def worth(layout: Layout, columns: Sequence[Column]) -> list[Column]:
    """The columns by how much they matter."""
    rank = {key: place for place, key in enumerate(layout.first)}
    return sorted(columns, key=lambda one: (rank.get(one.key, len(rank)), *_further(one)))


def _further(column: Column) -> tuple[int, ...]:
    """Numbers before what tells of them."""
    return (("previous", "count", "reason").index(end) + 1 if (end := _end(column)) in _TOLD_LAST else 0,)


_TOLD_LAST: Final = ("previous", "count", "reason")


def _end(column: Column) -> str:
    return column.key.rpartition(".")[2]
