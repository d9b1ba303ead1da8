"""Deltas merged: the several rows of a key become one, their sum, or none where that is nothing.

Each statement takes away exactly the rows whose sum it puts back, so writers may append meanwhile; readers see the
rows before or the rows after, which say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from db.importing.session import Session
from db.rollups.cuboids import CUBOIDS, Cuboid
from db.rollups.upkeep.fact_columns import copied
from db.rollups.upkeep.row_copy import bins_of, numbers_of, numbers_type, put_bins, put_numbers
from db.rollups.upkeep.settling import LOCK
from db.rollups.upkeep.sums import Sums
from db.rollups.upkeep.zone_days import Ints

DELTAS_AT_MOST: Final = 100_000
"""So many rows of deltas a table and zone may lie before they are merged."""


async def compact(session: Session, at_most: int = DELTAS_AT_MOST) -> None:
    """Merges the deltas of each table and zone that has more than so many; leaves it to others who are at it."""
    counts = " UNION ALL ".join(
        f"SELECT {number} AS cuboid, {is_bins} AS is_bins, zone_id, count(*) AS n FROM {table}"
        " WHERE is_delta GROUP BY zone_id"
        for number, cuboid in enumerate(CUBOIDS)
        for is_bins, table in ((False, cuboid.numbers), (True, cuboid.bins))
    )
    for number, is_bins, zone_id, _ in await session.fetch(f"SELECT * FROM ({counts}) AS c WHERE n > $1", at_most):
        async with session.transaction():
            if not await session.fetchval("SELECT pg_try_advisory_xact_lock($1)", LOCK):
                return
            await (_merge_bins if is_bins else _merge_numbers)(session, CUBOIDS[number], zone_id)


def _taken(table: str, keys: Sequence[str], held: str) -> str:
    """The statement that deletes all rows of the keys that have deltas, and returns them."""
    names = ("level", "block", *keys)
    same = " AND ".join(f"t.{name} = k.{name}" for name in names)
    return (
        f"WITH k AS MATERIALIZED (SELECT DISTINCT {', '.join(names)} FROM {table} WHERE zone_id = $1 AND is_delta)"
        f" DELETE FROM {table} AS t USING k WHERE t.zone_id = $1 AND {same}"
        f" RETURNING {', '.join(f't.{name}' for name in (*names, held))}"
    )


async def _merge_numbers(session: Session, cuboid: Cuboid, zone_id: int) -> None:
    rows = await copied(
        session,
        _taken(cuboid.numbers, cuboid.columns, "numbers"),
        (zone_id,),
        numbers_type(cuboid, ("level", "", ">i2"), ("block", "", ">i4")),
    )
    columns = [rows[name].astype(np.int64) for name in ("block", *cuboid.columns)]
    sums = _by_level(rows["level"], columns, numbers_of(rows))
    await put_numbers(session, cuboid, [(zone_id, one) for one in sums], is_delta=False)


async def _merge_bins(session: Session, cuboid: Cuboid, zone_id: int) -> None:
    rows = await session.fetch(_taken(cuboid.bins, cuboid.columns, "bins"), zone_id)
    if not rows:
        return
    row, histogram, buckets, counts = bins_of([one["bins"] for one in rows])
    known = np.array([tuple(one)[:-1] for one in rows], np.int64)[row]
    sums = _by_level(known[:, 0], [*known[:, 1:].T, histogram, buckets], counts)
    await put_bins(session, cuboid, [(zone_id, one) for one in sums], is_delta=False)


def _by_level(levels: Ints, columns: Sequence[Ints], values: Ints) -> list[Sums]:
    return [
        Sums.by([column[levels == level] for column in columns], values[levels == level], int(level))
        for level in np.unique(levels)
    ]
