"""Which bytes of a file a client wants, so that a transfer that broke off is resumed.

Source: RFC 9110, section 14. One range is heeded; of several, or of one that cannot be read, the whole file is sent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_ONE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """No byte of the file is in the range."""


@dataclass(frozen=True)
class Span:
    """Bytes of a file, both ends included; of an empty file, none: the last is before the first."""

    first: int
    last: int

    @property
    def bytes(self) -> int:
        """How many."""
        return self.last + 1 - self.first


def asked(header: str | None, size: int) -> Span | None:
    """The bytes that a Range header asks for; None: all of them.

    Raises: Unsatisfiable.
    """
    found = _ONE.fullmatch(header or "")
    if found is None or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        if int(last) == 0 or size == 0:
            raise Unsatisfiable
        return Span(max(size - int(last), 0), size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise Unsatisfiable
    return Span(int(first), min(int(last), size - 1) if last else size - 1)
