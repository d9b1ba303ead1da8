"""Blocks and coverage: whatever is asked, the blocks with the facts at their edges hold each cell's facts once."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.periods import Window
from db.query import TimeAxis
from db.rollups.blocks import SIZES, Block, cover
from db.rollups.coverage import Coverage, Edge, Kept, coverage
from db.rollups.days import day_of, start_of
from db.rollups.segments import segments

ZONES: Final = (
    "UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns",
    "Pacific/Apia", "America/Sao_Paulo", "America/Havana",
)  # fmt: skip
SINCE: Final = datetime(2010, 1, 1, tzinfo=UTC)
MINUTES: Final = 5 * 365 * 24 * 60


def at(minute: int) -> datetime:
    """An instant."""
    return SINCE + timedelta(minutes=minute)


instants = st.one_of(
    st.integers(0, MINUTES).map(at),
    st.tuples(st.integers(14_610, 16_430), st.sampled_from(ZONES)).map(
        lambda pair: start_of(pair[0], ZoneInfo(pair[1]))
    ),
)


@given(st.integers(-5_000, 60_000), st.integers(0, 5_000))
def test_a_run_of_days_is_its_blocks_each_day_once(first: int, days: int) -> None:
    blocks = list(cover(first, first + days))

    found = [day for level, number in blocks for day in range(number * SIZES[level], (number + 1) * SIZES[level])]
    assert found == list(range(first, first + days))
    assert len(blocks) <= 6 * (len(SIZES) - 1) + days // SIZES[-1]


@pytest.mark.parametrize(("days", "usual", "most"), [(90, 10, 15), (365, 13, 20), (1096, 16, 20)])
def test_ninety_days_and_three_years_are_a_dozen_blocks(days: int, usual: int, most: int) -> None:
    found = [len(list(cover(first, first + days))) for first in range(20_000, 21_100)]

    assert max(found) <= most
    assert sum(found) / len(found) < usual


@given(instants, st.sampled_from(ZONES))
def test_every_instant_lies_in_its_day(instant: datetime, zone: str) -> None:
    number = day_of(instant, ZoneInfo(zone))

    assert start_of(number, ZoneInfo(zone)) <= instant < start_of(number + 1, ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "midnight"), [("America/St_Johns", "2010-11-07"), ("America/Sao_Paulo", "2010-02-21")]
)
def test_a_midnight_that_comes_twice_begins_its_day_once(zone: str, midnight: str) -> None:
    first = datetime.fromisoformat(midnight).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    numbers = [day_of(first + timedelta(minutes=m), ZoneInfo(zone)) for m in range(-180, 180)]

    assert numbers == sorted(numbers)
    assert set(numbers) == {numbers[0], numbers[0] + 1}


@st.composite
def axes(draw: st.DrawFn) -> TimeAxis:
    """An axis, and some runs of its cells that are asked for."""
    edges = sorted(draw(st.lists(instants, min_size=2, max_size=8, unique=True)))
    cells = [Window(start, end) for start, end in itertools.pairwise(edges)]
    asked = draw(st.lists(st.sampled_from(cells), min_size=1, unique=True))
    ranges: list[Window] = []
    for cell in sorted(asked, key=lambda c: c.start):
        if ranges and ranges[-1].end == cell.start:
            ranges[-1] = Window(ranges[-1].start, cell.end)
        else:
            ranges.append(cell)
    return TimeAxis(tuple(edges), tuple(ranges))


def counted(covered: Coverage, facts: list[datetime], *, counts: bool) -> Counter[int]:
    """How many facts each cell has, by blocks and edges; `counts`: of flows, else of stocks."""
    found: Counter[int] = Counter()
    for (level, number), bucket, flows in covered.blocks:
        if flows or not counts:
            first = start_of(number * SIZES[level], covered.zone)
            end = start_of((number + 1) * SIZES[level], covered.zone)
            found[bucket] += sum(first <= fact < end for fact in facts)
    laid = segments(covered.edges)
    assert all(one.end < other.start for one, other in itertools.pairwise(laid.stretches)), laid.stretches
    inside = [fact for fact in facts if any(one.start <= fact < one.end for one in laid.stretches)]
    places = Counter(bisect_right(laid.boundaries, fact) for fact in inside)  # as width_bucket numbers them
    for segment, bucket, flows, sign in laid.parts:
        if flows or not counts:
            found[bucket] += sign * places[segment]
    return found


@settings(max_examples=300, deadline=None)
@given(axes(), instants, st.sampled_from(ZONES), st.lists(instants, min_size=1, max_size=40))
def test_each_cell_has_its_facts_up_to_as_of(axis: TimeAxis, as_of: datetime, zone: str, facts: list[datetime]) -> None:
    kept = Kept(1, ZoneInfo(zone), day_of(min(facts), ZoneInfo(zone)))
    edges = axis.boundaries

    flows = coverage(axis, as_of, kept, with_stocks=False)
    stocks = coverage(axis, as_of, kept, with_stocks=True)

    asked = [any(r.start <= start < r.end for r in axis.ranges) for start in edges[:-1]]
    of_cells = [sum(start <= f < end and f < as_of for f in facts) for start, end in itertools.pairwise(edges)]
    for bucket, (is_asked, expected) in enumerate(zip(asked, of_cells, strict=True), start=1):
        assert counted(stocks, facts, counts=False)[bucket] == expected
        if is_asked:
            assert counted(flows, facts, counts=True)[bucket] == expected
    assert counted(stocks, facts, counts=False)[0] == sum(f < edges[0] and f < as_of for f in facts)


def test_a_day_that_still_runs_is_its_block_less_what_is_to_come() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    today, now = start_of(20_000, berlin), start_of(20_000, berlin) + timedelta(hours=9)
    week = Window(start_of(19_996, berlin), start_of(20_003, berlin))

    found = coverage(TimeAxis((week.start, week.end), (week,)), now, Kept(1, berlin, 19_000), with_stocks=False)

    assert [one.block for one in found.blocks] == [Block(1, 4_999), Block(0, 20_000)]
    assert [(e.window, e.sign) for e in found.edges] == [(Window(now, start_of(20_001, berlin)), -1)]
    assert today < now


def test_edges_that_lie_over_each_other_are_looked_up_once() -> None:
    noon, one, two = (datetime(2026, 3, 4, hour, tzinfo=UTC) for hour in (12, 13, 14))
    edges = [
        Edge(Window(noon, two), 1, 1, True),
        Edge(Window(noon, two), 2, -1, True),
        Edge(Window(one, two), 1, -1, True),
        Edge(Window(two, two + timedelta(hours=9)), 3, 1, False),
    ]

    laid = segments(edges)

    assert laid.boundaries == (noon, one, two, two + timedelta(hours=9))
    assert laid.parts == ((1, 1, True, 1), (1, 2, True, -1), (2, 2, True, -1), (3, 3, False, 1))
    assert laid.stretches == (Window(noon, two + timedelta(hours=9)),)
