"""One file of an import: its columns, checked when it is opened, and its rows, made anew each time they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from db.sources.calendar_file import calendar, entries
from db.sources.checks import BadCell
from db.sources.columns import FORMATS, LOG_STAMP, Format
from db.sources.eventlog import Changes
from db.sources.maker import LogMaker, Maker, Plans, one_kind, several_kinds
from db.sources.mapping_values import Mapping, TableMapping
from db.sources.rowplan import RowPlan, check_header, identity, printable
from db.sources.rows import Read, Reject, RowKind
from db.sources.streams import Stream, opened
from db.sources.tables import Line, csv_lines, header_of, json_lines, json_objects


class SourceFile:
    """A file with what is made of it.

    Raises: SetupFault, where its header does not fit.
    """

    def __init__(self, path: Path, content: str, tables: tuple[TableMapping, ...], mapping: Mapping) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.first_kind = tables[0].kind
        self._mapping = mapping
        self._tables = tables
        self._header: Sequence[str] = ()
        self._stream: Stream | None = None
        self._is_json = content.endswith((".ndjson", ".json"))
        tickets = any(table.kind is RowKind.TICKETS for table in tables)
        self._log = mapping.event_log if tickets else None
        if self.first_kind is not RowKind.CALENDARS:
            self._settle_columns()

    @property
    def place(self) -> int:
        """Unit: bytes on the disk that have been read."""
        return self._stream.place if self._stream else 0

    def _settle_columns(self) -> None:
        with opened(self.path) as stream:
            if self._is_json:
                objects = (value for _, value in json_objects(stream.content) if isinstance(value, dict))
                given = list(next(objects, {}))
            else:
                given = list(header_of(self._csv(stream), self.path.name))
        self._tables = tuple(
            table if table.cells else replace(table, cells=self._own_columns(FORMATS[table.kind], given))
            for table in self._tables
        )
        reading: list[tuple[Format, TableMapping]] = [(FORMATS[table.kind], table) for table in self._tables]
        if self._log:
            reading.append((LOG_STAMP, TableMapping(RowKind.EVENTS, self._log.stamp)))
        if self._is_json:  # what an object does not name is absent in it, so no column can be lacking
            read = [name for _, table in reading for cell in table.cells.values() for name in cell.columns]
            self._header = list(dict.fromkeys(read))
            given = list(dict.fromkeys((*given, *read)))
        else:
            self._header = given
        check_header(self.path.name, given, reading, self._mapping)

    def _own_columns(self, form: Format, given: Sequence[str]) -> dict[str, Any]:
        return identity(form, form.names if self._is_json else given, self._mapping)

    def _csv(self, stream: Stream) -> Iterator[Line]:
        return csv_lines(stream.content, self._mapping.encoding, self._mapping.delimiter)

    def rows(self, notices: Counter[str]) -> Iterator[Read | Reject]:
        """Every row once, good or rejected; counts in the notices what is taken otherwise than it stands there."""
        with opened(self.path) as stream:
            self._stream = stream
            try:
                is_calendar = self.first_kind is RowKind.CALENDARS
                yield from self._calendars(stream) if is_calendar else self._table_rows(self._lines(stream), notices)
            finally:
                self._stream = None

    def _lines(self, stream: Stream) -> Iterator[Line]:
        if self._is_json:
            allowed = None if self._mapping.ignores_all else self._mapping.ignored.union(self._header)
            return json_lines(stream.content, self._header, allowed)
        lines = self._csv(stream)
        next(lines)  # the header
        return lines

    def _plans(self, notices: Counter[str]) -> Plans:
        plans: Plans = []
        for table in self._tables:
            plan = RowPlan(FORMATS[table.kind], table.cells, self._header).only_where(table.where)
            if table.kind is RowKind.TICKETS:
                plan.clearing(self._mapping.absent_before_creation, notices)
            plans.append((table.kind, plan))
        return plans

    def _table_rows(self, lines: Iterator[Line], notices: Counter[str]) -> Iterator[Read | Reject]:
        plans = self._plans(notices)
        if self._log:
            stamp = RowPlan(LOG_STAMP, self._log.stamp, self._header)
            return several_kinds(self.path.name, lines, LogMaker(plans, notices, Changes(self._log.changes), stamp))
        if len(plans) > 1:
            return several_kinds(self.path.name, lines, Maker(plans, notices))
        return one_kind(self.path.name, lines, *plans[0])

    def _calendars(self, stream: Stream) -> Iterator[Read | Reject]:
        file = self.path.name
        for line, entry in entries(stream.content.read().decode("utf-8-sig"), file):
            try:
                yield Read(RowKind.CALENDARS, file, line, calendar(entry))
            except BadCell as fault:
                yield Reject(file, line, fault.column, fault.reason, printable(fault.text))
