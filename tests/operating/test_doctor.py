"""`deskgraph doctor` finds what was broken on purpose, says what to do, and hands on nothing that is anybody's."""

from __future__ import annotations

import asyncio
import io
import json
import os
import socket
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
import pytest
from tzdata import IANA_VERSION

from commands.doctor.database import OLDEST_SERVER, UNREACHABLE, judged
from commands.doctor.findings import Grade
from commands.doctor.intake import of_intake
from commands.doctor.machine import of_room, of_settings
from commands.doctor.reports import Ran, of_reports, of_time
from commands.doctor.statement_times import NOT_COUNTED
from db.examination import Examination, TableState, examine
from db.grants import give_login
from db.revision import HEAD
from db.statement_times import Counting
from db.sync.status import SourceStatus
from rest_compat.stored import ROUTED, ReportName
from settings import Settings
from tests.conftest import ROOT, SECRET, Asking, asking
from tests.db.sync.logins import intake_login, login_of
from tests.operating.conftest import holding
from tests.rest_compat.desk import NOW as DESK_NOW

NOW: Final = datetime(2026, 3, 1, tzinfo=UTC)
REPORTS: Final = tuple(f"report {one.value}" for one in ROUTED)
SOURCE: Final = """INSERT INTO deskgraph.sync_sources (name, kind, state, run_id, as_of, began_at, stale_after_seconds,
    failures, rejects, rows_new, rows_changed, tickets_deleted)
    VALUES ('portal-of-ours', 'postgresql', 'following', 0, now(), now(), 60, 0, 3, 0, 0, 0)"""


def doctor(
    *words: str, dsn: str, cwd: Path, **environment: str
) -> tuple[int, dict[str, tuple[str, str, str]], subprocess.CompletedProcess[str]]:
    """What the command ends with, its findings by subject, and all else."""
    given = {
        "DESKGRAPH_DATABASE_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_REPORTING_ZONES": "UTC,Europe/Berlin",
        "DESKGRAPH_SLOW_MS": "60000",  # a loaded machine is no fault
    }
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "doctor", "--json", *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **given, **environment},
        cwd=cwd, check=False, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    found = json.loads(done.stdout) if done.stdout else []
    return done.returncode, {one["subject"]: (one["grade"], one["told"], one["remedy"]) for one in found}, done


def other(dsn: str, **parts: str) -> str:
    """A DSN that is wrong in one part."""
    found = urlsplit(dsn)
    at = {
        "user": found.username,
        "password": found.password,
        "host": found.hostname,
        "port": str(found.port),
        "path": found.path,
    }
    at |= parts
    return f"postgresql://{at['user']}:{at['password']}@{at['host']}:{at['port']}{at['path']}"


async def test_a_store_that_is_well_is_told_so_and_a_report_is_timed(desk_database: str, tmp_path: Path) -> None:
    code, found, done = doctor(dsn=desk_database, cwd=tmp_path)

    assert code == 0, done.stdout + done.stderr
    assert {grade for grade, _, _ in found.values()} <= {"ok", "warning", "unknown"}
    assert "fsync is off" in found["server"][1]  # as the tests' servers are
    for subject in ("clocks", "connections", "migrations", "rollups", "indexes", "rights", "activity", *REPORTS):
        assert found[subject][0] == "ok", (subject, found[subject])
    assert found["slow statements"][:2] == ("unknown", NOT_COUNTED[Counting.NOT_SHIPPED][0])
    assert not any(remedy for grade, _, remedy in found.values() if grade == "ok")


@pytest.mark.parametrize(
    ("kind", "parts"),
    [
        ("name", {"host": "nowhere.invalid"}),
        ("password", {"user": "nobody_of_that_name"}),
        ("database", {"path": "/there_is_none"}),
        ("tls", {"path": "/postgres?sslmode=require"}),
    ],
)
async def test_a_wrong_dsn_is_told_by_what_is_wrong_in_it(
    kind: str, parts: dict[str, str], database: str, tmp_path: Path
) -> None:
    code, found, done = doctor(dsn=other(database, **parts), cwd=tmp_path)

    assert code == 1
    assert found["database"] == ("fault", *UNREACHABLE[kind])
    assert found["store"][0] == "unknown"
    password = urlsplit(database).password
    assert password
    assert password not in done.stdout + done.stderr


async def test_a_port_where_nobody_listens(database: str, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        _, found, _ = doctor(dsn=other(database, port=str(free.getsockname()[1])), cwd=tmp_path)

    assert found["database"] == ("fault", *UNREACHABLE["refused"])


async def test_what_was_broken_in_the_store_is_found_with_what_mends_it(desk_database: str, tmp_path: Path) -> None:
    owner = await asyncpg.connect(desk_database)
    try:
        await owner.execute("DROP INDEX deskgraph.facts_by_agent")
        await owner.execute(
            "REVOKE SELECT ON deskgraph.facts FROM deskgraph_reader"
        )  # which a whole desk's report never reads
        await owner.execute("REVOKE UPDATE (page) ON deskgraph.saved_reports FROM deskgraph_keeper")
        await owner.execute("REVOKE EXECUTE ON FUNCTION deskgraph.scope_ids(text) FROM deskgraph_reader")
        await owner.execute("UPDATE deskgraph.rollup_zones SET is_ready = false WHERE zone = 'Europe/Berlin'")
    finally:
        await owner.close()

    code, found, _ = doctor(dsn=desk_database, cwd=tmp_path, DESKGRAPH_JWT_SECRET="ab" * 20)

    assert code == 1
    assert found["indexes"][0] == "fault"
    assert "facts_by_agent" in found["indexes"][1]
    assert "deskgraph migrate" in found["indexes"][2]
    assert found["rollups"][0] == "fault"
    assert found["rollups"][2] == "Run `deskgraph rollups rebuild --zone Europe/Berlin`."
    assert found["tokens"][0] == "fault"
    assert "openssl rand -hex 32" in found["tokens"][2]
    assert found["rights"] == (
        "fault",
        "The server's roles lack rights: UPDATE on saved_reports of deskgraph_keeper, SELECT on facts of"
        " deskgraph_reader, EXECUTE on scope_ids(text) of deskgraph_reader.",
        "Run `deskgraph migrate`, which grants anew what they need.",
    )


async def test_tables_that_somebody_has_locked_are_told_of_and_not_waited_for(database: str) -> None:
    holder = await asyncpg.connect(database)
    try:
        await holder.execute("BEGIN; LOCK deskgraph.rollup_zones")
        found = await asyncio.wait_for(examine(database, HEAD, 500), 20)
    finally:
        await holder.close()

    settings = Settings.model_validate({"database_url": database})
    *_, told = judged(found, settings, NOW)
    assert (told.subject, told.grade) == ("store", Grade.FAULT)
    assert "pg_blocking_pids()" in told.remedy


async def test_an_older_store_is_to_be_migrated_and_a_newer_one_left_alone(database: str, tmp_path: Path) -> None:
    owner = await asyncpg.connect(database)
    try:
        for version, remedy in (("0001", "Run `deskgraph migrate`"), ("9999", "Run a newer version of the gateway")):
            await owner.execute("UPDATE deskgraph.alembic_version SET version_num = $1", version)
            await owner.execute("COMMENT ON TABLE deskgraph.alembic_version IS '9999'")

            code, found, _ = doctor(dsn=database, cwd=tmp_path)

            assert (code, found["migrations"][0]) == (1, "fault")
            assert version in found["migrations"][1]
            assert found["migrations"][2].startswith(remedy)
        assert await owner.fetchval("SELECT version_num FROM deskgraph.alembic_version") == "9999"
    finally:
        await owner.close()


async def test_a_newer_store_that_this_code_reads_is_no_fault_and_its_reports_are_looked_at(
    desk_database: str, tmp_path: Path
) -> None:
    owner = await asyncpg.connect(desk_database)
    try:
        await owner.execute("UPDATE deskgraph.alembic_version SET version_num = '9999'")
        code, found, done = doctor(dsn=desk_database, cwd=tmp_path)
    finally:
        await owner.close()

    assert code == 0, done.stdout + done.stderr
    assert found["migrations"][0] == "warning"
    assert "9999" in found["migrations"][1]
    assert HEAD in found["migrations"][1]
    assert {found[one][0] for one in ("rights", *REPORTS)} == {"ok"}
    assert found["store"][0] == "unknown"
    assert not {"rollups", "indexes", "data", "exports"} & set(found)


async def test_with_the_readers_login_alone_reports_are_looked_at_and_the_rest_is_not_said_to_be_well(
    desk_database: str, tmp_path: Path
) -> None:
    reader = await give_login(desk_database)

    code, found, done = doctor(dsn="", cwd=tmp_path, DESKGRAPH_READER_URL=reader)

    assert code == 0, done.stdout + done.stderr
    assert {found[one][0] for one in ("rights", *REPORTS, "least rights", "activity")} == {"ok"}
    assert found["store"][0] == "unknown"
    assert "DESKGRAPH_DATABASE_URL" in found["store"][2]
    assert not {"rollups", "indexes", "data", "exports"} & set(found)


async def test_whether_portals_are_written_for_by_a_login_that_may_that_alone_is_told(desk_database: str) -> None:
    async def told(**given: str) -> tuple[str, str, str]:
        (found,) = await of_intake(
            Settings.model_validate({"database_url": desk_database, "intake_writers": 1, **given})
        )
        return found.grade.value, found.told, found.remedy

    async with intake_login(desk_database) as login, login_of(desk_database) as nobody:
        narrow = await told(intake_url=login)
        useless = await told(intake_url=nobody)
    owners = await told()
    missing = await told(reader_url=desk_database)

    assert [one[0] for one in (narrow, owners, useless, missing)] == ["ok", "warning", "fault", "fault"]
    assert "GRANT deskgraph_intake TO" in useless[1]
    assert "Set DESKGRAPH_INTAKE_URL" in missing[2]


def test_settings_that_are_wrong_are_findings_one_a_line(tmp_path: Path) -> None:
    code, found, done = doctor(dsn="", cwd=tmp_path, DESKGRAPH_PORT="none", DESKGRAPH_JWT_SECRET="short")

    assert code == 1
    told = [one["told"] for one in json.loads(done.stdout)]
    assert any(line.startswith("DESKGRAPH_PORT") for line in told)
    assert any(line.startswith("DESKGRAPH_JWT_SECRET") for line in told)
    assert set(found) == {"settings"}


def test_where_there_is_no_store_yet_none_is_made_and_a_place_that_is_none_is_told(tmp_path: Path) -> None:
    code, found, done = doctor(
        "--report", "none/help.zip", dsn="", cwd=tmp_path, DESKGRAPH_DATA_DIR=str(tmp_path / "data")
    )

    assert (code, found["database"][0]) == (1, "fault")
    assert not (tmp_path / "data").exists()
    assert "none/help.zip cannot be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_rules_of_zones_that_are_missing_or_old_are_told(tmp_path: Path) -> None:
    package = files("tzdata") / "zoneinfo"
    system = tmp_path / "zoneinfo"
    (system / "Europe").mkdir(parents=True)
    for name in ("UTC", "Europe/Berlin"):
        (system / name).write_bytes((package / name).read_bytes())
    (system / "tzdata.zi").write_text("# version 2019c\n")
    (tmp_path / "tzdata").mkdir()
    (tmp_path / "tzdata" / "__init__.py").touch()
    given = {"dsn": "", "cwd": tmp_path, "DESKGRAPH_DATA_DIR": str(tmp_path / "data")}

    _, none, done = doctor(
        "--report", "help.zip", **given, PYTHONTZPATH="/nonexistent", PYTHONPATH=f"{tmp_path}:{ROOT}"
    )
    _, packaged, _ = doctor(**given, PYTHONTZPATH="/nonexistent")
    _, old, _ = doctor(**given, PYTHONTZPATH=str(system))

    assert (set(none), none["zones"][0]) == ({"zones"}, "fault"), done.stderr
    assert "tzdata" in none["zones"][2]
    assert (tmp_path / "help.zip").exists()
    assert packaged["zones"][:2] == ("ok", f"The rules of the zones are of {IANA_VERSION}.")
    assert old["zones"][0] == "warning"
    assert "2019c" in old["zones"][1]


def test_a_generated_secret_that_others_read_or_that_was_cut_short_is_told(tmp_path: Path) -> None:
    file, settings = tmp_path / "jwt_secret", Settings(data_dir=tmp_path)

    def found(secret: str, mode: int) -> tuple[Grade, str]:
        file.write_text(secret)
        file.chmod(mode)
        one = next(iter(of_settings(settings)))
        return one.grade, one.remedy

    assert found(SECRET, 0o600) == (Grade.OK, "")
    assert found(SECRET, 0o640) == (Grade.FAULT, "chmod 600 jwt_secret.")
    assert found("cut", 0o600)[0] is Grade.FAULT


async def test_each_slow_statement_of_a_report_is_told_with_what_answered_it_and_why_nothing_cheaper_did(
    desk_database: str,
) -> None:
    async def told(asked: Asking, bound_ms: int) -> dict[str, tuple[Grade, str]]:
        found = [one async for one in of_reports(asked.gateway, "UTC", bound_ms)]
        return {one.subject: (one.grade, one.told) for one in found}

    owner = await asyncpg.connect(desk_database)
    try:
        async with asking(desk_database, DESK_NOW) as asked:
            async with holding(desk_database, "rollup_category"):
                waiting = asyncio.create_task(told(asked, 300))
                await asyncio.sleep(1)
            held = await waiting
            await owner.execute("UPDATE deskgraph.rollup_zones SET is_ready = false")
            bare = await told(asked, 0)
    finally:
        await owner.close()

    slow = {subject for subject, (grade, _) in held.items() if grade is Grade.WARNING}
    assert slow == {"report performance"}, held
    assert " statements took more than 300 ms: " in held["report performance"][1]
    assert " ms from rollup category by category" in held["report performance"][1]
    for subject in REPORTS:
        grade, text = bare[subject]
        assert grade is Grade.WARNING
        assert " ms from facts by " in text
        assert "; not rollup " in text
        assert "what is no number" in text


def test_a_disk_is_judged_by_what_is_free_and_a_report_by_what_it_takes() -> None:
    rooms = [
        of_room("exports", total, free) for total, free in ((10**12, 5 * 10**11), (10**12, 10**10), (10**10, 9 * 10**8))
    ]
    ran = [Ran("facts by agent", 501), Ran("names", 500)]
    times = [of_time(ReportName.AGENTS, ms, ran[ms == 1_999 :], 500) for ms in (1_999, 2_001, 1_000)]

    assert [one.grade for one in rooms] == [Grade.OK, Grade.WARNING, Grade.FAULT]
    assert [one.grade for one in times] == [Grade.OK, Grade.WARNING, Grade.WARNING]
    assert "; 1 of its 2 statements took more than 500 ms: 501 ms from facts by agent." in times[2].told
    assert all(one.remedy for one in (*rooms[1:], *times[1:]))


async def examined(dsn: str) -> Examination:
    """What is found in a store that is well."""
    found = await examine(dsn, HEAD, 500)
    assert found.store is not None
    return found


async def test_clocks_connections_and_what_waits_are_judged_by_what_they_mean(desk_dsn: str) -> None:
    well = await examined(desk_dsn)
    settings = Settings(
        database_url="postgresql://somewhere/store", jwt_secret=SECRET, reporting_zones=("UTC", "Europe/Berlin")
    )  # type: ignore[arg-type]

    def grades(found: Examination, of: Settings = settings) -> dict[str, Grade]:
        return {one.subject: one.grade for one in judged(found, of, NOW)}

    def with_server(**changed: Any) -> Examination:
        return replace(well, server=replace(well.server, **changed))

    def with_store(**changed: Any) -> Examination:
        assert well.store is not None
        return replace(well, store=replace(well.store, **changed))

    assert grades(with_server(clock_ahead=timedelta(seconds=-10)))["clocks"] is Grade.WARNING
    assert grades(with_server(clock_ahead=timedelta(minutes=2)))["clocks"] is Grade.FAULT
    assert grades(with_server(clock_ahead=timedelta(seconds=4), round_trip=timedelta(seconds=8)))["clocks"] is Grade.OK
    assert grades(with_server(version=140_012))["server"] is Grade.FAULT
    assert grades(with_server(version=150_000))["server"] is Grade.WARNING  # its fsync is off
    assert f"\n{OLDEST_SERVER} or newer." in (ROOT / "docs" / "operations.md").read_text()
    assert grades(with_server(syncs=False))["server"] is Grade.WARNING
    assert grades(with_server(is_read_only=True))["writes"] is Grade.FAULT
    assert grades(with_server(connections=10))["connections"] is Grade.FAULT
    assert grades(with_server(connected=well.server.connections))["connections"] is Grade.WARNING
    assert grades(with_store(waiting_exports=3, waiting_since=NOW - timedelta(hours=1)))["exports"] is Grade.FAULT
    assert grades(with_store(waiting_exports=3, waiting_since=NOW - timedelta(minutes=1)))["exports"] is Grade.OK
    assert grades(with_store(facts_are_old=True))["facts"] is Grade.FAULT
    table = TableState("facts", 100_000, 0, is_analyzed=True, bytes=1)
    assert grades(with_store(tables=[table]))["tables"] is Grade.OK
    bare = [replace(table, is_analyzed=False)]
    assert grades(with_store(tables=bare, data_changed_at=NOW - timedelta(hours=1)))["statistics"] is Grade.WARNING
    assert grades(with_store(tables=bare, data_changed_at=NOW - timedelta(minutes=1)))["statistics"] is Grade.OK
    assert grades(with_store(tables=[replace(table, dead=100_001)]))["dead rows"] is Grade.WARNING
    assert grades(with_store(deltas=2_000_000))["rollups' size"] is Grade.WARNING
    assert grades(with_store(last_import=None))["data"] is Grade.WARNING
    failed = {"state": "failed", "rows_read": 10, "rows_rejected": 0}
    assert grades(with_store(last_import=failed))["data"] is Grade.FAULT
    assert grades(with_store(last_import={**failed, "state": "finished", "rows_rejected": 2}))["data"] is Grade.WARNING
    followed = SourceStatus(
        "shop", "postgresql", "following", NOW - timedelta(seconds=9), NOW, None, 60, 0, 0, None, None, None, 0, 0, 0
    )
    for changed, grade in (
        ({}, Grade.OK),
        ({"rejects": 4}, Grade.WARNING),
        ({"as_of": NOW - timedelta(minutes=9)}, Grade.FAULT),
        ({"as_of": None}, Grade.FAULT),
        ({"failures": 2}, Grade.FAULT),
    ):
        assert grades(with_store(sources=[replace(followed, **changed)]))["source shop"] is grade, changed
    spare = settings.model_copy(update={"reporting_zones": ("UTC",)})
    assert Grade.WARNING in {one.grade for one in judged(well, spare, NOW) if one.subject == "rollups"}


async def test_the_bundle_has_what_helps_and_nothing_of_anybody(desk_database: str, tmp_path: Path) -> None:
    owner = await asyncpg.connect(desk_database)
    try:
        names = [row[0] for row in await owner.fetch(
            "SELECT name FROM deskgraph.agents UNION SELECT name FROM deskgraph.organizations"
            " UNION SELECT requester FROM deskgraph.tickets UNION SELECT email FROM deskgraph.agents"
        )]  # fmt: skip
        await owner.execute(SOURCE)
    finally:
        await owner.close()
    secrets = {
        "DESKGRAPH_SMTP_PASSWORD": "hunter2-of-mail",
        "DESKGRAPH_SMTP_USER": "postbox-of-ours",
        "DESKGRAPH_JWT_ISSUER": "issuer-of-ours",
        "DESKGRAPH_INTAKE_URL": other(desk_database, user="sender-of-ours", password="unknown"),
    }
    _, found, done = doctor(
        "--report", "help.zip", dsn=desk_database, cwd=tmp_path,
        DESKGRAPH_INTAKE_WRITERS="1", DESKGRAPH_SLOW_MS="1", **secrets,
    )  # fmt: skip
    assert " statements took more than 1 ms: " in found["report trends"][1]
    assert "source portal-of-ours" in found
    assert "sender-of-ours" in found["intake"][1]

    with zipfile.ZipFile(io.BytesIO((tmp_path / "help.zip").read_bytes())) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    everything = "\n".join(parts.values())
    password = urlsplit(desk_database).password
    assert password
    kept = [SECRET, password, str(tmp_path), "portal-of-ours", "sender-of-ours", *secrets.values()]
    for text in (*kept, *filter(None, names)):
        assert text not in everything, text
    assert json.loads(parts["settings.json"])["jwt_secret"] == "set"
    assert json.loads(parts["settings.json"])["reporting_zones"] == ["UTC", "Europe/Berlin"]
    assert json.loads(parts["versions.json"])["asyncpg"][0].isdigit()
    assert json.loads(parts["store.json"])["revision"] == HEAD
    assert {one["name"] for one in json.loads(parts["store.json"])["store"]["tables"]} >= {"facts", "tickets"}
    assert "help.zip" in done.stderr
