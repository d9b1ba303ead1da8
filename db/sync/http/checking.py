"""What is wrong with a source over an HTTP API: its first rows are read and made, and nothing is written anywhere."""

from __future__ import annotations

from db.errors import DeskgraphError
from db.sources.rows import Reject
from db.sync.findings import Findings
from db.sync.http.answer import Refused
from db.sync.http.making import Rows
from db.sync.http.source import ApiSource

_NOT_LET_IN = 401


async def check(source: ApiSource) -> list[Findings]:
    """What was found, table by table; where nothing can be read at all, that alone."""
    found = []
    try:
        looks = {name: look for name, look in source.looks().items() if look is not None}
        for name, look in looks.items():
            findings = Findings(name, notes=[source.notes[name]] if name in source.notes else [])
            found.append(findings)
            try:
                _judge(await look(), findings)
            except DeskgraphError as fault:
                findings.faults.append(fault.message)
                if not isinstance(fault, Refused) or fault.status == _NOT_LET_IN:
                    break
    finally:
        await source.close()
    return found


def _judge(rows: Rows, findings: Findings) -> None:
    """Counts what would be rejected, and why."""
    findings.warnings += rows.warnings
    findings.rows = len(rows.rows)
    findings.reject(row for row in rows.rows if isinstance(row, Reject))
