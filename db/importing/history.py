"""One ticket's facts, made from its row, its events and its rating; pure.

A stock at an instant t is the facts ENTERED with `at < t` less the facts LEFT with `at < t`: a ticket created
exactly at t is not yet in it, one resolved exactly at t still is. The ends carry status (`interval_status`),
agent and team of their interval, so the stock can be asked by each. The beginning of an interval without an end
stands, so that a recent stock can be counted backwards, from what stands now. BREACH_ENTERED and BREACH_LEFT are
the same for the part of the intervals at or after the due instant of the resolution; a breach still to come is
written ahead, at its instant in the future, and counts once that has passed.

A fact is measured by the policy in force at its instant: the one that the ticket's priority and category then ask
for, with its clock run from the creation on. So a due instant moves when the ticket is paused, reopened, or given
another priority, from that moment on. See docs/decisions/0006-the-policy-in-force.md.

A target has one fact, at its due instant: RESPONSE_DUE, RESOLUTION_DUE. What fulfilled it stops its clock, so it
keeps the due instant that it had then, as if the clock had run on; until then the due instant is the present one, and
`within_target` is NULL: missed once that has passed, running before. While a pause holds the clock the fact lies at
NEVER. A ticket that was done before its target fell due, without fulfilling it, has no fact of that target.

Source: metrics.md, "Sources", "Attribution", "Readings, settled". What happened when: `db.importing.course`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from db.domain import DONE_STATUSES, NEVER, UNSET, Source, Status
from db.importing.course import Context, Course, course_of, held_at
from db.importing.policies import Run, Terms
from db.importing.records import EventRecord, Fact, RatingRecord, TicketRecord
from db.sketch import log_bucket

_SECOND: Final = timedelta(seconds=1)
_CREATED: Final = int(Source.CREATED)
_FIRST_RESPONSE: Final = int(Source.FIRST_RESPONSE)
_RESOLUTION: Final = int(Source.RESOLUTION)
_REOPEN: Final = int(Source.REOPEN)
_RATING: Final = int(Source.RATING)
_INTERVAL: Final = (int(Source.ENTERED), int(Source.LEFT))
_BREACH: Final = (int(Source.BREACH_ENTERED), int(Source.BREACH_LEFT))
_RESPONSE_DUE: Final = int(Source.RESPONSE_DUE)
_RESOLUTION_DUE: Final = int(Source.RESOLUTION_DUE)
_DONE: Final = frozenset(map(int, DONE_STATUSES))


def facts_of(
    ticket: TicketRecord,
    events: Sequence[EventRecord],
    rating: RatingRecord | None,
    context: Context,
) -> list[Fact]:
    """The ticket's facts, in the column order of `FACT_COLUMNS`; none where it is in no metric."""
    course = course_of(ticket, events, context)
    return [] if course is None else _Facts(ticket, course, rating, context).made


class _Facts:
    """The facts of one ticket, as they are made."""

    __slots__ = ("_course", "_duties", "_head", "_present", "_tags", "_team_of_agent", "_ticket", "made")

    def __init__(self, ticket: TicketRecord, course: Course, rating: RatingRecord | None, context: Context) -> None:
        self.made: list[Fact] = []
        self._ticket, self._course, self._team_of_agent = ticket, course, context.team_of_agent
        self._head = (ticket.organization_id, ticket.id)
        self._tags = (ticket.tag_ids,)
        self._present = (
            ticket.created_at,
            course.category_id,
            course.priority,
            ticket.channel or UNSET,
            course.status,
        )
        self._duties = [
            (since, _duty(ticket, course, context.policies.terms_for(priority, category, ticket.organization_id)))
            for since, priority, category in course.matters
        ]
        _, agent, team = course.holders[-1]
        self._put(_CREATED, ticket.created_at, agent, team, _NO_VALUE)
        if course.first_response is not None:
            self._put_first_response(*course.first_response)
        self._put_resolutions()
        for at, agent, team in course.reopens:
            self._put(_REOPEN, at, agent, team, _NO_VALUE)
        if rating is not None:
            self._put_rating(rating)
        self._put_stock()
        if any(duty.promises for _, duty in self._duties):
            self._put_targets()

    def _put(self, source: int, at: datetime, agent: int, team: int, values: Fact) -> None:
        made = self.made
        credit = (team or self._team_of_agent.get(agent, UNSET), agent)
        # Half the time of unpacking them into one.
        made.append(self._head + (len(made), source, at) + self._present + credit + self._tags + values)  # noqa: RUF005

    def _put_first_response(self, at: datetime, author: int) -> None:
        _, team = held_at(self._course.holders, at)
        duty = self._duty_at(at)
        self._put(_FIRST_RESPONSE, at, author, team, self._duration(at, duty, duty.response_due, None, None))

    def _put_resolutions(self) -> None:
        last = len(self._course.resolutions) - 1
        for index, (at, agent, team) in enumerate(self._course.resolutions):
            stands = index == last and self._course.stands
            duty = self._duty_at(at)
            self._put(_RESOLUTION, at, agent, team, self._duration(at, duty, duty.resolution_due, index == 0, stands))

    def _duty_at(self, at: datetime) -> _Duty:
        """What was promised at an instant."""
        found = self._duties[0][1]
        if len(self._duties) == 1:
            return found
        for since, duty in self._duties:
            if since > at:
                break
            found = duty
        return found

    def _put_rating(self, rating: RatingRecord) -> None:
        """Credits the rating's own agent, else the assignee at the resolution before it, else the one then."""
        agent, team = held_at(self._course.holders, rating.at)
        for at, solver, _ in self._course.resolutions:
            if at <= rating.at:
                agent = solver
        values = (None,) * 8 + (rating.score,)
        self._put(_RATING, rating.at, rating.agent_id or agent, team, values)

    def _put_stock(self) -> None:
        promised = any(duty.resolution_due is not None for _, duty in self._duties)
        for entered, left, status, agent, team in self._course.stretches:
            self._put_ends(_INTERVAL, entered, left, agent, team, status)
            if promised:
                for breached, ended in self._breaches(entered, left):
                    self._put_ends(_BREACH, breached, ended, agent, team, status)

    def _breaches(self, entered: datetime, left: datetime | None) -> Iterator[Run]:
        """The parts of a stretch that lie past the due instant of the policy then in force."""
        ends = [*(since for since, _ in self._duties[1:]), None]
        for (since, duty), following in zip(self._duties, ends, strict=True):
            due = duty.resolution_due
            if due is None or due is NEVER:
                continue
            end = left if following is None else following if left is None else min(left, following)
            start = max(due, entered, since)
            if end is None or start < end:
                yield start, end

    def _put_targets(self) -> None:
        course = self._course
        response = course.first_response
        resolved = course.resolutions[-1][0] if course.resolutions and course.stands else None
        self._put_target(_RESPONSE_DUE, response[0] if response else None, resolved)
        self._put_target(_RESOLUTION_DUE, resolved, resolved)

    def _put_target(self, source: int, fulfilled_at: datetime | None, done_at: datetime | None) -> None:
        """One target: when it falls due, credited to who then has the ticket, or has it now."""
        duty = self._duties[-1][1] if fulfilled_at is None else self._duty_at(fulfilled_at)
        due = duty.response_due if source == _RESPONSE_DUE else duty.resolution_due
        if due is None:
            return
        met = None
        if fulfilled_at is not None:
            met = fulfilled_at <= due
            due = self._due_then(duty, source, due, fulfilled_at)
        elif self._course.status in _DONE and (done_at is None or due > done_at):
            return
        agent, team = held_at(self._course.holders, due)
        self._put(source, due, agent, team, (*_NO_VALUE[:-2], met, None))

    def _due_then(self, duty: _Duty, source: int, due: datetime, fulfilled_at: datetime) -> datetime:
        """When a target would have fallen due, had its clock run on from the instant at which it was fulfilled."""
        ticket, policy = self._ticket, duty.terms.policy
        is_response = source == _RESPONSE_DUE
        own = ticket.first_response_due_at if is_response else ticket.resolution_due_at
        if own is not None or policy is None or due <= fulfilled_at:
            return due
        before = [run for run in duty.runs if run[0] < fulfilled_at]
        last = before.pop()[0] if before and not _ended(before[-1], fulfilled_at) else fulfilled_at
        seconds = policy.first_response_seconds if is_response else policy.resolution_seconds
        return duty.terms.due_at(seconds, [*before, (last, None)]) or due

    def _put_ends(
        self,
        sources: tuple[int, int],
        entered: datetime,
        left: datetime | None,
        agent: int,
        team: int,
        status: int,
    ) -> None:
        if left is None:
            self._put(sources[0], entered, agent, team, _STILL_INSIDE[status])
        else:
            self._put(sources[0], entered, agent, team, _INSIDE[status])
            self._put(sources[1], left, agent, team, _INSIDE[status])

    def _duration(
        self, at: datetime, duty: _Duty, due: datetime | None, is_first: bool | None, stands: bool | None
    ) -> Fact:
        """The values from `interval_status` on, of a fact that took time. Unit: whole seconds."""
        created_at, terms = self._ticket.created_at, duty.terms
        seconds = (at - created_at) // _SECOND
        met = None if due is None else at <= due
        if terms.calendar is None:
            return (None, is_first, stands, seconds, None, log_bucket(seconds), None, met, None)
        business = terms.business_seconds(created_at, at, duty.pauses)
        business_bucket = None if business is None else log_bucket(business)
        return (None, is_first, stands, seconds, business, log_bucket(seconds), business_bucket, met, None)


_NO_VALUE: Final[Fact] = (None,) * 9
"""The columns from `interval_status` on, of a fact that just counts."""
_INSIDE: Final[Mapping[int, Fact]] = {int(status): (int(status), *_NO_VALUE[1:]) for status in Status}
"""The same of the ends of an interval that is over, by its status."""
_STILL_INSIDE: Final[Mapping[int, Fact]] = {
    status: (*values[:2], True, *values[3:]) for status, values in _INSIDE.items()
}
"""The same of the beginning of one that is not."""


class _Duty(NamedTuple):
    """What was promised while one policy was in force."""

    terms: Terms
    runs: Sequence[Run]
    """The stretches in which the policy's clock runs."""
    pauses: Sequence[Run]
    response_due: datetime | None
    resolution_due: datetime | None

    @property
    def promises(self) -> bool:
        """Whether there is a target."""
        return self.response_due is not None or self.resolution_due is not None


def _duty(ticket: TicketRecord, course: Course, terms: Terms) -> _Duty:
    """The due instants by the ticket's own columns, else by its policy; its runs and pauses by the policy."""
    response, resolution = ticket.first_response_due_at, ticket.resolution_due_at
    policy = terms.policy
    if policy is None:
        return _Duty(terms, (), (), response, resolution)
    runs: list[Run] = []
    pauses: list[Run] = []
    for entered, left, status, _, _ in course.stretches:
        (runs if terms.runs_in(status) else pauses).append((entered, left))
    # A ticket of which no stretch is known (it arrived resolved) counts as open from its creation to its end.
    if not course.stretches:
        runs = [(ticket.created_at, None)]
    response = response or terms.due_at(policy.first_response_seconds, runs)
    resolution = resolution or terms.due_at(policy.resolution_seconds, runs)
    return _Duty(terms, runs, pauses, response, resolution)


def _ended(run: Run, at: datetime) -> bool:
    """Whether a run ended before an instant."""
    return run[1] is not None and run[1] < at
