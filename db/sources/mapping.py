"""The language of mapping files: a TOML document in, a mapping out, or every fault in it at once."""

from __future__ import annotations

import codecs
import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter
from typing import Any, Final

from db.errors import BadInput, SetupFault
from db.sources.checks import ISO, BadCell, Cell, TimeFormat, check_of
from db.sources.columns import FORMATS, LOG_STAMP, Column, Format
from db.sources.mapping_values import DIMENSIONS, CellMapping, EventLog, Mapping, Otherwise, TableMapping
from db.sources.rows import RowKind
from db.zones import zone_named

__all__ = ["Mapping", "load_mapping", "read_mapping"]

CHANGES: Final = ("status", "assignee", "team", "category", "priority")
"""The columns of tickets whose change is an event."""

KINDS: Final = {kind.value: kind for kind in FORMATS}
SETTINGS: Final = (
    "delimiter", "encoding", "absent", "ignore", "time", "zone", "prefer", "absent_before_creation", "event_log",
)  # fmt: skip
_ORIGINS: Final = ("column", "columns", "template", "value")
_CELL_KEYS: Final = (*_ORIGINS, "absent", "map", "otherwise", "split", "time", "zone")
_TABLE_KEYS: Final = ("file", "where")
_SPELLINGS: Final = ("iso", "epoch_seconds", "epoch_milliseconds")
_CLEARABLE: Final = ("first_response_at", "resolved_at", "closed_at", "updated_at")
_SAMPLE: Final = datetime(2003, 12, 25, 21, 43, tzinfo=UTC)
"""What every time format has to bring back, at least its day."""


def load_mapping(path: Path) -> Mapping:
    """The mapping that the file describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise SetupFault(
            f"The mapping {path} cannot be read: {fault.strerror}. Give the path of a TOML file."
        ) from None
    return read_mapping(path.name, content)


def read_mapping(name: str, content: bytes) -> Mapping:
    """The mapping that a file's content describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    try:
        document = tomllib.loads(content.decode())
    except ValueError as fault:
        raise SetupFault(f"The mapping {name} is not TOML in UTF-8: {fault}.") from None
    return _mapping(name, document, hashlib.blake2b(content, digest_size=32).hexdigest())


def _counted(faults: int) -> str:
    return "1 fault" if faults == 1 else f"{faults} faults"


class _Reader:
    """Takes values out of a document and notes what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def known(self, where: str, given: Iterable[str], allowed: Iterable[str]) -> None:
        """Notes the keys that are not allowed."""
        unknown = sorted(set(given) - set(allowed))
        if unknown:
            self.faults.append(f"{where}: unknown {', '.join(unknown)}; allowed: {', '.join(allowed)}")

    def string(self, where: str, value: Any, default: str) -> str:
        """The value, or the default where it is no string."""
        if isinstance(value, str):
            return value
        self.faults.append(f"{where}: {value!r} is not a string; write it in quotes")
        return default

    def strings(self, where: str, value: Any) -> tuple[str, ...]:
        """The value, or nothing where it is no list of strings."""
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        self.faults.append(f"{where}: {value!r} is not a list of strings")
        return ()

    def one_of(self, where: str, value: Any, allowed: tuple[str, ...]) -> str:
        """The value, or the first allowed one where it is none of them."""
        if value in allowed:
            return str(value)
        self.faults.append(f"{where}: {value!r}; allowed: {', '.join(allowed)}")
        return allowed[0]

    def time(self, where: str, given: dict[str, Any], default: TimeFormat) -> TimeFormat:
        """The time format that `time` and `zone` name."""
        spelling = self.string(f"{where}time", given["time"], "iso") if "time" in given else default.spelling
        if "time" in given and spelling not in _SPELLINGS and not _brings_back(spelling):
            self.faults.append(
                f"{where}time: {spelling!r}; allowed: {', '.join(_SPELLINGS)}, or a strptime format such as "
                "'%d/%m/%Y %H:%M' that holds year, month and day"
            )
        zone = default.zone
        if "zone" in given:
            try:
                zone = zone_named(self.string(f"{where}zone", given["zone"], "UTC"))
            except BadInput as fault:
                self.faults.append(f"{where}zone: {fault.message}")
        return TimeFormat(spelling, zone)


def _brings_back(spelling: str) -> bool:
    try:
        return datetime.strptime(_SAMPLE.strftime(spelling), spelling).date() == _SAMPLE.date()  # noqa: DTZ007 a date's spelling is tried
    except ValueError:
        return False


def _mapping(name: str, document: dict[str, Any], digest: str) -> Mapping:
    faults: list[str] = []
    mapping = mapping_of(document, digest, faults)
    if faults:
        raise SetupFault(f"The mapping {name} has {_counted(len(faults))}:\n- " + "\n- ".join(faults))
    return mapping


def mapping_of(document: dict[str, Any], digest: str, faults: list[str]) -> Mapping:
    """The mapping that a document describes; what is wrong with it is added to the faults."""
    reader = _Reader()
    reader.known("the file", document, (*SETTINGS, *KINDS))
    mapping = replace(_settings(reader, document), digest=digest)
    tables = tuple(
        _table(reader, kind, table, mapping.defaults)
        for word, kind in KINDS.items()
        if word in document
        for table in (document[word] if isinstance(document[word], list) else [document[word]])
    )
    mapping = replace(mapping, tables=tables)
    if "event_log" in document:
        mapping = replace(mapping, event_log=_event_log(reader, document["event_log"], mapping))
    faults += reader.faults
    return mapping


def _settings(reader: _Reader, document: dict[str, Any]) -> Mapping:
    ignore = document.get("ignore", [])
    cleared = reader.strings("absent_before_creation", document.get("absent_before_creation", []))
    reader.known("absent_before_creation", cleared, _CLEARABLE)
    delimiter = reader.string("delimiter", document.get("delimiter", ","), ",")
    if len(delimiter) != 1 or delimiter in '"\r\n':
        reader.faults.append(f"delimiter: {delimiter!r} is not one character that can separate cells")
    encoding = reader.string("encoding", document.get("encoding", "utf-8"), "utf-8")
    try:
        codecs.lookup(encoding)
    except LookupError:
        reader.faults.append(f"encoding: {encoding!r} is not known; give one such as utf-8, latin-1, cp1252, utf-16")
    return Mapping(
        defaults=CellMapping(
            absent=frozenset({"", *reader.strings("absent", document.get("absent", []))}),
            time=reader.time("", document, ISO),
        ),
        ignored=frozenset(reader.strings("ignore", ignore)) if ignore != "*" else frozenset(),
        ignores_all=ignore == "*",
        delimiter=delimiter,
        encoding=encoding,
        prefers_columns=reader.one_of("prefer", document.get("prefer", "events"), ("events", "columns")) == "columns",
        absent_before_creation=cleared,
    )


def _table(reader: _Reader, kind: RowKind, table: Any, defaults: CellMapping) -> TableMapping:
    where = f"[{kind.value}]"
    if not isinstance(table, dict):
        reader.faults.append(f"{where} is not a table of columns")
        return TableMapping(kind, {})
    form = FORMATS[kind]
    cells = _cells(reader, where, {key: table[key] for key in table if key not in _TABLE_KEYS}, (form, defaults))
    file, needed = (reader.string(f"{where} {key}", table[key], "") if key in table else None for key in _TABLE_KEYS)
    if needed is not None and needed not in cells:
        reader.faults.append(f"{where} where: {needed!r} is no column of this table; allowed: {', '.join(cells)}")
    return TableMapping(kind, cells, file, needed)


def _cells(
    reader: _Reader, where: str, given: dict[str, Any], against: tuple[Format, CellMapping]
) -> dict[str, CellMapping]:
    form, defaults = against
    reader.known(where, given, form.names)
    for column in form.columns:
        if column.required and column.name not in given:
            reader.faults.append(f"{where} lacks the required column {column.name}")
    return {
        column.name: _cell(reader, f"{where} {column.name}: ", given[column.name], (column, defaults))
        for column in form.columns
        if column.name in given
    }


def _cell(reader: _Reader, where: str, given: Any, against: tuple[Column, CellMapping]) -> CellMapping:
    column, defaults = against
    if isinstance(given, str):
        return replace(defaults, columns=(given,))
    if not isinstance(given, dict):
        reader.faults.append(f"{where}{given!r} is neither a source column nor a table of {', '.join(_CELL_KEYS)}")
        return defaults
    reader.known(where.rstrip(": "), given, _CELL_KEYS)
    cell = _origin(reader, where, given, replace(defaults, time=reader.time(where, given, defaults.time)))
    if column.cell is not Cell.TAGS and ("split" in given or "columns" in given):
        reader.faults.append(f"{where}split and columns are for tags only; a template joins columns")
    if column.cell is not Cell.TIME and ("time" in given or "zone" in given):
        reader.faults.append(f"{where}time and zone are for times only")
    cell = replace(
        cell,
        absent=cell.absent | frozenset(reader.strings(f"{where}absent", given.get("absent", []))),
        split=reader.string(f"{where}split", given.get("split", "|"), "|") or "|",
    )
    if cell.value is not None:
        _check_word(reader, f"{where}value", cell.value, (column.cell, cell))
    if cell.value is not None and {"map", "absent", "split"} & given.keys():
        reader.faults.append(f"{where}a value is taken as it is; leave out map, absent and split")
    if "map" not in given:
        if "otherwise" in given:
            reader.faults.append(f"{where}otherwise says what a map does not name, but there is no map")
        return cell
    rules = tuple(rule.value for rule in Otherwise)
    rule = Otherwise(reader.one_of(f"{where}otherwise", given.get("otherwise", "reject"), rules))
    return replace(cell, words=_words(reader, where, given["map"], (column.cell, cell)), otherwise=rule)


def _origin(reader: _Reader, where: str, given: dict[str, Any], cell: CellMapping) -> CellMapping:
    origins = [key for key in _ORIGINS if key in given]
    if len(origins) != 1:
        reader.faults.append(f"{where}give one of {', '.join(_ORIGINS)}; there are {len(origins)}")
        return cell
    origin = origins[0]
    if origin == "columns":
        return replace(cell, columns=reader.strings(where + origin, given[origin]))
    said = reader.string(where + origin, given[origin], "")
    if origin == "column":
        return replace(cell, columns=(said,))
    if origin == "value":
        return replace(cell, value=said)
    try:
        names = tuple(name for _, name, _, _ in Formatter().parse(said) if name is not None)
    except ValueError as fault:
        reader.faults.append(f"{where}template: {fault}; write {{column}} for a source column")
        return cell
    return replace(cell, columns=names, template=said)


def _words(reader: _Reader, where: str, given: Any, against: tuple[Cell, CellMapping]) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(word, str) for word in given.values()):
        reader.faults.append(f"{where}map is not a table of words in quotes")
        return {}
    for source, word in given.items():
        _check_word(reader, f"{where}map: {source!r}", word, against)
    return dict(given)


def _check_word(reader: _Reader, where: str, word: str, against: tuple[Cell, CellMapping]) -> None:
    kind, mapped = against
    try:
        if word:
            check_of(kind, mapped.time)(word)
    except BadCell as fault:
        reader.faults.append(f"{where} becomes {word!r}: {fault.reason}")


def _event_log(reader: _Reader, given: Any, mapping: Mapping) -> EventLog:
    if not isinstance(given, dict):
        reader.faults.append("[event_log] is not a table")
        return EventLog({}, ())
    changes = reader.strings("[event_log] changes", given.get("changes", list(CHANGES)))
    stamp = {key: given[key] for key in given if key != "changes"}
    reader.known("[event_log]", stamp, ("changes", *LOG_STAMP.names))
    stamp = {key: stamp[key] for key in stamp if key in LOG_STAMP.names}
    reader.known("[event_log] changes", changes, CHANGES)
    tickets = [table for table in mapping.tables if table.kind is RowKind.TICKETS]
    if len(tickets) != 1:
        reader.faults.append(
            f"[event_log] needs one [tickets], whose id tells whose row it is; there are {len(tickets)}"
        )
    for name in changes:
        if tickets and name in CHANGES and name not in tickets[0].cells:
            reader.faults.append(f"[event_log] changes: {name!r} is no column of [tickets]")
    for table in mapping.tables:
        if table.kind is not RowKind.TICKETS and table.kind not in DIMENSIONS and table.file is None:
            reader.faults.append(
                f"[{table.kind.value}] would be made from every row of the event log; give it a file of its own"
            )
    return EventLog(_cells(reader, "[event_log]", stamp, (LOG_STAMP, mapping.defaults)), changes)
