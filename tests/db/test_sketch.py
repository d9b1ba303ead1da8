"""The logarithmic histogram: how far from the exact percentiles, whatever the values, and that it merges."""

from __future__ import annotations

from collections import Counter
from math import floor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import sketch

LONGEST = 2**31 - 1
seconds = st.one_of(st.integers(0, 60), st.integers(0, 86_400), st.integers(0, LONGEST))
drawn = settings(derandomize=True, deadline=None, max_examples=300, database=None)


def histogram(values: list[int]) -> Counter[int]:
    """The histogram of some durations."""
    return Counter(map(sketch.log_bucket, values))


def exact(values: list[int], share: float) -> float:
    """The percentile by linear interpolation, as percentile_cont has it."""
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    low = floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


@drawn
@given(seconds)
def test_a_buckets_midpoint_is_within_the_stated_error_of_its_values(value: int) -> None:
    midpoint = sketch.midpoint(sketch.log_bucket(value))

    assert midpoint == pytest.approx(value, rel=sketch.RELATIVE_ERROR * (1 + 1e-9), abs=0)


@drawn
@given(st.lists(seconds, min_size=1, max_size=60), st.floats(0, 1))
def test_a_percentile_is_within_the_stated_error_of_the_exact_one(values: list[int], share: float) -> None:
    found = sketch.percentile(histogram(values), share)

    assert found == pytest.approx(exact(values, share), rel=sketch.RELATIVE_ERROR * (1 + 1e-6), abs=0)


@drawn
@given(st.lists(st.lists(seconds, max_size=20), min_size=1, max_size=5), st.floats(0, 1))
def test_merged_histograms_are_the_histogram_of_all(parts: list[list[int]], share: float) -> None:
    merged = sum((histogram(part) for part in parts), Counter())
    whole = histogram([value for part in parts for value in part])

    assert merged == whole
    assert sketch.percentile(merged, share) == sketch.percentile(whole, share)


def test_buckets_rise_with_the_duration_and_fit_a_small_integer() -> None:
    edges = [0, 1, 2, 10, 59, 60, 3_600, 86_400, 31_536_000, LONGEST]

    found = [sketch.log_bucket(edge) for edge in edges]

    assert found == sorted(set(found))
    assert found[-1] < 32_767


def test_of_nothing_there_is_no_percentile() -> None:
    assert sketch.percentile({}, 0.5) is None


@pytest.mark.parametrize(("share", "found"), [(0, 0), (0.5, 0), (0.75, 0), (1, 1000)])
def test_zero_seconds_stay_zero(share: float, found: float) -> None:
    values = [0, 0, 0, 0, 1000]

    assert sketch.percentile(histogram(values), share) == pytest.approx(found, rel=sketch.RELATIVE_ERROR)
