"""What a pass asks for, and what it hands over: without a store behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.domain import EventKind
from db.sources.rows import AgentRow, CalendarRow, DimensionRow, EventRow, RatingRow, Read, SlaPolicyRow, TicketRow
from db.sync.freshdesk.reading import FreshdeskSource
from db.sync.http.source import ApiSource
from db.sync.kinds import check
from db.sync.source import Checkpoint, Chunk
from db.sync.zendesk.reading import ZendeskSource
from tests.portals.freshdesk import protocol as freshdesk
from tests.portals.freshdesk import world as freshdesks
from tests.portals.http.desk import over
from tests.portals.http.server import Clock, Handler, Refusal, Server, told
from tests.portals.zendesk import protocol as zendesk
from tests.portals.zendesk import world as zendesks

EMAIL = f'email = "{zendesk.EMAIL}"'
LISTS_OF_TICKETS = 3
SUMMER = datetime(2026, 7, 15, tzinfo=UTC)


@asynccontextmanager
async def a_zendesk(folder: Path, *further: str) -> AsyncIterator[tuple[ApiSource, Server, zendesks.World]]:
    """A small one, and a source over it."""
    server, world = Server(Clock(SUMMER), zendesk.AUTHORIZATION), zendesks.World(30, SUMMER)
    async with over(folder, "zendesk", server, zendesk.Protocol(world, server).handlers(), EMAIL, *further) as source:
        yield source, server, world


@asynccontextmanager
async def a_freshdesk(folder: Path, *further: str) -> AsyncIterator[tuple[ApiSource, Server, freshdesks.World]]:
    """A small one, and a source over it."""
    server, world = Server(Clock(freshdesks.NOW), freshdesk.AUTHORIZATION), freshdesks.World(10)
    world.goes_on(5)
    async with over(folder, "freshdesk", server, freshdesk.Protocol(world, server).handlers(), *further) as source:
        yield source, server, world


ACCOUNTS = {"zendesk": a_zendesk, "freshdesk": a_freshdesk}


async def passed(source: ApiSource, after: Checkpoint | None = None) -> list[Chunk]:
    """What a pass hands over."""
    return [chunk async for chunk in source.changes(after)]


def rows_of(chunks: list[Chunk], kind: type[Any]) -> list[Any]:
    """The rows of one kind."""
    return [row.row for chunk in chunks for row in chunk.rows if isinstance(row, Read) and isinstance(row.row, kind)]


@pytest.mark.parametrize("kind", ACCOUNTS)
async def test_every_id_of_a_ticket_or_an_organization_has_the_prefix(kind: str, tmp_path: Path) -> None:
    async with ACCOUNTS[kind](tmp_path, 'prefix = "b-"') as (source, _, _):
        chunks = await passed(source)

    tickets = rows_of(chunks, TicketRow)
    known = {ticket.id for ticket in tickets}
    organizations = {
        row.row.id for chunk in chunks for row in chunk.rows
        if isinstance(row, Read) and isinstance(row.row, DimensionRow) and row.file == "organizations"
    }  # fmt: skip
    named = {ticket.organization for ticket in tickets} - {None}
    named |= {policy.match_organization for policy in rows_of(chunks, SlaPolicyRow)} - {None}
    told = {row.ticket_id for kind_ in (EventRow, RatingRow) for row in rows_of(chunks, kind_)}

    assert all(id_.startswith("b-") for id_ in known | organizations)
    assert named
    assert named <= organizations
    assert rows_of(chunks, RatingRow)
    assert rows_of(chunks, EventRow)
    assert told <= known


@pytest.mark.parametrize(
    ("kind", "lacks", "part"),
    [
        ("zendesk", "satisfaction_ratings", "satisfaction_ratings"),
        ("zendesk", "sla_policies", "slas"),
        ("zendesk", "schedules", "business_hours"),
        ("freshdesk", "satisfaction_ratings", "satisfaction_ratings"),
        ("freshdesk", "conversations", "conversations"),
    ],
)
async def test_what_a_source_is_read_without_is_never_asked_for(
    kind: str, lacks: str, part: str, tmp_path: Path
) -> None:
    asked = []
    for further in ((), (f'without = ["{lacks}"]',)):
        async with ACCOUNTS[kind](tmp_path, *further) as (source, server, _):
            after = (await passed(source))[-1].checkpoint
            await passed(source, after)
            server.clock.now = datetime.now(UTC)  # what changed lately is tried
            await check(source)
        asked.append([path for path in server.asked if part in path])

    assert asked[0]
    assert asked[1] == []


@pytest.mark.parametrize("is_without", [False, True])
async def test_tickets_of_ai_agents_are_read_with_their_events_unless_they_are_not_wanted(
    is_without: bool, tmp_path: Path
) -> None:
    further = ('without = ["ai_agent_tickets"]',) if is_without else ()
    async with a_zendesk(tmp_path, *further) as (source, _, world):
        chunks = await passed(source)

    tickets = {row.id for row in rows_of(chunks, TicketRow)}
    owners = {row.ticket_id for row in rows_of(chunks, EventRow)}
    of_ai = {str(id_) for id_ in world.tickets if id_ % zendesk.OF_AI == 0}
    assert of_ai & {str(audit["ticket_id"]) for audit in world.audits}
    assert tickets == {str(id_) for id_ in world.tickets} - (of_ai if is_without else set())
    assert owners <= tickets
    assert bool(owners & of_ai) is not is_without


async def test_a_pass_of_a_zendesk_that_finds_nothing_takes_three_requests(tmp_path: Path) -> None:
    """As its page says; and a load asks for no rating one by one that the list has told."""
    async with a_zendesk(tmp_path) as (source, server, world):
        loaded = await passed(source)
        one_by_one = [path for path in server.asked if path.startswith("/api/v2/satisfaction_ratings/")]
        server.requests = 0
        await passed(source, loaded[-1].checkpoint)

    assert world.ratings
    assert one_by_one == []
    assert not any(chunk.checkpoint["rated"] for chunk in loaded)
    assert server.requests == 3


async def test_what_happens_between_two_exports_of_a_zendesk_never_comes_before_its_ticket(tmp_path: Path) -> None:
    async with a_zendesk(tmp_path) as (source, server, world):
        had = {str(id_) for id_ in world.tickets}
        story = zendesks.Story(world, len(world.stories) + 1, SUMMER - timedelta(seconds=30))
        story.at += timedelta(seconds=5)
        story.change(zendesks.ANN, comment=zendesks.ANN, status="solved")
        rating = {"id": 1, "ticket_id": story.id, "score": "good", "created_at": told(story.at)}
        world.ratings[1] = rating | {"updated_at": told(story.at)}
        story.ticket["satisfaction_rating"] = {"id": 1, "score": "good"}

        def goes_on(request: Any) -> None:
            if "ticket_events" in request.url.path and server.clock.now == SUMMER:
                server.clock.now += timedelta(minutes=5)

        server.before = goes_on
        first = await passed(source)
        second = await passed(source, first[-1].checkpoint)

    bound = int((SUMMER - timedelta(seconds=90)).timestamp())
    assert max(chunk.checkpoint["events"] for chunk in first) == bound  # whenever it is interrupted
    assert "/api/v2/satisfaction_ratings/1.json" not in server.asked  # the list tells it
    assert {ticket.id for ticket in rows_of(first, TicketRow)} == had
    assert {row.ticket_id for kind in (EventRow, RatingRow) for row in rows_of(first, kind)} <= had
    for kind, key in ((TicketRow, "id"), (EventRow, "ticket_id"), (RatingRow, "ticket_id")):
        assert str(story.id) in {getattr(row, key) for row in rows_of(second, kind)}


async def test_ratings_and_what_an_expired_cursor_led_to_are_read_again_from_an_hour_before(tmp_path: Path) -> None:
    server, world = Server(Clock(SUMMER), zendesk.AUTHORIZATION), zendesks.World(30, SUMMER)
    protocol = zendesk.Protocol(world, server)
    async with over(tmp_path, "zendesk", server, protocol.handlers(), EMAIL) as source:
        after = (await passed(source))[-1].checkpoint
        protocol.generation += 1
        begun: dict[str, int] = {}

        def notes(request: Any) -> None:
            if "start_time" in request.query_params:
                begun[request.url.path] = int(request.query_params["start_time"])

        server.before = notes
        await passed(source, after)

    assert begun["/api/v2/incremental/tickets/cursor.json"] == after["tickets"]["seen"] - 3_600
    assert begun["/api/v2/satisfaction_ratings.json"] == after["ratings"] - 3_600


async def test_an_agent_who_answers_before_agents_are_read_again_has_answered(tmp_path: Path) -> None:
    """Who is new, and gave no ticket to himself."""
    async with a_zendesk(tmp_path) as (source, server, world):
        after = (await passed(source))[-1].checkpoint
        story = next(one for one in world.stories if one.ticket["status"] == "open")
        story.at = SUMMER + timedelta(minutes=1)
        world.users.append({"id": 109, "name": "Ivy", "role": "agent", "active": True, "suspended": False})
        story.change(109, comment=109)
        story.at += timedelta(minutes=1)
        story.change(story.requester, comment=story.requester)
        server.clock.now += timedelta(minutes=9)
        server.asked.clear()
        chunks = await passed(source, after)

    replies = [event.actor for event in rows_of(chunks, EventRow) if event.kind is EventKind.PUBLIC_REPLY]
    assert "109" in replies
    assert str(story.requester) not in replies
    assert "Ivy" in {agent.name for agent in rows_of(chunks, AgentRow)}
    assert server.asked["/api/v2/users.json"] == 1


async def test_a_pass_of_a_freshdesk_that_finds_nothing_asks_for_its_lists_alone(tmp_path: Path) -> None:
    async with a_freshdesk(tmp_path) as (source, server, _):
        after = (await passed(source))[-1].checkpoint
        server.requests = 0
        chunks = await passed(source, after)

    assert server.requests == LISTS_OF_TICKETS + 1
    assert rows_of(chunks, TicketRow) == []


async def test_data_of_a_zendesk_is_as_of_what_its_exports_have(tmp_path: Path) -> None:
    """They leave out the last minute."""
    async with a_zendesk(tmp_path) as (source, _, _):
        before = datetime.now(UTC)
        as_of = (await passed(source))[-1].as_of
        after = datetime.now(UTC)

    assert as_of is not None
    assert before - timedelta(seconds=90) <= as_of <= after - timedelta(seconds=60)


async def test_an_agent_of_a_freshdesk_who_is_listed_no_more_stays_inactive_under_the_same_name(tmp_path: Path) -> None:
    async with a_freshdesk(tmp_path) as (source, _, world):
        after = (await passed(source))[-1].checkpoint
        world.agents = [one for one in world.agents if one["id"] != freshdesks.CYD]
        chunks = await passed(source, {**after, "whole": None})

    found = {one.id: (one.name, one.active) for one in rows_of(chunks, AgentRow)}
    assert found[str(freshdesks.CYD)] == (f"Agent {freshdesks.CYD}", False)
    assert found[str(freshdesks.ANN)] == (f"Agent {freshdesks.ANN}", True)


async def test_a_ticket_that_comes_back_as_it_was_is_handed_over_again(tmp_path: Path) -> None:
    """What a source remembers of one list holds no more once the ticket was in another."""
    told, after = [], None
    async with a_freshdesk(tmp_path) as (source, _, world):
        last = max(world.cases.values(), key=lambda case: case.ticket["updated_at"])
        was = last.ticket["deleted"]
        for is_deleted in (was, not was, was):
            last.ticket["deleted"] = is_deleted
            chunks = await passed(source, after)
            after = chunks[-1].checkpoint
            told.append([one.status for one in rows_of(chunks, TicketRow) if one.id == str(last.ticket["id"])])

    assert [len(one) for one in told] == [1, 1, 1]
    assert told[0] == told[2] != told[1]


async def test_a_freshdesk_is_read_again_from_a_little_before(tmp_path: Path) -> None:
    async with a_freshdesk(tmp_path, "overlap_seconds = 120") as (source, server, _):
        after = (await passed(source))[-1].checkpoint
        begun: dict[str, str] = {}

        def notes(request: Any) -> None:
            for name in ("updated_since", "created_since"):
                if name in request.query_params:
                    begun[request.query_params.get("filter", name)] = request.query_params[name]

        server.before = notes
        await passed(source, after)

    names = {"updated_since": "tickets", "deleted": "deleted", "spam": "spam", "created_since": "ratings"}
    for asked, name in names.items():
        at = datetime.fromisoformat(after[name])
        assert datetime.fromisoformat(begun[asked]) == max(source.described.since, at - timedelta(seconds=120)), name


async def test_a_ticket_that_is_deleted_for_good_while_it_is_read_does_not_end_the_pass(tmp_path: Path) -> None:
    async with a_freshdesk(tmp_path) as (source, server, world):
        (gone, *_) = [case for case in world.cases.values() if case.reply is not None]

        def refuses(request: Any) -> None:
            if request.url.path == f"/api/v2/tickets/{gone.ticket['id']}/conversations":
                raise Refusal(404, {})

        server.before = refuses
        chunks = await passed(source)

    assert chunks[-1].as_of is not None
    assert str(gone.ticket["id"]) in {ticket.id for ticket in rows_of(chunks, TicketRow)}


@pytest.mark.parametrize(
    ("status", "part", "told", "tried"),
    [
        (403, "satisfaction_ratings", {"ratings": "does not let the token read"}, 9),
        (403, "groups", {"teams": "does not let the token read"}, 9),
        (404, "slas", {"sla_policies": "is this part of its plan?"}, 9),
        (401, "groups", {"teams": "does not know the token"}, 2),
        (500, "groups", {"teams": "was asked 6 times"}, 2),
    ],
)
async def test_what_may_not_be_read_is_told_with_all_else_unless_nothing_can_be(
    status: int, part: str, told: dict[str, str], tried: int, tmp_path: Path
) -> None:
    async with a_zendesk(tmp_path, 'category = "brand_id"') as (source, server, _):
        server.clock.now = datetime.now(UTC)

        def refuses(request: Any) -> None:
            if part in request.url.path:
                raise Refusal(status, {})

        server.before = refuses
        findings = await check(source)

    faults = {one.table: one.faults for one in findings if one.faults}
    assert faults.keys() == told.keys()
    assert all(words in faults[table][0] for table, words in told.items())
    assert len(findings) == tried
    assert source._api is None


async def test_of_several_schedules_the_first_measures_every_policy_and_the_check_says_so(tmp_path: Path) -> None:
    async with a_zendesk(tmp_path) as (source, server, _):
        (alone,) = [one.warnings for one in await check(source) if one.table == "sla_policies"]
    schedules = [zendesk.SCHEDULE, zendesk.SCHEDULE | {"id": 2, "name": "Night"}]
    server, world = Server(Clock(SUMMER), zendesk.AUTHORIZATION), zendesks.World(1, SUMMER)
    handlers = zendesk.Protocol(world, server).handlers() | {
        "/api/v2/business_hours/schedules.json": lambda _: {"schedules": schedules},
        "/api/v2/business_hours/schedules/2/holidays.json": lambda _: {"holidays": []},
    }
    async with over(tmp_path, "zendesk", server, handlers, EMAIL) as source:
        chunks = await passed(source)
        (several,) = [one.warnings for one in await check(source) if one.table == "sla_policies"]

    assert {one.name for one in rows_of(chunks, CalendarRow)} == {"Office (1)", "Night (2)"}
    assert {one.calendar for one in rows_of(chunks, SlaPolicyRow)} == {"Office (1)"}
    assert alone == []
    assert "those of the schedule Office (1) for all tickets with a policy" in several[0]


async def test_policies_stand_in_their_own_order_not_in_the_one_in_which_they_are_listed(tmp_path: Path) -> None:
    async with a_zendesk(tmp_path) as (source, _, _):
        names = [one.name for one in rows_of(await passed(source), SlaPolicyRow)]

    assert [name.split(", ")[0] for name in names] == ["Initech"] * 2 + ["Everybody"] * 4


async def test_the_check_says_what_becomes_of_ratings(tmp_path: Path) -> None:
    async with a_zendesk(tmp_path) as (source, _, _):
        notes = {one.table: one.notes for one in await check(source)}
    async with a_freshdesk(tmp_path) as (source, _, _):
        (of_freshdesk,) = [one.notes for one in await check(source) if one.table == "ratings"]

    assert "good counts as 5 and bad as 1" in notes.pop("ratings")[0]
    assert not any(notes.values())
    assert "of seven answers" in of_freshdesk[0]


@pytest.mark.parametrize("kind", ACCOUNTS)
async def test_of_what_a_page_has_twice_the_last_counts(kind: str, tmp_path: Path) -> None:
    at = [f"2026-07-0{day}T00:00:00Z" for day in (1, 2, 3)]
    tickets = [
        {"id": 7, "created_at": at[0], "updated_at": when, "status": status, "subject": when}
        for when, status in zip(at[1:], {"zendesk": ("open", "solved"), "freshdesk": (2, 4)}[kind], strict=True)
    ]
    server = Server(Clock(SUMMER), {"zendesk": zendesk.AUTHORIZATION, "freshdesk": freshdesk.AUTHORIZATION}[kind])
    handlers: dict[str, Handler] = {
        "/api/v2/incremental/tickets/cursor.json": lambda _: {
            "tickets": tickets,
            "end_of_stream": True,
            "after_cursor": "x",
        },
        "/api/v2/tickets": lambda request: [] if "filter" in request.query_params else tickets,
    }
    further = (EMAIL,) if kind == "zendesk" else ()
    async with over(tmp_path, kind, server, handlers, *further) as source:
        assert isinstance(source, ZendeskSource | FreshdeskSource)
        if isinstance(source, ZendeskSource):
            begun = source.start(None, {"tickets": {"cursor": None, "seen": 0}})
            chunks = [chunk async for chunk in source._tickets(begun)]
        else:
            chunks = [chunk async for chunk in source._tickets(source.start(None, {"tickets": at[0]}), "tickets")]

    assert [(one.id, one.subject) for one in rows_of(chunks, TicketRow)] == [("7", at[2])]
