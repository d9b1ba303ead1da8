"""Whether a store has the rollups and indexes that it should, asked without loading what makes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from db.rollups.days import made_as
from db.single import Session, connected

FACT_INDEXES: Final = (
    "facts_by_agent",
    "facts_by_organization",
    "facts_by_source_and_instant",
    "facts_by_topic",
    "facts_standing",
)
"""The indexes of facts, but for the key's; a test holds them to the tables."""
_MISSING: Final = (
    "SELECT name FROM unnest($1::text[]) AS name"
    " WHERE NOT EXISTS (SELECT FROM pg_indexes WHERE schemaname = 'deskgraph' AND indexname = name)"
)
_ZONES: Final = "SELECT id, zone, made_as, first_day, is_ready FROM deskgraph.rollup_zones ORDER BY zone"


@dataclass(frozen=True)
class ZoneState:
    """What is known of one zone's rollups."""

    id: int
    zone: str
    made_as: str
    first_day: int | None
    is_ready: bool

    @property
    def is_current(self) -> bool:
        """Whether its rows are those that this code would make of all facts."""
        return self.is_ready and self.made_as == made_as(self.zone)


async def states(session: Session) -> list[ZoneState]:
    """All zones that rollups are kept for."""
    return [ZoneState(*row) for row in await session.fetch(_ZONES)]


async def missing_indexes(session: Session) -> list[str]:
    """The indexes of facts that are not there."""
    return [row["name"] for row in await session.fetch(_MISSING, list(FACT_INDEXES))]


async def is_settled(dsn: str, zones: Sequence[str]) -> bool:
    """Whether rollups are kept for exactly these zones, and are there, as are all indexes: asked without a lock.

    Raises: Unavailable where the database is away.
    """
    async with connected(dsn) as session:
        kept, missing = await states(session), await missing_indexes(session)
    return not missing and {one.zone for one in kept} == set(zones) and all(one.is_current for one in kept)
