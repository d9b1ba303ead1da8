"""Processes beside a server, such as workers: started anew where one dies, and ended with the server."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

_PROGRAM: Final = (sys.executable, str(Path(__file__).resolve().parents[1] / "cli.py"))
_LOOK_SECONDS: Final = 0.2
_PAUSE_SECONDS: Final = (1.0, 2.0, 5.0, 15.0)
"""Before another is started: of one that lived long, of the first that did not, the second, ..."""
_LONG_SECONDS: Final = 60.0
_GRACE_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Beside:
    """A process beside the server."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] | None = None
    """None: the server's."""


WORKER: Final = Beside("a worker", ("work", "--beside"))


@contextmanager
def working_beside(processes: Sequence[Beside], host: str, port: int) -> Iterator[None]:
    """These processes, from when the server answers until this ends."""
    ending = threading.Event()
    threads = [threading.Thread(target=_kept, args=(one, ending, host, port)) for one in processes]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def _kept(one: Beside, ending: threading.Event, host: str, port: int) -> None:
    """Keeps one process alive."""
    while not _answers(host, port):  # so that a start is not slowed down
        if ending.wait(_LOOK_SECONDS):
            return
    deaths = 0
    while not ending.is_set():
        # TRICKY: in a session of its own, or Ctrl-C would end it before it has let go of its work. It ends when its
        # standard input does, so that it outlives no server, however that ends.
        command = (*_PROGRAM, *one.arguments)
        with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True, env=one.environment) as process:
            lived = _lived(process, ending)
        if ending.is_set():
            return
        deaths = 0 if lived > _LONG_SECONDS else deaths + 1
        click.echo(f"warning: {one.name} ended with code {process.returncode}; another is started.", err=True)
        ending.wait(_PAUSE_SECONDS[min(deaths, len(_PAUSE_SECONDS) - 1)])


def _lived(process: subprocess.Popen[bytes], ending: threading.Event) -> float:
    """How long a worker lived, in seconds; told to end, it gets a little time for it."""
    seconds = 0.0
    while process.poll() is None:
        if ending.wait(_LOOK_SECONDS):
            assert process.stdin is not None
            process.stdin.close()
            try:
                process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
        seconds += _LOOK_SECONDS
    return seconds


def _answers(host: str, port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1" if host in ("0.0.0.0", "::") else host, port), 1).close()
    except OSError:
        return False
    return True
