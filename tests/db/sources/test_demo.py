"""The demo data: the same every time, true to itself, and alive enough for reports."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate, pairwise
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db.domain import DONE_STATUSES, OPEN_STATUSES, REPORTED_STATUSES, ActorKind, Clock, EventKind, Priority, Status
from db.sources.demo import demo
from db.sources.demo.people import agents_between
from db.sources.rows import EventRow, Read, Reject, RowKind, SlaPolicyRow, TicketRow

UNTIL = date(2026, 11, 23)
NOW = datetime.combine(UNTIL, time(), UTC)
BERLIN = ZoneInfo("Europe/Berlin")
INCIDENT = date(2026, 3, 11)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, repr=False)
class Shown:
    """Everything that the demo shows at one `until`."""

    rows: list[Read | Reject]
    of: dict[RowKind, list[Any]]
    events: dict[str, list[EventRow]]
    tickets: dict[str, TicketRow]


@pytest.fixture(scope="module")
def shown() -> Shown:
    of: dict[RowKind, list[Any]] = defaultdict(list)
    events: dict[str, list[EventRow]] = defaultdict(list)
    rows = list(demo(UNTIL).rows())
    for read in rows:
        assert isinstance(read, Read)
        of[read.kind].append(read.row)
        if isinstance(read.row, EventRow):
            events[read.row.ticket_id].append(read.row)
    return Shown(rows, of, events, {ticket.id: ticket for ticket in of[RowKind.TICKETS]})


def moves(events: list[EventRow]) -> list[EventRow]:
    return [event for event in events if event.kind is EventKind.STATUS_CHANGED]


def moves_to(events: list[EventRow], word: str) -> list[datetime]:
    return [event.at for event in moves(events) if event.to_value == word]


def is_reopen(move: EventRow) -> bool:
    return (move.from_value, move.to_value) == ("resolved", "open")


def last_of(events: list[EventRow], kind: EventKind, otherwise: str | None) -> str | None:
    return next((event.to_value for event in reversed(events) if event.kind is kind), otherwise)


def test_two_runs_yield_equal_rows(shown: Shown) -> None:
    again = demo(UNTIL)

    assert all(one == other for one, other in zip(shown.rows, again.rows(), strict=True))
    assert again.done == again.size == 730


def test_what_is_older_than_120_days_does_not_depend_on_until(shown: Shown) -> None:
    earlier = UNTIL - timedelta(days=77)
    since, settled = f"T-{date(2024, 11, 23):%Y%m%d}", f"T-{earlier - timedelta(days=120):%Y%m%d}"

    def known(rows: Iterator[Read | Reject]) -> Iterator[Any]:
        """Rows of tickets created while both know everything."""
        for read in rows:
            row = read.row if isinstance(read, Read) else None
            ticket = row.id if isinstance(row, TicketRow) else getattr(row, "ticket_id", "")
            if since <= ticket < settled:
                yield row

    assert all(one == two for one, two in zip(known(iter(shown.rows)), known(demo(earlier).rows()), strict=True))


def test_agents_keep_their_ids_names_and_teams_whatever_until_is(shown: Shown) -> None:
    other = {agent.id: agent for agent in agents_between(date(2024, 6, 30), date(2026, 6, 30))}
    shared = [agent for agent in shown.of[RowKind.AGENTS] if agent.id in other]

    assert len(shared) >= 55
    assert all((agent.name, agent.team) == (other[agent.id].name, other[agent.id].team) for agent in shared)


def test_the_fingerprint_tells_two_days_apart() -> None:
    assert demo(UNTIL).fingerprint == demo(UNTIL).fingerprint != demo(UNTIL + timedelta(days=1)).fingerprint


def test_an_until_before_2024_is_refused() -> None:
    with pytest.raises(ValueError, match="2022-01-01"):
        demo(date(2023, 12, 31))


@pytest.mark.parametrize("until", [date(2025, 1, 1), date(2028, 2, 29), date(2030, 9, 1), date(2031, 12, 31)])
def test_every_window_has_about_fifty_thousand_tickets_and_a_plausible_backlog_and_one_incident(until: date) -> None:
    kinds: Counter[RowKind] = Counter()
    statuses: Counter[Status | None] = Counter()
    per_day: Counter[date] = Counter()

    for read in demo(until).rows():
        assert isinstance(read, Read)
        kinds[read.kind] += 1
        if isinstance(read.row, TicketRow):
            statuses[read.row.status] += 1
            per_day[read.row.created_at.date()] += 1

    assert 45_000 <= kinds[RowKind.TICKETS] <= 60_000
    assert 5 <= kinds[RowKind.EVENTS] / kinds[RowKind.TICKETS] <= 7
    assert 500 <= sum(statuses[status] for status in OPEN_STATUSES) <= 1_250
    assert kinds[RowKind.AGENTS] == 60
    assert len([day for day, count in per_day.items() if count > 300]) == 1


def test_the_directory_is_of_the_stated_size(shown: Shown) -> None:
    sizes = {kind: len(shown.of[kind]) for kind in RowKind}

    assert sizes[RowKind.ORGANIZATIONS] == len({row.name for row in shown.of[RowKind.ORGANIZATIONS]}) == 300
    assert sizes[RowKind.AGENTS] == len({row.name for row in shown.of[RowKind.AGENTS]}) == 60
    assert len({row.email for row in shown.of[RowKind.AGENTS]}) == 60
    assert (sizes[RowKind.TEAMS], sizes[RowKind.CATEGORIES], sizes[RowKind.SLA_POLICIES]) == (8, 12, 5)
    assert len([agent for agent in shown.of[RowKind.AGENTS] if not agent.active]) == 5
    assert len({ticket.channel for ticket in shown.tickets.values()}) == 7
    assert [row.name for row in shown.of[RowKind.CALENDARS]] == ["default"]


def test_every_id_is_unique_and_every_reference_has_a_row(shown: Shown) -> None:
    ids = {kind: {row.id for row in shown.of[kind]} for kind in list(RowKind)[:4]}
    agents = ids[RowKind.AGENTS] | {None}
    tickets = shown.of[RowKind.TICKETS]

    assert len(shown.tickets) == len(tickets)
    assert {ticket.organization for ticket in tickets} == ids[RowKind.ORGANIZATIONS] | {None}
    assert {ticket.team for ticket in tickets} == ids[RowKind.TEAMS] | {None}
    assert {ticket.category for ticket in tickets} == ids[RowKind.CATEGORIES] | {None}
    assert {ticket.assignee for ticket in tickets} == agents
    assert {ticket.first_responder for ticket in tickets} <= agents
    assert {agent.team for agent in shown.of[RowKind.AGENTS]} == ids[RowKind.TEAMS]
    for event in shown.of[RowKind.EVENTS]:
        assert event.ticket_id in shown.tickets
        assert event.actor_kind is not ActorKind.AGENT or event.actor in agents
        assert event.kind is not EventKind.ASSIGNED or {event.from_value, event.to_value} <= agents
    assert all(rating.ticket_id in shown.tickets for rating in shown.of[RowKind.RATINGS])


def test_nothing_lies_before_its_ticket_or_after_now_and_no_life_exceeds_100_days(shown: Shown) -> None:
    for ticket in shown.tickets.values():
        instants = [ticket.created_at, *(event.at for event in shown.events[ticket.id])]

        assert all(one <= two for one, two in pairwise(instants))
        assert len(set(instants[1:])) == len(instants) - 1
        assert instants[-1] < NOW
        assert instants[-1] - ticket.created_at <= timedelta(days=100)
        assert ticket.status not in OPEN_STATUSES or NOW - ticket.created_at <= timedelta(days=100)
        assert ticket.updated_at == instants[-1]
    for rating in shown.of[RowKind.RATINGS]:
        assert moves_to(shown.events[rating.ticket_id], "resolved")[-1] < rating.at < NOW


def test_the_columns_are_what_the_events_left_behind(shown: Shown) -> None:
    for ticket in shown.tickets.values():
        events = shown.events[ticket.id]
        by_agent = [event for event in events if event.actor_kind is ActorKind.AGENT]
        replies = [event for event in by_agent if event.kind is EventKind.PUBLIC_REPLY]
        done = ticket.status in DONE_STATUSES

        assert ticket.status is not None
        assert ticket.status.word == last_of(events, EventKind.STATUS_CHANGED, "new")
        assert ticket.assignee == last_of(events, EventKind.ASSIGNED, None)
        assert ticket.team == last_of(events, EventKind.TEAM_CHANGED, ticket.team)
        assert ticket.category == last_of(events, EventKind.CATEGORY_CHANGED, ticket.category)
        assert ticket.first_response_at == (replies[0].at if replies else None)
        assert ticket.first_responder == (replies[0].actor if replies else None)
        assert ticket.resolved_at == (moves_to(events, "resolved")[-1] if done else None)
        assert ticket.closed_at == (moves_to(events, "closed")[-1] if ticket.status is Status.CLOSED else None)
        assert ticket.reopen_count == len([move for move in moves(events) if is_reopen(move)])


def test_every_change_starts_where_the_last_one_ended(shown: Shown) -> None:
    changes = (EventKind.STATUS_CHANGED, EventKind.ASSIGNED, EventKind.TEAM_CHANGED, EventKind.PRIORITY_CHANGED)
    for events in shown.events.values():
        for kind in changes:
            chain = [event for event in events if event.kind is kind]

            assert all(one.to_value == two.from_value for one, two in pairwise(chain))
            assert all(event.from_value != event.to_value for event in chain if kind is not EventKind.ASSIGNED)
        assert all(event.from_value == "new" for event in moves(events)[:1])


def test_who_has_left_or_not_yet_joined_does_nothing(shown: Shown) -> None:
    agents = agents_between(UNTIL.replace(year=2024), UNTIL)
    left = {agent.id: agent.left for agent in agents if agent.left}
    joined = {agent_id: day.replace(year=day.year - 2) for agent_id, day in left.items()}

    for event in shown.of[RowKind.EVENTS]:
        if event.actor in left:
            assert joined[event.actor] <= event.at.date() <= left[event.actor]
    for ticket in shown.tickets.values():
        assert ticket.status not in OPEN_STATUSES or ticket.assignee not in left or left[ticket.assignee] > UNTIL


class Meter:
    """An SLA clock of the test's own: business seconds from the calendar's row, pauses from the events."""

    def __init__(self, shown: Shown) -> None:
        row = shown.of[RowKind.CALENDARS][0]
        days = {day if isinstance(day, str) else day["date"]: day for day in row.holidays}
        spans = []
        for number in range(1100):
            day = date(2024, 6, 1) + timedelta(days=number)
            rest = days.get(day.isoformat())
            usual = row.spans.get(WEEKDAYS[day.weekday()], []) if rest is None else []
            for start, end in rest["spans"] if isinstance(rest, dict) else usual:
                spans.append([datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=BERLIN) for at in (start, end)])
        self.starts = [start.timestamp() for start, _ in spans]
        self.lengths = [(end - start).total_seconds() for start, end in spans]
        self.before = [0.0, *accumulate(self.lengths)]
        self.policies: dict[Any, SlaPolicyRow] = {
            (policy.match_priority, policy.match_category): policy for policy in shown.of[RowKind.SLA_POLICIES]
        }

    def policy(self, ticket: TicketRow) -> SlaPolicyRow:
        specific = self.policies.get((ticket.priority, ticket.category))
        return specific or self.policies[ticket.priority, None]

    def business(self, at: datetime) -> float:
        place = bisect_right(self.starts, at.timestamp()) - 1
        return self.before[place] + min(at.timestamp() - self.starts[place], self.lengths[place])

    def between(self, since: datetime, until: datetime, clock: Clock) -> float:
        if clock is Clock.BUSINESS:
            return self.business(until) - self.business(since)
        return (until - since).total_seconds()

    def elapsed(self, ticket: TicketRow, events: list[EventRow], until: datetime) -> float:
        clock, total, status, at = self.policy(ticket).clock, 0.0, "new", ticket.created_at
        for move in [*(move for move in moves(events) if move.at <= until), None]:
            if status in ("new", "open"):
                total += self.between(at, move.at if move else until, clock)
            if move:
                status, at = str(move.to_value), move.at
        return total


@pytest.fixture(scope="module")
def reported(shown: Shown) -> list[TicketRow]:
    return [ticket for ticket in shown.tickets.values() if ticket.status in REPORTED_STATUSES]


def test_about_one_in_seven_targets_is_missed(shown: Shown, reported: list[TicketRow]) -> None:
    meter, answers, solutions = Meter(shown), Counter[bool](), Counter[bool]()
    for ticket in reported:
        policy, events = meter.policy(ticket), shown.events[ticket.id]
        if ticket.first_response_at:
            seconds = meter.elapsed(ticket, events, ticket.first_response_at)
            answers[seconds > (policy.first_response_seconds or 0)] += 1
        if ticket.resolved_at and policy.resolution_seconds:
            solutions[meter.elapsed(ticket, events, ticket.resolved_at) > policy.resolution_seconds] += 1

    assert 0.10 <= answers[True] / answers.total() <= 0.20
    assert 0.12 <= solutions[True] / solutions.total() <= 0.20


def test_the_backlog_has_breached_and_unassigned_tickets_in_all_four_statuses(
    shown: Shown, reported: list[TicketRow]
) -> None:
    waiting, meter = [ticket for ticket in reported if ticket.status in OPEN_STATUSES], Meter(shown)

    breached = [
        ticket
        for ticket in waiting
        if (target := meter.policy(ticket).resolution_seconds)
        and meter.elapsed(ticket, shown.events[ticket.id], NOW) > target
    ]

    assert 600 <= len(waiting) <= 1_200
    assert 60 <= len(breached) <= 400
    assert 60 <= len([ticket for ticket in waiting if ticket.assignee is None]) <= 400
    assert {ticket.status for ticket in waiting} == OPEN_STATUSES


def test_reopens_ratings_and_oddities_have_their_stated_shares(shown: Shown, reported: list[TicketRow]) -> None:
    changes = [move for events in shown.events.values() for move in moves(events)]
    resolutions = [move for move in changes if move.to_value == "resolved"]
    reopens = [move for move in changes if is_reopen(move)]
    ratings = shown.of[RowKind.RATINGS]
    count = len(shown.tickets)

    assert 0.05 <= len(reopens) / len(resolutions) <= 0.07
    assert 0.25 <= len(ratings) / len([ticket for ticket in reported if ticket.resolved_at]) <= 0.35
    assert 0.2 <= len([rating for rating in ratings if rating.comment]) / len(ratings) <= 0.5
    assert {rating.score for rating in ratings} == {1, 2, 3, 4, 5}
    assert 0.005 <= len([t for t in shown.tickets.values() if t.status is Status.SPAM]) / count <= 0.02
    assert 0.005 <= len([t for t in shown.tickets.values() if t.status is Status.MERGED]) / count <= 0.03
    assert 0.005 <= len([t for t in reported if t.category is None]) / count <= 0.03
    assert 0.02 <= len([t for t in reported if t.assignee is None]) / count <= 0.12
    assert len([t for t in reported if t.first_response_at is None and t.resolved_at]) > 500


def test_bots_notes_and_customers_come_before_the_first_response_of_many(shown: Shown) -> None:
    early: Counter[tuple[EventKind, ActorKind | None]] = Counter()
    for ticket in shown.tickets.values():
        for event in shown.events[ticket.id]:
            if ticket.first_response_at and event.at < ticket.first_response_at:
                early[event.kind, event.actor_kind] += 1

    assert early[EventKind.PUBLIC_REPLY, ActorKind.BOT] > 5_000
    assert early[EventKind.PRIVATE_NOTE, ActorKind.AGENT] > 2_000
    assert early[EventKind.PUBLIC_REPLY, ActorKind.CUSTOMER] > 1_000


def test_every_kind_of_event_and_every_open_status_occurs(shown: Shown) -> None:
    kinds = Counter(event.kind for event in shown.of[RowKind.EVENTS])
    statuses = Counter(move.to_value for move in moves(shown.of[RowKind.EVENTS]))

    assert all(kinds[kind] > 500 for kind in EventKind)
    assert all(statuses[word] > 1_000 for word in ("open", "pending", "on_hold", "resolved"))


def test_office_hours_and_workdays_are_busier(shown: Shown) -> None:
    local = [ticket.created_at.astimezone(BERLIN) for ticket in shown.tickets.values()]
    hours, weekdays = Counter(at.hour for at in local), Counter(at.weekday() for at in local)

    assert sum(hours[hour] for hour in range(8, 18)) / len(local) > 0.7
    assert hours[3] > 50
    assert hours[10] > 10 * hours[3]
    assert weekdays[0] > 1.1 * weekdays[4]
    assert weekdays[4] > 2 * weekdays[5] > 2 * weekdays[6] * 0.9


def test_there_is_one_incident_with_its_flood_its_slowness_and_its_grudge(
    shown: Shown, reported: list[TicketRow]
) -> None:
    per_day = Counter(ticket.created_at.date() for ticket in shown.tickets.values())
    wednesdays = median(count for day, count in per_day.items() if day.weekday() == INCIDENT.weekday())
    topics = Counter(ticket.category for ticket in reported if ticket.created_at.date() == INCIDENT)

    def answer_times(since: date, days: int) -> float:
        return median(
            (ticket.first_response_at - ticket.created_at).total_seconds()
            for ticket in reported
            if ticket.first_response_at and since <= ticket.created_at.date() < since + timedelta(days=days)
        )

    def satisfied(since: date, days: int) -> float:
        scores = [r.score for r in shown.of[RowKind.RATINGS] if since <= r.at.date() < since + timedelta(days=days)]
        return len([score for score in scores if score >= 4]) / len(scores)

    assert [day for day, count in per_day.items() if count > 3.5 * wednesdays] == [INCIDENT]
    assert 4.5 <= per_day[INCIDENT] / wednesdays <= 8
    assert topics["availability"] > 0.6 * topics.total()
    assert answer_times(INCIDENT, 3) > 1.4 * answer_times(INCIDENT - timedelta(days=21), 14)
    assert satisfied(INCIDENT, 10) < satisfied(INCIDENT - timedelta(days=60), 60) - 0.1


def test_categories_move_differently(shown: Shown) -> None:
    first, second = Counter[str | None](), Counter[str | None]()
    for ticket in shown.tickets.values():
        (first if ticket.created_at < NOW - timedelta(days=365) else second)[ticket.category] += 1
    billing = Counter(t.created_at.day <= 5 for t in shown.tickets.values() if t.category == "billing")

    assert second["integrations"] > 1.1 * first["integrations"]
    assert second["devices"] < 0.9 * first["devices"]
    assert billing[True] / (5 / 30.4) > 2 * billing[False] / (25.4 / 30.4)


def test_agents_organizations_and_priorities_differ(shown: Shown, reported: list[TicketRow]) -> None:
    waits: dict[Any, list[float]] = defaultdict(list)
    sizes = Counter(ticket.organization for ticket in reported if ticket.organization)
    for ticket in reported:
        if ticket.first_response_at:
            seconds = (ticket.first_response_at - ticket.created_at).total_seconds()
            waits[ticket.first_responder].append(seconds)
            waits[ticket.priority].append(seconds)

    agents = [median(times) for who, times in waits.items() if isinstance(who, str) and len(times) > 200]

    assert max(agents) > 2 * min(agents)
    assert median(waits[Priority.URGENT]) < median(waits[Priority.HIGH]) < median(waits[Priority.NORMAL])
    assert median(waits[Priority.NORMAL]) < median(waits[Priority.LOW])
    assert sum(count for _, count in sizes.most_common(30)) > 0.35 * sizes.total()
    assert len(sizes) == 300
