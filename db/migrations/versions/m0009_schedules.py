"""schedules: saved reports that are delivered again and again, by what their holder was when last seen."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("holders", "schedules", "deliveries")
# The setting is a JSON object; without it, or with a part missing, no row is anybody's. Workers have a policy of their
# own (db.grants).
POLICY = """
CREATE POLICY of_holder ON deskgraph.{} USING (
  (issuer, subject) = (
    SELECT holder ->> 'issuer', holder ->> 'subject'
    FROM (SELECT nullif(current_setting('deskgraph.holder', true), '')::jsonb AS holder) AS set_for_transaction
  )
)
"""


def _instant(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.add_column("saved_reports", _text("export_order", nullable=True), schema="deskgraph")
    op.create_check_constraint("order_fits", "saved_reports", "octet_length(export_order) <= 65536", schema="deskgraph")
    op.create_table(
        "holders",
        *(_text(name) for name in ("issuer", "subject")),
        sa.Column("claims", postgresql.JSONB(), nullable=False),
        _instant("seen_at", nullable=False),
        sa.PrimaryKeyConstraint("issuer", "subject"),
        schema="deskgraph",
    )
    _schedules()
    _deliveries()
    if op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").scalar():
        return
    for table in TABLES:
        op.execute(f"ALTER TABLE deskgraph.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(POLICY.format(table))


def _schedules() -> None:
    op.create_table(
        "schedules",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("issuer", "subject")),
        sa.Column("saved_report", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("format", "every")),
        *(sa.Column(name, sa.SmallInteger(), nullable=True) for name in ("weekday", "month_day")),
        sa.Column("at_time", sa.Time(), nullable=False),
        _text("zone"),
        sa.Column("emails", postgresql.ARRAY(sa.Text()), nullable=False),
        _text("folder", nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        _instant("paused_since"),
        *(_instant(name, nullable=False) for name in ("next_due_at", "created_at", "updated_at")),
        sa.CheckConstraint("every IN ('daily', 'weekly', 'monthly')", name="every_known"),
        sa.CheckConstraint(
            "(weekday IS NOT NULL) = (every = 'weekly') AND weekday BETWEEN 1 AND 7", name="weekday_fits"
        ),
        sa.CheckConstraint("month_day BETWEEN 1 AND 28", name="month_day_fits"),
        sa.ForeignKeyConstraint(["saved_report"], ["deskgraph.saved_reports.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        schema="deskgraph",
    )
    op.create_index("schedules_of_holder", "schedules", ["issuer", "subject"], schema="deskgraph")
    active = sa.text("active")
    op.create_index("schedules_due", "schedules", ["next_due_at"], schema="deskgraph", postgresql_where=active)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("schedule", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("issuer", "subject")),
        _instant("due_at", nullable=False),
        _text("state"),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        _instant("next_attempt_at"),
        sa.Column("worker", sa.Uuid(), nullable=True),
        _instant("lease_until"),
        *(_text(name, nullable=True) for name in ("error_code", "error_message")),
        sa.Column("bytes", sa.BigInteger(), nullable=True),
        _text("file_name", nullable=True),
        _instant("delivered_at"),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'delivered', 'refused', 'failed')", name="delivery_state_known"
        ),
        sa.ForeignKeyConstraint(["schedule"], ["deskgraph.schedules.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("schedule", "due_at"),
        schema="deskgraph",
    )
    op.create_index("deliveries_of_holder", "deliveries", ["issuer", "subject"], schema="deskgraph")
    to_do = sa.text("state IN ('waiting', 'running')")
    op.create_index("deliveries_to_do", "deliveries", ["next_attempt_at"], schema="deskgraph", postgresql_where=to_do)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table, schema="deskgraph")
    op.drop_column("saved_reports", "export_order", schema="deskgraph")
