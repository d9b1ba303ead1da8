"""The client of HTTP sources: how long it waits, how often it tries, and whom it gives the token."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest

from db.errors import SetupFault, Unavailable
from db.sync.http.answer import Refused
from db.sync.http.client import BACKOFF_SECONDS, THROTTLED_SECONDS, THROTTLED_TIMES, Api
from db.sync.http.described import bearer
from tests.portals.http.server import Clock, Fault, Handler, Refusal, Server, running

TOKEN = "a-token-that-nobody-sees"
AT = datetime(2026, 9, 1, 12, tzinfo=UTC)


def refused(_: Any) -> Any:
    raise Refusal(302, {})


@asynccontextmanager
async def served(*weather: Fault | None, token: str = TOKEN) -> AsyncIterator[tuple[Api, Server]]:
    """A server with such weather, and a client of it."""
    server = Server(Clock(AT), f"Bearer {TOKEN}", weather)
    async with running(server, {"/things": lambda _: [{"id": 1}], "/moved": refused}):
        api = Api("desk", bearer(server.url, token), server.clock.pause)
        try:
            yield api, server
        finally:
            await api.close()


@pytest.mark.parametrize("fault", list(Fault))
async def test_what_passes_is_waited_for(fault: Fault) -> None:
    async with served(None, fault, fault) as (api, server):
        answer = await api.get("/things")

        assert answer.rows() == [{"id": 1}]
        assert (answer.at - AT).total_seconds() == sum(server.clock.waited)
        assert server.met[fault] == 2
        assert server.early == 0
        throttled = {Fault.THROTTLED: 30.0, Fault.THROTTLED_UNTIL: 30.0, Fault.THROTTLED_MUTELY: THROTTLED_SECONDS}
        assert server.clock.waited == ([throttled[fault]] * 2 if fault in throttled else [1.0, 2.0])


@pytest.mark.parametrize(
    ("fault", "times"), [(Fault.BROKEN, len(BACKOFF_SECONDS)), (Fault.DROPPED, 5), (Fault.THROTTLED, THROTTLED_TIMES)]
)
async def test_what_does_not_pass_ends(fault: Fault, times: int) -> None:
    async with served(fault) as (api, server):
        with pytest.raises(Unavailable, match=f"desk was asked {times + 1} times for /things"):
            await api.get("/things")

        assert len(server.clock.waited) == times


async def test_a_wait_of_half_a_day_is_the_next_passs_matter() -> None:
    async with served(Fault.THROTTLED) as (api, server):
        server.retry_after_seconds = 43_200
        with pytest.raises(Unavailable, match="asks to wait for 43,200 seconds"):
            await api.get("/things")

        assert server.clock.waited == []


async def test_what_somebody_must_change_is_not_tried_again() -> None:
    async with served() as (api, server):
        with pytest.raises(Refused, match="leads elsewhere from /moved"):
            await api.get("/moved")
        with pytest.raises(Refused, match="has no /nothing"):
            await api.get("/nothing")

        assert server.clock.waited == []


async def test_no_redirect_is_followed_by_the_token() -> None:
    elsewhere = Server(Clock(AT), f"Bearer {TOKEN}")

    def leads_there(_: Any) -> Any:
        raise Refusal(307, {}, {"Location": f"{elsewhere.url}/things"})

    server = Server(Clock(AT), f"Bearer {TOKEN}")
    there: dict[str, Handler] = {"/things": lambda _: []}
    async with running(elsewhere, there), running(server, {"/moved": leads_there}):
        api = Api("desk", bearer(server.url, TOKEN), server.clock.pause)
        with pytest.raises(Refused, match="leads elsewhere from /moved"):
            await api.get("/moved")
        await api.close()

    assert elsewhere.requests == 0


async def test_the_token_is_in_no_message_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with served(None, Fault.DROPPED, token=TOKEN + "x") as (api, _):
        with pytest.raises(SetupFault, match="does not know the token") as fault:
            await api.get("/things")

    assert caplog.records
    assert TOKEN not in caplog.text + fault.value.message + repr(bearer("http://x", TOKEN))


async def test_nobody_listens() -> None:
    clock = Clock(AT)
    api = Api("desk", bearer("http://127.0.0.1:9", TOKEN), clock.pause)

    with pytest.raises(Unavailable, match="away or broke off"):
        await api.get("/things")
    await api.close()


async def test_the_clock_of_a_system_that_does_not_tell_it_is_not_known_and_is_not_ours() -> None:
    async with served() as (api, server):
        told = await api.get("/things")
        server.tells_time = False
        untold = await api.get("/things")

    assert told.at == AT
    assert told.skew_seconds is not None
    assert abs(told.skew_seconds) > 60
    assert untold.skew_seconds is None
    assert abs((untold.at - datetime.now(UTC)).total_seconds()) < 60
