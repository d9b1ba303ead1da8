"""Whether reports can be read as the server reads them, how long each takes, and which of its statements are slow."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final

from commands.doctor.findings import Finding, fault, fine, warning
from db.access import Role, Viewer
from db.errors import DeskgraphError, SetupFault
from db.revision import check
from db.rights import missing_rights
from db.statement import Statement
from resolvers.explained import in_words
from resolvers.plan import PlannedQuery
from rest_compat.stored import DOCUMENTS, ROUTED, ReportName
from schema.executor import Gateway

_PERIOD: Final = {"preset": "LAST_90_DAYS"}
_WATCHED_MS: Final = 2_000
_REMEDY: Final = (
    "See the findings on rollups, indexes and tables; docs/performance.md, Where a request is slow, says what to do"
    " about each reason, and `deskgraph explain` what else a question reads."
)


@dataclass(frozen=True)
class Ran:
    """A statement of a report."""

    what: str
    """What answered it, and why nothing cheaper did; of whom nothing."""
    ms: float


async def of_reports(gateway: Gateway, zone: str, bound_ms: int) -> AsyncIterator[Finding]:
    """Reads the store as the server does, what dashboards ask in a zone that rollups are kept for.

    `bound_ms`: a statement that takes longer is told of.
    """
    try:
        await check(gateway.engine)
    except SetupFault as found:
        yield fault("rights", found.message, "The message says what to run.")
        return
    except DeskgraphError as found:
        told = f"The server's login cannot read: {found.message}"
        yield fault("rights", told, "Mend that first.", found.message)
        return
    missing = await missing_rights(gateway.engine)
    if missing:
        told = f"The server's roles lack rights: {', '.join(missing)}."
        yield fault("rights", told, "Run `deskgraph migrate`, which grants anew what they need.")
    else:
        yield fine("rights", "The server's login may do what the server does.")
    for report in ROUTED:
        yield await _timed(gateway, report, zone, bound_ms)


async def _timed(gateway: Gateway, report: ReportName, zone: str, bound_ms: int) -> Finding:
    context, ran = gateway.context(Viewer("doctor", Role.MANAGER)), list[Ran]()

    def note(statement: Statement, seconds: float) -> None:
        ran.append(Ran(_what(statement), 1000 * seconds))

    gateway.engine.observers.append(note)
    started = time.perf_counter()
    try:
        result = await gateway.execute(DOCUMENTS[report], {"period": _PERIOD, "timezone": zone}, context)
    finally:
        gateway.engine.observers.remove(note)
    ms = round(1000 * (time.perf_counter() - started))
    if result.errors:
        codes = sorted({str((error.extensions or {}).get("code", "INTERNAL")) for error in result.errors})
        told = f"One of 90 days ends with {', '.join(codes)}{_slow(ran, bound_ms)}."
        return fault(_subject(report), told, f"The server's log says more. {_REMEDY}")
    return of_time(report, ms, ran, bound_ms)


def _what(statement: Statement) -> str:
    if isinstance(statement.about, PlannedQuery):
        return in_words(statement.about)
    return "what is no number (the store's version, names)"


def of_time(report: ReportName, ms: int, ran: Sequence[Ran], bound_ms: int) -> Finding:
    """Of how long a report took, and which of its statements took long."""
    slow = _slow(ran, bound_ms)
    told = f"One of 90 days took {ms:,} ms in a process that has just begun{slow}."
    if slow or ms > _WATCHED_MS:
        return warning(_subject(report), told, _REMEDY)
    return fine(_subject(report), told)


def _subject(report: ReportName) -> str:
    return f"report {report.value}"


def _slow(ran: Sequence[Ran], bound_ms: int) -> str:
    """Those that took longer than they should, the slowest first."""
    slow = sorted((one for one in ran if one.ms > bound_ms), key=lambda one: -one.ms)
    if not slow:
        return ""
    each = " | ".join(f"{one.ms:,.0f} ms from {one.what}" for one in slow)
    return f"; {len(slow)} of its {len(ran)} statements took more than {bound_ms:,} ms: {each}"
