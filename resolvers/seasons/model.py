"""The model of daily counts: weekday x annual x trend, fitted robustly.

A quasi-Poisson regression with a logarithmic link. Huber weights keep a single incident day from bending anything, and
each effect has a normal prior, so that a short history shrinks it towards "no effect" rather than inventing one.
Source: docs/concepts/seasons.md, "The model".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

YEAR_DAYS: Final = 365.25
ANNUAL_FROM_DAYS: Final = 548
"""History from which annual harmonics are fitted: a year and a half."""
HARMONICS: Final = 3
KNOT_DAYS: Final = 91
"""How far apart the trend may change its slope."""
HUBER: Final = 1.5
"""Residuals beyond this many robust scales lose weight."""
_WEEKDAY_SD: Final = 3.0
_SLOPE_SD: Final = 0.3
_ANNUAL_SD: Final = 0.3
_MONTH_SD: Final = 1.0
_FREE_SD: Final = 1e3
_ROUNDS: Final = 30
_MAX_STEP: Final = 1e-8


@dataclass(frozen=True)
class History:
    """Complete local days in a row with their counts. Shape: n days, n counts. Unit: tickets a day."""

    first: date
    counts: Floats

    @property
    def days(self) -> int:
        """How many days."""
        return len(self.counts)

    def since(self, day: date) -> History:
        """The days from a day on."""
        skipped = min(max((day - self.first).days, 0), self.days)
        return History(self.first + timedelta(days=skipped), self.counts[skipped:])

    def known(self) -> History:
        """The history from its first ticket on: before it, nothing was recorded."""
        found = np.flatnonzero(self.counts)
        return self.since(self.first + timedelta(days=int(found[0]) if len(found) else self.days))


@dataclass(frozen=True)
class Fit:
    """The fitted parts of each day. Shape: n. `trend` in tickets a day; `weekday` and `annual` are factors around 1."""

    trend: Floats
    weekday: Floats
    annual: Floats
    dispersion: float
    """Variance over mean, of usual days."""
    weekday_factors: Floats
    """Shape: 7, Monday first; mean 1."""
    annual_effects: Floats
    """The coefficients of the annual columns; empty under the history they need."""
    parameters: int

    @property
    def seasonal(self) -> Floats:
        """Weekday and annual factor together."""
        return self.weekday * self.annual

    @property
    def expected(self) -> Floats:
        """What the model expects of each day. Unit: tickets."""
        return self.trend * self.seasonal


def ordinals(first: date, days: int) -> NDArray[np.int64]:
    """The proleptic ordinals of days in a row."""
    return first.toordinal() + np.arange(days, dtype=np.int64)


def weekdays(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The weekday of each day, Monday 0."""
    return (days - 1) % 7


def contrasts(labels: NDArray[np.int64], kinds: int) -> Floats:
    """Sum-to-zero columns of a label. Shape: n x (kinds - 1)."""
    columns = np.zeros((len(labels), kinds - 1))
    for kind in range(kinds - 1):
        columns[labels == kind, kind] = 1.0
    columns[labels == kinds - 1] = -1.0
    return columns


def harmonics(days: NDArray[np.int64]) -> Floats:
    """Annual sines and cosines. Shape: n x 2 * HARMONICS."""
    angle = 2 * np.pi * days / YEAR_DAYS
    return np.column_stack([wave(k * angle) for k in range(1, HARMONICS + 1) for wave in (np.sin, np.cos)])


def months(days: NDArray[np.int64]) -> NDArray[np.int64]:
    """The month of each day, January 0."""
    return np.array([date.fromordinal(int(day)).month - 1 for day in days], dtype=np.int64)


def _trend_columns(days: NDArray[np.int64], bends: Sequence[int]) -> Floats:
    """A line in years back from the last day, and a hinge a bend."""
    line = (days - days[-1]) / YEAR_DAYS
    return np.column_stack([line, *(np.maximum(days - days[0] - bend, 0) / YEAR_DAYS for bend in bends)])


def regress(counts: Floats, columns: Floats, spreads: Floats) -> tuple[Floats, float]:
    """The coefficients of a robust quasi-Poisson regression, and its dispersion.

    Shape: `columns` n x p, `spreads` p (the standard deviations of the coefficients' priors).
    """
    level = max(float(counts.mean()), 1e-9)
    expected = (counts + level) / 2
    logs = np.log(expected)
    weights: Floats = np.ones(len(counts))
    dispersion = 1.0
    effects: Floats = np.zeros(columns.shape[1])
    for _ in range(_ROUNDS):
        target = logs + (counts - expected) / expected
        weighted = columns * (weights * expected / dispersion)[:, None]
        normal = weighted.T @ columns + np.diag(spreads**-2.0)
        found = np.linalg.solve(normal, weighted.T @ target).astype(np.float64)
        moved = float(np.abs(found - effects).max())
        effects = found
        logs = np.clip(columns @ effects, np.log(level) - 15, np.log(level) + 5)
        expected = np.exp(logs)
        pearson = (counts - expected) / np.sqrt(expected)
        # Counts vary at least as Poisson's do; a smaller dispersion would call chance an incident.
        dispersion = max(1.0, (1.4826 * float(np.median(np.abs(pearson)))) ** 2)
        distance = np.abs(pearson) / np.sqrt(dispersion)
        weights = HUBER / np.maximum(distance, HUBER)
        if moved < _MAX_STEP:
            break
    return effects, dispersion


def _factors(effects: Floats) -> tuple[Floats, float]:
    """Factors with mean 1 of sum-to-zero effects, and the logarithm of the mean they were divided by."""
    raw = np.exp(np.append(effects, -effects.sum()))
    return raw / raw.mean(), float(np.log(raw.mean()))


def fit(history: History) -> Fit:
    """The model of a history; annual harmonics from a year and a half on."""
    days = ordinals(history.first, history.days)
    bends = range(KNOT_DAYS, history.days - KNOT_DAYS // 2, KNOT_DAYS)
    trend = _trend_columns(days, bends)
    seasons = harmonics(days) if history.days >= ANNUAL_FROM_DAYS else np.zeros((history.days, 0))
    columns = np.column_stack([np.ones(history.days), contrasts(weekdays(days), 7), trend, seasons])
    spreads = np.array([_FREE_SD, *[_WEEKDAY_SD] * 6, *[_SLOPE_SD] * trend.shape[1], *[_ANNUAL_SD] * seasons.shape[1]])
    effects, dispersion = regress(history.counts, columns, spreads)
    by_weekday, shift = _factors(effects[1:7])
    annual_effects = effects[7 + trend.shape[1] :]
    annual = np.exp(seasons @ annual_effects)
    mean = _year_mean(annual_effects, int(days[-1]))
    level = np.exp(effects[0] + trend @ effects[7 : 7 + trend.shape[1]] + shift) * mean
    weekday = by_weekday[weekdays(days)]
    return Fit(level, weekday, annual / mean, dispersion, by_weekday, annual_effects, columns.shape[1])


def annual_factors(effects: Floats, days: NDArray[np.int64]) -> Floats:
    """The annual factor of each day; 1 where no annual part was fitted."""
    if not len(effects):
        return np.ones(len(days))
    return np.exp(harmonics(days) @ effects) / _year_mean(effects, int(days[0]))


def _year_mean(effects: Floats, last: int) -> float:
    """The mean of the raw annual factor over a year."""
    if not len(effects):
        return 1.0
    return float(np.exp(harmonics(last - np.arange(1461, dtype=np.int64)) @ effects).mean())


def month_factors(history: History) -> Floats:
    """The month indices of a history of a year or more, corrected for weekdays and a straight trend.

    Shape: 12, January first; mean 1.
    """
    days = ordinals(history.first, history.days)
    line = _trend_columns(days, ())
    columns = np.column_stack([np.ones(history.days), contrasts(weekdays(days), 7), line, contrasts(months(days), 12)])
    spreads = np.array([_FREE_SD, *[_WEEKDAY_SD] * 6, _SLOPE_SD, *[_MONTH_SD] * 11])
    effects, _ = regress(history.counts, columns, spreads)
    return _factors(effects[8:])[0]
