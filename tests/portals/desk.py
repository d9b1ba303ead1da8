"""A portal with a source over it and a store behind it, and what both say to the same questions."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import asyncpg
import pytest

from db import catalog
from db.sync.following import run_pass
from db.sync.postgresql.language import load_source
from db.sync.postgresql.reading import PostgresSource
from db.sync.state import Written
from db.sync.store import following
from tests.conftest import MANAGER, asking
from tests.oracle.queries import ALL_METRICS, ORACLES, equals
from tests.oracle.questions import Oracle, Question
from tests.portals.chatwoot.generator import NOW

DOCS: Final = Path(__file__).parents[2] / "docs" / "sources"
ALL: Final = ("2026-05-01 2026-10-01", ("2026-05-01T00:00Z", "2026-10-01T00:00Z"))
AUGUST: Final = ("2026-08-01 2026-09-01", ("2026-07-31T22:00Z", "2026-08-31T22:00Z"))


def by_ids(dimension: str, ids: Iterable[str]) -> dict[str, Question]:
    """A question about all time for each id of a dimension."""
    return {
        f"{dimension} {one}": Question(
            *ALL, filter=f'{{{dimension}: {{in: ["{one}"]}}}}', where=f"{dimension} IS NOT DISTINCT FROM '{one}'"
        )
        for one in ids
    }


QUESTIONS: Final = {
    "all time": Question(*ALL),
    "August in Berlin": Question(*AUGUST, timezone="Europe/Berlin"),
    "August by creation": Question(*AUGUST, timezone="Europe/Berlin", attribution="CREATION"),
    "in business time": Question(*ALL, clock="BUSINESS"),
    "nobody's": Question(*ALL, filter="{agent: {isNull: true}}", where="agent IS NULL"),
    **{
        f"on {day} September in New York": Question(
            f"2026-09-{day} 2026-09-{day + 1}",
            (f"2026-09-{day}T04:00Z", f"2026-09-{day + 1}T04:00Z"),
            timezone="America/New_York",
        )
        for day in (14, 15, 20)
    },
    **by_ids("priority", ("high",)),
    **by_ids("status", ("open", "pending")),
}
"""What every portal is asked."""


@dataclass
class Desk:
    """The portal's owner's connection, and where its source is described."""

    portal: asyncpg.Connection
    path: Path
    store: str

    async def sync(self, **further: Any) -> Written:
        """What a pass did, and a comparison of ids."""
        source = PostgresSource(load_source(self.path))
        async with following(self.store, source) as writer:
            written = await run_pass(writer, source, lambda _: None, lambda _: None, **further)
            await writer.delete_absent(source.ids())
        await source.close()
        return written

    async def rejects(self) -> list[tuple[str, str, str]]:
        """Table, column and reason of what could not go in."""
        async with connected(self.store) as store:
            found = await store.fetch('SELECT file, "column", reason FROM deskgraph.sync_rejects ORDER BY file, key')
        return [tuple(row) for row in found]

    async def check(self, question: Question) -> None:
        """Fails unless every metric of the store is what the raw tables of the portal say."""
        document = f"{{ report({question.arguments}) {{ metrics {{ {ALL_METRICS} }} }} }}"
        async with asking(self.store, NOW) as ask:
            found = (await ask.data(document, MANAGER))["report"]["metrics"]
        oracle = Oracle(self.portal)
        for metric in catalog.METRICS:
            equals(metric.name, found[metric.name], await oracle.row(ORACLES[metric.name], question))


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of its own."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


def described(folder: Path, kind: str, parameters: str, name: str = "desk") -> Path:
    """A source file of somebody's own, over a ready one."""
    path = folder / f"{name}.toml"
    path.write_text(f'kind = "{kind}"\ndsn_env = "{kind.upper()}_TEST_DSN"\n[parameters]\n{parameters}\n')
    return path


async def filled(dsn: str, generator: ModuleType, count: int) -> None:
    """A database with a portal's tables and rows."""
    async with connected(dsn) as connection:
        await generator.fill(connection, count)


async def reader(portal: asyncpg.Connection, page: str, server: str, name: str) -> str:
    """The DSN of a new role that has the rights which a page of the documentation gives, and no others."""
    (statements,) = re.findall(r"```sql\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    assert "deskgraph_source" in statements
    await portal.execute(statements.replace("deskgraph_source", name).replace("'choose one'", "'one'"))
    host = re.sub(r"//[^@]*@", f"//{name}:one@", server)
    database = await portal.fetchval("SELECT current_database()")
    return host.rsplit("/", 1)[0] + "/" + str(database)


def in_environment(patch: pytest.MonkeyPatch, kind: str, dsn: str) -> None:
    """Says where the portal is."""
    patch.setenv(f"{kind.upper()}_TEST_DSN", dsn)
