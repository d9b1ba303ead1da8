"""What a process holds at present, and what the store says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from db.audit.log import AuditLog
from db.engine import Engine
from db.errors import UpstreamFault
from db.replicas import Replicas
from db.standing import standing
from db.sync.status import SourceStatus
from db.work_standing import work_standing
from rest_compat.admission import Entrance
from schema.answers import Answers
from schema.live import Live


@dataclass(frozen=True)
class State:
    """Numbers by the name of their metric."""

    of_process: Mapping[str, float] = field(default_factory=dict)
    of_store: Mapping[str, float] = field(default_factory=dict)
    rollups: Mapping[str, bool] = field(default_factory=dict)
    """Whether they are read, by zone."""
    live: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Numbers of live sources, by source."""
    replicas: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Numbers of replicas, by name."""


@dataclass(frozen=True)
class Sources:
    """Where the state is found."""

    engine: Engine
    audit_log: AuditLog
    answers: Answers | None
    live: Live
    entrance: Entrance
    replicas: Replicas | None = None

    def of_process(self) -> State:
        """What this process holds."""
        pool = self.engine.pool
        return State(
            of_process={
                "answers_bytes": self.answers.bytes_kept if self.answers is not None else 0,
                "requests_inside": self.entrance.inside,
                "requests_waiting": self.entrance.waiting,
                "pool_size": pool.size,
                "pool_free": pool.free,
                "pool_waiting": pool.waiting,
                "audit_waiting": self.audit_log.waiting,
                "tasks": len(asyncio.all_tasks()),
                "live_subscriptions": self.live.subscriptions,
                "live_groups": self.live.groups,
            },
            replicas=self._of_replicas(),
        )

    def _of_replicas(self) -> Mapping[str, Mapping[str, float]]:
        if self.replicas is None:
            return {}
        now = self.replicas.clock()
        behind, unfit = self.replicas.behind_seconds(now), self.replicas.unfit(now)
        return {
            name: {"replica_read": unfit[name] is None, **({} if lag is None else {"replica_lag_seconds": lag})}
            for name, lag in behind.items()
        }

    async def of_store(self) -> State:
        """What the store says; only that it is away, where it is."""
        try:
            found = await standing(self.engine)
        except UpstreamFault:
            return State(of_store={"database_up": 0})
        told = {"data_version": found.version, "data_changed_timestamp_seconds": found.changed_at.timestamp()}
        now = datetime.now(UTC)
        return State(
            of_store={"database_up": 1, **told, **await self._work()},
            rollups=found.rollups,
            live={one.name: _of_source(one, now) for one in found.sources},
        )

    async def _work(self) -> Mapping[str, float]:
        """What waits to be made; nothing, where the database only reads."""
        try:
            work = await work_standing(self.engine)
        except UpstreamFault:
            return {}
        return {
            "export_jobs_waiting": work.jobs_waiting,
            "export_jobs_running": work.jobs_running,
            "export_jobs_failed": work.jobs_failed,
            "export_jobs_oldest_waiting_seconds": work.oldest_waiting_seconds,
            "schedules_due": work.schedules_due,
            "deliveries_waiting": work.deliveries_waiting,
            "deliveries_failed": work.deliveries_failed,
        }


def _of_source(one: SourceStatus, now: datetime) -> Mapping[str, float]:
    lag = one.lag_seconds(now)
    return {
        **({} if lag is None else {"source_lag_seconds": lag}),
        "source_stale": one.is_stale(now),
        "source_failures": one.failures,
        "source_rejects": one.rejects,
    }
