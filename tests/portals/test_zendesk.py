"""Zendesk as a source: what the store reports is what the made-up account knows to have happened."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import name_of, new_database
from tests.oracle.questions import Question
from tests.portals.desk import ALL, QUESTIONS, by_ids, connected
from tests.portals.http.desk import ApiDesk, written
from tests.portals.http.server import FOUL, Clock, Fault, Server, running
from tests.portals.zendesk import oracle
from tests.portals.zendesk.protocol import AUTHORIZATION, EMAIL, TOKEN, Protocol
from tests.portals.zendesk.world import ANN, EVE, FAY, NOW, TOPIC, World

COUNT: Final = 500
FEW: Final = 60
ASKED: Final = {
    **QUESTIONS,
    **by_ids("agent", map(str, (ANN, EVE, FAY))),
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
async def account(server: str, store: str, folder: Path, count: int) -> AsyncIterator[Account]:
    """An account that is served, and a store for it."""
    world, api = World(count), Server(Clock(NOW), AUTHORIZATION)
    protocol = Protocol(world, api)
    async with running(api, protocol.handlers()), new_database(server) as dsn, connected(dsn) as connection:
        path = written(folder, "zendesk", api, f'email = "{EMAIL}"', f'category = "{TOPIC}"')
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
