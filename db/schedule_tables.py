"""The tables of reports that are delivered again and again, part of the reporting store (db.models)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.models import SCHEMA, Stored


def _instant(*, nullable: bool = True) -> Any:
    return Field(sa_type=SqlDateTime(timezone=True), nullable=nullable)


class HolderRecord(Stored, table=True):
    """What a holder was when it was last seen."""

    __tablename__ = "holders"

    issuer: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    claims: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    seen_at: datetime = _instant(nullable=False)


class ScheduleRecord(Stored, table=True):
    """A saved report that is delivered at a wall time, again and again (docs/exports.md)."""

    __tablename__ = "schedules"
    __table_args__ = (
        ForeignKeyConstraint(["saved_report"], [f"{SCHEMA}.saved_reports.id"], ondelete="CASCADE"),
        CheckConstraint("every IN ('daily', 'weekly', 'monthly')", name="every_known"),
        CheckConstraint("(weekday IS NOT NULL) = (every = 'weekly') AND weekday BETWEEN 1 AND 7", name="weekday_fits"),
        CheckConstraint("month_day BETWEEN 1 AND 28", name="month_day_fits"),
        Index("schedules_of_holder", "issuer", "subject"),
        Index("schedules_due", "next_due_at", postgresql_where=text("active")),
        {"schema": SCHEMA},
    )

    id: UUID = Field(primary_key=True)
    issuer: str
    subject: str
    saved_report: UUID
    format: str
    every: str
    weekday: int | None = Field(default=None, sa_type=SmallInteger)
    month_day: int | None = Field(default=None, sa_type=SmallInteger)
    """Of a month; NULL: its last."""
    at_time: time
    zone: str
    emails: list[str] = Field(sa_type=ARRAY(Text), nullable=False)
    folder: str | None = None
    active: bool
    paused_since: datetime | None = _instant()
    next_due_at: datetime = _instant(nullable=False)
    created_at: datetime = _instant(nullable=False)
    updated_at: datetime = _instant(nullable=False)


class DeliveryRecord(Stored, table=True):
    """One due instant of a schedule, and what became of it."""

    __tablename__ = "deliveries"
    __table_args__ = (
        ForeignKeyConstraint(["schedule"], [f"{SCHEMA}.schedules.id"], ondelete="CASCADE"),
        CheckConstraint(
            "state IN ('waiting', 'running', 'sending', 'delivered', 'uncertain', 'refused', 'failed')",
            name="delivery_state_known",
        ),
        UniqueConstraint("schedule", "due_at"),
        Index("deliveries_of_holder", "issuer", "subject"),
        Index(
            "deliveries_to_do", "next_attempt_at", postgresql_where=text("state IN ('waiting', 'running', 'sending')")
        ),
        {"schema": SCHEMA},
    )

    id: UUID = Field(primary_key=True)
    schedule: UUID
    issuer: str
    subject: str
    due_at: datetime = _instant(nullable=False)
    state: str
    attempts: int = Field(sa_type=SmallInteger)
    next_attempt_at: datetime | None = _instant()
    worker: UUID | None = None
    lease_until: datetime | None = _instant()
    error_code: str | None = None
    error_message: str | None = None
    bytes: int | None = Field(default=None, sa_type=BigInteger)
    file_name: str | None = None
    delivered_at: datetime | None = _instant()
