"""A real primary with a real standby that streams from it, both with the small desk; `other` is one of its own."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from db import migrate
from db.engine import Engine, PoolSettings
from db.replicas import Replica, Replicas
from db.rollups.upkeep.settling import settle
from db.version import Versions
from schema.answers import Answers
from schema.executor import Gateway
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.conftest import REPORTING_ZONES, SECRET, dsn_of, name_of
from tests.faults.postgres import Postgres
from tests.stores import PASSING, fill_desk

STREAMED = {**PASSING, "max_wal_senders": "4", "hot_standby": "on", "shared_buffers": "32MB"}


@dataclass
class Standby(Postgres):
    """A copy of a server that follows it."""

    def __post_init__(self) -> None:
        """Its files are the primary's."""

    @staticmethod
    def of(primary: Postgres, folder: Path) -> Standby:
        """One made from a primary that is stopped."""
        subprocess.run(["cp", "--archive", primary.folder, folder], check=True)
        told = folder / "cluster" / "standby.signal"
        told.touch()
        subprocess.run(["chown", "--reference", folder / "cluster" / "PG_VERSION", told], check=True)
        parts = urlsplit(primary.dsn)
        follows = f"host={parts.hostname} port={primary.port} user={parts.username} password={parts.password}"
        return Standby(folder, {**STREAMED, "primary_conninfo": follows, "wal_retrieve_retry_interval": "100ms"})


@dataclass(frozen=True)
class Pair:
    """Both."""

    primary: Postgres
    standby: Standby

    async def version(self, server: Postgres) -> int:
        """The version of the store that a server shows."""
        return int(await value(server.dsn, "SELECT version FROM deskgraph.data_version"))

    async def caught_up(self) -> None:
        """Returns once the standby shows what the primary does."""
        wanted = await self.version(self.primary)
        for _ in range(1200):
            if await self.version(self.standby) == wanted:
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the standby does not catch up")


async def value(dsn: str, sql: str) -> object:
    """One value."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@asynccontextmanager
async def held_back(pair: Pair) -> AsyncIterator[None]:
    """The standby does not show what is written meanwhile."""
    await pair.caught_up()
    await value(pair.standby.dsn, "SELECT pg_wal_replay_pause()")
    for _ in range(600):
        if await value(pair.standby.dsn, "SELECT pg_get_wal_replay_pause_state()") == "paused":
            break
        await asyncio.sleep(0.02)
    try:
        yield
    finally:
        await value(pair.standby.dsn, "SELECT pg_wal_replay_resume()")
        await pair.caught_up()


@pytest.fixture(scope="session")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Pair]:
    """A primary and its standby."""
    folder = tmp_path_factory.mktemp("pair")
    primary = Postgres(folder / "primary", PASSING)
    primary.settings = STREAMED  # a new cluster is made without senders
    primary.start()
    await migrate.upgrade(primary.dsn)
    await settle(primary.dsn, REPORTING_ZONES, lambda _: None)
    await fill_desk(primary.dsn)
    await value(dsn_of(primary.dsn, "postgres"), f"CREATE DATABASE other TEMPLATE {name_of(primary.dsn)}")
    await value(dsn_of(primary.dsn, "other"), "UPDATE deskgraph.data_version SET changed_at = now()")
    primary.stop()
    standby = Standby.of(primary, folder / "standby")
    primary.start()
    standby.start()
    try:
        yield Pair(primary, standby)
    finally:
        standby.stop()
        primary.stop()


@dataclass
class Desk:
    """A gateway in this process over both, whose looks at them the test says; its clock, too."""

    gateway: Gateway
    replicas: Replicas
    now: datetime

    async def look(self) -> None:
        """Looks at both once."""
        await self.replicas.look_at_primary()
        for one in self.replicas.all:
            await self.replicas.look_at(one)


@asynccontextmanager
async def desk_over(primary: str, standby: str, bound: timedelta = timedelta(seconds=5)) -> AsyncIterator[Desk]:
    """One."""
    pool = PoolSettings(statement_timeout_ms=60_000)
    engine = Engine(primary, pool, replicas={"replica 1": Engine(standby, pool)})
    found: list[Desk] = []

    def clock() -> datetime:
        return found[0].now

    versions = Versions(primary)
    replicas = Replicas(versions, [Replica("replica 1", Versions(standby))], clock, bound)
    answers = Answers(versions, clock, 2**20)
    identity = Identity(SharedSecret(SECRET))
    gateway = Gateway(engine, identity, b"pseudonyms", clock, answers=answers, replicas=replicas)
    found.append(Desk(gateway, replicas, datetime(2026, 10, 1, tzinfo=UTC)))
    try:
        yield found[0]
    finally:
        await replicas.close()
        await versions.close()
        await engine.close()
