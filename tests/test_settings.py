"""Settings are validated at start, with one message a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

import settings
from db.errors import SetupFault
from db.walls import Walls


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, and a folder of the test's own."""
    for name in list(__import__("os").environ):
        if name.startswith("DESKGRAPH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DESKGRAPH_DATA_DIR", str(tmp_path / "data"))


def faults(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    """The lines that loading fails with."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SetupFault) as caught:
        settings.load()
    return caught.value.message.splitlines()


def test_without_any_setting_postgresql_is_embedded() -> None:
    found = settings.load()

    assert found.embeds
    assert (found.host, found.port, found.workers) == ("127.0.0.1", 8000, 1)


def test_every_fault_is_told_at_once_with_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(
        monkeypatch,
        DESKGRAPH_PORT="eighty",
        DESKGRAPH_WORKERS="0",
        DESKGRAPH_DATABASE_URL="mysql://x",
        DESKGRAPH_JWT_SECRET="short",
    )

    assert len(told) == 4
    for name in ("PORT", "WORKERS", "DATABASE_URL", "JWT_SECRET"):
        assert any(line.startswith(f"DESKGRAPH_{name}: ") for line in told), told


def test_a_setting_that_does_not_exist_is_a_fault_that_lists_those_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = faults(monkeypatch, DESKGRAPH_PROT="8000")

    assert told.startswith("DESKGRAPH_PROT: there is no such setting")
    assert "DESKGRAPH_PORT" in told


def test_a_database_of_ones_own_needs_a_secret_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = faults(monkeypatch, DESKGRAPH_DATABASE_URL="postgresql://h/d")

    assert told.startswith("DESKGRAPH_JWT_SECRET: must be set")


def test_a_secret_never_stands_in_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(monkeypatch, DESKGRAPH_JWT_SECRET="hunter2", DESKGRAPH_DATABASE_URL="mysql://u:hunter2@h/d")

    assert not any("hunter2" in line for line in told)
    assert "hunter2" not in repr(settings.Settings(jwt_secret="hunter2" * 10, database_url=""))


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "deskgraph.toml"
    file.write_text('port = 9001\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("DESKGRAPH_CONFIG", str(file))
    monkeypatch.setenv("DESKGRAPH_PORT", "9002")

    found = settings.load()

    assert (found.host, found.port) == ("0.0.0.0", 9002)


def test_an_unknown_setting_in_the_file_and_a_file_that_is_not_there_are_faults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "deskgraph.toml"
    file.write_text("prot = 9001\n")

    (unknown,) = faults(monkeypatch, DESKGRAPH_CONFIG=str(file))
    (absent,) = faults(monkeypatch, DESKGRAPH_CONFIG=str(tmp_path / "absent.toml"))

    assert "PROT" in unknown
    assert "there is no file" in absent


def test_a_generated_secret_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first, second = settings.load().signing_secret(), settings.load().signing_secret()

    assert first == second
    assert len(first) >= settings.MIN_SECRET_BYTES
    assert (tmp_path / "data" / "jwt_secret").stat().st_mode & 0o777 == 0o600


def test_a_reader_of_its_own_is_what_the_server_reads_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKGRAPH_JWT_SECRET", "s" * 32)
    monkeypatch.setenv("DESKGRAPH_DATABASE_URL", "postgresql://owner@h/d")
    assert settings.load().serving_url == "postgresql://owner@h/d"

    monkeypatch.setenv("DESKGRAPH_READER_URL", "postgresql://reader@h/d")
    assert settings.load().serving_url == "postgresql://reader@h/d"

    monkeypatch.delenv("DESKGRAPH_DATABASE_URL")
    found = settings.load()
    assert (found.serving_url, found.embeds) == ("postgresql://reader@h/d", False)


def test_the_second_wall_stands_unless_it_is_said_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().database_walls is Walls.BOTH

    (told,) = faults(monkeypatch, DESKGRAPH_DATABASE_WALLS="off")
    assert told.startswith("DESKGRAPH_DATABASE_WALLS: ")
    assert "both" in told
    assert "statement" in told
