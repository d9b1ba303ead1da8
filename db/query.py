"""What is asked of the store: dimensions, filters, slices and aggregate queries, as frozen values.

Source: the public contract (GraphQL `TicketFilter`, REST parameters) and metrics.md, "Attribution".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

from db.access import BoundScope, Capability, Realm, Scope, Viewer
from db.domain import REPORTED_STATUSES, Channel, Clock, Priority, Word
from db.errors import BadInput, Forbidden
from db.frozen import hashed_once
from db.metric import Partial
from db.periods import Window


class Attribution(Enum):
    """Which period a fact counts in: that of its own anchor, or that of its ticket's creation."""

    EVENT = "event"
    CREATION = "creation"


class Dimension(Enum):
    """What facts can be filtered and grouped by."""

    __hash__ = object.__hash__  # they are keys of every row: an enum's own hash is worked out in Python

    CATEGORY = "category"
    PRIORITY = "priority"
    CHANNEL = "channel"
    STATUS = "status"
    TEAM = "team"
    AGENT = "agent"
    ORGANIZATION = "organization"
    TAG = "tag"
    HOUR_OF_DAY = "hour_of_day"
    DAY_OF_WEEK = "day_of_week"


ENTITIES = frozenset({Dimension.CATEGORY, Dimension.TEAM, Dimension.AGENT, Dimension.ORGANIZATION, Dimension.TAG})
"""The dimensions whose values are rows of their own, with a name."""
WORDS: Mapping[Dimension, tuple[Word, ...]] = {
    Dimension.PRIORITY: tuple(Priority),
    Dimension.CHANNEL: tuple(Channel),
    Dimension.STATUS: tuple(sorted(REPORTED_STATUSES)),
}
"""The dimensions whose values are fixed words."""
IDENTITIES: Mapping[Dimension, Capability] = {
    Dimension.AGENT: Capability.AGENT_IDENTITY_READ,
    Dimension.ORGANIZATION: Capability.ORGANIZATION_IDENTITY_READ,
}
"""The capability that naming one value of a dimension needs."""


class Asked(Enum):
    """How a filter compares."""

    IN = "in"
    NOT_IN = "notIn"
    IS_NULL = "isNull"
    IS_SET = "isNull: false"


@dataclass(frozen=True)
class Match:
    """A fact's dimension is (not) one of some ids, is unset, or is set."""

    dimension: Dimension
    asked: Asked
    ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Every:
    """All parts hold; of no parts, it holds."""

    parts: tuple[Filter, ...] = ()


@dataclass(frozen=True)
class Some:
    """At least one part holds."""

    parts: tuple[Filter, ...]


Filter = Match | Every | Some
EVERYTHING = Every()
MAX_COMPARISONS = 200


def matches(condition: Filter) -> Iterator[Match]:
    """Every comparison in a filter."""
    if isinstance(condition, Match):
        yield condition
    else:
        for part in condition.parts:
            yield from matches(part)


def word_code(dimension: Dimension, word: str) -> int:
    """The code of a fixed word.

    Raises: BadInput, naming the words that are allowed.
    """
    for known in WORDS[dimension]:
        if known.word == word.lower():
            return int(known)
    allowed = ", ".join(known.word for known in WORDS[dimension])
    raise BadInput(f"filter: {dimension.value} {word!r} is not known. Allowed: {allowed}.", parameter=dimension.value)


def check_filter(condition: Filter, viewer: Viewer) -> None:
    """Refuses a filter that names what the viewer may not name, before anything is planned.

    What only the store can tell (does an id exist, is an agent of the viewer's team) is checked when the ids
    are looked up. Raises: Forbidden; BadInput, for an unknown word, or more than 200 comparisons.
    """
    own = {
        Realm.TEAMS: (Dimension.TEAM, viewer.teams),
        Realm.SELF: (Dimension.AGENT, (viewer.agent,)),
        Realm.ORGANIZATION: (Dimension.ORGANIZATION, (viewer.organization,)),
    }
    bound, allowed = own.get(viewer.realm, (None, ()))
    compared = list(matches(condition))
    if len(compared) > MAX_COMPARISONS:
        raise BadInput(
            f"filter: {len(compared)} comparisons are more than the {MAX_COMPARISONS} that one filter may have. "
            "Name several ids in one `in` instead.",
            parameter="filter",
        )
    for match in compared:
        if match.dimension in IDENTITIES:
            viewer.require(IDENTITIES[match.dimension], f"A filter by {match.dimension.value}")
        if match.dimension in WORDS:
            for word in match.ids:
                word_code(match.dimension, word)
        if match.dimension is bound and not set(match.ids) <= set(allowed):
            raise outside(match.dimension)


def outside(dimension: Dimension) -> Forbidden:
    """The refusal of a filter outside the viewer's scope; it does not tell whether the thing exists."""
    return Forbidden(
        f"filter: {dimension.value} names something outside of what this token may see. Leave it out.",
        parameter=dimension.value,
    )


@hashed_once
@dataclass(frozen=True)
class Slice:
    """Which facts, whenever: whose (scope), which (filter), counted when (attribution), on which clock."""

    scope: Scope
    condition: Filter
    attribution: Attribution
    clock: Clock
    zone: ZoneInfo
    as_of: datetime
    """Nothing after this instant counts."""


@dataclass(frozen=True)
class BoundFilter:
    """A filter with the store's ids for every id it names."""

    condition: Filter
    ids: Mapping[tuple[Dimension, str], int]


@dataclass(frozen=True)
class TimeAxis:
    """How facts are put into cells of time: cell k holds the anchors in [boundaries[k-1], boundaries[k]).

    `ranges` are the parts of the axis that anything is asked of; flows outside are not read. Cell 0 is all
    that lies before the first boundary, which a stock needs.
    """

    boundaries: tuple[datetime, ...]
    ranges: tuple[Window, ...]


@dataclass(frozen=True)
class AggregateQuery:
    """One statement's worth: partials by cell of time and by dimensions, over one slice."""

    scope: BoundScope
    condition: BoundFilter
    attribution: Attribution
    clock: Clock
    zone: ZoneInfo
    as_of: datetime
    dimensions: tuple[Dimension, ...]
    axis: TimeAxis
    partials: tuple[Partial, ...]
    """Counts, sums and stocks come as columns p1, p2, ... in this order, histograms as bytes (see
    `db.sketch`). The rows of one cell and group add up."""
