"""sync sources: how far each live source has been read, how it fares, and which of its rows cannot go in."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _instant(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "sync_sources",
        *(_text(name) for name in ("name", "kind", "state")),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("checkpoint", postgresql.JSONB(), nullable=True),
        *(_instant(name) for name in ("as_of", "began_at", "reconciled_at", "failed_at")),
        sa.Column("stale_after_seconds", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("failures", "rejects")),
        *(_text(name, nullable=True) for name in ("error", "warning")),
        sa.Column("skew_seconds", sa.Float(), nullable=True),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("rows_new", "rows_changed", "tickets_deleted")),
        sa.CheckConstraint("state IN ('loading', 'following', 'failing')", name="sync_state_known"),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("run_id"),
        schema="deskgraph",
    )
    op.create_table(
        "sync_rejects",
        *(_text(name) for name in ("source", "file", "key", "column", "reason", "text")),
        _instant("at", nullable=False),
        sa.ForeignKeyConstraint(["source"], ["deskgraph.sync_sources.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source", "file", "key"),
        schema="deskgraph",
    )


def downgrade() -> None:
    op.drop_table("sync_rejects", schema="deskgraph")
    op.drop_table("sync_sources", schema="deskgraph")
