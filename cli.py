"""The `deskgraph` command. Exit codes: 0 done, 1 failed, 2 used wrongly."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import click
from tqdm import tqdm

import settings as configuration
from cli_identity import holder_options, key_record, key_table, ttl_option, viewer_of
from db.access import Role, Viewer
from db.errors import DeskgraphError
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


@contextmanager
def _database(settings: Settings) -> Iterator[str]:
    """The DSN of the database to use: the one set, or the embedded one, started for this command if need be."""
    if not settings.embeds:
        yield settings.database_url.get_secret_value()
        return
    from db import embedded  # the binaries are an extra; with a database of one's own nothing of it is imported

    with embedded.borrow(settings.data_dir) as running:
        yield running.server.dsn


def _migrated(dsn: str) -> None:
    from db.revision import HEAD, revision

    if asyncio.run(revision(dsn)) != HEAD:
        from db import migrate

        asyncio.run(migrate.upgrade(dsn))


@main.command()
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=int, help="The port to listen on.")
@click.option("--workers", type=int, help="The number of server processes.")
@click.option("--demo", is_flag=True, help="Fill an empty store with the demo data first, and print tokens to try.")
def serve(host: str | None, port: int | None, workers: int | None, demo: bool) -> None:
    """Serve the gateway; without a database set, over an embedded PostgreSQL."""
    settings = configuration.load(host=host, port=port, workers=workers)
    if not settings.embeds:
        _serve(settings, settings.database_url.get_secret_value(), demo)
        return
    from db import embedded

    with embedded.start(settings.data_dir) as running:
        _serve(settings, running.server.dsn, demo)


def _serve(settings: Settings, dsn: str, demo: bool) -> None:
    import uvicorn

    _migrated(dsn)
    if demo:
        _fill_if_empty(dsn)
        _print_welcome(settings)
    # The workers read their settings from the environment, as the process did.
    os.environ["DESKGRAPH_DATABASE_URL"] = dsn
    os.environ["DESKGRAPH_JWT_SECRET"] = settings.signing_secret()
    uvicorn.run(
        "app:create_worker",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_level=settings.log_level,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )


def _fill_if_empty(dsn: str) -> None:
    from db.importing.run import has_imported
    from db.sources.demo import demo as demo_source

    if not asyncio.run(has_imported(dsn)):
        click.echo("Filling the empty store with demo data (about 50,000 tickets over two years) ...")
        _run_import(dsn, demo_source(datetime.now(UTC).date()), dry_run=False, rejects=None)


_VIEWERS = {
    Role.ADMIN: Viewer("demo-admin", Role.ADMIN),
    Role.MANAGER: Viewer("demo-manager", Role.MANAGER),
    Role.TEAM_LEAD: Viewer("demo-team-lead", Role.TEAM_LEAD, teams=("billing",)),
    Role.AGENT: Viewer("demo-agent", Role.AGENT, agent="A-07"),
    Role.ANALYST: Viewer("demo-analyst", Role.ANALYST),
    Role.CLIENT: Viewer("demo-client", Role.CLIENT, organization="O-001"),
}


def _print_welcome(settings: Settings) -> None:
    from identities import identity_of

    address = f"http://{settings.host}:{settings.port}"
    click.echo(f"\ndeskgraph serves on {address}\n")
    if settings.jwks_url:
        click.echo("Bearer tokens come from the identity provider; `deskgraph keys create` makes a key for a machine.")
        return
    identity = identity_of(settings)
    tokens = {role: identity.issue(viewer, timedelta(days=30)) for role, viewer in _VIEWERS.items()}
    click.echo("A bearer token for each role, good for 30 days:")
    for role, token in tokens.items():
        click.echo(f"  {role.value:<10} {token}")
    click.echo(
        f"\nTry it:\n"
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
def import_(path: Path, mapping: Path | None, dry_run: bool, rejects: Path | None, as_json: bool) -> None:
    """Import tickets from a folder, or from one file, in the import format or through a mapping.

    Rejected rows go to a file with their line, column and reason; the exit code is 1 if there are any.
    """
    from db.sources.files import open_source
    from db.sources.mapping import load_mapping

    source = open_source(path, load_mapping(mapping) if mapping else None)
    rejects_file = rejects or Path(f"{source.name}.rejects.csv")
    with _database(configuration.load()) as dsn:
        _migrated(dsn)
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


def _run_import(dsn: str, source: Any, *, dry_run: bool, rejects: Path | None) -> Any:
    from db.importing.writer import import_rows

    with _rejects_writer(rejects) as on_reject, _progress_bar() as on_progress:
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


@contextmanager
def _progress_bar() -> Iterator[Callable[[Any], None]]:
    """A bar on a terminal, nothing elsewhere."""
    bar: tqdm[Any] | None = None
    step: object = None

    def show(progress: Any) -> None:
        nonlocal bar, step
        if bar is None or progress.step is not step:
            if bar is not None:
                bar.close()
            step = progress.step
            bar = tqdm(total=progress.total or None, desc=progress.step.value, unit_scale=True, disable=None)
        bar.update(progress.done - bar.n)

    try:
        yield show
    finally:
        if bar is not None:
            bar.close()


@main.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The day on which the two years end; default today.")
def demo(until: datetime | None) -> None:
    """Import the demo data: about 50,000 tickets over two years, the same for everyone."""
    from db.sources.demo import demo as demo_source

    try:
        source = demo_source(until.date() if until else _today())
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    with _database(configuration.load()) as dsn:
        _migrated(dsn)
        _print_summary(_run_import(dsn, source, dry_run=False, rejects=None), {}, dry_run=False)


def _today() -> date:
    return datetime.now(UTC).date()


@main.command()
def migrate() -> None:
    """Bring the database to this version's tables."""
    from db.revision import HEAD, revision

    with _database(configuration.load()) as dsn:
        before = asyncio.run(revision(dsn))
        _migrated(dsn)
    click.echo(f"from {before or 'nothing'} to {HEAD}")


@main.command()
def recompute() -> None:
    """Make the facts of every stored ticket anew, from its row, events and rating: after an upgrade.

    A changed policy or calendar needs no call: the import that brings it recomputes in the same transaction.
    """
    from db.importing.writer import recompute as recompute_facts

    with _database(configuration.load()) as dsn, _progress_bar() as on_progress:
        _migrated(dsn)
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


@main.group()
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
    with _database(configuration.load()) as dsn:
        _migrated(dsn)
        key = asyncio.run(api_keys.create(dsn, name.strip(), viewer, datetime.now(UTC), ttl))
    click.echo("Keep it now: it cannot be shown again. Send it as `Authorization: Bearer <key>`.", err=True)
    click.echo(key)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the keys as JSON.")
def list_keys(as_json: bool) -> None:
    """List all keys, expired and revoked ones too; times are UTC."""
    from db import api_keys

    with _database(configuration.load()) as dsn:
        _migrated(dsn)
        found = asyncio.run(api_keys.listed(dsn))
    now = datetime.now(UTC)
    click.echo(json.dumps([key_record(key, now) for key in found]) if as_json else "\n".join(key_table(found, now)))


@keys.command("revoke")
@click.argument("key_id", metavar="ID")
def revoke_key(key_id: str) -> None:
    """Revoke a key by its id; a running gateway refuses it within seconds."""
    from db import api_keys

    with _database(configuration.load()) as dsn:
        _migrated(dsn)
        is_known = asyncio.run(api_keys.revoke(dsn, key_id, datetime.now(UTC)))
    if not is_known:
        raise click.ClickException("There is no key with this id. `deskgraph keys list` shows all, with their ids.")
    click.echo(f"The key {key_id} is revoked.")


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print names and hashes as JSON.")
def documents(as_json: bool) -> None:
    """List the stored documents, by the hash that every role may run them with."""
    from rest_compat.stored import NAMED, hash_of

    hashes = {name: hash_of(text) for name, text in NAMED.items()}
    click.echo(json.dumps(hashes) if as_json else "\n".join(f"{name:<12}{found}" for name, found in hashes.items()))


@main.command()
def schema() -> None:
    """Print the public language (SDL)."""
    from schema.executor import SCHEMA

    click.echo(SCHEMA.as_str())


if __name__ == "__main__":
    main()
