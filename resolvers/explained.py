"""What an operation's statements read and cost, told in words: for who operates the gateway."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db.replicas import Place
from db.rollups.coverage import Coverage
from db.rollups.reading import FromRollup
from resolvers.plan import PlannedQuery


@dataclass(frozen=True)
class Explained:
    """One statement of numbers: where it was answered from, and why not from something cheaper."""

    planned: PlannedQuery
    rows: int
    seconds: float
    place: Place | None = None
    """Where it was read; None: there is the primary alone."""

    @property
    def source(self) -> str:
        """`rollup agent`, or `facts`."""
        return source_of(self.planned)

    @property
    def told(self) -> dict[str, Any]:
        """All of it, as JSON has it."""
        plan = explanation(self.planned)
        refused = plan.pop("notFrom")
        place = self.place.told if self.place is not None else {}
        cost = {"rows": self.rows, "milliseconds": round(self.seconds * 1000, 2)}
        return {**plan, **cost, **place, "notFrom": refused}


def source_of(planned: PlannedQuery) -> str:
    """`rollup agent`, or `facts`."""
    chosen = planned.choice.chosen
    return f"rollup {chosen.cuboid.name}" if isinstance(chosen, FromRollup) else "facts"


def explanation(planned: PlannedQuery) -> dict[str, Any]:
    """Where a statement is answered from, how much it asks, and why nothing cheaper would do; no value of a viewer."""
    chosen = planned.choice.chosen
    return {
        "source": source_of(planned),
        **(_read(chosen.coverage) if isinstance(chosen, FromRollup) else {}),
        "by": [dimension.value for dimension in planned.query.dimensions],
        "windows": len(planned.windows),
        "numbers": len(planned.query.partials),
        "notFrom": [{"source": f"rollup {name}", "why": why} for name, why in planned.choice.refused],
    }


def in_words(planned: PlannedQuery) -> str:
    """The same in a line, such as `facts by agent; not rollup agent: none is ready`."""
    plan = explanation(planned)
    why = "".join(f"; not {one['source']}: {one['why']}" for one in plan["notFrom"])
    return f"{plan['source']} by {' x '.join(plan['by']) or 'nothing'}{why}"


def _read(covered: Coverage) -> dict[str, Any]:
    return {
        "zone": covered.zone.key,
        "blocks": len(covered.blocks),
        "edges": len(covered.edges),
        "hoursFromFacts": round(covered.ragged_seconds / 3600, 2),
    }
