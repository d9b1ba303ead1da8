"""How the work stands that nobody waits for: exports that workers make, deliveries, schedules that are due."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from db.engine import Engine
from db.statement import Statement

_JOBS: Final = Statement(
    "SELECT count(*) FILTER (WHERE state = 'queued') AS waiting,"
    " count(*) FILTER (WHERE state = 'running') AS running,"
    " count(*) FILTER (WHERE state = 'failed') AS failed,"
    " coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE state = 'queued')), 0)"
    "::float8 AS oldest_seconds FROM deskgraph.export_jobs",
    planned_once=None,
)
_SCHEDULES: Final = Statement(
    "SELECT (SELECT count(*) FROM deskgraph.schedules WHERE active AND next_due_at <= clock_timestamp()) AS due,"
    " (SELECT count(*) FROM deskgraph.deliveries WHERE state IN ('waiting', 'running', 'sending')) AS waiting,"
    " (SELECT count(*) FROM deskgraph.deliveries WHERE state IN ('failed', 'uncertain')) AS failed",
    planned_once=None,
)


@dataclass(frozen=True)
class WorkStanding:
    """What there is to do, and what came to nothing, as far as it is still known."""

    jobs_waiting: int
    jobs_running: int
    jobs_failed: int
    oldest_waiting_seconds: float
    """How long the export has waited that has waited longest."""
    schedules_due: int
    """That no worker has looked at yet."""
    deliveries_waiting: int
    deliveries_failed: int


async def work_standing(engine: Engine) -> WorkStanding:
    """How the work stands.

    Raises: TimedOut, Unavailable.
    """
    async with engine.working() as working:
        (jobs,) = await working.fetch(_JOBS)
        (schedules,) = await working.fetch(_SCHEDULES)
    return WorkStanding(
        jobs["waiting"],
        jobs["running"],
        jobs["failed"],
        jobs["oldest_seconds"],
        schedules["due"],
        schedules["waiting"],
        schedules["failed"],
    )
