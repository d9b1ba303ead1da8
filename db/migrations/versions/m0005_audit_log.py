"""the audit log: rows are added, and removed by the purge alone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# The owner too is kept from changing what is written; who may remove it says so first, for one transaction.
_FUNCTION = """
CREATE FUNCTION deskgraph.keep_audit_log() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('deskgraph.audit_purge', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'deskgraph.audit_log is append-only, % is not allowed', TG_OP
    USING ERRCODE = 'insufficient_privilege', HINT = '`deskgraph audit purge` removes what is past its retention.';
END $$
"""
_TRIGGER = """
CREATE TRIGGER keep_audit_log BEFORE UPDATE OR DELETE OR TRUNCATE ON deskgraph.audit_log
FOR EACH STATEMENT EXECUTE FUNCTION deskgraph.keep_audit_log()
"""


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("door", sa.Text(), nullable=False),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("role", sa.Text(), nullable=True),
        sa.Column("scope", sa.Text(), nullable=True),
        sa.Column("scope_ids", ARRAY(sa.Text()), nullable=False),
        sa.Column("document_hash", sa.Text(), nullable=True),
        sa.Column("variables", JSONB(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("statements", sa.Integer(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("withheld", ARRAY(sa.Text()), nullable=False),
        sa.Column("requests", sa.Integer(), nullable=False),
        sa.CheckConstraint("requests > 0", name="requests_positive"),
        sa.PrimaryKeyConstraint("id"),
        schema="deskgraph",
    )
    op.create_index("audit_log_by_instant", "audit_log", ["at", "id"], schema="deskgraph")
    op.execute(_FUNCTION)
    op.execute(_TRIGGER)


def downgrade() -> None:
    op.drop_table("audit_log", schema="deskgraph")
    op.execute("DROP FUNCTION deskgraph.keep_audit_log")
