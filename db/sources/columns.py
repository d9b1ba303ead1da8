"""The import format as one table: each kind's columns, what they hold, and how its rows are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from db.domain import Clock, EventKind
from db.sources.checks import BadCell, Cell, Match, priority, status
from db.sources.rows import (
    AgentRow,
    DimensionRow,
    EventRow,
    RatingRow,
    Row,
    RowKind,
    SlaPolicyRow,
    TicketRow,
)


@dataclass(frozen=True)
class Column:
    """A column of the format."""

    name: str
    cell: Cell
    required: bool = False
    default: Any = None
    """What an empty cell stands for."""


@dataclass(frozen=True)
class Format:
    """A kind's columns, in the order in which `make` takes their values."""

    columns: tuple[Column, ...]
    make: Callable[[list[Any]], Any]
    check: Callable[[list[Any]], None] = lambda _: None
    """Raises BadCell for values that are good alone but not together."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names."""
        return tuple(column.name for column in self.columns)


_HAPPENED: Final = tuple(
    (TicketRow._fields.index(name), name) for name in ("first_response_at", "resolved_at", "closed_at", "updated_at")
)
"""Due times are not among them: they are set, they do not happen, and a late entry may be overdue when it is made."""


def _check_ticket(values: list[Any]) -> None:
    created = values[1]
    for slot, name in _HAPPENED:
        at = values[slot]
        if at is not None and at < created:
            raise BadCell(f"{name} lies before the ticket's creation ({created.isoformat()})", name)


def _check_event(values: list[Any]) -> None:
    check = _VALUES.get(values[2])
    if check is None:
        return
    for slot, name in ((6, "to"), (5, "from")):
        word = values[slot]
        if word is not None:
            try:
                check(word)
            except BadCell as fault:
                raise BadCell(fault.reason, name) from None
        elif name == "to" and values[2] is EventKind.STATUS_CHANGED:
            raise BadCell("a status_changed needs the new status", name)


_VALUES: Final[dict[EventKind, Callable[[str], Any]]] = {
    EventKind.STATUS_CHANGED: status,
    EventKind.PRIORITY_CHANGED: priority,
}


def _named(values: list[Any]) -> Row:
    return DimensionRow(values[0], values[1] or values[0])


def _agent(values: list[Any]) -> Row:
    return AgentRow(values[0], values[1] or values[0], *values[2:])


def _policy(values: list[Any]) -> Row:
    name, match, *rest = values
    return SlaPolicyRow(name, match.priority, match.category, match.organization, *rest)


_DIMENSION: Final = Format((Column("id", Cell.ID, required=True), Column("name", Cell.TEXT)), _named)

FORMATS: Final[dict[RowKind, Format]] = {
    RowKind.ORGANIZATIONS: _DIMENSION,
    RowKind.TEAMS: _DIMENSION,
    RowKind.CATEGORIES: _DIMENSION,
    RowKind.AGENTS: Format(
        (
            Column("id", Cell.ID, required=True),
            Column("name", Cell.TEXT),
            Column("team", Cell.ID),
            Column("email", Cell.TEXT),
            Column("active", Cell.FLAG, default=True),
        ),
        _agent,
    ),
    RowKind.SLA_POLICIES: Format(
        (
            Column("name", Cell.ID, required=True),
            Column("match", Cell.MATCH, default=Match()),
            Column("first_response_seconds", Cell.COUNT),
            Column("resolution_seconds", Cell.COUNT),
            Column("clock", Cell.CLOCK, default=Clock.CALENDAR),
            Column("pause_on", Cell.STATUSES, default=()),
            Column("calendar", Cell.ID),
        ),
        _policy,
    ),
    RowKind.TICKETS: Format(
        (
            Column("id", Cell.ID, required=True),
            Column("created_at", Cell.TIME, required=True),
            Column("subject", Cell.TEXT),
            Column("organization", Cell.ID),
            Column("requester", Cell.ID),
            Column("category", Cell.ID),
            Column("priority", Cell.PRIORITY),
            Column("channel", Cell.CHANNEL),
            Column("status", Cell.STATUS),
            Column("team", Cell.ID),
            Column("assignee", Cell.ID),
            Column("tags", Cell.TAGS, default=()),
            Column("first_response_at", Cell.TIME),
            Column("first_responder", Cell.ID),
            Column("resolved_at", Cell.TIME),
            Column("closed_at", Cell.TIME),
            Column("reopen_count", Cell.COUNT),
            Column("first_response_due_at", Cell.TIME),
            Column("resolution_due_at", Cell.TIME),
            Column("updated_at", Cell.TIME),
        ),
        TicketRow._make,
        _check_ticket,
    ),
    RowKind.EVENTS: Format(
        (
            Column("ticket_id", Cell.ID, required=True),
            Column("at", Cell.TIME, required=True),
            Column("kind", Cell.EVENT_KIND, required=True),
            Column("actor", Cell.ID),
            Column("actor_kind", Cell.ACTOR_KIND),
            Column("from", Cell.ID),
            Column("to", Cell.ID),
        ),
        EventRow._make,
        _check_event,
    ),
    RowKind.RATINGS: Format(
        (
            Column("ticket_id", Cell.ID, required=True),
            Column("at", Cell.TIME, required=True),
            Column("score", Cell.SCORE, required=True),
            Column("agent", Cell.ID),
            Column("comment", Cell.TEXT),
        ),
        RatingRow._make,
    ),
}
"""Every kind but the calendars, which are no table."""

LOG_STAMP: Final = Format(
    (Column("at", Cell.TIME, required=True), Column("actor", Cell.ID), Column("actor_kind", Cell.ACTOR_KIND)),
    tuple,
)
"""What an event log's row says beside its ticket: when the change was made, and by whom."""
