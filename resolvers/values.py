"""Reads published numbers from merged partials: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
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
) -> list[Value]:
    """A metric's number of each place, its comparisons and the details asked for."""
    metric = wanted.metric
    values, reason = metric.measure.read(totals), _reason(metric, clock)
    # Where nothing is asked beside the number, `repeat` has the same nothing for every place.
    comparisons = zip(*(_compared(metric, values, *one) for one in compared), strict=True) if compared else repeat(())
    beside = comparisons, _details(wanted, totals), _spread(wanted, totals)
    reasons = (None if value is not None else reason for value in values)
    return list(map(Value, repeat(metric), values, metric.measure.count(totals), *beside, reasons))


def _compared(metric: Metric, values: Readings, kind: Comparison, totals: Totals) -> list[Compared]:
    return [
        Compared(kind, previous, change(value, previous))
        for value, previous in zip(values, metric.measure.read(totals), strict=True)
    ]


def _details(wanted: Wanted, totals: Totals) -> Iterable[Mapping[str, Reading]]:
    details = wanted.metric.details.numbers if wanted.metric.details else ()
    chosen = [one for one in details if one.name in wanted.details]
    if not chosen:
        return repeat(_NO_DETAILS)
    names = [one.name for one in chosen]
    columns = [one.measure.read(totals) for one in chosen]
    return [dict(zip(names, readings, strict=True)) for readings in zip(*columns, strict=True)]


def _spread(wanted: Wanted, totals: Totals) -> Iterable[tuple[int, ...]]:
    details = wanted.metric.details
    if details is None or details.spread is None or details.spread.name not in wanted.details:
        return repeat(())
    columns = [[count or 0 for count in counted.count(totals)] for counted in details.spread.counts]
    return zip(*columns, strict=True)


def _reason(metric: Metric, clock: Clock) -> str:
    if metric.nothing_there == "0":
        return NO_STOCK
    return NO_CALENDAR if metric.measured_in_seconds and clock is Clock.BUSINESS else NO_FACTS


def is_estimated(metric: Metric) -> bool:
    """Whether any of its details is read from the logarithmic histogram."""
    return metric.details is not None and any(isinstance(d.measure, Percentile) for d in metric.details.numbers)
