"""The rows of a chunk, out of what an API says: in the import format's own words, and checked as it checks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from db.sources.checks import BadCell
from db.sources.rowplan import printable
from db.sources.rows import Read, Reject
from db.sync.pushed import Pushed, read_row
from db.sync.source import Checkpoint, Chunk

Told = Mapping[str, Any]
"""A row by the import format's names."""


class Rows:
    """Rows as they are made, each with what its source calls it."""

    def __init__(self) -> None:
        self.rows: list[Read | Reject] = []
        self._keys: list[str] = []

    def put(self, table: str, key: str, tell: Callable[[], Told]) -> bool:
        """Adds a row; whether it is a good one."""
        line = len(self.rows)
        try:
            row = read_row(Pushed(table, tell()), line)
        except BadCell as fault:
            row = Reject(table, line, fault.column, fault.reason, printable(fault.text))
        self.rows.append(row)
        self._keys.append(key)
        return isinstance(row, Read)

    def chunk(self, checkpoint: Checkpoint) -> Chunk:
        """All of them, with the checkpoint that holds once they are stored."""
        return Chunk(self.rows, dict(checkpoint), self._keys)


def raised(fault: BadCell) -> Told:
    """Nothing: of a row of which it is known already that it cannot go in."""
    raise fault


def instant(text: object) -> datetime | None:
    """The instant that an API tells; None where it tells none.

    Raises: BadCell, where it is no time with offset.
    """
    if text in (None, ""):
        return None
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise BadCell("not a time with offset", "at", printable(str(text)))
    return at
