"""What an import did, counted: each row is new, changed, unchanged or rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum

from db.sources.rows import Reject, RowKind


class Outcome(IntEnum):
    """What a row did to the store. Integers, because every row is counted by them."""

    NEW = 1
    CHANGED = 2
    UNCHANGED = 3
    REJECTED = 4


class Step(Enum):
    """What an import is doing."""

    READING = "reading"
    RECOMPUTING = "recomputing"
    """Facts of stored tickets, because a policy, a calendar or an agent's team has changed."""
    MERGING = "merging"
    ADDING_UP = "adding up"
    """Rollups, from all facts: days."""
    COMPARING = "comparing"
    """Rollups with the facts: days."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is; `total` 0 where it is unknown."""

    step: Step
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows by what they did; they add up to those read."""

    read: int
    new: int
    changed: int
    unchanged: int
    rejected: int


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import did, or in a dry run would have done."""

    rows: Counts
    kinds: Mapping[RowKind, Counts]
    """Kind by kind; rows of a file without one good row are of no kind."""
    seconds: float
    resumed: bool
    """Whether it took up an interrupted run; what that had merged counts as unchanged here."""


class Tally:
    """The counters of a running import, and the way rejects leave it."""

    def __init__(
        self, on_reject: Callable[[Reject], None], on_row: Callable[[int, Outcome], None] | None = None
    ) -> None:
        self._on_reject = on_reject
        self.on_row = on_row
        """Told what became of each row that was not rejected, by its line, where somebody wants to know."""
        self._outcomes: Counter[tuple[RowKind, Outcome]] = Counter()
        self._numbers: dict[str, int] = {}
        self._files: list[tuple[str, RowKind]] = []
        self._unplaced: Counter[str] = Counter()

    def number_of(self, file: str, kind: RowKind) -> int:
        """A small number for a file, in order of appearance."""
        number = self._numbers.get(file)
        if number is None:
            number = self._numbers[file] = len(self._files)
            self._files.append((file, kind))
        return number

    def count(self, kind: RowKind, outcome: Outcome, rows: int = 1) -> None:
        """Counts rows."""
        self._outcomes[kind, outcome] += rows

    def count_all(self, kind: RowKind, outcomes: Iterable[Outcome]) -> None:
        """Counts rows by what each did."""
        for outcome, rows in Counter(outcomes).items():
            self.count(kind, outcome, rows)

    def pass_on(self, reject: Reject) -> None:
        """Counts a row that its source has rejected."""
        self._unplaced[reject.file] += 1
        self._on_reject(reject)

    def reject(self, kind: RowKind, place: tuple[int, int], column: str, reason: str, text: str) -> None:
        """Rejects a row that stands at a file's number and a line."""
        self.count(kind, Outcome.REJECTED)
        self._on_reject(Reject(self._files[place[0]][0], place[1], column, reason, text))

    def rows(self) -> Counts:
        """All rows so far."""
        counted: Counter[Outcome] = Counter()
        for (_, outcome), rows in self._outcomes.items():
            counted[outcome] += rows
        counted[Outcome.REJECTED] += self._unplaced.total()
        return _counts(counted)

    def kinds(self) -> dict[RowKind, Counts]:
        """The rows so far, kind by kind."""
        counted: dict[RowKind, Counter[Outcome]] = {}
        for (kind, outcome), rows in self._outcomes.items():
            counted.setdefault(kind, Counter())[outcome] += rows
        kinds = dict(self._files)
        for file, rows in self._unplaced.items():
            if file in kinds:
                counted.setdefault(kinds[file], Counter())[Outcome.REJECTED] += rows
        return {kind: _counts(counted[kind]) for kind in RowKind if kind in counted}


def _counts(counted: Counter[Outcome]) -> Counts:
    return Counts(
        read=counted.total(),
        new=counted[Outcome.NEW],
        changed=counted[Outcome.CHANGED],
        unchanged=counted[Outcome.UNCHANGED],
        rejected=counted[Outcome.REJECTED],
    )
