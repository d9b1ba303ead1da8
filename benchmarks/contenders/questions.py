"""What is asked: the reports of one dashboard, over the whole desk and over three cuts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any, Final, Protocol

from benchmarks.desk import SINCE, UNTIL

Answer = dict[Any, Any]
"""The numbers of each report that was asked, in one shape whoever answers."""


@dataclass(frozen=True)
class Span:
    """Local days of the desk's zone, half-open."""

    since: date
    until: date


QUARTER: Final = Span(date(2025, 10, 3), UNTIL)
YEAR: Final = Span(date(2025, 1, 1), UNTIL)
YEARS: Final = Span(SINCE, UNTIL)


def before(span: Span) -> Span:
    """The previous period: as many local days."""
    return Span(span.since - (span.until - span.since), span.since)


class Report(Enum):
    """One part of the dashboard."""

    SUMMARY = "summary"
    PERFORMANCE = "performance"
    AGENTS = "agents"
    VOLUME = "volume"
    CATEGORIES = "categories"
    GRID = "grid"


TITLES: Final = {
    Report.SUMMARY: "summary of 90 days, compared",
    Report.PERFORMANCE: "performance of 90 days",
    Report.AGENTS: "agents over 90 days",
    Report.VOLUME: "daily volume of a year",
    Report.CATEGORIES: "categories by month, three years",
    Report.GRID: "weekday x hour of a year",
}


USUAL: Final = {
    Report.SUMMARY: QUARTER,
    Report.PERFORMANCE: QUARTER,
    Report.AGENTS: QUARTER,
    Report.VOLUME: YEAR,
    Report.CATEGORIES: YEARS,
    Report.GRID: YEAR,
}
"""What each is of in the dashboard."""


@dataclass(frozen=True)
class Cut:
    """A part of the desk, by ids of the source; what is None is not asked."""

    name: str
    agent: str | None = None
    organization: str | None = None
    category: str | None = None
    priority: str | None = None


CUTS: Final = (
    Cut("the whole desk"),
    Cut("one agent", agent="A-077"),
    Cut("one organization", organization="O-0005"),
    Cut("one category and priority", category="bugs", priority="high"),
)


@dataclass(frozen=True)
class Question:
    """Some reports of a cut, asked together."""

    cut: Cut
    reports: tuple[Report, ...]
    ends_within_a_day: bool = False
    """Whether the spans end in the afternoon of their last day, as those do that end now; SQL by hand cannot."""
    last_days: int | None = None
    """Of how many days its reports are, the last ones; None: of the usual."""

    def span(self, report: Report) -> Span:
        """What a report is of."""
        return USUAL[report] if self.last_days is None else Span(UNTIL - timedelta(self.last_days), UNTIL)

    @property
    def title(self) -> str:
        """What a table calls it."""
        return TITLES[self.reports[0]] if len(self.reports) == 1 else "**dashboard: all of them**"


def questions_of(cut: Cut) -> list[Question]:
    """The dashboard, and each report alone."""
    return [Question(cut, tuple(Report)), *(Question(cut, (report,)) for report in Report)]


class Contender(Protocol):
    """One who answers."""

    name: str

    async def ask(self, question: Question, client: int = 0) -> Any:
        """What comes back, as it comes; clients of other numbers may ask at the same time."""

    def answer(self, question: Question, came: Any) -> Answer:
        """The numbers in it.

        Raises: ValueError, where it is no answer.
        """
