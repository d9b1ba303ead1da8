"""The logarithmic histogram of durations: mergeable, with a stated relative error (the DDSketch rule).

Bucket k > 0 holds the seconds in (gamma^(k-2), gamma^(k-1)]; bucket 0 holds 0 s. Its midpoint is at most
RELATIVE_ERROR away from any value in it, so any percentile interpolated between midpoints is, too.
Source: Masson, Rim, Lee: DDSketch, VLDB 2019.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil, log
from typing import Final

RELATIVE_ERROR: Final = 0.01
GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_SCALE: Final = 1 / log(GAMMA)


def log_bucket(seconds: int) -> int:
    """The bucket of a duration. Unit: seconds, not negative."""
    return ceil(log(seconds) * _SCALE) + 1 if seconds > 0 else 0


def midpoint(bucket: int) -> float:
    """The value that stands for all durations of a bucket. Unit: seconds."""
    return 2 * GAMMA ** (bucket - 1) / (GAMMA + 1) if bucket else 0.0


def percentile(histogram: Mapping[int, int], share: float) -> float | None:
    """The percentile by linear interpolation between ranks; None of nothing. Unit: seconds."""
    count = sum(histogram.values())
    if not count:
        return None
    rank = share * (count - 1)
    below = int(rank)
    values = _at_ranks(histogram, below, min(below + 1, count - 1))
    return values[0] + (values[1] - values[0]) * (rank - below)


def _at_ranks(histogram: Mapping[int, int], first: int, second: int) -> tuple[float, float]:
    seen, low = 0, None
    for bucket in sorted(histogram):
        seen += histogram[bucket]
        if low is None and seen > first:
            low = midpoint(bucket)
        if seen > second:
            return (low if low is not None else midpoint(bucket)), midpoint(bucket)
    raise AssertionError("a rank lies beyond the histogram's count")
