"""`deskgraph export`: the export route's file, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main
from db.access import Role
from rest_compat.export.body import OWN
from rest_compat.params import BY_NAME
from tests.conftest import ROOT, SECRET
from tests.rest_compat.conftest import Rest, gateway_over
from tests.rest_compat.desk import MARCH

SLICE = ["--since", "2026-03-01", "--until", "2026-04-01", "--timezone", "Europe/Berlin"]


@pytest.fixture(scope="module")
async def today(desk_dsn: str) -> AsyncIterator[Rest]:
    """The routes, at the present instant and with the secret's pseudonyms: as the command asks."""
    key = hashlib.sha256(f"pseudonyms:{SECRET}".encode()).digest()
    gateway = replace(gateway_over(desk_dsn), clock=lambda: datetime.now(UTC), pseudonym_key=key)
    yield Rest(gateway)
    await gateway.engine.close()


def run(dsn: str, *words: str, cwd: Path, **further: Any) -> subprocess.CompletedProcess[bytes]:
    """The command, run to its end."""
    environment = {**os.environ, "DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET}
    return subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), "export", *words],
        env=environment, cwd=cwd, check=False, timeout=120, stderr=subprocess.PIPE,
        **{"stdout": subprocess.PIPE, **further},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("report", "role", "options"),
    [
        ("tickets", Role.MANAGER, {"metric": "openTickets", "category": ["login", "none"]}),
        ("breakdown", Role.ANALYST, {"by": ["agent"], "metrics": ["ticketsCreated"]}),
        ("summary", Role.MANAGER, {"separator": "locale", "locale": "de-AT"}),
        ("agents", Role.MANAGER, {"separator": "\t"}),
    ],
)
async def test_the_file_is_the_routes(
    report: str, role: Role, options: dict[str, Any], today: Rest, desk_dsn: str, tmp_path: Path
) -> None:
    words = [report, "--format", "csv", "--output", "march.csv", *SLICE, "--role", role.value]
    for name, value in options.items():
        words += [word for one in (value if isinstance(value, list) else [value]) for word in (f"--{name}", one)]

    told = run(desk_dsn, *words, cwd=tmp_path)

    body = {"report": report, "format": "csv", **MARCH, "timezone": "Europe/Berlin", **options}
    response = await today.export(body, role)
    assert (told.returncode, told.stdout, told.stderr) == (0, b"", b"")
    assert response.status_code == 200
    assert (tmp_path / "march.csv").read_bytes() == response.content
    assert [file.name for file in tmp_path.iterdir()] == ["march.csv"]


def test_whatever_an_order_may_say_is_an_option() -> None:
    command = main.commands["export"]
    with command.make_context("export", ["--help"], resilient_parsing=True) as context:
        named = {name for one in command.get_params(context) for name in (one.name, *one.opts)}

    assert set(OWN) <= named
    assert {f"given_{name}" for name in BY_NAME} <= named


async def test_a_dash_writes_to_stdout_and_an_option_is_spelled_in_words(desk_dsn: str, tmp_path: Path) -> None:
    told = run(
        desk_dsn, "summary", "--format", "csv", "--output", "-", *SLICE, "--compare-to", "previous_period", "--bom",
        cwd=tmp_path,
    )  # fmt: skip

    assert told.stdout.startswith("\ufeff".encode())
    assert b"openTickets" in told.stdout
    assert told.returncode == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["summary", "--format", "csv", "--timezone", "+02:00"], 2, "an offset is not a zone"),
        (["summary", "--format", "csv", "--since", ""], 2, "since is empty"),
        (["summary", "--format", "csv", "--grain", "day"], 2, "'grain' is not known"),
        (["summary", "--format", "doc"], 2, "is not one of"),
        (["summary", "--format", "csv", "--separator", "|"], 2, "separator '|' is not known. Give one of"),
        (["summary", "--format", "pdf", "--separator", ";"], 2, "separator is for csv only"),
        (["tickets", "--format", "csv", "--metric", "ticketsCreated", "--score", "1"], 2, "is no part of"),
        (["summary", "--format", "csv", "--role", "client"], 2, "client --organization"),
        (["summary", "--format", "csv", "--role", "agent", "--as-agent", "A-1"], 1, "reports:export:create"),
        (["summary", "--format", "csv", "--category", "nobody"], 2, "nobody"),
    ],
)
def test_a_refusal_is_a_message_and_an_exit_code_and_leaves_no_file(
    words: list[str], code: int, message: str, desk_dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"DESKGRAPH_DATABASE_URL": desk_dsn, "DESKGRAPH_JWT_SECRET": SECRET}

    told = CliRunner().invoke(main, ["export", *words, "--output", "file"], env=environment)

    assert told.exit_code == code, told.output
    assert message in told.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_told(desk_dsn: str, tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        told = run(desk_dsn, "tickets", "--format", "csv", "--output", "-", *SLICE, cwd=tmp_path, stdout=full)

    assert told.returncode == 1
    assert b"no space left: free some" in told.stderr


async def test_a_file_that_cannot_be_there_is_told(desk_dsn: str, tmp_path: Path) -> None:
    told = run(desk_dsn, "summary", "--format", "csv", "--output", "no/such/folder.csv", *SLICE, cwd=tmp_path)

    assert told.returncode == 1
    assert b"no/such/folder.csv cannot be written: No such file or directory" in told.stderr


def test_an_end_midway_leaves_the_old_file_and_nothing_else(demo_database: str, tmp_path: Path) -> None:
    target = tmp_path / "all.csv"
    target.write_text("old")
    environment = {**os.environ, "DESKGRAPH_DATABASE_URL": demo_database, "DESKGRAPH_JWT_SECRET": SECRET}
    words = ["tickets", "--format", "csv", "--output", str(target), "--since", "2025-01-01", "--until", "2026-10-01"]
    process = subprocess.Popen([sys.executable, str(ROOT / "cli.py"), "export", *words], env=environment, cwd=tmp_path)
    until = time.monotonic() + 60
    while not any(file.stat().st_size for file in tmp_path.glob(".all.csv.*.part")):
        assert process.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)

    process.send_signal(signal.SIGTERM)

    assert process.wait(60) == 128 + signal.SIGTERM
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("all.csv", "old")]
