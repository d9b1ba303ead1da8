"""The tickets of a sample, by which its other rows are judged as the store will judge them; nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from db.importing.merge import NO_TICKET, TOO_EARLY, TWICE
from db.sources.rows import EventRow, RatingRow, Read, Reject, TicketRow
from db.sync.postgresql.connection import Connection
from db.sync.postgresql.selecting import Maker, Select


class Owners:
    """When tickets were created, of those that can go in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._tickets: Select | None = None
        """None, where there is something wrong with the SELECT itself."""
        self._asked: set[str] = set()
        self._created: dict[str, datetime] = {}

    def of_tickets(self, rows: Iterable[Read | Reject], tickets: Select) -> list[Read | Reject]:
        """The tickets' own rows; one whose id another one has is a reject."""
        self._tickets = tickets
        judged: list[Read | Reject] = []
        for one in rows:
            if isinstance(one, Read) and isinstance(one.row, TicketRow):
                if one.row.id in self._created:
                    judged.append(Reject(one.file, one.line, "id", TWICE, one.row.id))
                    continue
                self._created[one.row.id] = one.row.created_at
            judged.append(one)
        return judged

    async def ask(self, wanted: set[str]) -> None:
        """Reads those tickets; each is named by what the portal's own column says."""
        fresh = sorted(wanted - self._asked)
        if self._tickets is None or not fresh:
            return
        self._asked.update(fresh)
        found = await self._connection.fetch(self._tickets.rows_of(), fresh)
        for one in Maker(self._tickets).made(((row[0], row[1:]) for row in found), []):
            if isinstance(one, Read) and isinstance(one.row, TicketRow):
                self._created[one.row.id] = one.row.created_at

    def judged(self, one: Read | Reject) -> Read | Reject:
        """A row of a ticket that was asked for; a reject, where it has none, or is older than it."""
        if self._tickets is None or not isinstance(one, Read) or not isinstance(one.row, EventRow | RatingRow):
            return one
        created = self._created.get(one.row.ticket_id)
        if created is None:
            return Reject(one.file, one.line, "ticket_id", NO_TICKET, one.row.ticket_id)
        if one.row.at < created:
            return Reject(one.file, one.line, "at", TOO_EARLY, one.row.at.isoformat())
        return one
