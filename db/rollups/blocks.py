"""Days in blocks of 1, 4, 16, ..., 1,024: any run of days is a few of them; pure.

Level n cuts the days into blocks of 4^n, counted from 1970-01-01. A fact is in one block of every level, so a run
costs the logarithm of its length: 90 days are about ten blocks, three years about a dozen.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

SIZES: Final = (1, 4, 16, 64, 256, 1024)
"""Days in a block, by level."""


class Block(NamedTuple):
    """The days [number * size, (number + 1) * size)."""

    level: int
    number: int


def cover(first: int, end: int) -> Iterator[Block]:
    """The fewest blocks that make up the days [first, end); none where that is empty."""
    while first < end:
        level = 0
        while level + 1 < len(SIZES) and first % SIZES[level + 1] == 0 and first + SIZES[level + 1] <= end:
            level += 1
        yield Block(level, first // SIZES[level])
        first += SIZES[level]
