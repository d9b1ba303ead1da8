"""What a PDF of this gateway holds."""

from __future__ import annotations

from typing import Final

from rest_compat.problems import Kind, Problem

MAX_ROWS: Final = 5_000
MAX_TEXT_BYTES: Final = 4_000_000


def check_rows(rows: int) -> None:
    """Raises: Problem, for more rows than a PDF has."""
    if rows > MAX_ROWS:
        raise too_large(f"It has {rows:,} rows or more; a PDF has {MAX_ROWS:,} at most")


def too_large(why: str) -> Problem:
    """The refusal of a report."""
    said = (
        f"The report is too large for a PDF. {why}. Choose a shorter period, a coarser grain or a filter, or another"
        " format, such as xlsx or csv."
    )
    return Problem(Kind.IMPOSSIBLE_INPUT, said)
