"""CSV: RFC 4180 (CRLF, quotes where needed), UTF-8, one header row, formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any, Final

from rest_compat.export.content import Cell, Content
from rest_compat.export.options import Options

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: = + - @ in full width
"""What makes a spreadsheet take a text for a formula. Source: OWASP, "CSV Injection"."""

_PLAIN: Final = frozenset({int, float, type(None)})
"""What the library writes as `written` would."""


def written(cell: Cell) -> str | int | float:
    """A cell as it is written: numbers as they are, also negative ones; a text that could be a formula after a `'`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in _FORMULA_STARTS else cell
    return cell


async def write(content: Content, options: Options) -> AsyncGenerator[bytes]:
    """The file, in pieces: the headings at once, then a piece a batch."""
    if options.bom:
        yield BYTE_ORDER_MARK
    yield _lines([[column.heading for column in content.table.columns]])
    async with aclosing(content.table.batches()) as batches:
        async for batch in batches:
            yield _lines([cell if type(cell) in _PLAIN else written(cell) for cell in row] for row in batch)


def _lines(rows: Iterable[Iterable[Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()
