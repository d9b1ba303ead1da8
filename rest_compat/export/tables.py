"""Every report as one flat table: what CSV and NDJSON (and later formats) hold, declared once.

A cell is text, a number, a truth or nothing. The numbers are those of the answer, never computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from rest_compat.reshape import Json
from rest_compat.stored import ReportName
from schema.public import METRICS

Cell = str | int | float | bool | None
Row = Mapping[str, Cell]
UNASSIGNED: Final = "(unassigned)"
NO_CATEGORY: Final = "(no category)"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Column:
    """A column: its key in NDJSON, its label, and the unit of its numbers."""

    key: str
    label: str
    unit: str | None = None

    @property
    def heading(self) -> str:
        """The label with the unit."""
        return f"{self.label} ({self.unit})" if self.unit else self.label


@dataclass(frozen=True)
class Table:
    """A report's columns, and how its answer becomes rows; a key that a row lacks is an empty cell."""

    columns: tuple[Column, ...]
    rows: Callable[[Json], Iterator[Row]]

    def full_rows(self, answer: Json) -> Iterator[dict[str, Cell]]:
        """The rows with every column, in order."""
        for row in self.rows(answer):
            yield {column.key: row.get(column.key) for column in self.columns}


def _columns(*declared: tuple[str, str] | tuple[str, str, str]) -> tuple[Column, ...]:
    return tuple(Column(*one) for one in declared)


def _summary(answer: Json) -> Iterator[Row]:
    for name, value in answer["summary"].items():
        found = dict(value or {})
        scores = {f"score{n}": count for n, count in enumerate(found.pop("histogram", ()), start=1)}
        yield {**found, **scores, "metric": name, "label": METRICS[name].label}


def _performance(answer: Json) -> Iterator[Row]:
    part = answer["performance"]
    for one in part["ticketsByStatus"]:
        yield {
            "section": "status",
            "key": one["status"],
            "label": one["status"].replace("_", " ").capitalize(),
            "count": one["count"],
            "share": one["share"],
        }
    for one in part["ticketsByCategory"]:
        yield {"section": "category", **_category(one["category"], "key", "label"), **_picked(one, "count", "share")}
    yield from _spread("response_time", part["responseTimeDistribution"])
    yield from _spread("resolution_time", part["resolutionTimeDistribution"])


def _spread(section: str, part: Json) -> Iterator[Row]:
    yield {"section": section, "key": "all", **_picked(part, "count", "mean", "median", "p90", "p95")}
    for bucket in part["buckets"]:
        yield {"section": section, "key": "bucket", **bucket}


def _agents(answer: Json) -> Iterator[Row]:
    for row in answer["agents"]["rows"]:
        agent = row["agent"] or {"id": None, "name": UNASSIGNED, "active": None, "team": None}
        team = agent["team"] or {"id": None, "name": None}
        rating = row["rating"] or {"csatScore": None, "average": None, "count": None}
        yield {
            "agentId": agent["id"],
            "agentName": agent["name"],
            "active": agent["active"],
            "teamId": team["id"],
            "teamName": team["name"],
            **_picked(row, "ticketsCreated", "ticketsResolved", "openTickets"),
            **_prefixed("responseTime", row["responseTime"]),
            **_prefixed("resolutionTime", row["resolutionTime"]),
            **_prefixed("resolutionRate", row["resolutionRate"]),
            "csatScore": rating["csatScore"],
            "ratingAverage": rating["average"],
            "ratingCount": rating["count"],
        }


def _trends(answer: Json) -> Iterator[Row]:
    part = answer["trends"]
    starts = [point["start"] for point in part["volume"]]
    for point in part["volume"]:
        yield {"section": "volume", **point}
    for trend in part["categories"]:
        of = _category(trend["category"], "categoryId", "categoryName")
        for start, count in zip(starts, trend["points"], strict=True):
            yield {"section": "category", "start": start, **of, "created": count}
        yield {
            "section": "category_total",
            **of,
            "created": sum(trend["points"]),
            "share": trend["share"],
            "previous": trend["previousTotal"],
            "previousShare": trend["previousShare"],
            "change": trend["change"],
        }
    for section, side in (("riser", "risers"), ("faller", "fallers")):
        for mover in part["fastestMovers"][side]:
            of = _category(mover["category"], "categoryId", "categoryName")
            counted = _picked(mover, "previous", "difference", "change")
            yield {"section": section, **of, "created": mover["count"], **counted}
    yield from _seasons(part["seasonality"])


def _seasons(part: Json) -> Iterator[Row]:
    for weekday, hours in zip(WEEKDAYS, part["weekdayHour"], strict=True):
        for hour, count in enumerate(hours):
            yield {"section": "weekday_hour", "weekday": weekday, "hour": hour, "created": count}
    for weekday, index in zip(WEEKDAYS, part["weekday"] or (), strict=False):
        yield {"section": "weekday_index", "weekday": weekday, "index": index}
    for month, index in enumerate(part["month"] or (), start=1):
        yield {"section": "month_index", "month": month, "index": index}
    columns = part["decomposition"] or {"starts": (), "trend": (), "seasonal": (), "remainder": ()}
    for start, trend, seasonal, remainder in zip(*columns.values(), strict=True):
        yield {
            "section": "decomposition",
            "start": start,
            "trend": trend,
            "seasonal": seasonal,
            "remainder": remainder,
        }
    for point in part["forecast"] or ():
        yield {"section": "forecast", **point}
    for anomaly in part["anomalies"] or ():
        yield {"section": "anomaly", **anomaly}
    for refusal in part["reasons"]:
        yield {"section": f"no_{refusal['part']}", "reason": refusal["reason"]}


def _category(category: Json | None, id_key: str, name_key: str) -> Row:
    return {id_key: category["id"], name_key: category["name"]} if category else {name_key: NO_CATEGORY}


def _picked(part: Mapping[str, Any], *names: str) -> Row:
    return {name: part[name] for name in names}


def _prefixed(prefix: str, part: Mapping[str, Any]) -> Row:
    return {f"{prefix}{name.capitalize()}": value for name, value in part.items()}


def _duration(prefix: str, label: str) -> tuple[Column, ...]:
    return _columns(
        (f"{prefix}Mean", f"{label}, mean", "seconds"),
        (f"{prefix}Median", f"{label}, median", "seconds"),
        (f"{prefix}P90", f"{label}, 90th percentile", "seconds"),
        (f"{prefix}Count", f"{label}, known values"),
    )


_SPREAD: Final = _columns(
    ("mean", "Mean", "seconds"),
    ("median", "Median", "seconds"),
    ("p90", "90th percentile", "seconds"),
    ("p95", "95th percentile", "seconds"),
)

TABLES: Final[Mapping[ReportName, Table]] = {
    ReportName.SUMMARY: Table(
        (
            *_columns(("metric", "Metric"), ("label", "Label"), ("value", "Value"), ("unit", "Unit")),
            *_columns(("count", "Count"), ("previous", "Previous"), ("change", "Change", "ratio")),
            *_SPREAD[1:],
            *_columns(
                ("withinTarget", "Within target", "tickets"),
                ("withTarget", "With target", "tickets"),
                ("withoutTarget", "Without target", "tickets"),
                ("openBreached", "Open and breached", "tickets"),
                ("average", "Average", "score"),
                *((f"score{n}", f"Ratings of {n}") for n in range(1, 6)),
                ("suppressed", "Suppressed"),
                ("reason", "Reason"),
            ),
        ),
        _summary,
    ),
    ReportName.PERFORMANCE: Table(
        (
            *_columns(("section", "Section"), ("key", "Key"), ("label", "Label")),
            *_columns(("from", "From", "seconds"), ("to", "To", "seconds")),
            *_columns(("count", "Count"), ("share", "Share", "ratio")),
            *_SPREAD,
        ),
        _performance,
    ),
    ReportName.AGENTS: Table(
        (
            *_columns(("agentId", "Agent id"), ("agentName", "Agent"), ("active", "Active")),
            *_columns(("teamId", "Team id"), ("teamName", "Team")),
            *_columns(
                ("ticketsCreated", "Tickets created", "tickets"),
                ("ticketsResolved", "Tickets resolved", "tickets"),
                ("openTickets", "Open tickets", "tickets"),
            ),
            *_duration("responseTime", "Response time"),
            *_duration("resolutionTime", "Resolution time"),
            *_columns(
                ("resolutionRateValue", "Resolution rate", "ratio"),
                ("resolutionRateCount", "Resolutions with a target"),
                ("csatScore", "CSAT score", "ratio"),
                ("ratingAverage", "Average rating", "score"),
                ("ratingCount", "Ratings"),
            ),
        ),
        _agents,
    ),
    ReportName.TRENDS: Table(
        (
            *_columns(("section", "Section"), ("start", "Start")),
            *_columns(("categoryId", "Category id"), ("categoryName", "Category")),
            *_columns(("weekday", "Weekday"), ("hour", "Hour"), ("month", "Month")),
            *_columns(
                ("created", "Created", "tickets"),
                ("resolved", "Resolved", "tickets"),
                ("reopened", "Reopened", "events"),
                ("open", "Open", "tickets"),
                ("isPartial", "Partial"),
                ("share", "Share", "ratio"),
                ("previous", "Previous", "tickets"),
                ("previousShare", "Previous share", "ratio"),
                ("difference", "Difference", "tickets"),
                ("change", "Change", "ratio"),
                ("index", "Index"),
            ),
            *_columns(("trend", "Trend"), ("seasonal", "Seasonal"), ("remainder", "Remainder")),
            *_columns(("actual", "Actual"), ("expected", "Expected"), ("low", "Low"), ("high", "High")),
            *_columns(("low95", "Low (95 %)"), ("high95", "High (95 %)"), ("score", "Score"), ("reason", "Reason")),
        ),
        _trends,
    ),
}
