"""What the database says of itself and of the store, for who looks for faults. Of no ticket and no person."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import asyncpg

from db.activity import Activity, activity
from db.models import SCHEMA
from db.revision import ARE_OLD, REVISION, is_readable
from db.rollups.cuboids import CUBOIDS
from db.rollups.settled import ZoneState, missing_indexes, states
from db.statement_times import StatementTimes, statement_times
from db.sync.status import SOURCES, SourceStatus

if TYPE_CHECKING:
    Session = asyncpg.Connection[asyncpg.Record]
else:
    Session = asyncpg.Connection  # generic for the type checker only

_CONNECT_SECONDS: Final = 5.0
STORE_SECONDS: Final = 30
LOCK_SECONDS: Final = 3
"""How long one look at the store may take, and wait for a lock."""
_PATIENCE: Final = {"statement_timeout": f"{STORE_SECONDS}s", "lock_timeout": f"{LOCK_SECONDS}s"}
_BLOCKED: Final = (asyncpg.QueryCanceledError, asyncpg.LockNotAvailableError)
_SERVER: Final = """
    SELECT current_setting('server_version_num')::int AS version,
        current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS connections,
        (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS connected,
        current_setting('fsync')::bool AS syncs,
        current_setting('transaction_read_only')::bool AS is_read_only,
        (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS is_superuser,
        pg_database_size(current_database()) AS bytes
"""
_INVALID: Final = """
    SELECT c.relname AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'deskgraph' AND NOT i.indisvalid
"""
_TABLES: Final = """
    SELECT relname AS name, n_live_tup AS rows, n_dead_tup AS dead,
        coalesce(last_analyze, last_autoanalyze) IS NOT NULL AS is_analyzed, pg_total_relation_size(relid) AS bytes
    FROM pg_stat_user_tables WHERE schemaname = 'deskgraph' ORDER BY bytes DESC
"""
_IMPORT: Final = """
    SELECT state, started_at, finished_at, rows_read, rows_rejected FROM deskgraph.import_runs ORDER BY id DESC LIMIT 1
"""
_WAITING: Final = """
    SELECT count(*) AS waiting, min(created_at) AS since FROM deskgraph.export_jobs WHERE state = 'queued'
"""
_DELTAS: Final = " + ".join(
    f"(SELECT count(*) FROM deskgraph.{table} WHERE is_delta)" for one in CUBOIDS for table in (one.numbers, one.bins)
)


class Unreachable(Exception):
    """No connection came about. `kind` is one of `KINDS`."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


KINDS: Final = ("address", "name", "refused", "tls", "password", "database", "full", "starting", "slow", "other")
"""Why there is no connection."""


@dataclass(frozen=True)
class Server:
    """The database's server, as who is connected sees it."""

    version: int
    """Such as 180003."""
    connections: int
    """How many there may be of others than superusers."""
    connected: int
    syncs: bool
    is_read_only: bool
    is_superuser: bool
    bytes: int
    clock_ahead: timedelta
    """How far its clock is ahead of ours."""
    round_trip: timedelta
    """What asking took: by so much that may be off."""


@dataclass(frozen=True)
class TableState:
    """A table of the store."""

    name: str
    rows: int
    dead: int
    """Versions of rows that nobody sees any more."""
    is_analyzed: bool
    bytes: int


@dataclass(frozen=True)
class Store:
    """The store, at this code's migration."""

    data_changed_at: datetime
    facts_are_old: bool
    """Whether an upgrade that makes facts differently was broken off before it had made them."""
    zones: Sequence[ZoneState]
    deltas: int
    """Rows of rollups that a compaction has yet to merge."""
    unusable_indexes: Sequence[str]
    """Those that are missing, or that making them left half made."""
    tables: Sequence[TableState]
    last_import: Mapping[str, Any] | None
    """state, started_at, finished_at, rows_read, rows_rejected."""
    waiting_exports: int
    waiting_since: datetime | None
    sources: Sequence[SourceStatus]
    """The live ones."""


@dataclass(frozen=True)
class Examination:
    """What was found; None where the login may not look, or there is nothing."""

    server: Server
    activity: Activity
    times: StatementTimes
    revision: str | None = None
    """The migration; None where none was applied, or the login may not see it."""
    readable_from: str | None = None
    """The oldest migration, by their own HEAD, whose servers read the store; None where it does not say so."""
    store: Store | None = None
    is_blocked: bool = False
    """Whether the store was there, and did not answer in time."""

    @property
    def is_readable(self) -> bool:
        """Whether servers of this code read it."""
        return self.revision is not None and is_readable(self.revision, self.readable_from)


async def examine(dsn: str, head: str | None, slow_ms: int) -> Examination:
    """Looks, and changes nothing. Of a store at another migration than `head` only that is told; None: of no store.

    `slow_ms`: what a statement takes on average that is told as slow. Raises: Unreachable.
    """
    session = await _connected(dsn)
    try:
        found = Examination(await _server(session), await activity(session), await statement_times(session, slow_ms))
        try:
            if head is None:
                return found
            revision, readable_from = await session.fetchrow(REVISION.sql) or (None, None)
            store = await _store(session) if revision == head else None
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError, asyncpg.InsufficientPrivilegeError):
            return found
        except _BLOCKED:
            return replace(found, is_blocked=True)
        return replace(found, revision=revision, readable_from=readable_from, store=store)
    finally:
        session.terminate()


async def _connected(dsn: str) -> Session:
    try:
        return await asyncpg.connect(
            dsn, timeout=_CONNECT_SECONDS, server_settings={"search_path": SCHEMA, **_PATIENCE}
        )
    except Exception as fault:
        raise Unreachable(_kind(fault)) from fault


def _kind(fault: Exception) -> str:
    """The fault's own words may hold the login, so they are not told."""
    if type(fault) is ConnectionError:  # the driver's own, where the server declines TLS; all else is a class below it
        return "tls"
    for kind, classes in _CLASSES:
        if isinstance(fault, classes):
            return kind
    return "other"


_CLASSES: Final[tuple[tuple[str, tuple[type[Exception], ...]], ...]] = (
    ("password", (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)),
    ("database", (asyncpg.InvalidCatalogNameError,)),
    ("full", (asyncpg.TooManyConnectionsError,)),
    ("starting", (asyncpg.CannotConnectNowError,)),
    ("slow", (TimeoutError,)),
    ("name", (socket.gaierror,)),
    ("tls", (ssl.SSLError,)),
    ("refused", (OSError,)),
    ("address", (ValueError, asyncpg.InterfaceError)),
)


async def _server(session: Session) -> Server:
    found = await session.fetchrow(_SERVER)
    started, before = time.perf_counter(), datetime.now(UTC)
    theirs: datetime = await session.fetchval("SELECT clock_timestamp()")
    took = timedelta(seconds=time.perf_counter() - started)
    return Server(**dict(found or {}), clock_ahead=theirs - before - took / 2, round_trip=took)


async def _store(session: Session) -> Store:
    async with session.transaction(isolation="repeatable_read", readonly=True):
        last_import = await session.fetchrow(_IMPORT)
        waiting = await session.fetchrow(_WAITING)
        return Store(
            data_changed_at=await session.fetchval("SELECT changed_at FROM deskgraph.data_version"),
            facts_are_old=await session.fetchval(ARE_OLD),
            zones=await states(session),
            deltas=await session.fetchval(f"SELECT {_DELTAS}"),
            unusable_indexes=[
                *await missing_indexes(session),
                *(row["name"] for row in await session.fetch(_INVALID)),
            ],
            tables=[TableState(**row) for row in await session.fetch(_TABLES)],
            last_import=dict(last_import) if last_import is not None else None,
            waiting_exports=waiting["waiting"] if waiting else 0,
            waiting_since=waiting["since"] if waiting else None,
            sources=[SourceStatus.of(row) for row in await session.fetch(SOURCES.sql)],
        )
