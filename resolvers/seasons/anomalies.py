"""Days that differ from what was expected of them: pure.

Source: docs/concepts/seasons.md, "Anomalies".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from resolvers.seasons.forecast import roots
from resolvers.seasons.model import Fit, Floats, History

THRESHOLD: Final = 4.0
"""The robust z from which a day is an anomaly, either way."""


@dataclass(frozen=True)
class Anomaly:
    """A day, its tickets, those expected, and how many robust scales lie between them."""

    day: date
    actual: int
    expected: float
    score: float


def scores(history: History, fitted: Fit) -> Floats:
    """The robust z of each day: its root residual over the scale of all (1.4826 x median). Shape: n."""
    residuals = roots(history.counts, fitted.expected)
    # A root residual of a Poisson count has a standard deviation of 1: less is chance.
    scale = max(1.0, 1.4826 * float(np.median(np.abs(residuals))))
    found: Floats = residuals / scale
    return found


def anomalies(history: History, fitted: Fit) -> list[Anomaly]:
    """The days whose score is at least 4 or at most -4, in order."""
    found = scores(history, fitted)
    return [
        Anomaly(
            history.first + timedelta(days=int(n)),
            int(history.counts[n]),
            float(fitted.expected[n]),
            float(found[n]),
        )
        for n in np.flatnonzero(np.abs(found) >= THRESHOLD)
    ]
