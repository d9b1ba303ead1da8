"""What every live source hands over, and what it is asked: the one interface between a source and the writer.

A source knows how to read where the tickets live; `db.sync.store` alone knows how to write them. Between the two go
chunks: rows of the import format, and a checkpoint that holds once the chunk is in the store.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

from db.sources.rows import Read, Reject

Checkpoint = Mapping[str, Any]
"""How far a source has been read, in its own words: what JSON can say. The store keeps it and never looks inside."""

CHUNK_ROWS: Final = 5_000
"""About so many rows are a chunk: one transaction of the store, and what an interruption loses at most."""

Place = tuple[str, str]
"""A row by its table's name and its key."""


@dataclass(frozen=True)
class Chunk:
    """Rows that go into the store together, in one transaction with the checkpoint."""

    rows: Sequence[Read | Reject]
    """Each with its table in `file` and its place in `keys` as `line`. Of one id at most one row a kind and table."""
    checkpoint: Checkpoint
    """Where to go on once this chunk is in the store."""
    keys: Sequence[str] = ()
    """What the source calls the row of each line; a reject is known, and taken back once its row is good, by it.
    Empty: the line says it."""
    whole: frozenset[str] = frozenset()
    """Tickets of which this chunk holds every event and the rating: what else is stored of those goes. The events of
    any other ticket are added to those stored."""
    deleted: Sequence[str] = ()
    """Tickets that are gone, where the source tells. They leave no facts."""
    as_of: datetime | None = None
    """Everything that the source had committed by then is in the store once this chunk is. TRICKY: an instant of the
    gateway's clock, when the pass began; the source's may be wrong. None: this chunk does not settle that."""
    skew_seconds: float | None = None
    """How far the source's clock is ahead of the gateway's, where that is known."""


@dataclass(frozen=True)
class Pace:
    """How often a source is asked."""

    interval_seconds: float = 5.0
    """Between two passes; a source that is woken by what it hears is asked earlier."""
    reconcile_seconds: float = 3_600.0
    """Between two comparisons of ids."""

    @property
    def stale_after_seconds(self) -> int:
        """An age of the data that cannot be explained by the pace."""
        return int(max(60.0, 5 * self.interval_seconds))


class LiveSource(Protocol):
    """Where tickets live."""

    @property
    def name(self) -> str:
        """The source's name in the store: lower-case letters, digits, `-` and `_`."""

    @property
    def kind(self) -> str:
        """What it is: `postgresql`, `zendesk`, `push`, ..."""

    @property
    def prefers_columns(self) -> bool:
        """Whether a ticket's own columns win over its events."""

    @property
    def pace(self) -> Pace:
        """How often it is asked."""

    def changes(self, after: Checkpoint | None) -> AsyncGenerator[Chunk, None]:
        """One pass: what has changed since a checkpoint, None: everything; ends when there is nothing more for now.

        At least one chunk, if only to say how far it is: the last one has `as_of`. A row may come again: the store
        takes equal rows as unchanged. Raises: SetupFault, what somebody must change; Unavailable, what may pass.
        """

    def ids(self) -> AsyncIterator[Sequence[str]] | None:
        """The ids of all tickets that are there, in batches, as the store names them; None where `deleted` tells."""

    async def gone(self, rejected: Sequence[Place]) -> Sequence[Place]:
        """Which of some rows that could not go in are not there any more; none, where that cannot be told.

        Raises: SetupFault, Unavailable.
        """

    async def changed(self) -> None:
        """Returns when the source says that something has changed; never, where it says nothing."""

    async def close(self) -> None:
        """Gives back what it holds."""
