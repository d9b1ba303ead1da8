"""Whoever listens leaves room for whoever asks."""

from __future__ import annotations

import asyncio

from db.access import Role
from db.version import Versions
from schema.live import Happening, Live
from schema.pushes import Asked
from tests.conftest import asking
from tests.contract.test_limits_over_http import stuck
from tests.live.conftest import CREATED
from tests.rest_compat.desk import VIEWERS


async def test_half_of_the_connections_are_left_to_who_asks(live_dsn: str) -> None:
    happenings: list[Happening] = []
    has_begun = asyncio.Event()

    def happened(what: Happening) -> None:
        happenings.append(what)
        has_begun.set()

    async with asking(live_dsn) as asked, stuck(live_dsn):
        live = Live(asked.gateway, live_dsn, Versions(live_dsn), observers=[happened])
        questions = [CREATED.replace("03-01", f"03-0{day}") for day in range(1, 7)]
        subscribers = [live.subscribe(VIEWERS[Role.MANAGER], Asked(text, {}, None, b"")) for text in questions]
        try:
            await has_begun.wait()
            await asyncio.sleep(0.5)
            begun, connections = happenings.count(Happening.RUN), asked.gateway.engine.settings.connections
        finally:
            for one in subscribers:
                one.close()
            await live.close()
            await live.versions.close()

    assert begun == connections // 2 < len(questions)
