"""the reporting store."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
        schema="deskgraph",
    )
    op.create_table(
        "calendars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("spans", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("holidays", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("valid_from", sa.Text(), nullable=True),
        sa.Column("valid_until", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name", "valid_from", postgresql_nulls_not_distinct=True),
        schema="deskgraph",
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
        schema="deskgraph",
    )
    op.create_table(
        "data_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
        sa.PrimaryKeyConstraint("id"),
        schema="deskgraph",
    )
    op.create_table(
        "facts",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.SmallInteger(), nullable=False),
        sa.Column("source", sa.SmallInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.SmallInteger(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("tag_ids", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("interval_status", sa.SmallInteger(), nullable=True),
        sa.Column("is_first", sa.Boolean(), nullable=True),
        sa.Column("is_standing", sa.Boolean(), nullable=True),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("business_seconds", sa.Integer(), nullable=True),
        sa.Column("log_bucket", sa.SmallInteger(), nullable=True),
        sa.Column("business_log_bucket", sa.SmallInteger(), nullable=True),
        sa.Column("within_target", sa.Boolean(), nullable=True),
        sa.Column("score", sa.SmallInteger(), nullable=True),
        sa.CheckConstraint("channel BETWEEN 0 AND 7", name="channel_known"),
        sa.CheckConstraint("priority BETWEEN 0 AND 4", name="priority_known"),
        sa.CheckConstraint("source BETWEEN 1 AND 9", name="source_known"),
        sa.CheckConstraint("status BETWEEN 1 AND 9", name="status_known"),
        sa.PrimaryKeyConstraint("ticket_id", "ordinal", "organization_id"),
        schema="deskgraph",
    )
    op.create_index("facts_by_source_and_instant", "facts", ["source", "at"], unique=False, schema="deskgraph")
    op.create_table(
        "import_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("merged_through", sa.Text(), nullable=True),
        sa.Column("rows_read", sa.BigInteger(), nullable=False),
        sa.Column("rows_new", sa.BigInteger(), nullable=False),
        sa.Column("rows_changed", sa.BigInteger(), nullable=False),
        sa.Column("rows_unchanged", sa.BigInteger(), nullable=False),
        sa.Column("rows_rejected", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('running', 'finished', 'failed')", name="state_known"),
        sa.PrimaryKeyConstraint("id"),
        schema="deskgraph",
    )
    op.create_table(
        "organizations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
        schema="deskgraph",
    )
    op.create_table(
        "ratings",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.SmallInteger(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="score_known"),
        sa.PrimaryKeyConstraint("organization_id", "ticket_id"),
        schema="deskgraph",
    )
    op.create_table(
        "sla_policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("match_priority", sa.SmallInteger(), nullable=True),
        sa.Column("match_category_id", sa.Integer(), nullable=True),
        sa.Column("match_organization_id", sa.Integer(), nullable=True),
        sa.Column("first_response_seconds", sa.Integer(), nullable=True),
        sa.Column("resolution_seconds", sa.Integer(), nullable=True),
        sa.Column("clock", sa.SmallInteger(), nullable=False),
        sa.Column("pause_on", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("calendar", sa.Text(), nullable=True),
        sa.CheckConstraint("clock BETWEEN 1 AND 2", name="clock_known"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
        schema="deskgraph",
    )
    op.create_table(
        "tags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
        schema="deskgraph",
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("external_id"),
        schema="deskgraph",
    )
    op.create_table(
        "ticket_events",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.SmallInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("actor_kind", sa.SmallInteger(), nullable=True),
        sa.Column("from_value", sa.Text(), nullable=True),
        sa.Column("to_value", sa.Text(), nullable=True),
        sa.CheckConstraint("actor_kind BETWEEN 1 AND 3", name="actor_kind_known"),
        sa.CheckConstraint("kind BETWEEN 1 AND 8", name="kind_known"),
        sa.PrimaryKeyConstraint("organization_id", "ticket_id", "ordinal"),
        schema="deskgraph",
    )
    op.create_table(
        "tickets",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("requester", sa.Text(), nullable=True),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("priority", sa.SmallInteger(), nullable=True),
        sa.Column("channel", sa.SmallInteger(), nullable=True),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("tag_ids", sa.ARRAY(sa.Integer()), nullable=True),
        sa.Column("first_response_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_responder_id", sa.Integer(), nullable=True),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopen_count", sa.Integer(), nullable=True),
        sa.Column("first_response_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolution_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("prefers_columns", sa.Boolean(), nullable=False),
        sa.Column("import_run_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel BETWEEN 1 AND 7", name="channel_known"),
        sa.CheckConstraint("priority BETWEEN 1 AND 4", name="priority_known"),
        sa.CheckConstraint("status BETWEEN 1 AND 9", name="status_known"),
        sa.PrimaryKeyConstraint("organization_id", "id"),
        sa.UniqueConstraint("external_id", "organization_id"),
        schema="deskgraph",
    )
    op.execute("CREATE SEQUENCE deskgraph.ticket_ids")
    op.execute("INSERT INTO deskgraph.data_version (id, version, changed_at) VALUES (1, 1, now())")


def downgrade() -> None:
    op.drop_table("tickets", schema="deskgraph")
    op.drop_table("ticket_events", schema="deskgraph")
    op.drop_table("teams", schema="deskgraph")
    op.drop_table("tags", schema="deskgraph")
    op.drop_table("sla_policies", schema="deskgraph")
    op.drop_table("ratings", schema="deskgraph")
    op.drop_table("organizations", schema="deskgraph")
    op.drop_table("import_runs", schema="deskgraph")
    op.drop_index("facts_by_source_and_instant", table_name="facts", schema="deskgraph")
    op.drop_table("facts", schema="deskgraph")
    op.drop_table("data_version", schema="deskgraph")
    op.drop_table("categories", schema="deskgraph")
    op.drop_table("calendars", schema="deskgraph")
    op.drop_table("agents", schema="deskgraph")
    op.execute("DROP SEQUENCE deskgraph.ticket_ids")
