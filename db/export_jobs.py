"""Exports that workers make: what is kept of one, and the statements of whoever asked for it.

Each statement names the holder, and behind both walls the database shows no other's rows (db.walls.keeping). All
instants are the database's own: gateways and workers need not agree on the time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Final
from uuid import UUID

from db.access import Role, Viewer
from db.statement import Statement

MAX_WAITING: Final = 20
"""Of one viewer."""
MAX_LISTED: Final = 100
CHUNK_BYTES: Final = 2**20
"""Of every piece of a file but the last."""

_COLUMNS: Final = (
    "id, issuer, subject, claims, report, format, state, rows_done, rows_total, bytes, error_code, error_message,"
    " attempts, file_name, media_type, created_at, started_at, finished_at, expires_at,"
    " extract(epoch FROM clock_timestamp() - started_at)::float8 AS elapsed_seconds"
)
_MINE: Final = "issuer = $1 AND subject = $2"
_THERE: Final = f"{_MINE} AND expires_at > clock_timestamp()"
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended($2, hashtextextended($1, 7203008)))"
_WAITING: Final = f"SELECT count(*) AS jobs FROM deskgraph.export_jobs WHERE {_THERE} AND state = 'queued'"
_LIST: Final = (
    f"SELECT {_COLUMNS} FROM deskgraph.export_jobs WHERE {_THERE} ORDER BY created_at DESC, id LIMIT {MAX_LISTED}"
)
_ONE: Final = f"SELECT {_COLUMNS} FROM deskgraph.export_jobs WHERE {_THERE} AND id = $3"
_INSERT: Final = (
    "INSERT INTO deskgraph.export_jobs (issuer, subject, id, claims, body, report, format, state, rows_done, bytes,"
    " attempts, created_at, expires_at)"
    " VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, 'queued', 0, 0, 0, clock_timestamp(), clock_timestamp() + $8)"
    f" RETURNING {_COLUMNS}"
)
_CANCEL: Final = (
    "UPDATE deskgraph.export_jobs SET state = 'cancelled', finished_at = clock_timestamp()"
    f" WHERE {_THERE} AND id = $3 AND state IN ('queued', 'running')"
)
_CHUNK: Final = (
    "SELECT content FROM deskgraph.export_chunks WHERE number = $4 AND job = ("
    f"SELECT id FROM deskgraph.export_jobs WHERE {_THERE} AND id = $3 AND state = 'done')"
)


class JobState(Enum):
    """How far an export is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        """Whether nothing more comes of it."""
        return self not in (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class Ordered:
    """An order that was checked."""

    body: str
    """As the export route takes it."""
    report: str
    format: str


@dataclass(frozen=True)
class JobFault:
    """Why an export failed."""

    code: str
    message: str


@dataclass(frozen=True)
class JobFile:
    """The file that an export came to."""

    name: str
    media_type: str
    bytes: int


@dataclass(frozen=True)
class Progress:
    """How far an export is."""

    rows: int
    total: int | None
    """None where it is not known beforehand."""
    elapsed_seconds: float | None
    """Since it was begun; None where it was not."""

    @property
    def share(self) -> float | None:
        """Rows of the total, at most 1."""
        return None if self.total is None else min(self.rows / self.total, 1.0) if self.total else 1.0

    @property
    def remaining_seconds(self) -> int | None:
        """How long the rest will take, if it goes on as it went."""
        if self.total is None or not self.rows or self.elapsed_seconds is None:
            return None
        return round(self.elapsed_seconds * max(self.total - self.rows, 0) / self.rows)


@dataclass(frozen=True)
class ExportJob:
    """An export as it is kept."""

    id: UUID
    viewer: Viewer
    """Who asked for it, as it then was."""
    report: str
    format: str
    state: JobState
    progress: Progress
    fault: JobFault | None
    file: JobFile | None
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime


def job_of(row: Mapping[str, Any]) -> ExportJob:
    """The export that a row tells of."""
    state = JobState(row["state"])
    done = state is JobState.DONE
    return ExportJob(
        id=row["id"],
        viewer=viewer_of(row),
        report=row["report"],
        format=row["format"],
        state=state,
        progress=Progress(row["rows_done"], row["rows_total"], None if state.is_ended else row["elapsed_seconds"]),
        fault=JobFault(row["error_code"], row["error_message"]) if row["error_code"] else None,
        file=JobFile(row["file_name"], row["media_type"], row["bytes"]) if done else None,
        attempts=row["attempts"],
        created_at=row["created_at"],
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        expires_at=row["expires_at"],
    )


def claims_of(viewer: Viewer) -> str:
    """What the store has of what a viewer is, as JSON."""
    told = {"role": viewer.role.value, "agent": viewer.agent, "teams": viewer.teams}
    return json.dumps({**told, "organization": viewer.organization})


def viewer_of(row: Mapping[str, Any]) -> Viewer:
    """The viewer of a row with issuer, subject and claims.

    Raises: Unauthenticated, where its role needs what it has not.
    """
    claims = json.loads(row["claims"])
    return Viewer(
        row["subject"],
        Role(claims["role"]),
        claims["agent"],
        tuple(claims["teams"]),
        claims["organization"],
        row["issuer"] or None,
    )


def locking(viewer: Viewer) -> Statement:
    """Lets one transaction at a time add to the viewer's exports: what `waiting` brings holds until its end."""
    return Statement(_LOCK, viewer.holder)


def waiting(viewer: Viewer) -> Statement:
    """Brings how many of the viewer's exports wait."""
    return Statement(_WAITING, viewer.holder)


def insert(viewer: Viewer, id_: UUID, ordered: Ordered, keep: timedelta) -> Statement:
    """Adds an export to those that wait."""
    order = (ordered.body, ordered.report, ordered.format)
    return Statement(_INSERT, (*viewer.holder, id_, claims_of(viewer), *order, keep))


def listing(viewer: Viewer) -> Statement:
    """Brings the viewer's exports, newest first."""
    return Statement(_LIST, viewer.holder)


def one(viewer: Viewer, id_: UUID) -> Statement:
    """Brings one of the viewer's exports."""
    return Statement(_ONE, (*viewer.holder, id_))


def cancel(viewer: Viewer, id_: UUID) -> Statement:
    """Ends an export that has not ended."""
    return Statement(_CANCEL, (*viewer.holder, id_))


def chunk(viewer: Viewer, id_: UUID, number: int) -> Statement:
    """Brings a piece of a finished file."""
    return Statement(_CHUNK, (*viewer.holder, id_, number))
