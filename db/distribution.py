"""Where each table lies once there is more than one machine: by organization on all of them, whole on each, or here.

Statements keep within what such tables can be asked (tests/distributed/rules.py), so that nothing else differs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Final

from db.models import SCHEMA
from db.rollups.cuboids import CUBOIDS

COLUMN: Final = "organization_id"
"""What distributed tables are distributed by."""


class Placement(Enum):
    """Where a table's rows lie."""

    DISTRIBUTED = "distributed"
    """Each organization's on one machine; those of one organization beside each other, whatever the table."""
    REFERENCE = "reference"
    """All on every machine."""
    LOCAL = "local"
    """All on the coordinator: what asks for them is answered there."""


_DISTRIBUTED: Final = ("tickets", "ticket_events", "ratings", "facts")
"""What grows with the tickets. The first is what the others are placed beside."""
_REFERENCE: Final = ("organizations", "teams", "categories", "tags", "agents")
"""What tickets point to: small, and read by name beside every report."""
_LOCAL: Final = (
    # What every write of the store passes, and what only its writer reads.
    ("alembic_version", "data_version", "import_runs", "sync_sources", "sync_rejects", "sla_policies", "calendars"),
    # Sums over all organizations: as large as days and agents, not as tickets.
    ("rollup_zones", *(name for cuboid in CUBOIDS for name in (cuboid.numbers, cuboid.bins))),
    # Who asks, what was asked, what is kept and what waits to be made.
    ("api_keys", "audit_log", "holders", "saved_reports", "schedules", "deliveries", "export_jobs", "export_chunks"),
)

PLACED: Final[Mapping[str, Placement]] = MappingProxyType(
    dict.fromkeys(_DISTRIBUTED, Placement.DISTRIBUTED)
    | dict.fromkeys(_REFERENCE, Placement.REFERENCE)
    | {name: Placement.LOCAL for names in _LOCAL for name in names}
)
"""Every table of the store."""

SEQUENCES: Final = ("ticket_ids",)
"""The coordinator's own, taken from by the one writer."""


def declarations(declared: Mapping[str, Placement]) -> Iterator[str]:
    """The statements that place the tables which are not placed yet; in this order, in one transaction."""
    first, *others = _DISTRIBUTED
    for table in _DISTRIBUTED:
        if table not in declared:
            # The statement alone keeps rows from a viewer there: a transaction's scope does not reach the workers.
            yield f"ALTER TABLE {SCHEMA}.{table} DISABLE ROW LEVEL SECURITY"
    for table in _REFERENCE:
        if table not in declared:
            yield f"SELECT create_reference_table('{SCHEMA}.{table}')"
    if first not in declared:
        yield f"SELECT create_distributed_table('{SCHEMA}.{first}', '{COLUMN}', colocate_with => 'none')"
    for table in others:
        if table not in declared:
            yield (
                f"SELECT create_distributed_table('{SCHEMA}.{table}', '{COLUMN}', colocate_with => '{SCHEMA}.{first}')"
            )
