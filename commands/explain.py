"""`deskgraph explain`: where the statements of an operation are answered from, and why not from something cheaper."""

from __future__ import annotations

import asyncio
import json
import secrets
from datetime import UTC, datetime
from typing import IO, Any

import click

import settings as configuration
from commands.database import database, migrated
from commands.holders import holder_options, viewer_of
from db.access import Viewer


@click.command()
@click.argument("document", type=click.File(encoding="utf-8"))
@click.option("--variables", default="{}", help="The operation's variables, as a JSON object.")
@holder_options
def explain(
    document: IO[str], variables: str, role: str, agent: str | None, teams: tuple[str, ...], organization: str | None
) -> None:
    """Run a GraphQL operation as somebody, and say what each of its statements read. DOCUMENT: a file, or - for stdin.

    It reads and changes nothing; the answer itself is not shown.
    """
    try:
        given = json.loads(variables)
    except ValueError as fault:
        raise click.UsageError(f"--variables is no JSON: {fault}") from None
    if not isinstance(given, dict):
        raise click.UsageError('--variables must be a JSON object, such as {"since": "2026-01-01"}.')
    viewer = viewer_of("explain", role, agent, teams, organization)
    settings = configuration.load()
    with database(settings) as dsn:
        migrated(dsn, settings)
        lines = asyncio.run(_explained(dsn, settings, viewer, document.read(), given))
    for line in lines:
        click.echo(line)


async def _explained(
    dsn: str, settings: configuration.Settings, viewer: Viewer, document: str, variables: dict[str, Any]
) -> list[str]:
    from db.engine import Engine, PoolSettings
    from identities import identity_of
    from schema.executor import Gateway

    engine = Engine(
        dsn, PoolSettings(statement_timeout_ms=settings.statement_timeout_ms, walls=settings.database_walls)
    )
    gateway = Gateway(engine, identity_of(settings), secrets.token_bytes(32), lambda: datetime.now(UTC))
    context = gateway.context(viewer)
    try:
        result = await gateway.execute(document, variables, context)
    finally:
        await engine.close()
    told = [one.told for one in context.loaders.explained]
    lines = [line for number, one in enumerate(told, start=1) for line in _lines(number, one)]
    timings = context.loaders.timings
    lines.append(f"{timings.statements} statements, {timings.seconds * 1000:.1f} ms in the database")
    return lines + [f"error: {error.message}" for error in result.errors or ()]


def _lines(number: int, told: dict[str, Any]) -> list[str]:
    by = " x ".join(told["by"]) or "nothing"
    head = (
        f"{number}. {told['source']}, by {by}: {told['numbers']} numbers in {told['windows']} windows, "
        f"{told['rows']} rows, {told['milliseconds']} ms"
    )
    lines = [head]
    if "zone" in told:
        lines.append(
            f"   days of {told['zone']}: {told['blocks']} blocks, {told['edges']} edges of {told['hoursFromFacts']} "
            "hours from facts"
        )
    return lines + [f"   not {other['source']}: {other['why']}" for other in told["notFrom"]]
