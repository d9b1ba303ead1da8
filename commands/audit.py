"""`deskgraph audit`: the audit log."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import click

import settings as configuration
from commands.database import database, migrated
from settings import Settings


@click.group()
def audit() -> None:
    """The audit log: remove what is past its retention."""


@audit.command("purge")
def purge_audit() -> None:
    """Remove the records that are older than DESKGRAPH_AUDIT_RETENTION_DAYS."""
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        removed = purged(dsn, settings)
    click.echo(f"removed {removed}, older than {settings.audit_retention_days} days")


def purged(owner: str, settings: Settings) -> int:
    """How many records were past their retention, and are removed."""
    from db.audit.store import purge

    return asyncio.run(purge(owner, datetime.now(UTC) - timedelta(days=settings.audit_retention_days)))
