"""The store's version, asked over a connection of its own: what says whether an answer that was kept still stands.

A question is sent once for all who ask before it is sent, and never shared with who asks later: whoever is told a
version is told one that stood after it asked. So it misses no write that was committed before.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import asyncpg

from db.domain import Source
from db.errors import Unavailable
from db.walls import READING_ALL, Walls

CHANNEL: Final = "deskgraph_data"
"""On which every write tells that it is committed."""
TIMEOUT_SECONDS: Final = 2.0
"""For a connection, and for a statement."""
VERSION: Final = "SELECT version, changed_at FROM deskgraph.data_version"
_OF_LISTS: Final = frozenset({Source.RESPONSE_DUE, Source.RESOLUTION_DUE})
"""Read by lists of tickets alone (db.compile_tickets), which are not kept; a test holds that no number reads them."""
_NEXT: Final = {
    f"of_{int(source)}": f"SELECT at FROM deskgraph.facts WHERE source = {int(source)} AND at >= $1 ORDER BY at LIMIT 1"
    for source in sorted(frozenset(Source) - _OF_LISTS)
}
_NEXT_FACT: Final = (
    f"WITH {', '.join(f'{name} AS MATERIALIZED ({first})' for name, first in _NEXT.items())},"
    f" firsts AS MATERIALIZED ({' UNION ALL '.join(f'SELECT at FROM {name}' for name in _NEXT)}),"
    " coming AS MATERIALIZED (SELECT min(at) AS at FROM firsts)"
    " SELECT version, changed_at, coming.at FROM deskgraph.data_version CROSS JOIN coming"
)
"""One look into the index by source and instant for each source, however many facts; of no fact more than `at`."""
_UNTOLD: Final = "The database does not tell its version."
_AWAY: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@dataclass(frozen=True)
class Version:
    """A state of the store. The instant tells apart what a restored backup, or another server, would number alike."""

    number: int
    changed_at: datetime


@dataclass
class Versions:
    """Asks one database for its version."""

    dsn: str = field(repr=False)
    walls: Walls = Walls.BOTH
    asked: int = 0
    """The statements sent so far."""
    _connection: asyncpg.Connection[asyncpg.Record] | None = None
    _prepared: dict[str, Any] = field(default_factory=dict)
    """By their text; of the present connection."""
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _waiting: list[asyncio.Future[Version]] = field(default_factory=list)
    """Who asked since the last question was sent: the next one tells all of them."""
    _asking: asyncio.Task[None] | None = None

    async def current(self) -> Version:
        """The version at an instant after the call.

        Raises: Unavailable.
        """
        told: asyncio.Future[Version] = asyncio.get_running_loop().create_future()
        self._waiting.append(told)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask())
        return await told

    async def _ask(self) -> None:
        """Asks as long as somebody waits. A future for each: who goes away takes it from nobody else."""
        try:
            while self._waiting:
                async with self._turn:
                    told, self._waiting = self._waiting, []  # who comes from now on is not told by this question
                    await self._tell(told)
        finally:
            self._asking = None

    async def _tell(self, waiting: list[asyncio.Future[Version]]) -> None:
        try:
            version = Version(*await self._row(VERSION))
        except Exception as fault:  # told to all who still wait
            for one in waiting:
                if not one.done():
                    one.set_exception(fault)
        else:
            for one in waiting:
                if not one.done():
                    one.set_result(version)

    async def next_fact(self, after: datetime) -> tuple[Version, datetime | None]:
        """The version, and the first instant from `after` on at which a fact of anybody lies that a number may count.

        Raises: Unavailable.
        """
        async with self._turn:
            number, changed_at, at = await self._row(_NEXT_FACT, after)
        return Version(number, changed_at), at

    async def _row(self, sql: str, *arguments: Any) -> asyncpg.Record:
        """The one row of a statement; a connection that has ended is opened anew, once. One that hangs is given up."""
        try:
            if self._connection is not None and not self._connection.is_closed():
                try:
                    return await self._fetched(self._connection, sql, arguments)
                except TimeoutError:
                    raise
                except _AWAY:
                    self._drop()
            self._prepared.clear()
            self._connection = await self._connected()
            return await self._fetched(self._connection, sql, arguments)
        except _AWAY as fault:
            self._drop()
            raise Unavailable(_UNTOLD) from fault

    async def _fetched(self, connection: Any, sql: str, arguments: tuple[Any, ...]) -> asyncpg.Record:
        self.asked += 1
        prepared = self._prepared.get(sql)
        if prepared is None:
            prepared = self._prepared[sql] = await connection.prepare(sql)
        row: asyncpg.Record | None = await prepared.fetchrow(*arguments)
        if row is None:
            raise Unavailable("The database has no version. Run `deskgraph migrate`.")
        return row

    async def _connected(self) -> asyncpg.Connection[asyncpg.Record]:
        connection = await asyncpg.connect(
            self.dsn,
            timeout=TIMEOUT_SECONDS,
            command_timeout=TIMEOUT_SECONDS,
            server_settings={
                "timezone": "UTC",
                "application_name": "deskgraph version",
                "default_transaction_read_only": "on",
            },
        )
        if self.walls is Walls.BOTH:
            await connection.execute(READING_ALL)
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            self._prepared.clear()
            connection.terminate()

    async def close(self) -> None:
        """Ends the connection."""
        async with self._turn:
            self._drop()
