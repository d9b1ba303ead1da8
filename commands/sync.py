"""`deskgraph sync` and `deskgraph sources`: live sources followed, checked and seen."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import settings as configuration
from commands.beside import Beside
from commands.database import database, migrated
from commands.ending import until_told
from commands.progress import progress_bar
from db.errors import DeskgraphError, SetupFault
from settings import Settings

if TYPE_CHECKING:
    from db.sync.findings import Findings
    from db.sync.source import LiveSource
    from db.sync.status import SourceStatus

_ASKED: Final = "the source files of DESKGRAPH_SYNC_SOURCES"


@click.command()
@click.argument("source", required=False)
@click.option("--once", "how", flag_value="once", help="One pass, then end.")
@click.option(
    "--watch", "how", flag_value="watch", default="watch", help="Pass after pass, until told to end (default)."
)
@click.option("--accept-deletes", is_flag=True, help="With --once: delete what is gone, however much it is.")
@click.option("--beside", is_flag=True, hidden=True, help="End with whoever started it: when standard input does.")
def sync(source: str | None, how: str, accept_deletes: bool, beside: bool) -> None:
    """Keep the store within seconds of where the tickets live, without touching them.

    SOURCE is a source file, or the name of one of DESKGRAPH_SYNC_SOURCES; without it, all of those are followed, each
    by itself. See docs/sources.
    """
    settings = configuration.load()
    found = sources_of(settings, source)
    if how == "once":
        if accept_deletes and all(one.ids() is None for one in found):
            raise click.UsageError(
                "--accept-deletes is for sources whose ids are compared; these tell what is deleted."
            )
        with database(settings) as dsn:
            migrated(dsn, settings)
            _once(dsn, found, accept_deletes)
        return
    if accept_deletes:
        raise click.UsageError("--accept-deletes is for one pass; give --once, too.")
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)s: %(name)s: %(message)s")
    logging.getLogger("httpx2").setLevel(logging.WARNING)  # else a line a request
    with database(settings) as dsn:
        migrated(dsn, settings)
        from db.sync.following import follow_all

        asyncio.run(until_told(follow_all(dsn, found), beside=beside))


def sources_of(settings: Settings, wanted: str | None) -> list[LiveSource]:
    """The sources that are asked for.

    Raises: SetupFault, for a source file with faults, and for none.
    """
    from db.sync.kinds import load

    if wanted is not None and Path(wanted).is_file():
        return [load(Path(wanted))]
    found = [load(path) for path in settings.sync_sources]
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        raise SetupFault(f"Two of {_ASKED} have one name ({', '.join(names)}). Give each its own `name`.")
    if wanted is not None:
        found = [one for one in found if one.name == wanted]
        if not found:
            raise SetupFault(
                f"There is no file {wanted}, and none of {_ASKED} is called so ({', '.join(names) or 'none is set'})."
            )
    if not found:
        raise SetupFault("Which source? Give a source file, or set DESKGRAPH_SYNC_SOURCES to some.")
    return found


def following_beside(settings: Settings) -> list[Beside]:
    """Who follows the live sources beside a server, as the owner of the store: with the environment that we were given.

    Raises: SetupFault, where that cannot be.
    """
    if not settings.sync_sources:
        return []
    sources_of(settings, None)  # a faulty source file is told at once
    if not settings.database_url.get_secret_value() and not settings.embeds:
        raise SetupFault(
            "DESKGRAPH_SYNC_SOURCES are followed by who may write, and only DESKGRAPH_READER_URL is set. Set "
            "DESKGRAPH_DATABASE_URL, too, or run `deskgraph sync --watch` where it is."
        )
    return [Beside("who follows the live sources", ("sync", "--watch", "--beside"), dict(os.environ))]


def _once(dsn: str, sources: Sequence[LiveSource], accepts_deletes: bool) -> None:
    from db.sync.following import sync_once
    from db.sync.state import Written

    failed = False
    for source in sources:
        with progress_bar() as on_progress:
            told = _Counter(source.name)
            try:
                written: Written = asyncio.run(
                    sync_once(dsn, source, told.show, on_progress, accepts_deletes=accepts_deletes)
                )
            except DeskgraphError as fault:  # the others are not to blame
                click.echo(f"{source.name}: {fault.message}", err=True)
                failed = True
                continue
        click.echo(f"{source.name}: {_in_words(written)}")
        if written.rejected:
            click.echo(f"{source.name}: rows were rejected; `deskgraph sources status` lists them.", err=True)
            failed = True
    if failed:
        sys.exit(1)


def _in_words(written: Any) -> str:
    return ", ".join(
        f"{number:,} {word}" for word, number in asdict(written).items() if number or word in ("new", "changed")
    )


class _Counter:
    """Tells on a terminal how many rows are in."""

    def __init__(self, name: str) -> None:
        self._name = name

    def show(self, written: Any) -> None:
        """Shows what a pass has done so far."""
        if sys.stderr.isatty():
            click.echo(f"\r{self._name}: {_in_words(written)}   ", nl=False, err=True)


@click.group()
def sources() -> None:
    """Live sources: check a source file against where the tickets live, see how they fare, forget one."""


@sources.command("check")
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
def check_sources(source: str | None, as_json: bool) -> None:
    """Check a source file against where the tickets live, without writing anything anywhere.

    Missing columns, wrong types, words that no map names, rows that would be rejected, watermarks without an index; of
    an API what the token may not read.
    Exit code 1 where a source cannot be followed, or rows would be rejected.
    """
    from db.sync.kinds import check

    found = {live.name: asyncio.run(check(live)) for live in sources_of(configuration.load(), source)}
    if as_json:
        click.echo(json.dumps({name: [asdict(one) for one in all_] for name, all_ in found.items()}))
    else:
        for all_ in found.values():
            for one in all_:
                _print_findings(one)
    if any(one.faults or one.rejected for all_ in found.values() for one in all_):
        sys.exit(1)


def _print_findings(one: Findings) -> None:
    is_good = not (one.faults or one.warnings or one.rejected)
    click.echo(
        f"{one.table:<16} {'good' if is_good else 'see below'}" + (f", {one.rows:,} rows tried" if one.rows else "")
    )
    for fault in one.faults:
        click.echo(f"  fault: {fault}")
    for warning in one.warnings:
        click.echo(f"  warning: {warning}")
    for note in one.notes:
        click.echo(f"  note: {note}")
    if one.rejected:
        click.echo(f"  {one.rejected:,} rows would be rejected:")
    for reason, rows in one.rejects.items():
        click.echo(f"    {rows:,} x {reason}")


@sources.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@click.option("--rejects", default=10, show_default=True, help="So many of each source's rejects are listed.")
def show_status(as_json: bool, rejects: int) -> None:
    """Show each live source: its state, how old its data is, its last error, its rejects."""
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        found = asyncio.run(_status(dsn, rejects))
    now = datetime.now(UTC)
    if as_json:
        click.echo(json.dumps([_as_json(one, told, now) for one, told in found], default=str))
        return
    if not found:
        click.echo("No live source has been followed yet; `deskgraph sync SOURCE` begins.")
    for one, told in found:
        _print_status(one, told, now)


@sources.command("forget")
@click.argument("name")
def forget_source(name: str) -> None:
    """Forget a live source that is given up: its state and its rejects. Its tickets stay.

    NAME is what `deskgraph sources status` calls it. Until it is forgotten, it is told as stale.
    """
    from db.sync.forgetting import forget

    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        asyncio.run(forget(dsn, name))
    click.echo(f"{name} is forgotten. Its tickets stay; another source may take them over.")


async def _status(dsn: str, rejects: int) -> list[tuple[SourceStatus, list[dict[str, Any]]]]:
    import asyncpg

    from db.sync.status import REJECTS, SOURCES, SourceStatus

    connection = await asyncpg.connect(dsn)
    try:
        found = [SourceStatus.of(row) for row in await connection.fetch(SOURCES.sql)]
        return [(one, [dict(row) for row in await connection.fetch(REJECTS, one.name, rejects)]) for one in found]
    finally:
        await connection.close()


def _as_json(one: SourceStatus, rejects: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    told = {**asdict(one), "lag_seconds": one.lag_seconds(now), "is_stale": one.is_stale(now), "listed": rejects}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}


def _print_status(one: SourceStatus, rejects: list[dict[str, Any]], now: datetime) -> None:
    lag = one.lag_seconds(now)
    age = "not loaded yet" if lag is None else f"data as of {lag:,.0f} s ago" + (", STALE" if one.is_stale(now) else "")
    click.echo(f"{one.name} ({one.kind}): {one.state}, {age}")
    click.echo(f"  rows: {one.rows_new:,} new, {one.rows_changed:,} changed; {one.tickets_deleted:,} tickets deleted")
    if one.skew_seconds is not None and abs(one.skew_seconds) > 2:
        click.echo(f"  its clock is {one.skew_seconds:+,.0f} s from ours; nothing is missed by it")
    if one.error:
        click.echo(f"  error ({one.failures} in a row): {one.error}")
    if one.warning:
        click.echo(f"  warning: {one.warning}")
    if one.rejects:
        click.echo(f"  rejected at present: {one.rejects:,}")
    for reject in rejects:
        click.echo(f"    {reject['file']} {reject['key']}, {reject['column']}: {reject['reason']} ({reject['text']!r})")
