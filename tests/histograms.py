"""Histograms as a reader of tests would write them down."""

from __future__ import annotations

from collections import Counter

import numpy as np

from db.sketch import Histograms


def bins_of(histograms: Histograms) -> list[Counter[int]]:
    """How many facts each bucket of each place has, where it has any."""
    edges = np.stack((histograms.before, histograms.before + histograms.counts))
    counts = np.diff(histograms.seen, prepend=0).tolist()
    buckets = histograms.buckets.tolist()
    return [
        Counter(dict(zip(buckets[first:end], counts[first:end], strict=True)))
        for first, end in histograms.seen.searchsorted(edges, side="right").T.tolist()
    ]
