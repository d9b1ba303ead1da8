"""What is expected of the coming days, with its bands: pure.

Source: docs/concepts/seasons.md, "The forecast".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from resolvers.seasons.model import Fit, Floats, History, annual_factors, fit, ordinals, weekdays

HORIZON_DAYS: Final = 28
LEVEL_DAYS: Final = 28
"""The trend of these last days, averaged, is carried on without a slope."""
RESIDUAL_DAYS: Final = 365
"""The bands come from the residuals of at most these last days."""
GROWTH: Final = 0.25
"""How much the variance has grown at the horizon's end."""


@dataclass(frozen=True)
class Forecast:
    """The coming days from `first` on. Shape: 28. Unit: tickets a day."""

    first: date
    expected: Floats
    low: Floats
    high: Floats
    low95: Floats
    high95: Floats


def roots(actual: Floats, expected: Floats) -> Floats:
    """Residuals on the scale on which counts vary equally: 2 (sqrt(actual) - sqrt(expected))."""
    found: Floats = 2 * (np.sqrt(actual) - np.sqrt(expected))
    return found


def forecast(history: History, fitted: Fit | None = None) -> Forecast:
    """The 28 days after a history, with an 80 % and a 95 % band."""
    known = fitted or fit(history)
    first = history.first + timedelta(days=history.days)
    days = ordinals(first, HORIZON_DAYS)
    level = float(np.exp(np.log(known.trend[-LEVEL_DAYS:]).mean()))
    expected = level * known.weekday_factors[weekdays(days)] * annual_factors(known.annual_effects, days)
    errors = np.abs(roots(history.counts, known.expected))[-RESIDUAL_DAYS:]
    # A fit is nearer to the days it was made from than to those to come.
    widening = np.sqrt((history.days + known.parameters) / (history.days - known.parameters))
    growth = widening * np.sqrt(1 + GROWTH * np.arange(1, HORIZON_DAYS + 1) / HORIZON_DAYS)
    inner, outer = (float(np.quantile(errors, share)) * growth for share in (0.80, 0.95))
    return Forecast(first, expected, *_band(expected, inner), *_band(expected, outer))


def _band(expected: Floats, width: Floats) -> tuple[Floats, Floats]:
    middle = np.sqrt(expected)
    return np.maximum(middle - width / 2, 0) ** 2, (middle + width / 2) ** 2
