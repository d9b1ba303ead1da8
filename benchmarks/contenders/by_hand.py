"""SQL by hand: one statement a report, over `tickets`, its events and ratings, with indexes made for it.

As a good engineer would write it who knows these data: that the quarter ends at the present, that merged tickets and
spam have no further events, that whoever solves a ticket keeps it, and that a stock is quickest counted backwards
from now. The constants stand in the text, so a connection plans each statement once and for them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from benchmarks.contenders import sql
from benchmarks.contenders.questions import Answer, Cut, Question, Report, Span
from benchmarks.desk.people import people
from db.domain import Priority, Status

CONNECTIONS: Final = 4


class ByHand:
    """A pool of connections, and the statements."""

    name = "SQL by hand"

    def __init__(self, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        self._pool = pool
        known = people().dimensions
        self._ids = {"agent": known.agents.ids, "organization": known.organizations.ids}
        self._ids["category"] = known.categories.ids
        self._agents = {id_: name for name, id_ in known.agents.ids.items()}
        self._categories = {id_: name for name, id_ in known.categories.ids.items()}
        self._texts: dict[tuple[Report, Cut, Span], str] = {}

    def text(self, report: Report, question: Question) -> str:
        """The statement of a report."""
        key = (report, question.cut, question.span(report))
        if key not in self._texts:
            self._texts[key] = sql.statement(report, self._conditions(question.cut), question.span(report))
        return self._texts[key]

    async def ask(self, question: Question, client: int = 0) -> list[list[asyncpg.Record]]:
        """The rows of each report, on one connection, one after the other."""
        async with self._pool.acquire() as connection:
            return [await connection.fetch(self.text(report, question)) for report in question.reports]

    def answer(self, question: Question, came: list[list[asyncpg.Record]]) -> Answer:
        """The numbers in them."""
        shapes = {
            Report.SUMMARY: self._summary,
            Report.PERFORMANCE: self._performance,
            Report.AGENTS: self._by_agent,
            Report.VOLUME: self._volume,
            Report.CATEGORIES: self._by_category,
            Report.GRID: self._grid,
        }
        return {report.value: shapes[report](rows) for report, rows in zip(question.reports, came, strict=True)}

    def _conditions(self, cut: Cut) -> sql.Conditions:
        if cut.agent is not None:
            agent = self._ids["agent"][cut.agent]
            return sql.Conditions(f"t.assignee_id = {agent}", f"t.first_responder_id = {agent}", cut.agent)
        if cut.organization is not None:
            return sql.Conditions(f"t.organization_id = {self._ids['organization'][cut.organization]}")
        if cut.category is not None and cut.priority is not None:
            category, priority = self._ids["category"][cut.category], int(Priority[cut.priority.upper()])
            return sql.Conditions(f"t.category_id = {category} AND t.priority = {priority}")
        return sql.Conditions()

    def _summary(self, rows: list[asyncpg.Record]) -> Answer:
        row = rows[0]
        median, p90 = row["percentiles"] or (None, None)
        return {
            "openTickets": {"value": row["open"], "previous": row["open_before"]},
            "avgResponseTime": {
                "value": row["mean"], "count": row["responses"], "median": median, "p90": p90,
                "previous": row["mean_before"],
            },
            "resolutionRate": {
                "value": row["met_share"], "withinTarget": row["met"], "withTarget": row["promised"],
                "withoutTarget": row["free"], "openBreached": row["breached"], "previous": row["met_share_before"],
            },
            "csatScore": {
                "value": row["csat"], "average": row["average"], "count": row["ratings"],
                "histogram": row["histogram"], "previous": row["csat_before"],
            },
        }  # fmt: skip

    def _performance(self, rows: list[asyncpg.Record]) -> Answer:
        by_status: dict[str, int] = {}
        by_category: dict[str | None, int] = {}
        found: Answer = {"byStatus": by_status, "byCategory": by_category}
        for row in rows:
            if row["kind"] == "created":
                status, category = Status(row["status"]).word, self._categories.get(row["category_id"])
                by_status[status] = by_status.get(status, 0) + row["n"]
                by_category[category] = by_category.get(category, 0) + row["n"]
                continue
            median, p90, p95 = row["percentiles"] or (None, None, None)
            found[row["kind"]] = {
                "count": row["n"], "mean": row["mean"], "median": median, "p90": p90, "p95": p95,
                "buckets": row["buckets"],
            }  # fmt: skip
        return found

    def _by_agent(self, rows: list[asyncpg.Record]) -> Answer:
        return {self._agents.get(row["agent"]): _agent(row) for row in rows}

    def _volume(self, rows: list[asyncpg.Record]) -> Answer:
        names = ("created", "resolved", "reopened", "open")
        return {row["day"].isoformat(): {name: row[name] for name in names} for row in rows}

    def _by_category(self, rows: list[asyncpg.Record]) -> Answer:
        found: Answer = {}
        for row in rows:
            points = found.setdefault(self._categories.get(row["category_id"]), [0] * 36)
            points[row["month"]] = row["n"]
        return found

    def _grid(self, rows: list[asyncpg.Record]) -> list[list[int]]:
        grid = [[0] * 24 for _ in range(7)]
        for row in rows:
            grid[row["weekday"]][row["hour"]] = row["n"]
        return grid


def _agent(row: asyncpg.Record) -> Answer:
    answered, solved = row["response_percentiles"] or (None, None), row["resolution_percentiles"] or (None, None)
    return {
        "ticketsCreated": row["created"] or 0,
        "ticketsResolved": row["resolved"] or 0,
        "openTickets": row["open"] or 0,
        "responseTime": {
            "mean": row["response_mean"], "median": answered[0], "p90": answered[1], "count": row["responses"] or 0
        },
        "resolutionTime": {
            "mean": row["resolution_mean"], "median": solved[0], "p90": solved[1], "count": row["resolved"] or 0
        },
        "resolutionRate": {"value": row["met_share"], "count": row["promised"] or 0},
        "rating": {"csatScore": row["csat"], "average": row["average"], "count": row["ratings"] or 0},
    }  # fmt: skip


@asynccontextmanager
async def by_hand(dsn: str) -> AsyncIterator[ByHand]:
    """The statements over a database, without a server in between."""
    async with asyncpg.create_pool(
        dsn, min_size=CONNECTIONS, max_size=CONNECTIONS, server_settings={"jit": "off"}
    ) as pool:
        yield ByHand(pool)
