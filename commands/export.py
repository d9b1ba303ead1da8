"""`deskgraph export`: a report in a file, made in this process as the export route makes it."""

from __future__ import annotations

import asyncio
import errno
import json
import os
import secrets
import signal
import sys
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import click

import settings as configuration
from commands.database import database, migrated
from commands.holders import operator_options, viewer_of
from commands.progress import progress_bar
from db.access import Viewer
from db.errors import BadInput

if TYPE_CHECKING:
    from rest_compat.export.order import Order

_STDOUT: Final = "-"


class ExportCommand(click.Command):
    """A command with an option for every parameter of a report; what declares them is loaded when it is used."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """The options."""
        from rest_compat.export.formats import FORMATS
        from rest_compat.params import BY_NAME
        from rest_compat.stored import ReportName

        names = click.Choice([report.value for report in ReportName])
        return [
            click.Argument(["report"], type=names),
            click.Option(["--format"], type=click.Choice(list(FORMATS)), required=True, help="The file's format."),
            *super().get_params(ctx),
            *(_option(one.name, one.description, one.repeatable) for one in BY_NAME.values()),
        ]


def _option(name: str, description: str, repeatable: bool) -> click.Option:
    spelled = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)
    told = f"{description} Repeatable." if repeatable else description
    return click.Option([f"--{spelled}", f"given_{name}"], multiple=repeatable, help=told)


@click.command(cls=ExportCommand)
@click.option("--output", required=True, help="The file to write; - for stdout.")
@click.option("--locale", help="A language tag: how numbers and dates are written for people.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark.")
@click.option(
    "--separator", help="Between the cells of a CSV: a comma, a semicolon, a tab, or `locale`: as the locale's."
)
@operator_options
def export(
    report: str,
    format: str,
    output: str,
    locale: str | None,
    bom: bool,
    separator: str | None,
    role: str,
    as_agent: str | None,
    as_teams: tuple[str, ...],
    as_organization: str | None,
    **given: Any,
) -> None:
    """Write a report, the tickets behind a number, or a report of one's own into a file.

    The file has its name once it is whole. What is left out stands at its default (docs/rest.md).
    """
    viewer = viewer_of("export", role, as_agent, as_teams, as_organization)
    parameters = {name.removeprefix("given_"): value for name, value in given.items() if value not in (None, ())}
    of_csv = {"bom": bom or None, "separator": separator}
    own = {"report": report, "format": format, "locale": locale, **of_csv}
    body = {name: value for name, value in own.items() if value is not None} | parameters
    with _told():
        from rest_compat.export.body import order_of

        order = order_of(json.dumps(body).encode())
        settings = configuration.load()
        with database(settings) as dsn:
            migrated(dsn, settings)
            asyncio.run(_ending(_exported(dsn, settings, viewer, order, output)))


@contextmanager
def _told() -> Iterator[None]:
    """Turns refusals into a message: of what was asked wrongly exit code 2, of all else 1."""
    from rest_compat.problems import Kind, Problem

    try:
        yield
    except Problem as problem:
        message = "\n".join(fault.message for fault in problem.faults) or problem.detail
        used_wrongly = problem.kind in (Kind.BAD_INPUT, Kind.IMPOSSIBLE_INPUT)
        raise (click.UsageError if used_wrongly else click.ClickException)(message) from None
    except BadInput as fault:
        raise click.UsageError(fault.message) from None


async def _ending(work: Coroutine[Any, Any, None]) -> None:
    """Does the work, and lets go of everything in good order where the process is told to end."""
    task = asyncio.ensure_future(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        sys.exit(128 + signal.SIGTERM)


async def _exported(dsn: str, settings: configuration.Settings, viewer: Viewer, order: Order, output: str) -> None:
    from db.engine import Engine, PoolSettings
    from identities import identity_of, pseudonym_key
    from rest_compat.export.making import content_of
    from schema.executor import Gateway

    engine = Engine(
        dsn, PoolSettings(statement_timeout_ms=settings.statement_timeout_ms, walls=settings.database_walls)
    )
    gateway = Gateway(engine, identity_of(settings), pseudonym_key(settings), lambda: datetime.now(UTC))
    try:
        content = await content_of(gateway, gateway.context(viewer), order)
        with progress_bar() as show:
            watched = content.watched(_Counting(show, content.total).more)
            await _written(order.format.write(watched, order.options), output)
    finally:
        await engine.close()


async def _written(pieces: AsyncGenerator[bytes], output: str) -> None:
    async with aclosing(pieces):
        with _target(output) as out:
            async for piece in pieces:
                out.write(piece)


@contextmanager
def _target(output: str) -> Iterator[IO[bytes]]:
    """Where the file goes: beside its place under another name, until it is whole.

    Raises: ClickException, where it cannot be written.
    """
    try:
        if output == _STDOUT:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
            return
        target = Path(output)
        if target.is_dir():
            raise click.UsageError(f"--output {output} is a folder. Give a file's name.")
        part = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
        try:
            with part.open("xb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as fault:
        full = "There is no space left: free some, or give another folder. " if fault.errno == errno.ENOSPC else ""
        raise click.ClickException(f"{output} cannot be written: {full}{fault.strerror}") from fault


class _Step(Enum):
    """What the progress bar counts."""

    ROWS = "rows"


@dataclass(frozen=True)
class _Progress:
    """How far it has come."""

    step: _Step
    total: int | None
    done: int


@dataclass
class _Counting:
    """Counts rows as they are read."""

    show: Callable[[_Progress], None]
    total: int | None
    done: int = 0

    def more(self, rows: int) -> None:
        """Some rows more."""
        self.done += rows
        self.show(_Progress(_Step.ROWS, self.total, self.done))
