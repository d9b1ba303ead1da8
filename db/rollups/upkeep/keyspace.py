"""Keys of several columns as one integer each, so that grouping is sorting; pure.

The first column is the block of days, cut coarser level by level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Final

import numpy as np

from db.rollups.blocks import SIZES
from db.rollups.upkeep.zone_days import Ints

_LIMIT: Final = 2**62
_COARSER: Final = SIZES[1] // SIZES[0]


@dataclass(frozen=True)
class Keyspace:
    """A way to pack keys."""

    base: int
    """The day that counts as 0: the first of a block on every level."""
    lows: tuple[int, ...]
    widths: tuple[int, ...]
    """How many values each column has after its block, from its low on."""
    tables: tuple[Ints, ...] | None = None
    """The values of each column, where they are packed by their rank."""

    @classmethod
    def of(cls, days: Ints, columns: Sequence[Ints]) -> Keyspace:
        """A keyspace that holds these keys."""
        if len(days) == 0:
            return cls(0, (0,) * len(columns), (1,) * len(columns))
        base = int(days.min()) // SIZES[-1] * SIZES[-1]
        lows = tuple(int(column.min()) for column in columns)
        widths = tuple(int(column.max()) - low + 1 for column, low in zip(columns, lows, strict=True))
        if prod(widths) * (int(days.max()) - base + 1) < _LIMIT:
            return cls(base, lows, widths)
        tables = tuple(np.unique(column) for column in columns)
        return cls(base, (0,) * len(columns), tuple(len(table) for table in tables), tables)

    @property
    def rest(self) -> int:
        """How many keys a block may have."""
        return prod(self.widths)

    def pack(self, blocks: Ints, columns: Sequence[Ints], level: int = 0) -> Ints:
        """A key for each row."""
        packed: Ints = blocks.astype(np.int64) - self.base // SIZES[level]
        for number, column in enumerate(columns):
            ranks = column if self.tables is None else np.searchsorted(self.tables[number], column)
            packed = packed * self.widths[number] + (ranks - self.lows[number])
        return packed

    def coarser(self, packed: Ints) -> Ints:
        """The keys of the next level."""
        blocks, others = _divided(packed, self.rest)
        found: Ints = blocks // _COARSER * self.rest + others
        return found

    def unpack(self, packed: Ints, level: int) -> list[Ints]:
        """The columns of some keys, the block first."""
        found: list[Ints] = []
        for number in range(len(self.widths) - 1, -1, -1):
            packed, ranks = _divided(packed, self.widths[number])
            found.append(ranks + self.lows[number] if self.tables is None else self.tables[number][ranks])
        found.append(packed + self.base // SIZES[level])
        return found[::-1]


def _divided(values: Ints, by: int) -> tuple[Ints, Ints]:
    """Quotients and remainders; `numpy.divmod` takes four times as long."""
    quotients = values // by
    return quotients, values - quotients * by


def starts_of(ordered: Ints) -> Ints:
    """Where each key begins among sorted ones."""
    is_first = np.empty(len(ordered), bool)
    is_first[:1] = True
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return np.flatnonzero(is_first)


def summed(packed: Ints, values: Ints) -> tuple[Ints, Ints]:
    """Each key once, in order, with the sum of its values."""
    if len(packed) == 0:
        return packed, values
    order = np.argsort(packed, kind="stable")
    packed = packed[order]
    starts = starts_of(packed)
    return packed[starts], np.add.reduceat(values[order], starts, axis=0)
