"""Rollups made from all facts: read in steps of days, added up in memory, written in the order of their blocks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import numpy as np

from db.importing.session import Session
from db.importing.tally import Progress, Step
from db.rollups.blocks import SIZES
from db.rollups.cuboids import CUBOIDS, Cuboid
from db.rollups.days import made_as
from db.rollups.upkeep.fact_columns import COUNTED, FactColumns, read
from db.rollups.upkeep.row_copy import Part, put_bins, put_numbers
from db.rollups.upkeep.sums import Shares, Sums, bins_by_day, numbers_by_day
from db.rollups.upkeep.zone_days import ZoneDays, day_near, instant_of, zone_days

FACTS_AT_ONCE: Final = 400_000
"""So many facts, about, are read in one step: a quarter of a gigabyte with all that is made of them."""
_TOP: Final = len(SIZES) - 1
_STEPS: Final = (2, 3, 4, 5)
"""The levels whose blocks a step may be."""
_ENDS: Final = " UNION ALL ".join(
    f"SELECT min(at) AS low, max(at) AS high FROM facts WHERE source = {int(source)} AND at >= $1"
    for source in sorted(COUNTED)
)
_EVER: Final = datetime(1, 1, 2, tzinfo=UTC)
_RANGE: Final = f"SELECT min(low), max(high) FROM ({_ENDS}) AS ends"
"""The first and last counted fact from an instant on, by the index of each source."""
_HOW_MANY: Final = "SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'facts'::regclass"
_BETWEEN: Final = "at >= $1::timestamptz AND at < $2::timestamptz"


class Pipe:
    """Writes rows while those to come are added up: one statement at a time is under way."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._putting: asyncio.Future[None] | None = None

    async def put(self, cuboid: Cuboid, parts: Sequence[Part], *, is_bins: bool) -> None:
        """Begins to append rows, once those before are there."""
        await self.flush()
        put = put_bins if is_bins else put_numbers
        self._putting = asyncio.ensure_future(put(self._session, cuboid, parts, is_delta=False))

    async def flush(self) -> None:
        """Waits until all rows are there."""
        putting, self._putting = self._putting, None
        if putting is not None:
            await putting


@dataclass
class Maker:
    """Makes the rows of one zone, step by step."""

    pipe: Pipe
    zone_id: int
    days: ZoneDays
    level: int
    """A step is a block of this level; the blocks above it are made of those below them, once they are over."""
    first_day: int | None = None
    _step: int = 0
    """The first day of the last step."""
    _below: dict[int, dict[tuple[Cuboid, bool], list[Sums]]] = field(default_factory=dict)
    """By level what its next block is made of."""

    async def add(self, facts: FactColumns, first: int, end: int) -> None:
        """Writes the rows of the days [first, end), of which all facts must be among these."""
        self._step = first
        at = facts.head["at"]
        own = facts.kept((at >= self.days.start(first)) & (at < self.days.start(end)))
        if own.size == 0:
            return
        if self.first_day is None:
            self.first_day = int(self.days.days(own.head["at"].min(keepdims=True))[0][0])
        shares = await asyncio.to_thread(Shares.of, own)
        for is_bins, made in ((False, numbers_by_day), (True, bins_by_day)):
            by_day = await asyncio.to_thread(made, own, shares, self.days)
            for cuboid, sums in by_day.items():
                await self._write(cuboid, is_bins, sums, self.level)

    async def close(self, day: int | None) -> None:
        """Writes the blocks above the steps that are over when a day begins; None: all."""
        for level in range(self.level + 1, _TOP + 1):
            if day is not None and day // SIZES[level] == self._step // SIZES[level]:
                return
            for (cuboid, is_bins), parts in self._below.pop(level, {}).items():
                block, *keys = (np.concatenate(one) for one in zip(*(part.columns() for part in parts), strict=True))
                values = np.concatenate([part.values for part in parts])
                whole = Sums.by([block // (SIZES[level] // SIZES[level - 1]), *keys], values, level)
                await self._write(cuboid, is_bins, whole, level)

    async def _write(self, cuboid: Cuboid, is_bins: bool, sums: Sums, level: int) -> None:
        made = await asyncio.to_thread(list, sums.up_to(level))
        await self.pipe.put(cuboid, [(self.zone_id, one) for one in made], is_bins=is_bins)
        if level < _TOP:
            self._below.setdefault(level + 1, {}).setdefault((cuboid, is_bins), []).append(made[-1])


async def make(session: Session, zones: Mapping[str, int], on_progress: Callable[[Progress], None]) -> None:
    """Makes the rows of some zones, by name with their ids, in place of those that are there; the caller commits.

    Needs the import's lock: facts must stay as they are meanwhile.
    """
    for cuboid in CUBOIDS:
        for table in (cuboid.numbers, cuboid.bins):
            await session.execute(f"DELETE FROM {table} WHERE zone_id = ANY ($1::smallint[])", list(zones.values()))
    first, last = await days_with_facts(session)
    makers: Sequence[Maker] = ()
    if first is not None and last is not None:
        level = await step_level(session, first, last)
        pipe = Pipe(session)
        makers = [Maker(pipe, zone_id, zone_days(zone), level) for zone, zone_id in zones.items()]
        try:
            await _make(session, makers, first, last, on_progress)
        finally:
            await pipe.flush()
    made = {maker.zone_id: maker.first_day for maker in makers}
    for zone, zone_id in zones.items():
        await session.execute(
            "UPDATE rollup_zones SET made_as = $2, first_day = $3, is_ready = true WHERE id = $1",
            zone_id,
            made_as(zone),
            made.get(zone_id),
        )
    tables = ", ".join(table for cuboid in CUBOIDS for table in (cuboid.numbers, cuboid.bins))
    await session.execute(f"ANALYZE {tables}")


async def _make(
    session: Session, makers: Sequence[Maker], first: int, last: int, on_progress: Callable[[Progress], None]
) -> None:
    level, calendars = makers[0].level, [maker.days for maker in makers]
    async for start in steps(session, calendars, level):
        for maker in makers:
            await maker.close(start)
        await makers[0].pipe.flush()
        end = start + SIZES[level]
        facts = await facts_of_days(session, calendars, start, end)
        for maker in makers:
            await maker.add(facts, start, end)
        await makers[0].pipe.flush()
        on_progress(Progress(Step.ADDING_UP, min(end, last + 1) - first, last + 1 - first))
    for maker in makers:
        await maker.close(None)


async def steps(session: Session, calendars: Sequence[ZoneDays], level: int) -> AsyncIterator[int]:
    """The first days of the blocks of a level that may have facts, in any of these zones."""
    day, _ = await days_with_facts(session)
    number = None
    while day is not None:
        number = day // SIZES[level] if number is None else max(day // SIZES[level], number + 1)
        yield number * SIZES[level]
        end = (number + 1) * SIZES[level]
        day, _ = await days_with_facts(session, instant_of(min(one.start(end) for one in calendars)))


async def days_with_facts(session: Session, since: datetime = _EVER) -> tuple[int | None, int | None]:
    """The first and last day on which any zone may have a counted fact, from an instant on."""
    low, high = tuple(await session.fetchrow(_RANGE, since) or (None, None))
    return (None, None) if low is None else (day_near(low) - 1, day_near(high) + 1)


async def step_level(session: Session, first: int, last: int) -> int:
    """The highest level whose blocks have few enough facts to be added up in memory at once."""
    per_day = await session.fetchval(_HOW_MANY) / (last - first + 1)
    return max((level for level in _STEPS if SIZES[level] * per_day <= FACTS_AT_ONCE), default=_STEPS[0])


async def facts_of_days(session: Session, calendars: Sequence[ZoneDays], first: int, end: int) -> FactColumns:
    """The facts of the days [first, end) of any of these zones."""
    since, until = min(one.start(first) for one in calendars), max(one.start(end) for one in calendars)
    return await read(session, _BETWEEN, instant_of(since), instant_of(until))
