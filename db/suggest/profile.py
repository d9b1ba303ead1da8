"""What a column holds, counted and tried: pure, and small however many rows there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from db.suggest.times import TimeForm, time_form

DISTINCT_KEPT: Final = 50_000
"""Different texts of a column that are counted; what comes new after them is counted as one."""
_TRIED: Final = 400
"""Different texts of a column that are read as times."""
_STRAY_WORDS: Final = 3
_ABSENT: Final = frozenset(
    ("", "?", "-", "--", "---", "—", ".", "n/a", "na", "nan", "nil", "none", "null", "\\n", "unknown", "undefined")
) | {"not set", "not available", "no value", "(empty)", "(blank)"}
_INTEGER: Final = re.compile(r"-?\d+")
_NUMBER: Final = re.compile(r"-?\d+([.,]\d+)?")
_SCORES: Final = frozenset("12345")
_FLAGS: Final = frozenset({"true", "false", "yes", "no", "y", "n", "0", "1"})


@dataclass(frozen=True)
class Profile:
    """One column."""

    name: str
    counts: Mapping[str, int]
    """How often each text stands there, empty ones aside."""
    empty: int
    beyond: int = 0
    """Rows whose text came after too many different ones."""

    @cached_property
    def absent(self) -> tuple[str, ...]:
        """Texts that stand for nothing: blanks, and words like `?` and `n/a`."""
        return tuple(text for text in self.counts if text.strip().lower() in _ABSENT)

    @cached_property
    def words(self) -> Mapping[str, int]:
        """The texts that say something."""
        return {text: count for text, count in self.counts.items() if text not in set(self.absent)}

    @cached_property
    def filled(self) -> int:
        """Rows that say something."""
        return sum(self.words.values()) + self.beyond

    @property
    def rows(self) -> int:
        """All rows."""
        return sum(self.counts.values()) + self.beyond + self.empty

    @property
    def distinct(self) -> int:
        """Different texts, those beyond what is counted as one each."""
        return len(self.words) + self.beyond

    @property
    def is_unique(self) -> bool:
        """Whether no text stands there twice, as far as they are counted."""
        return self.filled > 0 and all(count == 1 for count in self.words.values())

    @cached_property
    def tried(self) -> tuple[str, ...]:
        """Some of the texts, from all over the column."""
        words = list(self.words)
        return tuple(words[:: max(1, len(words) // _TRIED)])

    @cached_property
    def time(self) -> TimeForm | None:
        """How its times are written, where it holds times and at most a few words beside them."""
        texts = [text for text in self.tried if text not in self.time_strays]
        return time_form(texts) if len(self.time_strays) <= _STRAY_WORDS else None

    @cached_property
    def time_strays(self) -> frozenset[str]:
        """The words that are no times at all."""
        return frozenset(text for text in self.words if not any(map(str.isdigit, text)))

    @cached_property
    def is_integer(self) -> bool:
        """Whether it holds whole numbers."""
        return bool(self.words) and all(_INTEGER.fullmatch(text) for text in self.tried)

    @cached_property
    def is_number(self) -> bool:
        """Whether it holds numbers."""
        return bool(self.words) and all(_NUMBER.fullmatch(text) for text in self.tried)

    @cached_property
    def is_flag(self) -> bool:
        """Whether it holds yes and no."""
        return bool(self.words) and {text.lower() for text in self.words} <= _FLAGS

    @cached_property
    def strays(self) -> tuple[str, ...] | None:
        """The few words beside scores of 1 to 5; None where it holds no scores."""
        others = tuple(text for text in self.words if text not in _SCORES)
        is_score = len(self.words) - len(others) >= 2 and len(others) <= _STRAY_WORDS
        return others if is_score and not any(_NUMBER.fullmatch(text) for text in others) else None

    @cached_property
    def length(self) -> float:
        """Mean length of its texts."""
        return sum(map(len, self.tried)) / len(self.tried) if self.tried else 0.0

    @property
    def samples(self) -> tuple[str, ...]:
        """The texts that stand there most often."""
        return tuple(text for text, _ in Counter(self.words).most_common(3))


@dataclass
class _Counting:
    """A column while it is counted."""

    counts: Counter[str] = field(default_factory=Counter)
    empty: int = 0
    beyond: int = 0

    def take(self, text: str) -> None:
        if not text:
            self.empty += 1
        elif text in self.counts or len(self.counts) < DISTINCT_KEPT:
            self.counts[text] += 1
        else:
            self.beyond += 1


def profiles_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> tuple[Profile, ...]:
    """What each column holds."""
    counting = [_Counting() for _ in columns]
    takers = [one.take for one in counting]
    for cells in rows:
        for take, text in zip(takers, cells, strict=True):
            take(text)
    return tuple(Profile(name, one.counts, one.empty, one.beyond) for name, one in zip(columns, counting, strict=True))
