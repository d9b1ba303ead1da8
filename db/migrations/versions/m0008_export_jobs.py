"""export jobs: files that workers make and the store keeps, each seen by whoever asked for it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# The setting is a JSON object; without it, or with a part missing, no row is anybody's. Workers have a policy of their
# own (db.grants).
POLICIES = (
    """
CREATE POLICY of_holder ON deskgraph.export_jobs USING (
  (issuer, subject) = (
    SELECT holder ->> 'issuer', holder ->> 'subject'
    FROM (SELECT nullif(current_setting('deskgraph.holder', true), '')::jsonb AS holder) AS set_for_transaction
  )
)
""",
    """
CREATE POLICY of_holder ON deskgraph.export_chunks USING (
  EXISTS (SELECT FROM deskgraph.export_jobs AS jobs WHERE jobs.id = export_chunks.job)
)
""",
)


def _instant(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    _jobs()
    _chunks()
    if op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").scalar():
        return
    for table, policy in zip(("export_jobs", "export_chunks"), POLICIES, strict=True):
        op.execute(f"ALTER TABLE deskgraph.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(policy)


def _jobs() -> None:
    op.create_table(
        "export_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        *(_text(name) for name in ("issuer", "subject")),
        sa.Column("claims", postgresql.JSONB(), nullable=False),
        *(_text(name) for name in ("body", "report", "format", "state")),
        sa.Column("rows_done", sa.BigInteger(), nullable=False),
        sa.Column("rows_total", sa.BigInteger(), nullable=True),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        *(_text(name, nullable=True) for name in ("error_code", "error_message")),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("worker", sa.Uuid(), nullable=True),
        _instant("lease_until"),
        *(_text(name, nullable=True) for name in ("file_name", "media_type")),
        _instant("created_at", nullable=False),
        *(_instant(name) for name in ("started_at", "finished_at")),
        _instant("expires_at", nullable=False),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        sa.CheckConstraint("octet_length(body) <= 65536", name="body_fits"),
        sa.PrimaryKeyConstraint("id"),
        schema="deskgraph",
    )
    op.create_index("export_jobs_of_holder", "export_jobs", ["issuer", "subject", "created_at"], schema="deskgraph")
    to_do = sa.text("state IN ('queued', 'running')")
    op.create_index("export_jobs_to_do", "export_jobs", ["created_at"], schema="deskgraph", postgresql_where=to_do)


def _chunks() -> None:
    op.create_table(
        "export_chunks",
        sa.Column("job", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["job"], ["deskgraph.export_jobs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("job", "number"),
        schema="deskgraph",
    )
    # What is compressed cannot be cut; xlsx, pdf and parquet are compressed already.
    op.execute("ALTER TABLE deskgraph.export_chunks ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_table("export_chunks", schema="deskgraph")
    op.drop_table("export_jobs", schema="deskgraph")
