"""How the live sources fare, as the store tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from db.statement import Statement

SOURCES: Final = Statement(
    "SELECT name, kind, state, as_of, began_at, failed_at, stale_after_seconds, failures, rejects, error, warning,"
    " skew_seconds, rows_new, rows_changed, tickets_deleted FROM deskgraph.sync_sources ORDER BY name",
    planned_once=None,
)
REJECTS: Final = (
    'SELECT file, key, "column", reason, text FROM deskgraph.sync_rejects WHERE source = $1 ORDER BY at DESC LIMIT $2'
)


@dataclass(frozen=True)
class SourceStatus:
    """One source."""

    name: str
    kind: str
    state: str
    """`loading`, `following` or `failing`."""
    as_of: datetime | None
    began_at: datetime | None
    failed_at: datetime | None
    stale_after_seconds: int
    failures: int
    rejects: int
    error: str | None
    warning: str | None
    skew_seconds: float | None
    rows_new: int
    rows_changed: int
    tickets_deleted: int

    @classmethod
    def of(cls, row: Any) -> SourceStatus:
        """Of a row of `SOURCES`."""
        return cls(*row)

    def lag_seconds(self, now: datetime) -> float | None:
        """How old its data is; None: it has not been read to its end yet."""
        return None if self.as_of is None else max(0.0, (now - self.as_of).total_seconds())

    def is_stale(self, now: datetime) -> bool:
        """Whether its data is older than its pace explains; what is still loading is."""
        lag = self.lag_seconds(now)
        return lag is None or lag > self.stale_after_seconds
