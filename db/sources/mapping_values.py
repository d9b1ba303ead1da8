"""What a mapping says: how a foreign table becomes rows of the import format (docs/import.md, "Mapping files").

A cell of the format comes from one source column, several, a template over some, or a constant; then, in this order,
absent words are dropped, words are translated, and what is left is checked like any cell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase

from db.sources.checks import ISO, TimeFormat
from db.sources.rows import RowKind

DIMENSIONS = frozenset({RowKind.ORGANIZATIONS, RowKind.TEAMS, RowKind.CATEGORIES, RowKind.AGENTS})
"""The kinds whose rows a table of tickets names over and over; each id goes in once."""


class Otherwise(Enum):
    """What becomes of a word that the map does not name."""

    REJECT = "reject"
    PASS = "pass"
    ABSENT = "absent"


@dataclass(frozen=True)
class CellMapping:
    """Where one column of the format comes from."""

    columns: tuple[str, ...] = ()
    """The source columns it reads; more than one only below a template, or for tags."""
    template: str | None = None
    value: str | None = None
    absent: frozenset[str] = frozenset({""})
    words: dict[str, str] | None = None
    otherwise: Otherwise = Otherwise.REJECT
    split: str = "|"
    time: TimeFormat = ISO


@dataclass(frozen=True)
class TableMapping:
    """How one source row becomes a row of a kind."""

    kind: RowKind
    cells: dict[str, CellMapping]
    file: str | None = None
    """The pattern of the names of the files it reads; None for every file that is not of another kind by its name."""
    where: str | None = None
    """The column without which a source row has no row of this kind."""

    def reads(self, name: str, kind: RowKind | None) -> bool:
        """Whether it reads the file of that name, which is of that kind by its name."""
        return fnmatchcase(name, self.file) if self.file is not None else kind in (None, self.kind)


@dataclass(frozen=True)
class EventLog:
    """The source has a row for each change of a ticket; rows of one ticket stand together, oldest first."""

    stamp: dict[str, CellMapping]
    """When a row was written and by whom: `at`, `actor`, `actor_kind`."""
    changes: tuple[str, ...]
    """The columns of tickets whose change from row to row is an event."""


@dataclass(frozen=True)
class Mapping:
    """A whole mapping file. The default one reads the import format itself."""

    tables: tuple[TableMapping, ...] = ()
    event_log: EventLog | None = None
    defaults: CellMapping = field(default_factory=CellMapping)
    """The absent words and times of the cells of which the mapping says nothing."""
    ignored: frozenset[str] = frozenset()
    ignores_all: bool = False
    delimiter: str = ","
    encoding: str = "utf-8"
    prefers_columns: bool = False
    absent_before_creation: tuple[str, ...] = ()
    digest: str = ""
    """Of the file's contents."""
