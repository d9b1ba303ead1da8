"""A source file, read: which SELECT gives which table of the import format, and how a portal is followed."""

from __future__ import annotations

import os
from collections.abc import Mapping as Environment
from dataclasses import dataclass, field

from db.errors import SetupFault
from db.sources.mapping_values import CellMapping, Mapping
from db.sources.rows import RowKind
from db.sync.source import Pace

OF_TICKETS = (RowKind.TICKETS, RowKind.EVENTS, RowKind.RATINGS)
"""The kinds that are followed by a watermark, ticket by ticket; the others may also be read whole."""


@dataclass(frozen=True)
class Table:
    """One SELECT, and the rows that are made of it."""

    name: str
    """What rejects call it: the kind, and its number where the kind has several."""
    kind: RowKind
    select: str
    key: str
    """The column that tells its rows apart, and by whose order they are read first."""
    watermark: str | None
    """The column that rises with every change; None: the table is read whole, now and then."""
    cells: dict[str, CellMapping] = field(default_factory=dict)
    """Which columns make which of the format; empty: it has the format's own."""
    ticket: str = ""
    """The column that says whose row it is: of tickets their id, of events and ratings their ticket's."""


@dataclass(frozen=True)
class Described:
    """A whole source file."""

    name: str
    dsn_env: str
    tables: tuple[Table, ...]
    mapping: Mapping
    pace: Pace
    overlap_seconds: float
    """So far before the watermark each pass begins again, for what was committed late."""
    overlap_rows: int
    """The same, where the watermark is a number."""
    whole_seconds: float
    """How often a table without a watermark is read."""
    notify: str | None
    """The channel on which the portal says that something has changed."""

    def of_kind(self, *kinds: RowKind) -> tuple[Table, ...]:
        """The tables of some kinds."""
        return tuple(table for table in self.tables if table.kind in kinds)

    def dsn(self, environment: Environment[str, str] = os.environ) -> str:
        """Where the portal is: what the named variable of the environment says.

        Raises: SetupFault where it says nothing.
        """
        found = environment.get(self.dsn_env, "")
        if not found.startswith(("postgresql://", "postgres://")):
            raise SetupFault(
                f"The source {self.name} is read from where the environment variable {self.dsn_env} says, and that is "
                f"{'not set' if not found else 'no postgresql:// address'}."
            )
        return found
