"""The one connection on which an import works, under the lock that lets only one import run at a time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

import asyncpg

from db.errors import SetupFault, Unavailable
from db.models import SCHEMA

if TYPE_CHECKING:
    Session = asyncpg.Connection[asyncpg.Record]
else:
    Session = asyncpg.Connection  # generic for the type checker only

LOCK: Final = 7_203_002
"""The advisory lock of the import (db.migrate has the one before)."""

_LOCK_WAIT_MS: Final = 2_000
"""How long a second import waits: the server notices within moments that the first was killed."""

_REFUSES: Final = (asyncpg.OperatorInterventionError, asyncpg.InsufficientResourcesError, asyncpg.InternalClientError)
"""It starts or ends, or has nothing left to give; and what the driver says of a connection that is just being ended."""

_SET_UP: Final = f"""
    SET search_path = {SCHEMA}; SET temp_buffers = '64MB'; SET jit = off; SET lock_timeout = {_LOCK_WAIT_MS}
"""


async def connected(dsn: str, opening: str = "") -> Session:
    """A connection that sees the store's tables by name, and holds no lock yet. It begins with `opening`.

    Raises: Unavailable where the database is away.
    """
    try:
        session = await asyncpg.connect(dsn)
        await session.execute(f"{opening}; {_SET_UP}")
    except (OSError, asyncpg.PostgresConnectionError, *_REFUSES) as fault:
        raise Unavailable(f"The database is away ({fault}). Start it and import again.") from fault
    return session


@asynccontextmanager
async def import_session(dsn: str, opening: str = "") -> AsyncIterator[Session]:
    """A connection that holds the import's lock until it is closed, and sees the store's tables by name.

    Raises: SetupFault where another import is running, Unavailable where the database is away.
    """
    session = await connected(dsn, opening)
    try:
        await session.execute("SELECT pg_advisory_lock($1)", LOCK)
        await session.execute("SET lock_timeout = 0")
        yield session
    except asyncpg.LockNotAvailableError as fault:
        raise SetupFault(
            "Another import into this store is running. Wait until it has ended, then import again."
        ) from fault
    except asyncpg.ReadOnlySQLTransactionError as fault:
        raise Unavailable(
            f"The database takes no writes ({fault}). Name one that does, or have it write again; then import again."
        ) from fault
    except asyncpg.DiskFullError as fault:
        raise Unavailable(
            f"The database has no space left ({fault}). Free some, then import again: what was merged stays."
        ) from fault
    except (ConnectionError, asyncpg.PostgresConnectionError, *_REFUSES) as fault:
        raise Unavailable(f"The database went away ({fault}). What was merged stays; import again to go on.") from fault
    finally:
        session.terminate()
