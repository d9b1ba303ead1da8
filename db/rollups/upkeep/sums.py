"""Facts added up: the rows of a cuboid, on every level; pure.

What a number counts is told by the catalogue (`db.metric`); here it is asked of columns, in reports of facts
(`db.compile`). `deskgraph rollups verify`, which asks the facts in SQL, holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from db.conditions import LEAVING, SECONDS
from db.domain import Clock
from db.metric import Between, Column, PartialKind, Rows, Test
from db.query import Dimension
from db.rollups.blocks import SIZES
from db.rollups.cuboids import COLUMNS, CUBOIDS, HISTOGRAMS, NUMBERS, Cuboid, Number
from db.rollups.upkeep.fact_columns import LOG_BUCKETS, OWN, FactColumns
from db.rollups.upkeep.keyspace import Keyspace, summed
from db.rollups.upkeep.zone_days import Ints, ZoneDays

_TESTS: Final[Mapping[Test, Callable[[FactColumns, Ints, Clock], Ints]]] = {
    Test.STANDING: lambda facts, places, _: facts.value("is_standing", places),
    Test.FIRST: lambda facts, places, _: facts.value("is_first", places),
    Test.WITHIN_TARGET: lambda facts, places, _: facts.value("is_within", places),
    Test.WITH_TARGET: lambda facts, places, _: facts.value("has_target", places),
    Test.WITHOUT_TARGET: lambda facts, places, _: ~facts.value("has_target", places),
    Test.UNASSIGNED: lambda facts, places, _: facts.head[COLUMNS[Dimension.AGENT]][places] == 0,
    Test.TIMED: lambda facts, places, clock: facts.value(SECONDS[clock], places) >= 0,
}


def _places(facts: FactColumns, rows: Rows, clock: Clock) -> Ints:
    """Where the facts are that count."""
    places = facts.of_source(rows.source)
    for test in rows.where:
        if isinstance(test, Test):
            places = places[_TESTS[test](facts, places, clock)]
            continue
        values = _valued(facts, test, places, clock)
        holds = values >= test.low if test.high is None else (values >= test.low) & (values < test.high)
        places = places[holds & (values >= 0)]
    return places


def _valued(facts: FactColumns, test: Between, places: Ints, clock: Clock) -> Ints:
    return facts.value(SECONDS[clock] if test.column is Column.SECONDS else test.column.value, places)


@dataclass(frozen=True)
class Shares:
    """What some facts add to each number and histogram, whatever they are grouped by."""

    numbers: Sequence[tuple[Ints, Ints | None]]
    """Of each number the places of its facts, and what each adds; None: 1."""
    histograms: Sequence[tuple[Ints, Ints, Ints | None]]
    """Of each histogram the places of its facts, their buckets, and what each adds."""

    @classmethod
    def of(cls, facts: FactColumns) -> Shares:
        """The shares of some facts."""
        histograms = []
        for bins in HISTOGRAMS:
            places = _places(facts, bins.rows, bins.clock)
            buckets = facts.value(LOG_BUCKETS[bins.clock], places)
            places, buckets = places[buckets >= 0], buckets[buckets >= 0]
            histograms.append((places, buckets, None if facts.sign is None else facts.sign[places]))
        return cls([_share(facts, number) for number in NUMBERS], histograms)


def _share(facts: FactColumns, number: Number) -> tuple[Ints, Ints | None]:
    clock, partial = number.clock or Clock.CALENDAR, number.partial
    places = _places(facts, partial.rows, clock)
    adds: Ints | None = None
    if partial.kind is PartialKind.STOCK:
        left = _places(facts, Rows(LEAVING[partial.rows.source], partial.rows.where), clock)
        adds = np.repeat(np.array([1, -1], np.int64), [len(places), len(left)])
        places = np.concatenate([places, left])
    elif partial.kind is not PartialKind.COUNT:
        name = SECONDS[clock] if partial.kind is PartialKind.SUM_SECONDS else "score"
        values = facts.value(name, places).astype(np.int64)
        places, adds = places[values >= 0], values[values >= 0]
    if facts.sign is not None:
        adds = facts.sign[places] if adds is None else adds * facts.sign[places]
    return places, adds


@dataclass(frozen=True)
class Sums:
    """Numbers or bins by key, each key once and in order. Those of bins: block, keys, histogram, bucket."""

    space: Keyspace
    packed: Ints
    values: Ints
    level: int = 0

    @classmethod
    def by(cls, columns: Sequence[Ints], values: Ints, level: int = 0) -> Sums:
        """The sums of values by columns, the first of which is the block."""
        space = Keyspace.of(columns[0] * SIZES[level], columns[1:])
        return cls(space, *_there(*summed(space.pack(columns[0], columns[1:], level), values)), level)

    def columns(self) -> list[Ints]:
        """The keys' columns, the block first."""
        return self.space.unpack(self.packed, self.level)

    def coarser(self) -> Sums:
        """The next level's."""
        packed, values = _there(*summed(self.space.coarser(self.packed), self.values))
        return Sums(self.space, packed, values, self.level + 1)

    def up_to(self, level: int) -> Iterator[Sums]:
        """Those of this level and of all above it, up to another."""
        sums = self
        yield sums
        while sums.level < level:
            sums = sums.coarser()
            yield sums


def _there(packed: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Those that come to something."""
    something = values != 0 if values.ndim == 1 else values.any(axis=1)
    return (packed, values) if something.all() else (packed[something], values[something])


def numbers_by_day(facts: FactColumns, shares: Shares, days: ZoneDays) -> dict[Cuboid, Sums]:
    """The numbers of all cuboids on the lowest level. `facts` are not none."""
    keys, found = _keys(facts, days), dict[Cuboid, Sums]()
    for cuboid in reversed(CUBOIDS):
        parent = _parent(cuboid, found)
        if parent is not None:
            found[cuboid] = Sums.by(_of(cuboid, parent, found[parent]), found[parent].values)
            continue
        columns = [keys[name] for name in cuboid.columns]
        space = Keyspace.of(keys["day"], columns)
        packed, group = np.unique(space.pack(keys["day"], columns), return_inverse=True)
        values = np.empty((len(packed), len(NUMBERS)), np.int64)
        for position, (places, adds) in enumerate(shares.numbers):
            # Exact: every partial sum is an integer below 2^53.
            values[:, position] = np.bincount(group[places], adds, len(packed))
        found[cuboid] = Sums(space, *_there(packed, values))
    return found


def bins_by_day(facts: FactColumns, shares: Shares, days: ZoneDays) -> dict[Cuboid, Sums]:
    """The bins of all cuboids on the lowest level, none where nothing was measured."""
    places = np.concatenate([places for places, _, _ in shares.histograms])
    if len(places) == 0:
        return {}
    buckets = np.concatenate([buckets for _, buckets, _ in shares.histograms])
    histogram = np.repeat(np.arange(1, len(HISTOGRAMS) + 1), [len(places) for places, _, _ in shares.histograms])
    adds = [np.ones(len(p), np.int64) if signs is None else signs for p, _, signs in shares.histograms]
    keys = {name: column[places] for name, column in _keys(facts, days).items()}
    found = dict[Cuboid, Sums]()
    for cuboid in reversed(CUBOIDS):
        parent = _parent(cuboid, found)
        if parent is None:
            columns = [keys["day"], *(keys[name] for name in cuboid.columns), histogram, buckets]
            found[cuboid] = Sums.by(columns, np.concatenate(adds))
        else:
            found[cuboid] = Sums.by(_of(cuboid, parent, found[parent], of_bins=True), found[parent].values)
    return found


def _keys(facts: FactColumns, days: ZoneDays) -> dict[str, Ints]:
    day, day_of_week, hour = days.days(facts.head["at"])
    of_zone = {"day": day, COLUMNS[Dimension.DAY_OF_WEEK]: day_of_week, COLUMNS[Dimension.HOUR_OF_DAY]: hour}
    return {COLUMNS[dimension]: facts.head[COLUMNS[dimension]] for dimension in OWN} | of_zone


def _parent(cuboid: Cuboid, made: Mapping[Cuboid, Sums]) -> Cuboid | None:
    """The smallest of those made that has all its dimensions."""
    having = [one for one in made if set(one.dimensions) > set(cuboid.dimensions)]
    return min(having, key=lambda one: len(made[one].packed), default=None)


def _of(cuboid: Cuboid, parent: Cuboid, sums: Sums, *, of_bins: bool = False) -> list[Ints]:
    """The columns of a cuboid's keys, out of those of one that has more."""
    block, *others = sums.columns()
    own, after = (others[:-2], others[-2:]) if of_bins else (others, [])
    keys = dict(zip(parent.columns, own, strict=True))
    return [block, *(keys[name] for name in cuboid.columns), *after]
