"""The language of source files: a TOML document in, what it describes out, or every fault in it at once."""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from db.errors import SetupFault
from db.sources.mapping import KINDS, SETTINGS, mapping_of
from db.sources.mapping_values import Mapping, TableMapping
from db.sources.rows import RowKind
from db.sync.postgresql.described import OF_TICKETS, Described, Table
from db.sync.postgresql.ready import READY, completed
from db.sync.source import Pace

NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]*")
_CHANNEL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")
_NAMED: Final = (RowKind.SLA_POLICIES, RowKind.CALENDARS)
_TABLE_KEYS: Final = ("select", "watermark", "key")
_NOT_HERE: Final = ("file", "where", "delimiter", "encoding", "event_log")
_NUMBERS: Final = {
    "interval_seconds": (5.0, 0.2, 86_400.0),
    "reconcile_seconds": (3_600.0, 10.0, 604_800.0),
    "overlap_seconds": (300.0, 0.0, 604_800.0),
    "overlap_rows": (1_000, 0, 10_000_000),
    "whole_seconds": (600.0, 1.0, 604_800.0),
}
"""What a source file may set: the default, the least, the most."""
_KINDS: Final = {**KINDS, RowKind.CALENDARS.value: RowKind.CALENDARS}
_KEYS: Final = ("kind", "name", "dsn_env", "notify", *_NUMBERS)
_ALLOWED: Final = (*_KEYS, *(key for key in SETTINGS if key not in _NOT_HERE), *_KINDS)


def load_source(path: Path) -> Described:
    """What the source file describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    try:
        content = path.read_bytes()
        document = tomllib.loads(content.decode())
    except OSError as fault:
        raise SetupFault(
            f"The source file {path} cannot be read: {fault.strerror}. Give the path of a TOML file."
        ) from None
    except ValueError as fault:
        raise SetupFault(f"The source file {path.name} is not TOML in UTF-8: {fault}.") from None
    faults: list[str] = []
    document, ready = completed(document, faults)
    digest = hashlib.blake2b(content + ready, digest_size=16).hexdigest()
    return _Reading(path, document, digest, faults).described()


class _Reading:
    """Takes a document apart, and notes what is wrong with it."""

    def __init__(self, path: Path, document: dict[str, Any], digest: str, faults: list[str]) -> None:
        self._path = path
        self._document = document
        self._digest = digest
        self._faults = faults

    def described(self) -> Described:
        """What the document describes."""
        document = self._document
        name = self._matching("name", document.get("name", self._path.stem), NAME, "a name in lower case, such as desk")
        if document.get("kind", "postgresql") != "postgresql":
            self._fault(f"kind: {document['kind']!r}; allowed: postgresql, {', '.join(READY)}")
        dsn_env = self._matching(
            "dsn_env", document.get("dsn_env"), _VARIABLE, "the name of an environment variable, such as PORTAL_DSN"
        )
        notify = document.get("notify")
        if notify is not None:
            notify = self._matching("notify", notify, _CHANNEL, "the name of a channel")
        for key in document:
            if key in _NOT_HERE:
                self._fault(f"{key}: is of files; a source file has SELECTs")
            elif key not in _ALLOWED:
                self._fault(f"{key}: is not known; known are {', '.join(_ALLOWED)}")
        numbers = {key: self._number(key) for key in _NUMBERS}
        tables = self._tables()
        mapping = self._mapping(tables)
        if self._faults:
            counted = "1 fault" if len(self._faults) == 1 else f"{len(self._faults)} faults"
            raise SetupFault(f"The source file {self._path.name} has {counted}:\n- " + "\n- ".join(self._faults))
        return Described(
            name=name,
            dsn_env=dsn_env,
            tables=tuple(self._mapped(mapping, tables)),
            mapping=mapping,
            pace=Pace(numbers["interval_seconds"], numbers["reconcile_seconds"]),
            overlap_seconds=numbers["overlap_seconds"],
            overlap_rows=int(numbers["overlap_rows"]),
            whole_seconds=numbers["whole_seconds"],
            notify=notify,
        )

    def _fault(self, told: str) -> None:
        self._faults.append(told)

    def _matching(self, key: str, value: Any, form: re.Pattern[str], wanted: str) -> str:
        if isinstance(value, str) and form.fullmatch(value):
            return value
        self._fault(f"{key}: " + ("is missing" if value is None else f"{value!r} is not allowed") + f"; give {wanted}")
        return ""

    def _number(self, key: str) -> float:
        default, least, most = _NUMBERS[key]
        value = self._document.get(key, default)
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self._fault(f"{key}: {value!r}; a number from {least:g} to {most:g} is allowed")
        return float(default)

    def _tables(self) -> list[tuple[Table, dict[str, Any]]]:
        """Each table, with what it says of the format's columns."""
        found = []
        for word, kind in _KINDS.items():
            given = self._document.get(word, [])
            several = given if isinstance(given, list) else [given]
            for number, table in enumerate(several, start=1):
                name = word if len(several) == 1 else f"{word}[{number}]"
                if isinstance(table, dict):
                    found.append(self._table(name, kind, table))
                else:
                    self._fault(f"[{name}] is not a table of keys")
        tickets = sum(table.kind is RowKind.TICKETS for table, _ in found)
        if tickets != 1:
            self._fault(f"[tickets] stands {tickets} times; one SELECT gives all tickets, be it with UNION ALL")
        return found

    def _table(self, name: str, kind: RowKind, given: dict[str, Any]) -> tuple[Table, dict[str, Any]]:
        cells = {key: value for key, value in given.items() if key not in _TABLE_KEYS}
        for key in set(cells) & set(_NOT_HERE):
            self._fault(f"[{name}] {key}: is of files; the SELECT says which rows there are")
        select = given.get("select")
        if not isinstance(select, str) or not select.strip():
            self._fault(f"[{name}] select: is missing; give the SELECT whose rows are {kind.value}")
            select = ""
        if kind is RowKind.CALENDARS and cells:
            self._fault(f"[{name}] {', '.join(cells)}: a calendar's columns are the format's own; name them so")
            cells = {}
        watermark, key = given.get("watermark"), given.get("key", "name" if kind in _NAMED else "id")
        if watermark is None and kind in OF_TICKETS:
            self._fault(
                f"[{name}] watermark: is missing; give a column that rises with every change, such as updated_at"
            )
        for word, value in (("watermark", watermark), ("key", key)):
            if not isinstance(value, str | None):
                self._fault(f"[{name}] {word}: {value!r} is not a column in quotes")
        table = Table(name, kind, select.strip().rstrip(";"), str(key), watermark)
        return replace(table, ticket=self._ticket(table, cells)), cells

    def _ticket(self, table: Table, cells: dict[str, Any]) -> str:
        """The one column that says whose row it is."""
        if table.kind not in OF_TICKETS:
            return ""
        column = "id" if table.kind is RowKind.TICKETS else "ticket_id"
        said = cells.get(column, column)
        if isinstance(said, dict):
            named = re.findall(r"\{([^{}]+)\}", str(said.get("template", "")))
            said = said.get("column", named[0] if len(named) == 1 else None)
        if isinstance(said, str):
            return said
        self._fault(f"[{table.name}] {column}: has to come from one column, by which a ticket's rows are found")
        return ""

    def _mapping(self, tables: list[tuple[Table, dict[str, Any]]]) -> Mapping:
        """The values' mapping, as a mapping file has it; tables in the format's own columns have none."""
        document = {
            key: value
            for key, value in self._document.items()
            if key in _ALLOWED and key not in _KINDS and key not in _KEYS
        }
        for table, cells in tables:
            if cells:
                document.setdefault(table.kind.value, []).append(
                    {key: value for key, value in cells.items() if key not in _NOT_HERE}
                )
        return mapping_of(document, self._digest, self._faults)

    def _mapped(self, mapping: Mapping, tables: list[tuple[Table, dict[str, Any]]]) -> list[Table]:
        made: dict[RowKind, list[TableMapping]] = {}
        for one in mapping.tables:
            made.setdefault(one.kind, []).append(one)
        return [replace(table, cells=made[table.kind].pop(0).cells if cells else {}) for table, cells in tables]
