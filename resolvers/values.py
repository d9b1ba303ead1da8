"""Reads published numbers from merged partials: pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from db.domain import Clock
from db.metric import Metric, Partial, Percentile, Reading, Readings, Totals
from db.periods import Comparison
from resolvers.behind import Behind, Found, Many, Place
from resolvers.privacy import Refusal, Suppression

NO_CALENDAR = (
    "Not known on the business clock: no fact here has business seconds. Import a calendar, or ask with CALENDAR."
)
NO_FACTS = "There is nothing to measure in this period."
NO_STOCK = "A stock is not known here: the period has not begun, or the rows are by hour of day or day of week."


_NO_DETAILS: Final[Mapping[str, Reading]] = MappingProxyType({})


class Compared(NamedTuple):
    """A number of another period, and the change since. `change` is (value - previous) / previous."""

    kind: Comparison
    value: Reading
    change: float | None


class Value(NamedTuple):
    """A metric's number in one group and window, with what stands beside it. An answer has thousands of them."""

    metric: Metric
    value: Reading
    count: int | None  # type: ignore[assignment]  # nobody counts the parts of it
    comparisons: tuple[Compared, ...] = ()
    details: Mapping[str, Reading] = _NO_DETAILS
    spread: tuple[int, ...] = ()
    reason: str | None = None
    """Why `value` is null."""
    suppression: Suppression | None = None
    """Why it is withheld, if it is."""

    def withheld(self, own: Refusal | None, compared: Sequence[Refusal | None]) -> Value:
        """The same without what is refused: of its own window all numbers, of a comparison its value."""
        comparisons = tuple(
            Compared(one.kind, None if refused else one.value, None if own or refused else one.change)
            for one, refused in zip(self.comparisons, compared, strict=True)
        )
        if own is None:
            return self._replace(comparisons=comparisons)
        return Value(self.metric, None, None, comparisons, reason=own.reason, suppression=own.suppression)

    def behind(self, place: Place) -> Behind:
        """What is behind its count at its place."""
        return place.of(self.metric.measure.counted)

    def behind_each(self, name: str, place: Place) -> Found:
        """What is behind its count, or a number or list of numbers beside it."""
        counted = self.metric.counted[name]
        if isinstance(counted, Partial):
            return place.of(counted)
        return Many((len(counted),), lambda at: place.of(counted[at[0]]))


@dataclass(frozen=True)
class ValueColumn:
    """A metric's numbers in many places, by place; a `Value` is made of those that are asked for."""

    metric: Metric
    values: Readings
    counts: Sequence[int | None]
    details: Mapping[str, Sequence[Reading]]
    at: Callable[[int], Value]

    @classmethod
    def of(cls, metric: Metric, values: Sequence[Value]) -> ValueColumn:
        """A column of values that are there already."""
        names = dict.fromkeys(name for value in values for name in value.details)
        details = {name: [value.details.get(name) for value in values] for name in names}
        return cls(metric, [one.value for one in values], [one.count for one in values], details, values.__getitem__)


@dataclass(frozen=True)
class Wanted:
    """A metric with the details that are asked for beside it."""

    metric: Metric
    details: frozenset[str] = frozenset()

    @property
    def partials(self) -> tuple[Partial, ...]:
        """Everything that has to be fetched for it."""
        found = dict.fromkeys(self.metric.partials)
        if self.metric.details:
            for detail in self.metric.details.numbers:
                if detail.name in self.details:
                    found.update(dict.fromkeys(detail.measure.partials))
            spread = self.metric.details.spread
            if spread and spread.name in self.details:
                found.update(dict.fromkeys(p for counted in spread.counts for p in counted.partials))
        return tuple(found)


def change(value: Reading, previous: Reading) -> float | None:
    """(value - previous) / previous; None where previous is None or 0."""
    return (value - previous) / previous if value is not None and previous else None


def values_of(
    wanted: Wanted, totals: Totals, compared: Sequence[tuple[Comparison, Totals]], clock: Clock
) -> ValueColumn:
    """A metric's number of each place, its comparisons and the details asked for."""
    metric = wanted.metric
    values, counts = metric.measure.read(totals), metric.measure.count(totals)
    others = [(kind, metric.measure.read(there)) for kind, there in compared]
    details = _details(wanted, totals)
    spread = _spread(wanted, totals)
    reason = _reason(metric, clock)

    def at(place: int) -> Value:
        value = values[place]
        return Value(
            metric,
            value,
            counts[place],
            tuple(Compared(kind, there[place], change(value, there[place])) for kind, there in others),
            {name: column[place] for name, column in details.items()},
            tuple(column[place] for column in spread),
            reason if value is None else None,
        )

    return ValueColumn(metric, values, counts, details, at)


def _details(wanted: Wanted, totals: Totals) -> Mapping[str, Sequence[Reading]]:
    details = wanted.metric.details.numbers if wanted.metric.details else ()
    return {one.name: one.measure.read(totals) for one in details if one.name in wanted.details}


def _spread(wanted: Wanted, totals: Totals) -> Sequence[Sequence[int]]:
    """The counts of each bar, by place."""
    details = wanted.metric.details
    if details is None or details.spread is None or details.spread.name not in wanted.details:
        return ()
    return [[count or 0 for count in counted.count(totals)] for counted in details.spread.counts]


def _reason(metric: Metric, clock: Clock) -> str:
    if metric.nothing_there == "0":
        return NO_STOCK
    return NO_CALENDAR if metric.measured_in_seconds and clock is Clock.BUSINESS else NO_FACTS


def is_estimated(metric: Metric) -> bool:
    """Whether any of its details is read from the logarithmic histogram."""
    return metric.details is not None and any(isinstance(d.measure, Percentile) for d in metric.details.numbers)
