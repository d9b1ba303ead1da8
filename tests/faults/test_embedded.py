"""The embedded store: its database killed, and its disk full, while the doors are asked."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from db import embedded
from tests.conftest import free_port
from tests.faults.doors import Came, Truth, asker, asking
from tests.faults.standing import recovered
from tests.faults.test_processes import started
from tests.faults.test_read_only import SAVE, imported
from tests.operating.test_serving import ready
from tests.stores import fill_desk

SIZE_MB = 220


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small disk of its own."""
    place = tmp_path_factory.mktemp("disk")
    if (
        os.geteuid() != 0
        or subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", place]).returncode
    ):
        pytest.skip("a small file system cannot be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@dataclass(frozen=True)
class Desk:
    """A server over an embedded store."""

    truth: Truth
    pid: int
    dsn: str
    disk: Path

    @property
    def postmaster(self) -> psutil.Process:
        """The database's first process."""
        return next(one for one in psutil.Process(self.pid).children() if one.name() == "postgres")


@pytest.fixture(scope="module")
async def desk(disk: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """The small desk, embedded."""
    port, data, place = free_port(), disk / "data", tmp_path_factory.mktemp("desk")
    settings = {"DESKGRAPH_DATABASE_URL": "", "DESKGRAPH_DATA_DIR": str(data)}
    async with started("", place / "log", "--port", str(port), **settings) as process:
        url = f"http://127.0.0.1:{port}"
        await ready(url)
        dsn = embedded.borrow(data).server.dsn
        await fill_desk(dsn)
        yield Desk(await Truth(url).learn(), process.pid, dsn, disk)


async def test_a_killed_database_is_started_again(desk: Desk) -> None:
    """Its first process is killed, as by a system without memory."""
    async with asking(desk.truth, clients=2) as load:
        before = desk.postmaster
        before.kill()
        before.wait(60)
        await recovered(desk.truth, time.monotonic())
        after = desk.postmaster.pid

    assert not load.wrong, load.wrong
    assert set(load.told) <= {"UNAVAILABLE"}, load.told
    assert after != before.pid


async def test_on_a_full_disk_reports_go_on_writes_say_so_and_all_is_whole_once_there_is_room(
    desk: Desk, tmp_path: Path
) -> None:
    """Whatever of it cannot go on says so; nothing is half-written."""
    ballast = desk.disk / "ballast"

    async with asking(desk.truth, clients=2) as load:
        with ballast.open("wb") as file:
            try:
                while True:
                    file.write(b"x" * 65536)
                    file.flush()
            except OSError:
                pass
        while_full = await desk.truth.each()
        status, told = await imported(desk.dsn, tmp_path / "full", tickets=4_000)
        async with asker(desk.truth.url) as client:
            saved = await client.post("/graphql", json={"query": SAVE})
        ballast.unlink()
        await recovered(desk.truth, time.monotonic())

    again, told_again = await imported(desk.dsn, tmp_path / "again")
    assert not load.wrong, load.wrong
    assert set(load.told) <= {"UNAVAILABLE"}, load.told
    assert not [one for one in while_full if one.came is Came.WRONG], while_full
    assert status == 1, told
    assert "Traceback" not in told, told
    assert "no space left" in told or "went away" in told, told
    errors = saved.json().get("errors")
    assert not errors or errors[0]["extensions"]["code"] == "UNAVAILABLE", saved.text
    assert again == 0, told_again
