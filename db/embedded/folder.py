"""The data folder of an embedded server: who owns it, what lies in it, how it is first filled.

<data folder>/          0700, of the account the server runs as
    owner.lock          held by the gateway that owns the folder, with its process id
    password            0600, of the role deskgraph
    postgres.log        what the server had to say, the one before as postgres.log.1
    cluster/            PostgreSQL's own files; only ever whole
    cluster.new-*/      a cluster in the making; removed by the next owner
"""

from __future__ import annotations

import fcntl
import os
import pwd
import secrets
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from db.embedded.programs import Account, Programs, Runner
from db.errors import SetupFault

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "deskgraph"
DATABASE = "deskgraph"
OURS = ("owner.lock", "password", "postgres.log", "postgres.log.1", "cluster")
MAKING = "cluster.new-"
LOG_LIMIT_BYTES = 1_000_000
SAID_LINES = 8


class DataFolderInUse(SetupFault):
    """Another live gateway owns the data folder."""

    def __init__(self, path: Path, owner: int | None) -> None:
        who = f"process {owner}" if owner else "another process"
        super().__init__(
            f"The data folder {path} was to be opened, but a running gateway ({who}) owns it, and a folder "
            "has one owner at a time. Stop that process, or give this one its own folder with "
            "DESKGRAPH_DATA_DIR."
        )
        self.path = path
        self.owner = owner


@dataclass(frozen=True)
class PidFile:
    """What a server tells of itself in its data folder."""

    pid: int
    port: int
    ready: bool


@dataclass(frozen=True)
class DataFolder:
    """One data folder, and the account that all in it belongs to."""

    path: Path
    account: Account

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder."""
        return self.path / "cluster"

    @property
    def pid_file(self) -> Path:
        """What PostgreSQL makes when it starts and removes when it stops, but not when it is killed."""
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What the server had to say."""
        return self.path / "postgres.log"

    @property
    def server_name(self) -> str:
        """The name of this folder's server: the same wherever the folder is moved, another for each copy."""
        found = self.cluster.stat()
        return f"{ROLE}-{found.st_dev:x}-{found.st_ino:x}"

    def read_pid_file(self) -> PidFile | None:
        """What the server wrote when it last started; None if nothing, or not enough yet."""
        try:
            lines = self.pid_file.read_text("utf-8").splitlines()
            return PidFile(int(lines[0]), int(lines[3]), lines[7:8] == ["ready   "])
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def read_password(self) -> str:
        """The password of the role. Raises: SetupFault when the file was lost."""
        try:
            return (self.path / "password").read_text("ascii").strip()
        except FileNotFoundError:
            raise SetupFault(
                f"The data folder {self.path} holds a database, but the file `password` that belongs to it "
                "is gone. Put it back from a backup, or choose another folder with DESKGRAPH_DATA_DIR and "
                "import again."
            ) from None

    @contextmanager
    def open_log(self) -> Iterator[IO[bytes]]:
        """The log, to be added to; a long one is put aside first."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT_BYTES:
            self.log.replace(self.log.with_name("postgres.log.1"))
        with os.fdopen(self.open_file("postgres.log", os.O_WRONLY | os.O_APPEND), "ab") as log:
            yield log

    def open_file(self, name: str, flags: int) -> int:
        """The descriptor of a file of ours, made with the right owner where there is none."""
        # TRICKY: as root in a folder of someone else: a link put in our way must not be followed.
        descriptor = os.open(self.path / name, flags | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        if os.geteuid() == 0:
            os.fchown(descriptor, self.account.uid, self.account.gid)
        return descriptor


class Ownership:
    """The lock on a data folder. The kernel gives it back when the process ends, however it ends."""

    def __init__(self, folder: DataFolder) -> None:
        """Raises: DataFolderInUse when another live process holds it."""
        self._descriptor: int | None = None
        descriptor = folder.open_file("owner.lock", os.O_RDWR)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            written = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            os.close(descriptor)
            raise DataFolderInUse(folder.path, int(written) if written.isdigit() else None) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the folder back. The file stays: to remove it would let two processes lock two files."""
        if self._descriptor is not None:
            os.ftruncate(self._descriptor, 0)
            # Said aloud, as a forked worker may hold a copy of the descriptor.
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            os.close(self._descriptor)
            self._descriptor = None


def open_folder(path: Path, account: Account) -> DataFolder:
    """The data folder, made where there is none. Raises: SetupFault when it is not fit to be one."""
    if not path.exists():
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, account.uid, account.gid)
    _refuse_foreign_files(path)
    owner = path.stat().st_uid
    if os.geteuid() == 0 and owner == 0:
        os.chown(path, account.uid, account.gid)
    elif owner != account.uid:
        raise SetupFault(
            f"The data folder {path} belongs to {_account_name(owner)}, and this process runs as "
            f"{account.name}; only its owner may open it. Start the gateway as that account, or choose "
            "another folder with DESKGRAPH_DATA_DIR."
        )
    path.chmod(0o700)
    return DataFolder(path, account)


def _refuse_foreign_files(path: Path) -> None:
    names = set(os.listdir(path))
    foreign = sorted(n for n in names - {*OURS, "lost+found"} if not n.startswith(MAKING))
    if "cluster" in names:
        if not (path / "cluster" / "PG_VERSION").exists():
            raise SetupFault(
                f"{path / 'cluster'} would have to be a PostgreSQL data folder, and is none (it has no "
                "PG_VERSION). Remove it if nothing in it is needed, or choose another folder with "
                "DESKGRAPH_DATA_DIR."
            )
    elif foreign:
        raise SetupFault(
            f"{path} was given as the data folder, but it is no data folder of deskgraph and not empty: it "
            f"holds {', '.join(foreign[:3])}. Choose an empty or a new folder with DESKGRAPH_DATA_DIR."
        )


def ensure_cluster(folder: DataFolder, programs: Programs, runner: Runner) -> None:
    """Leave a whole cluster of the right major version in the folder that the caller owns."""
    for half_done in folder.path.glob(f"{MAKING}*"):
        # An initdb whose gateway was killed may still be at work in there; it fails, the rest goes next time.
        shutil.rmtree(half_done, ignore_errors=True)
    if not folder.cluster.exists():
        _make_cluster(folder, programs, runner)
        return
    found = (folder.cluster / "PG_VERSION").read_text("ascii").strip()
    if found != programs.major:
        raise SetupFault(
            f"The data folder {folder.path} was made by PostgreSQL {found}, and the installed one is "
            f"{programs.major}, which cannot read it. Install the release of deskgraph that made it to "
            "export the data, or choose another folder with DESKGRAPH_DATA_DIR and import again."
        )


def _make_cluster(folder: DataFolder, programs: Programs, runner: Runner) -> None:
    making = folder.path / f"{MAKING}{secrets.token_hex(4)}"
    initdb: list[str | Path] = [
        programs.initdb,
        f"--pgdata={making}",
        f"--username={ROLE}",
        f"--pwfile={_write_password(folder)}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--no-locale",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    ]
    single: list[str | Path] = [programs.postgres, "--single", "-D", making, "postgres"]
    for command, text in ((initdb, ""), (single, f"CREATE DATABASE {DATABASE}\n")):
        finished = runner.run(command, text=text)
        # TRICKY: `postgres --single` ends with 0 even when its statement failed.
        if finished.status or "ERROR:" in finished.said:
            shutil.rmtree(making, ignore_errors=True)
            raise SetupFault(
                f"PostgreSQL could not make its files in {folder.path}:\n{last_lines(finished.said)}\n"
                "Mend what it names, choose another folder with DESKGRAPH_DATA_DIR, or set "
                "DESKGRAPH_DATABASE_URL."
            )
    making.rename(folder.cluster)
    _sync_folder(folder.path)


def _write_password(folder: DataFolder) -> Path:
    # Always anew: no cluster stands yet that knows an older one.
    descriptor = folder.open_file("password", os.O_WRONLY | os.O_TRUNC)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{secrets.token_urlsafe(24)}\n")
        file.flush()
        os.fsync(descriptor)
    return folder.path / "password"


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def last_lines(text: str) -> str:
    """The last lines of what a program printed, each set in."""
    return "\n".join(f"    {line}" for line in text.strip().splitlines()[-SAID_LINES:])


def _account_name(uid: int) -> str:
    with suppress(KeyError):
        return pwd.getpwuid(uid).pw_name
    return f"uid {uid}"
