"""What portals send, and what became of each row, as REST tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from db.importing.tally import Outcome
from db.sources.rows import Reject, RowKind
from db.sync.pushed import Pushed

__all__ = ["OUTCOMES", "TABLES", "Pushed", "Told", "Writing", "taken"]

TABLES: Final = tuple(kind.value for kind in RowKind)
"""The tables of the import format."""
OUTCOMES: Final = tuple(outcome.name.lower() for outcome in Outcome)


class Writing(Protocol):
    """Who writes what is sent."""

    async def take(self, source: str, sent: Sequence[Pushed]) -> list[Outcome | Reject]:
        """What became of each row."""


@dataclass(frozen=True)
class Told:
    """What became of a row."""

    outcome: str
    column: str | None = None
    reason: str | None = None


async def taken(writers: Writing, source: str, sent: Sequence[Pushed]) -> list[Told]:
    """What became of each row, in the order in which they were sent.

    Raises: RateLimited, Unavailable.
    """
    outcomes = await writers.take(source, sent)
    return [
        Told("rejected", one.column or None, one.reason) if isinstance(one, Reject) else Told(one.name.lower())
        for one in outcomes
    ]
