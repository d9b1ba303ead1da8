"""`deskgraph keys`: keys for machines."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

import settings as configuration
from commands.database import database, migrated
from commands.holders import holder_options, ttl_option, viewer_of

if TYPE_CHECKING:
    from db.api_keys import ApiKey  # with the driver, which most commands do without


@click.group()
def keys() -> None:
    """Keys for machines: make, list and revoke them."""


@keys.command("create")
@click.option("--name", required=True, help="What the key is for; shown by `keys list`.")
@holder_options
@ttl_option("90d")
def create_key(
    name: str, role: str, agent: str | None, teams: tuple[str, ...], organization: str | None, ttl: timedelta
) -> None:
    """Make a key and print it, once: only its hash is stored."""
    from db import api_keys

    if not name.strip():
        raise click.UsageError("--name is empty. Say what the key is for, such as nightly-export.")
    viewer = viewer_of(name, role, agent, teams, organization)
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        key = asyncio.run(api_keys.create(dsn, name.strip(), viewer, datetime.now(UTC), ttl))
    click.echo("Keep it now: it cannot be shown again. Send it as `Authorization: Bearer <key>`.", err=True)
    click.echo(key)


@keys.command("create-sender")
@click.option("--name", required=True, help="The portal that sends: lower-case letters, digits, - and _.")
@ttl_option("365d")
def create_sender(name: str, ttl: timedelta) -> None:
    """Make a key that may send tickets (POST /api/tickets/ingest) and do nothing else, and print it, once.

    Keys of one name send for one source, so that a new key takes over from an old one.
    """
    from db import api_keys

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
        raise click.UsageError("--name is at most 40 lower-case letters, digits, - and _, such as portal.")
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        key = asyncio.run(api_keys.create(dsn, name, api_keys.sender("", name), datetime.now(UTC), ttl))
    click.echo("Keep it now: it cannot be shown again. Send it as `Authorization: Bearer <key>`.", err=True)
    click.echo(key)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the keys as JSON.")
def list_keys(as_json: bool) -> None:
    """List all keys, expired and revoked ones too; times are UTC."""
    from db import api_keys

    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        found = asyncio.run(api_keys.listed(dsn))
    now = datetime.now(UTC)
    click.echo(json.dumps([_record(key, now) for key in found]) if as_json else "\n".join(_table(found, now)))


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
def revoke_key(key_id: str) -> None:
    """Revoke a key by its id; a running gateway refuses it within seconds."""
    from db import api_keys

    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        is_known = asyncio.run(api_keys.revoke(dsn, key_id, datetime.now(UTC)))
    if not is_known:
        raise click.ClickException("There is no key with this id. `deskgraph keys list` shows all, with their ids.")
    click.echo(f"The key {key_id} is revoked.")


def _record(key: ApiKey, now: datetime) -> dict[str, Any]:
    """A key as a program reads it. Times: ISO 8601."""
    return {
        "id": key.id,
        "name": key.name,
        "state": key.state(now).value,
        "role": key.role,
        "agent": key.agent,
        "teams": list(key.teams),
        "organization": key.organization,
        "createdAt": key.created_at.isoformat(),
        "expiresAt": key.expires_at.isoformat(),
        "revokedAt": key.revoked_at.isoformat() if key.revoked_at else None,
    }


def _table(keys: Iterable[ApiKey], now: datetime) -> list[str]:
    """Keys as a person reads them: a line each, under a heading."""
    heading = ("ID", "STATE", "ROLE", "SCOPE", "EXPIRES", "NAME")
    rows = [heading, *(_row(key, now) for key in keys)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heading))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def _row(key: ApiKey, now: datetime) -> tuple[str, ...]:
    scope = ", ".join(key.teams) or key.agent or key.organization or "-"
    return (key.id, key.state(now).value, key.role, scope, f"{key.expires_at:%Y-%m-%d %H:%M}", key.name)
