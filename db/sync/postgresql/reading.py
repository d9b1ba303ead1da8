"""The source: what changed in a portal since a checkpoint, ticket by ticket and each one whole.

The unit is the ticket. Whose row has changed, be it the ticket's own, an event's or a rating's, is asked by the
watermarks; then everything of those tickets is read, in the same snapshot, and replaces what is stored of them. So a
row that was changed or removed is no special case, and neither is one that was rejected and is good now.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from db.errors import DeskgraphError, SetupFault
from db.sources.checks import BadCell
from db.sources.rows import Read, Reject, RowKind, TicketRow
from db.sync.postgresql.connection import Connection, columns_of, connected, snapshot, told
from db.sync.postgresql.described import OF_TICKETS, Described, Table
from db.sync.postgresql.marks import Marks, Snapshot
from db.sync.postgresql.selecting import NUMBERS, WITH_TICKET, Maker, Select
from db.sync.source import CHUNK_ROWS, Checkpoint, Chunk, Pace, Place

_TICKETS_AT_ONCE: Final = 1_000
_IDS_AT_ONCE: Final = 20_000
_REMEMBERED: Final = 1_000_000
"""Rows of the overlap of a table that are known to be stored already; of more, their tickets are read again."""
_LATE_SECONDS: Final = 86_400.0
"""How far back the first pass after the load looks where transactions were open when it began."""
_OPEN: Final = (
    "SELECT pg_snapshot_xmin(s)::text::int8, pg_snapshot_xmax(s)::text::int8, clock_timestamp()"
    " FROM pg_current_snapshot() AS s"
)


@dataclass
class _Pass:
    """What one pass has found so far."""

    connection: Connection
    selects: dict[str, Select]
    began: datetime
    snapshot: Snapshot
    skew_seconds: float
    state: dict[str, Any]
    """The checkpoint that the next chunk carries."""
    seen: dict[str, set[int]] = field(default_factory=dict)
    """By table: the rows that need not be read again, each by a hash of its key and watermark."""

    def of_kind(self, *kinds: RowKind) -> list[Select]:
        return [one for one in self.selects.values() if one.table.kind in kinds]


class PostgresSource:
    """A portal in a PostgreSQL database, as its source file describes it."""

    kind = "postgresql"

    def __init__(self, described: Described) -> None:
        self.described = described
        self._connection: Connection | None = None
        self._listener: Connection | None = None
        self._heard = asyncio.Event()
        self._seen: dict[str, set[int]] = {}

    @property
    def name(self) -> str:
        """The source's name in the store."""
        return self.described.name

    @property
    def prefers_columns(self) -> bool:
        """Whether a ticket's own columns win over its events."""
        return self.described.mapping.prefers_columns

    @property
    def pace(self) -> Pace:
        """How often it is asked."""
        return self.described.pace

    async def changes(self, after: Checkpoint | None) -> AsyncGenerator[Chunk, None]:
        """One pass, in one snapshot of the portal.

        Raises: SetupFault, Unavailable.
        """
        connection = await self._connected()
        with told(self.name), self._given_up_on_fault(connection):
            async with snapshot(connection):
                one = await self._begun(connection, after)
                async for chunk in self._dimensions(one):
                    yield chunk
                if "loading" in one.state:
                    async for chunk in self._load(one):
                        yield chunk
                async for chunk in self._follow(one):
                    yield chunk
                yield Chunk((), dict(one.state), as_of=one.began, skew_seconds=one.skew_seconds)
        self._seen = one.seen

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connected(self.described)
            self._seen = {}
        return self._connection

    @contextmanager
    def _given_up_on_fault(self, connection: Connection) -> Iterator[None]:
        """A connection on which something went wrong is not used again."""
        try:
            yield
        except BaseException:
            connection.terminate()
            self._connection = None
            raise

    async def _begun(self, connection: Connection, after: Checkpoint | None) -> _Pass:
        sent = datetime.now(UTC)
        # The first statement is what takes the snapshot, so the pass is as of before it.
        xmin, xmax, clock = await connection.fetchrow(_OPEN)  # type: ignore[misc]  # it has one row
        began = sent + (datetime.now(UTC) - sent) / 2
        selects = {
            table.name: Select(table, await columns_of(connection, table), self.described.mapping)
            for table in self.described.tables
        }
        found = Snapshot(xmin, xmax)
        digest = self.described.mapping.digest
        if after is None or after.get("digest") != digest:
            self._seen = {}
            state: dict[str, Any] = {"digest": digest, "loading": None, "marks": {}, "whole": {}}
            for one in selects.values():
                if one.table.watermark is not None:
                    if one.table.kind not in WITH_TICKET and await connection.fetchval(one.has_unmarked()):
                        raise SetupFault(one.unmarked)
                    top = await connection.fetchval(one.highest())
                    marks = [(xmax, top)] if xmin == xmax else [(0, await self._long_before(connection, one, top))]
                    state["marks"][one.table.name] = Marks(tuple(marks)).told
        else:
            state = {**after, "marks": dict(after["marks"]), "whole": dict(after["whole"])}
        return _Pass(connection, selects, sent, found, (clock - began).total_seconds(), state)

    async def _long_before(self, connection: Connection, select: Select, top: str | None) -> str | None:
        """A watermark that transactions that are open at the start will not go below."""
        if top is None or select.watermark.type in NUMBERS:
            return top
        kind = select.watermark.type
        before: str = await connection.fetchval(
            f"SELECT ($1::text::{kind} - make_interval(secs => $2))::text", top, _LATE_SECONDS
        )
        return before

    async def _dimensions(self, one: _Pass) -> AsyncIterator[Chunk]:
        """What tickets point to: what changed of it, or all of it where that cannot be told and it is time."""
        kinds = [kind for kind in RowKind if kind not in OF_TICKETS]
        for select in one.of_kind(*kinds):
            name = select.table.name
            if select.table.watermark is not None and "loading" not in one.state:
                async for chunk in self._rows_since(one, select):
                    yield chunk
                continue
            last = one.state["whole"].get(name)
            if (
                last is not None
                and 0 <= time.time() - last < self.described.whole_seconds
                and select.table.watermark is None
            ):
                continue
            async for found in _batches(one.connection, select.rows(), _IDS_AT_ONCE):
                yield self._chunk(one, select, [(row[0], row[1:]) for row in found])
            one.state["whole"][name] = time.time()

    def _chunk(self, one: _Pass, select: Select, found: Iterable[tuple[str, Sequence[str]]]) -> Chunk:
        keys: list[str] = []
        return Chunk(Maker(select).made(found, keys), dict(one.state), keys)

    async def _load(self, one: _Pass) -> AsyncIterator[Chunk]:
        """All tickets by their keys, after the last that was stored."""
        (tickets,) = one.of_kind(RowKind.TICKETS)
        async for found in _batches(one.connection, tickets.tickets_after(), _TICKETS_AT_ONCE, one.state["loading"]):
            one.state["loading"] = found[-1][0]
            yield await self._whole(one, [row[1] for row in found])
        del one.state["loading"]

    async def _follow(self, one: _Pass) -> AsyncIterator[Chunk]:
        """Everything of the tickets of which anything has changed."""
        waiting: dict[str, None] = {}
        for select in one.of_kind(*OF_TICKETS):
            async for found in _batches(
                one.connection, select.tickets_since(), _IDS_AT_ONCE, *self._bound(one, select)
            ):
                waiting.update((row[3], None) for row in self._unseen(one, select, found))
                while len(waiting) >= _TICKETS_AT_ONCE:
                    asked = list(waiting)[:_TICKETS_AT_ONCE]
                    for ticket in asked:
                        del waiting[ticket]
                    yield await self._whole(one, asked)
        if waiting:
            yield await self._whole(one, list(waiting))
        for select in one.selects.values():
            if select.table.watermark is not None:
                marks = Marks.of(one.state["marks"][select.table.name])
                top = await one.connection.fetchval(select.highest())
                one.state["marks"][select.table.name] = marks.then(one.snapshot, top).told

    def _bound(self, one: _Pass, select: Select) -> tuple[str | None, float]:
        is_number = select.watermark.type in NUMBERS
        before = self.described.overlap_rows if is_number else self.described.overlap_seconds
        return Marks.of(one.state["marks"][select.table.name]).bound, float(before)

    def _unseen(self, one: _Pass, select: Select, found: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        """The rows that the pass before has not brought already; those that are settled are remembered."""
        before: Set[int] = self._seen.get(select.table.name, frozenset())
        now = one.seen.setdefault(select.table.name, set())
        unseen = []
        for row in found:
            mark = hash((row[0], row[1]))
            if row[2] and len(now) < _REMEMBERED:
                now.add(mark)
            if mark not in before:
                unseen.append(row)
        return unseen

    async def _rows_since(self, one: _Pass, select: Select) -> AsyncIterator[Chunk]:
        async for found in _batches(one.connection, select.rows_since(), CHUNK_ROWS, *self._bound(one, select)):
            rows = self._unseen(one, select, found)
            if rows:
                yield self._chunk(one, select, [(row[0], row[3:]) for row in rows])

    async def _whole(self, one: _Pass, tickets: Sequence[str]) -> Chunk:
        """Everything there is of some tickets."""
        keys: list[str] = []
        rows: list[Read | Reject] = []
        for select in one.of_kind(*OF_TICKETS):
            found = await one.connection.fetch(select.rows_of(), tickets)
            rows += Maker(select).made(((row[0], row[1:]) for row in found), keys)
        whole = frozenset(row.row.id for row in rows if isinstance(row, Read) and isinstance(row.row, TicketRow))
        return Chunk(rows, dict(one.state), keys, whole)

    async def ids(self) -> AsyncIterator[Sequence[str]]:
        """The ids of all tickets that are there."""
        connection = await self._connected()
        with told(self.name), self._given_up_on_fault(connection):
            async with snapshot(connection):
                (table,) = self.described.of_kind(RowKind.TICKETS)
                select = Select(table, await columns_of(connection, table), self.described.mapping)
                plan = select.id_plan()
                async for found in _batches(connection, select.ids(), _IDS_AT_ONCE):
                    ids = []
                    for row in found:
                        with suppress(BadCell):  # it was never stored
                            ids.append(plan.row(row))
                    yield ids

    async def gone(self, rejected: Sequence[Place]) -> Sequence[Place]:
        """Which of some rows are not there any more, or are of a table that the source file does not have."""
        connection = await self._connected()
        there: set[Place] = set()
        with told(self.name), self._given_up_on_fault(connection):
            async with snapshot(connection):
                for table in self.described.tables:
                    keys = [key for name, key in rejected if name == table.name]
                    if keys:
                        there |= {(table.name, key) for key in await self._keys_of(connection, table, keys)}
        return [place for place in rejected if place not in there]

    async def _keys_of(self, connection: Connection, table: Table, keys: Sequence[str]) -> list[str]:
        select = Select(table, await columns_of(connection, table), self.described.mapping)
        try:
            async with connection.transaction():
                return [row[0] for row in await connection.fetch(select.keys_of(), keys)]
        except asyncpg.DataError:  # they were those of a column of another type
            return []

    async def changed(self) -> None:
        """Returns when the portal notifies; never, where the source file names no channel."""
        channel = self.described.notify
        if channel is None:
            await asyncio.Event().wait()
            return
        while self._listener is None or self._listener.is_closed():
            try:
                self._listener = await connected(self.described)
                with told(self.name):
                    await self._listener.add_listener(channel, lambda *_: self._heard.set())
                return  # what was notified meanwhile was not heard
            except DeskgraphError:
                await asyncio.sleep(self.pace.interval_seconds)
        await self._heard.wait()
        self._heard.clear()

    async def close(self) -> None:
        """Ends the connections."""
        for connection in (self._connection, self._listener):
            if connection is not None:
                connection.terminate()
        self._connection = self._listener = None


async def _batches(connection: Connection, sql: str, size: int, *arguments: Any) -> AsyncIterator[list[Any]]:
    """The rows of a statement by a cursor, so many at a time."""
    cursor = await connection.cursor(sql, *arguments)
    while rows := await cursor.fetch(size):
        yield rows
