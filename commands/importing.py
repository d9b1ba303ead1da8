"""Bringing rows into the store, with progress, rejects and a summary."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

import click

from commands.progress import progress_bar
from settings import Settings


def print_summary(summary: Any, notices: dict[str, int], dry_run: bool) -> None:
    """Prints how many rows of each kind there were, and what became of them."""
    names = ("read", "new", "changed", "unchanged", "rejected")
    click.echo(f"{'':<14}" + "".join(f"{name:>11}" for name in names))
    everything = [(kind.value, counts) for kind, counts in summary.kinds.items()] + [("all", summary.rows)]
    for name, counts in everything:
        click.echo(f"{name:<14}" + "".join(f"{asdict(counts)[column]:>11,}" for column in names))
    for notice, number in notices.items():
        click.echo(f"notice: {notice}: {number:,}")
    words = (["a dry run: nothing is kept"] if dry_run else []) + (["resumed"] if summary.resumed else [])
    click.echo(f"{summary.seconds:.1f} s" + "".join(f", {word}" for word in words))


def keep_reporting_zones(dsn: str, settings: Settings) -> None:
    """Keeps rollups for the zones of the settings; the import makes those that are not there."""
    from db.rollups.upkeep.settling import keep_zones

    asyncio.run(keep_zones(dsn, settings.reporting_zones))


def run_import(dsn: str, source: Any, *, dry_run: bool, rejects: Path | None) -> Any:
    """Brings a source's rows into the store; those that cannot go in into a file. Returns the summary."""
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
