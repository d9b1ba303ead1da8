"""Foreign words of status, priority and channel: each with what it stands for, or none where nobody can tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from db.domain import Channel, Priority, Status
from db.suggest.lexicon import CHANNELS, CUSTOMERS, PRIORITIES, STATUSES, WAITING
from db.suggest.names import folded

_RANK: Final = re.compile(r"^\s*(p?\d+|s\d+)\s*[-:.)/]\s*", re.IGNORECASE)
_PARTS: Final = re.compile(r"[^\w'-]+|_")


@dataclass(frozen=True)
class Translation:
    """A column's words in the format's."""

    known: Mapping[str, str]
    unknown: tuple[str, ...]
    share: float
    """Of the rows that say something, those whose word is known."""

    @property
    def is_needed(self) -> bool:
        """Whether any word is not the format's own already."""
        return bool(self.unknown) or any(word != said for word, said in self.known.items())


def translate(column: str, words: Mapping[str, int]) -> Translation:
    """The words of a column that is a status, priority or channel, with how often each stands there."""
    read = READERS[column]
    found = {word: read(_plain(word)) for word in words}
    known = {word: said for word, said in found.items() if said is not None}
    total = sum(words.values())
    share = sum(words[word] for word in known) / total if total else 0.0
    return Translation(known, tuple(word for word in words if word not in known), share)


def _plain(word: str) -> str:
    return " ".join(part for part in _PARTS.split(folded(_RANK.sub("", word))) if part)


def _folded(table: Mapping[str, str]) -> dict[str, str]:
    return {folded(word): said for word, said in table.items()}


STATUS_WORDS: Final = _folded(STATUSES)
"""The whole words of a status that are known, as `names.folded` leaves them."""


def _status(word: str) -> str | None:
    if word in STATUS_WORDS:
        return STATUS_WORDS[word]
    parts = word.split()
    if WAITING & set(parts):
        return "pending" if CUSTOMERS & set(parts) else "on_hold"
    return _part(STATUS_WORDS)(word)


def _part(known: Mapping[str, str]) -> Callable[[str], str | None]:
    """A reader that knows whole words, and then those with one known part."""

    def read(word: str) -> str | None:
        if word in known:
            return known[word]
        said = {known[part] for part in word.split() if part in known}
        return said.pop() if len(said) == 1 else None

    return read


READERS: Final[dict[str, Callable[[str], str | None]]] = {
    "status": _status,
    "priority": _part(_folded(PRIORITIES)),
    "channel": _part(_folded(CHANNELS)),
}
"""By the format's column."""

FORMAT_WORDS: Final[dict[str, tuple[str, ...]]] = {
    column: tuple(member.word for member in words)
    for column, words in (("status", Status), ("priority", Priority), ("channel", Channel))
}
"""The format's own words, by its column."""
