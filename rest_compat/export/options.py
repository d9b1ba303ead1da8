"""How a file is written, beside its format."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """What an order says of its file."""

    language: str = "en"
    """A language tag."""
    bom: bool = False
    """Whether a CSV begins with a byte order mark."""
