"""The tables of live sources, part of the reporting store (db.models)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Float, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy import DateTime as SqlDateTime
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from db.models import SCHEMA, Stored


def _instant(*, nullable: bool = True) -> Any:
    return Field(default=None, sa_type=SqlDateTime(timezone=True), nullable=nullable)


class SyncSourceRecord(Stored, table=True):
    """How far a live source has been read, and how it fares."""

    __tablename__ = "sync_sources"
    __table_args__ = (
        CheckConstraint("state IN ('loading', 'following', 'failing')", name="sync_state_known"),
        UniqueConstraint("run_id"),
        {"schema": SCHEMA},
    )

    name: str = Field(primary_key=True)
    kind: str
    state: str
    run_id: int
    """Of `import_runs`: tickets that bear it are the source's."""
    checkpoint: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB))
    as_of: datetime | None = _instant()
    """All that the source had committed by then is stored."""
    began_at: datetime | None = _instant()
    reconciled_at: datetime | None = _instant()
    failed_at: datetime | None = _instant()
    stale_after_seconds: int
    failures: int = 0
    """In a row."""
    rejects: int = 0
    """How many of its rows cannot go in at present, as far as they are kept."""
    error: str | None = None
    warning: str | None = None
    """Why tickets that are gone were not deleted."""
    skew_seconds: float | None = Field(default=None, sa_type=Float)
    rows_new: int = Field(default=0, sa_type=BigInteger)
    rows_changed: int = Field(default=0, sa_type=BigInteger)
    tickets_deleted: int = Field(default=0, sa_type=BigInteger)


class SyncRejectRecord(Stored, table=True):
    """A row of a live source that cannot go in, as long as it is so; of each source so many are kept."""

    __tablename__ = "sync_rejects"
    __table_args__ = (
        ForeignKeyConstraint(["source"], [f"{SCHEMA}.sync_sources.name"], ondelete="CASCADE"),
        {"schema": SCHEMA},
    )

    source: str = Field(primary_key=True)
    file: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    column: str
    reason: str
    text: str
    at: datetime = _instant(nullable=False)
