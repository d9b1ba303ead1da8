"""Parquet: the flat table with its columns' own types, and what the numbers are of in the file's metadata.

Each column's metadata has its `label` and its `unit`; of the file's, `deskgraph` is the answer's envelope, and
`definitions` are those of its metrics, both as JSON.
"""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from zoneinfo import ZoneInfo

import orjson

from rest_compat.export.content import Cell, Cells, Column, Content, Kind
from rest_compat.export.options import Options
from rest_compat.export.thread import Draw, written

if TYPE_CHECKING:
    from arro3.core import Array, DataType, RecordBatch, Schema

MAX_ROWS_A_GROUP: Final = 20_000
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_DATE_CHARACTERS: Final = len("2026-03-01")


def write(content: Content, _: Options) -> AsyncGenerator[bytes]:
    """The file, in pieces: the first once all of it is made."""
    return written(lambda draw: _made(content, draw))


@dataclass(frozen=True)
class _Stored:
    """How a column's cells are stored: as plain values of one type, which are then taken for another."""

    type: DataType
    plain: DataType
    value: Callable[[Any], Any]

    def array(self, cells: Sequence[Cell]) -> Array:
        from arro3.core import Array

        values = [None if cell is None else self.value(cell) for cell in cells]
        array = Array(values, self.plain)
        return array if self.type == self.plain else array.cast(self.type)


def _made(content: Content, draw: Draw) -> BinaryIO:
    from arro3.core import RecordBatchReader
    from arro3.io import write_parquet

    batches = draw(content.table.batches)
    first = next(batches, ())
    columns = content.table.columns
    zone = ZoneInfo(content.head["period"]["timezone"])
    stored = [_stored(column, [row[at] for row in first], zone) for at, column in enumerate(columns)]
    schema = _schema(content, stored)
    target = _Target(tempfile.TemporaryFile())  # noqa: SIM115  (who is handed the file closes it)
    try:
        coming = _record_batches(chain([first] if first else [], batches), stored, schema, target)
        write_parquet(
            RecordBatchReader.from_batches(schema, coming),
            target,  # type: ignore[arg-type]  # it needs no more of a file
            compression="zstd(3)",
            max_row_group_size=MAX_ROWS_A_GROUP,
            key_value_metadata=_of_file(content),
        )
        target.check()
    except BaseException:
        target.file.close()
        raise
    return target.file


class _Target:
    """A file that keeps its fault until it is asked for: the library panics at one that meets it while writing."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.fault: OSError | None = None

    def write(self, data: bytes) -> int:
        """As of a file, save for faults."""
        if self.fault is None:
            try:
                return self.file.write(data)
            except OSError as fault:
                self.fault = fault
        return len(data)

    def seek(self, offset: int, whence: int = 0) -> int:
        """As of a file."""
        return self.file.seek(offset, whence)

    def flush(self) -> None:
        """As of a file, save for faults."""
        try:
            self.file.flush()
        except OSError as fault:
            self.fault = self.fault or fault

    def check(self) -> None:
        """Raises: OSError, if there was one."""
        self.flush()
        if self.fault is not None:
            raise self.fault


def _of_file(content: Content) -> dict[str, str]:
    definitions = [{"label": one.label, "unit": one.unit, "text": one.text} for one in content.definitions]
    return {"deskgraph": orjson.dumps(content.head).decode(), "definitions": orjson.dumps(definitions).decode()}


def _schema(content: Content, stored: Sequence[_Stored]) -> Schema:
    from arro3.core import Field, Schema

    columns = zip(content.table.columns, stored, strict=True)
    return Schema([Field(one.key, how.type, metadata=_metadata(one)) for one, how in columns])


def _metadata(column: Column) -> dict[str, str]:
    """The label, and the unit: by `unitColumn` the one whose cell names it, where rows differ."""
    found = {"label": column.label, "unit": column.unit, "unitColumn": column.unit_key}
    return {name: value for name, value in found.items() if value is not None}


def _record_batches(
    batches: Iterator[Sequence[Cells]], stored: Sequence[_Stored], schema: Schema, target: _Target
) -> Iterator[RecordBatch]:
    from arro3.core import RecordBatch

    for batch in batches:
        if target.fault is not None:
            return  # who asked for the file is told
        columns = zip(stored, zip(*batch, strict=True), strict=True)
        yield RecordBatch.from_arrays([how.array(cells) for how, cells in columns], schema=schema)


def _stored(column: Column, cells: Sequence[Cell], zone: ZoneInfo) -> _Stored:
    from arro3.core import DataType

    if column.kind is Kind.INSTANT:
        return _of_instants(cells, zone)
    plain, value = {
        Kind.TEXT: (DataType.string(), _same),
        Kind.WHOLE: (DataType.int64(), _whole),
        Kind.NUMBER: (DataType.float64(), _number),
        Kind.TRUTH: (DataType.bool(), _same),
    }[column.kind]
    return _Stored(plain, plain, value)


def _of_instants(cells: Sequence[Cell], zone: ZoneInfo) -> _Stored:
    """Dates, where the first batch has dates alone; else date-times, of which a date is its day's beginning."""
    from arro3.core import DataType

    there = [cell for cell in cells if cell is not None]
    if there and all(len(str(cell)) == _DATE_CHARACTERS for cell in there):
        return _Stored(DataType.date32(), DataType.int32(), _day)

    def microseconds(cell: str) -> int:
        at = datetime.fromisoformat(cell)
        if len(cell) == _DATE_CHARACTERS:
            at = datetime.combine(at.date(), time(), zone)
        return (at - _EPOCH) // _MICROSECOND

    return _Stored(DataType.timestamp("us", tz=zone.key), DataType.int64(), microseconds)


def _day(cell: str) -> int:
    return date.fromisoformat(cell).toordinal() - _EPOCH_DAY


def _same(cell: Cell) -> Cell:
    return cell


def _number(cell: Cell) -> float | None:
    """A number; a text stands for one that is withheld."""
    return None if isinstance(cell, str) else float(cell)  # type: ignore[arg-type]


def _whole(cell: Cell) -> int | None:
    """A whole number; a text stands for one that is withheld.

    Raises: ValueError, for one that is not whole.
    """
    if cell is None or isinstance(cell, str):
        return None
    if cell != int(cell):
        raise ValueError(f"{cell!r} stands in a column of whole numbers")
    return int(cell)
