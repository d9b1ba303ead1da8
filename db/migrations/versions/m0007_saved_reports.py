"""saved reports: each row is seen and changed by the viewer who saved it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLE = "saved_reports"
# The setting is a JSON object; without it, or with a part missing, no row is anybody's.
POLICY = f"""
CREATE POLICY of_holder ON deskgraph.{TABLE} USING (
  (issuer, subject) = (
    SELECT holder ->> 'issuer', holder ->> 'subject'
    FROM (SELECT nullif(current_setting('deskgraph.holder', true), '')::jsonb AS holder) AS set_for_transaction
  )
)
"""


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("page", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 120", name="name_fits"),
        sa.CheckConstraint("octet_length(query) <= 4096", name="query_fits"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("issuer", "subject", "name"),
        schema="deskgraph",
    )
    if op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").scalar():
        return
    op.execute(f"ALTER TABLE deskgraph.{TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(POLICY)


def downgrade() -> None:
    op.drop_table(TABLE, schema="deskgraph")
