"""`deskgraph doctor`: looks for what goes wrong in practice, and says what to do."""

from __future__ import annotations

import asyncio
import json
import secrets
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

import settings as configuration
from commands.database import database
from commands.doctor.findings import Finding, Grade, fault, is_well
from db.errors import DeskgraphError, SetupFault
from settings import Settings

if TYPE_CHECKING:
    from db.examination import Examination
    from schema.executor import Gateway

_MARKS: Final = {Grade.OK: "ok", Grade.UNKNOWN: "?", Grade.WARNING: "warning", Grade.FAULT: "FAULT"}
_OF_OWNER: Final = ("rollups", "indexes", "tables", "data", "sources", "exports")
_BEHIND: Final = ("migrations", "rights", "rollups", "indexes", "data", "exports", "statements", "reports")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write a ZIP to hand on, without secrets and personal data.",
)
def doctor(as_json: bool, report: Path | None) -> None:
    """Look for what goes wrong in practice, and say what to do; exit code 1 where something is.

    It changes nothing: settings, this machine's disk, clocks and zones, the database, its rights, migrations, rollups,
    indexes and data, waiting exports, what runs long now and was slow lately, and how long each report takes.
    """
    from commands.doctor.bundle import bundle, told

    now = datetime.now(UTC)
    settings, findings, examined = _read()
    if settings is not None:
        findings, examined = _looked(settings, now)
    if as_json:
        click.echo(json.dumps(told(findings), indent=2))
    else:
        for line in _lines(findings):
            click.echo(line)
    if report is not None:
        try:
            report.write_bytes(bundle(findings, settings, examined, now))
        except OSError as wrong:
            raise click.ClickException(f"{report} cannot be written: {wrong.strerror}. Give another place.") from wrong
        click.echo(f"Written to {report}: read it before you hand it on.", err=True)
    if not is_well(findings):
        sys.exit(1)


def _read() -> tuple[Settings | None, list[Finding], None]:
    """The settings, or why they cannot be read."""
    from commands.doctor import machine

    if not machine.has_zones():
        return None, [machine.without_zones()], None
    try:
        return configuration.load(), [], None
    except SetupFault as found:
        remedy = "Correct it in the environment, or in the file that DESKGRAPH_CONFIG names."
        faults = [fault("settings", line, remedy, line.partition(": ")[2]) for line in found.message.splitlines()]
        return None, faults, None


def _looked(settings: Settings, now: datetime) -> tuple[list[Finding], Examination | None]:
    from commands.doctor import machine

    findings = [*machine.of_settings(settings), *machine.of_zones(now), *machine.of_disks(settings)]
    if settings.embeds and not (settings.data_dir / "cluster").exists():  # borrowing would make it
        remedy = "Run `deskgraph serve --demo` or `deskgraph import PATH`; or set DESKGRAPH_DATABASE_URL."
        return [*findings, fault("database", "There is no store yet, and no database is set.", remedy)], None
    if not settings.embeds and not settings.database_url.get_secret_value():
        found, examined = asyncio.run(_of_reader(settings))
        return [*findings, *found], examined
    try:
        with database(settings) as dsn:
            found, examined = asyncio.run(_of_store(dsn, settings))
    except DeskgraphError as fault_:
        remedy = "The message says what to do."
        return [*findings, fault("database", fault_.message, remedy, fault_.message)], None
    return [*findings, *found], examined


async def _of_reader(settings: Settings) -> tuple[list[Finding], Examination | None]:
    """Where only the login is known that may read: the server, and whether reports can be read."""
    from commands.doctor import database as judging
    from commands.doctor.intake import of_intake
    from commands.doctor.statement_times import slow_ms
    from db.examination import Unreachable, examine

    try:
        examined = await examine(settings.serving_url, None, slow_ms(settings))
    except Unreachable as found:
        return [judging.unreachable(found.kind), judging.not_looked(_BEHIND)], None
    findings = [*judging.of_server(examined.server, settings), *_of_statements(examined, settings)]
    findings.append(judging.for_the_owner(_OF_OWNER))
    findings += await of_intake(settings)
    return [*findings, *await _of_reports(settings.serving_url, settings)], examined


def _of_statements(examined: Examination, settings: Settings) -> list[Finding]:
    """What runs long now, and what was slow lately."""
    from commands.doctor.activity import of_activity
    from commands.doctor.statement_times import of_statement_times, slow_ms

    return [*of_activity(examined.activity), *of_statement_times(examined.times, slow_ms(settings))]


async def _of_reports(dsn: str, settings: Settings) -> list[Finding]:
    from commands.doctor.replicas import of_replicas
    from commands.doctor.reports import of_reports
    from commands.doctor.statement_times import slow_ms

    gateway = _gateway(dsn, settings)
    try:
        found = [one async for one in of_reports(gateway, settings.reporting_zones[0], slow_ms(settings))]
        return [*found, *[one async for one in of_replicas(dsn, settings)]]
    finally:
        await gateway.engine.close()


async def _of_store(owner: str, settings: Settings) -> tuple[list[Finding], Examination | None]:
    from commands.doctor import database as judging
    from commands.doctor.intake import of_intake
    from commands.doctor.statement_times import slow_ms
    from db.examination import Unreachable, examine
    from db.revision import HEAD

    try:
        examined = await examine(owner, HEAD, slow_ms(settings))
    except Unreachable as found:
        return [judging.unreachable(found.kind), judging.not_looked(_BEHIND)], None
    findings = [*judging.judged(examined, settings, datetime.now(UTC)), *_of_statements(examined, settings)]
    if examined.store is not None:
        findings += await of_intake(settings)
    elif examined.is_readable:
        findings.append(judging.of_newer(_OF_OWNER))
    if examined.is_readable:
        findings += await _of_reports(settings.serving_url or owner, settings)
    return findings, examined


def _gateway(dsn: str, settings: Settings) -> Gateway:
    """Reads with the server's login, as it does."""
    from db.engine import Engine, PoolSettings
    from identities import identity_of
    from schema.executor import Gateway

    pool = PoolSettings(statement_timeout_ms=settings.statement_timeout_ms, walls=settings.database_walls)
    return Gateway(Engine(dsn, pool), identity_of(settings), secrets.token_bytes(32), lambda: datetime.now(UTC))


def _lines(findings: Iterable[Finding]) -> list[str]:
    lines = []
    for one in findings:
        lines.append(f"{_MARKS[one.grade]:<8} {one.subject}: {one.told}")
        if one.remedy:
            lines.append(f"{'':<8} -> {one.remedy}")
    return lines
