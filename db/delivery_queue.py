"""What is due and to be delivered, as workers see it: each due instant once, tried again after ever longer pauses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from db.export_jobs import JobFault
from db.schedules import OF_CADENCE, DeliveryState
from db.statement import Statement

MAX_ATTEMPTS: Final = 5
LEASE: Final = timedelta(minutes=5)
PAUSES: Final = tuple(timedelta(minutes=4**n) for n in range(MAX_ATTEMPTS - 1))
"""Before a delivery is tried a second time, a third, ..."""
KEPT: Final = timedelta(days=90)
"""How long it is known what became of a delivery."""
_AT_ONCE: Final = 100

_DUE: Final = (
    f"SELECT s.id, s.issuer, s.subject, {OF_CADENCE}, h.seen_at FROM deskgraph.schedules AS s"
    " LEFT JOIN deskgraph.holders AS h USING (issuer, subject)"
    f" WHERE s.active AND s.next_due_at <= $1 ORDER BY s.next_due_at LIMIT {_AT_ONCE} FOR UPDATE OF s SKIP LOCKED"
)
_TOO_FAR: Final = (
    f"SELECT s.id, {OF_CADENCE}, s.next_due_at, s.paused_since FROM deskgraph.schedules AS s"
    " WHERE s.active AND s.next_due_at > $1::timestamptz + interval '2 hours'"
    " + CASE s.every WHEN 'daily' THEN interval '1 day' WHEN 'weekly' THEN interval '7 days'"
    " ELSE interval '31 days' END"
    f" ORDER BY s.next_due_at DESC LIMIT {_AT_ONCE} FOR UPDATE OF s SKIP LOCKED"
)
"""The two hours: a day on which a zone's clocks are set back is longer."""
_NO_LONGER: Final = (
    "UPDATE deskgraph.deliveries SET next_attempt_at = least(next_attempt_at, $1), lease_until = least(lease_until, $2)"
    " WHERE (state = 'waiting' AND next_attempt_at > $1) OR (state IN ('running', 'sending') AND lease_until > $2)"
)
_FALL_DUE: Final = (
    "INSERT INTO deskgraph.deliveries (id, schedule, issuer, subject, due_at, state, attempts, next_attempt_at,"
    " error_code, error_message) VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, 0, $6, $7, $8)"
    " ON CONFLICT (schedule, due_at) DO NOTHING"
)
_GO_ON: Final = "UPDATE deskgraph.schedules SET next_due_at = $2, paused_since = $3 WHERE id = $1"
_TAKE: Final = """
UPDATE deskgraph.deliveries AS d SET
  state = 'running', worker = $1, lease_until = $2 + $3, attempts = attempts + 1, next_attempt_at = NULL
FROM deskgraph.schedules AS s, deskgraph.saved_reports AS r, deskgraph.holders AS h
WHERE d.id = (
  SELECT id FROM deskgraph.deliveries
  WHERE ((state = 'waiting' AND next_attempt_at <= $2) OR (state = 'running' AND lease_until < $2))
    AND (issuer, subject) IN (SELECT issuer, subject FROM deskgraph.holders)
  ORDER BY coalesce(next_attempt_at, lease_until), id LIMIT 1 FOR UPDATE SKIP LOCKED
)
AND s.id = d.schedule AND r.id = s.saved_report AND (h.issuer, h.subject) = (d.issuer, d.subject)
RETURNING d.id, d.schedule, d.issuer, d.subject, h.claims, d.due_at, d.attempts, r.name, r.export_order, s.format,
  s.zone, s.emails, s.folder
"""
_SENDING: Final = (
    "UPDATE deskgraph.deliveries SET state = 'sending' WHERE id = $1 AND worker = $2 AND state = 'running' RETURNING id"
)
_DOUBT: Final = (
    "UPDATE deskgraph.deliveries SET state = 'uncertain', worker = NULL, lease_until = NULL, error_code = $2,"
    " error_message = $3 WHERE state = 'sending' AND lease_until < $1"
)
_END: Final = (
    "UPDATE deskgraph.deliveries SET state = $3, worker = NULL, lease_until = NULL, next_attempt_at = $4,"
    " error_code = $5, error_message = $6, bytes = $7, file_name = $8, delivered_at = $9"
    " WHERE id = $1 AND worker = $2 AND state IN ('running', 'sending') RETURNING id"
)
_SWEEP: Final = "DELETE FROM deskgraph.deliveries WHERE due_at < $1 AND state NOT IN ('waiting', 'running', 'sending')"


def due(now: datetime) -> Statement:
    """Brings the schedules that are due, which no other worker then sees until the transaction ends."""
    return Statement(_DUE, (now,))


def too_far(now: datetime) -> Statement:
    """Brings the schedules that are due later than any of their kind can be: the clock was ahead as they went on."""
    return Statement(_TOO_FAR, (now,))


def wait_no_longer(now: datetime) -> Statement:
    """Shortens the pauses and leases that are longer than any: the clock was ahead as they began."""
    return Statement(_NO_LONGER, (now + PAUSES[-1], now + LEASE))


def fall_due(schedule: UUID, holder: tuple[str, str], due_at: datetime, now: datetime) -> Statement:
    """Adds what is to be delivered; of each due instant once."""
    return Statement(_FALL_DUE, (schedule, *holder, due_at, DeliveryState.WAITING.value, now, None, None))


def refuse(schedule: UUID, holder: tuple[str, str], due_at: datetime, fault: JobFault) -> Statement:
    """Notes that a due instant is not delivered."""
    refused = (DeliveryState.REFUSED.value, None, fault.code, fault.message)
    return Statement(_FALL_DUE, (schedule, *holder, due_at, *refused))


def go_on(schedule: UUID, next_due_at: datetime, paused_since: datetime | None) -> Statement:
    """Says when a schedule is due next."""
    return Statement(_GO_ON, (schedule, next_due_at, paused_since))


def take(worker: UUID, now: datetime) -> Statement:
    """Takes what has waited longest; brings it, with what its holder was when last seen."""
    return Statement(_TAKE, (worker, now, LEASE))


def sending(id_: UUID, worker: UUID) -> Statement:
    """Notes that a mail is about to be handed over; brings its id, where it is this worker's still."""
    return Statement(_SENDING, (id_, worker))


def doubt(now: datetime, fault: JobFault) -> Statement:
    """Leaves alone what was being handed over by workers that have not been heard of since."""
    return Statement(_DOUBT, (now, fault.code, fault.message))


def delivered(id_: UUID, worker: UUID, now: datetime, bytes_: int, file_name: str) -> Statement:
    """Ends a delivery that has arrived."""
    return Statement(_END, (id_, worker, DeliveryState.DELIVERED.value, None, None, None, bytes_, file_name, now))


def failed(id_: UUID, worker: UUID, state: DeliveryState, fault: JobFault, again_at: datetime | None) -> Statement:
    """Ends a delivery that has not, or lets it wait."""
    return Statement(_END, (id_, worker, state.value, again_at, fault.code, fault.message, None, None, None))


def sweep(now: datetime) -> Statement:
    """Forgets what became of old deliveries."""
    return Statement(_SWEEP, (now - KEPT,))
