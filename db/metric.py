"""The vocabulary of metrics: which facts are counted, how partials merge, how a number is read from them.

A metric is one frozen record (`Metric`). Everything else derives from it: the SQL columns (its partials), the
fold (its measure's `read`), the GraphQL field, the description, the catalogue and the docs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Protocol

from db import sketch
from db.access import Capability
from db.domain import Source
from db.frozen import hashed_once
from db.sketch import Histograms


class Unit(Enum):
    """What a number counts."""

    TICKETS = "tickets"
    EVENTS = "events"
    SECONDS = "seconds"
    RATIO = "ratio"
    SCORE = "score"


class Better(Enum):
    """Which way a metric improves."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


class Test(Enum):
    """A yes-or-no question to a fact."""

    STANDING = "is_standing"
    FIRST = "is_first"
    WITHIN_TARGET = "within_target"
    WITH_TARGET = "within_target IS NOT NULL"
    WITHOUT_TARGET = "within_target IS NULL"
    UNASSIGNED = "agent_id = 0"
    TIMED = "its duration is known on the asked clock"


class Column(Enum):
    """A fact's value."""

    SECONDS = "seconds"
    SCORE = "score"


@dataclass(frozen=True)
class Between:
    """A fact's value lies in [low, high); `high` None is no upper end."""

    column: Column
    low: int
    high: int | None


@hashed_once
@dataclass(frozen=True)
class Rows:
    """The facts that count: of one source, passing every condition."""

    source: Source
    where: tuple[Test | Between, ...] = ()

    def also(self, *conditions: Test | Between) -> Rows:
        """The same facts, narrowed further."""
        return Rows(self.source, (*self.where, *conditions))


class PartialKind(Enum):
    """How facts become a mergeable piece."""

    COUNT = "count"
    SUM_SECONDS = "sum of seconds"
    SUM_SCORE = "sum of scores"
    HISTOGRAM = "logarithmic histogram of seconds"
    STOCK = "intervals entered less intervals left"


@hashed_once
@dataclass(frozen=True)
class Partial:
    """A mergeable piece of a metric: what a statement returns a column of, and a rollup would store."""

    kind: PartialKind
    rows: Rows


class Totals(Protocol):
    """The merged partials of some places, each a group in a window: in columns, a value a place."""

    def numbers(self, partial: Partial) -> Sequence[int | None]:
        """Counts, sums or stocks; None where one cannot be known (a stock in the future)."""

    def histograms(self, partial: Partial) -> Histograms:
        """The bins of a histogram partial."""


Reading = float | int | None
Readings = Sequence[Reading]
"""A number of each place."""


class Measure(Protocol):
    """How a number is computed from partials."""

    @property
    def partials(self) -> tuple[Partial, ...]:
        """What it is read from."""

    def read(self, totals: Totals) -> Readings:
        """The number of each place; None where it cannot be known."""

    @property
    def counted(self) -> Partial:
        """The facts that stand behind it, as a count or a stock: what `count` counts, and drill-down lists."""

    def count(self, totals: Totals) -> Sequence[int | None]:
        """How many facts stand behind each: of a ratio the denominator, of a mean the known values."""


def _ratio(part: int | None, whole: int | None) -> float | None:
    return part / whole if part is not None and whole else None


@dataclass(frozen=True)
class Counted:
    """How many facts there are. Nothing there: 0."""

    rows: Rows

    @cached_property
    def partials(self) -> tuple[Partial, ...]:
        """One count."""
        return (Partial(PartialKind.COUNT, self.rows),)

    def read(self, totals: Totals) -> Readings:
        """The counts."""
        return totals.numbers(self.partials[0])

    @cached_property
    def counted(self) -> Partial:
        """The facts themselves."""
        return self.partials[0]

    def count(self, totals: Totals) -> Sequence[int | None]:
        """The same numbers."""
        return totals.numbers(self.counted)


@dataclass(frozen=True)
class Stocked:
    """How many tickets are inside an interval at the window's end. Nothing there: 0."""

    entered: Rows

    @cached_property
    def partials(self) -> tuple[Partial, ...]:
        """One stock."""
        return (Partial(PartialKind.STOCK, self.entered),)

    def read(self, totals: Totals) -> Readings:
        """The stocks."""
        return totals.numbers(self.partials[0])

    @cached_property
    def counted(self) -> Partial:
        """The tickets inside."""
        return self.partials[0]

    def count(self, totals: Totals) -> Sequence[int | None]:
        """The same numbers."""
        return totals.numbers(self.counted)


@dataclass(frozen=True)
class Share:
    """Some facts over all of them. Nothing to divide by: None."""

    part: Rows
    whole: Rows

    @cached_property
    def partials(self) -> tuple[Partial, ...]:
        """Two counts."""
        return (Partial(PartialKind.COUNT, self.part), Partial(PartialKind.COUNT, self.whole))

    def read(self, totals: Totals) -> Readings:
        """The ratios."""
        return list(map(_ratio, *map(totals.numbers, self.partials)))

    @cached_property
    def counted(self) -> Partial:
        """The denominator."""
        return self.partials[1]

    def count(self, totals: Totals) -> Sequence[int | None]:
        """The denominators."""
        return totals.numbers(self.counted)


@dataclass(frozen=True)
class Mean:
    """The mean of a value over facts. No fact: None."""

    column: Column
    rows: Rows

    @cached_property
    def partials(self) -> tuple[Partial, ...]:
        """A sum and a count."""
        kind = PartialKind.SUM_SECONDS if self.column is Column.SECONDS else PartialKind.SUM_SCORE
        return (Partial(kind, self.rows), Partial(PartialKind.COUNT, self.rows))

    def read(self, totals: Totals) -> Readings:
        """The means."""
        return list(map(_ratio, *map(totals.numbers, self.partials)))

    @cached_property
    def counted(self) -> Partial:
        """The facts whose value is known."""
        return self.partials[1]

    def count(self, totals: Totals) -> Sequence[int | None]:
        """How many values are known."""
        return totals.numbers(self.counted)


@dataclass(frozen=True)
class Percentile:
    """The value below which a share of the facts lies, interpolated linearly. No fact: None.

    Read from the logarithmic histogram: at most `sketch.RELATIVE_ERROR` away from the exact one.
    """

    share: float
    rows: Rows

    @cached_property
    def partials(self) -> tuple[Partial, ...]:
        """One histogram."""
        return (Partial(PartialKind.HISTOGRAM, self.rows),)

    def read(self, totals: Totals) -> Readings:
        """The percentiles. Unit: seconds."""
        return sketch.percentiles(totals.histograms(self.partials[0]), self.share)

    @cached_property
    def counted(self) -> Partial:
        """The facts whose value is known."""
        return Partial(PartialKind.COUNT, self.rows)

    def count(self, totals: Totals) -> Sequence[int | None]:
        """How many values are known."""
        return list(totals.histograms(self.partials[0]).counts.tolist())


@dataclass(frozen=True)
class Detail:
    """A further number that always stands beside a metric: its name, unit, meaning and measure."""

    name: str
    unit: Unit
    description: str
    measure: Measure


@dataclass(frozen=True)
class Spread:
    """How many facts there are of each score: 1, 2, 3, 4, 5."""

    name: str
    description: str
    counts: tuple[Counted, ...]


@dataclass(frozen=True)
class Details:
    """The further numbers of a metric, and the name of the public type that has them."""

    type_name: str
    numbers: tuple[Detail, ...]
    spread: Spread | None = None

    @cached_property
    def counted(self) -> Mapping[str, Partial | tuple[Partial, ...]]:
        """The facts behind each number that counts some, by its name; of the spread, behind each of its counts."""
        found: dict[str, Partial | tuple[Partial, ...]] = {
            d.name: d.measure.counted for d in self.numbers if isinstance(d.measure, Counted | Stocked)
        }
        if self.spread:
            found[self.spread.name] = tuple(one.counted for one in self.spread.counts)
        return found


@dataclass(frozen=True)
class Metric:
    """A named, published number: the one place where it is declared."""

    name: str
    label: str
    unit: Unit
    better: Better
    definition: str
    anchor: str
    credited_to: str
    measure: Measure
    capability: Capability = Capability.SUMMARY_READ
    details: Details | None = None

    @property
    def nothing_there(self) -> str:
        """What stands where no fact is: `0` for what is counted, `null` for what cannot be known."""
        return "0" if isinstance(self.measure, Counted | Stocked) else "null"

    @property
    def counted(self) -> Mapping[str, Partial | tuple[Partial, ...]]:
        """The facts behind its `count` and behind the details that count some, by name."""
        return {"count": self.measure.counted, **(self.details.counted if self.details else {})}

    @property
    def partials(self) -> tuple[Partial, ...]:
        """What its value is read from, without its details."""
        return self.measure.partials

    @property
    def measured_in_seconds(self) -> bool:
        """Whether the clock decides the value."""
        return self.unit is Unit.SECONDS


def duration_details(rows: Rows) -> Details:
    """Median, p90 and p95 of a duration."""
    return Details(
        "DurationValue",
        tuple(
            Detail(name, Unit.SECONDS, f"{text} of the same values, in seconds.", Percentile(share, rows))
            for name, text, share in (
                ("median", "The median", 0.5),
                ("p90", "The 90th percentile", 0.9),
                ("p95", "The 95th percentile", 0.95),
            )
        ),
    )


def distribution(rows: Rows, edges: Sequence[int]) -> tuple[Counted, ...]:
    """Counts of facts whose seconds lie in [edge, next edge); the last bucket has no upper end."""
    uppers: tuple[int | None, ...] = (*edges[1:], None)
    return tuple(
        Counted(rows.also(Between(Column.SECONDS, low, high))) for low, high in zip(edges, uppers, strict=True)
    )
