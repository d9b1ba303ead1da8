"""Proves that rollups are the sums of facts: every level of every cuboid, in one snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import asyncpg
import numpy as np

from db import zones
from db.errors import Unavailable
from db.importing.session import Session
from db.importing.tally import Progress, Step
from db.models import SCHEMA
from db.rollups.blocks import SIZES
from db.rollups.cuboids import CUBOIDS, HISTOGRAMS, NUMBERS, Cuboid
from db.rollups.settled import ZoneState, states
from db.rollups.upkeep.expected import Asking
from db.rollups.upkeep.fact_columns import copied
from db.rollups.upkeep.keyspace import Keyspace, summed
from db.rollups.upkeep.making import days_with_facts, step_level, steps
from db.rollups.upkeep.row_copy import bins_of, numbers_of, numbers_type
from db.rollups.upkeep.sums import Sums
from db.rollups.upkeep.zone_days import FIRST_DAY, LAST_DAY, Ints, zone_days

MOST: Final = 40
"""So many differences of a zone are told; then it is left."""
_MOST_OF_TABLE: Final = 2
"""The same of one table's level and step."""
_TOP: Final = len(SIZES) - 1
_WHOLE: Final = (
    f"array_ndims(numbers) = 1 AND array_lower(numbers, 1) = 1 AND cardinality(numbers) = {len(NUMBERS)}"
    " AND array_position(numbers, NULL) IS NULL"
)
"""Rows that are not even that are as if they were not there."""


@dataclass(frozen=True)
class Difference:
    """A number that is not what the facts say."""

    zone: str
    where: str
    """Table, level, days and keys."""
    what: str
    expected: int
    found: int


@dataclass
class _Zone:
    """The comparison of one zone."""

    session: Session
    state: ZoneState
    level: int
    found: list[Difference] = field(default_factory=list)
    first_day: int | None = None
    _carried: dict[tuple[Cuboid, bool], list[Sums]] = field(default_factory=dict)

    async def compare(self, first: int) -> None:
        """Compares a step's days, and what is above them when it is the last of its highest block."""
        numbers, bins = dict[Cuboid, Sums](), dict[Cuboid, Sums]()
        if FIRST_DAY <= first <= LAST_DAY:
            asking = Asking(self.session, zones.zone_named(self.state.zone), first, first + SIZES[self.level])
            numbers, bins = await asking.numbers(), await asking.bins()
        if self.first_day is None and numbers:
            self.first_day = min(int(sums.columns()[0].min()) for sums in numbers.values())
        for is_bins, made in ((False, numbers), (True, bins)):
            for cuboid in CUBOIDS:
                by_day = made.get(cuboid)
                for level in range(self.level + 1):
                    expected = _at_level(by_day, level) if by_day else None
                    await self._compare(cuboid, is_bins, level, first, expected)
                if by_day:
                    self._carried.setdefault((cuboid, is_bins), []).append(_at_level(by_day, self.level))

    async def close_block(self, first: int) -> None:
        """Compares the levels above the steps, of the highest block that begins on a day."""
        for cuboid in CUBOIDS:
            for is_bins in (False, True):
                parts = self._carried.get((cuboid, is_bins))
                for level in range(self.level + 1, _TOP + 1):
                    for start in range(first, first + SIZES[_TOP], SIZES[level]):
                        expected = _of_block(parts, level, start // SIZES[level]) if parts else None
                        await self._compare(cuboid, is_bins, level, start, expected)
        self._carried.clear()

    async def _compare(self, cuboid: Cuboid, is_bins: bool, level: int, first: int, expected: Sums | None) -> None:
        days = SIZES[max(level, self.level)]
        blocks = (first // SIZES[level], (first + days) // SIZES[level])
        held = await (_held_bins if is_bins else _held_numbers)(self.session, cuboid, self.state.id, level, blocks)
        for keys, position, should, does in _differences(expected, held):
            if len(self.found) >= MOST:
                return
            self.found.append(self._told(cuboid, is_bins, level, keys, position, should, does))

    def _told(
        self, cuboid: Cuboid, is_bins: bool, level: int, keys: list[int], position: int, should: int, does: int
    ) -> Difference:
        block, *others = keys
        what = f"number {position + 1}: {NUMBERS[position]}"
        if is_bins:
            bucket, histogram = others.pop(), others.pop()
            known = HISTOGRAMS[histogram - 1] if 0 < histogram <= len(HISTOGRAMS) else "unknown"
            what = f"histogram {histogram}, bucket {bucket}: {known}"
        table = cuboid.bins if is_bins else cuboid.numbers
        named = "".join(f", {name} {key}" for name, key in zip(cuboid.columns, others, strict=True))
        return Difference(self.state.zone, f"{table}, level {level}, block {block}{named}", what, should, does)


async def verify(
    dsn: str, asked: Sequence[str], on_progress: Callable[[Progress], None]
) -> tuple[list[ZoneState], list[Difference]]:
    """The zones that were compared with the facts (all of these, or all, that are ready), and how they differ.

    Raises: Unavailable where the database is away.
    """
    async with snapshot(dsn) as session:
        ready = [one for one in await states(session) if one.is_current and (not asked or one.zone in asked)]
        differences: list[Difference] = []
        for state in ready:
            differences += await _verified(session, state, on_progress)
        return ready, differences


@asynccontextmanager
async def snapshot(dsn: str) -> AsyncIterator[Session]:
    """A connection that sees the store as it is now, whatever is written meanwhile.

    Raises: Unavailable where the database is away.
    """
    try:
        session = await asyncpg.connect(dsn)
    except (OSError, asyncpg.PostgresError) as fault:
        raise Unavailable(f"The database is away ({fault}). Start it and verify again.") from fault
    try:
        await session.execute(
            f"SET search_path = {SCHEMA}; SET jit = off; SET work_mem = '64MB'; SET hash_mem_multiplier = 500"
        )
        async with session.transaction(isolation="repeatable_read", readonly=True):
            yield session
    finally:
        await session.close()


async def _verified(session: Session, state: ZoneState, on_progress: Callable[[Progress], None]) -> list[Difference]:
    first, last = await days_with_facts(session)
    level = 0 if first is None or last is None else await step_level(session, first, last)
    work = _Zone(session, state, level)
    starts = [start async for start in steps(session, [zone_days(state.zone)], level)]
    starts = sorted({*starts, *(await _held_starts(session, state.id, level))})
    for number, start in enumerate(starts, start=1):
        await work.compare(start)
        top = start // SIZES[_TOP]
        if number == len(starts) or starts[number] // SIZES[_TOP] != top:
            await work.close_block(top * SIZES[_TOP])
        on_progress(Progress(Step.COMPARING, number, len(starts)))
        if len(work.found) >= MOST:
            break
    return [*work.found, *_of_first_day(state, work.first_day)]


def _of_first_day(state: ZoneState, first_day: int | None) -> Iterator[Difference]:
    """A first day that is after the first fact."""
    if first_day is not None and (state.first_day is None or state.first_day > first_day):
        where = "rollup_zones"
        found = -1 if state.first_day is None else state.first_day
        yield Difference(state.zone, where, "first_day, which must not be after the first fact", first_day, found)


async def _held_starts(session: Session, zone_id: int, level: int) -> set[int]:
    """The first days of the steps in which the blocks of rows begin."""
    tables = [table for cuboid in CUBOIDS for table in (cuboid.numbers, cuboid.bins)]
    rows = await session.fetch(
        " UNION ".join(f"SELECT level, block FROM {table} WHERE zone_id = $1 GROUP BY 1, 2" for table in tables),
        zone_id,
    )
    known = [(row[0], row[1]) for row in rows if 0 <= row[0] <= _TOP]
    return {block * SIZES[of] // SIZES[level] * SIZES[level] for of, block in known}


def _at_level(by_day: Sums, level: int) -> Sums:
    """The same on a higher level, straight from the days."""
    block, *others = by_day.columns()
    return Sums.by([block // SIZES[level], *others], by_day.values, level)


def _of_block(parts: Sequence[Sums], level: int, block: int) -> Sums | None:
    """Those of one block of a level, of parts of a lower one."""
    columns = [np.concatenate(column) for column in zip(*(part.columns() for part in parts), strict=True)]
    values = np.concatenate([part.values for part in parts])
    inside = columns[0] * SIZES[parts[0].level] // SIZES[level] == block
    if not inside.any():
        return None
    blocks = np.full(int(inside.sum()), block)
    return Sums.by([blocks, *(column[inside] for column in columns[1:])], values[inside], level)


Held = tuple[list[Ints], Ints]
"""Columns of keys, the block first, and the values; of one key perhaps several."""


async def _held_numbers(session: Session, cuboid: Cuboid, zone_id: int, level: int, blocks: tuple[int, int]) -> Held:
    rows = await copied(
        session,
        f"SELECT {', '.join(('block', *cuboid.columns, 'numbers'))} FROM {cuboid.numbers}"
        f" WHERE zone_id = $1 AND level = $2 AND block >= $3 AND block < $4 AND {_WHOLE}",
        (zone_id, level, *blocks),
        numbers_type(cuboid, ("block", "", ">i4")),
    )
    return [rows[name].astype(np.int64) for name in ("block", *cuboid.columns)], numbers_of(rows)


async def _held_bins(session: Session, cuboid: Cuboid, zone_id: int, level: int, blocks: tuple[int, int]) -> Held:
    names = ("block", *cuboid.columns)
    rows = await session.fetch(
        f"SELECT {', '.join(names)}, bins FROM {cuboid.bins} WHERE zone_id = $1 AND level = $2 AND block >= $3"
        f" AND block < $4 AND cardinality(bins) = {len(HISTOGRAMS)} AND array_position(bins, NULL) IS NULL",
        zone_id,
        level,
        *blocks,
    )
    whole = [row for row in rows if all(len(one) % 6 == 0 for one in row["bins"])]
    row, histogram, buckets, counts = bins_of([one["bins"] for one in whole])
    keys = np.array([tuple(one)[:-1] for one in whole], np.int64).reshape(-1, len(names))[row]
    return [*keys.T, histogram, buckets], counts


def _differences(expected: Sums | None, held: Held) -> Iterator[tuple[list[int], int, int, int]]:
    """Key by key where they differ: the key, the position of the number, what it should be and what it is."""
    columns, values = held
    if expected is not None:
        columns = [np.concatenate(pair) for pair in zip(expected.columns(), columns, strict=True)]
        values = np.concatenate([expected.values, -values])
    else:
        values = -values
    if len(values) == 0:
        return
    should = np.concatenate([np.ones(len(values) - len(held[1]), bool), np.zeros(len(held[1]), bool)])
    space = Keyspace.of(columns[0], columns[1:])
    packed = space.pack(columns[0], columns[1:])
    keys, off = summed(packed, values.reshape(len(values), -1))
    for row, position in np.argwhere(off)[:_MOST_OF_TABLE]:
        mine = packed == keys[row]
        numbers = values.reshape(len(values), -1)[:, position]
        key = [int(column[0]) for column in space.unpack(keys[row : row + 1], 0)]
        yield key, int(position), int(numbers[mine & should].sum()), -int(numbers[mine & ~should].sum())
