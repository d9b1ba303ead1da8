"""A demo ticket's row: its columns are what its events leave behind, so that the two can never disagree."""

from __future__ import annotations

from typing import Final

from db.domain import ActorKind, EventKind, Priority, Status
from db.sources.demo.openings import Opening
from db.sources.rows import EventRow, TicketRow

_STATUSES: Final = {status.word: status for status in Status}
_PRIORITIES: Final = {priority.word: priority for priority in Priority}
_WORDS: Final = {priority: priority.word for priority in Priority}
_DONE: Final = frozenset({Status.RESOLVED, Status.CLOSED})
# Python 3.11 looks a member up through a descriptor: once here, not for every ticket.
_ASSIGNED: Final = EventKind.ASSIGNED
_CATEGORY_CHANGED: Final = EventKind.CATEGORY_CHANGED
_PRIORITY_CHANGED: Final = EventKind.PRIORITY_CHANGED
_PUBLIC_REPLY: Final = EventKind.PUBLIC_REPLY
_STATUS_CHANGED: Final = EventKind.STATUS_CHANGED
_TEAM_CHANGED: Final = EventKind.TEAM_CHANGED
_BY_AGENT: Final = ActorKind.AGENT


def _first_response(events: list[EventRow]) -> EventRow | None:
    for event in events:
        if event.kind is _PUBLIC_REPLY and event.actor_kind is _BY_AGENT:
            return event
    return None


def ticket_row(opening: Opening, events: list[EventRow]) -> TicketRow:
    """The ticket after these events; `resolved_at` and `closed_at` are empty while it is open."""
    last: dict[EventKind, str | None] = {
        _STATUS_CHANGED: "new",
        _ASSIGNED: None,
        _TEAM_CHANGED: opening.team,
        _CATEGORY_CHANGED: opening.category,
        _PRIORITY_CHANGED: _WORDS[opening.priority],
    }
    for event in events:
        if event.kind in last:
            last[event.kind] = event.to_value
    status = _STATUSES[last[_STATUS_CHANGED] or ""]
    moves = [event for event in events if event.kind is _STATUS_CHANGED] if status in _DONE else []
    moved_to = {event.to_value: event.at for event in moves}
    first = _first_response(events)
    return TicketRow(
        id=opening.id,
        created_at=opening.created_at,
        subject=opening.subject,
        organization=opening.organization.id if opening.organization else None,
        requester=opening.requester,
        category=last[_CATEGORY_CHANGED],
        priority=_PRIORITIES[last[_PRIORITY_CHANGED] or ""],
        channel=opening.channel,
        status=status,
        team=last[_TEAM_CHANGED],
        assignee=last[_ASSIGNED],
        tags=opening.tags,
        first_response_at=first.at if first else None,
        first_responder=first.actor if first else None,
        resolved_at=moved_to.get("resolved"),
        closed_at=moved_to.get("closed"),
        reopen_count=_reopens(events),
        first_response_due_at=None,
        resolution_due_at=None,
        updated_at=events[-1].at if events else opening.created_at,
    )


def _reopens(events: list[EventRow]) -> int:
    return sum(event.from_value == "resolved" and event.to_value == "open" for event in events)
