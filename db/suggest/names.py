"""How well a source column's name fits a column of the format."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz, process

from db.suggest.lexicon import ALIASES, CANON, FILLERS


def folded(text: str) -> str:
    """The text without capitals and accents, however its letters are composed: `gelost` for Gelöst."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_PARTS: Final = re.compile(r"[\W_]+")
_ALIKE: Final = 87
"""Unit: per cent. Words from five letters that are so alike are one word, misspelt."""
_LONG: Final = 5
_WORDS: Final = {folded(word): canon for word, canon in CANON.items()}
_SAY_NOTHING: Final = frozenset(map(folded, FILLERS))
_KNOWN: Final = frozenset(word for names in ALIASES.values() for alias, _ in names for word in alias.split())


@lru_cache(maxsize=4_096)
def tokens(name: str) -> frozenset[str]:
    """The words of a name, in the forms that the lexicon knows."""
    parts = [part for part in _PARTS.split(folded(_CAMEL.sub(" ", name))) if part]
    telling = [part for part in parts if part not in _SAY_NOTHING] or parts
    return frozenset(_WORDS.get(part) or _alike(part) for part in telling)


def _alike(word: str) -> str:
    """What a word that the lexicon lacks is a misspelling of, else the word."""
    if len(word) < _LONG or word in _KNOWN:
        return word
    best = process.extractOne(word, _WORDS.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return _WORDS[best[0]] if best else word


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
