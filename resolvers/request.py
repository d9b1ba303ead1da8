"""A report as it is asked for: one slice, one period, its comparisons, and how they become cuts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from db.metric import Partial
from db.periods import Buckets, Comparison, Grain, Period, WeekStart, Window, buckets, label_of
from db.query import Dimension, Slice
from resolvers.behind import Place
from resolvers.fold import Groups
from resolvers.plan import Cut
from resolvers.values import Value, ValueColumn, Wanted, values_of


@dataclass(frozen=True)
class ReportRequest:
    """What every part of one report shares."""

    slice: Slice
    period: Period
    compared: tuple[tuple[Comparison, Period], ...]
    week_start: WeekStart = WeekStart.MONDAY

    @property
    def windows(self) -> tuple[Window, ...]:
        """The period's window, then one a comparison."""
        return (self.period.window, *(period.window for _, period in self.compared))

    @property
    def place(self) -> Place:
        """Where the numbers of the whole slice stand."""
        return Place(self.slice, self.period.window)

    def buckets(self, grain: Grain) -> Buckets:
        """The period's buckets."""
        return buckets(self.period, grain, self.week_start)

    def labels(self, grain: Grain) -> list[str]:
        """The label of every bucket."""
        return [label_of(start, self.period.zone, grain) for start in self.buckets(grain).starts]

    def cut(
        self, partials: Iterable[Partial], dimensions: Sequence[Dimension] = (), windows: Sequence[Window] | None = None
    ) -> Cut:
        """The cut of some partials, in the period and its comparisons unless other windows are given."""
        asked = self.windows if windows is None else tuple(windows)
        return Cut(self.slice, tuple(dimensions), asked, tuple(dict.fromkeys(partials)))

    def value(self, wanted: Wanted, groups: Groups) -> Value:
        """A metric's value over the whole slice, from a cut of `windows` without dimensions."""
        first, *others = ([number] for number in range(len(self.windows)))
        return self.column(wanted, groups, first, others).at(0)

    def column(
        self, wanted: Wanted, groups: Groups, own: Sequence[int], against: Sequence[Sequence[int | None]]
    ) -> ValueColumn:
        """A metric's value in each group's own windows, against as many windows a comparison, group by group.

        Windows are named by their places in the cut; None is none.
        """
        kinds = [kind for kind, _ in self.compared]
        compared = [(kind, groups.columns(other)) for kind, other in zip(kinds, against, strict=True)]
        return values_of(wanted, groups.columns(own), compared, self.slice.clock)


def partials_of(wanted: Iterable[Wanted]) -> tuple[Partial, ...]:
    """Everything that has to be fetched for some metrics."""
    return tuple(dict.fromkeys(partial for one in wanted for partial in one.partials))


Metrics = Mapping[str, Value]
"""Values by metric name."""
