"""The connection to a portal: it reads and can do nothing else, and what goes wrong is told by whose fault it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Final

import asyncpg

from db.errors import SetupFault, Unavailable
from db.sync.postgresql.described import Described, Table
from db.sync.postgresql.selecting import Portal

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]
else:
    Connection = asyncpg.Connection  # generic for the type checker only

_SETTINGS: Final = {
    "default_transaction_read_only": "on",
    "application_name": "deskgraph sync",
    "timezone": "UTC",
    "datestyle": "ISO",
    "extra_float_digits": "1",
    "bytea_output": "hex",
}
_CONNECT_SECONDS: Final = 10.0
_COMMAND_SECONDS: Final = 1_800.0
_AWAY: Final = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TooManyConnectionsError,
    asyncpg.SerializationError,
    asyncpg.QueryCanceledError,
    asyncpg.DeadlockDetectedError,
)


@contextmanager
def told(name: str) -> Iterator[None]:
    """Tells what a portal raises in our words.

    Raises: Unavailable for what may pass, SetupFault for what somebody must change.
    """
    try:
        yield
    except _AWAY as fault:
        raise Unavailable(f"The source {name} is away or broke off ({_said(fault)}).") from fault
    except asyncpg.PostgresError as fault:
        raise SetupFault(f"The source {name} refuses: {_said(fault)}.") from fault


def _said(fault: BaseException) -> str:
    return str(fault).strip().rstrip(".") or type(fault).__name__


async def connected(described: Described) -> Connection:
    """A connection that reads, and that cannot write.

    Raises: SetupFault, Unavailable.
    """
    dsn = described.dsn()
    with told(described.name):
        try:
            # No cache: a portal behind a pooler of transactions keeps no prepared statements.
            return await asyncpg.connect(
                dsn,
                timeout=_CONNECT_SECONDS,
                command_timeout=_COMMAND_SECONDS,
                statement_cache_size=0,
                server_settings=_SETTINGS,
            )
        except (ValueError, asyncpg.ClientConfigurationError) as fault:
            raise SetupFault(
                f"The source {described.name}: {described.dsn_env} is no address of PostgreSQL that can be read."
            ) from fault


@asynccontextmanager
async def snapshot(connection: Connection) -> AsyncIterator[None]:
    """One view of the portal for all that is read in it; nothing can be written."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield


async def columns_of(connection: Connection, table: Table) -> dict[str, Portal]:
    """The columns of a table's SELECT, in its order.

    Raises: SetupFault where the portal refuses it, or a name stands twice.
    """
    with told(f"{table.name}, select"):
        prepared = await connection.prepare(f"SELECT * FROM ({table.select}\n) AS q LIMIT 0")
    found: dict[str, Portal] = {}
    for one in prepared.get_attributes():
        if one.name in found:
            raise SetupFault(f"[{table.name}] select: has the column {one.name!r} twice; rename one of them")
        found[one.name] = Portal(one.name, one.type.name, one.type.schema, one.type.kind == "array")
    return found
