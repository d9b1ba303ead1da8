"""What is found wrong with a source before a row goes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from db.sources.rows import Reject

_REASONS: Final = 20
_LENGTH: Final = 40
_TEXTS: Final = 5
"""Of one reason so many texts are told, the most frequent first."""


@dataclass
class Findings:
    """What was found of one table, or of the source as a whole."""

    table: str
    faults: list[str] = field(default_factory=list)
    """With these it cannot be followed."""
    warnings: list[str] = field(default_factory=list)
    """With these figures may be wrong, or slow."""
    notes: list[str] = field(default_factory=list)
    """What is read otherwise than it stands there, though all is well."""
    rows: int = 0
    """Tried."""
    rejected: int = 0
    rejects: dict[str, int] = field(default_factory=dict)
    """Of those: by column and reason."""

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Counts what would be rejected, and why."""
        texts: dict[str, Counter[str]] = {}
        for one in rejects:
            texts.setdefault(f"{one.column}: {one.reason}", Counter())[one.text] += 1
        counts = Counter({reason: said.total() for reason, said in texts.items()})
        self.rejected = counts.total()
        self.rejects = {f"{why}: {_listed(texts[why])}": rows for why, rows in counts.most_common(_REASONS)}


def _listed(texts: Counter[str]) -> str:
    """Some of the texts, with how often each stands there where they differ in that."""
    is_alone = len(texts) == 1
    told = [
        repr(text[:_LENGTH]) + ("" if is_alone or rows == 1 else f" ({rows:,})")
        for text, rows in texts.most_common(_TEXTS)
    ]
    return ", ".join(told) + (f" and {len(texts) - _TEXTS:,} others" if len(texts) > _TEXTS else "")
