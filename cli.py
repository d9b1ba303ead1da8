"""The `deskgraph` command. Exit codes: 0 done, 1 failed, 2 used wrongly."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click

import settings as configuration
from commands.audit import audit, purged
from commands.beside import WORKER, working_beside
from commands.database import database, keep_intake, migrated, settled, upgrade
from commands.explain import explain
from commands.export import export
from commands.holders import holder_options, ttl_option, viewer_of
from commands.keys import keys
from commands.progress import progress_bar
from commands.rollups import rollups
from commands.suggest import propose, refuse_unasked
from commands.sync import following_beside, sources, sync
from commands.work import work
from db.access import Role
from db.errors import DeskgraphError, SetupFault
from db.walls import Walls
from settings import Settings


class Group(click.Group):
    """Turns our faults into a message on stderr and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command."""
        try:
            return super().invoke(ctx)
        except DeskgraphError as fault:
            raise click.ClickException(fault.message) from fault


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deskgraph")
def main() -> None:
    """The GraphQL reporting gateway for support tickets.

    Settings come from the environment (DESKGRAPH_*) and from the TOML file that DESKGRAPH_CONFIG names.
    """
    if threading.current_thread() is threading.main_thread():
        # By default these end a process at once, and an embedded server of ours would outlive it.
        for number in (signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _leave)


def _leave(number: int, _: object) -> None:
    sys.exit(128 + number)


@main.command()
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
        _serve(settings, _reader(running.server.dsn, settings), worker, fd)


def _prepare(settings: Settings, owner: str, demo: bool) -> str:
    """Brings the database up to date, as its owner; where only a reader is known, somebody else does.

    Gives back what makes the application of a server process.
    """
    if owner:
        keep_intake(owner, settings)
        migrated(owner, settings)
        _settled(owner, settings)
        purged(owner, settings)
    elif demo:
        raise click.UsageError(
            "--demo fills the store, which DESKGRAPH_READER_URL may not. Run `deskgraph demo` first."
        )
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
        _run_import(dsn, demo_source(datetime.now(UTC).date()), dry_run=False, rejects=None)


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


@main.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--mapping", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A mapping file (TOML).")
@click.option("--dry-run", is_flag=True, help="Do everything but keep nothing.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Where rejected rows go.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
@click.option("--suggest", is_flag=True, help="Import nothing: propose a mapping for a file, and ask where unsure.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where the proposed mapping goes.")
@click.option("--zone", help="The IANA zone of a file's times without offset, for --suggest.")
def import_(
    path: Path, mapping: Path | None, dry_run: bool, rejects: Path | None, as_json: bool,
    suggest: bool, output: Path | None, zone: str | None,
) -> None:  # fmt: skip
    """Import tickets from a folder, or from one file, in the import format or through a mapping.

    Rejected rows go to a file with their line, column and reason; the exit code is 1 if there are any.
    """
    if suggest:
        propose(path, output, zone, as_json=as_json)
        return
    refuse_unasked(output, zone)
    from db.sources.files import open_source
    from db.sources.mapping import load_mapping

    source = open_source(path, load_mapping(mapping) if mapping else None)
    rejects_file = rejects or Path(f"{source.name}.rejects.csv")
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        _keep_zones(dsn, settings)
        summary = _run_import(dsn, source, dry_run=dry_run, rejects=rejects_file)
    rows = summary.rows
    if as_json:
        kinds = {kind.value: asdict(counts) for kind, counts in summary.kinds.items()}
        told = {**asdict(rows), "seconds": round(summary.seconds, 3), "resumed": summary.resumed, "dryRun": dry_run}
        click.echo(json.dumps({**told, "kinds": kinds, "notices": source.notices}))
    else:
        _print_summary(summary, source.notices, dry_run)
    if rows.rejected:
        click.echo(f"{rows.rejected} rows were rejected; see {rejects_file}", err=True)
        sys.exit(1)


def _print_summary(summary: Any, notices: dict[str, int], dry_run: bool) -> None:
    names = ("read", "new", "changed", "unchanged", "rejected")
    click.echo(f"{'':<14}" + "".join(f"{name:>11}" for name in names))
    everything = [(kind.value, counts) for kind, counts in summary.kinds.items()] + [("all", summary.rows)]
    for name, counts in everything:
        click.echo(f"{name:<14}" + "".join(f"{asdict(counts)[column]:>11,}" for column in names))
    for notice, number in notices.items():
        click.echo(f"notice: {notice}: {number:,}")
    words = (["a dry run: nothing is kept"] if dry_run else []) + (["resumed"] if summary.resumed else [])
    click.echo(f"{summary.seconds:.1f} s" + "".join(f", {word}" for word in words))


def _keep_zones(dsn: str, settings: Settings) -> None:
    """Keeps rollups for the zones of the settings; the import makes those that are not there."""
    from db.rollups.upkeep.settling import keep_zones

    asyncio.run(keep_zones(dsn, settings.reporting_zones))


def _run_import(dsn: str, source: Any, *, dry_run: bool, rejects: Path | None) -> Any:
    from db.importing.writer import import_rows

    with _rejects_writer(rejects) as on_reject, progress_bar() as on_progress:
        return asyncio.run(
            import_rows(dsn, source, dry_run=dry_run, on_reject=on_reject, on_progress=on_progress),
        )


@contextmanager
def _rejects_writer(file: Path | None) -> Iterator[Callable[[Any], None]]:
    """Writes rejects as they come; the file is there only if there is one."""
    out: IO[str] | None = None

    def write(reject: Any) -> None:
        nonlocal out
        if file is None:
            raise click.ClickException(f"line {reject.line}, {reject.column}: {reject.reason}")
        if out is None:
            out = file.open("w", newline="", encoding="utf-8")
            csv.writer(out).writerow(("file", "line", "column", "reason", "text"))
        csv.writer(out).writerow((reject.file, reject.line, reject.column, reject.reason, reject.text))

    if file is not None:
        file.unlink(missing_ok=True)
    try:
        yield write
    finally:
        if out is not None:
            out.close()


@main.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the two years end; default today.")
def demo(until: datetime | None) -> None:
    """Import the demo data: about 50,000 tickets over two years, the same for everyone."""
    from db.sources.demo import demo as demo_source

    try:
        source = demo_source(until.date() if until else _today())
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        _keep_zones(dsn, settings)
        _print_summary(_run_import(dsn, source, dry_run=False, rejects=None), {}, dry_run=False)


def _today() -> date:
    return datetime.now(UTC).date()


@main.command()
def migrate() -> None:
    """Bring the database to this version's tables, grants, facts and rollups."""
    from db.revision import HEAD

    settings = configuration.load()
    with database(settings) as dsn:
        before = upgrade(dsn, settings)
    click.echo(f"from {before or 'nothing'} to {HEAD}")


@main.command()
def recompute() -> None:
    """Make the facts of every stored ticket anew, from its row, events and rating: after an upgrade.

    A changed policy or calendar needs no call: the import that brings it recomputes in the same transaction.
    """
    from db.importing.writer import recompute as recompute_facts

    settings = configuration.load()
    with database(settings) as dsn, progress_bar() as on_progress:
        migrated(dsn, settings)
        asyncio.run(recompute_facts(dsn, on_progress))
    click.echo("The facts of all tickets are made anew.")


@main.command()
@holder_options
@click.option("--subject", default="cli", show_default=True, help="Who the holder is.")
@ttl_option("1h")
def token(
    role: str, agent: str | None, teams: tuple[str, ...], organization: str | None, subject: str, ttl: timedelta
) -> None:
    """Make a bearer token for a person; not where tokens come from an identity provider."""
    from identities import identity_of

    viewer = viewer_of(subject, role, agent, teams, organization)
    click.echo(identity_of(configuration.load()).issue(viewer, ttl))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print names and hashes as JSON.")
def documents(as_json: bool) -> None:
    """List the stored documents, by the hash that every role may run them with."""
    from rest_compat.stored import NAMED, hash_of

    hashes = {name: hash_of(text) for name, text in NAMED.items()}
    width = max(map(len, hashes)) + 1
    click.echo(
        json.dumps(hashes) if as_json else "\n".join(f"{name:<{width}}{found}" for name, found in hashes.items())
    )


@main.command()
def schema() -> None:
    """Print the public language (SDL)."""
    from schema.executor import SCHEMA

    click.echo(SCHEMA.as_str())


@main.command()
def openapi() -> None:
    """Print the description of the REST routes (OpenAPI 3.1)."""
    from rest_compat.openapi.document import as_json

    click.echo(as_json().decode())


main.add_command(audit)
main.add_command(explain)
main.add_command(export)
main.add_command(keys)
main.add_command(rollups)
main.add_command(sources)
main.add_command(sync)
main.add_command(work)

if __name__ == "__main__":
    main()
