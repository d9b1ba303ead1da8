"""Every report as one flat table: its columns and rows, declared once for every format.

A cell is text, a number, a truth or nothing. The numbers are those of the answer, never computed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rest_compat.export.content import Column, Kind, Row
from rest_compat.reshape import Json
from rest_compat.stored import ReportName
from schema.public import METRICS

UNASSIGNED: Final = "(unassigned)"
NO_CATEGORY: Final = "(no category)"
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Table:
    """A report's columns, and how its answer becomes rows; a key that a row lacks is an empty cell."""

    columns: tuple[Column, ...]
    rows: Callable[[Json], Iterator[Row]]

    def columns_of(self, keys: Sequence[str]) -> tuple[Column, ...]:
        """Some of the columns."""
        by_key = {column.key: column for column in self.columns}
        return tuple(by_key[key] for key in keys)


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


def _texts(**labels: str) -> tuple[Column, ...]:
    return tuple(Column(key, label) for key, label in labels.items())


def _wholes(unit: str | None = None, **labels: str) -> tuple[Column, ...]:
    return tuple(Column(key, label, Kind.WHOLE, unit) for key, label in labels.items())


def _numbers(unit: str | None = None, **labels: str) -> tuple[Column, ...]:
    return tuple(Column(key, label, Kind.NUMBER, unit) for key, label in labels.items())


def _truths(**labels: str) -> tuple[Column, ...]:
    return tuple(Column(key, label, Kind.TRUTH) for key, label in labels.items())


def _duration(prefix: str, label: str) -> tuple[Column, ...]:
    return (
        Column(f"{prefix}Mean", f"{label}, mean", Kind.NUMBER, "seconds"),
        Column(f"{prefix}Median", f"{label}, median", Kind.NUMBER, "seconds"),
        Column(f"{prefix}P90", f"{label}, 90th percentile", Kind.NUMBER, "seconds"),
        Column(f"{prefix}Count", f"{label}, known values", Kind.WHOLE),
    )


_MEAN: Final = _numbers("seconds", mean="Mean")
_PERCENTILES: Final = _numbers("seconds", median="Median", p90="90th percentile", p95="95th percentile")

TABLES: Final[Mapping[ReportName, Table]] = {
    ReportName.SUMMARY: Table(
        (
            *_texts(metric="Metric", label="Label"),
            Column("value", "Value", Kind.NUMBER, unit_key="unit"),
            *_texts(unit="Unit"),
            *_wholes(count="Count"),
            Column("previous", "Previous", Kind.NUMBER, unit_key="unit"),
            *_numbers("ratio", change="Change"),
            *_PERCENTILES,
            *_wholes(
                "tickets",
                withinTarget="Within target",
                withTarget="With target",
                withoutTarget="Without target",
                openBreached="Open and breached",
            ),
            *_numbers("score", average="Average"),
            *(Column(f"score{n}", f"Ratings of {n}", Kind.WHOLE) for n in range(1, 6)),
            *_truths(suppressed="Suppressed"),
            *_texts(reason="Reason"),
        ),
        _summary,
    ),
    ReportName.PERFORMANCE: Table(
        (
            *_texts(section="Section", key="Key", label="Label"),
            *_numbers("seconds", **{"from": "From", "to": "To"}),
            *_wholes(count="Count"),
            *_numbers("ratio", share="Share"),
            *_MEAN,
            *_PERCENTILES,
        ),
        _performance,
    ),
    ReportName.AGENTS: Table(
        (
            *_texts(agentId="Agent id", agentName="Agent"),
            *_truths(active="Active"),
            *_texts(teamId="Team id", teamName="Team"),
            *_wholes(
                "tickets",
                ticketsCreated="Tickets created",
                ticketsResolved="Tickets resolved",
                openTickets="Open tickets",
            ),
            *_duration("responseTime", "Response time"),
            *_duration("resolutionTime", "Resolution time"),
            *_numbers("ratio", resolutionRateValue="Resolution rate"),
            *_wholes(resolutionRateCount="Resolutions with a target"),
            *_numbers("ratio", csatScore="CSAT score"),
            *_numbers("score", ratingAverage="Average rating"),
            *_wholes(ratingCount="Ratings"),
        ),
        _agents,
    ),
    ReportName.TRENDS: Table(
        (
            *_texts(section="Section"),
            Column("start", "Start", Kind.INSTANT),
            *_texts(categoryId="Category id", categoryName="Category", weekday="Weekday"),
            *_wholes(hour="Hour", month="Month"),
            *_wholes("tickets", created="Created", resolved="Resolved"),
            *_wholes("events", reopened="Reopened"),
            *_wholes("tickets", open="Open"),
            *_truths(isPartial="Partial"),
            *_numbers("ratio", share="Share"),
            *_wholes("tickets", previous="Previous"),
            *_numbers("ratio", previousShare="Previous share"),
            *_wholes("tickets", difference="Difference"),
            *_numbers("ratio", change="Change"),
            *_numbers(index="Index", trend="Trend", seasonal="Seasonal", remainder="Remainder"),
            *_wholes(actual="Actual"),
            *_numbers(expected="Expected", low="Low", high="High", low95="Low (95 %)", high95="High (95 %)"),
            *_numbers(score="Score"),
            *_texts(reason="Reason"),
        ),
        _trends,
    ),
}
