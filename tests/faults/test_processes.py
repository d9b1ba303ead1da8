"""Processes killed and told to end while all doors are asked: of the server, of its workers, of the database."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.conftest import ROOT, SECRET, free_port
from tests.faults.doors import REPORTS, Came, Truth, asker, asking
from tests.faults.postgres import Postgres
from tests.faults.standing import recovered
from tests.operating.test_serving import ready, servers_of
from tests.rest_compat.desk import MARCH

TICKETS = {"json": {"report": "tickets", "format": "csv", **MARCH}}


@asynccontextmanager
async def started(dsn: str, log: Path, *words: str, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`deskgraph serve` with options and settings; told to end, if it has not ended by then."""
    given = {"DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET, "DESKGRAPH_EXPORT_WORKERS": "0"}
    given |= {"DESKGRAPH_REQUESTS_PER_MINUTE": "0", "DESKGRAPH_EXPORTS_PER_MINUTE": "0", **settings}
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve", *words,
            cwd=ROOT, env={**os.environ, **given}, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 60)


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_told_to_end_under_load_it_ends_well_and_no_answer_is_wrong(
    workers: str, postgres: Postgres, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    async with started(postgres.dsn, tmp_path / "log", "--port", str(port), "--workers", workers) as process:
        await ready(url)
        truth = await Truth(url).learn()
        async with asking(truth) as load:
            await asyncio.sleep(0.5)
            process.terminate()
            status = await asyncio.wait_for(process.wait(), 30)

    assert status == 0, (tmp_path / "log").read_text()[-3000:]
    assert not load.wrong, load.wrong
    assert set(load.told) <= {"UNAVAILABLE"}, load.told
    assert not load.came[Came.CUT], load.came  # what was taken was answered whole
    assert load.came[Came.RIGHT]


async def test_a_killed_server_process_is_replaced_and_the_other_answers_meanwhile(
    postgres: Postgres, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    async with started(postgres.dsn, tmp_path / "log", "--port", str(port), "--workers", "2") as process:
        await ready(url)
        truth = await Truth(url).learn()
        before = servers_of(process)
        async with asking(truth) as load:
            os.kill(min(before), signal.SIGKILL)
            killed = time.monotonic()
            await recovered(truth, killed)
            async with asyncio.timeout(60):
                while len(servers_of(process)) < 2:  # noqa: ASYNC110  # of another process there is no event
                    await asyncio.sleep(0.1)
        after = servers_of(process)

    assert min(before) not in after
    assert not load.wrong, load.wrong
    assert not load.told, load.told  # who had a connection to the killed one has none any more; nobody got an error
    assert load.came[Came.RIGHT] > load.came[Came.NOBODY] + load.came[Came.CUT]


async def test_an_export_whose_worker_is_killed_is_made_by_the_next(postgres: Postgres, tmp_path: Path) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {"DESKGRAPH_EXPORT_WORKERS": "1"}

    async with started(postgres.dsn, tmp_path / "log", "--port", str(port), **settings) as process:
        await ready(url)
        async with asker(url) as client:
            made = await client.post(f"{REPORTS}/export", **TICKETS)
            os.kill(await worker_of(process), signal.SIGKILL)
            ordered = await client.post(f"{REPORTS}/export", **TICKETS, headers={"Prefer": "respond-async"})
            job = ordered.headers["location"]
            async with asyncio.timeout(60):
                while (found := (await client.get(job)).json())["state"] != "done":
                    assert found["state"] in ("queued", "running"), found
                    await asyncio.sleep(0.1)
            file = await client.get(f"{job}/result")

    assert made.status_code == 200
    assert file.content == made.content


async def worker_of(process: asyncio.subprocess.Process) -> int:
    """The export worker beside a server, once it is there."""
    async with asyncio.timeout(60):
        while True:
            below = psutil.Process(process.pid).children()
            for one in below:
                if "work" in one.cmdline():
                    return one.pid
            await asyncio.sleep(0.1)
