"""Records what SQL the product sends to its store in this process: each text once, with the line that sends it.

It listens where the driver does its I/O, and at the end of a session holds the texts to what distributed tables can be
asked (tests/distributed/rules.py). What tests and benchmarks send themselves is left out, and what goes to
somebody else's database, or builds the store rather than asks it.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, Final

from asyncpg import introspection
from asyncpg.connection import Connection

from tests.distributed.rules import Law

ROOT: Final = Path(__file__).parents[1]
KEPT: Final = ROOT / "tmp" / "statements"
CARRIERS: Final = ("db/engine.py", "tests/recording.py")
"""They send what others wrote."""
ELSEWHERE: Final = (
    "db/sync/postgresql/",
    "db/embedded/",
    "db/grants.py",
    "db/migrat",
    "db/distributing.py",
    "tests/",
    "benchmarks/",
)
"""Portals' databases, the embedded server's own, what makes and places the tables; and who is not the product."""

_DRIVERS: Final = frozenset(text for text in vars(introspection).values() if isinstance(text, str))
"""What the driver asks of types for itself."""
_RESETS: Final = "SELECT pg_advisory_unlock_all()"
"""What it begins with as it gives a connection back to its pool."""

Recorded = dict[str, str]
"""Where a text was sent from, by the text."""


@contextmanager
def recording() -> Iterator[Recorded]:
    """What the product sends from now on."""
    recorded: Recorded = {}
    replaced = {name: getattr(Connection, name) for name in _SENDING}
    for name, send in replaced.items():
        setattr(Connection, name, _noting(send, recorded))
    try:
        yield recorded
    finally:
        for name, send in replaced.items():
            setattr(Connection, name, send)


_SENDING: Final = ("_get_statement", "execute", "_copy_in", "_copy_out")
"""The driver's own ways to the server: prepared statements, plain ones, and rows in bulk."""


def _noting(send: Any, recorded: Recorded) -> Any:
    def noted(self: Any, sql: str, *given: Any, **named: Any) -> Any:
        if sql not in recorded and sql not in _DRIVERS and not sql.startswith(_RESETS):
            sender = _sender(sys._getframe(1))
            if sender is not None:
                recorded[sql] = sender
        return send(self, sql, *given, **named)

    return noted


def _sender(frame: FrameType | None) -> str | None:
    """The line of the product that sends; None where somebody else does."""
    while frame is not None:
        name = _MODULES.get(frame.f_code.co_filename)
        if name is None:
            name = _MODULES[frame.f_code.co_filename] = _module(frame.f_code.co_filename)
        if name and not name.startswith(CARRIERS):
            return None if name.startswith(ELSEWHERE) else f"{name}:{frame.f_lineno}"
        frame = frame.f_back
    return None


_MODULES: Final[dict[str, str]] = {}


def _module(file: str) -> str:
    """The path below the checkout; empty for what is not ours."""
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) and ".venv" not in path.parts else ""


_NUMBERS: Final = re.compile(r"\$?\b\d+\b")
_TEMPORARY: Final = re.compile(r"\s*CREATE TEMP(?:ORARY)? TABLE (?:IF NOT EXISTS )?(\w+)")


def breaches(recorded: Recorded) -> list[str]:
    """What no distributed store could answer, each with who sends it; texts that differ in numbers alone are one."""
    law = Law(frozenset(found[1] for found in map(_TEMPORARY.match, recorded) if found))
    distinct = {_NUMBERS.sub("1", sql): (sql, sender) for sql, sender in recorded.items()}
    return [f"{sender}: {breach}\n{sql}" for sql, sender in distinct.values() for breach in law.breaches(sql)]


def keep(recorded: Recorded) -> None:
    """Writes the texts into a file of this process's worker, to be read."""
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}.sql"
    file.write_text("\n\n".join(f"-- {sender}\n{sql}" for sql, sender in recorded.items()))
