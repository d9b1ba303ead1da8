"""`deskgraph serve --demo`, as `make run` starts it: embedded PostgreSQL, demo data, a token a role."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

from db.access import Role
from db.grants import SENDER, SERVER
from db.sync.intake_login import look
from db.walls import KEEPER, READER, READER_OF_ALL, RECORDER, WORKER
from tests.conftest import ROOT, SECRET, free_port
from tests.db.test_import import bring, ticket

SECOND_START_SECONDS = 10


@dataclass
class Serving:
    """A server in a process of its own."""

    url: str
    process: asyncio.subprocess.Process
    seconds: float
    log: Path

    @property
    def tokens(self) -> dict[str, str]:
        """The token printed for each role."""
        return dict(re.findall(r"^  (\w+) +(ey\S+)$", self.log.read_text(), re.M))


def environment(folder: Path, port: int, **given: str) -> dict[str, str]:
    """Nothing but the store's folder and a port is set, and what a test gives."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("DESKGRAPH_")}
    return {**clean, "DESKGRAPH_DATA_DIR": str(folder), "DESKGRAPH_PORT": str(port), **given}


@asynccontextmanager
async def serving(folder: Path, log: Path, *words: str, **given: str) -> AsyncIterator[Serving]:
    """Starts the server and waits until it is ready; stops it as Ctrl-C does."""
    port, started = free_port(), time.monotonic()
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cli",
            "serve",
            *words,
            cwd=ROOT,
            env=environment(folder, port, **given),
            stdout=out,
            stderr=out,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as client:
            while True:
                assert process.returncode is None, log.read_text()
                try:
                    if (await client.get(f"{url}/readyz")).status_code == 200:
                        break
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.1)
        yield Serving(url, process, time.monotonic() - started, log)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        await asyncio.wait_for(process.wait(), 30)


def postmasters(folder: Path) -> list[int]:
    """The processes that run on the folder's cluster."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(folder / "cluster").encode() in command:
                found.append(int(entry.name))
    return found


@pytest.mark.slow
async def test_the_demo_is_served_to_every_role_and_a_second_start_is_quick(tmp_path: Path) -> None:
    folder = tmp_path / "data"

    async with serving(folder, tmp_path / "first.log", "--demo") as first:
        tokens = first.tokens
        async with httpx.AsyncClient(base_url=first.url, timeout=60) as client:
            answers = {
                role: await client.get("/api/tickets/reports/summary", headers={"Authorization": f"Bearer {token}"})
                for role, token in tokens.items()
            }
            handed = await client.get("/demo/tokens")
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve",
            cwd=ROOT, env=environment(folder, free_port()), stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, told = await asyncio.wait_for(other.communicate(), 60)
    async with (
        serving(folder, tmp_path / "second.log", "--demo") as second,
        httpx.AsyncClient(base_url=second.url, timeout=60) as client,
    ):
        again = await client.get(
            "/api/tickets/reports/summary", headers={"Authorization": f"Bearer {tokens['manager']}"}
        )

    assert set(tokens) == {role.value for role in Role}
    assert {role: answer.status_code for role, answer in answers.items()} == dict.fromkeys(tokens, 200)
    opened = {role: answer.json()["summary"]["openTickets"]["value"] for role, answer in answers.items()}
    assert opened["manager"] == opened["admin"] == opened["analyst"] > opened["team_lead"] > opened["agent"] > 0
    assert {one["role"]: one["token"] for one in handed.json()["tokens"]} == tokens
    assert handed.headers["cache-control"] == "no-store"
    assert other.returncode == 1
    assert b"owns it" in told
    assert again.json()["summary"]["openTickets"]["value"] == opened["manager"]
    assert second.seconds < SECOND_START_SECONDS
    assert "Filling" not in second.log.read_text()
    assert postmasters(folder) == []


@pytest.mark.parametrize("when", ["while it starts", "while it serves"])
async def test_a_gateway_that_is_told_to_end_takes_its_database_along(when: str, tmp_path: Path) -> None:
    folder, log = tmp_path / "data", tmp_path / "log"
    words = [sys.executable, "-m", "cli", "serve"]
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            *words, cwd=ROOT, env=environment(folder, free_port()), stdout=out, stderr=out
        )
    while not (postmasters(folder) if when == "while it starts" else b"startup complete" in log.read_bytes()):
        assert process.returncode is None, log.read_text()
        await asyncio.sleep(0.02)

    process.send_signal(signal.SIGTERM)

    ended = 0 if when == "while it serves" else 128 + signal.SIGTERM
    assert await asyncio.wait_for(process.wait(), 60) == ended, log.read_text()
    assert postmasters(folder) == []


async def test_the_server_processes_know_a_login_that_may_only_read_and_one_that_writes_for_portals(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"

    async with serving(folder, tmp_path / "log", "--workers", "2", DESKGRAPH_INTAKE_WRITERS="1") as server:
        workers = psutil.Process(server.process.pid).children(recursive=True)
        told = [worker.environ() for worker in workers if "DESKGRAPH_READER_URL" in worker.environ()]
        owners = (folder / "password").read_text().strip()
        async with httpx.AsyncClient(base_url=server.url) as client:
            assert (await client.get("/demo/tokens")).status_code == 404
        connection = await asyncpg.connect(told[0]["DESKGRAPH_READER_URL"])
        login = await connection.fetchval("SELECT current_user::text")
        roles = await connection.fetch("SELECT rolname FROM pg_roles WHERE pg_has_role(rolname, 'MEMBER')")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("SET ROLE deskgraph")
        await connection.close()
        writer = await look(told[0]["DESKGRAPH_INTAKE_URL"])

    assert len(told) >= 2
    assert (writer.name, writer.takes_role, writer.makes_temporary, writer.may_more) == (SENDER, True, True, False)
    assert not [name for one in told for name, value in one.items() if owners in value]
    assert login == SERVER
    assert {row[0] for row in roles} == {SERVER, READER, READER_OF_ALL, RECORDER, KEEPER, WORKER}


async def test_a_store_of_more_than_demo_data_has_no_tokens_for_whoever_asks(database: str, tmp_path: Path) -> None:
    await bring(database, ticket("T-1"))
    given = {"DESKGRAPH_DATABASE_URL": database, "DESKGRAPH_JWT_SECRET": SECRET}

    async with (
        serving(tmp_path / "data", tmp_path / "log", "--demo", **given) as server,
        httpx.AsyncClient(base_url=server.url) as client,
    ):
        handed = await client.get("/demo/tokens")

    assert (handed.status_code, handed.json()["code"]) == (404, "NOT_FOUND")
    assert "there is no /demo/tokens" in server.log.read_text()
    assert set(server.tokens) == {role.value for role in Role}
