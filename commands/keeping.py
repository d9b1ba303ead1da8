"""The embedded database beside a server: started again where it dies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import click

from db.errors import SetupFault

if TYPE_CHECKING:
    from db.embedded import EmbeddedPostgres

_LOOK_SECONDS: Final = 0.5


@contextmanager
def kept_alive(running: EmbeddedPostgres) -> Iterator[None]:
    """Starts the database again whenever it has died, while this lasts; where that fails, again and again."""
    ending = threading.Event()
    thread = threading.Thread(target=_kept, args=(running, ending), name="database")
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _kept(running: EmbeddedPostgres, ending: threading.Event) -> None:
    told = ""
    while not ending.wait(_LOOK_SECONDS):
        if running.alive():
            continue
        if not told:
            click.echo("warning: the embedded database died; it is started again.", err=True)
        try:
            running.revive()
        except (SetupFault, OSError) as fault:
            if str(fault) != told:
                click.echo(f"warning: it does not start, and is tried again until it does: {fault}", err=True)
            told = str(fault) or "?"
        else:
            click.echo("The embedded database is there again.", err=True)
            told = ""
