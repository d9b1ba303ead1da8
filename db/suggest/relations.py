"""What columns say of each other, found in one more pass over the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from db.sources.checks import BadCell, Convert, TimeFormat, time_converter
from db.suggest.matching import Candidate

CLEARABLE: Final = ("first_response_at", "resolved_at", "closed_at", "updated_at")
_APART: Final = 0.001
"""The share of ids whose rows may stand apart in what is an event log all the same."""
_EXCEPTIONS: Final = 0.02
"""The share of rows that may contradict that one column follows from another."""


@dataclass(frozen=True)
class Relations:
    """What was found."""

    is_log: bool
    """A ticket has several rows, which stand together."""
    repeated: int
    """Rows whose id stood there before."""
    early: Mapping[str, int]
    """Instants before the creation, by the format's column."""
    unanswered: frozenset[str]
    """Words of the status on which no ticket has a first response, while those of others do."""
    follows: frozenset[tuple[str, str]]
    """Pairs of source columns: whoever knows the first knows the second."""


def relations_of(
    chosen: Mapping[str, Candidate],
    rows: Iterable[Sequence[str]],
    columns: Sequence[str],
    pairs: Sequence[tuple[str, str]],
) -> Relations:
    """What the rows say of the chosen columns, and of the pairs that may follow from each other."""
    place = {name: number for number, name in enumerate(columns)}
    ids, early, answers = _Ids(place, chosen), _Early(place, chosen), _Answers(place, chosen)
    following = [_Follows(place, pair) for pair in pairs]
    takers = [one.take for one in (ids, early, answers)] + [one.take for one in following]
    for cells in rows:
        for take in takers:
            take(cells)
    return Relations(
        is_log=ids.are_a_log,
        repeated=ids.repeated,
        early=dict(early.counts),
        unanswered=answers.unanswered,
        follows=frozenset(one.pair for one in following if one.holds),
    )


class _Ids:
    """Whether ids come again, and where."""

    def __init__(self, place: Mapping[str, int], chosen: Mapping[str, Candidate]) -> None:
        self._place = place[chosen["id"].source.name] if "id" in chosen else None
        self._seen: set[str] = set()
        self._last = ""
        self._apart = 0
        self.repeated = 0

    def take(self, cells: Sequence[str]) -> None:
        if self._place is None:
            return
        id_ = cells[self._place]
        if id_ in self._seen:
            self.repeated += 1
            self._apart += id_ != self._last
        self._seen.add(id_)
        self._last = id_

    @property
    def are_a_log(self) -> bool:
        return self.repeated > 0 and self._apart <= _APART * len(self._seen)


class _Early:
    """Instants before the creation."""

    def __init__(self, place: Mapping[str, int], chosen: Mapping[str, Candidate]) -> None:
        self.counts: Counter[str] = Counter()
        self._created = _reader(place, chosen["created_at"]) if "created_at" in chosen else None
        self._others = [(name, *_reader(place, chosen[name])) for name in CLEARABLE if name in chosen]

    def take(self, cells: Sequence[str]) -> None:
        if self._created is None:
            return
        created = _instant(cells, *self._created)
        for name, index, convert in self._others:
            at = _instant(cells, index, convert)
            if at is not None and created is not None and at < created:
                self.counts[name] += 1


def _reader(place: Mapping[str, int], candidate: Candidate) -> tuple[int, Convert]:
    form = candidate.source.time
    return place[candidate.source.name], time_converter(TimeFormat(form.spelling if form else "iso", ZoneInfo("UTC")))


def _instant(cells: Sequence[str], index: int, convert: Convert) -> datetime | None:
    try:
        at: datetime = convert(cells[index])
    except BadCell:
        return None
    return at


class _Answers:
    """Which statuses go with a first response."""

    def __init__(self, place: Mapping[str, int], chosen: Mapping[str, Candidate]) -> None:
        known = "status" in chosen and "first_response_at" in chosen
        self._places = [place[chosen[name].source.name] for name in ("status", "first_response_at")] if known else []
        self._answered: Counter[str] = Counter()
        self._seen: set[str] = set()

    def take(self, cells: Sequence[str]) -> None:
        if self._places:
            status, answer = (cells[index] for index in self._places)
            self._seen.add(status)
            self._answered[status] += bool(answer.strip())

    @property
    def unanswered(self) -> frozenset[str]:
        if not any(self._answered.values()):
            return frozenset()
        return frozenset(status for status in self._seen if not self._answered[status])


class _Follows:
    """Whether one column follows from another."""

    def __init__(self, place: Mapping[str, int], pair: tuple[str, str]) -> None:
        self.pair = pair
        self._places = [place[name] for name in pair]
        self._counts: Counter[tuple[str, str]] = Counter()

    def take(self, cells: Sequence[str]) -> None:
        known, told = (cells[index] for index in self._places)
        if known.strip() and told.strip():
            self._counts[known, told] += 1

    @property
    def holds(self) -> bool:
        most: dict[str, int] = {}
        for (known, _), count in self._counts.items():
            most[known] = max(most.get(known, 0), count)
        total = sum(self._counts.values())
        return total > 0 and total - sum(most.values()) <= _EXCEPTIONS * total
