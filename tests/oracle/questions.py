"""What the oracle is asked: slices of the demo data, each once for the product and once as SQL written by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from db.access import Role
from tests.conftest import DEMO_NOW
from tests.oracle import raw


@dataclass(frozen=True)
class Question:
    """A slice and a period: how the product is asked, and the same for the raw tables."""

    period: str
    """Since and until, as given to the product."""
    instants: tuple[str, str]
    """The same instants, found by hand."""
    timezone: str = "UTC"
    filter: str = "{}"
    where: str = "true"
    role: Role = Role.MANAGER
    attribution: str = "EVENT"
    clock: str = "CALENDAR"

    @property
    def arguments(self) -> str:
        """The arguments of the product's `report`."""
        since, until = self.period.split(" ")
        return (
            f'period: {{since: "{since}", until: "{until}"}}, timezone: "{self.timezone}", filter: {self.filter},'
            f" attribution: {self.attribution}, clock: {self.clock}"
        )

    @property
    def anchor(self) -> str:
        """The column that places a row in the period."""
        return "at" if self.attribution == "EVENT" else "created_at"

    @property
    def seconds(self) -> str:
        """The column that has a duration."""
        return "seconds" if self.clock == "CALENDAR" else "business_seconds"

    @property
    def since(self) -> datetime:
        """The first instant."""
        return datetime.fromisoformat(self.instants[0])

    @property
    def until(self) -> datetime:
        """The first instant after the period."""
        return datetime.fromisoformat(self.instants[1])


MARCH: Final = ("2026-03-01 2026-04-01", ("2026-03-01T00:00Z", "2026-04-01T00:00Z"))
MARCH_IN_BERLIN: Final = ("2026-03-01 2026-04-01", ("2026-02-28T23:00Z", "2026-03-31T22:00Z"))
ALL: Final = ("2024-10-01 2026-10-01", ("2024-10-01T00:00Z", "2026-10-01T00:00Z"))
LAST: Final = ("2026-09-01 2026-11-01", ("2026-09-01T00:00Z", "2026-11-01T00:00Z"))
HOURS: Final = (
    "2025-11-10T08:15:00+05:45 2025-11-12T17:45:30+05:45",
    ("2025-11-10T02:30Z", "2025-11-12T12:00:30Z"),
)
NOTHING: Final = ("2023-01-01 2023-02-01", ("2023-01-01T00:00Z", "2023-02-01T00:00Z"))

QUESTIONS: Final[dict[str, Question]] = {
    "a month": Question(*MARCH),
    "a month in Berlin, with its change to summer time": Question(*MARCH_IN_BERLIN, timezone="Europe/Berlin"),
    "everything": Question(*ALL),
    "a period that still runs": Question(*LAST),
    "a few hours in Kathmandu": Question(*HOURS, timezone="Asia/Kathmandu"),
    "a time before all tickets": Question(*NOTHING),
    "by creation": Question(*MARCH, attribution="CREATION"),
    "by creation, still running": Question(*LAST, attribution="CREATION"),
    "business clock": Question(*MARCH, clock="BUSINESS"),
    "one category": Question(
        *MARCH, filter='{category: {in: ["billing", "bugs"]}}', where="category IN ('billing', 'bugs')"
    ),
    "all but some categories, unset included": Question(
        *MARCH,
        filter='{category: {notIn: ["billing", "bugs"]}}',
        where="category IS DISTINCT FROM 'billing' AND category IS DISTINCT FROM 'bugs'",
    ),
    "no category": Question(*ALL, filter="{category: {isNull: true}}", where="category IS NULL"),
    "assigned": Question(*MARCH, filter="{agent: {isNull: false}}", where="agent IS NOT NULL"),
    "two agents by creation": Question(
        *ALL, filter='{agent: {in: ["A-07", "A-30"]}}', where="agent IN ('A-07', 'A-30')", attribution="CREATION"
    ),
    "a team": Question(*MARCH, filter='{team: {in: ["technical"]}}', where="team = 'technical'"),
    "an organization": Question(*ALL, filter='{organization: {in: ["O-002"]}}', where="organization = 'O-002'"),
    "no organization": Question(*MARCH, filter="{organization: {isNull: true}}", where="organization IS NULL"),
    "words": Question(
        *MARCH,
        filter='{priority: {in: ["high", "urgent"]}, channel: {notIn: ["email"]}, status: {in: ["closed"]}}',
        where="priority IN ('high', 'urgent') AND channel <> 'email' AND status = 'closed'",
    ),
    "a tag": Question(*MARCH, filter='{tag: {in: ["vip", "trial"]}}', where="tags && '{vip,trial}'"),
    "without a tag": Question(*MARCH, filter='{tag: {notIn: ["vip"]}}', where="NOT coalesce(tags && '{vip}', false)"),
    "no tags": Question(*MARCH, filter="{tag: {isNull: true}}", where="tags IS NULL"),
    "and, or": Question(
        *MARCH,
        filter='{and: [{priority: {notIn: ["low"]}}], or: [{team: {in: ["billing"]}}, {tag: {in: ["eu"]}, channel: '
        '{in: ["web"]}}]}',
        where="priority <> 'low' AND (team = 'billing' OR (tags && '{eu}' AND channel = 'web'))",
    ),
    "a team lead's": Question(*MARCH, role=Role.TEAM_LEAD, where="team = 'billing'"),
    "an agent's": Question(*ALL, role=Role.AGENT, where="agent = 'A-07'"),
    "an analyst's": Question(*MARCH, role=Role.ANALYST),
    "a client's, by creation": Question(*ALL, role=Role.CLIENT, where="organization = 'O-001'", attribution="CREATION"),
}


class Oracle:
    """Answers from the raw tables."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self._seen: set[datetime] = set()

    async def rows(self, sql: str, question: Question) -> list[asyncpg.Record]:
        """The rows of a query; `{slice}`, `{where}`, `{anchor}`, `{seconds}` and `{stock}` stand for the question's."""
        instant = min(question.until, DEMO_NOW)
        if instant not in self._seen:
            self._seen.add(instant)
            await raw.look_at_stock(self._connection, instant)
        bounds = f"{question.anchor} >= $1 AND {question.anchor} < $2 AND at < $3 AND ({question.where})"
        created = "" if question.attribution == "EVENT" else " AND created_at >= $1 AND created_at < $2"
        text = sql.format(
            slice=bounds,
            where=question.where,
            anchor=question.anchor,
            seconds=question.seconds,
            stock=f"instant = least($2, $3) AND ({question.where}){created}",
        )
        # Not every query needs every instant, but each must have a type.
        every = f"WITH instants AS (SELECT $1::timestamptz, $2::timestamptz, $3::timestamptz) {text}"
        return await self._connection.fetch(every, question.since, question.until, DEMO_NOW)

    async def row(self, sql: str, question: Question) -> dict[str, Any]:
        """The one row of a query."""
        (found,) = await self.rows(sql, question)
        return dict(found)
