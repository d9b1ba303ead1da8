"""How well a source column's name fits a column of the format."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from db.suggest.lexicon import ALIASES, CANON, FILLERS

_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS: Final = re.compile(r"[\W_]+")
_ALIKE: Final = 87
"""Unit: per cent. Words from five letters that are so alike are one word, misspelt."""
_LONG: Final = 5
_KNOWN: Final = frozenset(word for names in ALIASES.values() for alias, _ in names for word in alias.split())


@lru_cache(maxsize=4_096)
def tokens(name: str) -> frozenset[str]:
    """The words of a name, in the forms that the lexicon knows."""
    parts = [part for part in _PARTS.split(_CAMEL.sub(" ", name).lower()) if part]
    telling = [part for part in parts if part not in FILLERS] or parts
    return frozenset(CANON.get(part) or _alike(part) for part in telling)


def _alike(word: str) -> str:
    """What a word that the lexicon lacks is a misspelling of, else the word."""
    if len(word) < _LONG or word in _KNOWN:
        return word
    best = process.extractOne(word, CANON.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return CANON[best[0]] if best else word


def fit(name: str, column: str) -> float:
    """From 0, not at all, to 1, by its very name."""
    if name.lower().replace(" ", "_") == column:
        return 1.0
    words = tokens(name)
    if column != "id" and len(words) > 1:
        words -= {"id"}  # whatever is pointed to has one
    best = 0.0
    for alias, weight in ALIASES.get(column, ()):
        wanted = alias.split()
        if words.issuperset(wanted):
            best = max(best, weight * (0.5 + 0.5 * len(wanted) / len(words)))
    return best
