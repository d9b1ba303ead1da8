"""How a file is written, beside its format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Marks:
    """What stands in a CSV between the cells of a row, and between the digits of a number."""

    separator: str
    decimal: str


PLAIN: Final = Marks(",", ".")
"""As RFC 4180 and JSON have it."""


@dataclass(frozen=True)
class Options:
    """What an order says of its file."""

    language: str = "en"
    """A language tag."""
    bom: bool = False
    """Whether a CSV begins with a byte order mark."""
    marks: Marks = PLAIN
    """How a CSV separates."""
