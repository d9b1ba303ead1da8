"""the due instants of targets among the facts.

What is stored already gets them by `deskgraph recompute`.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_constraint("source_known", "facts", schema="deskgraph")
    op.create_check_constraint("source_known", "facts", "source BETWEEN 1 AND 11", schema="deskgraph")


def downgrade() -> None:
    op.execute("DELETE FROM deskgraph.facts WHERE source > 9")
    op.drop_constraint("source_known", "facts", schema="deskgraph")
    op.create_check_constraint("source_known", "facts", "source BETWEEN 1 AND 9", schema="deskgraph")
