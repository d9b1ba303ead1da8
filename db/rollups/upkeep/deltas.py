"""What a write adds to the rollups: rows of the difference, appended in the write's own transaction.

The facts that are to go are read before they are deleted, those that came after they were copied in; what stays the
same cancels out. Nobody waits for a lock, and nothing that is there is changed: rows add up.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from db.importing.session import Session
from db.rollups.blocks import SIZES
from db.rollups.cuboids import Cuboid
from db.rollups.settled import ZoneState, states
from db.rollups.upkeep.fact_columns import FactColumns, balance, read
from db.rollups.upkeep.row_copy import Part, put_bins, put_numbers
from db.rollups.upkeep.settling import give_up
from db.rollups.upkeep.sums import Shares, bins_by_day, numbers_by_day
from db.rollups.upkeep.zone_days import zone_days

MOST_TICKETS: Final = 1_000
"""So many tickets may one import, or recomputation, write with deltas, or `SHARE` of those stored; a larger one makes
rollups anew when it is done, which then costs less (docs/decisions/0013-rollups.md)."""
SHARE: Final = 0.03
_STORED: Final = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'tickets'::regclass"
_TOP: Final = len(SIZES) - 1
_OF_TICKETS: Final = (
    "(organization_id, ticket_id) IN (SELECT * FROM unnest($1::int[], $2::bigint[]))"
    # Of tickets this finds the few facts by their ticket; the key begins with it.
    " AND ticket_id = ANY ($2::bigint[])"
)
_LOWER: Final = "UPDATE rollup_zones SET first_day = $2 WHERE id = $1 AND (first_day IS NULL OR first_day > $2)"
Key = tuple[int, int]
"""Organization and id of a ticket."""


class Deltas:
    """Keeps the rollups of the zones that are ready, write by write."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._zones: list[ZoneState] = []
        self._leaving: FactColumns | None = None
        self._tickets = 0
        self._most = MOST_TICKETS

    async def begin(self) -> None:
        """Looks at what there is to keep."""
        self._zones = [one for one in await states(self._session) if one.is_current]
        self._most = max(MOST_TICKETS, int(SHARE * await self._session.fetchval(_STORED)))

    async def expect(self, tickets: int) -> None:
        """Gives up at once, in the caller's transaction, where more tickets are to come than deltas are good for."""
        self._tickets += tickets
        if self._zones and self._tickets > self._most:
            await give_up(self._session)
            self._zones = []

    async def leaving(self, tickets: Sequence[Key]) -> None:
        """Remembers the facts of tickets that are about to be deleted."""
        self._leaving = await self._read(tickets) if self._zones and tickets else None

    async def arrived(self, tickets: Sequence[Key]) -> None:
        """Appends what has changed, now that the facts of these tickets are there."""
        if not self._zones or (self._leaving is None and not tickets):
            return
        facts = balance(self._leaving, await self._read(tickets))
        self._leaving = None
        if facts.size == 0:
            return
        await self._put(facts)
        for zone in self._zones:
            first = zone_days(zone.zone).days(facts.head["at"].min(keepdims=True))[0][0]
            await self._session.execute(_LOWER, zone.id, int(first))

    async def _put(self, facts: FactColumns) -> None:
        shares = Shares.of(facts)
        for put, made in ((put_numbers, numbers_by_day), (put_bins, bins_by_day)):
            parts: dict[Cuboid, list[Part]] = {}
            for zone in self._zones:
                for cuboid, by_day in made(facts, shares, zone_days(zone.zone)).items():
                    parts.setdefault(cuboid, []).extend((zone.id, sums) for sums in by_day.up_to(_TOP))
            for cuboid, of_cuboid in parts.items():
                await put(self._session, cuboid, of_cuboid, is_delta=True)

    async def _read(self, tickets: Sequence[Key]) -> FactColumns:
        organizations, ids = zip(*tickets, strict=True) if tickets else ((), ())
        return await read(self._session, _OF_TICKETS, list(organizations), list(ids))
