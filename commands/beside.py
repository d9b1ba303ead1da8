"""Workers beside a server: processes of their own, started anew where one dies, and ended with the server."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import click

_COMMAND: Final = (sys.executable, str(Path(__file__).resolve().parents[1] / "cli.py"), "work", "--beside")
_LOOK_SECONDS: Final = 0.2
_PAUSE_SECONDS: Final = (1.0, 2.0, 5.0, 15.0)
"""Before another is started: of one that lived long, of the first that did not, the second, ..."""
_LONG_SECONDS: Final = 60.0
_GRACE_SECONDS: Final = 10.0


@contextmanager
def working_beside(workers: int, host: str, port: int) -> Iterator[None]:
    """Workers, from when the server answers until this ends. They read the settings of this process's environment."""
    ending = threading.Event()
    threads = [threading.Thread(target=_kept, args=(ending, host, port)) for _ in range(workers)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ending.set()
        for thread in threads:
            thread.join()


def _kept(ending: threading.Event, host: str, port: int) -> None:
    """Keeps one worker alive."""
    while not _answers(host, port):  # so that a start is not slowed down
        if ending.wait(_LOOK_SECONDS):
            return
    deaths = 0
    while not ending.is_set():
        # TRICKY: in a session of its own, or Ctrl-C would end it before it has let go of its work. It ends when its
        # standard input does, so that it outlives no server, however that ends.
        with subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, start_new_session=True) as process:
            lived = _lived(process, ending)
        if ending.is_set():
            return
        deaths = 0 if lived > _LONG_SECONDS else deaths + 1
        click.echo(f"warning: a worker ended with code {process.returncode}; another is started.", err=True)
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
