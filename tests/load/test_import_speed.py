"""The import's cost beside a bare COPY, in its quick form; benchmarks/import_speed.py is the whole."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.conftest import ROOT

TARGET = 10
"""The target of the whole benchmark; the quick form allows for a loaded machine."""
MAX_RSS_MB = 500


@pytest.mark.slow
def test_an_import_costs_a_small_multiple_of_a_bare_copy_and_little_memory(server: str) -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.import_speed",
        "--tickets",
        "20000",
        "--rounds",
        "3",
        "--server",
        server,
    ]

    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=280).stdout

    rounds = [line.split() for line in told.splitlines() if re.match(r"\s+\d+\s", line)]
    assert len(rounds) == 3
    assert float(told.split("median ratio")[1]) <= 2 * TARGET, told
    assert max(float(line[-1]) for line in rounds) < MAX_RSS_MB, told
