"""The stored documents: all that REST ever asks of GraphQL, read once."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).resolve().parent / "documents"


class ReportName(Enum):
    """The reports, by the last part of their route."""

    SUMMARY = "summary"
    PERFORMANCE = "performance"
    AGENTS = "agents"
    TRENDS = "trends"


def _document(name: str) -> str:
    """A document with the fragment that all of them share."""
    return "\n".join((_FOLDER / f"{part}.graphql").read_text("utf-8") for part in (name, "envelope"))


DOCUMENTS: Final[Mapping[ReportName, str]] = {report: _document(report.value) for report in ReportName}
STATE: Final = _document("state")
"""The envelope alone: what a conditional request is decided by."""
