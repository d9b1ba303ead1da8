"""Freshdesk as a source: what the store reports is what the made-up account knows to have happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from starlette.requests import Request

from db.sync.store import following
from tests.conftest import name_of, new_database
from tests.oracle.questions import Question
from tests.portals.desk import ALL, QUESTIONS, by_ids, connected
from tests.portals.freshdesk import oracle
from tests.portals.freshdesk.protocol import AUTHORIZATION, TOKEN, Protocol
from tests.portals.freshdesk.world import ANN, GONE, NOW, ROUNDS, UNKNOWN, World
from tests.portals.http.desk import ApiDesk, written
from tests.portals.http.server import FOUL, Clock, Fault, Server, running

A_ROUND: Final = 40
FEW: Final = 8
ASKED: Final = {
    **QUESTIONS,
    **by_ids("agent", map(str, (ANN, GONE))),
    **by_ids("team", ("21", "22")),
    **by_ids("channel", ("email", "chat", "social", "other")),
    **by_ids("category", ("Question",)),
    **by_ids("organization", ("601",)),
    **by_ids("status", ("on_hold", "resolved")),
    "tag vip": Question(*ALL, filter='{tag: {in: ["vip"]}}', where="'vip' = ANY (tags)"),
}
FURTHER: Final = ("whole_seconds = 1", 'category = "type"', "[statuses]", '"8" = "on_hold"')


class Account(ApiDesk):
    """The made-up account, too."""

    world: World


@asynccontextmanager
async def account(server: str, store: str, folder: Path, a_round: int) -> AsyncIterator[Account]:
    """An account that is served, and a store for it."""
    world, api = World(a_round), Server(Clock(NOW), AUTHORIZATION)
    protocol = Protocol(world, api)
    async with running(api, protocol.handlers()), new_database(server) as dsn, connected(dsn) as connection:
        desk = Account(connection, written(folder, "freshdesk", api, *FURTHER), store, api)
        desk.world = world
        yield desk


@pytest.fixture(scope="module")
async def loaded(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Account]:
    """An account that was loaded in foul weather, and its oracle; nobody changes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRESHDESK_TEST_TOKEN", TOKEN)
        async with (
            new_database(server, template=name_of(migrated)) as store,
            account(server, store, tmp_path_factory.mktemp("source"), A_ROUND) as desk,
        ):
            desk.world.goes_on(ROUNDS)
            desk.world.bulk(250)
            desk.server.weather = FOUL
            await desk.sync()
            desk.server.weather = ()
            await oracle.prepare(desk.portal, desk.world, is_remembered=True)
            yield desk


async def test_every_metric_equals_what_tickets_remember(loaded: Account) -> None:
    unknown = [case for case in loaded.world.cases.values() if case.ticket["status"] == UNKNOWN]
    reason = 'a status of your own; say under [statuses] what it is, such as "8" = "on_hold"'

    assert await loaded.rejects() == [("tickets", "status", reason)] * len(unknown)
    assert unknown
    for question in ASKED.values():
        await loaded.check(question)


async def test_the_weather_was_foul_and_nobody_came_before_he_was_told(loaded: Account) -> None:
    assert set(loaded.server.met) == set(Fault)
    assert loaded.server.early == 0


async def test_an_account_that_is_followed_from_its_beginning_has_its_whole_history(
    server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What tickets forget is stored from when they knew it."""
    monkeypatch.setenv("FRESHDESK_TEST_TOKEN", TOKEN)
    async with account(server, database, tmp_path, FEW) as desk:
        source = desk.source()
        for _ in range(ROUNDS):
            desk.world.goes_on()
            await desk.sync_by(source)
        await source.close()
        forgotten = sum(len(case.statuses) > len(set(case.remembered.values())) for case in desk.world.cases.values())
        await oracle.prepare(desk.portal, desk.world, is_remembered=False)

        assert forgotten > 10
        for name in ("all time", "August in Berlin", "August by creation", "status resolved"):
            await desk.check(ASKED[name])


@pytest.fixture
async def living(server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Account]:
    """A small account of one's own."""
    monkeypatch.setenv("FRESHDESK_TEST_TOKEN", TOKEN)
    async with account(server, database, tmp_path, 30) as desk:
        desk.world.goes_on(9)
        yield desk


async def stored(desk: Account) -> dict[str, bool]:
    """The tickets of the store, each with whether it has the tag of the bulk action."""
    async with connected(desk.store) as store:
        rows = await store.fetch(
            "SELECT t.external_id, EXISTS (SELECT FROM deskgraph.tags g WHERE g.id = ANY (t.tag_ids)"
            " AND g.external_id = 'bulk') AS tagged FROM deskgraph.tickets t"
        )
    return {row["external_id"]: row["tagged"] for row in rows}


async def test_a_list_that_moves_while_it_is_read_hides_nothing(living: Account) -> None:
    """Tickets of the pages that were read change, and all behind them move up."""
    moved = iter(sorted(living.world.cases.values(), key=lambda case: case.ticket["updated_at"])[:60])

    def moves(request: Request) -> None:
        if request.url.path == "/api/v2/tickets" and "filter" not in request.query_params:
            for case in (next(moved, None) for _ in range(15)):
                if case is not None:
                    living.world.at += timedelta(seconds=1)
                    living.world._touch(case, living.world.at)

    living.server.before = moves
    await living.sync()

    known = {id_ for id_, case in living.world.cases.items() if case.ticket["status"] != UNKNOWN}
    there = await stored(living)
    assert {str(id_) for id_ in known if not living.world.cases[id_].ticket["deleted"]} <= there.keys()


async def test_a_second_in_which_more_changed_than_a_page_holds_is_read_to_its_end(living: Account) -> None:
    living.world.bulk(240)
    await living.sync()
    first = await stored(living)
    living.world.bulk(0)
    again = await living.sync()

    tagged = [case for case in list(living.world.cases.values())[:240] if case.is_in]
    assert {id_ for id_, is_tagged in first.items() if is_tagged} >= {str(case.ticket["id"]) for case in tagged}
    assert (again.new, again.changed) == (0, 0)


async def test_replies_are_asked_for_once(living: Account) -> None:
    source = living.source()
    await living.sync_by(source)
    asked = {path: count for path, count in living.server.asked.items() if "conversations" in path}
    living.world.bulk(200)
    await living.sync_by(source)
    await source.close()

    assert asked
    assert {path: count for path, count in living.server.asked.items() if "conversations" in path} == asked


async def test_a_pass_that_could_not_be_stored_loses_nothing(living: Account) -> None:
    """What the source remembers of it, it forgets."""
    source = living.source()
    async with following(living.store, source) as writer:
        chunks = source.changes(await writer.checkpoint())
        async for _ in chunks:
            pass  # all of it was read, and none was stored
    await source.close()
    await living.sync_by(source)
    await source.close()

    await oracle.prepare(living.portal, living.world, is_remembered=True)
    await living.check(ASKED[f"agent {ANN}"])
