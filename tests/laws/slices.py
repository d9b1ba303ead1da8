"""Slices and periods of the demo data, drawn by hypothesis, with what every law needs to ask about them.

Everything is derived from fixed seeds (`derandomize`), so a failure fails again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from db import catalog
from db.metric import Metric, Stocked

FIRST: Final = datetime(2024, 10, 1, tzinfo=UTC)
DAYS: Final = 730
ZONES: Final = ("UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe", "America/New_York")
FILTERS: Final = (
    "{}",
    "{}",
    '{priority: {in: ["high", "urgent"]}}',
    '{category: {notIn: ["billing"]}}',
    '{category: {isNull: true}}',
    '{team: {in: ["billing", "technical"]}, channel: {in: ["email", "web"]}}',
    '{agent: {isNull: true}}',
    '{agent: {in: ["A-07", "A-19", "A-60"]}}',
    '{tag: {in: ["vip"]}}',
    '{or: [{tag: {isNull: true}}, {organization: {isNull: true}}]}',
    '{status: {in: ["open", "pending", "closed"]}}',
)  # fmt: skip


def law(examples: int) -> settings:
    """How many slices a law is tried on."""
    return settings(
        derandomize=True,
        deadline=None,
        max_examples=examples,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],
    )


@dataclass(frozen=True)
class Asked:
    """A slice and a period."""

    since: datetime
    until: datetime
    timezone: str = "UTC"
    filter: str = "{}"
    attribution: str = "EVENT"
    clock: str = "CALENDAR"

    def arguments(self, further: str = "") -> str:
        """The arguments of `report`."""
        return (
            f'period: {{since: "{self.since.isoformat()}", until: "{self.until.isoformat()}"}},'
            f' timezone: "{self.timezone}", filter: {self.filter}, attribution: {self.attribution},'
            f" clock: {self.clock} {further}"
        )

    def report(self, fields: str, further: str = "") -> str:
        """A document that asks one report."""
        return f"{{ report({self.arguments(further)}) {{ {fields} }} }}"

    def part(self, since: datetime, until: datetime) -> Asked:
        """The same slice in another period."""
        return replace(self, since=since, until=until)


def instants() -> st.SearchStrategy[datetime]:
    """An instant of the demo's two years, to the second."""
    return st.integers(0, DAYS * 86_400).map(lambda seconds: FIRST + timedelta(seconds=seconds))


@st.composite
def slices(draw: st.DrawFn, longest_days: int = DAYS) -> Asked:
    """A slice of some tickets in some period."""
    since = draw(instants())
    length = timedelta(seconds=draw(st.integers(1, longest_days * 86_400)))
    return Asked(
        since,
        since + length,
        draw(st.sampled_from(ZONES)),
        draw(st.sampled_from(FILTERS)),
        draw(st.sampled_from(("EVENT", "CREATION"))),
        draw(st.sampled_from(("CALENDAR", "BUSINESS"))),
    )


STOCKS: Final = tuple(metric for metric in catalog.METRICS if isinstance(metric.measure, Stocked))
COUNTS: Final = tuple(m for m in catalog.METRICS if m.nothing_there == "0" and m not in STOCKS)
MEANS: Final = tuple(metric for metric in catalog.METRICS if metric.measured_in_seconds)
SHARES: Final = tuple(m for m in catalog.METRICS if m not in (*STOCKS, *COUNTS, *MEANS))


def fields_of(metrics: Sequence[Metric], beside: str = "value count") -> str:
    """The fields of some metrics."""
    return " ".join(f"{metric.name} {{ {beside} }}" for metric in metrics)


EVERY: Final = f"{fields_of(catalog.METRICS)} csatScore {{ histogram average }} resolutionRate {{ withinTarget }}"


def merged(rows: Sequence[dict[str, Any]], *, last_stock: bool) -> dict[str, Any]:
    """What rows of all metrics come to together: the law itself, by counts and sums, never by means of means."""
    found: dict[str, Any] = {}
    for metric in COUNTS:
        found[metric.name] = sum(row[metric.name]["value"] for row in rows)
    for metric in STOCKS:
        known = [row[metric.name]["value"] for row in rows if row[metric.name]["value"] is not None]
        found[metric.name] = (known[-1] if last_stock else sum(known)) if known else None
    for metric in (*MEANS, *SHARES):
        count = sum(row[metric.name]["count"] for row in rows)
        total = sum((row[metric.name]["value"] or 0) * row[metric.name]["count"] for row in rows)
        found[metric.name] = total / count if count else None
    found["reopenRate"] = _over(found["reopens"], found["resolutions"])
    ratings = [sum(column) for column in zip(*(row["csatScore"]["histogram"] for row in rows), strict=True)]
    found["histogram"] = ratings or [0] * 5
    found["ratingRate"] = _over(sum(ratings), found["ticketsResolved"])
    found["withinTarget"] = sum(row["resolutionRate"]["withinTarget"] for row in rows)
    return found


def shown(row: dict[str, Any]) -> dict[str, Any]:
    """A row of all metrics, in the form that `merged` has."""
    values = {metric.name: row[metric.name]["value"] for metric in catalog.METRICS}
    return {
        **values,
        "histogram": row["csatScore"]["histogram"],
        "withinTarget": row["resolutionRate"]["withinTarget"],
    }


def _over(part: float, whole: float) -> float | None:
    return part / whole if whole else None
