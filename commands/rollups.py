"""`deskgraph rollups`: the sums of facts that reports read."""

from __future__ import annotations

import asyncio
import sys
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import click

import settings as configuration
from commands.database import database, migrated
from commands.progress import progress_bar

if TYPE_CHECKING:
    from db.rollups.settled import ZoneState
    from db.rollups.upkeep.status import Size

_EPOCH: Final = date(1970, 1, 1)


@click.group()
def rollups() -> None:
    """Rollups, the sums of facts that reports read: see, prove and rebuild them."""


@rollups.command("status")
def show_status() -> None:
    """Show for each zone whether reports read its rollups, and how large they are."""
    from db.rollups.upkeep.status import status

    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        found, sizes = asyncio.run(status(dsn))
    kept = {one.zone: one for one in found}
    for zone in (*settings.reporting_zones, *(zone for zone in kept if zone not in settings.reporting_zones)):
        click.echo(f"{zone:<24} {_told(kept.get(zone), is_wanted=zone in settings.reporting_zones)}")
    click.echo("\n".join(["", *_table(sizes)]))


def _told(state: ZoneState | None, *, is_wanted: bool) -> str:
    """What is to be said of a zone, and what to run."""
    if state is None:
        return "not kept yet; run `deskgraph migrate`"
    if not is_wanted:
        return "kept, but not in DESKGRAPH_REPORTING_ZONES; run `deskgraph migrate` to drop it"
    again = f"reports read facts; run `deskgraph rollups rebuild --zone {state.zone}`"
    if not state.is_ready:
        return f"not ready: they are being made, or what makes them broke off; {again}"
    if not state.is_current:
        return f"not ready: made by another version, or by other rules of the zone; {again}"
    since = "no facts yet" if state.first_day is None else f"since {_EPOCH + timedelta(days=state.first_day)}"
    return f"ready, {since}"


def _table(sizes: list[Size]) -> list[str]:
    """A line a cuboid."""
    lines = [f"{'CUBOID':<12}{'ROWS':>14}{'DELTAS':>12}{'MB':>10}"]
    return lines + [f"{s.cuboid:<12}{s.rows:>14,}{s.deltas:>12,}{s.size_bytes / 1e6:>10,.1f}" for s in sizes]


@rollups.command("verify")
@click.option("--zone", "zones", multiple=True, help="A zone; repeatable; default: all.")
def verify_rollups(zones: tuple[str, ...]) -> None:
    """Prove that every level of every rollup equals the facts; exit code 1 where one does not.

    It reads all facts in one snapshot, and disturbs nobody.
    """
    from db.rollups.upkeep.status import status
    from db.rollups.upkeep.verifying import verify

    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        known = [one.zone for one in asyncio.run(status(dsn))[0]]
        _check_known(zones, known)
        with progress_bar() as on_progress:
            compared, differences = asyncio.run(verify(dsn, zones, on_progress))
    ready = [one.zone for one in compared]
    left = [zone for zone in zones or known if zone not in ready]
    for one in differences:
        click.echo(f"{one.zone}: {one.where}: {one.what}: expected {one.expected}, found {one.found}")
    for zone in left:
        click.echo(f"{zone}: not ready, so not compared. `deskgraph rollups status` says why.")
    for zone in ready:
        if zone not in {one.zone for one in differences}:
            click.echo(f"{zone}: equal to the facts")
    if differences:
        click.echo("Run `deskgraph rollups rebuild` to make them anew.", err=True)
    if differences or left:
        sys.exit(1)


@rollups.command("rebuild")
@click.option("--zone", "zones", multiple=True, help="A zone; repeatable; default: all.")
def rebuild_rollups(zones: tuple[str, ...]) -> None:
    """Make rollups anew from all facts; reports go on meanwhile."""
    from db.rollups.upkeep.settling import keep_zones, rebuild

    settings = configuration.load()
    with database(settings) as dsn, progress_bar() as on_progress:
        migrated(dsn, settings)
        asyncio.run(keep_zones(dsn, settings.reporting_zones))
        made = asyncio.run(rebuild(dsn, zones, on_progress))
    click.echo(f"made anew: {', '.join(made)}")


def _check_known(zones: tuple[str, ...], known: list[str]) -> None:
    for zone in zones:
        if zone not in known:
            raise click.UsageError(f"Rollups are not kept for {zone!r}, only for {', '.join(known) or 'no zone'}.")
