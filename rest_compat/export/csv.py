"""CSV: RFC 4180 (CRLF, quotes where needed), UTF-8, one header row, formulas made harmless."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Final

from rest_compat.export.tables import TABLES, Cell
from rest_compat.reshape import Json
from rest_compat.stored import ReportName

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()
_ROWS_A_CHUNK: Final = 500
_FORMULA_STARTS: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")  # the last four: = + - @ in full width
"""What makes a spreadsheet take a text for a formula. Source: OWASP, "CSV Injection"."""


def written(cell: Cell) -> str | int | float:
    """A cell as it is written: numbers as they are, also negative ones; a text that could be a formula after a `'`."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
    return cell


def chunks(answer: Json) -> Iterator[bytes]:
    """The file, in pieces."""
    table = TABLES[ReportName(answer["report"])]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([column.heading for column in table.columns])
    for number, row in enumerate(table.full_rows(answer), start=1):
        writer.writerow([written(cell) for cell in row.values()])
        if number % _ROWS_A_CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def marked_chunks(answer: Json) -> Iterator[bytes]:
    """The file after a byte order mark, which makes Excel read it as UTF-8."""
    yield BYTE_ORDER_MARK
    yield from chunks(answer)
