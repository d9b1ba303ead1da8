"""The command, as a user types it."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from db import migrate
from db.audit.record import Door, Outcome, Record
from db.audit.store import AuditStore
from db.revision import HEAD
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.conftest import ROOT, SECRET
from tests.db.test_import import bring, policy, ticket

TICKETS = """id,created_at,status,category,priority,assignee,resolved_at
1,2026-01-05T09:00:00Z,resolved,billing,high,anna,2026-01-05T11:00:00Z
2,2026-01-05T10:00:00Z,open,billing,low,,
"""
BAD = TICKETS + "3,yesterday,open,billing,low,,\n"


def deskgraph(*words: str, dsn: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs the command in a process of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *words],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DESKGRAPH_DATABASE_URL": dsn,
            "DESKGRAPH_JWT_SECRET": SECRET,
            **environment,
        },
        cwd=cwd,
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


async def test_an_import_tells_what_it_did_and_a_second_one_changes_nothing(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)

    first = deskgraph("import", "tickets.csv", "--json", dsn=database, cwd=tmp_path)
    second = deskgraph("import", "tickets.csv", "--json", dsn=database, cwd=tmp_path)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert {k: json.loads(first.stdout)[k] for k in ("read", "new", "unchanged", "rejected")} == {
        "read": 2, "new": 2, "unchanged": 0, "rejected": 0,
    }  # fmt: skip
    assert json.loads(second.stdout)["unchanged"] == 2
    assert not list(tmp_path.glob("*.rejects.csv"))


async def test_recompute_makes_the_facts_anew_and_says_so(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)
    deskgraph("import", "tickets.csv", dsn=database, cwd=tmp_path)

    told = deskgraph("recompute", dsn=database, cwd=tmp_path)

    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == "The facts of all tickets are made anew.\n"


async def test_bad_rows_go_to_a_file_and_the_exit_code_says_so(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(BAD)

    told = deskgraph("import", "tickets.csv", "--json", dsn=database, cwd=tmp_path)

    assert told.returncode == 1
    assert json.loads(told.stdout)["new"] == 2
    (rejects,) = tmp_path.glob("*.rejects.csv")
    assert rejects.name in told.stderr
    header, row = rejects.read_text().splitlines()
    assert header == "file,line,column,reason,text"
    assert row.startswith("tickets.csv,4,created_at,")


async def test_a_dry_run_keeps_nothing(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)

    deskgraph("import", "tickets.csv", "--dry-run", dsn=database, cwd=tmp_path)
    then = deskgraph("import", "tickets.csv", "--json", dsn=database, cwd=tmp_path)

    assert json.loads(then.stdout)["new"] == 2


async def test_a_faulty_mapping_is_one_message_and_nothing_is_imported(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)
    (tmp_path / "wrong.toml").write_text("nonsense = 1\n")

    told = deskgraph("import", "tickets.csv", "--mapping", "wrong.toml", dsn=database, cwd=tmp_path)

    assert told.returncode == 1
    assert "nonsense" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("token", "--role", "boss"), "boss"),
        (("token", "--role", "client"), "--organization"),
        (("token", "--role", "admin", "--ttl", "soon"), "soon"),
        (("import", "absent.csv"), "absent.csv"),
        (("serve", "--port", "x"), "x"),
        (("launch",), "launch"),
    ],
)
def test_a_command_used_wrongly_says_what_is_wrong_and_exits_with_2(
    words: tuple[str, ...], fragment: str, tmp_path: Path
) -> None:
    told = deskgraph(*words, dsn="postgresql://nowhere/none", cwd=tmp_path)

    assert told.returncode == 2
    assert fragment in told.stderr


def test_a_faulty_setting_stops_every_command_that_needs_it(tmp_path: Path) -> None:
    told = deskgraph("token", "--role", "admin", dsn="mysql://x", cwd=tmp_path)

    assert told.returncode == 1
    assert "DESKGRAPH_DATABASE_URL: must be empty or begin with postgresql://" in told.stderr


async def test_a_token_holds_what_it_was_made_with(tmp_path: Path) -> None:
    made = deskgraph("token", "--role", "team_lead", "--team", "a", "--team", "b", dsn="postgresql://h/d", cwd=tmp_path)

    viewer = await Identity(SharedSecret(SECRET)).viewer(f"Bearer {made.stdout.strip()}")

    assert (viewer.role.value, viewer.teams) == ("team_lead", ("a", "b"))


def test_the_committed_language_is_the_one_that_is_served(tmp_path: Path) -> None:
    printed = deskgraph("schema", dsn="postgresql://h/d", cwd=tmp_path)

    assert printed.stdout == (ROOT / "schema" / "schema.graphql").read_text()


async def test_migrate_says_from_where_to_where(database: str, tmp_path: Path) -> None:
    told = deskgraph("migrate", dsn=database, cwd=tmp_path)

    assert told.stdout == f"from {HEAD} to {HEAD}\n"


async def test_with_a_reader_alone_nothing_can_be_written(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)

    for words in (("import", "tickets.csv"), ("migrate",), ("recompute",)):
        told = deskgraph(*words, dsn="", cwd=tmp_path, DESKGRAPH_READER_URL=database)
        assert told.returncode == 1
        assert "DESKGRAPH_READER_URL may only read. Set DESKGRAPH_DATABASE_URL" in told.stderr
    told = deskgraph("serve", "--demo", dsn="", cwd=tmp_path, DESKGRAPH_READER_URL=database)
    assert told.returncode == 2
    assert "deskgraph demo" in told.stderr


async def test_a_server_does_not_start_over_a_database_without_its_walls(database: str, tmp_path: Path) -> None:
    owner = await asyncpg.connect(database)
    await owner.execute("ALTER TABLE deskgraph.facts DISABLE ROW LEVEL SECURITY")
    await owner.close()

    told = deskgraph("serve", dsn=database, cwd=tmp_path)

    assert told.returncode == 1
    assert "row-level security" in told.stderr


async def test_a_server_does_not_start_with_a_login_that_may_not_write_the_audit_log(
    database: str, tmp_path: Path
) -> None:
    owner = await asyncpg.connect(database)
    login = f"reader_{secrets.token_hex(4)}"
    password = secrets.token_hex(8)
    await owner.execute(f"CREATE ROLE {login} LOGIN NOINHERIT PASSWORD '{password}'")
    await owner.execute(f"GRANT deskgraph_reader, deskgraph_reader_of_all TO {login}")
    parts = urlsplit(database)
    reader = urlunsplit(parts._replace(netloc=f"{login}:{password}@{parts.netloc.rpartition('@')[2]}"))
    try:
        told = deskgraph("serve", dsn=database, cwd=tmp_path, DESKGRAPH_READER_URL=reader)

        assert told.returncode == 1
        assert "GRANT deskgraph_recorder TO" in told.stderr
    finally:
        await owner.execute(f"DROP ROLE {login}")
        await owner.close()


async def test_migrating_a_store_of_an_older_version_makes_its_facts_anew(database: str, tmp_path: Path) -> None:
    await bring(database, policy("all", 3600), ticket("T-1"))
    due = "SELECT count(*) FROM deskgraph.facts WHERE source > 9"
    owner = await asyncpg.connect(database)
    await migrate.downgrade(database, "0001")
    assert await owner.fetchval(due) == 0

    told = deskgraph("migrate", dsn=database, cwd=tmp_path)

    assert (told.returncode, told.stdout.strip()) == (0, f"from 0001 to {HEAD}")
    assert await owner.fetchval(due) == 1
    await owner.close()


async def test_the_audit_purge_removes_what_is_past_its_retention_and_says_so(database: str, tmp_path: Path) -> None:
    store = AuditStore(database)
    now = datetime.now(UTC)
    await store.write(Record(now - timedelta(days=n), Door.REST, "summary", Outcome.OK) for n in (1, 31, 32))
    await store.close()

    told = deskgraph("audit", "purge", dsn=database, cwd=tmp_path, DESKGRAPH_AUDIT_RETENTION_DAYS="30")

    assert (told.returncode, told.stdout) == (0, "removed 2, older than 30 days\n")


@pytest.mark.parametrize(
    "command", ["serve", "import", "demo", "migrate", "backup", "restore", "token", "audit", "schema"]
)
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    told = deskgraph(command, "--help", dsn="postgresql://h/d", cwd=tmp_path)

    assert told.returncode == 0
    assert "Usage:" in told.stdout


async def test_with_a_database_of_ones_own_nothing_embedded_is_even_imported(database: str, tmp_path: Path) -> None:
    told = deskgraph("migrate", dsn=database, cwd=tmp_path, PYTHONPROFILEIMPORTTIME="1")

    assert told.returncode == 0
    assert "db.revision" in told.stderr
    assert "db.embedded" not in told.stderr
    assert "pixeltable" not in told.stderr


TWO_ZONES = {"DESKGRAPH_REPORTING_ZONES": "UTC,Europe/Berlin"}


async def test_rollups_are_told_of_proved_and_rebuilt(database: str, tmp_path: Path) -> None:
    (tmp_path / "tickets.csv").write_text(TICKETS)
    deskgraph("import", "tickets.csv", dsn=database, cwd=tmp_path, **TWO_ZONES)

    status = deskgraph("rollups", "status", dsn=database, cwd=tmp_path, **TWO_ZONES)
    verified = deskgraph("rollups", "verify", dsn=database, cwd=tmp_path, **TWO_ZONES)

    assert status.returncode == 0, status.stderr
    assert [line.split()[:3] for line in status.stdout.splitlines()[:2]] == [
        ["UTC", "ready,", "since"],
        ["Europe/Berlin", "ready,", "since"],
    ]
    assert (verified.returncode, verified.stdout) == (
        0, "Europe/Berlin: equal to the facts\nUTC: equal to the facts\n",
    )  # fmt: skip

    store = await asyncpg.connect(database)
    await store.execute("UPDATE deskgraph.rollup_total SET numbers[4] = numbers[4] + 1 WHERE zone_id = 1 AND level = 0")
    await store.close()
    broken = deskgraph("rollups", "verify", "--zone", "UTC", dsn=database, cwd=tmp_path, **TWO_ZONES)
    rebuilt = deskgraph("rollups", "rebuild", "--zone", "UTC", dsn=database, cwd=tmp_path, **TWO_ZONES)

    assert broken.returncode == 1
    assert "UTC: rollup_total, level 0, block" in broken.stdout
    assert "deskgraph rollups rebuild" in broken.stderr
    assert (rebuilt.returncode, rebuilt.stdout) == (0, "made anew: UTC\n")
    assert deskgraph("rollups", "verify", dsn=database, cwd=tmp_path, **TWO_ZONES).returncode == 0


async def test_migrate_brings_rollups_to_the_zones_of_the_settings(database: str, tmp_path: Path) -> None:
    done = deskgraph("migrate", dsn=database, cwd=tmp_path, DESKGRAPH_REPORTING_ZONES="Asia/Tokyo, UTC")

    store = await asyncpg.connect(database)
    zones = await store.fetch("SELECT zone, is_ready FROM deskgraph.rollup_zones ORDER BY zone")
    await store.execute("UPDATE deskgraph.rollup_zones SET is_ready = false WHERE zone = 'UTC'")
    await store.close()
    status = deskgraph("rollups", "status", dsn=database, cwd=tmp_path, **TWO_ZONES)
    unknown = deskgraph("rollups", "rebuild", "--zone", "Mars/Base", dsn=database, cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [tuple(row) for row in zones] == [("Asia/Tokyo", True), ("UTC", True)]
    told = {line.split()[0]: line for line in status.stdout.splitlines() if "/" in line or "UTC" in line}
    assert "`deskgraph rollups rebuild --zone UTC`" in told["UTC"]
    assert "run `deskgraph migrate`" in told["Europe/Berlin"]
    assert "to drop it" in told["Asia/Tokyo"]
    assert unknown.returncode == 1
    assert "DESKGRAPH_REPORTING_ZONES" in unknown.stderr
