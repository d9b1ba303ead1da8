"""One ticket's facts: the rules of docs/metrics.md, "Sources", sentence by sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.calendars import CalendarBook
from db.domain import NEVER, ActorKind, Clock, EventKind, Source, Status
from db.importing.course import Context
from db.importing.fact_copy import FactPacker
from db.importing.history import facts_of
from db.importing.policies import Policy, PolicyBook
from db.importing.records import (
    EVENT_COLUMNS,
    FACT_COLUMNS,
    RATING_COLUMNS,
    TICKET_COLUMNS,
    EventRecord,
    RatingRecord,
    TicketRecord,
)
from db.models import Fact as FactTable
from db.models import Rating, Ticket, TicketEvent

CREATED = datetime(2024, 3, 1, 9, tzinfo=UTC)
ADA, BEN = 11, 12
DESK, BACK = 21, 22


def after(hours: float) -> datetime:
    return CREATED + timedelta(hours=hours)


def ticket(**columns: Any) -> TicketRecord:
    return TicketRecord(organization_id=1, id=100, external_id="T-1", created_at=CREATED)._replace(**columns)


def context(*policies: Policy, teams: dict[int, int] | None = None) -> Context:
    return Context(
        agents={"ada": ADA, "ben": BEN},
        teams={"desk": DESK, "back": BACK},
        categories={"billing": 31},
        team_of_agent=teams or {},
        policies=PolicyBook(policies, CalendarBook(())),
    )


def status(hours: float, before: str | None, to: str) -> EventRecord:
    return EventRecord(after(hours), EventKind.STATUS_CHANGED, None, None, before, to)


def assigned(hours: float, before: str | None, to: str | None) -> EventRecord:
    return EventRecord(after(hours), EventKind.ASSIGNED, None, None, before, to)


def said(hours: float, actor: str, kind: ActorKind, event: EventKind = EventKind.PUBLIC_REPLY) -> EventRecord:
    return EventRecord(after(hours), event, actor, kind)


def facts(
    of: TicketRecord,
    *events: EventRecord,
    rating: RatingRecord | None = None,
    within: Context | None = None,
) -> list[dict[str, Any]]:
    made = facts_of(of, events, rating, within or context())
    assert [fact[2] for fact in made] == list(range(len(made)))
    return [dict(zip(FACT_COLUMNS, fact, strict=True)) for fact in made]


def only(made: list[dict[str, Any]], source: Source) -> list[dict[str, Any]]:
    return [fact for fact in made if fact["source"] == source]


def stock(made: list[dict[str, Any]], at: datetime, *, breached: bool = False) -> int:
    entered, left = (Source.BREACH_ENTERED, Source.BREACH_LEFT) if breached else (Source.ENTERED, Source.LEFT)
    return sum(fact["at"] < at for fact in only(made, entered)) - sum(fact["at"] < at for fact in only(made, left))


def intervals(made: list[dict[str, Any]]) -> list[tuple[datetime, datetime | None, int, int, int]]:
    """Each interval's ends, status, agent and team, in order."""
    ends: list[tuple[datetime, datetime | None, int, int, int]] = []
    for fact in made:
        key = (fact["interval_status"], fact["agent_id"], fact["team_id"])
        if fact["source"] == Source.ENTERED:
            ends.append((fact["at"], None, *key))
        elif fact["source"] == Source.LEFT:
            assert ends[-1][2:] == key
            ends[-1] = (ends[-1][0], fact["at"], *key)
    return ends


def test_records_have_the_columns_of_their_tables() -> None:
    for columns, table in (
        (TICKET_COLUMNS, Ticket),
        (EVENT_COLUMNS, TicketEvent),
        (RATING_COLUMNS, Rating),
        (FACT_COLUMNS, FactTable),
    ):
        assert tuple(table.__table__.columns.keys()) == tuple(columns)


def test_a_new_ticket_is_created_and_open_and_nothing_else() -> None:
    made = facts(ticket(status=Status.NEW, assignee_id=ADA, team_id=DESK, category_id=31, tag_ids=[5]))

    assert [fact["source"] for fact in made] == [Source.CREATED, Source.ENTERED]
    for fact in made:
        assert (fact["agent_id"], fact["team_id"], fact["category_id"], fact["tag_ids"]) == (ADA, DESK, 31, [5])
        assert (fact["priority"], fact["channel"], fact["status"]) == (0, 0, Status.NEW)
        assert fact["at"] == fact["created_at"] == CREATED


@pytest.mark.parametrize("out", [Status.MERGED, Status.SPAM, Status.DELETED])
def test_a_ticket_out_of_the_metrics_has_no_facts(out: Status) -> None:
    assert facts(ticket(status=out, resolved_at=after(1))) == []
    assert facts(ticket(status=Status.OPEN), status(1, "open", out.word)) == []
    assert facts(ticket(status=out), status(1, "open", "resolved")) == []


class TestFirstResponse:
    def test_is_the_first_public_reply_of_a_human_agent(self) -> None:
        made = facts(
            ticket(status=Status.OPEN, assignee_id=ADA),
            said(0.5, "bot", ActorKind.BOT),
            said(1, "ben", ActorKind.AGENT, EventKind.PRIVATE_NOTE),
            said(2, "carl", ActorKind.CUSTOMER),
            said(3, "ben", ActorKind.AGENT),
            said(4, "ada", ActorKind.AGENT),
        )

        [fact] = only(made, Source.FIRST_RESPONSE)
        assert (fact["at"], fact["agent_id"], fact["seconds"]) == (after(3), BEN, 3 * 3600)

    def test_is_never_the_message_that_opens_the_ticket(self) -> None:
        made = facts(ticket(), said(0, "ada", ActorKind.AGENT), said(2, "ben", ActorKind.AGENT))

        [fact] = only(made, Source.FIRST_RESPONSE)
        assert (fact["at"], fact["agent_id"]) == (after(2), BEN)

    def test_is_not_changed_by_a_reopen(self) -> None:
        before = [said(1, "ada", ActorKind.AGENT), status(2, "open", "resolved")]
        later = [status(5, "resolved", "open"), said(6, "ben", ActorKind.AGENT)]

        first = only(facts(ticket(), *before), Source.FIRST_RESPONSE)
        second = only(facts(ticket(), *before, *later), Source.FIRST_RESPONSE)
        assert [(f["at"], f["agent_id"]) for f in first] == [(f["at"], f["agent_id"]) for f in second]

    def test_replies_that_are_all_by_bots_outweigh_the_column(self) -> None:
        made = facts(ticket(first_response_at=after(1)), said(1, "bot", ActorKind.BOT))

        assert only(made, Source.FIRST_RESPONSE) == []

    def test_comes_from_the_columns_where_no_reply_is_told(self) -> None:
        made = facts(ticket(first_response_at=after(1.5), first_responder_id=BEN), status(3, "open", "resolved"))

        [fact] = only(made, Source.FIRST_RESPONSE)
        assert (fact["at"], fact["agent_id"], fact["seconds"]) == (after(1.5), BEN, 5400)

    def test_seconds_are_whole_and_rounded_down(self) -> None:
        made = facts(ticket(first_response_at=CREATED + timedelta(seconds=59, milliseconds=999)))

        assert only(made, Source.FIRST_RESPONSE)[0]["seconds"] == 59


class TestResolution:
    def test_each_move_from_open_to_done_is_one_and_closing_the_resolved_is_none(self) -> None:
        made = facts(
            ticket(),
            assigned(0, None, "ada"),
            status(1, "open", "resolved"),
            status(2, "resolved", "closed"),
            status(3, "closed", "open"),
            assigned(4, "ada", "ben"),
            status(5, "open", "closed"),
        )

        first, second = only(made, Source.RESOLUTION)
        assert (first["at"], first["agent_id"], first["is_first"], first["is_standing"]) == (
            after(1),
            ADA,
            True,
            False,
        )
        assert (second["at"], second["agent_id"], second["is_first"], second["is_standing"]) == (
            after(5),
            BEN,
            False,
            True,
        )
        [reopen] = only(made, Source.REOPEN)
        assert (reopen["at"], reopen["agent_id"]) == (after(3), ADA)

    def test_stands_no_more_once_the_ticket_is_reopened(self) -> None:
        made = facts(ticket(), status(1, "open", "resolved"), status(2, "resolved", "pending"))

        assert [fact["is_standing"] for fact in only(made, Source.RESOLUTION)] == [False]

    def test_is_credited_to_who_gets_the_ticket_in_the_same_moment(self) -> None:
        made = facts(ticket(), status(1, "open", "resolved"), assigned(1, "ada", "ben"))

        assert only(made, Source.RESOLUTION)[0]["agent_id"] == BEN

    def test_of_an_unassigned_ticket_is_nobodys(self) -> None:
        made = facts(
            ticket(assignee_id=ADA),
            assigned(1, "ada", None),
            status(2, "open", "resolved"),
            assigned(3, None, "ben"),
        )

        assert only(made, Source.RESOLUTION)[0]["agent_id"] == 0
        assert only(made, Source.CREATED)[0]["agent_id"] == BEN

    def test_of_a_ticket_that_came_resolved_is_unknown_and_so_is_its_stock(self) -> None:
        made = facts(ticket(status=Status.RESOLVED))

        assert [fact["source"] for fact in made] == [Source.CREATED]

    def test_is_at_closed_at_where_the_columns_tell_no_resolved_at(self) -> None:
        made = facts(ticket(status=Status.CLOSED, closed_at=after(3)))

        assert [fact["at"] for fact in only(made, Source.RESOLUTION)] == [after(3)]

    def test_is_at_most_one_without_a_history(self) -> None:
        made = facts(ticket(status=Status.CLOSED, resolved_at=after(1), closed_at=after(3), reopen_count=2))

        assert [(f["at"], f["is_standing"]) for f in only(made, Source.RESOLUTION)] == [(after(1), True)]
        assert only(made, Source.REOPEN) == []

    def test_of_a_ticket_that_is_open_again_does_not_stand(self) -> None:
        made = facts(ticket(status=Status.OPEN, resolved_at=after(1), assignee_id=ADA))

        [fact] = only(made, Source.RESOLUTION)
        assert (fact["is_standing"], fact["agent_id"]) == (False, ADA)
        assert intervals(made) == [(CREATED, None, Status.OPEN, ADA, 0)]

    def test_counts_events_in_order_of_time_not_of_the_file(self) -> None:
        made = facts(ticket(), status(5, "open", "closed"), status(1, "open", "resolved"), status(3, None, "open"))

        assert [fact["at"] for fact in only(made, Source.RESOLUTION)] == [after(1), after(5)]


class TestTeam:
    def test_is_the_tickets_at_that_moment(self) -> None:
        moved = EventRecord(after(2), EventKind.TEAM_CHANGED, None, None, "desk", "back")
        made = facts(ticket(first_response_at=after(1), first_responder_id=BEN), moved, status(3, "open", "resolved"))

        assert only(made, Source.FIRST_RESPONSE)[0]["team_id"] == DESK
        assert only(made, Source.RESOLUTION)[0]["team_id"] == BACK
        assert only(made, Source.CREATED)[0]["team_id"] == BACK

    def test_is_the_credited_agents_where_the_ticket_has_none(self) -> None:
        made = facts(
            ticket(assignee_id=ADA, first_response_at=after(1), first_responder_id=BEN),
            within=context(teams={ADA: DESK, BEN: BACK}),
        )

        assert only(made, Source.FIRST_RESPONSE)[0]["team_id"] == BACK
        assert only(made, Source.CREATED)[0]["team_id"] == DESK
        assert only(made, Source.ENTERED)[0]["team_id"] == DESK


class TestRating:
    def test_is_credited_to_the_assignee_at_the_resolution_before_it(self) -> None:
        made = facts(
            ticket(),
            assigned(0, None, "ada"),
            status(1, "open", "resolved"),
            assigned(2, "ada", "ben"),
            rating=RatingRecord(after(3), 4),
        )

        [fact] = only(made, Source.RATING)
        assert (fact["at"], fact["agent_id"], fact["score"]) == (after(3), ADA, 4)

    def test_own_agent_wins(self) -> None:
        made = facts(
            ticket(status=Status.RESOLVED, resolved_at=after(1), assignee_id=ADA),
            rating=RatingRecord(after(2), 5, BEN),
        )

        assert only(made, Source.RATING)[0]["agent_id"] == BEN

    def test_before_any_resolution_is_the_assignees_then(self) -> None:
        made = facts(ticket(assignee_id=ADA), rating=RatingRecord(after(2), 5))

        assert only(made, Source.RATING)[0]["agent_id"] == ADA


class TestStock:
    def test_is_cut_where_status_agent_or_team_changes_and_only_there(self) -> None:
        made = facts(
            ticket(team_id=DESK),
            assigned(1, None, "ada"),
            said(2, "ada", ActorKind.AGENT),
            status(3, "new", "pending"),
            assigned(3, "ada", "ben"),
            status(4, "pending", "resolved"),
            assigned(5, "ben", "ada"),
            status(6, "resolved", "open"),
        )

        assert intervals(made) == [
            (CREATED, after(1), Status.NEW, 0, DESK),
            (after(1), after(3), Status.NEW, ADA, DESK),
            (after(3), after(4), Status.PENDING, BEN, DESK),
            (after(6), None, Status.OPEN, ADA, DESK),
        ]

    def test_changes_that_cancel_out_in_one_moment_cut_nothing(self) -> None:
        made = facts(ticket(), status(1, "open", "pending"), status(1, "pending", "open"))

        assert intervals(made) == [(CREATED, None, Status.OPEN, 0, 0)]

    def test_holds_a_ticket_after_its_creation_up_to_its_resolution(self) -> None:
        made = facts(ticket(status=Status.RESOLVED, resolved_at=after(2)))

        instant = timedelta(microseconds=1)
        expected = {CREATED: 0, CREATED + instant: 1, after(2): 1, after(2) + instant: 0}
        assert {at: stock(made, at) for at in expected} == expected

    def test_the_first_events_from_holds_since_creation(self) -> None:
        made = facts(ticket(assignee_id=BEN), assigned(2, "ada", "ben"), status(1, "new", "open"))

        assert intervals(made) == [
            (CREATED, after(1), Status.NEW, ADA, 0),
            (after(1), after(2), Status.OPEN, ADA, 0),
            (after(2), None, Status.OPEN, BEN, 0),
        ]


class TestColumnsThatArePreferred:
    def test_win_over_events_of_their_kind(self) -> None:
        made = facts(
            ticket(
                prefers_columns=True,
                status=Status.RESOLVED,
                resolved_at=after(9),
                assignee_id=ADA,
                first_response_at=after(8),
            ),
            said(1, "ben", ActorKind.AGENT),
            assigned(1, None, "ben"),
            status(2, "open", "resolved"),
        )

        assert only(made, Source.FIRST_RESPONSE)[0]["at"] == after(8)
        assert [(f["at"], f["agent_id"]) for f in only(made, Source.RESOLUTION)] == [(after(9), ADA)]

    def test_leave_the_history_before_them_to_events(self) -> None:
        made = facts(
            ticket(prefers_columns=True, status=Status.CLOSED, resolved_at=after(9), assignee_id=ADA),
            assigned(1, None, "ben"),
            status(2, "open", "resolved"),
            status(4, "resolved", "open"),
            assigned(5, "ben", "ada"),
            status(8, "open", "resolved"),
            status(20, "resolved", "closed"),
        )

        assert [(f["at"], f["agent_id"], f["is_standing"]) for f in only(made, Source.RESOLUTION)] == [
            (after(2), BEN, False),
            (after(9), ADA, True),
        ]
        assert [(f["at"], f["agent_id"]) for f in only(made, Source.REOPEN)] == [(after(4), BEN)]

    def test_stand_alone_where_events_do_not_fit_them(self) -> None:
        made = facts(
            ticket(prefers_columns=True, status=Status.RESOLVED, resolved_at=after(3)),
            status(2, "open", "resolved"),
            status(4, "resolved", "open"),
            status(8, "open", "resolved"),
        )

        assert [f["at"] for f in only(made, Source.RESOLUTION)] == [after(3)]
        assert only(made, Source.REOPEN) == []

    def test_are_filled_up_by_events(self) -> None:
        made = facts(
            ticket(prefers_columns=True, status=Status.RESOLVED),
            said(1, "ben", ActorKind.AGENT),
            assigned(1, None, "ben"),
            status(2, "open", "resolved"),
        )

        assert only(made, Source.FIRST_RESPONSE)[0]["at"] == after(1)
        assert [(f["at"], f["agent_id"]) for f in only(made, Source.RESOLUTION)] == [(after(2), BEN)]


def test_category_and_priority_are_those_of_the_last_change() -> None:
    category = EventRecord(after(1), EventKind.CATEGORY_CHANGED, None, None, None, "billing")
    priority = EventRecord(after(1), EventKind.PRIORITY_CHANGED, None, None, "low", "urgent")

    [created, _] = facts(ticket(category_id=30, priority=1), category, priority)

    assert (created["category_id"], created["priority"]) == (31, 4)


class TestTarget:
    @pytest.mark.parametrize(("hours", "met"), [(3.9, True), (4, True), (4.1, False)])
    def test_is_met_at_or_before_its_due_instant(self, hours: float, met: bool) -> None:
        made = facts(
            ticket(
                status=Status.RESOLVED,
                first_response_at=after(hours),
                first_response_due_at=after(4),
                resolved_at=after(hours),
                resolution_due_at=after(4),
            )
        )

        assert only(made, Source.FIRST_RESPONSE)[0]["within_target"] is met
        assert only(made, Source.RESOLUTION)[0]["within_target"] is met
        assert bool(only(made, Source.BREACH_ENTERED)) is not met

    def test_is_unknown_without_a_due_instant(self) -> None:
        made = facts(ticket(status=Status.RESOLVED, resolved_at=after(1)))

        assert only(made, Source.RESOLUTION)[0]["within_target"] is None

    def test_is_the_policys_where_the_ticket_has_no_due_column(self) -> None:
        policy = Policy("all", 0, first_response_seconds=3600, resolution_seconds=7200)
        made = facts(
            ticket(
                status=Status.RESOLVED,
                first_response_at=after(1),
                resolved_at=after(3),
                resolution_due_at=after(3),
            ),
            within=context(policy),
        )

        assert only(made, Source.FIRST_RESPONSE)[0]["within_target"] is True
        assert only(made, Source.RESOLUTION)[0]["within_target"] is True

    def test_is_unknown_where_the_policys_clock_cannot_be_run_yet(self) -> None:
        policy = Policy("business", 0, resolution_seconds=1, clock=Clock.BUSINESS)
        made = facts(ticket(status=Status.RESOLVED, resolved_at=after(3)), within=context(policy))

        assert only(made, Source.RESOLUTION)[0]["within_target"] is None
        assert only(made, Source.BREACH_ENTERED) == []

    @pytest.mark.parametrize(("target", "met"), [(3600, True), (3599, False)])
    def test_leaves_out_the_statuses_on_which_the_policy_pauses(self, target: int, met: bool) -> None:
        policy = Policy("pausing", 0, resolution_seconds=target, pause_on=[int(Status.PENDING)])
        events = (status(0.5, "open", "pending"), status(1, "pending", "open"), status(1.5, "open", "resolved"))

        made = facts(ticket(), *events, within=context(policy))

        assert only(made, Source.RESOLUTION)[0]["within_target"] is met
        assert bool(only(made, Source.BREACH_ENTERED)) is not met

    def test_is_not_missed_while_the_ticket_is_paused_for_good(self) -> None:
        policy = Policy("pausing", 0, resolution_seconds=3600, pause_on=[int(Status.PENDING)])

        made = facts(ticket(), status(0.5, "open", "pending"), within=context(policy))

        assert stock(made, after(10_000)) == 1
        assert only(made, Source.BREACH_ENTERED) == []

    def test_does_not_count_the_time_in_which_the_ticket_was_resolved(self) -> None:
        policy = Policy("all", 0, resolution_seconds=3 * 3600)
        events = (
            status(1, "open", "resolved"),
            status(10, "resolved", "open"),
            status(12, "open", "closed"),
        )

        assert [
            f["within_target"] for f in only(facts(ticket(), *events, within=context(policy)), Source.RESOLUTION)
        ] == [True, True]

    def test_is_of_the_most_specific_policy_then_of_the_earlier(self) -> None:
        policies = (
            Policy("all", 0, resolution_seconds=1),
            Policy("high", 1, match_priority=3, resolution_seconds=2),
            Policy("billing", 2, match_category_id=31, resolution_seconds=3),
            Policy("both", 3, match_priority=3, match_category_id=31, match_organization_id=9),
        )
        book = PolicyBook(policies, CalendarBook(()))

        found = [book.terms_for(*key).policy for key in ((1, 0, 1), (3, 0, 1), (3, 31, 1), (3, 31, 9), (1, 31, 9))]
        assert [policy and policy.name for policy in found] == ["all", "high", "high", "both", "billing"]


def targets(made: list[dict[str, Any]]) -> list[tuple[int, datetime, bool | None, int]]:
    """Each target's kind, due instant, whether it was met, and whose it is."""
    due = (Source.RESPONSE_DUE, Source.RESOLUTION_DUE)
    return [(f["source"], f["at"], f["within_target"], f["agent_id"]) for f in made if f["source"] in due]


class TestDue:
    PAUSING = Policy("all", 0, first_response_seconds=3600, resolution_seconds=4 * 3600, pause_on=[int(Status.PENDING)])

    def of(self, *events: EventRecord, **columns: Any) -> list[tuple[int, datetime, bool | None, int]]:
        return targets(facts(ticket(assignee_id=ADA, **columns), *events, within=context(self.PAUSING)))

    def test_is_told_ahead_while_a_target_runs(self) -> None:
        assert self.of(status=Status.OPEN) == [
            (Source.RESPONSE_DUE, after(1), None, ADA),
            (Source.RESOLUTION_DUE, after(4), None, ADA),
        ]

    def test_moves_by_each_pause(self) -> None:
        found = self.of(said(0.5, "ada", ActorKind.AGENT), status(1, "open", "pending"), status(3, "pending", "open"))

        assert found == [(Source.RESPONSE_DUE, after(1), True, ADA), (Source.RESOLUTION_DUE, after(6), None, ADA)]

    def test_is_not_known_while_a_pause_lasts(self) -> None:
        assert self.of(status(0.5, "open", "pending")) == [
            (Source.RESPONSE_DUE, NEVER, None, ADA),
            (Source.RESOLUTION_DUE, NEVER, None, ADA),
        ]

    @pytest.mark.parametrize(("hours", "met"), [(3, True), (4, True), (5, False)])
    def test_stays_where_it_was_when_the_target_was_fulfilled(self, hours: float, met: bool) -> None:
        found = self.of(status(hours, "open", "resolved"))

        assert found == [(Source.RESPONSE_DUE, after(1), None, ADA), (Source.RESOLUTION_DUE, after(4), met, ADA)]

    def test_of_a_target_met_in_a_pause_is_what_was_left_of_it(self) -> None:
        found = self.of(status(1, "open", "pending"), status(10, "pending", "resolved"))

        assert found[-1] == (Source.RESOLUTION_DUE, after(13), True, ADA)

    def test_runs_again_when_the_ticket_is_reopened(self) -> None:
        found = self.of(status(1, "open", "resolved"), status(10, "resolved", "open"))

        assert found[-1] == (Source.RESOLUTION_DUE, after(13), None, ADA)

    def test_is_there_no_more_once_the_ticket_is_done_without_it(self) -> None:
        assert self.of(status(0.5, "open", "resolved")) == [(Source.RESOLUTION_DUE, after(4), True, ADA)]
        assert self.of(status=Status.RESOLVED) == []

    def test_is_the_columns_where_the_ticket_has_one(self) -> None:
        found = self.of(
            said(0.5, "ben", ActorKind.AGENT), first_response_due_at=after(0.4), resolution_due_at=after(100)
        )

        assert found == [(Source.RESPONSE_DUE, after(0.4), False, ADA), (Source.RESOLUTION_DUE, after(100), None, ADA)]

    def test_is_credited_to_who_has_the_ticket_then(self) -> None:
        found = self.of(assigned(2, "ada", "ben"), status(20, "open", "closed"))

        assert found == [(Source.RESPONSE_DUE, after(1), None, ADA), (Source.RESOLUTION_DUE, after(4), False, BEN)]

    def test_moves_when_the_ticket_gets_another_priority(self) -> None:
        policies = (
            Policy("urgent", 0, match_priority=4, resolution_seconds=2 * 3600),
            Policy("all", 1, resolution_seconds=8 * 3600),
        )
        raised = EventRecord(after(1), EventKind.PRIORITY_CHANGED, None, None, "normal", "urgent")

        [open_one] = targets(facts(ticket(), raised, within=context(*policies)))
        [done] = targets(facts(ticket(), status(0.5, "open", "closed"), raised, within=context(*policies)))

        assert open_one[1:3] == (after(2), None)
        assert done[1:3] == (after(8), True)


class TestBreach:
    def test_is_written_ahead_and_counts_once_its_instant_has_passed(self) -> None:
        made = facts(ticket(status=Status.OPEN, resolution_due_at=after(1_000_000)))

        assert stock(made, after(1_000_000), breached=True) == 0
        assert stock(made, after(1_000_001), breached=True) == 1

    def test_is_the_part_of_the_stock_past_the_due_instant(self) -> None:
        made = facts(
            ticket(resolution_due_at=after(2)),
            assigned(3, "ada", "ben"),
            status(4, "open", "resolved"),
            status(6, "resolved", "open"),
        )

        ends = [
            (fact["source"], fact["at"], fact["agent_id"])
            for fact in made
            if fact["source"] in (Source.BREACH_ENTERED, Source.BREACH_LEFT)
        ]
        assert ends == [
            (Source.BREACH_ENTERED, after(2), ADA),
            (Source.BREACH_LEFT, after(3), ADA),
            (Source.BREACH_ENTERED, after(3), BEN),
            (Source.BREACH_LEFT, after(4), BEN),
            (Source.BREACH_ENTERED, after(6), BEN),
        ]


_events = st.lists(
    st.one_of(
        st.builds(status, st.integers(0, 20), st.none(), st.sampled_from([s.word for s in Status][:6])),
        st.builds(assigned, st.integers(0, 20), st.sampled_from([None, "ada"]), st.sampled_from([None, "ada", "ben"])),
        st.builds(said, st.integers(-2, 20), st.just("ben"), st.sampled_from(ActorKind)),
    ),
    max_size=12,
)


@given(events=_events, due=st.none() | st.integers(0, 20), prefers=st.booleans())
def test_any_history_keeps_the_laws(events: list[EventRecord], due: int | None, prefers: bool) -> None:
    due_at = None if due is None else after(due)
    made = facts(
        ticket(status=Status.NEW, resolution_due_at=due_at, prefers_columns=prefers),
        *events,
        rating=RatingRecord(after(5), 3),
    )

    is_open = made[0]["status"] <= Status.ON_HOLD
    for hours in range(22):
        assert 0 <= stock(made, after(hours), breached=True) <= stock(made, after(hours)) <= 1
    assert stock(made, after(99)) == is_open
    resolutions, reopens = only(made, Source.RESOLUTION), only(made, Source.REOPEN)
    assert len(resolutions) - len(reopens) == (not is_open)
    assert sum(fact["is_standing"] for fact in resolutions) == (not is_open)
    assert sum(fact["is_first"] for fact in resolutions) == min(1, len(resolutions))
    assert len(only(made, Source.CREATED)) == len(only(made, Source.RATING)) == 1
    assert all(fact["seconds"] >= 0 for fact in made if fact["seconds"] is not None)
    assert FactPacker().pack([tuple(fact.values()) for fact in made])
