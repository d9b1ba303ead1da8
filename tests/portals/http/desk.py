"""A system that is read over HTTP, with a source over it and a store behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from db.sync.following import run_pass
from db.sync.http.source import ApiSource
from db.sync.kinds import load
from db.sync.state import Written
from db.sync.store import following
from tests.portals.desk import Desk, connected
from tests.portals.http.server import Handler, Server, running


@dataclass
class ApiDesk(Desk):
    """One whose source waits by the server's clock."""

    server: Server

    def source(self) -> ApiSource:
        """The source, as a process that has just begun has it."""
        found = load(self.path)
        assert isinstance(found, ApiSource)
        found._pause = self.server.clock.pause
        return found

    async def sync_by(self, source: ApiSource) -> Written:
        """What a pass of a source did that is kept."""
        async with following(self.store, source) as writer:
            return await run_pass(writer, source, lambda _: None, lambda _: None)

    async def sync(self) -> Written:  # type: ignore[override]  # nothing is deleted by comparing ids
        """What a pass did, by a source that has seen nothing yet."""
        source = self.source()
        try:
            return await self.sync_by(source)
        finally:
            await source.close()

    async def counts(self) -> dict[str, int]:
        """How many rows of each kind are stored."""
        async with connected(self.store) as store:
            return {
                name: await store.fetchval(f"SELECT count(*) FROM deskgraph.{name}")
                for name in ("tickets", "ticket_events", "ratings", "facts")
            }


def written(folder: Path, kind: str, server: Server, *further: str) -> Path:
    """A source file over a server."""
    path = folder / "desk.toml"
    lines = (
        f'kind = "{kind}"',
        f'url = "{server.url}"',
        f'token_env = "{kind.upper()}_TEST_TOKEN"',
    )
    path.write_text("\n".join((*lines, *further)) + "\n")
    return path


@asynccontextmanager
async def over(
    folder: Path, kind: str, server: Server, handlers: dict[str, Handler], *further: str
) -> AsyncIterator[ApiSource]:
    """A source over a server that answers so."""
    async with running(server, handlers):
        source = load(written(folder, kind, server, *further))
        assert isinstance(source, ApiSource)
        source._pause = server.clock.pause
        try:
            yield source
        finally:
            await source.close()
