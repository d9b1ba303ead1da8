"""Decides with the store which numbers of a report are withheld from its viewer, and takes them out.

Only ratings, and only of viewers who see them in aggregate: everybody else's guard is open and asks nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from db.access import Capability, Viewer
from db.catalog.flows import TICKETS_CREATED
from db.catalog.quality import CSAT_SCORE
from db.domain import Source
from db.metric import Metric, Partial
from db.periods import Window
from db.query import EVERYTHING, Attribution, Dimension, Slice, matches
from resolvers import privacy
from resolvers.fold import Groups, Values
from resolvers.loaders import Loaders
from resolvers.plan import Cut
from resolvers.privacy import Never, Parts, Refusal, Rules, Whole
from resolvers.request import ReportRequest
from resolvers.values import Value, Wanted

RATINGS: Final = CSAT_SCORE.measure.counted
OFFERED: Final = frozenset(
    {Dimension.CATEGORY, Dimension.PRIORITY, Dimension.CHANNEL, Dimension.TEAM, Dimension.ORGANIZATION}
)
"""What ratings may be narrowed by: a ticket has one value of each, which time alone does not change (see docs)."""


def is_guarded(metric: Metric) -> bool:
    """Whether a metric is made of ratings."""
    return metric.capability is Capability.CSAT_SCORE_READ


@dataclass(frozen=True)
class Guard:
    """What is withheld of a report; without rules, nothing."""

    rules: Rules | None = None

    @property
    def is_open(self) -> bool:
        """Whether nothing is withheld."""
        return self.rules is None

    def refusal(self, metric: Metric, window: Window, group: Sequence[int] = ()) -> Refusal | None:
        """Why a metric's number in a window and group is withheld; None if it is not."""
        return self.rules.refusal(window, group) if self.rules and is_guarded(metric) else None

    def shown(self, value: Value, windows: Sequence[Window | None], group: Sequence[int] = ()) -> Value:
        """A value as the viewer may see it. `windows`: its own, then one a comparison."""
        if self.rules is None:
            return value
        own, *compared = (self.refusal(value.metric, one, group) if one else None for one in windows)
        return value.withheld(own, compared)

    def tells(self, values: Iterable[Values], shown: Iterable[Value]) -> bool:
        """Whether a group may have a row: that it has one must not tell that it has ratings."""
        if self.rules is None:
            return True
        return any(map(_has_other_facts, values)) or any(value.count for value in shown if is_guarded(value.metric))


OPEN: Final = Guard()


def _has_other_facts(values: Values) -> bool:
    return values.has_any(partial for partial in values.folded.columns if partial.rows.source is not Source.RATING)


def is_guarding(viewer: Viewer, metrics: Iterable[Metric]) -> bool:
    """Whether some of the metrics are withheld from a viewer where groups are small."""
    return viewer.sees_ratings_in_aggregate and any(map(is_guarded, metrics))


def grouped_partials(viewer: Viewer, wanted: Sequence[Wanted]) -> tuple[Partial, ...]:
    """The partials of a grouped cut: where it is guarded, with one that decides which groups have rows."""
    partials = [partial for one in wanted for partial in one.partials]
    if is_guarding(viewer, (one.metric for one in wanted)):
        partials.append(TICKETS_CREATED.measure.counted)
    return tuple(dict.fromkeys(partials))


async def guarding(
    request: ReportRequest,
    loaders: Loaders,
    metrics: Iterable[Metric],
    windows: Sequence[Window],
    by: Sequence[Dimension] = (),
) -> Guard:
    """The guard of some metrics' numbers in some windows, by some dimensions.

    Begin the cut of the numbers first: they are then judged by the snapshot that they are of.
    Raises: as `Loaders.groups`.
    """
    if not is_guarding(loaders.viewer, metrics):
        return OPEN
    asked = request.slice
    narrowed = {match.dimension for match in matches(asked.condition)} | set(by)
    if asked.attribution is not Attribution.EVENT:
        return Guard(Never(privacy.not_so("by the tickets' creation")))
    if not narrowed:
        return Guard(await _whole(asked, loaders, windows))
    if len(narrowed) > 1 or not narrowed <= OFFERED:
        return Guard(Never(privacy.not_so(f"by {' and '.join(sorted(d.value for d in narrowed))}")))
    return Guard(await _parts(asked, loaders, windows, *narrowed))


async def _whole(asked: Slice, loaders: Loaders, windows: Sequence[Window]) -> Whole:
    touched = dict.fromkeys(
        month for window in windows if privacy.on_days(window, asked.as_of) for month in privacy.months(window)
    )
    days = tuple(day for month in touched for day in privacy.days(month, asked.as_of))
    if not days:
        return Whole(asked.as_of, {})
    groups = await loaders.groups(Cut(asked, (), days, (RATINGS,)))
    counts = (values.number(RATINGS) or 0 for values in groups[()])
    return Whole(asked.as_of, dict(zip(days, counts, strict=True)))


async def _parts(asked: Slice, loaders: Loaders, windows: Sequence[Window], dimension: Dimension) -> Parts:
    months = tuple(dict.fromkeys(month for window in windows for month in privacy.whole_months(window, asked.as_of)))
    if not months:
        return Parts(asked.as_of, {}, {})
    everything = Cut(replace(asked, condition=EVERYTHING), (dimension,), months, (RATINGS,), shows_names=False)
    left = replace(everything, slice=asked)
    loaders.begin(everything)
    chosen = _counts(await loaders.groups(left), months)
    table = _counts(await loaders.groups(everything), months)

    def rank(month: Window, number: int) -> bytes:
        text = f"tie:{dimension.value}:{month.start.isoformat()}:{number}".encode()
        return hmac.new(loaders.pseudonym_key, text, hashlib.sha256).digest()

    return privacy.parts_of(asked.as_of, table, {month: frozenset(cells) for month, cells in chosen.items()}, rank)


def _counts(groups: Groups, months: Sequence[Window]) -> Mapping[Window, Mapping[int, int]]:
    """How many ratings each value has in each month, where it has any."""
    found: dict[Window, dict[int, int]] = {month: {} for month in months}
    for (number,), values in groups.items():
        for month, here in zip(months, values, strict=True):
            if count := here.number(RATINGS):
                found[month][number] = count
    return found
