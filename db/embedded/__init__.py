"""The embedded PostgreSQL: a server of the gateway's own, that comes and goes with it.

`start` is for the gateway, which owns its data folder for as long as it lives; `borrow` is for a command that
wants the database for a moment, whether or not a gateway runs. Why it is built so:
docs/decisions/0002-embedded-postgresql.md.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from db.embedded import process
from db.embedded.folder import (
    DATABASE,
    ROLE,
    DataFolder,
    DataFolderInUse,
    Ownership,
    PidFile,
    ensure_cluster,
    last_lines,
    open_folder,
)
from db.embedded.programs import Programs, Runner, account_for, find_programs, runner_for
from db.errors import SetupFault

__all__ = ["DataFolderInUse", "EmbeddedPostgres", "Server", "borrow", "start"]

SETTINGS: Mapping[str, str] = {
    # Memory: for a machine of two cores and a few gigabytes that the gateway shares.
    "shared_buffers": "256MB",  # holds the rollups and the recent facts whole; taken only as it is used
    "effective_cache_size": "1GB",  # what the planner may expect of the system's cache
    "work_mem": "32MB",  # the hash of a wide report stays in memory
    "maintenance_work_mem": "256MB",  # indexes after an import
    "min_dynamic_shared_memory": "64MB",  # parallel workers need no /dev/shm, which is 64 MB in a container
    "huge_pages": "off",  # asking for them kills the server in a container that has none to give
    # Plans.
    "max_parallel_workers_per_gather": "1",  # with the leader: two cores
    "max_parallel_workers": "2",
    "random_page_cost": "1.1",  # solid state disks
    "jit": "off",  # the wheel has none; do not look for it
    # Writing. Nothing here trades away a committed row: fsync and synchronous_commit stay on.
    "wal_level": "minimal",  # no replicas: an import into a new table skips the log
    "max_wal_senders": "0",  # which wal_level = minimal asks for
    "max_wal_size": "2GB",  # an import is not held up by checkpoints
    "checkpoint_timeout": "10min",
    # Connections: the gateway's pool, a command or two, a person with psql.
    "max_connections": "50",
    # Days are cut by the gateway, never by the session; whoever looks by hand sees UTC.
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",  # the log is for faults
}
"""What the server is started with, unless the caller says otherwise."""

LAUNCHERS_OWN = (
    "cluster_name",
    "config_file",
    "data_directory",
    "external_pid_file",
    "hba_file",
    "listen_addresses",
    "logging_collector",
    "port",
    "unix_socket_directories",
    "update_process_title",
)
"""The settings that this module lives by; a caller may not set them."""

HOST = "127.0.0.1"
PORT_ATTEMPTS = 5
START_SECONDS = 300.0
"""How long a server may take to come up: a moment, but for the recovery after a crash."""
BORROW_SECONDS = 30.0
"""How long a command waits for a gateway that is itself just starting or stopping."""


@dataclass(frozen=True)
class Server:
    """Where the running server is found."""

    dsn: str = field(repr=False)
    """For asyncpg as it is, for SQLAlchemy with the driver put in its scheme. Holds the password."""
    pid: int
    data_dir: Path


class EmbeddedPostgres:
    """A running server, ours until `close` or borrowed from the gateway that owns it."""

    def __init__(self, server: Server, server_name: str, owned: Owned | None) -> None:
        self.server = server
        self._server_name = server_name
        self._owned = owned

    def alive(self) -> bool:
        """Whether the server still runs."""
        return process.is_postmaster(self.server.pid, self._server_name)

    def revive(self) -> None:
        """Start the server again where it has died, if it is ours: at its port, so that its DSN stays.

        Raises: SetupFault when it does not start, or another program has taken the port.
        """
        if self._owned is None or self._owned.by != os.getpid() or self.alive():
            return
        owned = self._owned
        owned.postmaster.wait()
        folder, programs = _open(self.server.data_dir), find_programs()
        _clear_remains(folder)
        runner = runner_for(folder.account, programs, folder.path)
        port = urlsplit(self.server.dsn).port
        postmaster, told = _launch(folder, programs, runner, owned.settings, port)
        self._owned = replace(owned, postmaster=postmaster)
        self.server = replace(self.server, pid=told.pid)

    def close(self) -> None:
        """Stop the server and give the folder back, if they are ours; a second time does nothing."""
        # TRICKY: a forked worker has a copy of this object, and must not stop its parent's server.
        if self._owned is None or self._owned.by != os.getpid():
            return
        owned, self._owned = self._owned, None
        try:
            _end_processes(self._server_name)
            owned.postmaster.wait()
        finally:
            owned.ownership.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass(frozen=True)
class Owned:
    """What the owner of a running server has to give back."""

    postmaster: subprocess.Popen[bytes]
    ownership: Ownership
    by: int
    settings: Mapping[str, str]


def start(data_dir: Path, settings: Mapping[str, str] = {}) -> EmbeddedPostgres:
    """The server of this folder, started and owned by this process until it closes it or ends.

    Raises: DataFolderInUse when a live gateway owns the folder, SetupFault for all else that is in the way.
    """
    chosen = {name.lower().replace("-", "_"): value for name, value in settings.items()}
    if taken := sorted(set(chosen) & set(LAUNCHERS_OWN)):
        raise SetupFault(
            f"The embedded PostgreSQL was given the setting {taken[0]}, which its launcher decides. Leave it "
            "out; for a server set up by hand use DESKGRAPH_DATABASE_URL."
        )
    try:
        return _own(data_dir.resolve(), {**SETTINGS, **chosen})
    except OSError as fault:
        raise SetupFault(_unusable(data_dir, fault)) from fault


def borrow(data_dir: Path) -> EmbeddedPostgres:
    """The server of the gateway that runs on this folder, or one of our own if none does.

    Raises: DataFolderInUse when a gateway owns the folder and its server is down, SetupFault as `start` does.
    """
    deadline = time.monotonic() + BORROW_SECONDS
    while True:
        try:
            return start(data_dir)
        except DataFolderInUse:
            try:
                running = _find_running(data_dir.resolve())
            except OSError as fault:
                raise SetupFault(_unusable(data_dir, fault)) from fault
            if running:
                return running
            if time.monotonic() > deadline:
                raise
        time.sleep(10 * process.POLL_SECONDS)


def _own(path: Path, settings: Mapping[str, str]) -> EmbeddedPostgres:
    if not Path("/proc/self/stat").exists():
        raise SetupFault(
            f"The embedded PostgreSQL needs Linux with /proc, and this is {sys.platform}. "
            "Set DESKGRAPH_DATABASE_URL to a PostgreSQL server."
        )
    programs = find_programs()
    folder = _open(path)
    ownership = Ownership(folder)
    try:
        runner = runner_for(folder.account, programs, path)
        ensure_cluster(folder, programs, runner)
        password = folder.read_password()
        _clear_remains(folder)
        postmaster, told = _launch(folder, programs, runner, settings)
    except BaseException:
        ownership.release()
        raise
    owned = Owned(postmaster, ownership, os.getpid(), settings)
    return EmbeddedPostgres(_server(folder, told, password), folder.server_name, owned)


def _find_running(path: Path) -> EmbeddedPostgres | None:
    folder = _open(path)
    told = folder.read_pid_file()
    if told is None or not told.ready or not process.is_postmaster(told.pid, folder.server_name):
        return None
    return EmbeddedPostgres(_server(folder, told, folder.read_password()), folder.server_name, None)


def _open(path: Path) -> DataFolder:
    return open_folder(path, account_for((path / "cluster", path)))


def _server(folder: DataFolder, told: PidFile, password: str) -> Server:
    return Server(f"postgresql://{ROLE}:{password}@{HOST}:{told.port}/{DATABASE}", told.pid, folder.path)


def _clear_remains(folder: DataFolder) -> None:
    """Leave no process of an earlier server of this folder, and no file that says there is one."""
    told = folder.read_pid_file()
    by_hand = told and not process.is_postmaster(told.pid, folder.server_name)
    if told and by_hand and process.works_in(told.pid, folder.cluster):
        raise SetupFault(
            f"The data folder {folder.path} is used by a PostgreSQL server (process {told.pid}) that was "
            "started by hand and not by a gateway. Stop it, or choose another folder with DESKGRAPH_DATA_DIR."
        )
    _end_processes(folder.server_name)
    # Whom it names is gone, a zombie, or a stranger that got the number, from which PostgreSQL would shy.
    folder.pid_file.unlink(missing_ok=True)


def _end_processes(server_name: str) -> None:
    postmasters = process.find_remains(server_name).postmasters
    gone = process.end(postmasters, process.POSTMASTER_STAGES)
    # TRICKY: backends of a killed postmaster may live on and hold its memory; no server starts beside them.
    backends = process.find_remains(server_name).backends
    gone = process.end(backends, process.BACKEND_STAGES) and gone
    if not gone:
        left = process.find_remains(server_name)
        raise SetupFault(
            "The embedded PostgreSQL was to be stopped, but some of its processes do not even end by SIGKILL: "
            f"{', '.join(map(str, (*left.postmasters, *left.backends)))}. Their disk may hang; look at it, "
            "or restart the machine."
        )


def _launch(
    folder: DataFolder, programs: Programs, runner: Runner, settings: Mapping[str, str], port: int | None = None
) -> tuple[subprocess.Popen[bytes], PidFile]:
    """The postmaster, once it takes connections, and what it tells of itself."""
    own = {"cluster_name": folder.server_name, "listen_addresses": HOST, "unix_socket_directories": ""}
    chosen = [part for name, value in {**settings, **own}.items() for part in ("-c", f"{name}={value}")]
    said = ""
    for _ in range(PORT_ATTEMPTS):
        listen: list[str | Path] = [programs.postgres, "-D", folder.cluster, "-p", str(port or _free_port())]
        with folder.open_log() as log:
            before = log.tell()
            postmaster = runner.start([*listen, *chosen], output=log)
        if told := _wait_until_ready(folder, postmaster):
            return postmaster, told
        said = _said_since(folder, before)
        if "could not bind" not in said:
            break
    raise SetupFault(
        f"PostgreSQL did not start in {folder.path}. The last it said, in {folder.log}:\n{last_lines(said)}\n"
        "Mend what it names, choose another folder with DESKGRAPH_DATA_DIR, or set DESKGRAPH_DATABASE_URL."
    )


def _wait_until_ready(folder: DataFolder, postmaster: subprocess.Popen[bytes]) -> PidFile | None:
    """What the server tells of itself once it takes connections; None if it does not, and is gone."""
    deadline = time.monotonic() + START_SECONDS
    ready = False
    try:
        while postmaster.poll() is None and time.monotonic() < deadline:
            told = folder.read_pid_file()
            if told and told.pid == postmaster.pid and told.ready:
                ready = True
                return told
            time.sleep(process.POLL_SECONDS)
    finally:
        if not ready and postmaster.poll() is None:
            process.end([postmaster.pid], process.POSTMASTER_STAGES)
            postmaster.wait()
    return None


def _said_since(folder: DataFolder, before: int) -> str:
    with folder.log.open("rb") as log:
        log.seek(before)
        return log.read().decode("utf-8", "replace")


def _free_port() -> int:
    # Another program may take it before the server does: then the server says so, and another is tried.
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _unusable(data_dir: Path, fault: OSError) -> str:
    return (
        f"The embedded PostgreSQL could not be run in the data folder {data_dir} ({fault}). This process, "
        f"uid {os.geteuid()}, must be able to write there and to run the installed programs. Choose another "
        "folder with DESKGRAPH_DATA_DIR, or set DESKGRAPH_DATABASE_URL to a PostgreSQL server."
    )
