"""Which zones rollups are kept for, and that those of each are there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from db.errors import SetupFault
from db.importing.fact_indexes import make_missing_indexes
from db.importing.session import Session, import_session
from db.importing.tally import Progress
from db.importing.ticket_store import raise_data_version
from db.rollups.cuboids import CUBOIDS
from db.rollups.settled import is_settled, states
from db.rollups.upkeep.making import make

LOCK: Final = 7_203_003
"""The advisory lock of whoever deletes rows: the making, and the compaction, which does not wait for it."""
_ADD: Final = (
    "INSERT INTO rollup_zones (id, zone, made_as, is_ready)"
    " SELECT coalesce(max(id), 0) + 1, $1, '', false FROM rollup_zones"
)
_VACUUM: Final = "VACUUM (SKIP_LOCKED) " + ", ".join(f"{one.numbers}, {one.bins}" for one in CUBOIDS)
"""Gives the place of rows that were replaced to those to come; readers need not look whether a row is there."""


async def settle(dsn: str, zones: Sequence[str], on_progress: Callable[[Progress], None]) -> None:
    """Keeps rollups for exactly these zones, and makes those that are not there or were made otherwise.

    So it does with the indexes of facts, which an import that was killed may have left out.
    Raises: SetupFault where an import is running, Unavailable where the database is away.
    """
    async with import_session(dsn) as session:
        await make_missing_indexes(session)
        await keep(session, zones)
        await mend(session, on_progress)


async def keep_zones(dsn: str, zones: Sequence[str]) -> None:
    """Keeps rollups for exactly these zones, and makes none: whoever comes next does.

    Raises: SetupFault where an import is running, Unavailable where the database is away.
    """
    if not await is_settled(dsn, zones):
        async with import_session(dsn) as session:
            await keep(session, zones)


async def rebuild(dsn: str, zones: Sequence[str], on_progress: Callable[[Progress], None]) -> list[str]:
    """The zones whose rollups are made anew from all facts: these, or all that are kept.

    Raises: SetupFault where an import is running or a zone is not kept, Unavailable where the database is away.
    """
    async with import_session(dsn) as session:
        kept = {one.zone: one.id for one in await states(session)}
        for zone in zones:
            if zone not in kept:
                raise SetupFault(
                    f"Rollups are not kept for the zone {zone!r}, only for {', '.join(kept) or 'none'}. Add it to "
                    "DESKGRAPH_REPORTING_ZONES and run `deskgraph migrate`."
                )
        asked = {zone: kept[zone] for zone in (zones or kept)}
        await _made(session, asked, on_progress)
        return list(asked)


async def keep(session: Session, zones: Sequence[str]) -> None:
    """Adds zones that are missing, not ready yet, and drops those that are not among these, with their rows."""
    known = {one.zone: one.id for one in await states(session)}
    if set(known) == set(zones):
        return
    async with session.transaction():
        dropped = [id_ for zone, id_ in known.items() if zone not in zones]
        for cuboid in CUBOIDS if dropped else ():
            for table in (cuboid.numbers, cuboid.bins):
                await session.execute(f"DELETE FROM {table} WHERE zone_id = ANY ($1::smallint[])", dropped)
        await session.execute("DELETE FROM rollup_zones WHERE id = ANY ($1::smallint[])", dropped)
        for zone in zones:
            if zone not in known:
                await session.execute(_ADD, zone)
        await raise_data_version(session)


async def give_up(session: Session) -> None:
    """Marks all rollups as not ready, in the caller's transaction: facts change without them."""
    await session.execute("UPDATE rollup_zones SET is_ready = false WHERE is_ready")


async def mend(session: Session, on_progress: Callable[[Progress], None]) -> None:
    """Makes what is not ready, or was made otherwise. Needs the import's lock."""
    await _made(session, {one.zone: one.id for one in await states(session) if not one.is_current}, on_progress)


async def _made(session: Session, zones: dict[str, int], on_progress: Callable[[Progress], None]) -> None:
    if not zones:
        return
    async with session.transaction():
        await session.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
        await make(session, zones, on_progress)
        await raise_data_version(session)
    await session.execute(_VACUUM)
