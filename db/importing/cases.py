"""A ticket in a merge: as stored, as it is to be, and what arrived for it; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

from db.importing.course import Context
from db.importing.history import facts_of
from db.importing.records import EventRecord, Fact, RatingRecord, TicketRecord
from db.importing.tally import Outcome
from db.importing.ticket_store import Replacement

_AT: Final = attrgetter("at")
_COMPARED: Final = slice(0, -1)
"""Of a ticket, all but the run that brought it."""


@dataclass(slots=True)
class Case:
    """A ticket in a merge."""

    stored: TicketRecord | None
    ticket: TicketRecord
    place: tuple[int, int] = (0, 0)
    """File and line of the row that is to be the ticket's."""
    is_whole: bool = False
    """Whether what arrived is all that there is: every event, and the rating."""
    offered: int = 0
    """How many ticket rows arrived for it."""
    arrived_events: list[EventRecord] = field(default_factory=list)
    arrived_ratings: list[RatingRecord] = field(default_factory=list)
    events: Sequence[EventRecord] = ()
    events_changed: bool = False
    rating: RatingRecord | None = None
    rating_changed: bool = False

    @property
    def ticket_changed(self) -> bool:
        """Whether the ticket's own row differs from the stored one."""
        return self.ticket is not self.stored

    @property
    def is_touched(self) -> bool:
        """Whether anything arrived that could change the ticket's facts."""
        arrived = self.is_whole or bool(self.arrived_events or self.arrived_ratings)
        return arrived or self.ticket is not self.stored

    @property
    def has_changed(self) -> bool:
        """Whether anything is to be written."""
        return self.ticket is not self.stored or self.events_changed or self.rating_changed

    def offer(self, row: TicketRecord, place: tuple[int, int]) -> None:
        """Takes in a row of the ticket's own, unless it is older than, or equal to, what is known."""
        self.offered += 1
        known = self.ticket.updated_at
        if known is not None and row.updated_at is not None and row.updated_at < known:
            return
        if self.ticket[_COMPARED] != row[_COMPARED]:
            self.ticket, self.place = row, place

    def join(self, events: list[EventRecord], rating: RatingRecord | None) -> tuple[Outcome, ...]:
        """Brings what is stored and what arrived together; says what each arrived event did."""
        joined = [] if self.is_whole else list(events)
        known = set(events)
        taken = set() if self.is_whole else known
        outcomes = []
        for event in self.arrived_events:
            outcomes.append(Outcome.UNCHANGED if event in known else Outcome.NEW)
            if event not in taken:
                known.add(event)
                taken.add(event)
                joined.append(event)
        if self.is_whole or len(joined) > len(events):
            joined.sort(key=_AT)
        self.events_changed = joined != events
        self.events = joined
        self.rating = None if self.is_whole else rating
        for arrived in self.arrived_ratings:
            if self.rating is None or (arrived.at >= self.rating.at and arrived != self.rating):
                self.rating = arrived
        self.rating_changed = self.rating != rating
        return tuple(outcomes)

    def ticket_outcomes(self) -> tuple[Outcome, ...]:
        """What the ticket rows did: the last of them at most something."""
        if not self.offered:
            return ()
        last = Outcome.NEW if self.stored is None else Outcome.CHANGED
        last = last if self.ticket_changed else Outcome.UNCHANGED
        if self.offered == 1:
            return (last,)
        return (*(Outcome.UNCHANGED,) * (self.offered - 1), last)

    def rating_outcomes(self, stored: RatingRecord | None) -> tuple[Outcome, ...]:
        """What the ratings did: one of them at most something."""
        if not self.arrived_ratings:
            return ()
        last = Outcome.NEW if stored is None else Outcome.CHANGED
        last = last if self.rating_changed else Outcome.UNCHANGED
        return (*(Outcome.UNCHANGED,) * (len(self.arrived_ratings) - 1), last)

    def facts(self, context: Context) -> list[Fact]:
        """The ticket's facts as they are to be."""
        return facts_of(self.ticket, self.events, self.rating, context)

    def put_into(self, change: Replacement) -> None:
        """Adds what is to be taken out and put in for this ticket, but for its facts."""
        ticket = self.ticket
        key = (ticket.organization_id, ticket.id)
        moved = False
        if self.stored is not None:
            old = (self.stored.organization_id, self.stored.id)
            moved = old != key
            change.facts_of.append(old)
            if self.ticket_changed:
                change.tickets_of.append(old)
            if moved or self.events_changed:
                change.events_of.append(old)
            if moved or self.rating_changed:
                change.ratings_of.append(old)
        if self.ticket_changed:
            change.tickets.append((*self.place, ticket.id))
        if moved or self.events_changed:
            change.events.extend((*key, ordinal, *event) for ordinal, event in enumerate(self.events))
        if self.rating is not None and (moved or self.rating_changed):
            change.ratings.append((*key, *self.rating))
