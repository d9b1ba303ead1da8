"""An attacker who collects what is published as sums of unknowns, and solves for what is not."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = NDArray[np.float64]
"""Which unknowns a sum has. Shape: one coefficient an unknown."""


@dataclass
class Known:
    """Published sums. The unknowns are what one fact adds: whether it is there, or whether its score is good."""

    rows: list[Row] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Notes a published sum."""
        self.rows.append(row)

    @cached_property
    def _basis(self) -> Row:
        """An orthonormal basis of all that follows from the published sums."""
        _, sizes, basis = np.linalg.svd(np.unique(np.array(self.rows), axis=0), full_matrices=False)
        found: Any = basis[sizes > 1e-9 * sizes[0]]
        return found  # type: ignore[no-any-return]

    def tells(self, row: Row) -> bool:
        """Whether a sum follows from those that are published: it is a combination of them."""
        rest = row - self._basis.T @ (self._basis @ row)
        return bool(np.linalg.norm(rest) < 1e-6 * max(1.0, float(np.linalg.norm(row))))


def known(*rows: Row) -> Known:
    """Some published sums."""
    return Known(list(rows))
