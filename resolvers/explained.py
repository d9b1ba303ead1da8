"""What an operation's statements read and cost, told in words: for who operates the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.rollups.coverage import Coverage
from db.rollups.reading import FromRollup
from resolvers.plan import PlannedQuery


@dataclass(frozen=True)
class Explained:
    """One statement of numbers: where it was answered from, and why not from something cheaper."""

    planned: PlannedQuery
    rows: int
    seconds: float

    @property
    def source(self) -> str:
        """`rollup agent`, or `facts`."""
        chosen = self.planned.choice.chosen
        return f"rollup {chosen.cuboid.name}" if isinstance(chosen, FromRollup) else "facts"

    @property
    def told(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        planned = self.planned
        chosen = planned.choice.chosen
        return {
            "source": self.source,
            **(_read(chosen.coverage) if isinstance(chosen, FromRollup) else {}),
            "by": [dimension.value for dimension in planned.query.dimensions],
            "windows": len(planned.windows),
            "numbers": len(planned.query.partials),
            "rows": self.rows,
            "milliseconds": round(self.seconds * 1000, 2),
            "notFrom": [{"source": f"rollup {name}", "why": why} for name, why in planned.choice.refused],
        }


def _read(covered: Coverage) -> dict[str, Any]:
    return {
        "zone": covered.zone.key,
        "blocks": len(covered.blocks),
        "edges": len(covered.edges),
        "hoursFromFacts": round(covered.ragged_seconds / 3600, 2),
    }
