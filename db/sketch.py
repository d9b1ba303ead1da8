"""The logarithmic histogram of durations: mergeable, with a stated relative error (the DDSketch rule).

Bucket k > 0 holds the seconds in (gamma^(k-2), gamma^(k-1)]; bucket 0 holds 0 s. Its midpoint is at most
RELATIVE_ERROR away from any value in it, so any percentile interpolated between midpoints is, too.
Source: Masson, Rim, Lee: DDSketch, VLDB 2019.
"""

from __future__ import annotations

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
