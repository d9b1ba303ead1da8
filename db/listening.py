"""Hears of every write as it is committed, over a connection of its own: the database's NOTIFY.

It is a call to look, not an answer: what was told while there was no connection is not heard. Who must not miss a
write asks for the version, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

import asyncpg

from db.version import CHANNEL, TIMEOUT_SECONDS

AGAIN_SECONDS = 1.0
"""After a connection has ended, or could not be had."""


async def listen(dsn: str, on_write: Callable[[], None]) -> None:
    """Calls for each write, until it is cancelled; and once whenever it begins to hear."""
    while True:
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await _listen(dsn, on_write)  # who asks for the version finds out that it is away, and tells
        await asyncio.sleep(AGAIN_SECONDS)


async def _listen(dsn: str, on_write: Callable[[], None]) -> None:
    """Listens until the connection ends."""
    ended = asyncio.Event()
    connection = await asyncpg.connect(
        dsn,
        timeout=TIMEOUT_SECONDS,
        command_timeout=TIMEOUT_SECONDS,
        server_settings={"application_name": "deskgraph live"},
    )
    try:
        connection.add_termination_listener(lambda _: ended.set())
        await connection.add_listener(CHANNEL, lambda *_: on_write())
        on_write()
        await ended.wait()
    finally:
        connection.terminate()
