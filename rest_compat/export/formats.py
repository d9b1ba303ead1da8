"""The formats of the export: one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from rest_compat.export import csv, json, ndjson
from rest_compat.reshape import Json


@dataclass(frozen=True)
class Format:
    """How an answer becomes a file."""

    name: str
    media_type: str
    chunks: Callable[[Json], Iterator[bytes]]
    marked_chunks: Callable[[Json], Iterator[bytes]] | None = None
    """The same after a byte order mark, for the formats that may have one."""


FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format("csv", "text/csv; charset=utf-8; header=present", csv.chunks, csv.marked_chunks),
        Format("json", "application/json", json.chunks),
        Format("ndjson", "application/x-ndjson", ndjson.chunks),
    )
}
TO_COME: Final = ("xlsx", "pdf", "parquet")
"""Formats of the contract that are not there yet."""


def file_name(answer: Json, ending: str) -> str:
    """A name that tells what is inside: the report and the local days of its period."""
    period = answer["period"]
    return f"deskgraph-{answer['report']}-{period['since'][:10]}-{period['until'][:10]}.{ending}"
