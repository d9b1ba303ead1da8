"""The formats of the export: one table."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from rest_compat.export import csv, json, ndjson, parquet, pdf, xlsx
from rest_compat.export.content import Content
from rest_compat.export.options import Options

Write = Callable[[Content, Options], AsyncGenerator[bytes]]
"""Writes a file, in pieces. What it takes from the content it takes as it goes."""


@dataclass(frozen=True)
class Format:
    """How a content becomes a file."""

    name: str
    media_type: str
    write: Write
    streams: bool
    """Whether its first bytes leave before its last are known; if not, its first piece comes once all is made."""
    options: frozenset[str] = frozenset()
    """The options that it heeds, beside the language."""
    check_rows: Callable[[int], None] | None = None
    """Refuses more tickets than a file holds, by a Problem; None where a file holds any."""
    check_content: Callable[[Content, Options], Awaitable[None]] | None = None
    """Refuses any other report that a file does not hold, by a Problem, having read all of it; None: it holds any."""


FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format(
            "csv",
            "text/csv; charset=utf-8; header=present",
            csv.write,
            streams=True,
            options=frozenset({"bom", "separator"}),
        ),
        Format("json", "application/json", json.write, streams=True),
        Format("ndjson", "application/x-ndjson", ndjson.write, streams=True),
        Format("parquet", "application/vnd.apache.parquet", parquet.write, streams=False),
        Format("pdf", "application/pdf", pdf.write, streams=False, check_rows=pdf.check_rows, check_content=pdf.check),
        Format("xlsx", xlsx.MEDIA_TYPE, xlsx.write, streams=False, check_rows=xlsx.check_rows),
    )
}
OF_SOME: Final = frozenset().union(*(one.options for one in FORMATS.values()))
"""The options that only some formats heed."""


def file_name(content: Content, ending: str) -> str:
    """A name that tells what is inside: the report and the local days of its period."""
    period = content.head["period"]
    return f"deskgraph-{content.report}-{period['since'][:10]}-{period['until'][:10]}.{ending}"
