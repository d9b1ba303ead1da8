"""Which numbers of small groups are withheld, so that no published ones give them back: pure.

A number is published only as a sum of whole *parts* that are published themselves: months of one group, or stretches of
days of the whole. Parts do not overlap and do not change once they are over, so that sums, differences and totals of
published numbers are made of published parts again. Source: docs/privacy.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Final

from db.periods import Grain, Period, Window, buckets
from db.zones import zone_named

MIN_FACTS: Final = 5
"""A group with fewer facts is small."""
MIN_OTHERS: Final = 3
"""A benchmark has facts of at least so many agents besides the viewer."""
_UTC: Final = zone_named("UTC")
_DAY: Final = timedelta(days=1)


class Suppression(Enum):
    """Why a number is withheld."""

    SMALL_GROUP = "small_group"
    """Its group is small, or would give away one that is; which of the two is never told."""
    SMALL_PART = "small_part"
    """It is a sum, and one of its parts is withheld for that."""
    NOT_OFFERED = "not_offered"
    """It is asked in a way in which it is shown to nobody of this role."""


@dataclass(frozen=True)
class Refusal:
    """A number is withheld: why, in a word and in a sentence that says what can be asked instead."""

    suppression: Suppression
    reason: str


def months(window: Window) -> tuple[Window, ...]:
    """The calendar months of UTC that a window touches, whole."""
    since = window.start.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    found = buckets(Period(since, window.end, _UTC), Grain.MONTH)
    return tuple(Window(start, _next_month(start)) for start in found.starts)


def days(month: Window, as_of: datetime) -> tuple[Window, ...]:
    """The days of a month that are over."""
    length = (min(month.end, as_of) - month.start) // _DAY
    return tuple(Window(month.start + n * _DAY, month.start + (n + 1) * _DAY) for n in range(length))


def whole_months(window: Window, as_of: datetime) -> tuple[Window, ...]:
    """The months that a window is made of; none, where it is not made of whole ones that are over."""
    touched = months(window)
    is_whole = (touched[0].start, touched[-1].end) == (window.start, window.end) and window.end <= as_of
    return touched if is_whole else ()


def _next_month(start: datetime) -> datetime:
    return (start + 31 * _DAY).replace(day=1)


def withheld(cells: Mapping[int, int], rank: Callable[[int], bytes]) -> frozenset[int] | None:
    """Which cells of a table that adds up to a published total are withheld; None is all of them.

    The small ones, and with them the smallest others until each cell withheld could, for all that total and
    published cells tell, be a large one. Which of them are small stays open; `rank` decides ties, and must be secret.
    """
    hidden = {key for key, count in cells.items() if 0 < count < MIN_FACTS}
    if not hidden:
        return frozenset()
    others = sorted(
        (key for key, count in cells.items() if count >= MIN_FACTS), key=lambda key: (cells[key], rank(key))
    )
    while sum(cells[key] for key in hidden) < len(hidden) - 1 + MIN_FACTS:
        if not others:
            return None
        hidden.add(others.pop(0))
    return frozenset(hidden)


def steps(counts: Sequence[int]) -> tuple[int, ...]:
    """After how many of a month's days a step ends: days are taken together until they have 5 facts.

    Only where 5 more follow on days that are over: more days can then add steps, and never move one.
    """
    ends, gathered, left = [], 0, sum(counts)
    for number, count in enumerate(counts, start=1):
        gathered, left = gathered + count, left - count
        if gathered >= MIN_FACTS and left >= MIN_FACTS:
            ends.append(number)
            gathered = 0
    return tuple(ends)


@dataclass(frozen=True)
class Whole:
    """The rules for numbers of everything that the viewer sees: periods of whole days, taken together in steps."""

    as_of: datetime
    counts: Mapping[Window, int]
    """The facts of each day that is over, in every month that a number touches."""

    def refusal(self, window: Window, group: object = ()) -> Refusal | None:
        """Why a number is withheld; None if it is not."""
        if not on_days(window, self.as_of):
            return NOT_WHOLE_DAYS
        touched = months(window)
        if any(0 < self._total(month) < MIN_FACTS for month in touched if month.end <= self.as_of):
            return SMALL if len(touched) == 1 else SMALL_PART
        edges = sorted({edge for month in touched for edge in self._edges(month)})
        if window.start in edges and window.end in edges:
            return None
        inside = [edge for edge in edges if window.start <= edge <= window.end]
        return _between(inside[0], inside[-1]) if len(inside) > 1 else SMALL

    def _days(self, month: Window) -> list[int]:
        return [self.counts[day] for day in days(month, self.as_of)]

    def _total(self, month: Window) -> int:
        return sum(self._days(month))

    def _edges(self, month: Window) -> Iterable[datetime]:
        yield month.start
        yield from (month.start + number * _DAY for number in steps(self._days(month)))
        if month.end <= self.as_of:
            yield month.end


@dataclass(frozen=True)
class Parts:
    """The rules for numbers of a part, by one dimension: whole months that are over."""

    as_of: datetime
    hidden: Mapping[Window, frozenset[int] | None]
    """The values whose numbers are withheld, by month; None is all."""
    asked: Mapping[Window, frozenset[int]]
    """The values that the filter leaves, by month."""

    def refusal(self, window: Window, group: Sequence[int] = ()) -> Refusal | None:
        """Why a number is withheld; None if it is not. `group`: the value of its row; empty is all that are left."""
        own = whole_months(window, self.as_of)
        if not own:
            return NOT_WHOLE_MONTHS
        if all(self._is_published(month, frozenset(group) or self.asked[month]) for month in own):
            return None
        return SMALL if len(own) == 1 else SMALL_PART

    def _is_published(self, month: Window, values: frozenset[int]) -> bool:
        """Whether all its cells are published, or all others: then it is a published total less published cells."""
        hidden = self.hidden[month]
        return hidden is not None and (not hidden & values or hidden <= values)


@dataclass(frozen=True)
class Never:
    """The rule for questions that are answered to nobody of the role."""

    why: Refusal

    def refusal(self, window: Window, group: object = ()) -> Refusal | None:
        """Why, always the same."""
        return self.why


@dataclass(frozen=True)
class Team:
    """The rules for a benchmark: in each whole month, enough facts of enough agents besides the viewer."""

    as_of: datetime
    others: Mapping[Window, Sequence[Mapping[int, int]]]
    """By month, for each kind of facts that the number is made of: how many each other agent has; 0 is nobody."""

    def refusal(self, window: Window, group: object = ()) -> Refusal | None:
        """Why a number is withheld; None if it is not."""
        own = whole_months(window, self.as_of)
        if not own:
            return NO_BENCHMARK
        enough = all(_is_enough(counts) for month in own for counts in self.others[month])
        return None if enough else FEW_OTHERS


def _is_enough(counts: Mapping[int, int]) -> bool:
    agents = [agent for agent, count in counts.items() if agent and count]
    return sum(counts.values()) >= MIN_FACTS and len(agents) >= MIN_OTHERS


Rules = Whole | Parts | Never | Team


def on_days(window: Window, as_of: datetime) -> bool:
    """Whether a window begins and ends with days of UTC, and is over."""
    return window.end <= as_of and all((edge - _MIDNIGHT) % _DAY == timedelta() for edge in (window.start, window.end))


_MIDNIGHT: Final = datetime(2000, 1, 1, tzinfo=UTC)


def _between(first: datetime, last: datetime) -> Refusal:
    return Refusal(
        Suppression.NOT_OFFERED,
        f"Days are shown together until they have {MIN_FACTS} ratings, and this period begins or ends between such "
        f"days. Ask with since {first:%Y-%m-%d} and until {last:%Y-%m-%d}, timezone UTC.",
    )


SMALL: Final = Refusal(
    Suppression.SMALL_GROUP,
    f"Withheld: this group, or one that it would give away, has fewer than {MIN_FACTS} ratings. "
    "Ask for a larger group or a longer period.",
)
SMALL_PART: Final = Refusal(
    Suppression.SMALL_PART,
    f"Withheld: in a part of this period the group, or one that it would give away, has fewer than {MIN_FACTS} "
    "ratings. Ask for a larger group, or for the other months one by one.",
)
NOT_WHOLE_DAYS: Final = Refusal(
    Suppression.NOT_OFFERED,
    "Ratings are shown to this role for whole days that are over: choose timezone UTC, and days up to yesterday at the "
    "latest.",
)
NOT_WHOLE_MONTHS: Final = Refusal(
    Suppression.NOT_OFFERED,
    "Ratings of a part are shown to this role for whole months that are over: choose timezone UTC and whole months, or "
    "leave filter and grouping out.",
)
NO_BENCHMARK: Final = Refusal(
    Suppression.NOT_OFFERED,
    "A benchmark is for whole months that are over, counted by event: choose timezone UTC, and since and until on the "
    "first of a month.",
)
FEW_OTHERS: Final = Refusal(
    Suppression.SMALL_GROUP,
    f"Withheld: in a month of this period fewer than {MIN_FACTS} of the facts are of others, or they are of fewer than "
    f"{MIN_OTHERS} other agents. Ask for other months.",
)


def not_so(what: str) -> Refusal:
    """The refusal of a question that is answered in no period."""
    return Refusal(
        Suppression.NOT_OFFERED,
        f"Ratings are not shown to this role {what}. Count by event, and ask by one of category, priority, "
        "channel, team or organization at a time, with a filter by that dimension alone.",
    )


def parts_of(
    as_of: datetime,
    table: Mapping[Window, Mapping[int, int]],
    asked: Mapping[Window, frozenset[int]],
    rank: Callable[[Window, int], bytes],
) -> Parts:
    """The rules for numbers of a part, from how many facts each value has in each month."""
    return Parts(as_of, {month: withheld(cells, partial(rank, month)) for month, cells in table.items()}, asked)
