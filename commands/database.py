"""The database that a command works on, as its owner."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from db.errors import SetupFault
from settings import Settings


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The owner's DSN of the database to use: the one set, or the embedded one, started for this command if need be."""
    if not settings.embeds:
        if not settings.database_url.get_secret_value():
            raise SetupFault(
                "This command writes, and DESKGRAPH_READER_URL may only read. Set DESKGRAPH_DATABASE_URL to the "
                "database as the owner of its tables."
            )
        yield settings.database_url.get_secret_value()
        return
    from db import embedded  # the binaries are an extra; with a database of one's own nothing of it is imported

    with embedded.borrow(settings.data_dir) as running:
        yield running.server.dsn


def migrated(dsn: str, settings: Settings) -> None:
    """Brings a database to this version's tables, where it is not there yet."""
    from db.revision import HEAD, revision

    if asyncio.run(revision(dsn)) != HEAD:
        from db import migrate

        asyncio.run(migrate.upgrade(dsn, walls=settings.database_walls))
