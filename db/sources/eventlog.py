"""An event log: a source row for each change of a ticket becomes the ticket as it is now, and its changes as events.

Rows of one ticket stand together, oldest first, and the last one wins. Rows of it that stand apart make the ticket a
second time, which the writer rejects as a duplicate id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from db.domain import ActorKind, EventKind, Word
from db.sources.checks import BadCell
from db.sources.rows import EventRow, RowKind, TicketRow

Stamp = tuple[datetime, str | None, ActorKind | None]
"""When a row of the log was written, and by whom."""

Made = tuple[int, RowKind, Any]
"""A row with its kind and the line that it stands on."""

_KINDS: Final = {
    "assignee": EventKind.ASSIGNED,
    "team": EventKind.TEAM_CHANGED,
    "category": EventKind.CATEGORY_CHANGED,
    "priority": EventKind.PRIORITY_CHANGED,
    "status": EventKind.STATUS_CHANGED,
}
"""The events of one row in their order: who has the ticket after a row is who resolved it in that row."""
_LASTING: Final = (TicketRow._fields.index("status"), TicketRow._fields.index("priority"))
"""What a ticket cannot lose: where a row does not say it, it is what the row before said."""


class Changes:
    """Follows one log: takes its rows one by one and gives the tickets that have ended and the events between rows."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = [(_KINDS[name], TicketRow._fields.index(name)) for name in _KINDS if name in columns]
        self._line = 0
        self._ticket: TicketRow | None = None

    def take(self, line: int, ticket: TicketRow, stamp: Stamp) -> list[Made]:
        """What a row brings: its changes, or the ticket before it where it is another's first.

        Raises: BadCell, for a change before the ticket's creation; the row then counts for nothing.
        """
        before = self._ticket
        if before is None or before.id != ticket.id:
            finished = self.finish()
            self._line, self._ticket = line, ticket
            return finished
        at, actor, actor_kind = stamp
        values: list[Any] = list(ticket)
        for slot in _LASTING:
            if values[slot] is None:
                values[slot] = before[slot]
        changes: list[Made] = [
            (
                line,
                RowKind.EVENTS,
                EventRow(ticket.id, at, kind, actor, actor_kind, _said(before[slot]), _said(values[slot])),
            )
            for kind, slot in self._columns
            if before[slot] != values[slot]
        ]
        if changes and at < ticket.created_at:
            raise BadCell(f"a change before the ticket's creation ({ticket.created_at.isoformat()})", "at")
        self._line, self._ticket = line, TicketRow._make(values)
        return changes

    def finish(self) -> list[Made]:
        """The ticket whose rows have ended, with its last line; nothing where there is none."""
        ticket, self._ticket = self._ticket, None
        return [] if ticket is None else [(self._line, RowKind.TICKETS, ticket)]


def _said(value: Any) -> str | None:
    return value.word if isinstance(value, Word) else value
