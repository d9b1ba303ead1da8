"""What the oracle is asked: slices of the demo data, each once for the product and once as SQL written by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg

from db.access import Role
from tests.conftest import DEMO_NOW


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
        return f'period: {{since: "{since}", until: "{until}"}}, {self.slice}'

    @property
    def slice(self) -> str:
        """Those of them that are the same in every period."""
        return (
            f'timezone: "{self.timezone}", filter: {self.filter}, attribution: {self.attribution}, clock: {self.clock}'
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
    "business clock, everything": Question(*ALL, clock="BUSINESS"),
    "business clock, in Berlin": Question(*MARCH_IN_BERLIN, timezone="Europe/Berlin", clock="BUSINESS"),
    "business clock, still running": Question(*LAST, clock="BUSINESS"),
    "business clock, a few hours": Question(*HOURS, timezone="Asia/Kathmandu", clock="BUSINESS"),
    "business clock by creation": Question(*MARCH, attribution="CREATION", clock="BUSINESS"),
    "business clock, two policies": Question(
        *ALL,
        filter='{category: {in: ["billing"]}, priority: {in: ["high", "normal"]}}',
        where="category = 'billing' AND priority IN ('high', 'normal')",
        clock="BUSINESS",
    ),
    "business clock, without a tag": Question(
        *MARCH, filter='{tag: {notIn: ["vip"]}}', where="NOT coalesce(tags && '{vip}', false)", clock="BUSINESS"
    ),
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
    "a team lead's business clock": Question(*MARCH, role=Role.TEAM_LEAD, where="team = 'billing'", clock="BUSINESS"),
    "an agent's business clock": Question(
        *ALL, role=Role.AGENT, where="agent = 'A-07'", attribution="CREATION", clock="BUSINESS"
    ),
    "a client's business clock": Question(*ALL, role=Role.CLIENT, where="organization = 'O-001'", clock="BUSINESS"),
    "a client's, by creation": Question(*ALL, role=Role.CLIENT, where="organization = 'O-001'", attribution="CREATION"),
}


class Oracle:
    """Answers from the raw tables."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection

    async def rows(self, sql: str, question: Question) -> list[asyncpg.Record]:
        """The rows of a query; `{slice}`, `{where}`, `{anchor}`, `{seconds}`, `{stock}`, `{end}` are the question's."""
        # Not every query needs every instant, but each must have a type.
        every = "WITH instants AS (SELECT $1::timestamptz, $2::timestamptz, $3::timestamptz)"
        text = f"{every} {_about(sql, question, '$1', '$2', '$3')}"
        return await self.connection.fetch(text, question.since, question.until, DEMO_NOW)

    async def row(self, sql: str, question: Question) -> dict[str, Any]:
        """The one row of a query."""
        (found,) = await self.rows(sql, question)
        return dict(found)

    async def by_period(
        self, queries: Mapping[str, str], question: Question, periods: Sequence[tuple[str, str]]
    ) -> list[dict[str, dict[str, Any]]]:
        """The one row of each query in each of some periods, all in one statement.

        A period's ends are times with offset, or dates: then local days of the question's zone.
        """
        rows = ", ".join(
            f'(SELECT to_jsonb(o) FROM ({_about(sql, question, "p.since", "p.until", "$3")}) o) AS "{name}"'
            for name, sql in queries.items()
        )
        zoned = "CASE WHEN length({0}) = 10 THEN {0}::timestamp AT TIME ZONE $4 ELSE {0}::timestamptz END AS {0}"
        sides = [zoned.format(side) for side in ("since", "until")]
        found = await self.connection.fetch(
            f"""WITH p AS MATERIALIZED (
                SELECT n, {", ".join(sides)} FROM unnest($1::text[], $2::text[]) WITH ORDINALITY t (since, until, n))
            SELECT {rows} FROM p WHERE $3::timestamptz IS NOT NULL ORDER BY n""",
            [since for since, _ in periods],
            [until for _, until in periods],
            DEMO_NOW,
            question.timezone,
        )
        return [{name: json.loads(value) for name, value in row.items()} for row in found]


def _about(sql: str, question: Question, since: str, until: str, now: str) -> str:
    """A query with a question's slice, of the period between two expressions."""
    within = f">= {since} AND {{}} < {until}"
    created = "" if question.attribution == "EVENT" else f" AND created_at {within.format('created_at')}"
    return sql.format(
        slice=f"{question.anchor} {within.format(question.anchor)} AND at < {now} AND ({question.where})",
        where=question.where,
        anchor=question.anchor,
        seconds=question.seconds,
        stock=f"stay @> least({until}, {now}) AND ({question.where}){created}",
        end=f"least({until}, {now})",
    )
