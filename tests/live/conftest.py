"""The real server over a small desk that is imported into while it is listened to, and who listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import orjson
import pytest
from websockets.asyncio.client import ClientConnection, connect

from db.access import Role
from db.importing.writer import import_rows
from db.sources.files import open_source
from db.sources.rows import Reject
from tests.conftest import RunningGateway, free_port, new_database, serving
from tests.operating.test_metrics import Samples, samples, value
from tests.rest_compat.desk import VIEWERS

PROTOCOL: Any = ["graphql-transport-ws"]
PATIENCE = 30.0
"""Seconds: the machine may be busy with other tests."""
MARCH = 'period: {since: "2026-03-01", until: "2026-04-01"}'
CREATED = f"subscription {{ reportChanged({MARCH}) {{ asOf metrics {{ ticketsCreated {{ value }} }} }} }}"


def created_of(payload: Any) -> float:
    """The tickets created in March, of an answer."""
    assert "errors" not in payload, payload
    return float(payload["data"]["reportChanged"]["metrics"]["ticketsCreated"]["value"])


@dataclass
class Listener:
    """A client over WebSocket."""

    socket: ClientConnection

    async def send(self, **message: Any) -> None:
        """Sends a message."""
        await self.socket.send(orjson.dumps(message).decode())

    async def receive(self) -> dict[str, Any]:
        """The next message."""
        async with asyncio.timeout(PATIENCE):
            found: dict[str, Any] = orjson.loads(await self.socket.recv())
        return found

    async def introduce(self, token: str) -> None:
        """Says who it is."""
        await self.send(type="connection_init", payload={"authorization": f"Bearer {token}"})
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, query: str, id_: str = "1", **variables: Any) -> None:
        """Begins an operation."""
        await self.send(type="subscribe", id=id_, payload={"query": query, "variables": variables})

    async def next(self, id_: str = "1") -> Any:
        """The payload of the next answer."""
        message = await self.receive()
        assert (message["type"], message["id"]) == ("next", id_), message
        return message["payload"]

    async def silence(self, seconds: float) -> bool:
        """Whether nothing comes for so long."""
        try:
            async with asyncio.timeout(seconds):
                await self.socket.recv()
        except TimeoutError:
            return True
        return False

    async def closed(self) -> tuple[int | None, str | None]:
        """The code and the reason with which the server ends the connection."""
        async with asyncio.timeout(PATIENCE):
            await self.socket.wait_closed()
        return self.socket.close_code, self.socket.close_reason


@dataclass
class LiveDesk:
    """A server, and its database."""

    gateway: RunningGateway
    dsn: str
    folder: Path
    _imports: int = field(default=0)

    def token(self, role: Role = Role.MANAGER, lasting: timedelta = timedelta(hours=1)) -> str:
        """A token of a role at the small desk."""
        return self.gateway.identity.issue(VIEWERS[role], lasting)

    @asynccontextmanager
    async def connected(self, **further: Any) -> AsyncIterator[Listener]:
        """A connection."""
        url = self.gateway.url.replace("http", "ws") + "/graphql"
        async with connect(url, subprotocols=further.pop("subprotocols", PROTOCOL), max_size=None, **further) as one:
            yield Listener(one)

    @asynccontextmanager
    async def listening(self, role: Role = Role.MANAGER) -> AsyncIterator[Listener]:
        """A connection of somebody of a role."""
        async with self.connected() as listener:
            await listener.introduce(self.token(role))
            yield listener

    @asynccontextmanager
    async def events(self, query: str, token: str | None = None, **variables: Any) -> AsyncIterator[httpx.Response]:
        """A stream of events."""
        headers = {"Authorization": f"Bearer {token or self.token()}", "Accept": "text/event-stream"}
        body = {"query": query, "variables": variables}
        async with (
            httpx.AsyncClient(base_url=self.gateway.url, headers=headers, timeout=PATIENCE) as client,
            client.stream("POST", "/graphql", json=body) as response,
        ):
            yield response

    async def created(self, organization: str = "O-1", assignee: str = "A-1") -> None:
        """Imports a ticket created in March."""
        self._imports += 1
        folder = self.folder / str(self._imports)
        await asyncio.to_thread(folder.mkdir)
        row = f"N-{self._imports},2026-03-12T09:00:00Z,{organization},open,{assignee}\n"
        await asyncio.to_thread(
            (folder / "tickets.csv").write_text, "id,created_at,organization,status,assignee\n" + row
        )
        await import_rows(self.dsn, open_source(folder, None), on_reject=_no_reject, on_progress=lambda _: None)

    async def metrics(self) -> Samples:
        """The server's metrics."""
        async with httpx.AsyncClient(base_url=self.gateway.url, timeout=PATIENCE) as client:
            return samples((await client.get("/metrics")).text)

    async def subscriptions(self, expected: int) -> None:
        """Returns once there are so many."""
        async with asyncio.timeout(PATIENCE):
            async for found in self.metrics_again_and_again():
                if value(found, "deskgraph_live_subscriptions") == expected:
                    return

    async def metrics_again_and_again(self) -> AsyncIterator[Samples]:
        """The server's metrics, as they change."""
        while True:
            yield await self.metrics()
            await asyncio.sleep(0.1)


def happened(found: Samples, what: str) -> float:
    """How often something has happened to subscriptions."""
    return found.get(("deskgraph_live_total", frozenset({("happening", what)})), 0.0)


@dataclass
class Relay:
    """What stands between a server and its database, and can be cut."""

    host: str
    port: int
    dsn: str
    """By which the database is reached through it."""
    _own_port: int
    _server: asyncio.Server | None = None
    _open: set[asyncio.StreamWriter] = field(default_factory=set)

    async def mend(self) -> None:
        """Lets connections through."""
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", self._own_port)

    async def cut(self) -> None:
        """Ends all connections, and takes no new ones."""
        assert self._server is not None
        self._server.close()
        for writer in list(self._open):
            writer.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        below, above = await asyncio.open_connection(self.host, self.port)
        ours = {writer, above}
        self._open |= ours
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(_pump(reader, above))
                tasks.create_task(_pump(below, writer))
        finally:
            self._open -= ours


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


@asynccontextmanager
async def relaying(dsn: str) -> AsyncIterator[Relay]:
    """A relay to a database."""
    parts, port = urlsplit(dsn), free_port()
    assert parts.hostname is not None
    assert parts.port is not None
    relay = Relay(parts.hostname, parts.port, dsn.replace(f":{parts.port}/", f":{port}/"), port)
    await relay.mend()
    try:
        yield relay
    finally:
        await relay.cut()


def _no_reject(reject: Reject) -> None:
    raise AssertionError(f"a bad row: {reject}")


@asynccontextmanager
async def desk_served(dsn: str, folder: Path, **settings: str) -> AsyncIterator[LiveDesk]:
    """A server over a database."""
    async with serving(dsn, folder / "log", **settings) as running:
        yield LiveDesk(running, dsn, folder)


@pytest.fixture(scope="session")
async def live_dsn(server: str, filled: str) -> AsyncIterator[str]:
    """The DSN of a database that all tests of subscriptions write into."""
    async with new_database(server, template=filled) as dsn:
        yield dsn


@pytest.fixture(scope="session")
async def desk(live_dsn: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveDesk]:
    """The server over it, which lets go quickly."""
    settings = {"DESKGRAPH_JWT_LEEWAY_SECONDS": "0", "DESKGRAPH_LIVE_SLOW_READER_MS": "500"}
    async with desk_served(live_dsn, tmp_path_factory.mktemp("live"), **settings) as found:
        yield found
