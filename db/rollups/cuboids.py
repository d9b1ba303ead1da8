"""What is kept of facts, added up: the cuboids, and the numbers and histograms that each of their rows holds.

A cuboid is a choice of dimensions. For every zone that reports are kept for, every block of days (`db.rollups.blocks`)
and every combination of its dimensions that has a fact there, it has a row of numbers and a row of histograms. Rows
add up: several of one key mean their sum, so that a writer appends what changed and never waits.

Numbers and histograms derive from the catalogue: a metric declared there is kept here by itself, once the rollups
are made anew (`MADE_AS` changes, and until then reports read facts).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from db import catalog, sketch
from db.catalog.times import FIRST_RESPONSES, RESOLUTION_EDGES, RESPONSE_EDGES, STANDING_RESOLUTIONS
from db.domain import Clock
from db.metric import Between, Column, Partial, PartialKind, Rows, Test, distribution
from db.query import Dimension
from db.rollups.blocks import SIZES


@dataclass(frozen=True)
class Cuboid:
    """A choice of dimensions that facts are added up by."""

    name: str
    dimensions: tuple[Dimension, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of its keys, in both tables."""
        return tuple(COLUMNS[dimension] for dimension in self.dimensions)

    @property
    def numbers(self) -> str:
        """The table of its numbers."""
        return f"rollup_{self.name}"

    @property
    def bins(self) -> str:
        """The table of its histograms."""
        return f"rollup_{self.name}_bins"


COLUMNS: Final[Mapping[Dimension, str]] = {
    Dimension.CATEGORY: "category_id",
    Dimension.PRIORITY: "priority",
    Dimension.CHANNEL: "channel",
    Dimension.STATUS: "status",
    Dimension.TEAM: "team_id",
    Dimension.AGENT: "agent_id",
    Dimension.DAY_OF_WEEK: "day_of_week",
    Dimension.HOUR_OF_DAY: "hour_of_day",
}
"""What a dimension's key is called; of status it is that of the interval, where a fact is the end of one."""

CUBOIDS: Final = (
    Cuboid("total"),
    Cuboid("status", (Dimension.STATUS,)),
    Cuboid("category", (Dimension.CATEGORY,)),
    Cuboid("hour", (Dimension.DAY_OF_WEEK, Dimension.HOUR_OF_DAY)),
    Cuboid("agent", (Dimension.TEAM, Dimension.AGENT)),
    Cuboid("topic", (Dimension.CATEGORY, Dimension.PRIORITY, Dimension.CHANNEL)),
)
"""Those that are kept, the smallest first: a query takes the first that has all dimensions it names."""


@dataclass(frozen=True)
class Number:
    """A count, sum or stock that rows hold; `clock` None where it is the same on both."""

    partial: Partial
    clock: Clock | None


@dataclass(frozen=True)
class Bins:
    """A histogram that rows hold."""

    rows: Rows
    clock: Clock


def _is_clocked(partial: Partial) -> bool:
    """Whether the clock decides what a partial is."""
    tests = partial.rows.where
    timed = Test.TIMED in tests or any(isinstance(t, Between) and t.column is Column.SECONDS for t in tests)
    return timed or partial.kind is PartialKind.SUM_SECONDS


def _partials() -> Iterator[Partial]:
    """Everything that a published number is read from, with the usual distributions."""
    for metric in catalog.METRICS:
        yield from metric.partials
        if metric.details:
            for detail in metric.details.numbers:
                yield from detail.measure.partials
            if metric.details.spread:
                for counted in metric.details.spread.counts:
                    yield from counted.partials
    for rows, edges in ((FIRST_RESPONSES, RESPONSE_EDGES), (STANDING_RESOLUTIONS, RESOLUTION_EDGES)):
        for counted in distribution(rows, edges):
            yield from counted.partials


_EVERY: Final = tuple(dict.fromkeys(_partials()))
NUMBERS: Final[tuple[Number, ...]] = tuple(
    Number(partial, clock)
    for partial in _EVERY
    if partial.kind is not PartialKind.HISTOGRAM
    for clock in (tuple(Clock) if _is_clocked(partial) else (None,))
)
"""The numbers of a row, by position; SQL counts positions from 1."""
HISTOGRAMS: Final[tuple[Bins, ...]] = tuple(
    Bins(partial.rows, clock) for partial in _EVERY if partial.kind is PartialKind.HISTOGRAM for clock in Clock
)
"""The histograms of a row, by position; SQL counts positions from 1."""

_NUMBER_AT: Final = {number: place for place, number in enumerate(NUMBERS, start=1)}
_HISTOGRAM_AT: Final = {bins: place for place, bins in enumerate(HISTOGRAMS, start=1)}


def place_of(partial: Partial, clock: Clock) -> int | None:
    """Where a partial is kept: its position among the numbers or the histograms; None where it is not."""
    if partial.kind is PartialKind.HISTOGRAM:
        return _HISTOGRAM_AT.get(Bins(partial.rows, clock))
    return _NUMBER_AT.get(Number(partial, clock if _is_clocked(partial) else None))


MADE_AS: Final = hashlib.sha256(repr((NUMBERS, HISTOGRAMS, CUBOIDS, SIZES, sketch.GAMMA)).encode()).hexdigest()[:16]
"""Changes with whatever rows hold: those made otherwise are not read."""
