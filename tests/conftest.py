"""A real PostgreSQL for every test that asks: one server a session, one fresh database a test or module.

The embedded server by default; `DESKGRAPH_TEST_SERVER` (a DSN whose role may create databases) names another, and
`DESKGRAPH_TEST_STORES` says that it has the stores already (`tests.stores`).
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from strawberry.types.execution import ExecutionResult

from db.access import Role, Viewer
from db.engine import Engine, PoolSettings
from db.statement import Statement
from db.walls import Walls
from schema.executor import Gateway
from schema.identity import Identity
from schema.tokens import SharedSecret
from tests.recording import Recorded, breaches, keep, recording
from tests.stores import DEMO_UNTIL, REPORTING_ZONES, ROOT, Cluster, dsn_of, name_of, new_database, running

# A failure comes again at the next run, and a loaded machine is no failure.
hypothesis.settings.register_profile("house", derandomize=True, deadline=None)
hypothesis.settings.load_profile("house")

__all__ = ["DEMO_UNTIL", "REPORTING_ZONES", "ROOT", "dsn_of", "name_of", "new_database"]


@pytest.fixture(scope="session", autouse=True)
def recorded() -> Iterator[Recorded]:
    """What the product sends to its store in this process; in the end it is held to the law of distributed stores."""
    with recording() as found:
        yield found
    keep(found)
    assert not (told := breaches(found)), "\n\n".join(told)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A running PostgreSQL server, with the kept stores or none."""
    named = os.environ.get("DESKGRAPH_TEST_SERVER")
    if named:
        yield Cluster(named, came_with_stores="DESKGRAPH_TEST_STORES" in os.environ)
        return
    with running(tmp_path_factory.mktemp("postgresql") / "data") as found:
        yield found


@pytest.fixture(scope="session")
def server(cluster: Cluster) -> str:
    """The DSN of a running PostgreSQL server."""
    return cluster.dsn


@pytest.fixture(scope="session")
async def migrated(cluster: Cluster) -> AsyncIterator[str]:
    """The DSN of a database with the store's tables and no rows; nobody connects to it: it is the template."""
    async with cluster.migrated() as dsn:
        yield dsn


@pytest.fixture
async def database(server: str, migrated: str) -> AsyncIterator[str]:
    """The DSN of a fresh, empty, migrated database of one test's own."""
    async with new_database(server, template=name_of(migrated)) as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def filled(cluster: Cluster, migrated: str) -> AsyncIterator[str]:
    """The name of a database with the small desk; nobody connects to it: it is to be copied."""
    async with cluster.filled("desk", migrated) as dsn:
        yield name_of(dsn)


@pytest.fixture(scope="session")
async def desk_dsn(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a database with the small desk; nobody writes to it."""
    async with new_database(server, template=filled) as dsn:
        yield dsn


@pytest.fixture
async def desk_database(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a database of the test's own with the small desk."""
    async with new_database(server, template=filled) as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def demo_database(cluster: Cluster, migrated: str) -> AsyncIterator[str]:
    """The DSN of a database with the demo data; nobody writes to it."""
    async with cluster.filled("demo", migrated) as dsn:
        yield dsn


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with the real ticket sets; tests that need it are skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real ticket sets are not beside this checkout (../shared/data)")
    return folder


DEMO_NOW = datetime(2026, 10, 1, tzinfo=UTC)
"""The instant at which the tests' demo data ends."""


SECRET = "a secret for the tests alone, 32 bytes"


@dataclass
class Asking:
    """A gateway in this process, and every statement it sent."""

    gateway: Gateway
    statements: list[Statement] = field(default_factory=list)

    async def __call__(self, document: str, viewer: Viewer, **variables: Any) -> ExecutionResult:
        """The result of a document; `statements` then holds what it took."""
        self.statements.clear()
        return await self.gateway.execute(document, variables, self.gateway.context(viewer))

    async def data(self, document: str, viewer: Viewer, **variables: Any) -> dict[str, Any]:
        """The data of a document that must not fail."""
        result = await self(document, viewer, **variables)
        assert result.errors is None, result.errors
        assert result.data is not None
        return result.data


@asynccontextmanager
async def asking(dsn: str, now: datetime = DEMO_NOW, walls: Walls = Walls.BOTH) -> AsyncIterator[Asking]:
    """A gateway over a database, at an instant."""
    # A loaded machine is no failure: the time limit has tests of its own.
    engine = Engine(dsn, PoolSettings(statement_timeout_ms=120_000, walls=walls))
    found = Asking(Gateway(engine, Identity(SharedSecret(SECRET)), b"pseudonyms", lambda: now))
    engine.observers.append(lambda statement, _: found.statements.append(statement))
    try:
        yield found
    finally:
        await engine.close()


@pytest.fixture(scope="session")
async def ask(demo_database: str) -> AsyncIterator[Asking]:
    """Asks the demo data, at the instant where it ends."""
    async with asking(demo_database) as found:
        yield found


MANAGER = Viewer("m", Role.MANAGER)
VIEWERS: dict[Role, Viewer] = {
    Role.ADMIN: Viewer("a", Role.ADMIN),
    Role.MANAGER: MANAGER,
    Role.TEAM_LEAD: Viewer("t", Role.TEAM_LEAD, teams=("billing",)),
    Role.AGENT: Viewer("g", Role.AGENT, agent="A-07"),
    Role.ANALYST: Viewer("y", Role.ANALYST),
    Role.CLIENT: Viewer("c", Role.CLIENT, organization="O-001"),
}
"""One viewer of the demo data a role."""


@dataclass(frozen=True)
class RunningGateway:
    """A server in a process of its own."""

    url: str
    identity: Identity
    pid: int

    def token(self, role: str, lasting: timedelta = timedelta(hours=1)) -> str:
        """A bearer token of a role."""
        return self.identity.issue(VIEWERS[Role(role)], lasting)

    def bearer(self, role: str = "manager") -> dict[str, str]:
        """The header that carries it."""
        return {"Authorization": f"Bearer {self.token(role)}"}


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(dsn: str, log: Path, tree: Path = ROOT, **settings: str) -> AsyncIterator[RunningGateway]:
    """The real server, as `deskgraph serve` runs it; without limits a minute and workers, unless they are asked for."""
    port = free_port()
    environment = {
        **os.environ,
        "DESKGRAPH_DATABASE_URL": dsn,
        "DESKGRAPH_JWT_SECRET": SECRET,
        "DESKGRAPH_PORT": str(port),
        "DESKGRAPH_REQUESTS_PER_MINUTE": "0",
        "DESKGRAPH_EXPORTS_PER_MINUTE": "0",
        "DESKGRAPH_EXPORT_WORKERS": "0",
        **settings,
    }
    with log.open("wb") as out:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "cli", "serve", env=environment, cwd=tree, stdout=out, stderr=out
        )
        try:
            if not await _answers(port):
                raise AssertionError("the server does not answer: " + await asyncio.to_thread(log.read_text))
            yield RunningGateway(f"http://127.0.0.1:{port}", Identity(SharedSecret(SECRET)), process.pid)
        finally:
            process.terminate()
            await asyncio.wait_for(process.wait(), 15)


@pytest.fixture(scope="session")
async def gateway(demo_database: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningGateway]:
    """The real server over the demo data."""
    async with serving(demo_database, tmp_path_factory.mktemp("gateway") / "log") as running:
        yield running


async def _answers(port: int) -> bool:
    for _ in range(600):  # a minute: the machine may be busy with other tests
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return True
    return False
