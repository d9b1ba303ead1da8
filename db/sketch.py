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
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

RELATIVE_ERROR: Final = 0.01
GAMMA: Final = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
_SCALE: Final = 1 / log(GAMMA)
LONGEST_SECONDS: Final = 2**31 - 1
RECORD: Final = np.dtype([("bucket", ">i2"), ("count", ">i4")])
"""A bin as the store sends it."""
_WORDS: Final = np.dtype(">u2")
"""What a record is made of: its bucket, the high word of its count, the low one."""


def log_bucket(seconds: int) -> int:
    """The bucket of a duration. Unit: seconds, not negative."""
    return ceil(log(seconds) * _SCALE) + 1 if seconds > 0 else 0


def midpoint(bucket: int) -> float:
    """The value that stands for all durations of a bucket. Unit: seconds."""
    return 2 * GAMMA ** (bucket - 1) / (GAMMA + 1) if bucket else 0.0


_BUCKETS: Final = log_bucket(LONGEST_SECONDS) + 1
_MIDPOINTS: Final = np.array(list(map(midpoint, range(_BUCKETS))))
_BLOCK: Final = 32
"""How many histograms are merged at once, so that the room for all their buckets stays small."""


class Records(NamedTuple):
    """Bins that are not added up yet, in columns."""

    buckets: NDArray[np.int16]
    counts: NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Histograms:
    """The histograms of some places, each a stretch of bins that hold something."""

    buckets: NDArray[np.int64]
    """The bucket of each bin."""
    seen: NDArray[np.int64]
    """How many facts lie in the bins up to each, that one included."""
    before: NDArray[np.int64]
    """How many facts lie in the bins before those of each place."""
    counts: NDArray[np.int64]
    """How many facts each place has."""

    def picked(self, places: NDArray[np.int64]) -> Histograms:
        """Those of some of the places, in any order; -1 is a place where nothing is."""
        if not len(self.counts):
            places, nothing = np.zeros_like(places), np.zeros(1, np.int64)
            return Histograms(self.buckets, self.seen, nothing[places], nothing[places])
        counts = np.where(places < 0, 0, self.counts[places])
        return Histograms(self.buckets, self.seen, self.before[places], counts)

    def __bool__(self) -> bool:
        return bool(self.counts.any())


def of_buckets(buckets: Iterable[int]) -> Histograms:
    """The histogram of single facts, by their buckets: of one place."""
    counts = np.bincount(np.fromiter(buckets, np.int64), minlength=_BUCKETS)
    found = counts.nonzero()[0]
    return _histograms(found, counts[found], np.array([len(found)]))


def _histograms(buckets: NDArray[np.int64], counts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Histograms:
    """Those of places whose bins lie one after the other. `lengths`: how many bins each place has."""
    seen = counts.cumsum()
    ends = np.concatenate(([0], seen))[np.concatenate(([0], lengths.cumsum()))]
    return Histograms(buckets, seen, ends[:-1], np.diff(ends))


def read(sent: bytes) -> Records:
    """The bins that the store sent: as words, whose order is changed at once, and not record by record."""
    words = np.frombuffer(sent, _WORDS).astype(np.uint16)
    counts = words[2::3].astype(np.int32)
    if (high := words[1::3]).any():  # more than 65,535 in one bin, or some taken away
        counts |= high.astype(np.int32) << 16
    return Records(words[0::3].astype(np.int16), counts)


def merged(records: Records, spans: NDArray[np.int64]) -> Histograms:
    """The histograms of some stretches of records. Shape of `spans`: place, (first, after the last)."""
    nothing = np.zeros(0, np.int64)
    blocks = [_merged(records, spans[at : at + _BLOCK]) for at in range(0, len(spans), _BLOCK)]
    buckets, counts, lengths = zip(*blocks, strict=True) if blocks else ([nothing],) * 3
    return _histograms(np.concatenate(buckets), np.concatenate(counts), np.concatenate(lengths))


def _merged(
    records: Records, spans: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """The bins that hold anything, how much, and how many bins each place has."""
    lengths = spans[:, 1] - spans[:, 0]
    if not lengths.any():
        return np.zeros(0, np.int64), np.zeros(0, np.int64), lengths
    first, end = spans[0, 0], spans[-1, 1]
    if end - first == lengths.sum() and (spans[1:, 0] == spans[:-1, 1]).all():
        buckets, weights = records.buckets[first:end], records.counts[first:end]
    else:
        at = np.arange(lengths.sum()) + np.repeat(spans[:, 1] - lengths.cumsum(), lengths)
        buckets, weights = records.buckets[at], records.counts[at]
    low = int(buckets.min())
    width = int(buckets.max()) - low + 1
    starts = np.arange(len(spans)) * width - low
    # Sums as floats are exact below 2^53.
    counts = np.bincount(np.repeat(starts, lengths) + buckets, weights)
    found = np.flatnonzero(counts != 0)  # of truths, which is four times as quick as of numbers
    lengths = np.diff(found.searchsorted(starts[1:] + low), prepend=0, append=len(found))
    return found - np.repeat(starts, lengths), counts[found].astype(np.int64), lengths


def percentiles(histograms: Histograms, share: float) -> list[float | None]:
    """The percentile of each place by linear interpolation between ranks; None of nothing. Unit: seconds."""
    there = histograms.counts.nonzero()[0]
    before, last = histograms.before[there], histograms.counts[there] - 1
    ranks = share * last
    below = ranks.astype(np.int64)
    low, high = (
        _MIDPOINTS[histograms.buckets[histograms.seen.searchsorted(before + rank, side="right")]]
        for rank in (below, np.minimum(below + 1, last))
    )
    found: list[float | None] = [None] * len(histograms.counts)
    for place, value in zip(there.tolist(), (low + (high - low) * (ranks - below)).tolist(), strict=True):
        found[place] = value
    return found
