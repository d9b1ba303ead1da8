"""What there is of rollups: zones, rows, deltas, bytes."""

from __future__ import annotations

from dataclasses import dataclass

from db.rollups.cuboids import CUBOIDS
from db.rollups.settled import ZoneState, states
from db.rollups.upkeep.verifying import snapshot


@dataclass(frozen=True)
class Size:
    """How large a cuboid is, of all zones together, its histograms and indexes included."""

    cuboid: str
    rows: int
    deltas: int
    """Rows that a compaction has yet to merge."""
    size_bytes: int


async def status(dsn: str) -> tuple[list[ZoneState], list[Size]]:
    """The zones that rollups are kept for, and the size of each cuboid.

    Raises: Unavailable where the database is away.
    """
    async with snapshot(dsn) as session:
        sizes = []
        for cuboid in CUBOIDS:
            counts = [
                await session.fetchrow(
                    f"SELECT count(*), count(*) FILTER (WHERE is_delta), pg_total_relation_size('{table}') FROM {table}"
                )
                for table in (cuboid.numbers, cuboid.bins)
            ]
            rows, deltas, size_bytes = (sum(row[column] for row in counts if row) for column in range(3))
            sizes.append(Size(cuboid.name, rows, deltas, size_bytes))
        return await states(session), sizes
