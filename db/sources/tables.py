"""Tables, whatever they are written in: CSV or NDJSON in, the physical line and the cells of each row out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any

import orjson

from db.errors import SetupFault
from db.sources.checks import BadCell
from db.sources.json_array import array_objects, is_array
from db.sources.rowplan import printable

if TYPE_CHECKING:
    from _csv import Reader

Line = tuple[int, Sequence[str] | BadCell]
"""The line on which a row begins, with its cells or why it has none."""


def csv_lines(content: IO[bytes], encoding: str, delimiter: str) -> Iterator[Line]:
    """The header, then the rows of a CSV file.

    TRICKY: strict, so that a quote that is left open at the end of the file is a fault and not one long cell.
    """
    utf8 = encoding.lower().replace("_", "-") in ("utf-8", "utf8", "utf-8-sig")
    text = io.TextIOWrapper(
        content,
        "utf-8-sig" if utf8 else encoding,
        "surrogateescape" if utf8 else "strict",  # a bad byte is its row's fault, found by checks.text
        newline="",
    )
    try:
        yield from _parsed(csv.reader(text, delimiter=delimiter, strict=True), delimiter)
    finally:
        if not content.closed:  # it belongs to who opened it
            text.detach()


def _parsed(reader: Reader, delimiter: str) -> Iterator[Line]:
    width = 0
    line = 1
    while True:
        try:
            for cells in reader:
                if not cells:
                    pass
                elif len(cells) == width:
                    yield line, cells
                elif not width:
                    width = len(cells)
                    yield line, cells
                else:
                    yield line, _misshapen(cells, width, delimiter)
                line = reader.line_num + 1
            return
        except csv.Error as fault:
            until = f" to {reader.line_num}" if reader.line_num > line else ""
            yield line, BadCell(f"not CSV, line {line}{until}: {fault}; is a quote left open?", text="")
            line = reader.line_num + 1


def _misshapen(cells: list[str], width: int, delimiter: str) -> BadCell:
    return BadCell(
        f"{len(cells)} cells where the header has {width}; quote cells that hold {delimiter!r}, quotes or line ends",
        text=printable(delimiter.join(cells)),
    )


def json_objects(content: IO[bytes]) -> Iterator[tuple[int, dict[str, Any] | BadCell]]:
    """The objects of a JSON file: of its one array, or one a line (NDJSON)."""
    if is_array(content):
        yield from array_objects(content)
        return
    for line, said in enumerate(content, 1):
        if line == 1:
            said = said.removeprefix(b"\xef\xbb\xbf")
        if not said.strip():
            continue
        try:
            value = orjson.loads(said)
        except orjson.JSONDecodeError as fault:
            yield line, BadCell(f"not JSON: {fault}", text=printable(said.decode(errors="replace").strip()))
            continue
        if isinstance(value, dict):
            yield line, value
        else:
            yield line, BadCell("not a JSON object; each line is one", text=printable(said.decode().strip()))


def json_lines(content: IO[bytes], columns: Sequence[str], allowed: frozenset[str] | None) -> Iterator[Line]:
    """The rows of an NDJSON file, as cells of those columns; None allows any other key."""
    for line, value in json_objects(content):
        if isinstance(value, BadCell):
            yield line, value
        elif allowed is not None and not value.keys() <= allowed:
            unknown = min(value.keys() - allowed)
            yield line, BadCell("an unknown column; a mapping can ignore it", unknown, printable(str(value[unknown])))
        else:
            yield line, cells_of(value, columns)


def cells_of(value: dict[str, Any], columns: Sequence[str]) -> list[str] | BadCell:
    """An object as cells of those columns."""
    cells = [value.get(name) for name in columns]
    for place, cell in enumerate(cells):
        if cell.__class__ is not str:
            try:
                cells[place] = _as_text(cell)
            except BadCell as fault:
                return BadCell(fault.reason, columns[place], printable(str(cell)))
    return cells  # type: ignore[return-value]  # each is a str by now


def _as_text(value: Any) -> str:
    """A JSON value as the cell of a CSV file would say it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        if any("|" in item for item in value):
            raise BadCell("an item of the list holds '|', which separates the items in the store")
        return "|".join(value)
    raise BadCell("neither text, number, boolean nor a list of texts")


def header_of(lines: Iterator[Line], name: str) -> Sequence[str]:
    """The first row of a CSV file.

    Raises: SetupFault, where it has none.
    """
    _, header = next(lines, (0, BadCell("it is empty")))
    if isinstance(header, BadCell):
        raise SetupFault(f"The file {name} has no header: {header.reason}. Its first line names its columns.")
    return header
