"""The commands over a source that is an API: checked, loaded, killed, followed beside the server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.conftest import ROOT, SECRET, serving
from tests.db.sync.test_served import until_followed
from tests.portals import test_freshdesk, test_zendesk
from tests.portals.freshdesk.protocol import TOKEN as KEY
from tests.portals.http.server import Fault
from tests.portals.zendesk.protocol import TOKEN
from tests.portals.zendesk.world import NOW

FEW = 80


@pytest.fixture
async def zendesk(
    server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[test_zendesk.Account]:
    monkeypatch.setenv("ZENDESK_TEST_TOKEN", TOKEN)
    async with test_zendesk.account(server, database, tmp_path, FEW) as desk:
        yield desk


async def begun(desk: test_zendesk.Account, *arguments: str) -> asyncio.subprocess.Process:
    """A command that runs."""
    environment = {**os.environ, "DESKGRAPH_DATABASE_URL": desk.store, "DESKGRAPH_JWT_SECRET": SECRET}
    out = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", *arguments, cwd=ROOT, stdout=out, stderr=asyncio.subprocess.STDOUT, env=environment
    )


async def ended(process: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """The exit code, and what was printed."""
    told, _ = await process.communicate()
    return process.returncode, told.decode()


async def test_a_load_that_is_killed_is_taken_up_and_what_is_wrong_is_told_without_the_token(
    zendesk: test_zendesk.Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = str(zendesk.path)
    zendesk.server.clock.now = datetime.now(UTC)  # what changed lately is tried
    code, told = await ended(await begun(zendesk, "sources", "check", path))
    zendesk.server.clock.now = NOW
    assert code == 1  # of its policies, one cannot be had
    assert "sla_policies     see below, 7 rows tried" in told
    assert "current_tags includes vip" in told
    assert "  note: good counts as 5 and bad as 1" in told
    assert "tickets          good" in told

    reached = asyncio.Event()

    async def killed() -> None:
        process = await begun(zendesk, "sync", path, "--once")
        await reached.wait()
        process.send_signal(signal.SIGKILL)
        await process.wait()

    zendesk.server.before = lambda request: reached.set() if "ticket_events" in request.url.path else None
    await killed()
    zendesk.server.before = lambda _: None
    tickets = zendesk.server.asked["/api/v2/incremental/tickets/cursor.json"]
    await ended(await begun(zendesk, "sync", path, "--once"))
    code, told = await ended(await begun(zendesk, "sources", "status"))

    # The policy, whichever of the two has read it: that depends on how far the first came.
    assert code == 0
    assert "rejected at present: 1" in told
    assert "current_tags includes vip" in told
    assert zendesk.server.asked["/api/v2/incremental/tickets/cursor.json"] <= tickets + 2
    await test_zendesk.equals_what_happened(zendesk)

    monkeypatch.setenv("ZENDESK_TEST_TOKEN", "another-one")
    code, told = await ended(await begun(zendesk, "sync", path, "--once"))
    status = (await ended(await begun(zendesk, "sources", "status")))[1]
    assert code == 1
    assert "does not know the token (401" in told
    assert "desk (zendesk): failing" in status
    assert "does not know the token (401" in status
    assert "another-one" not in told + status


async def test_a_server_follows_an_api_beside_itself(
    server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRESHDESK_TEST_TOKEN", KEY)
    async with test_freshdesk.account(server, database, tmp_path, 4) as desk:
        desk.world.goes_on(3)
        desk.server.weather, desk.server.retry_after_seconds = (None, None, None, Fault.THROTTLED, None, None), 1
        async with serving(database, tmp_path / "log", DESKGRAPH_SYNC_SOURCES=str(desk.path)) as gateway:
            (found,) = await until_followed(gateway)

        assert (found["state"], found["isStale"]) == ("FOLLOWING", False)
        assert desk.server.met[Fault.THROTTLED] > 0
        assert KEY not in (tmp_path / "log").read_text()
        assert (await desk.counts())["tickets"] == sum(
            case.ticket["status"] != test_freshdesk.UNKNOWN for case in desk.world.cases.values()
        )
