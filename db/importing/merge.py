"""The merge: the waiting rows of some tickets against what is stored of them, and their facts made anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from db.importing.cases import Case
from db.importing.course import Context
from db.importing.history import facts_of
from db.importing.records import TicketRecord
from db.importing.session import Session
from db.importing.staging import Batch, Staged, event_of, rating_of, ticket_of
from db.importing.tally import Outcome, Progress, Step, Tally
from db.importing.ticket_store import (
    Replacement,
    copy_in,
    credited_count,
    credited_tickets,
    is_empty,
    next_ticket_id,
    remove,
    stored_events,
    stored_ratings,
    stored_tickets,
)
from db.rollups.upkeep.deltas import Deltas
from db.sources.rows import RowKind

_MERGED: Final = (RowKind.TICKETS, RowKind.EVENTS, RowKind.RATINGS)
NO_TICKET: Final = "no ticket of this id is stored or in this import"
TWICE: Final = "the id stands in this file already; the first row is taken"
TOO_EARLY: Final = "before the ticket's creation"


class Merge:
    """What all batches of an import share."""

    def __init__(self, session: Session, context: Context, tally: Tally, run_id: int) -> None:
        self._session = session
        self._context = context
        self._tally = tally
        self._run_id = run_id
        self.knows_none = False
        """Whether no ticket was stored when it began."""
        self.next_ticket_id = 0
        """The id of the next new ticket."""
        self._lines: dict[tuple[RowKind, str], list[int]] = {}
        """Of the rows that were not rejected, where somebody wants to know what became of each."""
        self.others: Mapping[int, str] = {}
        """The names of other sources, by the runs that their tickets came by: those are left alone."""

    async def begin(self) -> None:
        """Looks at the store: the first import into an empty one need not look anything up."""
        self.knows_none = await is_empty(self._session)
        self.next_ticket_id = await next_ticket_id(self._session)

    async def cases_of(self, batch: Batch, *, prefers_columns: bool, whole: frozenset[str] = frozenset()) -> list[Case]:
        """The batch's tickets with what arrived for each; rows that cannot go in are rejected.

        `whole`: tickets of which the batch holds every event, and the rating.
        """
        cases = await self._known_cases(batch, whole)
        for external_id in whole.intersection(cases):
            stored = cases[external_id].stored
            cases[external_id].is_whole = stored is not None and stored.import_run_id not in self.others
        before: Staged | None = None
        for staged in batch.tickets:
            if before is not None and staged.external_id == before.external_id and staged.file == before.file:
                self._reject(RowKind.TICKETS, staged, "id", TWICE, staged.external_id)
                continue
            before = staged
            case = cases.get(staged.external_id)
            if case is not None and self._is_anothers(RowKind.TICKETS, staged, case):
                continue
            id_ = case.ticket.id if case else self.next_ticket_id
            ticket = ticket_of(staged, id_, prefers_columns=prefers_columns, run_id=self._run_id)
            if case is None:
                self.next_ticket_id += 1
                is_whole = staged.external_id in whole
                cases[staged.external_id] = Case(None, ticket, (staged.file, staged.line), is_whole, offered=1)
            else:
                case.offer(ticket, (staged.file, staged.line))
            self._follow(RowKind.TICKETS, staged)
        for staged in batch.events:
            owner = self._owner(RowKind.EVENTS, staged, cases)
            if owner is not None:
                owner.arrived_events.append(event_of(staged))
                self._follow(RowKind.EVENTS, staged)
        for staged in batch.ratings:
            owner = self._owner(RowKind.RATINGS, staged, cases)
            if owner is not None:
                owner.arrived_ratings.append(rating_of(staged))
                self._follow(RowKind.RATINGS, staged)
        return list(cases.values())

    def _follow(self, kind: RowKind, staged: Staged) -> None:
        if self._tally.on_row is not None:
            self._lines.setdefault((kind, staged.external_id), []).append(staged.line)

    def _tell(self, kind: RowKind, case: Case, outcomes: Sequence[Outcome]) -> None:
        if self._tally.on_row is not None:
            lines = self._lines.get((kind, case.ticket.external_id), [])
            for line, outcome in zip(lines, outcomes, strict=True):
                self._tally.on_row(line, outcome)

    async def _known_cases(self, batch: Batch, whole: frozenset[str]) -> dict[str, Case]:
        if self.knows_none:
            return {}
        ids = {staged.external_id for rows in batch[2:] for staged in rows} | whole
        stored = await stored_tickets(self._session, list(ids))
        return {external_id: Case(ticket, ticket) for external_id, ticket in stored.items()}

    def _owner(self, kind: RowKind, staged: Staged, cases: dict[str, Case]) -> Case | None:
        """The case an event or a rating belongs to, unless it is rejected."""
        case = cases.get(staged.external_id)
        if case is None:
            self._reject(kind, staged, "ticket_id", NO_TICKET, staged.external_id)
        elif staged.values[0] < case.ticket.created_at:
            self._reject(kind, staged, "at", TOO_EARLY, staged.values[0].isoformat())
        elif not self._is_anothers(kind, staged, case):
            return case
        return None

    def _reject(self, kind: RowKind, staged: Staged, column: str, reason: str, text: str) -> None:
        self._tally.reject(kind, (staged.file, staged.line), column, reason, text)

    def _is_anothers(self, kind: RowKind, staged: Staged, case: Case) -> bool:
        """Whether a row's ticket came by the run of another source; then it is rejected."""
        other = self.others.get(case.stored.import_run_id) if case.stored is not None else None
        if other is None:
            return False
        reason = f"the ticket of this id is of the source {other}; give the ids of one of them a template"
        self._reject(kind, staged, "id" if kind is RowKind.TICKETS else "ticket_id", reason, staged.external_id)
        return True

    def skip(self, cases: Sequence[Case]) -> None:
        """Counts what an interrupted run has merged already."""
        for case in cases:
            self._tally.count(RowKind.TICKETS, Outcome.UNCHANGED, case.offered)
            self._tally.count(RowKind.EVENTS, Outcome.UNCHANGED, len(case.arrived_events))
            self._tally.count(RowKind.RATINGS, Outcome.UNCHANGED, len(case.arrived_ratings))

    async def plan(self, cases: Sequence[Case]) -> Replacement:
        """What is to be taken out and put in, with the facts of all tickets that change."""
        keys = [
            (case.stored.organization_id, case.stored.id)
            for case in cases
            if case.stored is not None and case.is_touched
        ]
        events = await stored_events(self._session, keys)
        ratings = await stored_ratings(self._session, keys)
        change = Replacement()
        changed: list[Case] = []
        outcomes: dict[RowKind, list[Outcome]] = {kind: [] for kind in _MERGED}
        for case in cases:
            if case.arrived_events or case.arrived_ratings or case.stored is not None:
                rating = ratings.get(case.ticket.id)
                joined = case.join(events.get(case.ticket.id, []), rating)
                rated = case.rating_outcomes(rating)
                outcomes[RowKind.EVENTS] += joined
                outcomes[RowKind.RATINGS] += rated
                self._tell(RowKind.EVENTS, case, joined)
                self._tell(RowKind.RATINGS, case, rated)
            offered = case.ticket_outcomes()
            outcomes[RowKind.TICKETS] += offered
            self._tell(RowKind.TICKETS, case, offered)
            if case.has_changed:
                changed.append(case)
                case.put_into(change)
        for kind in _MERGED:
            self._tally.count_all(kind, outcomes[kind])
        change.facts = (case.facts(self._context) for case in changed)
        return change


async def rederive(
    session: Session,
    context: Context,
    agent_ids: Sequence[int] | None,
    deltas: Deltas,
    on_progress: Callable[[Progress], None],
) -> None:
    """Makes the facts of stored tickets anew: of all, or of those with facts credited to some agents."""
    total, done = await credited_count(session, agent_ids), 0
    await deltas.expect(total)
    async for tickets in credited_tickets(session, agent_ids):
        change = await _rederived(session, context, tickets)
        await deltas.leaving(change.facts_of)
        await remove(session, change)
        await copy_in(session, change)
        await deltas.arrived(change.facts_of)
        done += len(tickets)
        on_progress(Progress(Step.RECOMPUTING, done, total))


async def _rederived(session: Session, context: Context, tickets: Sequence[TicketRecord]) -> Replacement:
    keys = [(ticket.organization_id, ticket.id) for ticket in tickets]
    events = await stored_events(session, keys)
    ratings = await stored_ratings(session, keys)
    made = (facts_of(t, events.get(t.id, ()), ratings.get(t.id), context) for t in tickets)
    return Replacement(facts_of=keys, facts=made)
