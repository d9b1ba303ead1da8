"""The database stopped, killed, gone silent, held up, full, and read-only, while every door is asked."""

from __future__ import annotations

import asyncio
import signal
import time
from contextlib import AsyncExitStack, suppress
from typing import Final

import asyncpg
import psutil
import pytest

from tests.conftest import RunningGateway
from tests.faults.doors import Came, Truth, asking
from tests.faults.postgres import Postgres
from tests.faults.standing import held, nothing_leaked, recovered
from tests.operating.conftest import holding

_OURS: Final = "pg_stat_activity WHERE application_name LIKE 'deskgraph%' AND pid <> pg_backend_pid()"
_WAITING: Final = f"SELECT pid FROM {_OURS} AND wait_event_type = 'Lock'"
_END_OURS: Final = f"SELECT pg_terminate_backend(pid) FROM {_OURS}"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
async def test_stopped_in_the_middle_and_started_again(
    how: signal.Signals, gateway: RunningGateway, postgres: Postgres, truth: Truth
) -> None:
    before = await held(gateway, postgres.dsn)

    async with asking(truth) as load:
        await asyncio.sleep(0.5)
        postgres.stop(how)
        await asyncio.sleep(1)
        while_away = await truth.each()
        postgres.start()
        await recovered(truth, time.monotonic())

    assert not load.wrong, load.wrong
    assert {one.came for one in while_away} == {Came.CLEAR}, while_away
    assert min(load.told["UNAVAILABLE"], load.came[Came.RIGHT]) > 0, (load.came, load.told)
    assert not load.came[Came.NOBODY], load.came
    await nothing_leaked(gateway, postgres.dsn, before)


async def test_gone_silent_it_is_given_up_and_found_again(
    gateway: RunningGateway, postgres: Postgres, truth: Truth
) -> None:
    """Its connections stay open and nobody answers, not even one who cancels: as behind a network that is gone."""
    before = await held(gateway, postgres.dsn)

    async with asking(truth) as load:
        await asyncio.sleep(0.5)
        with postgres.frozen():
            started = time.monotonic()
            while_silent = await truth.each()
            given_up = time.monotonic() - started
        await recovered(truth, time.monotonic())

    assert not load.wrong, load.wrong
    assert {one.came for one in while_silent} == {Came.CLEAR}, while_silent
    assert given_up < 15, given_up
    await nothing_leaked(gateway, postgres.dsn, before)


async def test_a_connection_that_hangs_holds_up_its_own_request_alone(
    gateway: RunningGateway, postgres: Postgres, truth: Truth
) -> None:
    """One that works for the gateway stands still, deaf even to being cancelled."""
    before = await held(gateway, postgres.dsn)
    owner = await asyncpg.connect(postgres.dsn)
    hanging: list[psutil.Process] = []

    try:
        async with holding(postgres.dsn, "rollup_zones"):
            asked = asyncio.create_task(truth.each())
            async with asyncio.timeout(30):
                while not (pids := await owner.fetch(_WAITING)):  # noqa: ASYNC110  # of another process
                    await asyncio.sleep(0.02)
            hanging = [psutil.Process(row["pid"]) for row in pids]
            for one in hanging:
                one.suspend()
            started = time.monotonic()
        held_up = await asked
        given_up = time.monotonic() - started
        others = await truth.each()
    finally:
        for one in hanging:
            one.resume()
        await owner.close()
    await recovered(truth, time.monotonic())

    assert Came.CLEAR in {one.came for one in held_up} <= {Came.RIGHT, Came.CLEAR, Came.CUT}, held_up
    assert {one.came for one in others} == {Came.RIGHT}, others
    assert given_up < 10, given_up
    await nothing_leaked(gateway, postgres.dsn, before)


async def test_slow_it_is_waited_for_and_given_up_in_time(
    gateway: RunningGateway, postgres: Postgres, truth: Truth
) -> None:
    before = await held(gateway, postgres.dsn)

    async with asking(truth) as load:
        for seconds in (0.3, 0.3, 5.0):
            async with holding(postgres.dsn, "rollup_zones"):
                await asyncio.sleep(seconds)
            over = time.monotonic()
            await asyncio.sleep(0.2)
        await recovered(truth, over)

    assert not load.wrong, load.wrong
    assert set(load.told) <= {"TIMEOUT"}, load.told
    assert load.told["TIMEOUT"], load.told
    assert not load.came[Came.NOBODY], load.came
    await nothing_leaked(gateway, postgres.dsn, before)


async def _taken(dsn: str, others: AsyncExitStack) -> int:
    """How many connections there still were; they are others' now."""
    found = 0
    with suppress(asyncpg.TooManyConnectionsError):
        while True:
            one = await asyncpg.connect(dsn)
            others.push_async_callback(one.close)
            found += 1
    return found


async def test_out_of_connections(gateway: RunningGateway, postgres: Postgres, truth: Truth) -> None:
    """Others take all that there are, and the gateway's own are ended: it gets none any more."""
    before = await held(gateway, postgres.dsn)

    async with asking(truth) as load:
        async with AsyncExitStack() as others:
            owner = await asyncpg.connect(postgres.dsn)
            others.push_async_callback(owner.close)
            in_a_row = 0
            while in_a_row < 3:  # one that is just ending leaves a place a moment later
                await owner.execute(_END_OURS)
                left = await _taken(postgres.dsn, others) or await owner.fetchval(f"SELECT count(*) FROM {_OURS}")
                in_a_row = 0 if left else in_a_row + 1
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            while_full = await truth.each()
        await recovered(truth, time.monotonic())

    assert not load.wrong, load.wrong
    assert {one.came for one in while_full} == {Came.CLEAR}, while_full
    assert set(load.told) == {"UNAVAILABLE"}, load.told
    await nothing_leaked(gateway, postgres.dsn, before)
