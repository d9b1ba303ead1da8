"""The server in processes of its own: how it ends and is replaced while it is asked; numbers of several processes."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
import psutil
import pytest

from db.access import Role
from db.errors import SetupFault
from operating import refusing
from operating.serving import handed_over
from rest_compat.problems import Kind
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.conftest import ROOT, SECRET, free_port
from tests.operating.conftest import MARCH, REPORTS, holding
from tests.operating.test_metrics import samples, value
from tests.rest_compat.desk import VIEWERS

TOKEN = Identity(SharedSecret(SECRET)).issue(VIEWERS[Role.MANAGER], timedelta(hours=1))
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@asynccontextmanager
async def started(dsn: str, log: Path, *words: str, fd: int = -1) -> AsyncIterator[asyncio.subprocess.Process]:
    """`deskgraph serve`; ended, if it has not ended by then."""
    given = {"DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET, "DESKGRAPH_RESPONSE_CACHE_MB": "0"}
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve", *words,
            cwd=ROOT, env={**os.environ, **given}, stdout=out, stderr=out, pass_fds=(fd,) if fd >= 0 else (),
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await asyncio.wait_for(process.wait(), 60)


def servers_of(process: asyncio.subprocess.Process) -> set[int]:
    """The server processes below a supervisor."""
    below = psutil.Process(process.pid).children()
    return {one.pid for one in below if "spawn_main" in _words(one)}


def _words(process: psutil.Process) -> str:
    """What a process was started with; nothing, of one that has ended meanwhile."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


async def ready(url: str) -> None:
    """Returns once the server is ready."""
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        for _ in range(600):
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError("the server is not ready within a minute")


@dataclass
class Load:
    """Clients that ask again and again, and what came of it."""

    url: str
    statuses: Counter[int | str] = field(default_factory=Counter)
    is_over: bool = False

    async def ask(self) -> None:
        """One client, that keeps its connection while the server does."""
        async with httpx.AsyncClient(base_url=self.url, timeout=60, headers=BEARER) as client:
            while not self.is_over:
                try:
                    answer = await client.get(f"{REPORTS}/summary", params=MARCH)
                    self.statuses[answer.status_code] += 1
                    await asyncio.sleep(0.05)  # what is started meanwhile needs the processor, too
                except httpx.ConnectError:
                    self.statuses["nobody listens"] += 1
                    await asyncio.sleep(0.02)
                except httpx.TransportError as fault:
                    self.statuses[type(fault).__name__] += 1


@asynccontextmanager
async def loaded(url: str, clients: int = 4) -> AsyncIterator[Load]:
    """A load, while this lasts."""
    load = Load(url)
    asking = [asyncio.create_task(load.ask()) for _ in range(clients)]
    try:
        yield load
    finally:
        load.is_over = True
        await asyncio.gather(*asking)


@pytest.mark.parametrize("workers", ["1", "2"])
async def test_told_to_end_under_load_it_answers_what_it_took_and_refuses_the_rest(
    workers: str, desk_dsn: str, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    async with started(desk_dsn, tmp_path / "log", "--port", str(port), "--workers", workers) as process:
        await ready(url)
        async with (
            httpx.AsyncClient(base_url=url, timeout=60) as slow,
            httpx.AsyncClient(base_url=url, timeout=60) as late,
            loaded(url) as load,
        ):
            await asyncio.sleep(0.5)
            async with holding(desk_dsn, "facts"):
                asking = asyncio.create_task(
                    slow.get(f"{REPORTS}/summary", params={**MARCH, "tag": "vip"}, headers=BEARER)
                )
                await asyncio.sleep(0.5)
                process.terminate()
                await asyncio.sleep(1.5)
                alive, not_ready = await late.get("/healthz"), await late.get("/readyz")
                refused = await late.get(f"{REPORTS}/summary", headers=BEARER)
                while_ending = Counter(load.statuses)
            answer = await asking
            await asyncio.wait_for(process.wait(), 30)

    told = (tmp_path / "log").read_text()
    assert answer.status_code == 200, told
    assert (alive.status_code, not_ready.status_code, not_ready.json()["status"]) == (200, 503, "not ready")
    assert (refused.status_code, refused.json()["code"]) == (503, "UNAVAILABLE")
    assert (refused.headers["retry-after"], refused.headers["connection"]) == ("5", "close")
    assert set(while_ending) == {200, 503}, while_ending
    assert "Traceback" not in told


async def test_over_a_socket_that_is_handed_on_a_restart_fails_no_request(desk_dsn: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        url = "http://{}:{}".format(*listener.getsockname())
        words = ("--fd", str(listener.fileno()))
        async with started(desk_dsn, tmp_path / "log", *words, fd=listener.fileno()) as first:
            await ready(url)
            async with loaded(url) as load:
                await asyncio.sleep(0.5)
                first.terminate()
                await first.wait()
                before = load.statuses.total()
                async with started(desk_dsn, tmp_path / "log", *words, fd=listener.fileno()):
                    await ready(url)
                    await asyncio.sleep(0.5)
                    load.is_over = True
                    await asyncio.sleep(0.5)

    assert set(load.statuses) == {200}, (load.statuses, (tmp_path / "log").read_text())
    assert load.statuses.total() > before > 0


async def test_server_processes_are_replaced_one_by_one_and_any_tells_the_numbers_of_all(
    desk_dsn: str, tmp_path: Path
) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}"

    async with started(desk_dsn, tmp_path / "log", "--port", str(port), "--workers", "2") as process:
        await ready(url)
        before = servers_of(process)
        async with loaded(url) as load:
            process.send_signal(signal.SIGHUP)
            async with asyncio.timeout(300):
                while servers_of(process) & before:  # noqa: ASYNC110  # of another process there is no event
                    await asyncio.sleep(0.1)
            await asyncio.sleep(0.3)
        told = []
        for _ in range(6):  # a connection each, which either process may take
            async with httpx.AsyncClient(base_url=url, timeout=60) as client:
                told.append(samples((await client.get("/metrics")).text))

    assert len(before) == 2
    assert set(load.statuses) == {200}, (load.statuses, (tmp_path / "log").read_text())
    answered = {"door": "rest", "operation": "summary", "status": "200", "outcome": "OK"}
    assert [value(one, "deskgraph_requests_total", **answered) for one in told] == [load.statuses[200]] * 6
    assert all(value(one, "deskgraph_database_up") == 1 for one in told)


def test_a_descriptor_that_is_no_listening_socket_is_told() -> None:
    with socket.socket() as deaf, socket.create_server(("127.0.0.1", 0)) as listener, Path("/dev/null").open() as file:
        for descriptor, why in ((987, "no socket of"), (file.fileno(), "no socket of"), (deaf.fileno(), "not listen")):
            with pytest.raises(SetupFault, match=why):
                handed_over(descriptor)
        found = handed_over(listener.fileno())

    assert found.is_inherited
    found.socket.close()


async def test_a_refusal_has_the_words_of_the_table_of_problems() -> None:
    transport = httpx.ASGITransport(refusing.refuse)
    async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
        told = (await client.get("/anything")).json()

    assert (told["type"], told["title"]) == (Kind.UNAVAILABLE.type, Kind.UNAVAILABLE.title)
    assert (told["status"], told["code"]) == (Kind.UNAVAILABLE.status, Kind.UNAVAILABLE.code)
