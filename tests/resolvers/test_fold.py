"""The fold: cells add up to windows, however many rows a cell comes in, as if they were added one by one."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from struct import pack
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.access import Role, Viewer
from db.catalog.flows import TICKETS_CREATED
from db.catalog.stocks import OPEN_TICKETS
from db.catalog.times import AVG_RESPONSE_TIME, FIRST_RESPONSES
from db.compile import MAX_CELLS
from db.directory import Found
from db.domain import Clock
from db.errors import TooComplex
from db.metric import Partial, Percentile
from db.periods import Window
from db.query import EVERYTHING, Attribution, Dimension, Slice
from db.zones import zone_named
from resolvers.fold import Cells, Groups, fold
from resolvers.plan import Cut, plan
from tests.histograms import bins_of

START: Final = datetime(2026, 3, 1, tzinfo=UTC)
DAYS: Final = tuple(START + timedelta(days=number) for number in range(5))
WINDOWS: Final = tuple(Window(DAYS[low], DAYS[high]) for low, high in ((0, 1), (1, 3), (0, 2), (3, 4), (0, 4)))
AS_OF: Final = DAYS[3] - timedelta(hours=1)
"""One window has not begun: its stock is not known."""
COUNT, STOCK = TICKETS_CREATED.measure.counted, OPEN_TICKETS.measure.counted
SUM, (BINS,) = AVG_RESPONSE_TIME.partials[0], Percentile(0.5, FIRST_RESPONSES).partials
PARTIALS: Final = (COUNT, STOCK, SUM, BINS)


def packed(found: list[tuple[int, int, int]]) -> bytes:
    """Bins as the store sends them: what was put in, then what was taken away."""
    put = [(bucket, count) for bucket, count, _ in found]
    taken = [(bucket, -min(count, away)) for bucket, count, away in found if away]
    return b"".join(pack(">hi", *one) for one in (*put, *taken))


FOUND: Final = Found(version=1, ids={}, agents_teams={})
drawn = settings(derandomize=True, deadline=None, max_examples=100, database=None)
bins = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9), st.integers(0, 9)), max_size=3)
"""Buckets, how much was put in, and how much of it was taken away again at most."""
lines = st.fixed_dictionaries(
    {
        "bucket": st.integers(0, 5),
        "k1": st.integers(0, 3),
        "p1": st.integers(0, 9),
        "p2": st.integers(-9, 9),
        "p3": st.integers(0, 2**40),
        "p4": st.none() | bins.map(packed),
    }
).map(lambda row: {name: row[name] for name in ("bucket", "k1", "p1", "p2", "p3", "p4")})


def cut(*dimensions: Dimension, partials: tuple[Partial, ...] = PARTIALS) -> Cut:
    """Everything in every window."""
    scope = Viewer("m", Role.MANAGER).scope
    asked = Slice(scope, EVERYTHING, Attribution.EVENT, Clock.CALENDAR, zone_named("UTC"), AS_OF)
    return Cut(asked, dimensions, WINDOWS, partials)


def cells_of(asked: Cut, rows: list[dict[str, Any]]) -> list[Cells]:
    """The rows as the answers of the cut's statements, each with its own columns."""
    found = []
    for planned in plan([asked], FOUND):
        assert planned.query.axis.boundaries == DAYS
        shown = ["bucket", *(f"k{n + 1}" for n in range(len(asked.dimensions)))]
        shown += [f"p{asked.partials.index(partial) + 1}" for partial in planned.query.partials]
        found.append(Cells(planned, [{name: row[name] for name in shown} for row in rows]))
    return found


def inside(row: dict[str, Any], window: Window) -> bool:
    """Whether a row is of a window: cell k is the k-th day, cell 0 all before."""
    return DAYS.index(window.start) < row["bucket"] <= DAYS.index(window.end)


def expected(rows: list[dict[str, Any]], window: Window) -> tuple[Any, ...]:
    """The partials of some rows in a window, added one by one."""
    own = [row for row in rows if inside(row, window)]
    found: Counter[int] = Counter()
    for row in own:
        for bucket, count in sketch_of(row["p4"] or b""):
            found[bucket] += count
    before = [row for row in rows if row["bucket"] <= DAYS.index(window.end)]
    return (
        sum(row["p1"] for row in own),
        sum(row["p2"] for row in before) if window.start <= AS_OF else None,
        sum(row["p3"] for row in own),
        [found[bucket] for bucket in range(41)],
    )


def sketch_of(sent: bytes) -> list[tuple[int, int]]:
    """The bins in some bytes."""
    parts = [sent[at : at + 6] for at in range(0, len(sent), 6)]
    return [(int.from_bytes(p[:2], "big", signed=True), int.from_bytes(p[2:], "big", signed=True)) for p in parts]


def seen(groups: Groups) -> dict[tuple[int, ...], list[tuple[Any, ...]]]:
    """The partials of each group in each window, as the fold has them in columns and group by group."""
    columns = groups.columns(range(len(WINDOWS)))
    found = [[bins[bucket] for bucket in range(41)] for bins in bins_of(columns.histograms(BINS))]
    lines = list(zip(*map(columns.numbers, PARTIALS[:3]), found, strict=True))
    for values, (*numbers, _) in zip(chain.from_iterable(groups.values()), lines, strict=True):
        assert [values.number(partial) for partial in PARTIALS[:3]] == numbers
    return {key: lines[at * len(WINDOWS) : (at + 1) * len(WINDOWS)] for at, key in enumerate(groups)}


@drawn
@given(st.lists(lines, max_size=30))
def test_rows_of_one_cell_add_up_however_many_there_are(rows: list[dict[str, Any]]) -> None:
    asked = cut(Dimension.AGENT)
    agents = {row["k1"]: [one for one in rows if one["k1"] == row["k1"]] for row in rows}

    groups = fold(asked, cells_of(asked, rows))

    wanted = {(agent,): [expected(own, window) for window in WINDOWS] for agent, own in agents.items()}
    assert seen(groups) == {agent: values for agent, values in wanted.items() if any(map(is_any, values))}


@drawn
@given(st.lists(lines, max_size=30))
def test_cells_are_counted_once_however_many_rows_they_have(rows: list[dict[str, Any]]) -> None:
    for part in cells_of(cut(Dimension.AGENT), rows):
        assert part.held == len({(row["bucket"], row["k1"]) for row in rows})


def test_what_has_more_cells_than_may_be_is_refused_and_more_rows_than_that_are_not() -> None:
    row = {"bucket": 1, "k1": 1, "p1": 1, "p2": 0, "p3": 0, "p4": None}
    asked = cut(Dimension.AGENT)

    assert fold(asked, cells_of(asked, [row] * (MAX_CELLS + 1)))
    with pytest.raises(TooComplex):
        fold(asked, cells_of(asked, [{**row, "k1": number} for number in range(MAX_CELLS + 1)]))


def test_what_has_more_histograms_than_may_be_is_refused_and_spoils_no_other() -> None:
    groups = MAX_CELLS // len(WINDOWS) + 1
    rows = [{"bucket": 1, "k1": number, "p4": pack(">hi", number % 40, 1)} for number in range(groups)]
    all_of_them = cut(Dimension.AGENT, partials=(BINS,))
    one = replace(all_of_them, windows=WINDOWS[:1])
    (planned,) = plan([all_of_them, one], FOUND)
    cells = [Cells(planned, rows)]

    with pytest.raises(TooComplex):
        fold(all_of_them, cells)
    found = bins_of(fold(one, cells).columns([0]).histograms(BINS))

    assert found == [Counter({number % 40: 1}) for number in range(groups)]


def is_any(values: tuple[Any, ...]) -> bool:
    """Whether a group has anything in a window."""
    *numbers, found = values
    return any(numbers) or any(found)


@drawn
@given(st.lists(lines, max_size=30))
def test_without_dimensions_there_is_always_one_group(rows: list[dict[str, Any]]) -> None:
    asked = cut()
    bare = [{name: value for name, value in row.items() if name != "k1"} for row in rows]

    groups = fold(asked, cells_of(asked, bare))

    assert seen(groups) == {(): [expected(rows, window) for window in WINDOWS]}


def test_a_group_of_which_there_are_bins_alone_is_there_and_one_of_nothing_is_not() -> None:
    nothing = {"bucket": 1, "p1": 0, "p2": 0, "p3": 0, "p4": None}
    rows = [{**nothing, "k1": 1}, {**nothing, "k1": 2, "p4": pack(">hi", 3, 4)}]
    ordered = [{name: row[name] for name in ("bucket", "k1", "p1", "p2", "p3", "p4")} for row in rows]

    assert list(fold(cut(Dimension.AGENT), cells_of(cut(Dimension.AGENT), ordered))) == [(2,)]


def test_numbers_are_numbers_of_python() -> None:
    asked = cut()
    row = {"bucket": 1, "p1": 1, "p2": 2, "p3": 2**40, "p4": pack(">hi", 3, 4)}

    groups = fold(asked, cells_of(asked, [row, row]))

    values, columns = groups[()][0], groups.columns([0])
    assert [type(values.number(partial)) for partial in PARTIALS[:3]] == [int, int, int]
    assert [type(columns.numbers(partial)[0]) for partial in PARTIALS[:3]] == [int, int, int]
    assert values.number(SUM) == 2**41


def test_where_there_is_no_window_nothing_is_known() -> None:
    asked = cut(Dimension.AGENT)
    rows = [{"bucket": 1, "k1": agent, "p1": agent, "p2": 0, "p3": 0, "p4": None} for agent in (1, 2)]

    columns = fold(asked, cells_of(asked, rows)).columns([None, 0])

    assert columns.numbers(COUNT) == [None, 1, None, 2]
