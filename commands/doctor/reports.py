"""Whether reports can be read as the server reads them, and how long one takes."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from typing import Final

from commands.doctor.findings import Finding, fault, fine, warning
from db.access import Role, Viewer
from db.errors import DeskgraphError, SetupFault
from db.revision import check
from db.rights import missing_rights
from schema.executor import Gateway

DOCUMENT: Final = """query ($zone: String!) {
    report(period: {preset: LAST_90_DAYS}, timezone: $zone) {
        summary { openTickets { value } avgResponseTime { value p90 } resolutionRate { value } csatScore { value } }
        trends { volume { start created } }
    }
}"""
"""What a dashboard asks, in a zone that rollups are kept for."""
_WATCHED_MS: Final = 2_000


async def of_reports(gateway: Gateway, zone: str) -> AsyncIterator[Finding]:
    """Reads the store as the server does. It reads no row of a ticket."""
    try:
        await check(gateway.engine)
    except SetupFault as found:
        yield fault("rights", found.message, "The message says what to run.")
        return
    except DeskgraphError as found:
        told = f"The server's login cannot read: {found.message}"
        yield fault("rights", told, "Mend that first.", private=found.message)
        return
    missing = await missing_rights(gateway.engine)
    if missing:
        told = f"The server's roles lack rights: {', '.join(missing)}."
        yield fault("rights", told, "Run `deskgraph migrate`, which grants anew what they need.")
    else:
        yield fine("rights", "The server's login may do what the server does.")
    yield await _timed(gateway, zone)


async def _timed(gateway: Gateway, zone: str) -> Finding:
    viewer = Viewer("doctor", Role.MANAGER)
    started = time.perf_counter()
    result = await gateway.execute(DOCUMENT, {"zone": zone}, gateway.context(viewer))
    ms = round(1000 * (time.perf_counter() - started))
    if result.errors:
        codes = sorted({str((error.extensions or {}).get("code", "INTERNAL")) for error in result.errors})
        told = f"A report of 90 days ends with {', '.join(codes)}."
        return fault("a report", told, "The server's log says more; so does `deskgraph explain`.")
    return of_time(ms)


def of_time(ms: int) -> Finding:
    """Of how long the report took."""
    told = f"A summary and trends of 90 days took {ms:,} ms, the first of a process."
    if ms > _WATCHED_MS:
        remedy = "Ask `deskgraph explain` what it read; see the findings on rollups, indexes and tables."
        return warning("a report", told, remedy)
    return fine("a report", told)
