"""The kinds of live sources: how each one's file is read, and how it is tried."""

from __future__ import annotations

import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from db.errors import SetupFault
from db.sync.findings import Findings
from db.sync.freshdesk.language import load as load_freshdesk
from db.sync.http.checking import check as check_api
from db.sync.postgresql.checking import check as check_postgresql
from db.sync.postgresql.language import load_source
from db.sync.postgresql.reading import PostgresSource
from db.sync.postgresql.ready import READY
from db.sync.source import LiveSource
from db.sync.zendesk.language import load as load_zendesk


@dataclass(frozen=True)
class Kind:
    """One of them."""

    load: Callable[[Path], LiveSource]
    """The source that a file describes."""
    check: Callable[[Any], Awaitable[list[Findings]]]
    """What is found wrong with it; it is closed afterwards."""


def _postgresql(path: Path) -> PostgresSource:
    return PostgresSource(load_source(path))


def _checked(source: PostgresSource) -> Awaitable[list[Findings]]:
    return check_postgresql(source.described)


_POSTGRESQL: Final = Kind(_postgresql, _checked)
KINDS: Final = {
    "postgresql": _POSTGRESQL,
    **dict.fromkeys(READY, _POSTGRESQL),
    "zendesk": Kind(load_zendesk, check_api),
    "freshdesk": Kind(load_freshdesk, check_api),
}
"""By what a source file says under `kind`."""


def load(path: Path) -> LiveSource:
    """The source that a source file describes.

    Raises: SetupFault, with every fault of the file in its message.
    """
    return _kind_of(path).load(path)


async def check(source: LiveSource) -> list[Findings]:
    """What is found wrong with a source."""
    return await KINDS[source.kind].check(source)


def _kind_of(path: Path) -> Kind:
    try:
        kind = tomllib.loads(path.read_text()).get("kind", "postgresql")
    except (OSError, ValueError):
        return _POSTGRESQL  # which says what is wrong with the file
    if not isinstance(kind, str) or kind not in KINDS:
        raise SetupFault(f"The source file {path.name} has 1 fault:\n- kind: {kind!r}; allowed: {', '.join(KINDS)}")
    return KINDS[kind]
