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
    """The histograms of some places, without the buckets that hold nothing."""

    bins: NDArray[np.int64]
    """Each bucket that holds facts, of the first place, of the second and so on, numbered through all places."""
    seen: NDArray[np.int64]
    """How many facts lie in the bins up to each, that one included, in all places."""
    places: int

    @property
    def before(self) -> NDArray[np.int64]:
        """How many facts lie in the places before each, and in all."""
        first = self.bins.searchsorted(np.arange(self.places + 1) * _BUCKETS)
        return np.concatenate(([0], self.seen))[first]

    @property
    def totals(self) -> list[int]:
        """How many facts each place has."""
        return list(np.diff(self.before).tolist())

    def __bool__(self) -> bool:
        return len(self.bins) > 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Histograms) and self._itself == other._itself

    def __hash__(self) -> int:
        return hash(self._itself)

    @property
    def _itself(self) -> tuple[bytes, bytes, int]:
        return self.bins.tobytes(), self.seen.tobytes(), self.places


def of_buckets(buckets: Iterable[int]) -> Histograms:
    """The histogram of single facts, by their buckets: of one place."""
    counts = np.bincount(np.fromiter(buckets, np.int64), minlength=_BUCKETS)
    bins = counts.nonzero()[0]
    return Histograms(bins, counts[bins].cumsum(), 1)


def read(sent: bytes) -> Records:
    """The bins that the store sent: as words, whose order is changed at once, and not record by record."""
    words = np.frombuffer(sent, _WORDS).astype(np.uint16)
    counts = words[2::3].astype(np.int32)
    if (high := words[1::3]).any():  # more than 65,535 in one bin, or some taken away
        counts |= high.astype(np.int32) << 16
    return Records(words[0::3].astype(np.int16), counts)


def merged(records: Records, spans: NDArray[np.int64]) -> Histograms:
    """The histograms of some stretches of records. Shape of `spans`: place, (first, after the last)."""
    blocks = [_merged(records, spans[at : at + _BLOCK]) for at in range(0, len(spans), _BLOCK)]
    bins = [block[0] + number * _BLOCK * _BUCKETS for number, block in enumerate(blocks)]
    counts = [block[1] for block in blocks]
    nothing = np.zeros(0, np.int64)
    return Histograms(np.concatenate([nothing, *bins]), np.concatenate([nothing, *counts]).cumsum(), len(spans))


def _merged(records: Records, spans: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The bins that hold anything, and how much."""
    lengths = spans[:, 1] - spans[:, 0]
    if not lengths.any():
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    first, end = spans[0, 0], spans[-1, 1]
    if end - first == lengths.sum() and (spans[1:, 0] == spans[:-1, 1]).all():
        buckets, weights = records.buckets[first:end], records.counts[first:end]
    else:
        at = np.arange(lengths.sum()) + np.repeat(spans[:, 1] - lengths.cumsum(), lengths)
        buckets, weights = records.buckets[at], records.counts[at]
    low = int(buckets.min())
    width = int(buckets.max()) - low + 1
    # Sums as floats are exact below 2^53.
    counts = np.bincount(np.repeat(np.arange(len(spans)) * width - low, lengths) + buckets, weights)
    found = np.flatnonzero(counts != 0)  # of truths, which is four times as quick as of numbers
    place, bucket = np.divmod(found, width)
    return place * _BUCKETS + bucket + low, counts[found].astype(np.int64)


def percentiles(histograms: Histograms, share: float) -> list[float | None]:
    """The percentile of each place by linear interpolation between ranks; None of nothing. Unit: seconds."""
    before = histograms.before
    counts = np.diff(before)
    there = counts.nonzero()[0]
    last = counts[there] - 1
    ranks = share * last
    below = ranks.astype(np.int64)
    low, high = (
        _MIDPOINTS[histograms.bins[histograms.seen.searchsorted(before[there] + rank, side="right")] % _BUCKETS]
        for rank in (below, np.minimum(below + 1, last))
    )
    found: list[float | None] = [None] * histograms.places
    for place, value in zip(there.tolist(), (low + (high - low) * (ranks - below)).tolist(), strict=True):
        found[place] = value
    return found
