"""What the clock alone changes is pushed, too."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import orjson

from db.access import Role
from db.version import Versions
from schema.live import Happening, Live
from schema.pushes import Asked
from tests.conftest import asking
from tests.live.conftest import PATIENCE
from tests.rest_compat.desk import VIEWERS

TODAY = (
    "subscription { reportChanged(period: {preset: TODAY}) { period { since } metrics { ticketsCreated { value } } } }"
)
MIDNIGHT = datetime(2026, 3, 11, tzinfo=UTC)


async def test_a_relative_period_is_pushed_again_when_the_day_turns(live_dsn: str) -> None:
    began = time.monotonic()
    happenings: list[Happening] = []
    async with asking(live_dsn) as asked:

        def clock() -> datetime:
            return MIDNIGHT + timedelta(seconds=time.monotonic() - began - 4)

        live = Live(replace(asked.gateway, clock=clock), live_dsn, Versions(live_dsn), observers=[happenings.append])
        subscriber = live.subscribe(VIEWERS[Role.MANAGER], Asked(TODAY, {}, None, b""))
        try:
            async with asyncio.timeout(PATIENCE):
                found = [orjson.loads(push.body) for push in [await subscriber.next(), await subscriber.next()] if push]
        finally:
            subscriber.close()
            await live.close()
            await live.versions.close()

    reports = [one["data"]["reportChanged"] for one in found]
    assert [one["period"]["since"][:10] for one in reports] == ["2026-03-10", "2026-03-11"]
    assert reports[0]["metrics"]["ticketsCreated"]["value"] > 0
    assert reports[1]["metrics"]["ticketsCreated"]["value"] == 0
    assert happenings.count(Happening.PUSH) == 2
    assert (live.subscriptions, live.groups) == (0, 0)
