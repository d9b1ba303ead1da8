"""A PostgreSQL of the tests' own, at one port for as long as they last: stopped, killed, held up and started again."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from db import embedded
from db.embedded.folder import DATABASE, ROLE
from db.embedded.programs import account_for, find_programs, runner_for
from tests.conftest import free_port

SETTINGS: Mapping[str, str] = {
    "max_connections": "40",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "wal_level": "replica",
}


@dataclass
class Postgres:
    """The server."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    _process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        embedded.start(self.folder, self.settings).close()

    @property
    def dsn(self) -> str:
        """Where it is found, running or not."""
        password = (self.folder / "password").read_text().strip()
        return f"postgresql://{ROLE}:{password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Returns once it takes connections."""
        programs, cluster = find_programs(), self.folder / "cluster"
        runner = runner_for(account_for((cluster, self.folder)), programs, self.folder)
        told = {**embedded.SETTINGS, **SETTINGS, **self.settings}
        words = [word for name, value in told.items() for word in ("-c", f"{name}={value}")]
        with (self.folder / "postgres.log").open("ab") as log:
            self._process = runner.start([programs.postgres, "-D", cluster, "-p", str(self.port), *words], output=log)
        for _ in range(1200):
            if "ready" in (cluster / "postmaster.pid").read_text() if (cluster / "postmaster.pid").exists() else "":
                return
            assert self._process.poll() is None, (self.folder / "postgres.log").read_text()[-2000:]
            try:
                self._process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        raise AssertionError("PostgreSQL does not start")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Ends it: at once by SIGINT (fast), without a word by SIGQUIT, after what runs by SIGTERM."""
        if self._process is not None:
            os.kill(self._process.pid, how)
            self._process.wait(60)
            self._process = None

    @contextmanager
    def standby(self) -> Iterator[None]:
        """As a standby that nobody writes to any more; what was written stays."""
        told = self.folder / "cluster" / "standby.signal"
        self.stop()
        told.touch()
        os.chown(told, *_owner(self.folder))
        self.start()
        try:
            yield
        finally:
            self.stop()
            told.unlink()
            self.start()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All of it stands still: connections stay open, and nobody answers, as behind a network that is gone."""
        assert self._process is not None
        held = [psutil.Process(self._process.pid), *psutil.Process(self._process.pid).children()]
        for one in held:
            one.suspend()
        try:
            yield
        finally:
            for one in reversed(held):
                one.resume()


def _owner(folder: Path) -> tuple[int, int]:
    found = folder.stat()
    return found.st_uid, found.st_gid
