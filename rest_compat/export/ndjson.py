"""NDJSON: the answer's envelope on the first line, then the rows of the report's flat table, one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Final

import orjson

from rest_compat.export.tables import TABLES
from rest_compat.reshape import Json
from rest_compat.stored import ReportName

_ROWS_A_CHUNK: Final = 500


def chunks(answer: Json) -> Iterator[bytes]:
    """The file, in pieces."""
    report = ReportName(answer["report"])
    yield _line({name: value for name, value in answer.items() if name != report.value})
    rows = TABLES[report].full_rows(answer)
    while piece := b"".join(map(_line, islice(rows, _ROWS_A_CHUNK))):
        yield piece


def _line(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)
