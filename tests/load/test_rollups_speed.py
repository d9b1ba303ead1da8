"""What keeping rollups costs an import, in its quick form; benchmarks/import_speed.py --rollups is the whole."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.conftest import ROOT

MOST_OF_CHANGES = 25
"""Times the cost of the same import without rollups: a few hundred changed tickets, far apart, on a loaded machine."""


@pytest.mark.slow
def test_an_import_of_changes_costs_a_bounded_multiple_with_rollups(server: str) -> None:
    command = [sys.executable, "-m", "benchmarks.import_speed", "--rollups", "--tickets", "5000", "--changed", "300"]

    told = subprocess.run(
        [*command, "--rounds", "1", "--server", server],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=280,
    ).stdout

    of_changes = float(told.rsplit("of changes ", 1)[1])
    assert of_changes <= MOST_OF_CHANGES, told
