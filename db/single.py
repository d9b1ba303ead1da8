"""A connection for a single thing: of a command, or of a look that a server takes once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import asyncpg

from db.errors import Unavailable

if TYPE_CHECKING:
    Session = asyncpg.Connection[asyncpg.Record]
else:
    Session = asyncpg.Connection  # generic for the type checker only


@asynccontextmanager
async def connected(dsn: str, setting: str = "DESKGRAPH_DATABASE_URL") -> AsyncIterator[Session]:
    """A connection to a database that a setting names.

    Raises: Unavailable.
    """
    try:
        session = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError) as fault:
        raise Unavailable(f"The database is away ({fault}). Check {setting}, then try again.") from fault
    try:
        yield session
    finally:
        await session.close()
