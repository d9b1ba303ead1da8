"""The machine's clock is moved under the running server: by hours, by a year, ahead and back."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from db.access import Role
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.conftest import SECRET, RunningGateway, serving
from tests.faults.postgres import Postgres
from tests.rest_compat.desk import MARCH, VIEWERS

SUMMARY = "/api/tickets/reports/summary"
FAR = [timedelta(hours=3), timedelta(days=400), timedelta(hours=-3), timedelta(days=-400)]


@dataclass(frozen=True)
class Moved:
    """A server whose clock is read through a file."""

    gateway: RunningGateway
    file: Path

    def clock(self, by: timedelta) -> None:
        """Moves the clock of the server: to so long before or after the right time."""
        self.file.write_text(f"{by.total_seconds():+.0f}\n")

    async def ask(self, minted: timedelta = timedelta(0), **asked: str) -> httpx.Response:
        """The answer for a token that was made by a clock that is so much ahead; of March, or what is asked."""
        identity = Identity(SharedSecret(SECRET), clock=lambda: time.time() + minted.total_seconds())
        headers = {"Authorization": f"Bearer {identity.issue(VIEWERS[Role.MANAGER], timedelta(hours=1))}"}
        async with httpx.AsyncClient(base_url=self.gateway.url, headers=headers, timeout=60) as client:
            return await client.get(SUMMARY, params=asked or MARCH)


@pytest.fixture(scope="module")
async def moved(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Moved]:
    """The real server, with a clock that can be moved."""
    library = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
    if library is None:
        pytest.skip("the Debian package libfaketime is not installed")
    place = tmp_path_factory.mktemp("clock")
    file = place / "clock"
    file.write_text("+0\n")
    # The monotonic clock stays: setting a machine's clock does not move that one.
    faked = {"FAKETIME_TIMESTAMP_FILE": str(file), "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    async with serving(postgres.dsn, place / "log", LD_PRELOAD=str(library), **faked) as gateway:
        yield Moved(gateway, file)


def as_of(answer: httpx.Response) -> timedelta:
    """How far an answer says it is from the right time."""
    assert answer.status_code == 200, answer.text
    return datetime.fromisoformat(answer.json()["asOf"]) - datetime.now(UTC)


@pytest.mark.parametrize("by", FAR, ids=str)
async def test_what_the_clock_says_holds_for_as_long_as_it_says_so(moved: Moved, by: timedelta) -> None:
    near = timedelta(hours=1, minutes=5)  # an answer about today is kept to the next full hour
    before = await moved.ask()
    moved.clock(by)
    try:
        began = time.monotonic()
        ours, theirs, their_today = await moved.ask(), await moved.ask(by), await moved.ask(by, period="today")
        took = time.monotonic() - began
        async with httpx.AsyncClient(base_url=moved.gateway.url, timeout=60) as client:
            alive = [(await client.get(path)).status_code for path in ("/healthz", "/readyz", "/metrics")]
    finally:
        moved.clock(timedelta(0))
    after, today, late = await moved.ask(), await moved.ask(period="today"), await moved.ask(by)

    assert (before.status_code, theirs.status_code, alive) == (200, 200, [200, 200, 200])
    assert abs(as_of(their_today) - by) < near
    assert abs(as_of(today)) < near
    assert as_of(after) < timedelta(minutes=5), "nothing of a time to come was kept"
    assert {**after.json(), "asOf": ""} == {**before.json(), "asOf": ""}
    assert (ours.status_code, late.status_code) == (401, 401)
    assert ("expired" if by > timedelta(0) else "issued in the future") in ours.json()["detail"]
    assert took < 30, "no wait is by the clock that jumped"
