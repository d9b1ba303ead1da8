"""The logarithmic histogram of durations: mergeable, with a stated relative error (the DDSketch rule).

Bucket k > 0 holds the seconds in (gamma^(k-2), gamma^(k-1)]; bucket 0 holds 0 s. Its midpoint is at most
RELATIVE_ERROR away from any value in it, so any percentile interpolated between midpoints is, too.
Source: Masson, Rim, Lee: DDSketch, VLDB 2019.

The store sends bins as bytes: records of `RECORD`, in any order, a bucket as often as it likes. Records add up, so
histograms merge by putting their bytes one after the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, log
from typing import Final

import numpy as np
from numpy.typing import NDArray

RELATIVE_ERROR: Final = 0.01
GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_SCALE: Final = 1 / log(GAMMA)
LONGEST_SECONDS: Final = 2**31 - 1
RECORD: Final = np.dtype([("bucket", ">i2"), ("count", ">i4")])
"""A bin as the store sends it."""
Records = NDArray[np.void]


def log_bucket(seconds: int) -> int:
    """The bucket of a duration. Unit: seconds, not negative."""
    return ceil(log(seconds) * _SCALE) + 1 if seconds > 0 else 0


def midpoint(bucket: int) -> float:
    """The value that stands for all durations of a bucket. Unit: seconds."""
    return 2 * GAMMA ** (bucket - 1) / (GAMMA + 1) if bucket else 0.0


_BUCKETS: Final = log_bucket(LONGEST_SECONDS) + 1
_MIDPOINTS: Final[tuple[float, ...]] = tuple(map(midpoint, range(_BUCKETS)))


@dataclass(frozen=True, eq=False)
class Histogram:
    """How many facts lie in the buckets up to each, that one included. Shape: one number for every bucket."""

    seen: NDArray[np.int64]

    @property
    def total(self) -> int:
        """How many facts it is of."""
        return int(self.seen[-1])

    def __bool__(self) -> bool:
        return bool(self.seen.any())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histogram) and np.array_equal(self.seen, other.seen)

    def __hash__(self) -> int:
        return hash(self.seen.tobytes())


def of_buckets(buckets: Iterable[int]) -> Histogram:
    """The histogram of single facts, by their buckets."""
    return Histogram(np.bincount(np.fromiter(buckets, np.int64), minlength=_BUCKETS).cumsum())


def read(sent: bytes) -> Records:
    """The bins that the store sent."""
    return np.frombuffer(sent, RECORD)


def merged(records: Records, spans: NDArray[np.int64]) -> list[Histogram]:
    """The histograms of some stretches of records. Shape of `spans`: histogram, (first, after the last)."""
    first, lengths = spans[:, 0], spans[:, 1] - spans[:, 0]
    owners = np.repeat(np.arange(len(spans)), lengths)
    places = np.arange(len(owners)) + np.repeat(first - lengths.cumsum() + lengths, lengths)
    bins = np.zeros(len(spans) * _BUCKETS, np.int64)
    np.add.at(bins, owners * _BUCKETS + records["bucket"][places], records["count"][places].astype(np.int64))
    return list(map(Histogram, bins.reshape(-1, _BUCKETS).cumsum(axis=1)))


NOTHING: Final = of_buckets(())


def percentile(histogram: Histogram, share: float) -> float | None:
    """The percentile by linear interpolation between ranks; None of nothing. Unit: seconds."""
    count = histogram.total
    if not count:
        return None
    rank = share * (count - 1)
    below = int(rank)
    ranks = (below, min(below + 1, count - 1))
    low, high = (_MIDPOINTS[int(bucket)] for bucket in histogram.seen.searchsorted(ranks, side="right"))
    return low + (high - low) * (rank - below)
