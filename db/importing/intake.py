"""Rows on their way in: tickets, events and ratings to wait for the merge, what they point to at once into memory."""

from __future__ import annotations

from collections.abc import Callable

from db.importing.dimensions import Dimensions
from db.importing.merge import TWICE, rederive
from db.importing.session import Session
from db.importing.staging import Stage, unknown_word
from db.importing.tally import Progress, Tally
from db.importing.ticket_store import raise_data_version
from db.rollups.upkeep.deltas import Deltas
from db.sources.rows import CalendarRow, EventRow, RatingRow, Read, Reject, RowKind, TicketRow


class Intake:
    """Takes rows in, and rejects what cannot even wait."""

    def __init__(self, tally: Tally, dimensions: Dimensions, stage: Stage) -> None:
        self._tally = tally
        self._dimensions = dimensions
        self._stage = stage
        self._seen: set[tuple[RowKind, str, object]] = set()

    def take(self, read: Read | Reject) -> None:
        """Takes a row of the source's."""
        if isinstance(read, Reject):
            self._tally.pass_on(read)
            return
        kind, name, line, row = read
        file = self._tally.number_of(name, kind)
        if isinstance(row, TicketRow):
            self._stage.add_ticket(file, line, row)
        elif isinstance(row, EventRow):
            fault = unknown_word(row)
            if fault is None:
                self._stage.add_event(file, line, row)
            else:
                self._tally.reject(kind, (file, line), *fault)
        elif isinstance(row, RatingRow):
            self._stage.add_rating(file, line, row)
        else:
            key = (row.name, row.valid_from) if isinstance(row, CalendarRow) else row[0]
            if (kind, name, key) in self._seen:
                self._tally.reject(kind, (file, line), row._fields[0], TWICE, row[0])
                return
            self._seen.add((kind, name, key))
            outcome = self._dimensions.tell(kind, row)
            self._tally.count(kind, outcome)
            if self._tally.on_row is not None:
                self._tally.on_row(line, outcome)


async def write_dimensions(
    session: Session, dimensions: Dimensions, deltas: Deltas, on_progress: Callable[[Progress], None]
) -> None:
    """Writes what tickets point to, and the facts of stored tickets that depend on what changed.

    In the caller's transaction.
    """
    moved = sorted(dimensions.agents.moved)
    await dimensions.store(session)
    if dimensions.settings.is_dirty:
        await rederive(session, dimensions.context(), None, deltas, on_progress)
    elif moved:
        await rederive(session, dimensions.context(), moved, deltas, on_progress)
    await raise_data_version(session)
