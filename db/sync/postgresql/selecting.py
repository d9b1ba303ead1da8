"""The statements that a portal is asked, and how their rows become rows of the import format.

Each wraps the SELECT of the source file, so that the portal's planner sees through it; all values come as text, as
files have them, and go through the same plan (db.sources.rowplan).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from db.errors import SetupFault
from db.sources.checks import BadCell, Cell
from db.sources.columns import FORMATS, Column, Format
from db.sources.mapping_values import CellMapping, Mapping
from db.sources.rowplan import RowPlan, identity
from db.sources.rows import Read, Reject, RowKind
from db.sync.postgresql.calendars import CALENDARS
from db.sync.postgresql.described import Table

NUMBERS: Final = frozenset({"int2", "int4", "int8", "numeric"})
INSTANTS: Final = frozenset({"timestamptz", "timestamp"})
WITH_TICKET: Final = frozenset({RowKind.EVENTS, RowKind.RATINGS})
"""What is read with its ticket, whatever its own watermark says."""
_SETTLED_SECONDS: Final = 10
"""A row that has not changed for so long will not change again under the same watermark."""
_ID: Final = Format((Column("id", Cell.ID, required=True),), lambda values: values[0])


@dataclass(frozen=True)
class Portal:
    """A column of the portal's, with its type."""

    name: str
    type: str
    schema: str = "pg_catalog"
    is_array: bool = False

    @property
    def cast(self) -> str:
        """Its type, as SQL names it."""
        return self.type if self.schema == "pg_catalog" else f'"{self.schema}"."{self.type}"'

    @property
    def quoted(self) -> str:
        """As SQL names it."""
        return 'q."' + self.name.replace('"', '""') + '"'

    @property
    def as_text(self) -> str:
        """Its value as a cell of a file would have it."""
        text = f"array_to_string({self.quoted}, '|')" if self.is_array else f"{self.quoted}::text"
        return f"coalesce({text}, '')"


@dataclass(frozen=True)
class Select:
    """One table of a source file against the columns that its SELECT has.

    Raises: SetupFault, where they do not fit.
    """

    table: Table
    columns: dict[str, Portal]
    mapping: Mapping

    def __post_init__(self) -> None:
        faults = self.faults()
        if faults:
            raise SetupFault("\n".join(faults))

    def faults(self) -> list[str]:
        """What does not fit, each as a sentence."""
        table = self.table
        wanted = {name for name in (table.key, table.watermark, table.ticket) if name}
        lacking = (wanted | set(self.read)) - self.columns.keys()
        missing = {one.name for one in self.form.columns if one.required and one.name not in self.cells} - lacking
        found = [f"[{table.name}] select: has no column {name!r}; it has {self._listed}" for name in sorted(lacking)]
        found += [f"[{table.name}] select: lacks the required column {name!r}" for name in sorted(missing)]
        if not table.cells and not self.mapping.ignores_all:
            known = wanted | set(self.form.names) | self.mapping.ignored
            found += [
                f"[{table.name}] select: the column {name!r} is none of the format's "
                f"({', '.join(self.form.names)}); rename it, leave it out, or list it in `ignore`"
                for name in self.columns
                if name not in known
            ]
        watermark = self.columns.get(table.watermark or "")
        if watermark is not None and watermark.type not in NUMBERS | INSTANTS:
            allowed = ", ".join(sorted(NUMBERS | INSTANTS))
            found.append(f"[{table.name}] watermark: {watermark.name!r} is {watermark.type}; allowed are {allowed}")
        return found

    @property
    def _listed(self) -> str:
        return ", ".join(self.columns)

    @property
    def form(self) -> Format:
        """What is made of its rows."""
        return CALENDARS if self.table.kind is RowKind.CALENDARS else FORMATS[self.table.kind]

    @property
    def cells(self) -> dict[str, CellMapping]:
        """Which columns make which of the format."""
        return self.table.cells or identity(self.form, list(self.columns), self.mapping)

    @property
    def read(self) -> list[str]:
        """The columns that are read, each once."""
        return list(dict.fromkeys(name for cell in self.cells.values() for name in cell.columns))

    @property
    def key(self) -> Portal:
        """What tells rows apart."""
        return self.columns[self.table.key]

    @property
    def ticket(self) -> Portal:
        """What says whose row it is."""
        return self.columns[self.table.ticket]

    @property
    def watermark(self) -> Portal:
        """What rises with every change; of a table that is followed."""
        assert self.table.watermark is not None
        return self.columns[self.table.watermark]

    def rows(self) -> str:
        """All rows: the key, then the cells."""
        cells = ", ".join(self.columns[name].as_text for name in self.read)
        return f"SELECT {self.key.quoted}::text, {cells} FROM ({self.table.select}\n) AS q"

    def keys_of(self) -> str:
        """Those of some keys that are there; $1: the keys, as text."""
        asked = f"{self.key.quoted} = ANY ($1::text[]::{self.key.cast}[])"
        return f"SELECT {self.key.quoted}::text FROM ({self.table.select}\n) AS q WHERE {asked}"

    def tickets_after(self) -> str:
        """The keys after a key, in their order, each with whose row it is; $1: the key, NULL for all."""
        key = self.key
        return (
            f"SELECT {key.quoted}::text, {self.ticket.quoted}::text FROM ({self.table.select}\n) AS q"
            f" WHERE ($1::text IS NULL OR {key.quoted} > $1::text::{key.cast}) AND {self.ticket.quoted} IS NOT NULL"
            f" ORDER BY {key.quoted}"
        )

    def rows_of(self) -> str:
        """The rows of some tickets; $1: what the column that says whose they are has, as text."""
        asked = f"{self.ticket.quoted} = ANY ($1::text[]::{self.ticket.cast}[])"
        return f"{self.rows()} WHERE {asked} ORDER BY {self.key.quoted}"

    def rows_since(self) -> str:
        """The rows from a bound on (see below), with what stamps them before the cells."""
        cells = ", ".join(self.columns[name].as_text for name in self.read)
        return f"SELECT {self._stamp}, {cells} FROM ({self.table.select}\n) AS q WHERE {self._since}"

    def tickets_since(self) -> str:
        """Whose rows changed from a bound on; $1: the watermark, NULL for all; $2: how far before it."""
        return (
            f"SELECT {self._stamp}, {self.ticket.quoted}::text FROM ({self.table.select}\n) AS q"
            f" WHERE {self._since} AND {self.ticket.quoted} IS NOT NULL"
        )

    @property
    def _stamp(self) -> str:
        return f"{self.key.quoted}::text, {self.watermark.quoted}::text, {self._is_settled}"

    @property
    def _since(self) -> str:
        mark = self.watermark
        before = "$2::float8::numeric" if mark.type in NUMBERS else "make_interval(secs => $2::float8)"
        kind = "numeric" if mark.type in NUMBERS else mark.type
        bound = f"{mark.quoted} >= $1::text::{kind} - {before}"
        if mark.type in NUMBERS and mark.type != "numeric":  # or the index on it would not be used
            bound = f"{mark.quoted} >= greatest($1::text::{kind} - {before}, -9e18)::int8"
        return f"($1::text IS NULL OR {bound})"

    @property
    def _is_settled(self) -> str:
        if self.watermark.type in NUMBERS:
            return "true"
        return f"{self.watermark.quoted} < {self._now} - interval '{_SETTLED_SECONDS} seconds'"

    @property
    def _now(self) -> str:
        """The portal's clock as the watermark writes it. A later watermark than it is no measure."""
        if self.watermark.type == "timestamptz":
            return "now()"
        zone = self.mapping.defaults.time.zone
        return f"(now() AT TIME ZONE '{zone.key if zone else 'UTC'}')"

    def highest(self) -> str:
        """How far the watermark has risen: one look into its index, where there is one."""
        mark = self.watermark.quoted
        top = mark if self.watermark.type in NUMBERS else f"least({mark}, {self._now})"
        return (
            f"SELECT {top}::text FROM ({self.table.select}\n) AS q"
            f" WHERE {mark} IS NOT NULL ORDER BY {mark} DESC LIMIT 1"
        )

    def has_unmarked(self) -> str:
        """Whether there is a row without a watermark."""
        return f"SELECT EXISTS (SELECT FROM ({self.table.select}\n) AS q WHERE {self.watermark.quoted} IS NULL)"

    @property
    def unmarked(self) -> str:
        """What is to be said of such rows, where nothing else leads to them."""
        return (
            f"[{self.table.name}] watermark: {self.watermark.name!r} is NULL in some rows, and new ones like that would"
            " be missed; have the SELECT fill it in, such as coalesce(updated_at, created_at)"
        )

    def ids(self) -> str:
        """The cells of which tickets' ids are made, of all tickets."""
        cells = ", ".join(self.columns[name].as_text for name in self.cells["id"].columns)
        return f"SELECT {cells} FROM ({self.table.select}\n) AS q"

    def id_plan(self) -> RowPlan:
        """Makes tickets' ids of them."""
        cell = self.cells["id"]
        return RowPlan(_ID, {"id": cell}, cell.columns)


class Maker:
    """Makes rows of the format out of a table's."""

    def __init__(self, select: Select) -> None:
        self._plan = RowPlan(select.form, select.cells, select.read)
        if select.table.kind is RowKind.TICKETS:
            self._plan.clearing(select.mapping.absent_before_creation, Counter())
        self._kind = select.table.kind
        self._file = select.table.name

    def made(self, found: Iterable[tuple[str, Sequence[str]]], keys: list[str]) -> list[Read | Reject]:
        """The rows of some keys and cells; the keys are added to those of the chunk, whose lines they are."""
        rows: list[Read | Reject] = []
        for key, cells in found:
            line = len(keys)
            keys.append(key)
            try:
                row: Any = self._plan.row(cells)
            except BadCell as fault:
                rows.append(Reject(self._file, line, fault.column, fault.reason, fault.text))
            else:
                if row is not None:
                    rows.append(Read(self._kind, self._file, line, row))
        return rows
