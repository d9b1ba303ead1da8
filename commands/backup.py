"""`deskgraph backup` and `deskgraph restore`: the store as one file, by PostgreSQL's own programs."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import click

import settings as configuration
from commands.database import database, upgrade
from db.errors import SetupFault
from settings import Settings


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole store to a new FILE, as it is at one instant, while everything goes on.

    It holds all that the database has of the gateway: also keys, kept exports and the audit log.
    """
    from db.revision import revision

    if file.exists():
        raise click.UsageError(f"{file} is there already.")
    settings = configuration.load()
    partial = file.with_name(file.name + ".partial")
    with database(settings) as dsn:
        at = asyncio.run(revision(dsn))
        if at is None:
            raise SetupFault("There is no store in this database, so nothing to back up.")
        try:
            partial.unlink(missing_ok=True)  # of a backup that was killed
            partial.touch(mode=0o600)
            _run(settings, dsn, "pg_dump", "--format=custom", "--schema=deskgraph", "--no-owner", f"--file={partial}")
            partial.rename(file)
        finally:
            partial.unlink(missing_ok=True)
    click.echo(f"{file}: the store at migration {at}, {file.stat().st_size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a store back from FILE into a database that has none, all or nothing, and migrate it."""
    from db import migrate
    from db.revision import HEAD, revision

    settings = configuration.load()
    with database(settings) as dsn:
        if asyncio.run(revision(dsn)) is not None:
            raise SetupFault("The database has a store already. Restore into a new one, or drop its schema deskgraph.")
        asyncio.run(migrate.make_roles(dsn, settings.database_walls))  # the store's policies name them
        _run(
            settings,
            dsn,
            "pg_restore",
            "--no-owner",
            "--no-privileges",
            "--exit-on-error",
            "--single-transaction",
            file,
        )
        before = upgrade(dsn, settings)
        asyncio.run(migrate.tidy(dsn))
    click.echo(f"restored from {before}, now at {HEAD}")


def _run(settings: Settings, dsn: str, program: str, *words: str | Path) -> None:
    """Runs a program of PostgreSQL on a database; the password goes by the environment, which others do not see."""
    parts = urlsplit(dsn)
    query = parse_qsl(parts.query)
    password = dict(query).get("password") or unquote(parts.password or "")
    secret = {"PGPASSWORD": password} if password else {}
    account = parts.netloc.rpartition("@")[0].partition(":")[0]
    host = parts.netloc.rpartition("@")[2]
    open_ = urlencode([(name, value) for name, value in query if name != "password"])
    plain = urlunsplit(parts._replace(netloc=f"{account}@{host}" if account else host, query=open_))
    done = subprocess.run(
        [_found(settings, program), f"--dbname={plain}", "--no-password", *words],
        env={**os.environ, **secret},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupFault(f"{program} failed, and nothing is kept of it: {done.stderr.strip()}")


def _found(settings: Settings, program: str) -> str:
    """Where a program of PostgreSQL is: the embedded server's own, or the machine's.

    Raises: SetupFault.
    """
    if settings.embeds:
        from db.embedded.programs import find_programs

        return str(find_programs().root / "bin" / program)
    found = shutil.which(program)
    if found is None:
        raise SetupFault(f"{program} is not on the PATH. Install PostgreSQL's client programs, as new as the server.")
    return found
