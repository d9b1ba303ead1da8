"""A database that takes no writes: reports go on, what must be kept says that it cannot, and what may wait arrives."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from db.access import Role
from tests.conftest import ROOT, SECRET, RunningGateway
from tests.faults.doors import DOORS, REPORTS, Came, Truth, asker, bearer
from tests.faults.postgres import Postgres
from tests.faults.standing import held, nothing_leaked, recovered
from tests.rest_compat.desk import MARCH

SAVE = """mutation { saveReport(name: "Kept", page: OVERVIEW, query: "period=last_30_days") { id } }"""


async def imported(dsn: str, folder: Path, tickets: int = 1) -> tuple[int, str]:
    """What an import by the command comes to, and what it tells."""
    folder.mkdir(exist_ok=True)
    rows = "".join(f"W-{number},2023-05-01T10:00:00Z\n" for number in range(tickets))
    (folder / "tickets.csv").write_text(f"id,created_at\n{rows}")
    environment = {**os.environ, "DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli", "import", str(folder), "--rejects", str(folder.parent / "rejects.csv"),
        cwd=ROOT, env=environment, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    told, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, told.decode()


@asynccontextmanager
async def setting(dsn: str) -> AsyncIterator[None]:
    """New sessions only read, unless they say otherwise."""
    owner = await asyncpg.connect(dsn, server_settings={"default_transaction_read_only": "off"})
    try:
        await owner.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        await owner.execute("SELECT pg_reload_conf()")
        await asyncio.sleep(0.2)
        yield
        await owner.execute("ALTER SYSTEM RESET default_transaction_read_only")
        await owner.execute("SELECT pg_reload_conf()")
        await asyncio.sleep(0.2)
    finally:
        await owner.close()


async def test_where_sessions_only_read_by_default_the_server_goes_on_and_an_import_says_why_not(
    gateway: RunningGateway, postgres: Postgres, truth: Truth, tmp_path: Path
) -> None:
    before = await held(gateway, postgres.dsn)

    async with setting(postgres.dsn):
        answers = await truth.each()
        status, told = await imported(postgres.dsn, tmp_path / "files")
        async with asker(gateway.url) as client:
            saved = (await client.post("/graphql", json={"query": SAVE})).json()

    assert {one.came for one in answers} == {Came.RIGHT}, answers  # an export is recorded, or it would be refused
    assert saved["data"]["saveReport"]["id"]
    assert status == 1
    assert "takes no writes" in told, told
    assert "Traceback" not in told, told
    await nothing_leaked(gateway, postgres.dsn, before)


async def test_on_a_standby_reports_go_on_and_what_must_be_written_is_refused_in_so_many_words(
    gateway: RunningGateway, postgres: Postgres, truth: Truth, tmp_path: Path
) -> None:
    before = await held(gateway, postgres.dsn)

    with postgres.standby():
        async with asker(gateway.url) as client:
            answers = {one.name: await truth.ask(client, one) for one in DOORS}
            saved = await client.post("/graphql", json={"query": SAVE})
            denied = await client.get(f"{REPORTS}/agents", params=MARCH, headers=bearer(Role.CLIENT))
        status, told = await imported(postgres.dsn, tmp_path / "files")
    await recovered(truth, time.monotonic())

    exports = {name: one for name, one in answers.items() if "." in name}
    assert {one.came for name, one in answers.items() if name not in exports} == {Came.RIGHT}, answers
    assert {(one.came, one.told) for one in exports.values()} == {(Came.CLEAR, "UNAVAILABLE")}, exports
    assert saved.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert "only reads" in saved.text
    assert (denied.status_code, denied.json()["code"]) == (503, "UNAVAILABLE")  # a denial is recorded, or not told
    assert status == 1
    assert "takes no writes" in told, told
    assert "Traceback" not in told, told
    await nothing_leaked(gateway, postgres.dsn, before)
