"""`deskgraph serve`: the gateway, over a database that is brought up to date first."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime

import click

import settings as configuration
from commands.audit import purged
from commands.beside import WORKER, working_beside
from commands.database import keep_intake, migrated, settled
from commands.importing import run_import
from commands.keeping import kept_alive
from commands.sync import following_beside
from db.access import Role
from db.errors import SetupFault
from db.walls import Walls
from settings import Settings


@click.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=int, help="The port to listen on.")
@click.option("--workers", type=int, help="The number of server processes.")
@click.option("--demo", is_flag=True, help="Fill an empty store with the demo data first, and print tokens to try.")
@click.option("--fd", type=int, help="A listening socket that this process was given, instead of host and port.")
def serve(host: str | None, port: int | None, workers: int | None, demo: bool, fd: int | None) -> None:
    """Serve the gateway; without a database set, over an embedded PostgreSQL."""
    settings = configuration.load(host=host, port=port, workers=workers)
    if not settings.embeds:
        worker = _prepare(settings, settings.database_url.get_secret_value(), demo)
        _serve(settings, settings.serving_url, worker, fd)
        return
    from db import embedded

    with embedded.start(settings.data_dir) as running:
        worker = _prepare(settings, running.server.dsn, demo)
        dsn = _reader(running.server.dsn, settings)
        with kept_alive(running):
            _serve(settings, dsn, worker, fd)


def _prepare(settings: Settings, owner: str, demo: bool) -> str:
    """Brings the database up to date, as its owner; where only a reader is known, somebody else does.

    Gives back what makes the application of a server process.
    """
    if owner:
        migrated(owner, settings)
        _settled(owner, settings)
        purged(owner, settings)
    elif demo:
        raise click.UsageError(
            "--demo fills the store, which DESKGRAPH_READER_URL may not. Run `deskgraph demo` first."
        )
    keep_intake(owner, settings)
    if not demo:
        return "app:create_worker"
    _fill_if_empty(owner)
    _print_welcome(settings)
    return "app:create_demo_worker" if _gives_tokens(owner, settings) else "app:create_worker"


def _settled(owner: str, settings: Settings) -> None:
    """Makes the rollups that are not there; while an import runs, which then does it, reports read facts."""
    try:
        settled(owner, settings)
    except SetupFault as fault:
        click.echo(f"warning: not all rollups are ready, so reports read facts: {fault.message}", err=True)


def _reader(owner: str, settings: Settings) -> str:
    """The DSN of a login of an embedded server that may only read."""
    from db.grants import give_login

    return owner if settings.database_walls is Walls.STATEMENT else asyncio.run(give_login(owner))


async def _check(dsn: str, settings: Settings) -> None:
    from db.engine import Engine, PoolSettings
    from db.revision import check

    engine = Engine(dsn, PoolSettings(walls=settings.database_walls))
    try:
        await check(engine)
    finally:
        await engine.close()


def _serve(settings: Settings, dsn: str, worker: str, descriptor: int | None) -> None:
    from operating import serving

    asyncio.run(_check(dsn, settings))
    processes = [WORKER] * settings.export_workers + following_beside(settings)
    if settings.database_walls is Walls.STATEMENT:
        click.echo("warning: DESKGRAPH_DATABASE_WALLS=statement: no wall in the database (docs/security.md)", err=True)
    # The workers read their settings from the environment, as the process did; of the owner they are not told.
    os.environ.pop("DESKGRAPH_DATABASE_URL", None)
    os.environ["DESKGRAPH_READER_URL"] = dsn
    os.environ["DESKGRAPH_JWT_SECRET"] = settings.signing_secret()
    wanted = serving.Wanted(
        host=settings.host,
        port=settings.port,
        processes=settings.workers,
        log_level=settings.log_level,
        log_format=settings.log_format,
        grace_seconds=settings.grace_seconds,
        descriptor=descriptor,
    )
    with working_beside(processes, settings.host, settings.port):
        serving.serve(worker, wanted)


def _fill_if_empty(dsn: str) -> None:
    from db.importing.run import has_imported
    from db.sources.demo import demo as demo_source

    if not asyncio.run(has_imported(dsn)):
        click.echo("Filling the empty store with demo data (about 50,000 tickets over two years) ...")
        run_import(dsn, demo_source(datetime.now(UTC).date()), dry_run=False, rejects=None)


def _gives_tokens(dsn: str, settings: Settings) -> bool:
    """Whether whoever asks gets a token: never for anything but demo data, and not where a provider makes them."""
    from db.importing.run import sources
    from db.sources.demo import DemoSource

    if settings.jwks_url:
        return False
    others = asyncio.run(sources(dsn)) - {DemoSource.name}
    if others:
        told = ", ".join(sorted(others))
        click.echo(f"The store holds more than demo data ({told}): there is no /demo/tokens, and no switch of roles.")
    return not others


def _print_welcome(settings: Settings) -> None:
    from identities import identity_of
    from schema.demo import GOOD_DAYS, demo_tokens

    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"\ndeskgraph serves on {address}\n")
    if settings.jwks_url:
        click.echo("Bearer tokens come from the identity provider; `deskgraph keys create` makes a key for a machine.")
        return
    made = demo_tokens(identity_of(settings), lambda: datetime.now(UTC))
    tokens = {one.viewer.role: one.token for one in made}
    click.echo(f"A bearer token for each role, good for {GOOD_DAYS} days:")
    for role, token in tokens.items():
        click.echo(f"  {role.value:<10} {token}")
    click.echo(
        f"\nTry it:\n"
        f"  Web UI     {address}/\n"
        f"  GraphiQL   {address}/graphql#token={tokens[Role.MANAGER]}\n"
        f"  REST       curl -H 'Authorization: Bearer {tokens[Role.MANAGER]}' \\\n"
        f"               '{address}/api/tickets/reports/summary?period=last_30_days&compareTo=previous_period'\n",
    )
