"""API keys for machines."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The one way to ask whether a key holds. It runs as its owner, so that a role which may call it need not be able to
# read the table, and no hash leaves it. Both sides are hashed once more with a nonce of the call: how long the
# comparison takes says nothing about the hash that is stored.
API_KEY = """
CREATE FUNCTION deskgraph.api_key(key_id text, key_hash bytea)
RETURNS TABLE (
    id text, name text, role text, agent text, teams text[], organization text,
    created_at timestamptz, expires_at timestamptz, revoked_at timestamptz
)
LANGUAGE sql VOLATILE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    WITH call AS MATERIALIZED (SELECT uuid_send(gen_random_uuid()) AS nonce)
    SELECT k.id, k.name, k.role, k.agent, k.teams, k.organization, k.created_at, k.expires_at, k.revoked_at
    FROM deskgraph.api_keys k, call
    WHERE k.id = key_id AND sha256(k.hash || call.nonce) = sha256(key_hash || call.nonce)
$$
"""


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=True),
        sa.Column("teams", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("organization", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(hash) = 32", name="hash_is_sha256"),
        sa.PrimaryKeyConstraint("id"),
        schema="deskgraph",
    )
    op.execute(API_KEY)
    op.execute("REVOKE ALL ON FUNCTION deskgraph.api_key(text, bytea) FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION deskgraph.api_key(text, bytea)")
    op.drop_table("api_keys", schema="deskgraph")
