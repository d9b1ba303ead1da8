"""What keeping rollups costs an import, in its quick form; benchmarks/import_speed.py --rollups is the whole."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

MOST_OF_FIRST = 6
"""Times the processor seconds without rollups, of 20,000 tickets with events: twice what was measured, less of more."""
MOST_OF_CHANGES = 6
"""The same of 300 changed tickets, far apart."""


@pytest.mark.slow
def test_an_import_costs_a_bounded_multiple_with_rollups(server: str) -> None:
    command = [sys.executable, "-m", "benchmarks.import_speed", "--rollups"]
    command += ["--events", "--tickets", "20000", "--changed", "300"]

    told = subprocess.run(
        [*command, "--rounds", "1", "--server", server],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
        timeout=280,
    ).stdout

    first, changes = (float(found) for found in re.findall("([0-9.]+) by processor seconds", told))
    assert first <= MOST_OF_FIRST, told
    assert changes <= MOST_OF_CHANGES, told
