"""One page of the audit log, newest first: what is asked, and its statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from db.audit.record import Door, Outcome
from db.statement import Arguments, Statement

_COLUMNS: Final = (
    "id, at, door, operation, outcome, request_id, subject, role, scope, scope_ids,"
    " document_hash, variables, rows, statements, duration_ms, withheld, requests"
)


@dataclass(frozen=True)
class AuditFilter:
    """Which records: all that is given must hold."""

    since: datetime | None = None
    until: datetime | None = None
    """Excluded."""
    subject: str | None = None
    outcome: Outcome | None = None
    door: Door | None = None


@dataclass(frozen=True)
class AuditPosition:
    """A place in the log."""

    at: datetime
    id: UUID


def audit_page(asked: AuditFilter, first: int, after: AuditPosition | None) -> Statement:
    """The statement that brings a page, and one record more where there is a next one."""
    arguments = Arguments()
    given = (
        ("at >= {}", asked.since, "timestamptz"),
        ("at < {}", asked.until, "timestamptz"),
        ("subject = {}", asked.subject, "text"),
        ("outcome = {}", asked.outcome and asked.outcome.value, "text"),
        ("door = {}", asked.door and asked.door.value, "text"),
    )
    conditions = [
        condition.format(arguments.bind(value, type_)) for condition, value, type_ in given if value is not None
    ]
    if after is not None:
        place = f"({arguments.bind(after.at, 'timestamptz')}, {arguments.bind(after.id, 'uuid')})"
        conditions.append(f"(at, id) < {place}")
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    limit = arguments.bind(first + 1, "int")
    sql = f"SELECT {_COLUMNS} FROM deskgraph.audit_log{where} ORDER BY at DESC, id DESC LIMIT {limit}"
    return Statement(sql, tuple(arguments.values))
