"""Many keys in, few queries out: pure.

A key is a `Cut`: some partials of a slice, by dimensions, in some windows of time. Cuts that differ only in their
windows and partials become one query: its axis has a boundary wherever any window begins or ends, and the fold
adds the cells up again. So a report, its comparisons and its series cost one statement a grouping.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from db.access import BoundScope, Realm
from db.directory import Found
from db.errors import BadInput
from db.frozen import hashed_once
from db.metric import Partial, PartialKind
from db.periods import Window
from db.query import (
    ENTITIES,
    AggregateQuery,
    Attribution,
    BoundFilter,
    Dimension,
    Slice,
    TimeAxis,
    matches,
    outside,
)
from db.rollups.cuboids import place_of
from db.rollups.reading import Choice, choose

_SERIES = 16
"""More windows than these are a series: its numbers are many, so it shares no statement with what has few."""
_CLOCKED = frozenset({Dimension.HOUR_OF_DAY, Dimension.DAY_OF_WEEK})
_REALM_DIMENSIONS: Mapping[Realm, Dimension] = {
    Realm.TEAMS: Dimension.TEAM,
    Realm.SELF: Dimension.AGENT,
    Realm.ORGANIZATION: Dimension.ORGANIZATION,
}


class Reach(Enum):
    """How far back a cut looks: a history's years would make everything that shares its statement read them too."""

    PERIOD = "the period and its comparisons"
    HISTORY = "the years before"


@hashed_once
@dataclass(frozen=True)
class Cut:
    """What one field asks for: partials of a slice, by dimensions, in windows."""

    slice: Slice
    dimensions: tuple[Dimension, ...]
    windows: tuple[Window, ...]
    partials: tuple[Partial, ...]
    reach: Reach = Reach.PERIOD
    shows_names: bool = field(default=True, compare=False)
    """Whether the names of what it is grouped by are asked for next: then they are of the same snapshot."""


PlanKey = tuple[Slice, tuple[Dimension, ...], Reach]


@dataclass(frozen=True)
class PlannedQuery:
    """One statement to come, and what it will answer."""

    key: PlanKey
    query: AggregateQuery
    windows: frozenset[Window]
    choice: Choice

    @property
    def accumulates(self) -> bool:
        """Whether a stock is the sum of all cells up to the window's end, or stands in the window's own cell."""
        return self.query.attribution is Attribution.EVENT

    def knows_stock(self, window: Window) -> bool:
        """Whether a stock of a window is known."""
        return knows_stock(self.query.attribution, self.query.as_of, self.query.dimensions, window)


def knows_stock(attribution: Attribution, as_of: datetime, dimensions: Iterable[Dimension], window: Window) -> bool:
    """Whether a stock is known: its window has begun, and it has rows by these dimensions.

    By hour or weekday it has none where facts have instants of their own: it is entered at one hour, left at another.
    """
    return window.start <= as_of and not (attribution is Attribution.EVENT and _CLOCKED & set(dimensions))


def ids_to_find(slices: Iterable[Slice]) -> set[tuple[Dimension, str]]:
    """Every id that the slices' scopes and filters name."""
    wanted: set[tuple[Dimension, str]] = set()
    for asked in set(slices):
        if asked.scope.realm in _REALM_DIMENSIONS:
            dimension = _REALM_DIMENSIONS[asked.scope.realm]
            wanted.update((dimension, external_id) for external_id in asked.scope.ids)
        if asked.scope.member is not None:
            wanted.add((Dimension.AGENT, asked.scope.member))
        wanted.update(
            (match.dimension, external_id)
            for match in matches(asked.condition)
            if match.dimension in ENTITIES
            for external_id in match.ids
        )
    return wanted


def bind(asked: Slice, found: Found) -> tuple[BoundScope, BoundFilter]:
    """The scope and filter of a slice, with the store's ids.

    Raises: BadInput, for an id that does not exist, told to those who see everything; Forbidden, to all others,
    and for an agent outside a team lead's teams.
    """
    dimension = _REALM_DIMENSIONS.get(asked.scope.realm)
    known = {i: n for (d, i), n in found.ids.items() if d is dimension}
    if asked.scope.member is not None:
        home = found.agents_teams.get(asked.scope.member)
        known = {i: n for i, n in known.items() if n == home}
    scope = asked.scope.bound(known)
    for match in matches(asked.condition):
        if match.dimension not in ENTITIES:
            continue
        for external_id in match.ids:
            if (match.dimension, external_id) not in found.ids:
                raise _unknown(asked, match.dimension, external_id)
            foreign = asked.scope.realm is Realm.TEAMS and match.dimension is Dimension.AGENT
            if foreign and found.agents_teams.get(external_id) not in scope.ids:
                raise outside(match.dimension)
    return scope, BoundFilter(asked.condition, found.ids)


def _unknown(asked: Slice, dimension: Dimension, external_id: str) -> Exception:
    if asked.scope.realm is not Realm.ALL:
        return outside(dimension)
    return BadInput(f"filter: there is no {dimension.value} with the id {external_id!r}.", parameter=dimension.value)


def plan(cuts: Sequence[Cut], found: Found) -> tuple[PlannedQuery, ...]:
    """The queries that answer all cuts. Cuts with a faulty filter must be sorted out before (see `bind`)."""
    groups: dict[PlanKey, list[Cut]] = {}
    for cut in cuts:
        groups.setdefault(plan_key(cut), []).append(cut)
    return tuple(planned for key, group in groups.items() for planned in _queries(key, group, found))


def plan_key(cut: Cut) -> PlanKey:
    """What cuts must share to be answered together: all but their windows and partials."""
    return cut.slice, cut.dimensions, cut.reach


def _queries(key: PlanKey, cuts: Sequence[Cut], found: Found) -> Iterable[PlannedQuery]:
    asked, dimensions, _ = key
    scope, condition = bind(asked, found)
    for windows, partials in _families(cuts, asked):
        query = AggregateQuery(
            scope=scope,
            condition=condition,
            attribution=asked.attribution,
            clock=asked.clock,
            zone=asked.zone,
            as_of=asked.as_of,
            dimensions=dimensions,
            axis=_axis(windows),
            partials=partials,
        )
        yield PlannedQuery(key, query, frozenset(windows), choose(query, found.kept))


Family = tuple[tuple[Window, ...], tuple[Partial, ...]]
"""Windows and partials that one statement answers."""


def _families(cuts: Sequence[Cut], asked: Slice) -> Iterable[Family]:
    """Series apart from what has few windows, and what rollups keep apart from what they do not.

    Of groups, histograms are apart from numbers: they are nearly all that is sent, and rows that have both would be put
    together by the server before the first is sent.

    By creation, a stock counts the tickets of a window that are open at that window's end: it does not add up
    from smaller cells, so overlapping windows go into different statements.
    """
    by_creation = asked.attribution is Attribution.CREATION

    def kind(cut: Cut, partial: Partial) -> tuple[bool, bool, bool, bool]:
        is_kept = place_of(partial, asked.clock) is not None or by_creation
        is_large = bool(cut.dimensions) and partial.kind is PartialKind.HISTOGRAM
        return len(cut.windows) > _SERIES, is_kept, is_large, by_creation and _is_stock(partial)

    kinds = dict.fromkeys(kind(cut, partial) for cut in cuts for partial in cut.partials)
    for one in kinds:
        parts = [(cut.windows, tuple(p for p in cut.partials if kind(cut, p) == one)) for cut in cuts]
        windows = tuple(window for windows, partials in parts if partials for window in windows)
        partials = _union(partials for _, partials in parts)
        is_apart = one[-1]
        for family in _disjoint(windows) if is_apart else (windows,):
            yield family, partials


def _is_stock(partial: Partial) -> bool:
    return partial.kind is PartialKind.STOCK


def _union(parts: Iterable[tuple[Partial, ...]]) -> tuple[Partial, ...]:
    return tuple(dict.fromkeys(partial for partials in parts for partial in partials))


def _axis(windows: Iterable[Window]) -> TimeAxis:
    ordered = sorted(set(windows), key=lambda w: (w.start, w.end))
    boundaries = sorted({edge for window in ordered for edge in (window.start, window.end)})
    ranges: list[Window] = []
    for window in ordered:
        if ranges and window.start <= ranges[-1].end:
            ranges[-1] = Window(ranges[-1].start, max(ranges[-1].end, window.end))
        else:
            ranges.append(window)
    return TimeAxis(tuple(boundaries), tuple(ranges))


def _disjoint(windows: Iterable[Window]) -> list[tuple[Window, ...]]:
    """The windows in families, none overlapping another of its family."""
    families: list[list[Window]] = []
    for window in sorted(set(windows), key=lambda w: (w.start, w.end)):
        home = next((family for family in families if family[-1].end <= window.start), None)
        if home is None:
            families.append([window])
        else:
            home.append(window)
    return [tuple(family) for family in families]
