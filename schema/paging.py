"""Page sizes, the same for every list."""

from __future__ import annotations

from db.errors import BadInput

MAX_PAGE = 500


def checked_first(first: int) -> int:
    """The page size.

    Raises: BadInput, unless it is 1 to 500.
    """
    if not 1 <= first <= MAX_PAGE:
        raise BadInput(f"first {first} is out of range. Give 1 to {MAX_PAGE}.", parameter="first")
    return first
