"""The database that a command works on, as its owner."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from commands.progress import progress_bar
from db.errors import DeskgraphError, SetupFault
from db.walls import INTAKE, Walls
from settings import PREFIX, Settings

if TYPE_CHECKING:
    from db.migrate import Patience  # Alembic is loaded by who migrates alone


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
    """Brings a database to this version, where it is not there yet; one that a newer version has migrated stays.

    Raises: SetupFault, Unavailable.
    """
    from db.revision import HEAD, facts_are_old, revision

    at = asyncio.run(revision(dsn)) or ""
    if at < HEAD or (at == HEAD and asyncio.run(facts_are_old(dsn))):
        upgrade(dsn, settings)


def upgrade(dsn: str, settings: Settings, patience: Patience | None = None) -> str | None:
    """Brings a database's tables, grants, facts and rollups to this version. Returns the migration that it was at.

    Raises: SetupFault, Unavailable.
    """
    from db import migrate
    from db.revision import facts_are_old, revision

    before = asyncio.run(revision(dsn))
    asyncio.run(migrate.upgrade(dsn, walls=settings.database_walls, patience=patience))
    if asyncio.run(facts_are_old(dsn)):  # also those that a run before this one was to make
        _made_anew(dsn)
    settled(dsn, settings)
    return before


def require_distributable(dsn: str, settings: Settings) -> None:
    """Refuses what cannot be distributed, before anything is changed.

    Raises: SetupFault, with what to do; Unavailable.
    """
    from db.distributing import require_citus

    asyncio.run(require_citus(dsn))
    if settings.database_walls is not Walls.STATEMENT:
        raise SetupFault(
            "Row-level security does not reach the workers of a distributed database; nothing was changed. Set "
            f"{PREFIX}DATABASE_WALLS=statement here and for every gateway, then again (docs/distributed.md)."
        )


def place_tables(dsn: str) -> None:
    """Places a migrated store's tables on several machines, and tells each step.

    Raises: SetupFault, Unavailable.
    """
    from db.distributing import distribute

    for sql in asyncio.run(distribute(dsn)) or ["All tables are where they have to be."]:
        click.echo(sql)


def settled(dsn: str, settings: Settings) -> None:
    """Keeps rollups for the zones of the settings, and makes those that are not there.

    Raises: SetupFault, Unavailable.
    """
    from db.rollups.settled import is_settled

    if asyncio.run(is_settled(dsn, settings.reporting_zones)):
        return
    from db.rollups.upkeep.settling import settle

    with progress_bar() as on_progress:
        asyncio.run(settle(dsn, settings.reporting_zones, on_progress))


def _made_anew(dsn: str) -> None:
    """The facts of all stored tickets; where they stayed the old ones, reports would be short of what is new."""
    from db.importing.writer import recompute

    try:
        with progress_bar() as on_progress:
            asyncio.run(recompute(dsn, on_progress))
    except DeskgraphError as fault:
        raise SetupFault(
            f"The tables are migrated, but the facts of stored tickets are still the old ones: {fault.message} Run "
            "`deskgraph migrate` again."
        ) from fault


def keep_intake(owner: str, settings: Settings) -> None:
    """Hands a login that writes what portals send to the server processes, where they are to, and only there.

    Raises: SetupFault, Unavailable.
    """
    if not settings.intake_writers:
        return
    from db.sync.intake_login import look

    url = settings.intake_url.get_secret_value() or _intake_login(owner, settings)
    if settings.database_walls is Walls.BOTH:
        asyncio.run(look(url)).require()
    os.environ[f"{PREFIX}INTAKE_URL"] = url


def _intake_login(owner: str, settings: Settings) -> str:
    """The login where none is named: one that may write and nothing else, or whatever the processes have already.

    Raises: SetupFault, where they have none that may write.
    """
    from db.grants import SENDER, give_login

    if settings.reader_url.get_secret_value():
        raise SetupFault(
            "DESKGRAPH_INTAKE_WRITERS lets portals send tickets, and DESKGRAPH_READER_URL may write none. Set "
            f"DESKGRAPH_INTAKE_URL to a login that may take on {INTAKE} (docs/sources/push.md)."
        )
    if settings.embeds and settings.database_walls is Walls.BOTH:
        return asyncio.run(give_login(owner, SENDER))
    return owner
