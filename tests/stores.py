"""What many tests read, as databases: filled where they are asked for, or once for all, kept as the files of a cluster.

`python -m tests.stores` keeps them under tmp/stores, below a digest of all that makes them; every session of tests then
begins with a copy of its own. Without kept ones, or on another server, a session fills what it needs itself.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import asyncpg

from db import embedded, migrate
from db.embedded.programs import find_programs
from db.importing.writer import import_rows
from db.rollups.days import made_as
from db.rollups.upkeep.settling import settle
from db.sources.demo import demo
from db.sources.files import open_source
from db.sources.rows import Reject, RowSource
from tests.rest_compat.desk import write_desk

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / "tmp" / "stores"
MAKERS: Final = ("db/**/*.py", "tests/stores.py", "tests/rest_compat/desk.py", "requirements.txt")
"""The files that decide what a kept store holds."""
REPORTING_ZONES: Final = ("UTC", "Europe/Berlin")
"""The zones that the tests' databases keep rollups for."""
DEMO_UNTIL: Final = date(2026, 10, 1)
"""The day on which the tests' demo data ends."""

PASSING: Final = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""The settings of a server whose files nobody needs once it has ended."""
KEEPING: Final = {"synchronous_commit": "off", "min_wal_size": "32MB", "max_wal_size": "64MB"}
"""Those of one whose files are kept, with little of a log."""


def dsn_of(server: str, name: str) -> str:
    """The server's DSN with another database name."""
    return server.rsplit("/", 1)[0] + "/" + name


def name_of(dsn: str) -> str:
    """The database name of a DSN."""
    return dsn.rsplit("/", 1)[1]


@asynccontextmanager
async def new_database(server: str, template: str | None = None) -> AsyncIterator[str]:
    """The DSN of a new database, dropped afterwards; empty, or a copy of another."""
    name = f"test_{secrets.token_hex(6)}"
    connection = await asyncpg.connect(server)
    try:
        await _create(connection, name, template or "template1")
        yield dsn_of(server, name)
    finally:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.close()


async def _create(connection: asyncpg.Connection, name: str, template: str) -> None:
    # Files are copied three times as fast as blocks are logged, of a small database, and six times of a large one.
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


async def fill_migrated(dsn: str) -> None:
    """Makes the store's tables in an empty database."""
    await migrate.upgrade(dsn)
    await settle(dsn, REPORTING_ZONES, lambda _: None)


async def fill_demo(dsn: str) -> None:
    """Imports the demo into a migrated database."""
    await _fill(dsn, demo(DEMO_UNTIL))
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("VACUUM (ANALYZE)")  # or the server would, while tests are running
    finally:
        await connection.close()


async def fill_desk(dsn: str) -> None:
    """Imports the small desk (`tests.rest_compat.desk`) into a migrated database."""
    with tempfile.TemporaryDirectory() as folder:
        write_desk(Path(folder))
        await _fill(dsn, open_source(Path(folder), None))


async def _fill(dsn: str, source: RowSource) -> None:
    await import_rows(dsn, source, on_reject=_no_reject, on_progress=lambda _: None)


def _no_reject(reject: Reject) -> None:
    raise AssertionError(f"a bad row: {reject}")


MIGRATED: Final = "migrated"
FILLED: Final[Mapping[str, Callable[[str], Awaitable[None]]]] = {"demo": fill_demo, "desk": fill_desk}
"""What fills a copy of the migrated database."""


@dataclass(frozen=True)
class Cluster:
    """A running server, and which stores it came with."""

    dsn: str
    came_with_stores: bool

    @asynccontextmanager
    async def migrated(self) -> AsyncIterator[str]:
        """The DSN of the database with the store's tables and no rows."""
        async with self._store(MIGRATED, None, fill_migrated) as dsn:
            yield dsn

    @asynccontextmanager
    async def filled(self, name: str, migrated: str) -> AsyncIterator[str]:
        """The DSN of the database with rows of a name."""
        async with self._store(name, name_of(migrated), FILLED[name]) as dsn:
            yield dsn

    @asynccontextmanager
    async def _store(
        self, name: str, template: str | None, fill: Callable[[str], Awaitable[None]]
    ) -> AsyncIterator[str]:
        if self.came_with_stores:
            yield dsn_of(self.dsn, name)
            return
        async with new_database(self.dsn, template) as dsn:
            await fill(dsn)
            yield dsn


@contextmanager
def running(folder: Path) -> Iterator[Cluster]:
    """A server in a new folder, which goes with it: over a copy of the kept stores, if they are there."""
    with _lock(fcntl.LOCK_SH):
        kept = KEPT / digest()
        is_kept = kept.exists()
        if is_kept:
            _copy(kept, folder)
    try:
        with embedded.start(folder, PASSING) as started:
            yield Cluster(started.server.dsn, is_kept)
    finally:
        shutil.rmtree(folder)


def digest() -> str:
    """Names the state of all that makes the stores."""
    found = hashlib.sha256(f"{find_programs().major} {[made_as(zone) for zone in REPORTING_ZONES]}".encode())
    for pattern in MAKERS:
        for file in sorted(ROOT.glob(pattern)):
            found.update(f"{file.relative_to(ROOT)} {file.stat().st_size}\n".encode() + file.read_bytes())
    return found.hexdigest()[:24]


@contextmanager
def _lock(kind: int) -> Iterator[None]:
    """One makes the stores while nobody copies them."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as file:
        fcntl.flock(file, kind)
        yield


def _copy(source: Path, target: Path) -> None:
    # The owner stays who it is, which shutil cannot do.
    subprocess.run(["cp", "--archive", "--reflink=auto", source, target], check=True)


async def _make(server: str) -> None:
    connection = await asyncpg.connect(server)
    try:
        await _create(connection, MIGRATED, "template1")
        await fill_migrated(dsn_of(server, MIGRATED))
        for name, fill in FILLED.items():
            await _create(connection, name, MIGRATED)
            await fill(dsn_of(server, name))
    finally:
        await connection.close()


def keep() -> None:
    """Makes the stores, unless they are there, and removes those of other states."""
    with _lock(fcntl.LOCK_EX):
        kept = KEPT / digest()
        for other in KEPT.iterdir():
            if other.is_dir() and other != kept:
                shutil.rmtree(other)
        if kept.exists():
            return
        making = KEPT / f"{kept.name}.making"
        with embedded.start(making, KEEPING) as started:
            asyncio.run(_make(started.server.dsn))
        making.rename(kept)


if __name__ == "__main__":
    keep()
