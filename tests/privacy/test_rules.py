"""The pure rules: nobody who knows them, the totals and the published cells can tell a cell that is withheld."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations, product
from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.catalog.flows import REOPEN_RATE, RESOLUTIONS
from db.catalog.quality import CSAT_SCORE, RATING_RATE
from db.domain import Source
from db.periods import Window
from resolvers.benchmark import facts_told
from resolvers.privacy import (
    MIN_FACTS,
    Parts,
    Rules,
    Suppression,
    Team,
    Whole,
    days,
    months,
    steps,
    whole_months,
    withheld,
)
from tests.privacy.attack import Known, known

JULY: Final = datetime(2026, 7, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)


def at(month: int, day: int = 1, hour: int = 0) -> datetime:
    """An instant of 2026."""
    return datetime(2026, month, day, hour, tzinfo=UTC)


def by_key(key: int) -> bytes:
    """A rank that everybody knows."""
    return bytes([key])


def why(rules: Rules, window: Window, group: tuple[int, ...] = ()) -> Suppression | None:
    """Why a number is withheld, if it is."""
    refused = rules.refusal(window, group)
    return refused and refused.suppression


def equations(cells: Mapping[int, int], hidden: frozenset[int]) -> Known:
    """What a table tells: its total, and every cell that is published."""
    return known(np.ones(len(cells)), *(np.eye(len(cells))[key] for key in cells if key not in hidden))


def test_without_complementary_suppression_total_less_others_gives_a_small_cell_back() -> None:
    cells = {0: 3, 1: 12, 2: 40}
    primary = frozenset({0})

    hidden = withheld(cells, by_key)

    assert equations(cells, primary).tells(np.eye(3)[0])
    assert hidden == frozenset({0, 1})
    assert not equations(cells, hidden).tells(np.eye(3)[0])


@given(st.lists(st.integers(0, 30), min_size=1, max_size=9))
def test_no_cell_that_is_withheld_follows_from_what_is_published(counts: list[int]) -> None:
    cells = dict(enumerate(counts))

    hidden = withheld(cells, by_key)

    if hidden is None:
        return
    assert hidden >= {key for key, count in cells.items() if 0 < count < MIN_FACTS}
    for key in hidden:
        assert not equations(cells, hidden).tells(np.eye(len(cells))[key])


Rank = Callable[[int], bytes]
Rule = Callable[[Mapping[int, int], Rank], frozenset[int] | None]


def views(cells: Mapping[int, int], rule: Rule) -> set[tuple[tuple[int, int], ...] | None]:
    """What an attacker may see of a table beside its total, by each order of ties: its published cells."""
    tied = [key for key, count in cells.items() if list(cells.values()).count(count) > 1]
    seen = set()
    for order in permutations(tied):
        places = {key: bytes([place]) for place, key in enumerate(order)}
        hidden = rule(cells, lambda key, places=places: places.get(key, b""))  # type: ignore[misc]
        seen.add(None if hidden is None else tuple((k, n) for k, n in cells.items() if k not in hidden))
    return seen


def certain(rule: Rule, values: int, total: int) -> list[object]:
    """The views of all tables with a total in which a cell that is not shown has one possible value only."""
    possible: dict[object, list[tuple[int, ...]]] = defaultdict(list)
    for counts in product(range(total + 1), repeat=values):
        if sum(counts) == total:
            for view in views(dict(enumerate(counts)), rule):
                possible[view].append(counts)
    return [
        view
        for view, tables in possible.items()
        if any(
            len({table[key] for table in tables}) == 1
            for key in set(range(values)) - {key for key, _ in view or ()}  # type: ignore[attr-defined]
        )
    ]


@pytest.mark.parametrize(
    ("values", "total"), [(2, 5), (2, 8), (2, 40), (3, 7), (3, 17), (4, 5), (4, 13), (5, 5), (5, 9)]
)
def test_who_knows_the_rule_itself_cannot_tell_a_cell_either(values: int, total: int) -> None:
    """Not by bounds (a small cell is at most 4), and not by asking what the rule would have done otherwise."""
    assert certain(withheld, values, total) == []


def test_withholding_until_five_together_would_let_bounds_tell() -> None:
    """Five ratings over five cells that are withheld: each has one."""

    def until_five(cells: Mapping[int, int], rank: Rank) -> frozenset[int] | None:
        hidden = {key for key, count in cells.items() if 0 < count < MIN_FACTS}
        others = sorted((key for key, n in cells.items() if n >= MIN_FACTS), key=lambda key: (cells[key], rank(key)))
        while hidden and (sum(cells[key] for key in hidden) < MIN_FACTS or len(hidden) < 2) and others:
            hidden.add(others.pop(0))
        return frozenset(hidden)

    assert certain(until_five, 5, 5)


@pytest.mark.parametrize(
    ("counts", "ends"),
    [
        ([5, 5], (1,)),
        ([5, 4], ()),
        ([2, 3, 9, 1, 4, 7], (2, 3, 5)),
        ([9, 0, 9], (1,)),
        ([4], ()),
        ([], ()),
    ],
)
def test_days_are_taken_together_until_they_have_five(counts: list[int], ends: tuple[int, ...]) -> None:
    assert steps(counts) == ends


@given(st.lists(st.integers(0, 9), max_size=31))
def test_every_step_has_five_and_no_later_day_moves_one(counts: list[int]) -> None:
    ends = steps(counts)

    edges = (0, *ends, len(counts))
    parts = [sum(counts[low:high]) for low, high in pairwise(edges)]
    assert all(part >= MIN_FACTS for part in parts) or not ends
    for n in range(len(counts)):
        assert steps(counts[:n]) == ends[: len(steps(counts[:n]))]


def test_differencing_by_one_day_gives_no_small_day_back() -> None:
    """Every pair of days of three months is asked for; what is answered is solved for every stretch that is not."""
    dice = np.random.default_rng(7)
    first, as_of = at(4), JULY - timedelta(hours=7)
    length = (as_of - first) // DAY
    counts = {first + n * DAY: int(dice.poisson(3)) for n in range(length)}
    rules = Whole(as_of, {Window(start, start + DAY): count for start, count in counts.items()})
    edges = [first + n * DAY for n in range(length + 1)]
    every = [(low, high) for low in range(length) for high in range(low + 1, length + 1)]

    published = [(low, high) for low, high in every if rules.refusal(Window(edges[low], edges[high])) is None]

    shown = known(*(row(length, *pair) for pair in published))
    small = [pair for pair in every if 0 < sum(list(counts.values())[slice(*pair)]) < MIN_FACTS]
    assert len(published) > 100
    assert len(small) > 20
    assert not [pair for pair in small if shown.tells(row(length, *pair))]
    exact = known(*(row(length, *pair) for pair in every if pair not in set(small)))
    assert [pair for pair in small if exact.tells(row(length, *pair))] == small


def row(length: int, low: int, high: int) -> np.ndarray:
    """The sum of some days, as a row of coefficients."""
    found = np.zeros(length)
    found[low:high] = 1
    return found


def test_a_period_of_the_whole_is_of_days_of_utc_that_are_over() -> None:
    rules = Whole(at(7, 3, 12), {day: 9 for month in months(Window(at(6), at(7, 4))) for day in days(month, at(7, 3))})

    assert rules.refusal(Window(at(6), at(7))) is None
    assert rules.refusal(Window(at(6, 5), at(6, 9))) is None
    for window in (Window(at(6, 1, 2), at(7, 1, 2)), Window(at(7), at(7, 4)), Window(at(7), at(7, 3, 12))):
        refused = rules.refusal(window)
        assert refused
        assert refused.suppression is Suppression.NOT_OFFERED
        assert "timezone UTC" in refused.reason


def test_a_month_with_few_ratings_is_in_no_sum() -> None:
    counts = {day: 9 for month in (5, 6) for day in days(Window(at(month), at(month + 1)), JULY)}
    counts |= {day: int(day.start.day == 9) for day in days(Window(at(4), at(5)), JULY)}
    rules = Whole(JULY, counts)

    assert rules.refusal(Window(at(5), at(7))) is None
    assert why(rules, Window(at(4), at(5))) is Suppression.SMALL_GROUP
    assert why(rules, Window(at(4), at(7))) is Suppression.SMALL_PART


def test_a_refused_period_names_the_nearest_that_is_shown() -> None:
    june = days(Window(at(6), at(7)), JULY)
    rules = Whole(JULY, dict.fromkeys(june, 2))

    refused = rules.refusal(Window(at(6, 2), at(6, 12)))

    assert refused
    assert "since 2026-06-04 and until 2026-06-10" in refused.reason
    assert rules.refusal(Window(at(6, 4), at(6, 10))) is None
    assert why(rules, Window(at(6, 4), at(6, 5))) is Suppression.SMALL_GROUP


def test_a_number_by_values_is_published_if_they_or_all_others_are() -> None:
    june = Window(at(6), at(7))

    def of(hidden: frozenset[int] | None, *asked: int) -> bool:
        return Parts(JULY, {june: hidden}, {june: frozenset(asked)}).refusal(june) is None

    small = frozenset({1, 2})
    assert of(small, 3, 4)
    assert of(small, 1, 2, 3)  # the total less what is published
    assert not of(small, 1)
    assert not of(small, 1, 3)
    assert not of(None, 3)
    assert of(frozenset(), 1)


def test_a_sum_over_months_is_published_only_if_each_month_is() -> None:
    may, june = Window(at(5), at(6)), Window(at(6), at(7))
    rules = Parts(JULY, {may: frozenset({1, 2}), june: frozenset()}, {may: frozenset({1, 2}), june: frozenset({1, 2})})

    assert rules.refusal(june, (1,)) is None
    assert rules.refusal(Window(at(5), at(7)), (3,)) is None
    assert why(rules, may, (1,)) is Suppression.SMALL_GROUP
    assert why(rules, Window(at(5), at(7)), (1,)) is Suppression.SMALL_PART
    assert why(rules, Window(at(5), at(6, 30))) is Suppression.NOT_OFFERED


def test_a_month_is_whole_in_utc_and_over() -> None:
    assert whole_months(Window(at(5), at(7)), JULY) == (Window(at(5), at(6)), Window(at(6), at(7)))
    assert whole_months(Window(at(6), at(7)), JULY - timedelta(seconds=1)) == ()
    assert whole_months(Window(at(6, 1, 2), at(7)), JULY) == ()
    assert whole_months(Window(datetime(2025, 12, 1, tzinfo=UTC), at(2)), JULY)[1].start == at(1)


@pytest.mark.parametrize(
    ("others", "enough"),
    [
        ({1: 2, 2: 2, 3: 1}, True),
        ({1: 4, 2: 4}, False),
        ({1: 1, 2: 1, 3: 1, 0: 2}, True),
        ({1: 4, 2: 4, 0: 9}, False),
        ({1: 1, 2: 1, 3: 1}, False),
        ({}, False),
    ],
)
def test_a_benchmark_needs_five_facts_of_three_others(others: dict[int, int], *, enough: bool) -> None:
    june = Window(at(6), at(7))

    assert (Team(JULY, {june: [others]}).refusal(june) is None) == enough
    assert Team(JULY, {june: [{1: 9, 2: 9, 3: 9}, {1: 9}]}).refusal(june)


def test_a_ratio_of_two_kinds_of_facts_tells_of_both() -> None:
    assert {p.rows.source for p in facts_told(REOPEN_RATE.measure)} == {Source.REOPEN, Source.RESOLUTION}
    assert {p.rows.source for p in facts_told(RATING_RATE.measure)} == {Source.RATING, Source.RESOLUTION}
    assert facts_told(RESOLUTIONS.measure) == (RESOLUTIONS.measure.counted,)
    assert facts_told(CSAT_SCORE.measure) == (CSAT_SCORE.measure.counted,)
