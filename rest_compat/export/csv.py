"""CSV: RFC 4180 (CRLF, quotes where needed), UTF-8, one header row, formulas made harmless.

The separator and the decimal sign are those of RFC 4180 and JSON, unless others are asked for.
"""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any, Final

from rest_compat.export.content import Cell, Content
from rest_compat.export.options import PLAIN, Options

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
_FORMULA_STARTS: Final = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: = + - @ in full width
"""What makes a spreadsheet take a text for a formula. Source: OWASP, "CSV Injection"."""

_WHOLE: Final = frozenset({int, type(None)})
_PLAIN: Final = _WHOLE | {float}
"""What the library writes as `written` would, where decimals have a point."""


def written(cell: Cell, decimal: str = PLAIN.decimal) -> str | int | float:
    """A cell as it is written: numbers as they are, also negative ones; a text that could be a formula after a `'`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in _FORMULA_STARTS else cell
    return cell if decimal == PLAIN.decimal else repr(cell).replace(PLAIN.decimal, decimal)


async def write(content: Content, options: Options) -> AsyncGenerator[bytes]:
    """The file, in pieces: the headings at once, then a piece a batch."""
    separator, decimal = options.marks.separator, options.marks.decimal
    if options.bom:
        yield BYTE_ORDER_MARK
    plain = _PLAIN if decimal == PLAIN.decimal else _WHOLE
    yield _lines([[column.heading for column in content.table.columns]], separator)
    async with aclosing(content.table.batches()) as batches:
        async for batch in batches:
            rows = ([cell if type(cell) in plain else written(cell, decimal) for cell in row] for row in batch)
            yield _lines(rows, separator)


def _lines(rows: Iterable[Iterable[Any]], separator: str) -> bytes:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode()
