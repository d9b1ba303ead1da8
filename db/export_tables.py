"""The tables of exports that are made by workers, part of the reporting store (db.models)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    text,
)
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.models import SCHEMA, Stored


def _instant(*, nullable: bool = True) -> Any:
    return Field(sa_type=SqlDateTime(timezone=True), nullable=nullable)


class ExportJobRecord(Stored, table=True):
    """An export that a worker makes: who asked for what, and how far it is (docs/exports.md)."""

    __tablename__ = "export_jobs"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint("octet_length(body) <= 65536", name="body_fits"),
        Index("export_jobs_of_holder", "issuer", "subject", "created_at"),
        Index("export_jobs_to_do", "created_at", postgresql_where=text("state IN ('queued', 'running')")),
        {"schema": SCHEMA},
    )

    id: UUID = Field(primary_key=True)
    issuer: str
    """Who vouches for the subject; empty where its token does not say."""
    subject: str
    claims: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    """What the holder was when it asked: it is read as that."""
    body: str
    """The order, as a body of the export route."""
    report: str
    format: str
    state: str
    rows_done: int = Field(default=0, sa_type=BigInteger)
    rows_total: int | None = Field(default=None, sa_type=BigInteger)
    bytes: int = Field(default=0, sa_type=BigInteger)
    error_code: str | None = None
    error_message: str | None = None
    attempts: int = Field(default=0, sa_type=SmallInteger)
    worker: UUID | None = None
    """Whose the lease is."""
    lease_until: datetime | None = _instant()
    file_name: str | None = None
    media_type: str | None = None
    created_at: datetime = _instant(nullable=False)
    started_at: datetime | None = _instant()
    finished_at: datetime | None = _instant()
    expires_at: datetime = _instant(nullable=False)


class ExportChunkRecord(Stored, table=True):
    """A piece of a finished file; all but the last are of one size."""

    __tablename__ = "export_chunks"
    __table_args__ = (
        ForeignKeyConstraint(["job"], [f"{SCHEMA}.export_jobs.id"], ondelete="CASCADE"),
        {"schema": SCHEMA},
    )

    job: UUID = Field(primary_key=True)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary, nullable=False)
