"""How an unknown file is written, and its rows: the one place here that reads files."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from charset_normalizer import from_bytes

from db.errors import SetupFault
from db.sources.checks import BadCell
from db.sources.streams import content_name, opened
from db.sources.tables import csv_lines, header_of, json_lines, json_objects

_HEAD_BYTES: Final = 1 << 20
_HEAD_LINES: Final = 200
_OBJECTS: Final = 1_000
"""The objects whose keys are taken for the columns of a JSON file."""
_FOREIGN_LINES: Final = 300
_DELIMITERS: Final = (",", ";", "\t", "|", "^", "~", ":")


@dataclass(frozen=True)
class Shape:
    """How a file is written."""

    is_json: bool
    delimiter: str = ","
    encoding: str = "utf-8"
    is_encoding_sure: bool = True


@dataclass(frozen=True)
class Table:
    """A file's columns, and where its rows are read from."""

    path: Path
    shape: Shape
    columns: tuple[str, ...]
    nested: tuple[str, ...] = ()
    """Keys of JSON objects that hold objects, which no mapping reads."""

    def rows(self, limit: int) -> Iterator[Sequence[str]]:
        """The cells of the first rows, without those that are no rows."""
        with opened(self.path) as stream:
            if self.shape.is_json:
                lines = json_lines(stream.content, self.columns, None)
            else:
                lines = csv_lines(stream.content, self.shape.encoding, self.shape.delimiter)
                next(lines)  # the header
            for _, cells in islice(lines, limit):
                if not isinstance(cells, BadCell):
                    yield cells


def open_table(path: Path) -> Table:
    """The table that a file holds.

    Raises: SetupFault, for a file that is none.
    """
    name = content_name(path)
    with opened(path) as stream:
        if name.endswith((".json", ".ndjson", ".jsonl")):
            if name.endswith(".jsonl"):
                raise SetupFault(f"The import reads NDJSON under that name: call {path.name} something.ndjson.")
            found = [value for _, value in islice(json_objects(stream.content), _OBJECTS) if isinstance(value, dict)]
            keys = dict.fromkeys(key for value in found for key in value)
            nested = {key for value in found for key, cell in value.items() if _is_nested(cell)}
            columns = tuple(key for key in keys if key not in nested)
            table = Table(path, Shape(is_json=True), columns, tuple(sorted(nested)))
        else:
            shape = _csv_shape(stream.content.read(_HEAD_BYTES))
            stream.content.seek(0)
            header = header_of(csv_lines(stream.content, shape.encoding, shape.delimiter), path.name)
            table = Table(path, shape, tuple(header))
    if not table.columns:
        raise SetupFault(f"The file {path.name} holds no rows that could be looked at.")
    return table


def _is_nested(cell: object) -> bool:
    return isinstance(cell, dict) or (isinstance(cell, list) and not all(isinstance(item, str) for item in cell))


def _csv_shape(head: bytes) -> Shape:
    encoding, is_sure = _encoding(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head)
    return Shape(is_json=False, delimiter=_delimiter(text), encoding=encoding, is_encoding_sure=is_sure)


def _encoding(head: bytes) -> tuple[str, bool]:
    """The encoding, and whether it is known: a byte order mark, or bytes that only UTF-8 makes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", True
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        foreign = [line for line in head.splitlines() if not line.isascii()][:_FOREIGN_LINES]
        best = from_bytes(b"\n".join(foreign)).best()
        return (best.encoding if best else "cp1252"), False
    return "utf-8", True


def _delimiter(text: str) -> str:
    """What parts the first lines into the most cells, as many in each."""

    def cells(delimiter: str) -> int:
        lines = text.splitlines(keepends=True)[: _HEAD_LINES + 1]
        whole = lines[:-1] if len(lines) > 1 else lines  # the last one may be cut
        widths = [len(row) for row in csv.reader(io.StringIO("".join(whole)), delimiter=delimiter) if row]
        return widths[0] if widths and widths.count(widths[0]) >= 0.9 * len(widths) else 0

    return max(_DELIMITERS, key=cells)
