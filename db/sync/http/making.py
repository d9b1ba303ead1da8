"""The rows of a chunk, out of what an API says: in the import format's own words, and checked as it checks them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from db.sources.checks import BadCell
from db.sources.rowplan import printable
from db.sources.rows import Read, Reject
from db.sync.http.answer import Json
from db.sync.pushed import Pushed, read_row
from db.sync.source import Checkpoint, Chunk

Told = Json
"""A row by the import format's names."""


class Rows:
    """Rows as they are made, each with what its source calls it."""

    def __init__(self) -> None:
        self.rows: list[Read | Reject] = []
        self.warnings: list[str] = []
        """Why figures that follow from them may be wrong."""
        self._keys: list[str] = []

    def put(self, table: str, key: str, tell: Callable[[], Told]) -> bool:
        """Adds a row; whether it is a good one."""
        try:
            told: Told | BadCell = tell()
        except BadCell as fault:
            told = fault
        return self.put_told(table, key, told)

    def put_told(self, table: str, key: str, told: Told | BadCell) -> bool:
        """Adds a row, or why there is none; whether it is a good one."""
        line = len(self.rows)
        if isinstance(told, BadCell):
            row: Read | Reject = Reject(table, line, told.column, told.reason, printable(told.text))
        else:
            row = read_row(Pushed(table, told), line)
        self.rows.append(row)
        self._keys.append(key)
        return isinstance(row, Read)

    def chunk(self, checkpoint: Checkpoint) -> Chunk:
        """All of them, with the checkpoint that holds once they are stored."""
        return Chunk(self.rows, dict(checkpoint), self._keys)


def last_of_each(things: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each thing once, as it came last."""
    return list({thing["id"]: thing for thing in things}.values())


def in_words(value: object) -> str | None:
    """What a field of somebody's own says, in one word: yes and no as the API writes them, of several all."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ", ".join(str(in_words(one)) for one in value) or None
    return None if value is None else str(value)


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


def instant_if_any(text: object) -> datetime | None:
    """The same; None, too, where it is no time: its row is a reject that says so."""
    try:
        return instant(text)
    except BadCell:
        return None
