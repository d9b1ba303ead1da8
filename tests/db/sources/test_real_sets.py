"""The real ticket sets, read whole through their mappings, give the figures that were computed without this project."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from db.domain import DONE_STATUSES, EventKind, Priority, Status
from db.sources.files import FileSource, open_source
from db.sources.mapping import load_mapping
from db.sources.rows import AgentRow, EventRow, RatingRow, Read, Reject, TicketRow

MAPPINGS = Path(__file__).parents[3] / "mappings"
BOSTON = ZoneInfo("America/New_York")


class ReadSet:
    """Everything that a set's source delivers, by type."""

    def __init__(self, file: Path, mapping: str) -> None:
        self.source: FileSource = open_source(file, load_mapping(MAPPINGS / mapping))
        self.rows: defaultdict[type, list] = defaultdict(list)
        for found in self.source.rows():
            self.rows[type(found.row) if isinstance(found, Read) else Reject].append(
                found.row if isinstance(found, Read) else found
            )
        self.tickets: list[TicketRow] = self.rows[TicketRow]


@pytest.fixture(scope="module")
def uci(shared_data: Path) -> ReadSet:
    return ReadSet(shared_data / "uci_incident" / "incident_event_log.csv.zip", "uci_incident.toml")


@pytest.fixture(scope="module")
def tech(shared_data: Path) -> ReadSet:
    return ReadSet(shared_data / "tech_support" / "technical_support.csv", "tech_support.toml")


@pytest.fixture(scope="module")
def boston(shared_data: Path) -> ReadSet:
    return ReadSet(shared_data / "boston311" / "311_service_requests_2011.csv.zip", "boston311.toml")


def hours(spans: list[timedelta]) -> tuple[int, float, float, float]:
    """Count, mean, median and 90th percentile (linear interpolation) in hours."""
    values = sorted(span.total_seconds() / 3600 for span in spans)
    whole, part = divmod(0.9 * (len(values) - 1), 1)
    low, high = values[int(whole)], values[int(whole) + 1]
    return len(values), statistics.fmean(values), statistics.median(values), low + (high - low) * part


def resolution_hours(tickets: list[TicketRow]) -> tuple[int, float, float, float]:
    return hours([ticket.resolved_at - ticket.created_at for ticket in tickets if ticket.resolved_at])


def within_due(tickets: list[TicketRow]) -> int:
    return sum(
        ticket.resolved_at <= ticket.resolution_due_at
        for ticket in tickets
        if ticket.resolved_at and ticket.resolution_due_at
    )


def moves(events: list[EventRow], into_done: bool) -> Counter[str]:
    """How often each ticket went into resolved or closed, or back."""
    done = {status.word for status in DONE_STATUSES}
    return Counter(
        event.ticket_id
        for event in events
        if event.kind is EventKind.STATUS_CHANGED
        and (event.to_value in done) is into_done
        and (event.from_value in done) is not into_done
    )


def test_every_incident_goes_in_once_and_no_row_is_rejected(uci: ReadSet) -> None:
    assert len(uci.tickets) == len({ticket.id for ticket in uci.tickets}) == 24_918
    assert uci.rows[Reject] == []
    assert {ticket.status for ticket in uci.tickets} == {Status.CLOSED}


def test_the_incident_log_covers_the_period_that_the_set_names(uci: ReadSet) -> None:
    assert min(ticket.created_at for ticket in uci.tickets) == datetime(2016, 2, 29, 1, 16, tzinfo=UTC)
    assert max(ticket.created_at for ticket in uci.tickets).date().isoformat() == "2017-02-16"


def test_incidents_resolve_in_the_hours_computed_independently(uci: ReadSet) -> None:
    count, mean, median, p90 = resolution_hours(uci.tickets)

    assert count == 23_362
    assert mean == pytest.approx(178.1716, abs=5e-5)
    assert median == pytest.approx(22.10, abs=5e-3)
    assert p90 == pytest.approx(381.548, abs=5e-4)


def test_made_sla_of_the_last_row_is_kept_as_a_tag_and_no_due_time_is_made_up(uci: ReadSet) -> None:
    assert Counter(ticket.tags for ticket in uci.tickets) == {("sla_made",): 15_803, ("sla_missed",): 24_918 - 15_803}
    assert not any(ticket.resolution_due_at or ticket.first_response_due_at for ticket in uci.tickets)


def test_reopenings_in_the_log_equal_the_reopen_counts_incident_by_incident(uci: ReadSet) -> None:
    counted = {ticket.id: ticket.reopen_count for ticket in uci.tickets if ticket.reopen_count}

    assert len(counted) == 275
    assert sum(counted.values()) == 331
    assert moves(uci.rows[EventRow], into_done=False) == counted


def test_incidents_without_a_resolution_instant_arrived_resolved_but_for_fourteen(uci: ReadSet) -> None:
    unknown = {ticket.id for ticket in uci.tickets if ticket.resolved_at is None}

    resolved_in_log = moves(uci.rows[EventRow], into_done=True)

    assert len(unknown) == 1_556
    assert len(unknown & resolved_in_log.keys()) == 14


def test_the_log_closes_every_incident_so_closed_at_is_not_read(uci: ReadSet) -> None:
    closings = {event.ticket_id for event in uci.rows[EventRow] if event.to_value == "closed"}

    assert closings == {ticket.id for ticket in uci.tickets}
    assert not any(ticket.closed_at for ticket in uci.tickets)
    assert uci.source.prefers_columns


def test_the_state_minus_100_is_no_status_and_makes_no_event(uci: ReadSet) -> None:
    changes = [event for event in uci.rows[EventRow] if event.ticket_id == "INC0028089"]

    statuses = [event.to_value for event in changes if event.kind is EventKind.STATUS_CHANGED]

    assert "-100" not in statuses
    assert statuses[-1] == "closed"


def test_question_marks_are_absent(uci: ReadSet) -> None:
    assert sum(ticket.assignee is None for ticket in uci.tickets) == 725
    assert sum(ticket.team is None for ticket in uci.tickets) == 2_157
    assert not any("?" in (ticket.category, ticket.requester, ticket.organization) for ticket in uci.tickets)


def test_the_last_row_of_an_incident_has_its_priority_and_each_change_is_an_event(uci: ReadSet) -> None:
    changed = {event.ticket_id for event in uci.rows[EventRow] if event.kind is EventKind.PRIORITY_CHANGED}

    assert len(changed) == 383
    assert Counter(ticket.priority for ticket in uci.tickets) == {
        Priority.NORMAL: 23_466,
        Priority.LOW: 774,
        Priority.HIGH: 408,
        Priority.URGENT: 270,
    }


def test_the_events_of_an_incident_form_a_chain_that_ends_in_its_row(uci: ReadSet) -> None:
    chains: defaultdict[tuple[str, EventKind], list[EventRow]] = defaultdict(list)
    for event in uci.rows[EventRow]:
        chains[event.ticket_id, event.kind].append(event)
    tickets = {ticket.id: ticket for ticket in uci.tickets}

    for (ticket, kind), chain in chains.items():
        assert all(one.to_value == next_one.from_value for one, next_one in pairwise(chain))
        if kind is EventKind.ASSIGNED:
            assert chain[-1].to_value == tickets[ticket].assignee


def test_rows_written_before_their_incident_was_opened_are_told(uci: ReadSet) -> None:
    assert uci.source.notices == {"updated_at lay before the ticket's creation and was taken as absent": 5}
    created = {ticket.id: ticket.created_at for ticket in uci.tickets}
    assert all(event.at >= created[event.ticket_id] for event in uci.rows[EventRow])


def test_technical_support_has_the_statuses_counted_independently(tech: ReadSet) -> None:
    assert len(tech.tickets) == 2_330
    assert tech.rows[Reject] == []
    assert Counter(ticket.status for ticket in tech.tickets) == {
        Status.CLOSED: 1_173,
        Status.RESOLVED: 739,
        Status.OPEN: 400,
        Status.NEW: 18,
    }


def test_technical_support_resolves_in_the_hours_computed_independently(tech: ReadSet) -> None:
    count, mean, median, p90 = resolution_hours(tech.tickets)

    assert count == 1_912
    assert mean == pytest.approx(33.23796, abs=5e-6)
    assert median == pytest.approx(21.88711, abs=5e-6)
    assert p90 == pytest.approx(88.66172, abs=5e-6)


def test_1546_resolutions_are_in_time_and_the_1547th_flag_is_of_a_running_ticket(tech: ReadSet) -> None:
    odd = next(ticket for ticket in tech.tickets if ticket.id == "3986")

    assert within_due(tech.tickets) == 1_546
    assert odd.status is Status.OPEN
    assert odd.resolved_at is None
    assert odd.resolution_due_at == datetime(2023, 12, 31, 21, 52, 38, tzinfo=UTC)


def test_technical_support_ratings_have_the_mean_and_share_computed_independently(tech: ReadSet) -> None:
    scores = [rating.score for rating in tech.rows[RatingRow]]

    assert len(scores) == 1_173
    assert statistics.fmean(scores) == pytest.approx(3.5107, abs=5e-5)
    assert 100 * sum(score >= 4 for score in scores) / len(scores) == pytest.approx(56.692, abs=5e-4)


def test_first_responses_before_creation_are_absent_and_told(tech: ReadSet) -> None:
    answered = [ticket for ticket in tech.tickets if ticket.first_response_at]

    assert len(answered) == 2_310
    assert tech.source.notices == {"first_response_at lay before the ticket's creation and was taken as absent": 2}
    assert sum(ticket.first_response_at <= ticket.first_response_due_at for ticket in answered) == 2_031


def test_resolutions_before_the_first_response_keep_both_instants(tech: ReadSet) -> None:
    both = [ticket for ticket in tech.tickets if ticket.first_response_at and ticket.resolved_at]

    assert sum(ticket.resolved_at < ticket.first_response_at for ticket in both) == 18


def test_the_category_spelt_two_ways_is_one(tech: ReadSet) -> None:
    categories = Counter(ticket.category for ticket in tech.tickets)

    assert len(categories) == 7
    assert categories["Pricing and licensing"] == 457 + 68


def test_the_eight_agents_go_in_once_with_their_team(tech: ReadSet) -> None:
    agents: list[AgentRow] = tech.rows[AgentRow]

    assert len(agents) == len({agent.id for agent in agents}) == 8
    assert Counter(agent.team for agent in agents) == {"1st line support": 5, "2nd line support": 3}


def test_boston_has_the_cases_counted_independently(boston: ReadSet) -> None:
    assert len(boston.tickets) == 58_251
    assert boston.rows[Reject] == []
    assert boston.source.notices == {}
    assert Counter(ticket.status for ticket in boston.tickets) == {Status.CLOSED: 54_570, Status.OPEN: 3_681}


def test_boston_cases_with_a_target_are_on_time_as_computed_independently(boston: ReadSet) -> None:
    assert sum(ticket.resolution_due_at is None for ticket in boston.tickets) == 10_981
    assert sum(bool(ticket.resolution_due_at and ticket.resolved_at) for ticket in boston.tickets) == 43_821
    assert within_due(boston.tickets) == 35_591


def test_boston_wall_clocks_give_the_hours_computed_independently(boston: ReadSet) -> None:
    closed = [ticket for ticket in boston.tickets if ticket.resolved_at]

    walls = [
        ticket.resolved_at.astimezone(BOSTON).replace(tzinfo=None)
        - ticket.created_at.astimezone(BOSTON).replace(tzinfo=None)
        for ticket in closed
    ]
    count, mean, median, p90 = hours(walls)

    assert count == 54_570
    assert mean == pytest.approx(993.543, abs=5e-4)
    assert median == pytest.approx(22.176, abs=5e-4)
    assert p90 == pytest.approx(1_899.830, abs=5e-4)


def test_boston_hours_that_passed_count_the_change_of_the_clocks(boston: ReadSet) -> None:
    _, mean, median, p90 = resolution_hours(boston.tickets)

    assert mean == pytest.approx(993.5984, abs=5e-5)
    assert median == pytest.approx(22.1764, abs=5e-5)
    assert p90 == pytest.approx(1_899.8494, abs=5e-5)


def test_boston_closings_run_to_2019_and_targets_may_lie_before_the_opening(boston: ReadSet) -> None:
    assert max(ticket.closed_at for ticket in boston.tickets if ticket.closed_at).year == 2019
    assert sum(bool(t.resolution_due_at and t.resolution_due_at < t.created_at) for t in boston.tickets) == 3


def test_boston_neighborhoods_that_are_blank_are_absent(boston: ReadSet) -> None:
    assert sum(ticket.organization is None for ticket in boston.tickets) == 2_829 + 41


def test_a_second_pass_gives_the_same_rows_and_notices(tech: ReadSet) -> None:
    again = list(tech.source.rows())

    assert len(again) == sum(map(len, tech.rows.values()))
    assert sum(tech.source.notices.values()) == 2
    assert tech.source.done == tech.source.size
