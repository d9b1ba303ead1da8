"""Whether a client would rather not wait. Source: RFC 7240."""

from __future__ import annotations

from collections.abc import Iterable


def rather_not_wait(prefer: Iterable[str]) -> bool:
    """Whether Prefer headers hold `respond-async`."""
    words = (word.partition(";")[0].strip().lower() for header in prefer for word in header.split(","))
    return "respond-async" in words
