"""The exports that wait, as workers see them: statements that take one, keep it, and end it.

A worker holds an export by a lease that it renews; whose lease is over has lost it, and another takes it from the
start. Of one viewer only some run at once.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from db.export_jobs import JobFault, JobFile
from db.statement import Statement

MAX_ATTEMPTS: Final = 3
LEASE: Final = timedelta(seconds=15)

_TO_DO: Final = (
    "(state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp()))"
    f" AND attempts < {MAX_ATTEMPTS} AND expires_at > clock_timestamp()"
)
_PEEK: Final = f"SELECT FROM deskgraph.export_jobs WHERE {_TO_DO} LIMIT 1"
_LOCK: Final = "SELECT pg_advisory_xact_lock(7203009)"
_TAKE: Final = f"""
UPDATE deskgraph.export_jobs SET
  state = 'running', worker = $1, lease_until = clock_timestamp() + $2, attempts = attempts + 1,
  started_at = clock_timestamp(), rows_done = 0, rows_total = NULL, bytes = 0
WHERE id = (
  SELECT id FROM deskgraph.export_jobs AS job
  WHERE {_TO_DO} AND $3 > (
    SELECT count(*) FROM deskgraph.export_jobs AS other
    WHERE other.issuer = job.issuer AND other.subject = job.subject
      AND other.state = 'running' AND other.lease_until >= clock_timestamp()
  )
  ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING id, issuer, subject, claims, body, report, format, created_at
"""
_FORGET: Final = "DELETE FROM deskgraph.export_chunks WHERE job = $1"
_HELD: Final = "id = $1 AND worker = $2 AND state = 'running'"
_RENEW: Final = (
    "UPDATE deskgraph.export_jobs SET lease_until = clock_timestamp() + $3, rows_done = $4, rows_total = $5"
    f" WHERE {_HELD} RETURNING id"
)
_ADD: Final = (
    "INSERT INTO deskgraph.export_chunks (job, number, content)"
    f" SELECT id, $3, $4 FROM deskgraph.export_jobs WHERE {_HELD} RETURNING job"
)
_FINISH: Final = (
    "UPDATE deskgraph.export_jobs SET state = 'done', finished_at = clock_timestamp(), worker = NULL,"
    " lease_until = NULL, rows_done = $3, file_name = $4, media_type = $5, bytes = $6,"
    f" expires_at = clock_timestamp() + $7 WHERE {_HELD} RETURNING id"
)
_FAIL: Final = (
    "UPDATE deskgraph.export_jobs SET state = 'failed', finished_at = clock_timestamp(), worker = NULL,"
    f" lease_until = NULL, error_code = $3, error_message = $4 WHERE {_HELD} RETURNING id"
)
_PUT_BACK: Final = (
    "UPDATE deskgraph.export_jobs SET state = 'queued', worker = NULL, lease_until = NULL, attempts = attempts - $3,"
    f" rows_done = 0 WHERE {_HELD} RETURNING id"
)
_NO_LONGER: Final = (
    "UPDATE deskgraph.export_jobs SET lease_until = clock_timestamp() + $1"
    " WHERE state = 'running' AND lease_until > clock_timestamp() + $1"
)
"""The database's clock was ahead as they were taken; who makes one renews it meanwhile."""
_GIVE_UP: Final = (
    "UPDATE deskgraph.export_jobs SET state = 'failed', finished_at = clock_timestamp(), worker = NULL,"
    " lease_until = NULL, error_code = 'UNAVAILABLE', error_message = $1"
    f" WHERE attempts >= {MAX_ATTEMPTS}"
    " AND (state = 'queued' OR (state = 'running' AND lease_until < clock_timestamp()))"
)
_SWEEP: Final = (
    "DELETE FROM deskgraph.export_jobs WHERE expires_at <= clock_timestamp()"
    " AND NOT (state = 'running' AND lease_until >= clock_timestamp())"
)
_SWEEP_CHUNKS: Final = (
    "DELETE FROM deskgraph.export_chunks WHERE job IN"
    " (SELECT id FROM deskgraph.export_jobs WHERE state IN ('queued', 'failed', 'cancelled'))"
)


def peek() -> Statement:
    """Brings a row if anything is to be done."""
    return Statement(_PEEK)


def locking() -> Statement:
    """Lets one worker at a time take, so that the number that runs of one viewer is exact."""
    return Statement(_LOCK)


def take(worker: UUID, a_viewer: int) -> Statement:
    """Takes the export that has waited longest, of viewers of whom fewer than so many run; brings it."""
    return Statement(_TAKE, (worker, LEASE, a_viewer))


def forget(job: UUID) -> Statement:
    """Removes what an earlier attempt left."""
    return Statement(_FORGET, (job,))


def renew(job: UUID, worker: UUID, rows: int, total: int | None) -> Statement:
    """Keeps the lease, and tells how far it is; brings nothing where the worker has it no more."""
    return Statement(_RENEW, (job, worker, LEASE, rows, total))


def add(job: UUID, worker: UUID, number: int, content: bytes) -> Statement:
    """Adds a piece of the file; brings nothing where the worker has it no more."""
    return Statement(_ADD, (job, worker, number, content))


def finish(job: UUID, worker: UUID, rows: int, file: JobFile, keep: timedelta) -> Statement:
    """Ends an export whose file is whole; brings nothing where the worker has it no more."""
    return Statement(_FINISH, (job, worker, rows, file.name, file.media_type, file.bytes, keep))


def fail(job: UUID, worker: UUID, fault: JobFault) -> Statement:
    """Ends an export that cannot be made."""
    return Statement(_FAIL, (job, worker, fault.code, fault.message))


def put_back(job: UUID, worker: UUID, uncounted: int) -> Statement:
    """Lets an export wait again, and counts so many attempts less."""
    return Statement(_PUT_BACK, (job, worker, uncounted))


def sweep() -> tuple[Statement, ...]:
    """Shortens leases that are too long, fails what was tried too often, removes what has expired or is of no file."""
    told = (
        f"The export was begun {MAX_ATTEMPTS} times, and each time the worker that made it ended midway. Ask for less, "
        "or look at the workers' log."
    )
    return (Statement(_NO_LONGER, (LEASE,)), Statement(_GIVE_UP, (told,)), Statement(_SWEEP), Statement(_SWEEP_CHUNKS))
