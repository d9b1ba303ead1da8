"""A backup holds all that the store is: brought back on another server, it answers the same and is guarded the same."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg
import orjson
import pytest

from db import embedded
from db.embedded.programs import find_programs
from tests.conftest import REPORTING_ZONES, ROOT, SECRET, new_database
from tests.operating.conftest import MARCH, REPORTS, operated

KEPT = """INSERT INTO deskgraph.saved_reports (id, issuer, subject, name, page, query, created_at, updated_at)
    VALUES ($1, '', 'mia', 'Mine', 'explore', 'a=b', now(), now())"""
GRANTS = """SELECT c.relname, c.relrowsecurity, a.attname, r.grantee::regrole::text, r.privilege_type
    FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attacl IS NOT NULL,
        aclexplode(coalesce(a.attacl, c.relacl)) r
    WHERE c.relnamespace = 'deskgraph'::regnamespace AND r.grantee <> c.relowner AND r.grantee <> 0"""
POLICIES = "SELECT tablename, policyname, roles::text, cmd, qual FROM pg_policies WHERE schemaname = 'deskgraph'"
FUNCTIONS = """SELECT p.oid::regprocedure::text, p.prosrc, p.prosecdef, r.grantee::regrole::text
    FROM pg_proc p, aclexplode(p.proacl) r
    WHERE p.pronamespace = 'deskgraph'::regnamespace AND r.grantee <> p.proowner"""
TABLES = (
    "SELECT relname FROM pg_class WHERE relnamespace = 'deskgraph'::regnamespace AND relkind = 'r' ORDER BY relname"
)
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'deskgraph'"


def run(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The command, with the client programs that are as new as the server."""
    environment = {
        **os.environ,
        "PATH": f"{find_programs().root / 'bin'}:{os.environ['PATH']}",
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_REPORTING_ZONES": ",".join(REPORTING_ZONES),
        **settings,
    }
    command = [sys.executable, "-m", "cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240)


@pytest.fixture
async def source(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of the small desk, with a report that somebody keeps."""
    async with new_database(server, template=filled) as dsn:
        owner = await asyncpg.connect(dsn)
        await owner.execute(KEPT, uuid4())
        await owner.close()
        yield dsn


async def held(dsn: str) -> dict[str, Any]:
    """All that is in a store, and who may do what with it."""
    store = await asyncpg.connect(dsn)
    await store.execute("SET TimeZone = 'UTC'")
    try:
        found: dict[str, Any] = {
            name: sorted(map(str, await store.fetch(sql)))
            for name, sql in (
                ("grants", GRANTS),
                ("policies", POLICIES),
                ("functions", FUNCTIONS),
                ("indexes", INDEXES),
            )
        }
        for row in await store.fetch(TABLES):
            table = row["relname"]
            digest = f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM deskgraph.{table} t"
            found[table] = tuple(await store.fetchrow(digest))
        return found
    finally:
        await store.close()


async def unknown_to_the_planner(dsn: str) -> list[str]:
    """Tables of which PostgreSQL does not know how many rows they have."""
    store = await asyncpg.connect(dsn)
    try:
        return [row["relname"] for row in await store.fetch(TABLES.replace("ORDER", "AND reltuples < 0 ORDER"))]
    finally:
        await store.close()


async def answers(dsn: str) -> list[Any]:
    """What is said to some who may see all and to some who may not."""
    async with operated(dsn, audit="required") as gateway:
        return [
            _said(await gateway.get(f"{REPORTS}/{report}", params=MARCH, headers=gateway.bearer(role)))
            for report, role in (("summary", "manager"), ("agents", "team_lead"), ("performance", "client"))
        ]


def _said(answer: Any) -> Any:
    assert answer.status_code == 200, answer.text
    return {name: value for name, value in answer.json().items() if name != "asOf"}


async def test_a_backup_is_brought_back_on_another_server_with_all_that_it_was(source: str, tmp_path: Path) -> None:
    file, folder = tmp_path / "store.backup", tmp_path / "data"
    said = await answers(source)  # which the store remembers: who has been seen
    before = await held(source)

    written = run("backup", str(file), DESKGRAPH_DATABASE_URL=source)
    over = run("backup", str(file), DESKGRAPH_DATABASE_URL=source)
    cut = tmp_path / "cut.backup"
    cut.write_bytes(file.read_bytes()[:-200])  # its tables are made before that is found
    new = {"DESKGRAPH_DATABASE_URL": "", "DESKGRAPH_DATA_DIR": str(folder)}
    half = run("restore", str(cut), **new)
    restored = run("restore", str(file), **new)  # which finds nothing of the half that was there
    again = run("restore", str(file), **new)
    proof = run("rollups", "verify", **new)
    doctor = run("doctor", "--json", **new)

    assert (written.returncode, restored.returncode) == (0, 0), written.stderr + restored.stderr
    assert (over.returncode, "is there already" in over.stderr) == (2, True)
    assert (half.returncode, "nothing is kept" in half.stderr) == (1, True), half.stderr
    assert not file.with_name("store.backup.partial").exists()
    assert file.stat().st_mode & 0o777 == 0o600
    assert (again.returncode, "has a store already" in again.stderr) == (1, True)
    assert proof.returncode == 0, proof.stdout + proof.stderr
    findings = {one["subject"]: one for one in orjson.loads(doctor.stdout)}
    looked_at = ("migrations", "rights", "rollups", "indexes", "report summary", "report trends")
    assert {findings[name]["grade"] for name in looked_at} == {"ok"}
    with embedded.borrow(folder) as running:
        assert await held(running.server.dsn) == before
        assert await answers(running.server.dsn) == said
        assert await unknown_to_the_planner(running.server.dsn) == []
    assert before["saved_reports"][0] == 1
    assert min(map(len, (before["grants"], before["policies"], before["functions"]))) > 3
    assert before["data_version"][0] == 1


async def test_a_backup_that_fails_leaves_no_file_and_one_that_is_no_backup_leaves_no_store(
    server: str, tmp_path: Path
) -> None:
    file, no_backup = tmp_path / "store.backup", tmp_path / "none"
    no_backup.write_text("not a backup")
    async with new_database(server) as empty:
        written = run("backup", str(file), DESKGRAPH_DATABASE_URL=empty)
        restored = run("restore", str(no_backup), DESKGRAPH_DATABASE_URL=empty)
        store = await asyncpg.connect(empty)
        left = await store.fetchval("SELECT to_regnamespace('deskgraph')")
        await store.close()

    assert (written.returncode, "no store" in written.stderr, list(tmp_path.glob("store*"))) == (1, True, [])
    assert (restored.returncode, "pg_restore failed" in restored.stderr, left) == (1, True, None), restored.stderr


async def test_a_backup_that_breaks_off_leaves_nothing_of_it(database: str, tmp_path: Path) -> None:
    password = urlsplit(database).password
    assert password
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "pg_dump").write_text(
        '#!/bin/sh\nfor last; do :; done\necho "$*" > "$0.told"\necho half > "${last#--file=}"\nexit 3\n'
    )
    (programs / "pg_dump").chmod(0o755)
    written = run(
        "backup",
        str(tmp_path / "store.backup"),
        DESKGRAPH_DATABASE_URL=f"{database}?password={password}&application_name=keeper",
        PATH=f"{programs}:{os.environ['PATH']}",
    )

    words = (programs / "pg_dump.told").read_text()  # which everybody on the machine may see
    assert (password in words, "?application_name=keeper" in words) == (False, True)
    assert (written.returncode, "pg_dump failed" in written.stderr, list(tmp_path.glob("store*"))) == (1, True, [])
