"""The course of a ticket: what happened to it and when, told by its events or by its columns.

Which of the two is decided for each kind of event by itself: who has `assigned` events has its assignees from
them, and from its columns otherwise; status, team, category, priority and replies likewise. The `from` of the
first event holds since creation, the `to` of the last is the present. Where the ticket prefers its columns, those
that say something win, and events tell the rest: earlier resolutions, reopens, who had it before.

At one instant, assignments and team changes come before status changes: whoever is assigned in the same moment as
the ticket is resolved has resolved it. Status changes of one instant keep their order.

What columns cannot tell: a ticket done without an instant left the stock nobody knows when, so it has neither
resolution nor stock; one that is open with a `resolved_at` was reopened nobody knows when, so that resolution
does not stand and the ticket counts as open since its creation; `reopen_count` has no instants, so no reopens.
Before it was resolved, such a ticket counts as `open`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from db.domain import (
    DONE_STATUSES,
    OPEN_STATUSES,
    REPORTED_STATUSES,
    UNSET,
    ActorKind,
    EventKind,
    Priority,
    Status,
)
from db.importing.policies import PolicyBook
from db.importing.records import EventRecord, TicketRecord

STATUS_CODES: Final = {status.word: int(status) for status in Status}
PRIORITY_CODES: Final = {priority.word: int(priority) for priority in Priority}

_OPEN: Final = frozenset(map(int, OPEN_STATUSES))
_DONE: Final = frozenset(map(int, DONE_STATUSES))
_OUT: Final = frozenset(map(int, set(Status) - REPORTED_STATUSES))
_AGENT, _TEAM, _STATUS, _PRIORITY, _CATEGORY = 0, 1, 2, 3, 4
"""What a step changes, in the order in which steps of one instant are taken."""

Step = tuple[datetime, int, int]
"""An instant, what changes then, and what it becomes."""

Deed = tuple[datetime, int, int]
"""An instant, and the agent and the ticket's own team at it (0 = unset)."""

_Line = tuple[int, Sequence[Step]]
"""A value since creation and what it becomes."""

_Point = tuple[datetime, tuple[int, int, int] | None]
"""From this instant on: status, agent and team of the open ticket; None while it is not open."""

Matter = tuple[datetime, int, int]
"""From this instant on: the ticket's priority and category, which decide its policy."""

Stretch = tuple[datetime, datetime | None, int, int, int]
"""Entered, left (None: not yet), status, agent, team: constant between the two, and open."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a ticket's facts depend on beside the ticket: ids by the source's ids, teams, policies."""

    agents: Mapping[str, int]
    teams: Mapping[str, int]
    categories: Mapping[str, int]
    team_of_agent: Mapping[int, int]
    policies: PolicyBook

    def team_of(self, team_id: int, agent_id: int) -> int:
        """The team a fact belongs to: the ticket's at that moment, else the agent's."""
        return team_id or self.team_of_agent.get(agent_id, UNSET)


class Course(NamedTuple):
    """What happened to a ticket, in order of time; category, priority and status are the present ones."""

    category_id: int
    priority: int
    status: int
    holders: list[Deed]
    """Who had the ticket since when; the first since creation, the last now."""
    first_response: tuple[datetime, int] | None
    resolutions: list[Deed]
    reopens: list[Deed]
    stands: bool
    """Whether nothing has reopened the last resolution."""
    stretches: list[Stretch]
    matters: list[Matter]
    """What it was about since when; the first since creation, the last now."""


class _Told(NamedTuple):
    """What events say, kind by kind; None where columns are to be asked."""

    category: _Line | None = None
    priority: _Line | None = None
    agent: _Line | None = None
    team: _Line | None = None
    status: _Line | None = None
    replies: bool = False
    first_response: tuple[datetime, int] | None = None


def course_of(ticket: TicketRecord, events: Sequence[EventRecord], context: Context) -> Course | None:
    """The ticket's course, or None where its present status takes it out of every metric."""
    if ticket.status in _OUT:
        return None
    told = _told_by(events, ticket, context) if events else _NOTHING
    status, changes = told.status or _status_of_columns(ticket)
    present = changes[-1][2] if changes else status
    if not told.status and ticket.status is not None:
        present = ticket.status
    if present in _OUT:
        return None
    agent, assignments = told.agent or (ticket.assignee_id or UNSET, ())
    team, moves = told.team or (ticket.team_id or UNSET, ())
    steps: Sequence[Step] = changes
    if assignments or moves:
        steps = sorted((*assignments, *moves, *changes), key=_IN_ORDER)
    holders, resolutions, reopens, points, stands = _walk(ticket.created_at, (agent, team, status), steps, context)
    if not told.status and present in _OPEN and ticket.resolved_at is not None:
        resolutions = [(ticket.resolved_at, *held_at(holders, ticket.resolved_at))]
    matters = _matters(
        ticket.created_at,
        told.priority or (ticket.priority or UNSET, ()),
        told.category or (ticket.category_id or UNSET, ()),
    )
    _, priority, category_id = matters[-1]
    return Course(
        category_id,
        priority,
        present,
        holders,
        told.first_response if told.replies else _response_of_columns(ticket),
        resolutions,
        reopens,
        stands,
        _stretches(points),
        matters,
    )


def held_at(holders: Sequence[Deed], at: datetime) -> tuple[int, int]:
    """The agent and the team that had the ticket at an instant: those who got it last, at it or before."""
    held = holders[0]
    for holder in holders:
        if holder[0] > at:
            break
        held = holder
    return held[1], held[2]


def _response_of_columns(ticket: TicketRecord) -> tuple[datetime, int] | None:
    """The first response and its author, as columns tell them."""
    at = ticket.first_response_at
    return None if at is None else (at, ticket.first_responder_id or UNSET)


def _matters(created_at: datetime, priority: _Line, category: _Line) -> list[Matter]:
    """What the ticket was about from when on; of several changes at one instant the last counts."""
    here: Matter = (created_at, priority[0], category[0])
    found = [here]
    steps = (*priority[1], *category[1])
    for at, what, value in sorted(steps, key=_IN_ORDER) if steps else ():
        here = (at, value, here[2]) if what == _PRIORITY else (at, here[1], value)
        if found[-1][0] == at:
            found.pop()
        found.append(here)
    return found


def _status_of_columns(ticket: TicketRecord) -> _Line:
    """The status since creation and its one change, as far as columns tell them."""
    resolved_at = ticket.resolved_at
    status = ticket.status or (Status.CLOSED if ticket.closed_at else Status.RESOLVED if resolved_at else Status.OPEN)
    if status in _OPEN:
        return int(status), ()
    done_at = resolved_at or ticket.closed_at
    if done_at is None:
        return int(status), ()
    return int(Status.OPEN), ((done_at, _STATUS, int(status)),)


def _told_by(events: Sequence[EventRecord], ticket: TicketRecord, context: Context) -> _Told:
    kinds: dict[int, list[EventRecord]] = {}
    for event in sorted(events, key=_BY_INSTANT):
        if event[0] >= ticket.created_at:
            kinds.setdefault(event[1], []).append(event)
    if ticket.prefers_columns:
        for kind in [kind for kind in kinds if _COLUMN_OF.get(kind, _NO_COLUMN)(ticket) is not None]:
            del kinds[kind]
    agent = _line(kinds.get(EventKind.ASSIGNED), _AGENT, context.agents)
    team = _line(kinds.get(EventKind.TEAM_CHANGED), _TEAM, context.teams)
    status = _line(kinds.get(EventKind.STATUS_CHANGED), _STATUS, STATUS_CODES)
    priority = _line(kinds.get(EventKind.PRIORITY_CHANGED), _PRIORITY, PRIORITY_CODES)
    category = _line(kinds.get(EventKind.CATEGORY_CHANGED), _CATEGORY, context.categories)
    if ticket.prefers_columns:
        priority, category = _ending_with(priority, ticket.priority), _ending_with(category, ticket.category_id)
        agent, team = _ending_with(agent, ticket.assignee_id), _ending_with(team, ticket.team_id)
        status = _by_columns(status, ticket) if status else None
    replies = kinds.get(EventKind.PUBLIC_REPLY, [])
    return _Told(
        category=category,
        priority=priority,
        agent=agent,
        team=team,
        status=status,
        replies=bool(replies),
        first_response=_first_response(replies, ticket.created_at, context),
    )


def _by_columns(told: _Line, ticket: TicketRecord) -> _Line | None:
    """The statuses that events tell, with what columns say of them: the present one, and when it was last resolved.

    None where the two do not fit together; then the columns alone are to be asked, as far as they say anything.
    """
    first, steps = told
    at = ticket.resolved_at or ticket.closed_at
    if ticket.status in _OPEN:
        return told if steps[-1][2] == ticket.status else None
    if at is None:
        return told
    statuses = [first, *(step[2] for step in steps)]
    moves = [n for n in range(len(steps)) if statuses[n] in _OPEN and statuses[n + 1] in _DONE]
    if not moves or steps[-1][2] not in _DONE:
        return None
    last = moves[-1]
    earliest = steps[last - 1][0] if last else ticket.created_at
    latest = steps[last + 1][0] if last + 1 < len(steps) else None
    if at < earliest or (latest is not None and at > latest):
        return None
    return first, [*steps[:last], (at, *steps[last][1:]), *steps[last + 1 :]]


def _ending_with(told: _Line | None, present: int | None) -> _Line | None:
    """What events tell of a value, with the present one as its column says."""
    if told is None or present is None:
        return told
    first, steps = told
    return first, [*steps[:-1], (*steps[-1][:2], present)]


def _line(events: Sequence[EventRecord] | None, what: int, codes: Mapping[str, int]) -> _Line | None:
    """The value since creation and the steps it takes, from the events of one kind."""
    if not events:
        return None
    unknown = int(Status.OPEN) if what == _STATUS else UNSET
    first = codes.get(events[0][4] or "", unknown)
    return first, [(event[0], what, codes.get(event[5] or "", unknown)) for event in events]


def _first_response(
    replies: Sequence[EventRecord], created_at: datetime, context: Context
) -> tuple[datetime, int] | None:
    """The first public reply of a human agent; what is said at the creation itself opens the ticket."""
    for at, _, actor, actor_kind, _, _ in replies:
        if actor_kind == ActorKind.AGENT and at > created_at:
            return at, context.agents.get(actor or "", UNSET)
    return None


def _walk(
    created_at: datetime, start: tuple[int, int, int], steps: Sequence[Step], context: Context
) -> tuple[list[Deed], list[Deed], list[Deed], list[_Point], bool]:
    """Takes the steps in order: who held the ticket, resolutions, reopens, the points of its stock, is it done.

    A ticket counts as done from a move into resolved or closed up to a move back to an open status; what
    lies between (a merge taken back, say) changes nothing in that.
    """
    agent, team, status = start
    is_done = status in _DONE
    holders: list[Deed] = [(created_at, agent, team)]
    resolutions: list[Deed] = []
    reopens: list[Deed] = []
    points: list[_Point] = []
    _mark(points, created_at, status, agent, context.team_of(team, agent))
    for at, what, value in steps:
        if what == _STATUS:
            status = value
            if value in _DONE and not is_done:
                is_done = True
                resolutions.append((at, agent, team))
            elif value in _OPEN and is_done:
                is_done = False
                reopens.append((at, agent, team))
        else:
            agent, team = (value, team) if what == _AGENT else (agent, value)
            holders.append((at, agent, team))
        _mark(points, at, status, agent, context.team_of(team, agent))
    return holders, resolutions, reopens, points, is_done


def _mark(points: list[_Point], at: datetime, status: int, agent: int, team: int) -> None:
    """Adds a point where the stock changes; of several at one instant the last counts."""
    if points and points[-1][0] == at:
        points.pop()
    stock = (status, agent, team) if status in _OPEN else None
    if not points or points[-1][1] != stock:
        points.append((at, stock))


def _stretches(points: Sequence[_Point]) -> list[Stretch]:
    """The times between points in which the ticket was open."""
    stretches: list[Stretch] = []
    last = len(points) - 1
    for index, (at, stock) in enumerate(points):
        if stock is not None:
            stretches.append((at, None if index == last else points[index + 1][0], *stock))
    return stretches


_NOTHING: Final = _Told()
_IN_ORDER: Final = itemgetter(0, 1)
_BY_INSTANT: Final = itemgetter(0)
_NO_COLUMN: Final[Callable[[TicketRecord], object]] = lambda _: None  # noqa: E731 a table's default
_COLUMN_OF: Final[Mapping[int, Callable[[TicketRecord], object]]] = {
    EventKind.PUBLIC_REPLY: attrgetter("first_response_at"),
}
