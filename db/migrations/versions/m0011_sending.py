"""deliveries: a mail that is being handed over, and one of which nobody knows whether it arrived."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_BEFORE = ("waiting", "running", "delivered", "refused", "failed")
_SINCE = ("waiting", "running", "sending", "delivered", "uncertain", "refused", "failed")
_TO_DO_BEFORE = ("waiting", "running")
_TO_DO_SINCE = ("waiting", "running", "sending")


def upgrade() -> None:
    _states(_SINCE, _TO_DO_SINCE)


def downgrade() -> None:
    # The older worker knows neither: what may have arrived it must not send again.
    op.execute(
        "UPDATE deskgraph.deliveries SET state = 'failed', worker = NULL, lease_until = NULL"
        " WHERE state IN ('sending', 'uncertain')"
    )
    _states(_BEFORE, _TO_DO_BEFORE)


def _states(states: tuple[str, ...], to_do: tuple[str, ...]) -> None:
    op.drop_constraint("delivery_state_known", "deliveries", schema="deskgraph")
    op.create_check_constraint("delivery_state_known", "deliveries", f"state IN {states}", schema="deskgraph")
    op.drop_index("deliveries_to_do", "deliveries", schema="deskgraph")
    op.create_index(
        "deliveries_to_do",
        "deliveries",
        ["next_attempt_at"],
        schema="deskgraph",
        postgresql_where=sa.text(f"state IN {to_do}"),
    )
