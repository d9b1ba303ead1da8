"""How times are written: texts in, the spelling that reads all of them out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from typing import Final

_DATES: Final = (
    "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d.%m.%Y", "%d-%m-%Y", "%m-%d-%Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d/%b/%Y", "%d/%b/%y",
    "%Y-%m-%d",
)  # fmt: skip
_CLOCKS: Final = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
_TAILS: Final = ("", " %z")
_SPELLINGS: Final = tuple(
    date + between + clock + tail
    for date, (between, clock), tail in product(_DATES, (("", ""), *product((" ", ", ", "T"), _CLOCKS)), _TAILS)
    if clock or not tail
)
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d.*)?")
_EPOCHS: Final = ((re.compile(r"1\d{9}(\.\d+)?"), "epoch_seconds"), (re.compile(r"1\d{12}"), "epoch_milliseconds"))
_OFFSET: Final = re.compile(r"(?<=\d) ?([+-]\d{2}:?\d{2}|Z)$")
_DIGITS: Final = re.compile(r"\d+")
_LETTERS: Final = re.compile(r"[^\W\d]+")
_FIRST: Final = 12
"""So many texts thin out the spellings before all are read with what is left."""


@dataclass(frozen=True)
class TimeForm:
    """A spelling that reads every text of a column."""

    spelling: str
    """As a mapping says it."""
    has_offset: bool
    rivals: tuple[str, ...] = ()
    """Spellings that read them all too, with another day: 3/4/2024 is in March or in April."""


def time_form(texts: Sequence[str]) -> TimeForm | None:
    """The form of texts that are all times; None where there is none for all."""
    if not texts:
        return None
    if all(_ISO.fullmatch(text) for text in texts):
        return _iso(texts)
    for pattern, spelling in _EPOCHS:
        if all(pattern.fullmatch(text) for text in texts):
            return TimeForm(spelling, has_offset=True)
    left = _ALIKE.get(_outline(texts[0]), [])
    for some in (texts[:_FIRST], texts):
        left = [spelling for spelling in left if all(_reads(spelling, text) for text in some)]
    if not left:
        return None
    best = left[0]
    return TimeForm(best, best.endswith("%z"), tuple(rival for rival in left[1:] if _differ(best, rival, texts)))


def _iso(texts: Sequence[str]) -> TimeForm | None:
    try:
        read = [datetime.fromisoformat(text) for text in texts]
    except ValueError:
        return None
    return TimeForm("iso", has_offset=all(at.tzinfo is not None for at in read))


def _reads(spelling: str, text: str) -> bool:
    try:
        datetime.strptime(text, spelling)  # noqa: DTZ007 a spelling is tried, nothing is kept
    except ValueError:
        return False
    return True


def _differ(one: str, other: str, texts: Sequence[str]) -> bool:
    return any(
        datetime.strptime(text, one) != datetime.strptime(text, other)  # noqa: DTZ007 two readings are compared
        for text in texts[:_FIRST]
    )


def _outline(text: str) -> str:
    """A text without what it says: `24/3/2016 18:40` is `0/0/0 0:0`."""
    return _LETTERS.sub("a", _DIGITS.sub("0", _OFFSET.sub(" +", text)))


def _by_outline() -> dict[str, list[str]]:
    sample = datetime(2003, 12, 25, 21, 43, 5, 6, tzinfo=UTC)
    found: dict[str, list[str]] = {}
    for spelling in _SPELLINGS:
        found.setdefault(_outline(sample.strftime(spelling)), []).append(spelling)
    return found


_ALIKE: Final = _by_outline()
"""The spellings by their outline: trying them all would take seconds a column."""
