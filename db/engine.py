"""The only place that executes reads, and writes what viewers keep: a pool, and transactions over it.

A snapshot is one read-only, repeatable-read transaction: all statements of an operation see the same store, and
behind the second wall (db.walls) they see no more of it than the viewer may. What a viewer keeps of its own is read and
written in a transaction of another role, which sees nothing else; so is what workers make.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import asyncpg

from db.access import Scope, Viewer
from db.errors import DiskFull, RateLimited, ReplicaLost, TimedOut, TooMuchAsked, Unavailable
from db.replicas import VERSION_HERE, Place
from db.statement import Statement
from db.turns import NOBODY, Turns
from db.version import Version
from db.walls import Walls, keeping, opening, working

_AWAY = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # it starts, ends, or was told to end what runs
    asyncpg.InsufficientResourcesError,  # connections, memory
    asyncpg.PostgresSystemError,  # its disk fails it
    asyncpg.TransactionRollbackError,  # a standby that had to go on
    asyncpg.InterfaceError,
    # TRICKY: the driver has heard that a connection was ended, and not yet that it is closed.
    asyncpg.InternalClientError,
    asyncpg.UndefinedTableError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidSchemaNameError,
)
_NO_ROLE = (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError)
"""The reading role does not exist, or is not the login's to take on."""
_ONLY_READS = (asyncpg.ReadOnlySQLTransactionError, asyncpg.FeatureNotSupportedError)
"""What a standby says to one who would write."""
_ENDING_SECONDS = 2.0
"""How long the end of a transaction, or word that a statement was stopped, is waited for."""
_SERVER_SETTINGS = {
    "standard_conforming_strings": "on",  # what `opening` writes its literal for
    "timezone": "UTC",
    "jit": "off",
    # What reads facts asks for plans of its own: a generic one loses the parallel scan and the choice of an index.
    "plan_cache_mode": "force_generic_plan",
    "default_transaction_read_only": "on",
    "application_name": "deskgraph",
}


PLANS = {
    True: "SET LOCAL plan_cache_mode = force_generic_plan",
    False: "SET LOCAL plan_cache_mode = force_custom_plan",
}
"""How the rest of a transaction plans, by whether statements keep their plans."""


@dataclass(frozen=True)
class PoolSettings:
    """How the pool behaves."""

    connections: int = 4
    statement_timeout_ms: int = 10_000
    acquire_timeout_seconds: float = 5.0
    per_viewer: int = 2
    """Connections that one viewer may use at once."""
    wait_seconds: float = 30.0
    """For one's turn."""
    waiting_places: int = 2_000
    """For those who wait for theirs; who finds none is told at once."""
    walls: Walls = Walls.BOTH


@dataclass(frozen=True)
class PoolState:
    """A pool at present."""

    size: int
    """Connections that are open."""
    free: int
    """Of those, the ones that nobody uses."""
    waiting: int
    """Who waits for one."""


Observer = Callable[[Statement, float], None]
"""Told of every statement that ran, to its end or to its fault, with its seconds: until its rows were taken in, so that
they hold what this process did meanwhile."""


if TYPE_CHECKING:
    Connection = asyncpg.pool.PoolConnectionProxy[asyncpg.Record]
else:
    Connection = asyncpg.pool.PoolConnectionProxy  # generic for the type checker only


@dataclass
class Snapshot:
    """One consistent view of the store; or what a viewer keeps, to be read and written."""

    connection: Connection
    observe: Observer
    _keeps_plans: bool = True
    version: Version | None = None
    """That of the store, where it was asked for: of a replica."""

    async def fetch(self, statement: Statement) -> list[asyncpg.Record]:
        """The rows of a statement.

        Raises: TimedOut, Unavailable.
        """
        started = time.perf_counter()
        try:
            with _translated():
                if statement.planned_once not in (None, self._keeps_plans):
                    await self.connection.execute(PLANS[statement.planned_once])
                    self._keeps_plans = statement.planned_once
                return await self.connection.fetch(statement.sql, *statement.arguments)
        finally:
            self.observe(statement, time.perf_counter() - started)

    async def stream(self, statement: Statement, rows_a_batch: int) -> AsyncIterator[list[asyncpg.Record]]:
        """The rows of a statement in batches, from a cursor of the server: neither side holds them all.

        Other statements may run between two batches. Raises: TimedOut, Unavailable.
        """
        seconds, started = 0.0, time.perf_counter()
        try:
            with _translated():
                cursor = await self.connection.cursor(statement.sql, *statement.arguments)
                while rows := await cursor.fetch(rows_a_batch):
                    seconds += time.perf_counter() - started
                    yield rows
                    started = time.perf_counter()
        finally:
            self.observe(statement, seconds + time.perf_counter() - started)


class _Translation:
    """Turns the driver's errors into ours; no SQL, host or path stands in a message."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: Any) -> None:
        if isinstance(error, asyncpg.QueryCanceledError | asyncio.TimeoutError):
            raise TimedOut("The database took longer than the time limit. Ask for less, or again later.") from error
        if isinstance(error, asyncpg.DiskFullError):
            raise DiskFull("The database has no space left. Have somebody free some, then ask again.") from error
        if isinstance(error, _AWAY):
            raise Unavailable("The database is away or not set up. Ask again in a few seconds.") from error


def _translated() -> _Translation:
    return _Translation()


@asynccontextmanager
async def _transaction(connection: Connection, opened_by: str) -> AsyncIterator[None]:
    """A transaction that only reads; it is opened, and its role and scope are set, in one round trip."""
    try:
        try:
            await connection.execute(opened_by)
        except _NO_ROLE as error:
            raise Unavailable("The database is not set up for reading. Run `deskgraph migrate`.") from error
        yield
    finally:
        await _roll_back(connection)


async def _nothing_left(_: object) -> None:
    """What a connection is freed from before another takes it.

    All that is set is set for a transaction, whose end undoes it; the pool's own statement for it would cost each
    snapshot a round trip more.
    """


async def _roll_back(connection: Connection) -> None:
    """Ends a transaction; a connection that is gone has none, and one that hangs is given up."""
    try:
        async with asyncio.timeout(_ENDING_SECONDS):
            await connection.execute("ROLLBACK")
    except _AWAY:  # over the time, too
        with suppress(asyncpg.InterfaceError):  # the pool has taken back what was cut
            connection.terminate()


@asynccontextmanager
async def _writing(connection: Connection, opened_by: str) -> AsyncIterator[None]:
    """A transaction that is kept if all goes well."""
    try:
        await connection.execute(opened_by)
    except _NO_ROLE as error:
        raise Unavailable("The database is not set up for what is kept. Run `deskgraph migrate`.") from error
    except _ONLY_READS as error:
        raise Unavailable("The database only reads now, and keeps nothing. Ask again later.") from error
    try:
        yield
    except BaseException:
        await _roll_back(connection)
        raise
    await connection.execute("COMMIT")


@dataclass
class Engine:
    """Reads from one database, and writes what viewers keep."""

    dsn: str = field(repr=False)
    settings: PoolSettings = field(default_factory=PoolSettings)
    observers: list[Observer] = field(default_factory=list)
    replicas: Mapping[str, Engine] = field(default_factory=dict)
    """What reads from each replica, by its name."""
    _pool: asyncpg.Pool[asyncpg.Record] | None = None
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def pool(self) -> PoolState:
        """The pool at present."""
        size, free = (self._pool.get_size(), self._pool.get_idle_size()) if self._pool is not None else (0, 0)
        return PoolState(size, free, self.turns.waiting)

    def __post_init__(self) -> None:
        self.turns = Turns(self.settings.connections, self.settings.per_viewer, self.settings.waiting_places)
        """Who may use the pool now, and who waits."""
        for replica in self.replicas.values():
            replica.observers = self.observers

    async def _opened(self) -> asyncpg.Pool[asyncpg.Record]:
        async with self._opening:
            if self._pool is None:
                self._pool = await asyncpg.create_pool(
                    self.dsn,
                    min_size=0,
                    max_size=self.settings.connections,
                    timeout=self.settings.acquire_timeout_seconds,
                    # The database keeps the time of a statement; where it does not even say so, we do.
                    command_timeout=self.settings.statement_timeout_ms / 1000 + _ENDING_SECONDS,
                    reset=_nothing_left,
                    server_settings={
                        **_SERVER_SETTINGS,
                        "statement_timeout": str(self.settings.statement_timeout_ms),
                    },
                )
            return self._pool

    @asynccontextmanager
    async def snapshot(
        self, scope: Scope | None = None, observe: Observer | None = None, holder: str = NOBODY
    ) -> AsyncIterator[Snapshot]:
        """One consistent, read-only view of what a scope opens; without one, of no ticket. `holder`: whose turn it is.

        Raises: Unavailable, where no connection can be had; TimedOut, where the turn does not come.
        """
        with _translated():
            async with (
                self._connection(holder) as connection,
                _transaction(connection, opening(scope, self.settings.walls)),
            ):
                yield Snapshot(connection, self._telling(observe))

    @asynccontextmanager
    async def reading(self, place: Place, scope: Scope, observe: Observer, holder: str) -> AsyncIterator[Snapshot]:
        """A snapshot for a report, where its operation reads; one of a replica has proven that it is as of then.

        Raises: ReplicaLost, with why, where a replica fails; RateLimited, TooMuchAsked, TimedOut, Unavailable.
        """
        if place.least is None:
            async with self.snapshot(scope, observe, holder) as snapshot:
                yield snapshot
            return
        has_opened = False
        try:
            async with self.replicas[place.name].snapshot(scope, observe, holder) as snapshot:
                (row,) = await snapshot.fetch(VERSION_HERE)
                snapshot.version = Version(*row)
                if snapshot.version.number < place.least.number:
                    raise ReplicaLost("it went back behind what it had")
                has_opened = True
                yield snapshot
        except (ReplicaLost, RateLimited, TooMuchAsked):  # what is asked of this process says nothing of the replica
            raise
        except Unavailable as fault:
            raise ReplicaLost("it failed an operation") from fault
        except TimedOut as fault:
            if has_opened:  # the primary would take as long
                raise
            raise ReplicaLost("it does not answer in time") from fault

    def require_turn(self, place: Place | None, holder: str) -> None:
        """Refuses an operation at once whose turn would not come in time.

        Raises: RateLimited, TooMuchAsked.
        """
        engine = self if place is None or place.is_primary else self.replicas[place.name]
        engine.turns.require_place(holder, self.settings.wait_seconds)

    @asynccontextmanager
    async def keeping(self, viewer: Viewer, observe: Observer) -> AsyncIterator[Snapshot]:
        """What the viewer keeps, to be read and written; written for good once this ends without a fault.

        Raises: BadInput, for a subject that cannot be stored; TimedOut, Unavailable.
        """
        opened_by = keeping(viewer, self.settings.walls)
        with _translated():
            async with (
                self._connection(viewer.subject) as connection,
                _writing(connection, opened_by),
            ):
                yield Snapshot(connection, self._telling(observe))

    @asynccontextmanager
    async def _connection(self, holder: str) -> AsyncIterator[Connection]:
        async with self.turns.turn(holder, self.settings.wait_seconds):
            pool = await self._opened()
            async with pool.acquire(timeout=self.settings.acquire_timeout_seconds) as connection:
                yield connection

    @asynccontextmanager
    async def working(self) -> AsyncIterator[Snapshot]:
        """What waits to be made, of everybody, to be read and written; written for good once this ends without a fault.

        Raises: TimedOut, Unavailable.
        """
        with _translated():
            async with (
                self._connection(NOBODY) as connection,
                _writing(connection, working(self.settings.walls)),
            ):
                yield Snapshot(connection, self._telling(None))

    def _telling(self, observe: Observer | None) -> Observer:
        def tell(statement: Statement, seconds: float) -> None:
            for observer in (*self.observers, *((observe,) if observe else ())):
                observer(statement, seconds)

        return tell

    async def close(self) -> None:
        """Gives every connection back; waits a few seconds for the busy ones."""
        if self._pool is not None:
            pool, self._pool = self._pool, None
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(pool.close(), timeout=5)
            pool.terminate()
        for replica in self.replicas.values():
            await replica.close()
