"""The processes of an embedded server, told apart by the name the server runs under (`cluster_name`).

That name stands in the arguments of the postmaster and in the title of each of its backends, where everyone
may read it (`/proc/<pid>/cmdline`), so it also works where `/proc/<pid>/cwd` is closed to us, as it is to
root in a container.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

Stages = Sequence[tuple[signal.Signals, float]]

POSTMASTER_STAGES: Stages = (
    (signal.SIGINT, 30.0),  # fast: roll back, write a checkpoint, leave
    (signal.SIGQUIT, 10.0),  # immediate: leave now, recover at the next start
    (signal.SIGKILL, 5.0),
)
"""The signals that end a postmaster, each with the seconds it is given. Unit: seconds."""

BACKEND_STAGES: Stages = ((signal.SIGQUIT, 2.0), (signal.SIGKILL, 5.0))
"""The signals that end what a dead postmaster left behind. Unit: seconds."""

POLL_SECONDS = 0.005


@dataclass(frozen=True)
class Remains:
    """The live processes of one server: at most one postmaster by rights, and backends."""

    postmasters: tuple[int, ...]
    backends: tuple[int, ...]


def is_live(pid: int) -> bool:
    """Whether the process exists and runs. TRICKY: a zombie answers `kill(pid, 0)`, and is dead."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    # TRICKY: the program's name stands in parentheses and may hold any character, a parenthesis included.
    state = stat.rpartition(b")")[2].split()[:1]
    return state not in ([], [b"Z"], [b"X"])


def find_remains(server_name: str) -> Remains:
    """The live processes that run under this server name."""
    postmasters: list[int] = []
    backends: list[int] = []
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        arguments = _arguments(int(entry))  # none, for a zombie
        if f"cluster_name={server_name}".encode() in arguments:
            postmasters.append(int(entry))
        elif arguments and arguments[0].startswith(f"postgres: {server_name}: ".encode()):
            backends.append(int(entry))
    return Remains(tuple(postmasters), tuple(backends))


def is_postmaster(pid: int, server_name: str) -> bool:
    """Whether this process runs and is the postmaster of this server, not a stranger that got its number."""
    return is_live(pid) and f"cluster_name={server_name}".encode() in _arguments(pid)


def works_in(pid: int, folder: Path) -> bool:
    """Whether the process runs with this folder as its working folder, as far as we may see."""
    try:
        return is_live(pid) and os.path.samefile(f"/proc/{pid}/cwd", folder)
    except OSError:
        return False


def end(pids: Collection[int], stages: Stages) -> bool:
    """Whether all of them are gone, after each signal in turn was given its time."""
    for number, seconds in stages:
        for pid in filter(is_live, pids):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        if _all_gone(pids, seconds):
            return True
    return False


def _all_gone(pids: Collection[int], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(is_live, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _arguments(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return []
