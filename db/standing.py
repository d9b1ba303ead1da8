"""How the store stands: its version, whose rollups are read, how live sources fare. Of no ticket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.engine import Engine
from db.rollups.days import made_as
from db.statement import Statement
from db.sync.status import SOURCES, SourceStatus

_VERSION: Final = Statement("SELECT version, changed_at FROM deskgraph.data_version", planned_once=None)
_ZONES: Final = Statement("SELECT zone, made_as, is_ready FROM deskgraph.rollup_zones", planned_once=None)


@dataclass(frozen=True)
class Standing:
    """The store at an instant."""

    version: int
    changed_at: datetime
    rollups: Mapping[str, bool]
    """Whether they are read, by the zone that they are kept for."""
    sources: Sequence[SourceStatus]
    """The live ones."""


async def standing(engine: Engine) -> Standing:
    """How the store stands.

    Raises: TimedOut, Unavailable.
    """
    async with engine.snapshot() as snapshot:
        (version,) = await snapshot.fetch(_VERSION)
        zones = await snapshot.fetch(_ZONES)
        sources = await snapshot.fetch(SOURCES)
    rollups = {row["zone"]: row["is_ready"] and row["made_as"] == made_as(row["zone"]) for row in zones}
    return Standing(version["version"], version["changed_at"], rollups, [SourceStatus.of(one) for one in sources])
