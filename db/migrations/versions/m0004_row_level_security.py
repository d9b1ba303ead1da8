"""row-level security: a transaction sees the rows of its scope, and without one none.

The owner is not held by it: imports read and write everything. On Citus it is left out, because a transaction's
settings do not reach the workers, and every report would be empty.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SCOPE_IDS = """
CREATE FUNCTION deskgraph.scope_ids(realm text) RETURNS integer[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
  named text[] := ARRAY(
    SELECT jsonb_array_elements_text(nullif(current_setting('deskgraph.scope', true), '')::jsonb -> realm));
BEGIN
  RETURN CASE
    WHEN named = '{}' THEN '{}'
    WHEN realm = 'organization' THEN ARRAY(SELECT id FROM deskgraph.organizations WHERE external_id = ANY (named))
    WHEN realm = 'teams' THEN ARRAY(SELECT id FROM deskgraph.teams WHERE external_id = ANY (named))
    WHEN realm = 'self' THEN ARRAY(SELECT id FROM deskgraph.agents WHERE external_id = ANY (named))
  END;
END $$
"""
"""The store's ids of the transaction's scope, where it is of this realm."""

FACT_COLUMNS = {"organization": "organization_id", "teams": "team_id", "self": "agent_id"}
"""The facts' column that a realm is about. `(SELECT ...)`: found once a statement, not once a row."""

TICKET_KEYS = {"tickets": "id", "ticket_events": "ticket_id", "ratings": "ticket_id"}
"""What is of a ticket is seen by whoever sees one of its facts."""


def upgrade() -> None:
    op.execute(SCOPE_IDS)
    if op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").scalar():
        return
    for table in ("facts", *TICKET_KEYS):
        op.execute(f"ALTER TABLE deskgraph.{table} ENABLE ROW LEVEL SECURITY")
    for realm, column in FACT_COLUMNS.items():
        ids = f"(SELECT deskgraph.scope_ids('{realm}'))::integer[]"
        op.execute(f"CREATE POLICY scope_{realm} ON deskgraph.facts FOR SELECT USING ({column} = ANY ({ids}))")
    for table, key in TICKET_KEYS.items():
        op.execute(
            f"CREATE POLICY scope_of_facts ON deskgraph.{table} FOR SELECT USING (EXISTS (SELECT FROM deskgraph.facts"
            f" AS f WHERE f.ticket_id = {table}.{key} AND f.organization_id = {table}.organization_id))"
        )


def downgrade() -> None:
    for realm in FACT_COLUMNS:
        op.execute(f"DROP POLICY IF EXISTS scope_{realm} ON deskgraph.facts")
    for table in TICKET_KEYS:
        op.execute(f"DROP POLICY IF EXISTS scope_of_facts ON deskgraph.{table}")
    for table in ("facts", *TICKET_KEYS):
        op.execute(f"ALTER TABLE deskgraph.{table} DISABLE ROW LEVEL SECURITY")
    op.execute("DROP FUNCTION deskgraph.scope_ids(text)")
