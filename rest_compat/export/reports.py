"""The four reports that have a route: their answer, all pages of it, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rest_compat.answering import whole
from rest_compat.asking import Asked
from rest_compat.export import sheets
from rest_compat.export.made import Made
from rest_compat.stored import ReportName
from schema.context import RequestContext
from schema.executor import Gateway

_TITLES: Final[Mapping[ReportName, str]] = {
    ReportName.SUMMARY: "Summary",
    ReportName.PERFORMANCE: "Performance report",
    ReportName.AGENTS: "Agent report",
    ReportName.TRENDS: "Trend analysis",
}
_METRICS: Final[Mapping[ReportName, tuple[str, ...]]] = {
    ReportName.SUMMARY: ("openTickets", "avgResponseTime", "resolutionRate", "csatScore"),
    ReportName.PERFORMANCE: ("ticketsCreated", "avgResponseTime", "avgResolutionTime"),
    ReportName.AGENTS: (
        *("ticketsCreated", "ticketsResolved", "openTickets"),
        *("avgResponseTime", "avgResolutionTime", "resolutionRate", "csatScore"),
    ),
    ReportName.TRENDS: ("ticketsCreated", "ticketsResolved", "reopens", "openTickets"),
}
"""What each shows, by the catalogue's names."""


async def made(gateway: Gateway, context: RequestContext, asked: Asked) -> Made:
    """The report as an export.

    Raises: Problem.
    """
    report, answer = asked.report, await whole(gateway, context, asked)
    title = _TITLES[report]
    head = {name: value for name, value in answer.items() if name != report.value}
    table = sheets.flat(report, title, answer)
    return Made(title, head, table, sheets.parts(report, answer), _METRICS[report], whole=answer)
