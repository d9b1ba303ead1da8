"""What a process holds at present, and what the store says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from db.audit.log import AuditLog
from db.engine import Engine
from db.errors import UpstreamFault
from db.standing import standing
from db.sync.status import SourceStatus
from schema.answers import Answers


@dataclass(frozen=True)
class State:
    """Numbers by the name of their metric."""

    of_process: Mapping[str, float] = field(default_factory=dict)
    of_store: Mapping[str, float] = field(default_factory=dict)
    rollups: Mapping[str, bool] = field(default_factory=dict)
    """Whether they are read, by zone."""
    live: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Numbers of live sources, by source."""


@dataclass(frozen=True)
class Sources:
    """Where the state is found."""

    engine: Engine
    audit_log: AuditLog
    answers: Answers | None

    def of_process(self) -> State:
        """What this process holds."""
        pool = self.engine.pool
        return State(
            of_process={
                "answers_bytes": self.answers.bytes_kept if self.answers is not None else 0,
                "pool_size": pool.size,
                "pool_free": pool.free,
                "pool_waiting": pool.waiting,
                "audit_waiting": self.audit_log.waiting,
            }
        )

    async def of_store(self) -> State:
        """What the store says; only that it is away, where it is."""
        try:
            found = await standing(self.engine)
        except UpstreamFault:
            return State(of_store={"database_up": 0})
        told = {"data_version": found.version, "data_changed_timestamp_seconds": found.changed_at.timestamp()}
        now = datetime.now(UTC)
        live = {one.name: _of_source(one, now) for one in found.sources}
        return State(of_store={"database_up": 1, **told}, rollups=found.rollups, live=live)


def _of_source(one: SourceStatus, now: datetime) -> Mapping[str, float]:
    lag = one.lag_seconds(now)
    return {
        **({} if lag is None else {"source_lag_seconds": lag}),
        "source_stale": one.is_stale(now),
        "source_failures": one.failures,
        "source_rejects": one.rejects,
    }
