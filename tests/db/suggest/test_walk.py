"""`deskgraph import --suggest` as docs/import.md walks through it, and as somebody at a terminal is asked."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

DOCS = (ROOT / "docs" / "import.md").read_text()
WALK = DOCS[DOCS.index("## An unknown file") : DOCS.index("## Mapping files")]
BIN = Path(sys.executable).parent
SECTION = re.compile(r"```sh\n(.*?)```", re.S)


def environment(dsn: str) -> dict[str, str]:
    secret = "a secret for the tests alone, 32 bytes"
    path = f"{BIN}:{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": secret}


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """The file of the walk."""
    script = SECTION.findall(WALK)[0]
    subprocess.run(["bash", "-ec", script[: script.index("deskgraph")]], cwd=tmp_path, check=True)
    return tmp_path / "export.csv"


def test_the_walk_of_the_documentation_ends_with_every_row_imported(database: str, tmp_path: Path) -> None:
    told = [
        subprocess.run(
            ["bash", "-ec", script], cwd=tmp_path, env=environment(database), check=True, capture_output=True, text=True
        ).stdout
        for script in SECTION.findall(WALK)
    ]

    shown = re.search(r"```\n(check .*?)```", WALK, re.S)
    assert shown
    for line in filter(None, shown[1].splitlines()):
        assert line in told[0]
    assert re.search(r"^tickets +4 +4 ", told[1], re.M)


def test_a_program_gets_all_of_it_and_a_mapping_that_is_there_stays(tmp_path: Path, export: Path) -> None:
    command = [BIN / "deskgraph", "import", "--suggest", export, "--json"]

    told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    export.with_suffix(".toml").write_text("mine")
    refused = subprocess.run(
        [*command, "--output", export.with_suffix(".toml")], check=False, capture_output=True, text=True
    )

    assert {cell["column"]: cell["entry"] for cell in told["cells"]}["id"] == "Case Number"
    assert told["trial"]["rows"] == {"tickets": 3}
    assert refused.returncode == 2
    assert export.with_suffix(".toml").read_text() == "mine"


def test_somebody_at_a_terminal_is_asked_what_nobody_can_know(tmp_path: Path, export: Path) -> None:
    ours, theirs = pty.openpty()
    command = [BIN / "deskgraph", "import", "--suggest", export, "--output", tmp_path / "mapping.toml"]
    os.write(ours, b"Europe/Berlin\n\nnew\n")

    told = subprocess.run(command, stdin=theirs, capture_output=True, text=True, check=True)

    os.close(ours)
    os.close(theirs)
    mapping = (tmp_path / "mapping.toml").read_text()
    assert 'zone = "Europe/Berlin"' in mapping
    assert '"Triage by robot" = "new"' in mapping
    assert "4 tickets, 0 rows rejected" in told.stdout
