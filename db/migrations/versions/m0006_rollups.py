"""rollups, and the ways to the facts of one agent, organization or topic, and to what stands now.

The rows are made by `deskgraph migrate`, or `deskgraph rollups rebuild`; until then reports read facts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SCHEMA = "deskgraph"
CUBOIDS: dict[str, tuple[str, ...]] = {
    "rollup_total": (),
    "rollup_status": ("status",),
    "rollup_category": ("category_id",),
    "rollup_hour": ("day_of_week", "hour_of_day"),
    "rollup_agent": ("team_id", "agent_id"),
    "rollup_topic": ("category_id", "priority", "channel"),
}
SCOPES = {"teams": "team_id", "self": "agent_id"}
"""The realms whose rows the cuboid by agent can tell apart."""


def upgrade() -> None:
    op.create_table(
        "rollup_zones",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("made_as", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Integer(), nullable=True),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("zone"),
        schema=SCHEMA,
    )
    for name, keys in CUBOIDS.items():
        _create(name, keys, sa.Column("numbers", sa.ARRAY(sa.BigInteger()), nullable=False))
        _create(f"{name}_bins", keys, sa.Column("bins", sa.ARRAY(sa.LargeBinary()), nullable=False))
        # In their row as long as that is possible, and never packed: they are read far more often than written.
        op.execute(f"ALTER TABLE {SCHEMA}.{name}_bins ALTER COLUMN bins SET STORAGE EXTERNAL")
        op.execute(f"ALTER TABLE {SCHEMA}.{name}_bins SET (toast_tuple_target = 8160)")
    for table in ("rollup_agent", "rollup_agent_bins"):
        _wall(table)
    op.create_index("facts_by_agent", "facts", ["agent_id", "source", "at"], schema=SCHEMA)
    op.create_index("facts_by_organization", "facts", ["organization_id", "source", "at"], schema=SCHEMA)
    op.create_index("facts_by_topic", "facts", ["category_id", "priority", "source", "at"], schema=SCHEMA)
    standing = sa.text("is_standing AND source IN (6, 8)")
    op.create_index(
        "facts_standing",
        "facts",
        ["organization_id", "agent_id", "category_id"],
        schema=SCHEMA,
        postgresql_where=standing,
    )


def _create(name: str, keys: tuple[str, ...], held: sa.Column[object]) -> None:
    place = ("zone_id", "level", "block")
    op.create_table(
        name,
        sa.Column("zone_id", sa.SmallInteger(), nullable=False),
        sa.Column("level", sa.SmallInteger(), nullable=False),
        sa.Column("block", sa.Integer(), nullable=False),
        *(sa.Column(column, sa.Integer(), nullable=False) for column in keys),
        held,
        sa.Column("is_delta", sa.Boolean(), server_default=sa.false(), nullable=False),
        schema=SCHEMA,
    )
    op.create_index(f"{name}_by_block", name, [*place, *keys], schema=SCHEMA)
    op.create_index(f"{name}_deltas", name, ["zone_id"], schema=SCHEMA, postgresql_where=sa.text("is_delta"))


def _wall(table: str) -> None:
    """Rows of the scope alone, as with facts; on Citus the tables are the coordinator's own, and walls are left out."""
    if op.get_bind().exec_driver_sql("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')").scalar():
        return
    op.execute(f"ALTER TABLE {SCHEMA}.{table} ENABLE ROW LEVEL SECURITY")
    for realm, column in SCOPES.items():
        ids = f"(SELECT {SCHEMA}.scope_ids('{realm}'))::integer[]"
        op.execute(f"CREATE POLICY scope_{realm} ON {SCHEMA}.{table} FOR SELECT USING ({column} = ANY ({ids}))")


def downgrade() -> None:
    for index in ("facts_standing", "facts_by_topic", "facts_by_organization", "facts_by_agent"):
        op.drop_index(index, "facts", schema=SCHEMA)
    for name in CUBOIDS:
        op.drop_table(f"{name}_bins", schema=SCHEMA)
        op.drop_table(name, schema=SCHEMA)
    op.drop_table("rollup_zones", schema=SCHEMA)
