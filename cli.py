"""The `deskgraph` command. Exit codes: 0 done, 1 failed, 2 used wrongly."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
import threading
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

import settings as configuration
from commands.audit import audit
from commands.backup import backup, restore
from commands.database import database, migrated, place_tables, require_distributable, upgrade
from commands.doctor.command import doctor
from commands.explain import explain
from commands.export import export
from commands.holders import holder_options, ttl_option, viewer_of
from commands.importing import keep_reporting_zones, print_summary, run_import
from commands.keys import keys
from commands.progress import progress_bar
from commands.rollups import rollups
from commands.serve import serve
from commands.suggest import propose, refuse_unasked
from commands.sync import sources, sync
from commands.work import work
from db.errors import DeskgraphError


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
        keep_reporting_zones(dsn, settings)
        summary = run_import(dsn, source, dry_run=dry_run, rejects=rejects_file)
    rows = summary.rows
    if as_json:
        kinds = {kind.value: asdict(counts) for kind, counts in summary.kinds.items()}
        told = {**asdict(rows), "seconds": round(summary.seconds, 3), "resumed": summary.resumed, "dryRun": dry_run}
        click.echo(json.dumps({**told, "kinds": kinds, "notices": source.notices}))
    else:
        print_summary(summary, source.notices, dry_run)
    if rows.rejected:
        click.echo(f"{rows.rejected} rows were rejected; see {rejects_file}", err=True)
        sys.exit(1)


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
        keep_reporting_zones(dsn, settings)
        print_summary(run_import(dsn, source, dry_run=False, rejects=None), {}, dry_run=False)


def _today() -> date:
    return datetime.now(UTC).date()


@main.command()
@click.option("--distributed", is_flag=True, help="Also place the tables on the machines of a Citus coordinator.")
@click.option(
    "--lock-wait-ms", default=500, show_default=True, type=click.IntRange(10, 60_000),
    help="How long it waits for a lock that reports hold, and so how long reports wait behind it.",
)  # fmt: skip
@click.option("--attempts", default=60, show_default=True, type=click.IntRange(1, 1000), help="How often it tries.")
def migrate(distributed: bool, lock_wait_ms: int, attempts: int) -> None:
    """Bring the database to this version's tables, grants, facts and rollups, while reports go on."""
    from db.migrate import Patience
    from db.revision import HEAD

    settings = configuration.load()
    with database(settings) as dsn:
        if distributed:
            require_distributable(dsn, settings)
        before = upgrade(dsn, settings, Patience(lock_wait_ms, attempts))
        if distributed:
            place_tables(dsn)
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
main.add_command(backup)
main.add_command(restore)
main.add_command(doctor)
main.add_command(explain)
main.add_command(export)
main.add_command(keys)
main.add_command(rollups)
main.add_command(serve)
main.add_command(sources)
main.add_command(sync)
main.add_command(work)

if __name__ == "__main__":
    main()
