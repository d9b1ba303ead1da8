"""From where a table has to be read again so that nothing is missed, however late it was committed; pure.

A transaction that was open while a pass read is not in what it read, and its rows may bear a watermark of long before
it commits. PostgreSQL says of every snapshot which transactions were open: `xmin` is the oldest of them, and all from
`xmax` on had not begun. So a pass need not read again what lies before the newest mark that was made when none of
the transactions had begun that the last pass could not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

_KEPT: Final = 32


@dataclass(frozen=True)
class Snapshot:
    """Which transactions a pass saw the end of."""

    xmin: int
    xmax: int


Mark = tuple[int, str | None]
"""The `xmax` of a pass, and how far the watermark had risen; None: there was no row."""


@dataclass(frozen=True)
class Marks:
    """What is known of one table, oldest first; never empty."""

    marks: tuple[Mark, ...]

    @property
    def bound(self) -> str | None:
        """The watermark from which the next pass reads; None: all."""
        return self.marks[0][1]

    def then(self, snapshot: Snapshot, watermark: str | None) -> Marks:
        """What is known once a pass of that snapshot has read the table up to that watermark."""
        if snapshot.xmax < self.marks[-1][0]:  # another server: its transactions cannot be compared with ours
            return Marks(((snapshot.xmax, self.bound),))
        marks = (*self.marks, (snapshot.xmax, watermark))
        first = max((place for place, mark in enumerate(marks) if mark[0] <= snapshot.xmin), default=0)
        kept = marks[first:]
        return Marks(kept if len(kept) <= _KEPT else (kept[0], *kept[1 - _KEPT :]))

    @property
    def told(self) -> list[Any]:
        """As JSON has it."""
        return [list(mark) for mark in self.marks]

    @classmethod
    def of(cls, told: Sequence[Any]) -> Marks:
        """From JSON."""
        return cls(tuple((int(xmax), watermark) for xmax, watermark in told))
