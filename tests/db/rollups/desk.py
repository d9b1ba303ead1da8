"""Random writes of a small desk: new, changed, moved, deleted and rated tickets, moving agents, calendars, policies."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from db.domain import ActorKind, Channel, Clock, EventKind, Priority, Status
from db.sources.rows import (
    AgentRow,
    CalendarRow,
    EventRow,
    RatingRow,
    Read,
    RowKind,
    SlaPolicyRow,
    TicketRow,
)

_STATUSES = (*[Status.OPEN, Status.RESOLVED, Status.CLOSED] * 4, *Status)
_EDGES = (
    datetime(2024, 3, 31, 1, tzinfo=UTC),  # Berlin: an hour is left out
    datetime(2024, 10, 27, 1, tzinfo=UTC),  # Berlin: an hour comes twice
    datetime(2024, 4, 6, 15, tzinfo=UTC),  # Lord Howe: half an hour comes twice
    datetime(2024, 3, 30, 22, tzinfo=UTC),  # Beirut: midnight is left out
    datetime(2024, 7, 1, tzinfo=UTC),
    datetime(2024, 6, 30, 22, tzinfo=UTC),
    datetime(2011, 12, 30, 10, tzinfo=UTC),  # Apia: a day is left out
    datetime(1969, 12, 31, 23, 30, tzinfo=UTC),
)
_NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


class Desk:
    """Writes that follow from a seed; each call makes the next ones."""

    def __init__(self, seed: int) -> None:
        self.dice = Random(seed)
        self.minute = 0

    def writes(self, tickets: int) -> list[Read]:
        """Rows of one import, with about so many tickets."""
        rows: list[Read] = []
        if self.dice.random() < 0.3:
            rows += self._settings()
        rows += [self._agent() for _ in range(self.dice.randrange(3))]
        for id_ in {f"T-{self.dice.randrange(4 * tickets)}" for _ in range(tickets)}:
            rows += self._ticket(id_)
        return rows

    def _settings(self) -> Iterator[Read]:
        closes = f"{self.dice.randrange(12, 24)}:00"
        spans = {day: [["08:00", closes]] for day in ("mon", "tue", "wed", "thu", "fri")}
        yield Read(RowKind.CALENDARS, "calendars.json", 2, CalendarRow("default", "UTC", spans, [], None, None))
        target = self.dice.randrange(1, 400) * 3600
        for number, priority in enumerate((Priority.URGENT, None), start=2):
            clock = self.dice.choice(list(Clock))
            row = SlaPolicyRow(f"policy {number}", priority, None, None, 3600, target, clock, (Status.PENDING,), None)
            yield Read(RowKind.SLA_POLICIES, "sla_policies.csv", number, row)

    def _agent(self) -> Read:
        id_, team = f"A-{self.dice.randrange(4)}", f"team-{self.dice.randrange(3)}"
        return Read(RowKind.AGENTS, "agents.csv", 2, AgentRow(id_, id_, team, None, True))

    def _instant(self) -> datetime:
        if self.dice.random() < 0.2:
            return self.dice.choice(_EDGES) + timedelta(microseconds=self.dice.randrange(-1, 2))
        return datetime(2024, 3, 1, tzinfo=UTC) + timedelta(minutes=self.dice.randrange(200 * 1440))

    def _later(self, at: datetime) -> datetime:
        return at + timedelta(minutes=self.dice.choice((1, 30, 600, 20_000)) * self.dice.randrange(1, 5))

    def _ticket(self, id_: str) -> Iterator[Read]:
        dice = self.dice
        created, self.minute = self._instant(), self.minute + 1
        answered = self._later(created)
        solved = self._later(answered)
        row = TicketRow(
            id_,
            created,
            subject=None,
            organization=f"O-{dice.randrange(3)}",
            requester=None,
            category=dice.choice((None, "billing", "bugs")),
            priority=dice.choice((None, *Priority)),
            channel=dice.choice((None, *Channel)),
            status=dice.choice(_STATUSES),
            team=dice.choice((None, "team-0", "team-1")),
            assignee=dice.choice((None, "A-0", "A-1", "A-2")),
            tags=(),
            first_response_at=dice.choice((None, answered)),
            first_responder=dice.choice((None, "A-0", "A-3")),
            resolved_at=dice.choice((None, solved)),
            closed_at=None,
            reopen_count=None,
            first_response_due_at=dice.choice((None, answered, _NEVER)),
            resolution_due_at=dice.choice((None, None, answered, _NEVER)),
            updated_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=self.minute),
        )
        yield Read(RowKind.TICKETS, "tickets.csv", 2, row)
        yield from self._events(id_, created)
        if dice.random() < 0.3:
            score = dice.randrange(1, 6)
            yield Read(RowKind.RATINGS, "ratings.csv", 2, RatingRow(id_, self._later(solved), score, None, None))

    def _events(self, id_: str, at: datetime) -> Iterator[Read]:
        status = "open"
        for _ in range(self.dice.randrange(5)):
            at = self._later(at)
            kind, to = self.dice.choice(
                (
                    (EventKind.STATUS_CHANGED, self.dice.choice(("open", "pending", "resolved", "closed"))),
                    (EventKind.ASSIGNED, f"A-{self.dice.randrange(4)}"),
                    (EventKind.PRIORITY_CHANGED, "urgent"),
                    (EventKind.PUBLIC_REPLY, None),
                )
            )
            before = status if kind is EventKind.STATUS_CHANGED else None
            status = to if kind is EventKind.STATUS_CHANGED and to else status
            row = EventRow(id_, at, kind, "A-1", ActorKind.AGENT, before, to)
            yield Read(RowKind.EVENTS, "events.csv", 2, row)
