"""Reports that are delivered again and again: what is kept of a schedule, and the statements of whoever made it.

Each statement names the holder, and behind both walls the database shows no other's rows (db.walls.keeping).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from typing import Any, Final
from uuid import UUID

from db import zones
from db.access import Viewer
from db.cadence import Cadence, Every
from db.export_jobs import JobFault
from db.statement import Statement

MAX_SCHEDULES: Final = 50
"""Of one viewer."""
MAX_EMAILS: Final = 20
MAX_DELIVERIES: Final = 20
"""Of each schedule, that are listed."""

OF_CADENCE: Final = "every, weekday, month_day, at_time, zone"
_COLUMNS: Final = (
    f"s.id, s.saved_report, r.name AS report_name, s.format, {OF_CADENCE}, s.emails, s.folder, s.active,"
    " s.paused_since, s.next_due_at, s.created_at, s.updated_at"
)
_MINE: Final = "issuer = $1 AND subject = $2"
_WRITTEN: Final = "saved_report, format, every, weekday, month_day, at_time, zone, emails, folder, active, next_due_at"
_SELECT: Final = (
    f"SELECT {_COLUMNS} FROM deskgraph.schedules AS s JOIN deskgraph.saved_reports AS r ON r.id = s.saved_report"
    " WHERE s.issuer = $1 AND s.subject = $2"
)
_LIST: Final = f"{_SELECT} ORDER BY s.created_at, s.id"
_ONE: Final = f"{_SELECT} AND s.id = $3"
_DELIVERIES: Final = (
    "SELECT schedule, id, due_at, state, attempts, next_attempt_at, error_code, error_message, bytes, file_name,"
    " delivered_at FROM ("
    "SELECT *, row_number() OVER (PARTITION BY schedule ORDER BY due_at DESC) AS place FROM deskgraph.deliveries"
    f" WHERE {_MINE}) AS numbered WHERE place <= {MAX_DELIVERIES} ORDER BY due_at DESC"
)
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended($2, hashtextextended($1, 7203010)))"
_COUNT: Final = f"SELECT count(*) AS schedules FROM deskgraph.schedules WHERE {_MINE}"
_ORDER: Final = f"SELECT export_order FROM deskgraph.saved_reports WHERE {_MINE} AND id = $3"
_INSERT: Final = (
    f"INSERT INTO deskgraph.schedules (issuer, subject, id, created_at, updated_at, {_WRITTEN})"
    " VALUES ($1, $2, $3, $4, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
)
_UPDATE: Final = (
    f"UPDATE deskgraph.schedules SET updated_at = $4, paused_since = NULL, ({_WRITTEN})"
    f" = ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) WHERE {_MINE} AND id = $3 RETURNING id"
)
_DELETE: Final = f"DELETE FROM deskgraph.schedules WHERE {_MINE} AND id = $3 RETURNING id"
_AGAIN: Final = (
    "UPDATE deskgraph.deliveries SET state = 'waiting', attempts = 0, next_attempt_at = $4"
    f" WHERE {_MINE} AND id = $3 AND state = 'uncertain' RETURNING id, due_at, state, attempts, next_attempt_at,"
    " error_code, error_message, bytes, file_name, delivered_at"
)


class ScheduleState(Enum):
    """Whether a schedule's report is delivered."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    """Its owner has stopped it."""
    PAUSED = "paused"
    """Its owner has not been seen for long; it goes on once that is so again."""


class DeliveryState(Enum):
    """What became of one due instant."""

    WAITING = "waiting"
    RUNNING = "running"
    SENDING = "sending"
    """It is being handed to the mail server."""
    DELIVERED = "delivered"
    UNCERTAIN = "uncertain"
    """It was being handed to the mail server when the worker or the connection ended: it may have arrived or not."""
    REFUSED = "refused"
    """What its owner's role does not allow any more, or nobody allows."""
    FAILED = "failed"
    """Tried as often as it is."""


@dataclass(frozen=True)
class Delivery:
    """One due instant of a schedule, as it is kept."""

    id: UUID
    due_at: datetime
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    fault: JobFault | None
    bytes: int | None
    file_name: str | None
    delivered_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """What a schedule delivers, when, and where to."""

    report: UUID
    """The saved report."""
    format: str
    cadence: Cadence
    emails: tuple[str, ...]
    folder: str | None
    active: bool


@dataclass(frozen=True)
class Schedule:
    """A schedule as it is kept."""

    id: UUID
    plan: Plan
    report_name: str
    state: ScheduleState
    next_due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deliveries: tuple[Delivery, ...]
    """The latest, newest first."""


def cadence_of(row: Mapping[str, Any]) -> Cadence:
    """When a row's schedule is due."""
    at: time = row["at_time"]
    return Cadence(Every(row["every"]), at, zones.zone_named(row["zone"]), row["weekday"], row["month_day"])


def schedule_of(row: Mapping[str, Any], deliveries: Sequence[Mapping[str, Any]]) -> Schedule:
    """The schedule that a row tells of, with those of some deliveries that are its own."""
    state = ScheduleState.PAUSED if row["paused_since"] else ScheduleState.ACTIVE
    own = (row["saved_report"], row["format"], cadence_of(row), tuple(row["emails"]), row["folder"], row["active"])
    return Schedule(
        id=row["id"],
        plan=Plan(*own),
        report_name=row["report_name"],
        state=state if row["active"] else ScheduleState.INACTIVE,
        next_due_at=row["next_due_at"] if row["active"] else None,
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        deliveries=tuple(delivery_of(one) for one in deliveries if one["schedule"] == row["id"]),
    )


def delivery_of(row: Mapping[str, Any]) -> Delivery:
    """The delivery that a row tells of."""
    return Delivery(
        id=row["id"],
        due_at=row["due_at"],
        state=DeliveryState(row["state"]),
        attempts=row["attempts"],
        next_attempt_at=row["next_attempt_at"],
        fault=JobFault(row["error_code"], row["error_message"]) if row["error_code"] else None,
        bytes=row["bytes"],
        file_name=row["file_name"],
        delivered_at=row["delivered_at"],
    )


def listing(viewer: Viewer) -> Statement:
    """Brings the viewer's schedules, in the order in which they were made."""
    return Statement(_LIST, viewer.holder)


def one(viewer: Viewer, id_: UUID) -> Statement:
    """Brings one of them."""
    return Statement(_ONE, (*viewer.holder, id_))


def deliveries(viewer: Viewer) -> Statement:
    """Brings the latest deliveries of each of the viewer's schedules."""
    return Statement(_DELIVERIES, viewer.holder)


def locking(viewer: Viewer) -> Statement:
    """Lets one transaction at a time add to the viewer's schedules."""
    return Statement(_LOCK, viewer.holder)


def counting(viewer: Viewer) -> Statement:
    """Brings how many schedules the viewer has."""
    return Statement(_COUNT, viewer.holder)


def order(viewer: Viewer, report: UUID) -> Statement:
    """Brings the order of one of the viewer's saved reports."""
    return Statement(_ORDER, (*viewer.holder, report))


def insert(viewer: Viewer, id_: UUID, plan: Plan, now: datetime) -> Statement:
    """Adds a schedule."""
    return _writing(_INSERT, viewer, id_, plan, now)


def update(viewer: Viewer, id_: UUID, plan: Plan, now: datetime) -> Statement:
    """Makes a schedule another; brings its id, if there was one."""
    return _writing(_UPDATE, viewer, id_, plan, now)


def _writing(sql: str, viewer: Viewer, id_: UUID, plan: Plan, now: datetime) -> Statement:
    when = plan.cadence
    cadence = (when.every.value, when.weekday, when.month_day, when.at, when.zone.key)
    where = (list(plan.emails), plan.folder, plan.active, when.first_after(now))
    return Statement(sql, (*viewer.holder, id_, now, plan.report, plan.format, *cadence, *where))


def removal(viewer: Viewer, id_: UUID) -> Statement:
    """Removes a schedule with its deliveries; brings its id, if there was one."""
    return Statement(_DELETE, (*viewer.holder, id_))


def again(viewer: Viewer, delivery: UUID, now: datetime) -> Statement:
    """Lets a delivery wait that may have arrived or not; brings it, if there was such a one."""
    return Statement(_AGAIN, (*viewer.holder, delivery, now))
