"""The gateway: `deskgraph serve` in a process of its own, asked by GraphQL over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, Final

from benchmarks.contenders.questions import Answer, Question, Report
from benchmarks.contenders.serving import HttpServer, data_of, free_port, serving
from benchmarks.desk import ZONE
from db.access import Role, Viewer
from schema.identity import Identity
from schema.tokens import SharedSecret

SECRET: Final = "a secret for the benchmark, 32 bytes"
VIEWER: Final = Viewer("benchmark", Role.MANAGER)
SETTINGS: Final = {
    "DESKGRAPH_REPORTING_ZONES": ZONE.key,
    "DESKGRAPH_STATEMENT_TIMEOUT_MS": "600000",
    "DESKGRAPH_AUDIT": "required",
    "DESKGRAPH_LOG_LEVEL": "warning",
    "DESKGRAPH_REQUESTS_PER_MINUTE": "0",  # all clients are one viewer
    "DESKGRAPH_STATEMENTS_PER_VIEWER": "4",
    "DESKGRAPH_RESPONSE_CACHE_MB": "0",
}
"""Nothing is answered from the cache of answers: benchmarks/response_cache.py measures that."""

_AFTERNOON: Final = "14:37:00+01:00"
_TIMES: Final = "{ mean median p90 count }"
_SPREAD: Final = "{ count mean median p90 p95 buckets { count } }"
_FIELDS: Final[dict[Report, tuple[str, str]]] = {
    Report.SUMMARY: (
        "compareTo: [PREVIOUS_PERIOD]",
        """summary {
        openTickets { value previous } avgResponseTime { value count median p90 previous }
        resolutionRate { value withinTarget withTarget withoutTarget openBreached previous }
        csatScore { value average count histogram previous } }""",
    ),
    Report.PERFORMANCE: (
        "",
        f"""performance {{
        ticketsByStatus {{ status count }} ticketsByCategory {{ category {{ id }} count }}
        responseTimeDistribution {_SPREAD} resolutionTimeDistribution {_SPREAD} }}""",
    ),
    Report.AGENTS: (
        "",
        f"""agents(first: 500) {{ rows {{
        agent {{ id }} ticketsCreated ticketsResolved openTickets responseTime {_TIMES} resolutionTime {_TIMES}
        resolutionRate {{ value count }} rating {{ csatScore average count }} }} }}""",
    ),
    Report.VOLUME: ("", "trends { volume { start created resolved reopened open } }"),
    Report.CATEGORIES: ("", "trends(grain: MONTH) { categories { category { id } points } }"),
    Report.GRID: ("", "trends { seasonality { weekdayHour } }"),
}


def document(question: Question) -> str:
    """The reports of a question as one GraphQL document, each under its name."""
    return "{ " + " ".join(_report(report, question) for report in question.reports) + " }"


def _report(report: Report, question: Question) -> str:
    span, (further, fields) = question.span(report), _FIELDS[report]
    cut, until = question.cut, str(span.until)
    if question.ends_within_a_day:
        until = f"{span.until - timedelta(days=1)}T{_AFTERNOON}"
    period = f'period: {{since: "{span.since}", until: "{until}"}}, timezone: "{ZONE.key}"'
    asked = [("agent", cut.agent), ("organization", cut.organization)]
    asked += [("category", cut.category), ("priority", cut.priority)]
    matches = ", ".join(f'{name}: {{in: ["{id_}"]}}' for name, id_ in asked if id_)
    condition = f"filter: {{{matches}}}" if matches else ""
    return f"{report.value}: report({period} {condition} {further}) {{ {fields} }}"


def answer_of(data: dict[str, Any]) -> Answer:
    """The numbers in a document's data, in the common shape."""
    return {name: _SHAPES[Report(name)](report) for name, report in data.items()}


def _id(entity: dict[str, Any] | None) -> str | None:
    return None if entity is None else str(entity["id"])


def _performance(report: dict[str, Any]) -> Answer:
    found = report["performance"]
    return {
        "byStatus": {row["status"].lower(): row["count"] for row in found["ticketsByStatus"] if row["count"]},
        "byCategory": {_id(row["category"]): row["count"] for row in found["ticketsByCategory"] if row["count"]},
        **{
            kind: found[f"{kind}TimeDistribution"]
            | {"buckets": [bucket["count"] for bucket in found[f"{kind}TimeDistribution"]["buckets"]]}
            for kind in ("response", "resolution")
        },
    }


def _agents(report: dict[str, Any]) -> Answer:
    return {_id(row["agent"]): {k: v for k, v in row.items() if k != "agent"} for row in report["agents"]["rows"]}


def _volume(report: dict[str, Any]) -> Answer:
    return {point["start"]: {k: v for k, v in point.items() if k != "start"} for point in report["trends"]["volume"]}


def _categories(report: dict[str, Any]) -> Answer:
    return {_id(row["category"]): row["points"] for row in report["trends"]["categories"] if any(row["points"])}


_SHAPES: Final = {
    Report.SUMMARY: lambda report: report["summary"],
    Report.PERFORMANCE: _performance,
    Report.AGENTS: _agents,
    Report.VOLUME: _volume,
    Report.CATEGORIES: _categories,
    Report.GRID: lambda report: report["trends"]["seasonality"]["weekdayHour"],
}


class Ours:
    """The running gateway."""

    name = "ours"

    def __init__(self, server: HttpServer) -> None:
        self.server = server
        token = Identity(SharedSecret(SECRET)).issue(VIEWER, timedelta(hours=12))
        server.headers["Authorization"] = f"Bearer {token}"

    async def ask(self, question: Question, client: int = 0) -> bytes:
        """The body of the answer."""
        return await self.server.post(document(question), client)

    def answer(self, _: Question, came: bytes) -> Answer:
        """The numbers in it. Raises: ValueError."""
        return answer_of(data_of(came))


@asynccontextmanager
async def ours(dsn: str) -> AsyncIterator[Ours]:
    """The gateway over a database, with the settings it comes with but for `SETTINGS`."""
    port = free_port()
    environment = {"DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET, "DESKGRAPH_PORT": str(port)}
    async with serving(("-m", "cli", "serve"), port, "/graphql", {**environment, **SETTINGS}) as server:
        yield Ours(server)
