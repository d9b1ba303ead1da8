"""Chooses where a query is answered from: the smallest rollup that has all it names, else facts; pure.

The choice never changes an answer, only what it costs. Why what is cheaper was not taken is said with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from db.access import Realm
from db.metric import PartialKind
from db.query import AggregateQuery, Attribution, Dimension, matches
from db.rollups.coverage import Coverage, Kept, coverage
from db.rollups.cuboids import CUBOIDS, Cuboid, place_of
from db.rollups.days import start_of

_ANY: Final = "of any kind"
_CLOCKED: Final = frozenset({Dimension.HOUR_OF_DAY, Dimension.DAY_OF_WEEK})
_OF_REALM: Final = {
    Realm.TEAMS: Dimension.TEAM,
    Realm.SELF: Dimension.AGENT,
    Realm.ORGANIZATION: Dimension.ORGANIZATION,
}


@dataclass(frozen=True)
class FromFacts:
    """Every fact is looked at. `backwards`: stocks are counted from what stands now, not from the beginning."""

    backwards: bool = False


@dataclass(frozen=True)
class FromRollup:
    """Rows of a cuboid, and facts for what is no whole day."""

    cuboid: Cuboid
    coverage: Coverage


Chosen = FromFacts | FromRollup


@dataclass(frozen=True)
class Choice:
    """Where a query is answered from, and why not from something cheaper."""

    chosen: Chosen
    refused: tuple[tuple[str, str], ...]
    """Name of a rollup, and what it lacks; the cheapest first."""


def choose(query: AggregateQuery, kept: Sequence[Kept]) -> Choice:
    """The cheapest source that covers a query. `kept`: the zones whose rollups may be read."""
    why = _why_none(query, kept)
    if why:
        return Choice(_from_facts(query, kept), ((_ANY, why),))
    refused = []
    for cuboid in CUBOIDS:
        lacking = _named(query) - set(cuboid.dimensions)
        if lacking:
            refused.append((cuboid.name, f"it is not by {' and '.join(sorted(d.value for d in lacking))}"))
            continue
        covered = _best(query, kept)
        if covered is None:
            refused.append(
                (cuboid.name, "too little of what is asked are whole days of a zone that rollups are kept for")
            )
            break
        return Choice(FromRollup(cuboid, covered), tuple(refused))
    return Choice(_from_facts(query, kept), tuple(refused))


def _why_none(query: AggregateQuery, kept: Sequence[Kept]) -> str:
    """Why no rollup can answer a query, whatever its dimensions; empty where one may."""
    if not kept:
        return "none is ready; `deskgraph rollups status` says why"
    if query.attribution is not Attribution.EVENT:
        return "they are by the instants of the facts, and this is by the tickets' creation"
    if any(match.dimension is Dimension.STATUS for match in matches(query.condition.condition)):
        return "the filter asks for the tickets' present status"
    if any(place_of(partial, query.clock) is None for partial in query.partials):
        return "a number of its own is asked for, such as the edges of a distribution"
    if _CLOCKED & set(query.dimensions) and query.zone.key not in {one.zone.key for one in kept}:
        return f"hours and weekdays are those of another zone than {query.zone.key}"
    return ""


def _named(query: AggregateQuery) -> set[Dimension]:
    """All dimensions that a query groups by, filters by, or is narrowed to."""
    named = {*query.dimensions, *(match.dimension for match in matches(query.condition.condition))}
    if query.scope.realm in _OF_REALM:
        named.add(_OF_REALM[query.scope.realm])
    return named


def _best(query: AggregateQuery, kept: Sequence[Kept]) -> Coverage | None:
    """The coverage that leaves the least to facts; None where that is half of it or more."""
    same = [one for one in kept if one.zone.key == query.zone.key]
    if _CLOCKED & set(query.dimensions):
        kept = same
    with_stocks = has_stocks(query)
    # Of its own zone a query has whole days, so others need not be tried.
    found = [coverage(query.axis, query.as_of, one, with_stocks=with_stocks) for one in same or kept]
    best = min(found, key=lambda one: one.ragged_seconds)
    asked = sum(_seconds(window.start, min(window.end, query.as_of)) for window in query.axis.ranges)
    return best if best.blocks and best.ragged_seconds <= asked / 2 else None


def has_stocks(query: AggregateQuery) -> bool:
    """Whether any of its numbers is a stock."""
    return any(partial.kind is PartialKind.STOCK for partial in query.partials)


def _seconds(start: datetime, end: datetime) -> float:
    return max(0.0, (end - start).total_seconds())


def _from_facts(query: AggregateQuery, kept: Sequence[Kept]) -> FromFacts:
    """From what stands now, unless the axis begins nearer to the beginning of all facts."""
    begins = query.axis.boundaries[0]
    known = [start_of(one.first_day, one.zone) for one in kept if one.first_day is not None]
    nearer = bool(known) and begins - min(known) < query.as_of - begins
    return FromFacts(backwards=query.attribution is Attribution.EVENT and not nearer)
