"""Rows as portals send them, each with its table: checked, and cut into chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final, NamedTuple

from db.sources.calendar_file import calendar
from db.sources.checks import BadCell
from db.sources.columns import FORMATS
from db.sources.mapping_values import CellMapping
from db.sources.rowplan import RowPlan, printable
from db.sources.rows import CalendarRow, EventRow, RatingRow, Read, Reject, RowKind
from db.sources.tables import cells_of
from db.sync.source import CHUNK_ROWS, Chunk

_KINDS: Final = {kind.value: kind for kind in RowKind}


class Pushed(NamedTuple):
    """A row as it was sent."""

    table: str
    row: Mapping[str, Any]


def chunks_of(sent: Sequence[Pushed], as_of: datetime) -> Iterator[tuple[int, Chunk]]:
    """The rows in their order, in chunks in which no id comes twice, each with the place of its first row.

    The last one, which is there even if nothing was sent, says until when everything is known.
    """
    first, rows, keys = 0, list[Read | Reject](), list[str]()
    seen: set[tuple[RowKind, str]] = set()
    for place, one in enumerate(sent):
        row = read_row(one, len(rows))
        id_ = _id(row)
        if len(rows) == CHUNK_ROWS or (id_ is not None and id_ in seen):
            yield first, Chunk(rows, {}, keys)
            first, rows, keys, seen = place, [], [], set()
            row = row._replace(line=0)
        if id_ is not None:
            seen.add(id_)
        rows.append(row)
        keys.append(_key(one))
    yield first, Chunk(rows, {}, keys, as_of=as_of)


def read_row(one: Pushed, line: int) -> Read | Reject:
    """The row, or why it cannot go in."""
    kind = _KINDS.get(one.table)
    try:
        if kind is None:
            raise BadCell(f"no table of the import format; they are {', '.join(_KINDS)}", "table", one.table)
        return Read(kind, one.table, line, calendar(dict(one.row)) if kind is RowKind.CALENDARS else _row(kind, one))
    except BadCell as fault:
        return Reject(printable(one.table), line, printable(fault.column), fault.reason, printable(fault.text))


def _row(kind: RowKind, one: Pushed) -> Any:
    names = FORMATS[kind].names
    unknown = sorted(one.row.keys() - set(names))
    if unknown:
        raise BadCell(f"an unknown column; allowed: {', '.join(names)}", unknown[0], str(one.row[unknown[0]]))
    cells = cells_of(dict(one.row), names)
    if isinstance(cells, BadCell):
        raise cells
    return _plan(kind).row(cells)


@cache
def _plan(kind: RowKind) -> RowPlan:
    form = FORMATS[kind]
    return RowPlan(form, {name: CellMapping(columns=(name,)) for name in form.names}, form.names)


def _id(row: Read | Reject) -> tuple[RowKind, str] | None:
    """What may stand in a chunk once."""
    if isinstance(row, Reject) or isinstance(row.row, EventRow | CalendarRow):
        return None
    return row.kind, row.row.ticket_id if isinstance(row.row, RatingRow) else str(row.row[0])


def _key(one: Pushed) -> str:
    """What a row is called among the rejects."""
    named = (one.row.get(name) for name in ("id", "ticket_id", "name", "at", "kind"))
    return " ".join(printable(str(word)[:200]) for word in named if word is not None)
