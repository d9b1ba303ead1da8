"""Whether a change is for the better: the catalogue says which way each metric improves."""

from __future__ import annotations

from typing import Final

from rest_compat.export.content import Cell
from schema.public import METRICS

FEW: Final = 30
"""Below so many facts, a change may be chance."""
QUIET: Final = "quiet"
_WAYS: Final = {"higher": 1, "lower": -1, "neither": 0}


def tone(metric: str, change: Cell, count: Cell) -> str:
    """better, worse or quiet: quiet where it is neither, not known, or of few facts."""
    if not isinstance(change, int | float) or not isinstance(count, int | float) or count < FEW:
        return QUIET
    way = _WAYS[METRICS[metric].better.value] * change
    return "better" if way > 0 else "worse" if way < 0 else QUIET
