"""Exported files, read by libraries that had no part in writing them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import openpyxl
import pyarrow.parquet

from rest_compat.export.content import Column, Kind

ZONE: Final = ZoneInfo("Europe/Berlin")
Rows = list[list[Any]]
"""Cells in the order of the columns; each reader's own values."""


@dataclass(frozen=True)
class Sheet:
    """A sheet of a workbook, without its headings' units."""

    name: str
    labels: list[str]
    rows: Rows


def ndjson(file: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The envelope and the rows."""
    head, *rows = [json.loads(line) for line in file.splitlines()]
    return head, rows


def from_csv(file: bytes) -> Rows:
    """The rows below the headings, as texts."""
    return list(csv.reader(io.StringIO(file.decode("utf-8"), newline=""), strict=True))[1:]


def from_parquet(file: bytes) -> Rows:
    """The rows, as Python's own values."""
    table = pyarrow.parquet.read_table(io.BytesIO(file))
    return [list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def sheets(file: bytes) -> list[Sheet]:
    """The sheets that are tables: those with filters."""
    book = openpyxl.load_workbook(io.BytesIO(file))
    found = [sheet for sheet in book.worksheets if sheet.auto_filter.ref]
    read = []
    for sheet in found:
        head, *rows = sheet.iter_rows()
        read.append(Sheet(sheet.title, [cell.value for cell in head], [[cell.value for cell in row] for row in rows]))
    return read


def same_text(cell: Any, read: str, _: Column) -> bool:
    """Whether a CSV's text is what a cell is written as."""
    if cell is None or isinstance(cell, bool):
        return read == {None: "", True: "true", False: "false"}[cell]
    if isinstance(cell, str):
        return read in (cell, f"'{cell}")
    return type(cell)(read) == cell


def same_typed(cell: Any, read: Any, column: Column) -> bool:
    """Whether a value of Parquet is that of a cell; what is withheld is null."""
    if cell is None or (isinstance(cell, str) and column.kind in (Kind.WHOLE, Kind.NUMBER)):
        return read is None
    if column.kind is Kind.INSTANT:
        return bool(read == _instant(cell, read))
    return bool(read == cell) and (column.kind is Kind.TRUTH) == isinstance(read, bool)


def _instant(cell: str, read: Any) -> datetime | date:
    if not isinstance(read, datetime):
        return date.fromisoformat(cell)
    at = datetime.fromisoformat(cell)
    return at if at.tzinfo else datetime.combine(at, time(), ZONE)


def same_shown(cell: Any, read: Any, column: Column) -> bool:
    """Whether a value of a spreadsheet is that of a cell: durations and instants are its own, to the millisecond."""
    if cell is None or isinstance(cell, str | bool):
        if column.kind is Kind.INSTANT and cell is not None:
            wanted = datetime.fromisoformat(cell)
            local = wanted.astimezone(ZONE).replace(tzinfo=None) if wanted.tzinfo else wanted
            return abs(read - local) <= timedelta(milliseconds=1)
        return type(read) is type(cell) and read == cell
    if isinstance(read, timedelta):
        return abs(read.total_seconds() - cell) <= 0.001
    return isinstance(read, int | float) and not isinstance(read, bool) and abs(read - cell) <= abs(cell) * 1e-14


Same = Callable[[Any, Any, Column], bool]


def differences(columns: Sequence[Column], wanted: Sequence[Sequence[Any]], read: Rows, same: Same) -> list[str]:
    """What is not the same, row by row and cell by cell."""
    if len(wanted) != len(read):
        return [f"{len(read)} rows instead of {len(wanted)}"]
    return [
        f"row {n}, {column.key}: {found!r} instead of {cell!r}"
        for n, (row, other) in enumerate(zip(wanted, read, strict=True))
        for column, cell, found in zip(columns, row, other, strict=True)
        if not same(cell, found, column)
    ]
