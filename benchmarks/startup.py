"""How long a server takes to be there: from the start of `deskgraph serve` to /healthz and to the first report.

Over a migrated, filled database, the code already compiled; beside it a process that only imports the libraries that
no server of this kind can do without. Of each the wall clock and the CPU time of the process; medians of some rounds.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import psutil

from benchmarks.contenders.ours import SECRET, VIEWER
from benchmarks.contenders.serving import ROOT, free_port
from benchmarks.desk.store import fill
from db import embedded
from schema.identity import Identity
from schema.tokens import SharedSecret

LIBRARIES: Final = "import strawberry, strawberry.asgi, starlette.applications, asyncpg, uvicorn"
REPORT: Final = "/api/tickets/reports/summary?since=2025-03-01&until=2025-04-01"


@dataclass(frozen=True)
class Start:
    """Seconds from the start of the process."""

    health: float
    report: float
    cpu: float


def _environment(pycache: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**plain, "PYTHONPYCACHEPREFIX": pycache}


def libraries(pycache: str) -> float:
    """The CPU seconds that the libraries alone take."""
    process = subprocess.Popen([sys.executable, "-c", LIBRARIES], env=_environment(pycache))
    _, _, used = os.wait4(process.pid, 0)
    process.returncode = 0
    return used.ru_utime + used.ru_stime


def start(dsn: str, pycache: str, token: str) -> Start:
    """One start of a server."""
    port = free_port()
    own = {"DESKGRAPH_DATABASE_URL": dsn, "DESKGRAPH_JWT_SECRET": SECRET, "DESKGRAPH_PORT": str(port)}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve"],
        cwd=ROOT, env={**_environment(pycache), **own, "DESKGRAPH_LOG_LEVEL": "warning"},
    )  # fmt: skip
    try:
        _get(port, "/healthz", "", began)
        health = time.perf_counter() - began
        _get(port, REPORT, token, began)
        report = time.perf_counter() - began
        times = psutil.Process(process.pid).cpu_times()
        return Start(health, report, times.user + times.system)
    finally:
        process.terminate()
        process.wait()


def _get(port: int, path: str, token: str, began: float) -> None:
    """Returns when a path is answered."""
    while time.perf_counter() - began < 60:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            connection.request("GET", path, headers={"Authorization": f"Bearer {token}"} if token else {})
            answer = connection.getresponse()
            answer.read()
        except OSError:
            time.sleep(0.005)
        else:
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status}")
            return
    raise RuntimeError("the server does not answer")


def main() -> None:
    """Reads the options and measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    token = Identity(SharedSecret(SECRET)).issue(VIEWER, timedelta(hours=1))
    with tempfile.TemporaryDirectory() as folder, embedded.borrow(Path(folder) / "data") as running:
        asyncio.run(fill(running.server.dsn, 2_000))
        pycache = str(Path(folder) / "pycache")
        start(running.server.dsn, pycache, token)
        alone, starts = [], []
        for _ in range(given.rounds):
            alone.append(libraries(pycache))
            starts.append(start(running.server.dsn, pycache, token))
    middle = statistics.median
    cpu, base = middle(one.cpu for one in starts), middle(alone)
    print(f"/healthz after {middle(one.health for one in starts):.2f} s, first report after", end=" ")
    print(f"{middle(one.report for one in starts):.2f} s; the quickest {min(one.report for one in starts):.2f} s")
    print(f"CPU of the process {cpu:.2f} s; of the libraries alone {base:.2f} s; ratio {cpu / base:.1f}")


if __name__ == "__main__":
    main()
