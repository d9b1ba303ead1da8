"""What a server holds, before a fault and after: connections, descriptors, tasks, memory; and that it answers again."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Final

import asyncpg
import httpx
import psutil

from tests.conftest import RunningGateway
from tests.faults.doors import Answer, Came, Truth
from tests.operating.test_metrics import samples, value

RECOVERY_SECONDS: Final = 5.0
"""Within which all is right again, once the fault is over."""
_BACKENDS: Final = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'deskgraph%'"
)
_AT_WORK: Final = f"{_BACKENDS} AND (state = 'active' OR state LIKE 'idle in transaction%')"


@dataclass(frozen=True)
class Held:
    """What a server holds."""

    connections: int
    at_work: int
    descriptors: int
    tasks: float
    waiting: float
    busy: float
    memory_mb: float


async def held(gateway: RunningGateway, dsn: str) -> Held:
    """What it holds now."""
    owner = await asyncpg.connect(dsn)
    try:
        connections, at_work = await owner.fetchval(_BACKENDS), await owner.fetchval(_AT_WORK)
    finally:
        await owner.close()
    async with httpx.AsyncClient(base_url=gateway.url, timeout=60) as client:
        told = samples((await client.get("/metrics")).text)
    process = psutil.Process(gateway.pid)
    return Held(
        connections=connections,
        at_work=at_work,
        descriptors=process.num_fds(),
        tasks=value(told, "deskgraph_tasks"),
        waiting=value(told, "deskgraph_pool_waiting"),
        busy=value(told, "deskgraph_pool_size") - value(told, "deskgraph_pool_free"),
        memory_mb=process.memory_info().rss / 2**20,
    )


async def nothing_leaked(gateway: RunningGateway, dsn: str, before: Held) -> Held:
    """What it holds once nobody asks any more: no more than before, but for the pools, which may be full now."""
    pools = 4 + 4 + 2 + 1
    for _ in range(100):
        after = await held(gateway, dsn)
        if after.at_work == after.waiting == after.busy == 0 and after.tasks <= before.tasks:
            break
        await asyncio.sleep(0.1)
    assert (after.at_work, after.waiting, after.busy) == (0, 0, 0), after
    assert after.tasks <= before.tasks, (before, after)
    assert after.connections <= pools, after
    assert after.descriptors <= before.descriptors - before.connections + pools + 2, (before, after)
    assert after.memory_mb < before.memory_mb + 60, (before, after)
    return after


async def recovered(truth: Truth, since: float) -> float:
    """How long it took until every door was right again. Unit: seconds. `since`: when the fault was over."""
    while True:
        took = time.monotonic() - since  # how long an answer itself takes on a busy machine is no matter of recovery
        answers = await truth.each()
        if all(one.came is Came.RIGHT for one in answers):
            assert took < RECOVERY_SECONDS, took
            return took
        assert not [one for one in answers if one.came is Came.WRONG], answers
        assert took < RECOVERY_SECONDS, answers
        await asyncio.sleep(0.05)


def is_clear(answers: list[Answer]) -> bool:
    """Whether each is right, or an error that says so."""
    return not [one for one in answers if one.came is Came.WRONG]
