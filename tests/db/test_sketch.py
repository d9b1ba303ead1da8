"""The logarithmic histogram: how far from the exact percentiles, whatever the values, and that it merges as bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from math import floor
from struct import pack

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import sketch
from tests.histograms import bins_of

LONGEST = sketch.LONGEST_SECONDS
seconds = st.one_of(st.integers(0, 60), st.integers(0, 86_400), st.integers(0, LONGEST))
records = st.lists(st.tuples(seconds.map(sketch.log_bucket), st.integers(0, 1_000)), max_size=40)
drawn = settings(derandomize=True, deadline=None, max_examples=300, database=None)


def histogram(values: list[int]) -> sketch.Histograms:
    """The histogram of some durations."""
    return sketch.of_buckets(map(sketch.log_bucket, values))


def sent(bins: list[tuple[int, int]]) -> bytes:
    """Bins as the store sends them: a big-endian int16 and int32 each."""
    return b"".join(pack(">hi", bucket, count) for bucket, count in bins)


def merged(parts: Iterable[bytes]) -> sketch.Histograms:
    """The histogram of all that was sent in parts."""
    records = sketch.read(b"".join(parts))
    return sketch.merged(records, np.array([[0, len(records.buckets)]]))


def percentile(of: sketch.Histograms, share: float) -> float | None:
    """The percentile of one place."""
    (found,) = sketch.percentiles(of, share)
    return found


def counted(bins: list[tuple[int, int]]) -> Counter[int]:
    """The bins added up, one by one."""
    found: Counter[int] = Counter()
    for bucket, count in bins:
        found[bucket] += count
    return found


def straightforward(bins: Mapping[int, int], share: float) -> float | None:
    """The percentile of bins, fact by fact."""
    midpoints = [sketch.midpoint(bucket) for bucket in sorted(bins) for _ in range(bins[bucket])]
    if not midpoints:
        return None
    rank = share * (len(midpoints) - 1)
    low, high = midpoints[int(rank)], midpoints[min(int(rank) + 1, len(midpoints) - 1)]
    return low + (high - low) * (rank - int(rank))


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
    found = percentile(histogram(values), share)

    assert found == pytest.approx(exact(values, share), rel=sketch.RELATIVE_ERROR * (1 + 1e-6), abs=0)


@drawn
@given(st.lists(records, max_size=5), st.floats(0, 1))
def test_what_is_sent_in_parts_is_the_histogram_of_all(parts: list[list[tuple[int, int]]], share: float) -> None:
    bins = counted([record for part in parts for record in part])

    whole = merged(map(sent, parts))

    assert bins_of(whole) == [+bins]
    assert whole.counts.tolist() == [bins.total()]
    assert bool(whole) is any(bins.values())
    assert percentile(whole, share) == straightforward(bins, share)


@drawn
@given(records, records)
def test_what_is_taken_away_again_was_never_there(kept: list[tuple[int, int]], gone: list[tuple[int, int]]) -> None:
    less = [(bucket, -count) for bucket, count in gone]

    whole = merged([sent(gone + kept), sent(less)])

    assert bins_of(whole) == [+counted(kept)]


def test_more_facts_than_an_int32_add_up() -> None:
    whole = merged([sent([(7, LONGEST)])] * 3)

    assert whole.counts.tolist() == [3 * LONGEST]
    assert percentile(whole, 0.5) == sketch.midpoint(7)


@drawn
@given(records, st.data(), st.floats(0, 1), st.sampled_from([1, 100]))
def test_each_place_has_its_own_stretch(
    bins: list[tuple[int, int]], data: st.DataObject, share: float, times: int
) -> None:
    """Stretches may overlap and be empty, and there may be more than are merged at once."""
    ends = st.integers(0, len(bins))
    spans = times * data.draw(st.lists(st.tuples(ends, ends).map(sorted), min_size=1, max_size=6))

    found = sketch.merged(sketch.read(sent(bins)), np.array(spans))

    parts = [counted(bins[first:after]) for first, after in spans]
    assert found.counts.tolist() == [part.total() for part in parts]
    assert sketch.percentiles(found, share) == [straightforward(part, share) for part in parts]
    places = data.draw(st.lists(st.integers(-1, len(parts) - 1), max_size=9))
    picked = found.picked(np.array(places, np.int64))
    assert bins_of(picked) == [+parts[place] if place >= 0 else Counter() for place in places]
    assert sketch.percentiles(picked, share) == [
        straightforward(parts[place], share) if place >= 0 else None for place in places
    ]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9, 1.0])
def test_a_percentile_is_a_number_of_python(share: float) -> None:
    assert type(percentile(histogram([0, 5, LONGEST]), share)) is float


def test_buckets_rise_with_the_duration_and_fit_a_small_integer() -> None:
    edges = [0, 1, 2, 10, 59, 60, 3_600, 86_400, 31_536_000, LONGEST]

    found = [sketch.log_bucket(edge) for edge in edges]

    assert found == sorted(set(found))
    assert found[-1] < 32_767


def test_of_nothing_there_is_no_percentile() -> None:
    assert percentile(merged([]), 0.5) is None
    assert not merged([sent([(7, 3), (7, -3)])])


@pytest.mark.parametrize(("share", "found"), [(0, 0), (0.5, 0), (0.75, 0), (1, 1000)])
def test_zero_seconds_stay_zero(share: float, found: float) -> None:
    values = [0, 0, 0, 0, 1000]

    assert percentile(histogram(values), share) == pytest.approx(found, rel=sketch.RELATIVE_ERROR)
