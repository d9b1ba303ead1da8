"""The import format as typed rows: what every source delivers and the writer stores.

References are the ids of the source. Times are aware. Absent is None. Tuples, because millions pass here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple, Protocol

from db.domain import ActorKind, Channel, Clock, EventKind, Priority, Status


class RowKind(Enum):
    """The files of the import format, in the order in which they are stored."""

    ORGANIZATIONS = "organizations"
    TEAMS = "teams"
    CATEGORIES = "categories"
    AGENTS = "agents"
    CALENDARS = "calendars"
    SLA_POLICIES = "sla_policies"
    TICKETS = "tickets"
    EVENTS = "events"
    RATINGS = "ratings"


class DimensionRow(NamedTuple):
    """An organization, a team or a category."""

    id: str
    name: str


class AgentRow(NamedTuple):
    """A person who answers tickets."""

    id: str
    name: str
    team: str | None
    email: str | None
    active: bool


class CalendarRow(NamedTuple):
    """One version of a business calendar."""

    name: str
    zone: str
    spans: dict[str, Any]
    holidays: list[Any]
    valid_from: str | None
    valid_until: str | None


class SlaPolicyRow(NamedTuple):
    """Targets and whom they are for."""

    name: str
    match_priority: Priority | None
    match_category: str | None
    match_organization: str | None
    first_response_seconds: int | None
    resolution_seconds: int | None
    clock: Clock
    pause_on: tuple[Status, ...]
    calendar: str | None


class TicketRow(NamedTuple):
    """A ticket as its source gives it."""

    id: str
    created_at: datetime
    subject: str | None
    organization: str | None
    requester: str | None
    category: str | None
    priority: Priority | None
    channel: Channel | None
    status: Status | None
    team: str | None
    assignee: str | None
    tags: tuple[str, ...]
    first_response_at: datetime | None
    first_responder: str | None
    resolved_at: datetime | None
    closed_at: datetime | None
    reopen_count: int | None
    first_response_due_at: datetime | None
    resolution_due_at: datetime | None
    updated_at: datetime | None


class EventRow(NamedTuple):
    """One thing that happened to a ticket."""

    ticket_id: str
    at: datetime
    kind: EventKind
    actor: str | None
    actor_kind: ActorKind | None
    from_value: str | None
    to_value: str | None


class RatingRow(NamedTuple):
    """The answer to a ticket's survey."""

    ticket_id: str
    at: datetime
    score: int
    agent: str | None
    comment: str | None


Row = DimensionRow | AgentRow | CalendarRow | SlaPolicyRow | TicketRow | EventRow | RatingRow


class Read(NamedTuple):
    """A good row, with its kind and the file and line it stands on."""

    kind: RowKind
    file: str
    line: int
    row: Row


class Reject(NamedTuple):
    """A row that cannot go in: where it stands, which column is at fault, why, and what it said."""

    file: str
    line: int
    column: str
    reason: str
    text: str


class RowSource(Protocol):
    """Where rows come from: a folder of files, the demo generator, another system."""

    @property
    def name(self) -> str:
        """What is imported, in a word: a folder's or file's name, never its whole path."""

    @property
    def fingerprint(self) -> str:
        """A digest of everything that decides the rows; equal input, equal digest."""

    @property
    def prefers_columns(self) -> bool:
        """Whether a ticket's own columns win over its events (the mapping's `prefer = "columns"`)."""

    @property
    def size(self) -> int:
        """How much there is to read, in any unit that `done` shares; 0 where it is unknown."""

    @property
    def done(self) -> int:
        """How much of `size` the running `rows` has read."""

    def rows(self) -> Iterator[Read | Reject]:
        """Every row once, in file order, good or rejected. May be called again for a second pass."""
