"""Zendesk as a source: what the store reports is what the made-up account knows to have happened."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from starlette.requests import Request

from db.sync.store import following
from tests.conftest import name_of, new_database
from tests.oracle.questions import Question
from tests.portals.desk import ALL, QUESTIONS, by_ids, connected
from tests.portals.http.desk import ApiDesk, written
from tests.portals.http.server import FOUL, Clock, Fault, Server, running, told
from tests.portals.zendesk import oracle
from tests.portals.zendesk.protocol import AUTHORIZATION, EMAIL, TOKEN, Protocol
from tests.portals.zendesk.world import ANN, EVE, FAY, GIL, HAL, NOW, TOPIC, World

COUNT: Final = 350
FEW: Final = 80
SUMMER: Final = datetime(2026, 7, 15, tzinfo=UTC)
ASKED: Final = {
    **QUESTIONS,
    **by_ids("agent", map(str, (ANN, EVE, FAY, GIL, HAL))),
    **by_ids("team", ("11", "12")),
    **by_ids("channel", ("email", "chat", "social", "other")),
    **by_ids("category", ("billing",)),
    **by_ids("organization", ("501", "502")),
    **by_ids("status", ("on_hold", "closed")),
    "tag vip": Question(*ALL, filter='{tag: {in: ["vip"]}}', where="'vip' = ANY (tags)"),
    "no category": Question(*ALL, filter="{category: {isNull: true}}", where="category IS NULL"),
}
REJECTED: Final = [
    ("sla_policies", "match", "a condition that an SLA policy here cannot have; its targets count for nobody")
]


class Account(ApiDesk):
    """The made-up account, too."""

    world: World
    protocol: Protocol


@asynccontextmanager
async def account(server: str, store: str, folder: Path, count: int, until: datetime = NOW) -> AsyncIterator[Account]:
    """An account that is served, and a store for it."""
    world, api = World(count, until), Server(Clock(until), AUTHORIZATION)
    protocol = Protocol(world, api)
    async with running(api, protocol.handlers()), new_database(server) as dsn, connected(dsn) as connection:
        path = written(folder, "zendesk", api, f'email = "{EMAIL}"', f'category = "{TOPIC}"', "whole_seconds = 1")
        desk = Account(connection, path, store, api)
        desk.world, desk.protocol = world, protocol
        yield desk


@pytest.fixture(scope="module")
async def loaded(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Account]:
    """An account that was loaded in foul weather, and its oracle; nobody changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ZENDESK_TEST_TOKEN", TOKEN)
        async with (
            new_database(server, template=name_of(migrated)) as store,
            account(server, store, tmp_path_factory.mktemp("source"), COUNT) as desk,
        ):
            desk.server.weather = FOUL
            await desk.sync()
            desk.server.weather = ()
            await oracle.prepare(desk.portal, desk.world)
            yield desk


async def test_every_metric_equals_what_happened(loaded: Account) -> None:
    assert await loaded.rejects() == REJECTED
    for question in ASKED.values():
        await loaded.check(question)


async def test_the_weather_was_foul_and_nobody_came_before_he_was_told(loaded: Account) -> None:
    assert set(loaded.server.met) == set(Fault)
    assert loaded.server.early == 0
    assert 30.0 in loaded.server.clock.waited


async def test_the_quirks_are_there(loaded: Account) -> None:
    """An oracle that compares nothing with nothing proves nothing."""
    count, world = loaded.portal.fetchval, loaded.world
    states = [one["status"] for one in world.tickets.values()]

    assert states.count("deleted") > 5
    assert sum("closed_by_merge" in one["tags"] for one in world.tickets.values()) > 2
    assert {one["score"] for one in world.ratings.values()} == {"good", "bad", "offered"}
    assert await count("SELECT count(*) FROM raw_reopen") > 20
    assert await count("SELECT count(*) FROM raw_response WHERE agent = ANY ('{105,106}')") > 5
    assert await count("SELECT count(*) FROM raw_response WHERE agent = ANY ('{107,108}')") == 2
    assert await count("SELECT count(*) FROM raw_response WHERE within_target") > 20
    assert await count("SELECT count(*) FROM raw_response WHERE NOT within_target") > 20
    assert await count("SELECT count(*) FROM raw_resolution WHERE within_target") > 20
    assert await count("SELECT count(*) FROM raw_resolution WHERE NOT within_target") > 20


@pytest.fixture
async def living(server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Account]:
    """A small account of one's own, of the summer: autumn is to come."""
    monkeypatch.setenv("ZENDESK_TEST_TOKEN", TOKEN)
    async with account(server, database, tmp_path, FEW, SUMMER) as desk:
        yield desk


async def equals_what_happened(desk: Account) -> None:
    """Fails unless the store says what the account knows."""
    await oracle.prepare(desk.portal, desk.world)
    assert await desk.rejects() == REJECTED
    for name in ("all time", "in business time", "agent 105", "agent 107", "agent 108"):
        await desk.check(ASKED[name])


async def test_what_changes_is_followed_and_a_pass_that_finds_nothing_changes_nothing(living: Account) -> None:
    source = living.source()
    await living.sync_by(source)
    for weeks in (3, 6):
        living.world.goes_on(SUMMER + timedelta(weeks=weeks), 15)
        living.server.clock.now = living.world.until
        await living.sync_by(source)
        await equals_what_happened(living)

    again = await living.sync_by(source)
    await source.close()
    anew = await living.sync()

    for one in (again, anew):
        assert (one.new, one.changed, one.deleted) == (0, 0, 0)


async def test_a_rating_that_is_answered_late_is_found_by_its_ticket(living: Account) -> None:
    """The list of ratings is one by when they were made; this one was, long before it was answered."""
    story = next(one for one in living.world.stories if one.ticket["status"] == "solved")
    rating = living.world.ratings.setdefault(
        500_000 + story.id, {"id": 500_000 + story.id, "ticket_id": story.id, "created_at": story.ticket["created_at"]}
    )
    await living.sync()

    living.server.clock.now += timedelta(days=2)
    story.at = living.server.clock.now - timedelta(seconds=75)
    rating |= {"score": "bad", "updated_at": told(story.at), "assignee_id": ANN, "comment": None}
    story.ticket |= {"satisfaction_rating": {"id": rating["id"], "score": "bad"}}
    story._touched()
    living.world.truth.ratings[story.id] = (story.at, 1, str(ANN))
    other = next(one for one in living.world.stories if one.ticket["status"] == "open")
    other.ticket |= {"satisfaction_rating": {"id": 1, "score": "good"}}  # it was deleted meanwhile
    other.at = story.at
    other._touched()
    await living.sync()

    await equals_what_happened(living)


async def is_interrupted(desk: Account, after: int) -> bool:
    """Whether a pass had more than so many pages: then it ends as if it had been killed before the next was stored."""
    source, stored = desk.source(), 0
    try:
        async with (
            following(desk.store, source) as writer,
            aclosing(source.changes(await writer.checkpoint())) as chunks,
        ):
            async for chunk in chunks:
                is_page = any(row.file in ("tickets", "events", "ratings") for row in chunk.rows)
                if is_page and stored == after:
                    return True
                await writer.write(chunk)
                stored += is_page
        return False
    finally:
        await source.close()


async def test_a_load_that_is_interrupted_goes_on_where_it_was(living: Account) -> None:
    """What was stored stays, what was not comes again, and nothing comes twice."""
    begun: list[str] = []
    living.server.before = lambda request: begun.extend(
        request.query_params.getlist("start_time") if "cursor" in request.url.path else ()
    )
    interrupted = 0
    while await is_interrupted(living, 2):
        interrupted += 1
        assert interrupted < 30

    assert interrupted > 4
    assert len(begun) == 1
    await equals_what_happened(living)


async def test_a_cursor_that_has_expired_is_replaced_by_a_time(living: Account) -> None:
    def expires(request: Request) -> None:
        if living.server.requests % 4 == 0:
            living.protocol.generation += 1

    living.server.before = expires
    await living.sync()
    living.server.before = lambda _: None
    living.protocol.generation += 1
    living.world.goes_on(SUMMER + timedelta(weeks=5), 10)
    living.server.clock.now = living.world.until
    await living.sync()

    await equals_what_happened(living)


async def test_an_agent_who_leaves_stays_inactive_under_his_name(living: Account) -> None:
    await living.sync()
    living.world.users = [one for one in living.world.users if one["name"] != "Cyd"]
    await asyncio.sleep(1.1)  # what is read whole is read once a second here
    await living.sync()

    async with connected(living.store) as store:
        found = await store.fetch("SELECT external_id, name, active FROM deskgraph.agents ORDER BY external_id")
    assert [tuple(row) for row in found] == [
        ("101", "Ann", True), ("102", "Bob", True), ("103", "Cyd", False), ("104", "Dan", True), ("105", "Eve", False),
        ("106", "106", False), ("107", "107", False), ("108", "108", False),
    ]  # fmt: skip
