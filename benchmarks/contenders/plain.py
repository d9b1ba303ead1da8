"""The plain gateway in a process of its own, asked by GraphQL over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from benchmarks.contenders.questions import QUARTER, YEAR, YEARS, Answer, Cut, Question, Report, Span, before
from benchmarks.contenders.serving import HttpServer, data_of, free_port, serving
from benchmarks.desk.days import midnight
from benchmarks.desk.lives import instant
from db.catalog.times import RESOLUTION_EDGES, RESPONSE_EDGES

_TIMES: Final = "{ count mean median: percentile(share: 0.5) p90: percentile(share: 0.9) %s }"
_TWO: Final = _TIMES % ""
_SUMMARY: Final = (
    f"numbers(%s) {{ openTickets responseTime {_TWO} resolutionRate openBreached csatScore csatAverage csatCount }}"
)
_COMPARED: Final = "numbers(%s) { openTickets responseTime { mean } resolutionRate csatScore }"
_SPREAD: Final = _TIMES % "p95: percentile(share: 0.95) buckets(edges: %s)"
_AGENT: Final = (
    f"ticketsCreated ticketsResolved openTickets responseTime {_TWO} resolutionTime {_TWO} resolutionRate"
    " csatScore csatAverage csatCount"
)
_FIELDS: Final[dict[Report, tuple[tuple[Span, str], ...]]] = {
    Report.SUMMARY: ((QUARTER, _SUMMARY), (before(QUARTER), _COMPARED)),
    Report.PERFORMANCE: (
        (
            QUARTER,
            "numbers(%s) { byStatus { key count } byCategory { key count } "
            f"responseTime {_SPREAD % list(RESPONSE_EDGES)} resolutionTime {_SPREAD % list(RESOLUTION_EDGES)} }}",
        ),
    ),
    Report.AGENTS: ((QUARTER, f"agents(%s) {{ id numbers {{ {_AGENT} }} }}"),),
    Report.VOLUME: ((YEAR, "volume(%s) { created resolved reopened open }"),),
    Report.CATEGORIES: ((YEARS, "categories(%s) { key count }"),),
    Report.GRID: ((YEAR, "grid(%s) { key count }"),),
}


def document(question: Question) -> str:
    """The reports of a question as one GraphQL document."""
    fields = (
        f"{report.value}{number}: {text % _period(span, question.cut)}"
        for report in question.reports
        for number, (span, text) in enumerate(_FIELDS[report])
    )
    return "{ " + " ".join(fields) + " }"


def _period(span: Span, cut: Cut) -> str:
    asked = {"since": instant(midnight(span.since)).isoformat(), "until": instant(midnight(span.until)).isoformat()}
    ids = {"agent": cut.agent, "organization": cut.organization, "category": cut.category, "priority": cut.priority}
    asked |= {name: id_ for name, id_ in ids.items() if id_}
    return "period: {" + ", ".join(f'{name}: "{value}"' for name, value in asked.items()) + "}"


class Plain:
    """The running plain gateway."""

    name = "plain"

    def __init__(self, server: HttpServer) -> None:
        self.server = server

    async def ask(self, question: Question, client: int = 0) -> bytes:
        """The body of the answer."""
        return await self.server.post(document(question), client)

    def answer(self, _: Question, came: bytes) -> Answer:
        """What it says, in its own shape. Raises: ValueError."""
        return data_of(came)


@asynccontextmanager
async def plain(dsn: str) -> AsyncIterator[Plain]:
    """The plain gateway over a database."""
    port = free_port()
    command = (
        "-m",
        "uvicorn",
        "benchmarks.contenders.plain_gateway:app",
        "--port",
        str(port),
        "--log-level",
        "warning",
    )
    async with serving(command, port, "/", {"DATABASE_URL": dsn}) as server:
        yield Plain(server)
