"""The laws of the seasonal model, and statsmodels' STL as its oracle."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.seasonal import STL

from benchmarks.forecast import backtest, demo_history
from resolvers.seasons.anomalies import anomalies
from resolvers.seasons.forecast import forecast
from resolvers.seasons.model import Floats, History, fit, month_factors
from resolvers.seasons.parts import Part, Seasons

MONDAY = date(2024, 1, 1)
WEEK = np.array([1.4, 1.2, 1.1, 1.1, 1.0, 0.7, 0.5])


@pytest.fixture(scope="module")
def demo() -> History:
    """The demo's tickets by day."""
    return demo_history()


def made(days: int, level: float = 80.0, growth: float = 0.0, seed: int | None = None) -> History:
    """A week that repeats on an exponential trend, exact or with Poisson chance."""
    n = np.arange(days)
    expected = level * np.exp(growth * n / 365.25) * WEEK[n % 7]
    return History(MONDAY, expected if seed is None else np.random.default_rng(seed).poisson(expected).astype(float))


def report(history: History) -> Seasons:
    """The seasons where the period is the whole history."""
    return Seasons(history, history.first, history.first + timedelta(days=history.days))


@pytest.mark.parametrize("days", [29, 31, 33, 365])
def test_days_of_equal_volume_give_indices_of_one_however_often_each_weekday_occurs(days: int) -> None:
    assert report(History(MONDAY, np.full(days, 40.0))).weekday == pytest.approx([1.0] * 7, abs=1e-6)


@pytest.mark.parametrize("growth", [-0.4, 0.4])
def test_a_pure_trend_gives_weekday_and_month_indices_of_one(growth: float) -> None:
    days = np.arange(731)
    history = History(MONDAY, 5000 * np.exp(growth * days / 365.25))

    assert fit(history).weekday_factors == pytest.approx(np.ones(7), abs=0.01)
    assert month_factors(history) == pytest.approx(np.ones(12), abs=0.01)


def test_a_week_that_repeats_gives_its_own_indices() -> None:
    assert report(made(31, level=1000.0)).weekday == pytest.approx((WEEK / WEEK.mean()).tolist(), rel=0.01)


@settings(max_examples=20)
@given(st.integers(2, 50), st.integers(0, 1000))
def test_indices_do_not_depend_on_the_scale(factor: int, seed: int) -> None:
    one = made(120, seed=seed)

    assert fit(History(MONDAY, one.counts * factor)).weekday_factors == pytest.approx(
        fit(one).weekday_factors, rel=0.03
    )


@settings(max_examples=30)
@given(st.lists(st.integers(0, 400), min_size=56, max_size=120).filter(lambda counts: sum(counts) > 2 * len(counts)))
def test_whatever_was_counted_the_parts_add_up_and_the_bands_are_nested_and_never_negative(counts: list[int]) -> None:
    seasons = report(History(MONDAY, np.array(counts, float)).known())
    found, ahead = seasons.decomposition, seasons.forecast

    if found is None or ahead is None:
        assert seasons.history.days < 56
        return
    assert np.array(found.trend) * np.array(found.seasonal) + np.array(found.remainder) == pytest.approx(
        seasons.history.counts
    )
    bands = np.array([ahead.low95, ahead.low, ahead.expected, ahead.high, ahead.high95])
    assert np.isfinite(bands).all()
    assert (bands >= 0).all()
    assert (np.diff(bands, axis=0) >= -1e-9).all()


def test_one_incident_day_bends_nothing_and_is_the_one_anomaly() -> None:
    quiet = made(200, seed=3)
    counts = quiet.counts.copy()
    counts[100] *= 8

    loud = History(MONDAY, counts)

    assert fit(loud).weekday_factors == pytest.approx(fit(quiet).weekday_factors, rel=0.03)
    assert [one.day for one in anomalies(loud, fit(loud))] == [MONDAY + timedelta(days=100)]
    assert anomalies(quiet, fit(quiet)) == []


def correlation(one: Floats, other: Floats) -> float:
    """Pearson's."""
    return float(np.corrcoef(one, other)[0, 1])


def test_the_demo_decomposes_as_statsmodels_does_it(demo: History) -> None:
    ours = fit(demo)
    theirs = STL(np.log(demo.counts), period=7, seasonal=53, trend=91, robust=True).fit()

    assert correlation(np.log(ours.weekday), theirs.seasonal) > 0.97
    # Our weekday factors have an arithmetic mean of 1, theirs a geometric one.
    level = np.log(ours.trend * ours.annual) + np.log(ours.weekday_factors).mean()
    assert correlation(level, theirs.trend) > 0.8
    assert np.abs(level - theirs.trend).mean() < 0.08


def test_a_made_series_decomposes_as_statsmodels_does_it() -> None:
    history = made(400, growth=0.5, seed=1)
    ours = fit(history)
    theirs = STL(np.log(history.counts), period=7, seasonal=53, trend=91, robust=True).fit()

    assert correlation(np.log(ours.weekday), theirs.seasonal) > 0.99
    assert correlation(np.log(ours.trend), theirs.trend) > 0.95


def test_a_week_goes_on_as_it_was() -> None:
    history = made(84, level=500.0)

    assert forecast(history).expected == pytest.approx(500 * WEEK[np.arange(28) % 7], rel=0.02)


@pytest.mark.parametrize(
    ("history", "refused"),
    [
        (History(MONDAY, np.zeros(0)), set(Part)),
        (History(MONDAY, np.zeros(400)), set(Part)),
        (History(MONDAY, np.full(27, 9.0)), set(Part)),
        (History(MONDAY, np.full(28, 9.0)), set(Part) - {Part.WEEKDAY}),
        (History(MONDAY, np.full(56, 9.0)), {Part.MONTH}),
        (History(MONDAY, np.full(363, 9.0)), {Part.MONTH}),
        (History(MONDAY, np.full(364, 9.0)), set()),
        (History(MONDAY, np.append(np.ones(1), np.zeros(399))), set(Part)),
        (History(MONDAY, np.append(np.zeros(400), np.full(55, 9.0))), set(Part) - {Part.WEEKDAY}),
    ],
)
def test_a_part_is_refused_under_the_history_it_needs(history: History, refused: set[Part]) -> None:
    seasons = report(history)

    assert {one.part for one in seasons.refusals} == refused
    for part in Part:
        assert (vars(Seasons)[part.value].__get__(seasons, Seasons) is None) is (part in refused)


def test_the_forecast_beats_the_seasonal_naive_on_the_demo_and_its_bands_hold_what_they_say(demo: History) -> None:
    error = backtest(demo, step=28)

    assert error.mase < 1
    assert 0.70 <= error.coverage80 <= 0.90
    assert 0.88 <= error.coverage95 <= 0.99
