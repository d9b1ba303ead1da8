"""The compiler: what a statement cannot be without, and what it must never have."""

from __future__ import annotations

from dataclasses import MISSING, fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest

from db import catalog
from db.access import BoundScope, Role, Viewer
from db.catalog.flows import TICKETS_CREATED
from db.catalog.stocks import OPEN_TICKETS
from db.compile import MAX_CELLS, compile_query
from db.domain import Clock
from db.metric import Partial
from db.periods import Window
from db.query import EVERYTHING, AggregateQuery, Asked, Attribution, BoundFilter, Dimension, Every, Filter, Match, Some
from db.query import TimeAxis as Axis
from db.rollups.blocks import Block
from db.rollups.coverage import Coverage, Edge, Rolled
from db.rollups.cuboids import CUBOIDS
from db.rollups.reading import FromFacts, FromRollup
from db.statement import Arguments

START: Final = datetime(2026, 3, 1, tzinfo=UTC)
AS_OF: Final = datetime(2026, 10, 1, tzinfo=UTC)
WINDOW: Final = Window(START, START + timedelta(days=31))
ALL: Final = Viewer("m", Role.MANAGER).scope.bound({})


def query(
    scope: BoundScope = ALL,
    condition: Filter = EVERYTHING,
    dimensions: tuple[Dimension, ...] = (),
    partials: tuple[Partial, ...] = TICKETS_CREATED.partials,
    zone: str = "UTC",
) -> AggregateQuery:
    """A query on March 2026."""
    ids = {(Dimension.TEAM, "a"): 7, (Dimension.TAG, "x"): 9}
    return AggregateQuery(
        scope,
        BoundFilter(condition, ids),
        Attribution.EVENT,
        Clock.CALENDAR,
        ZoneInfo(zone),
        AS_OF,
        dimensions,
        Axis((WINDOW.start, WINDOW.end), (WINDOW,)),
        partials,
    )


def test_a_query_cannot_be_made_without_a_scope_a_period_and_an_instant() -> None:
    needed = {field.name for field in fields(AggregateQuery) if field.default is field.default_factory is MISSING}

    assert {"scope", "axis", "as_of"} <= needed


def test_a_scope_of_no_rows_is_a_condition_that_nothing_meets() -> None:
    scope = Viewer("t", Role.TEAM_LEAD, teams=("gone",)).scope.bound({})

    statement = compile_query(query(scope), FromFacts())

    assert "team_id = ANY ($3::int[])" in statement.sql
    assert statement.arguments[2] == []


def test_every_read_of_facts_is_bounded_by_the_scope_and_by_the_instant() -> None:
    scope = Viewer("c", Role.CLIENT, organization="O").scope.bound({"O": 41})
    partials = tuple(dict.fromkeys(p for metric in catalog.METRICS for p in metric.partials))
    details = tuple(
        dict.fromkeys(p for m in catalog.METRICS if m.details for d in m.details.numbers for p in d.measure.partials)
    )

    sql = compile_query(query(scope, partials=tuple(dict.fromkeys((*partials, *details)))), FromFacts()).sql

    reads = sql.split("FROM deskgraph.facts")[1:]
    assert len(reads) == 4
    for read in reads:
        where = read[: read.index("GROUP BY")]
        assert "organization_id = ANY" in where
        assert "at < $" in where


def test_what_stood_before_is_counted_from_now_within_the_scope() -> None:
    scope = Viewer("c", Role.CLIENT, organization="O").scope.bound({"O": 41})

    sql = compile_query(query(scope, partials=OPEN_TICKETS.partials), FromFacts(backwards=True)).sql

    reads = [part[: part.index("GROUP BY")] for part in sql.split("FROM deskgraph.facts")[1:]]
    assert len(reads) == 3
    assert all("organization_id = ANY" in read for read in reads)
    assert "is_standing AND source IN (6, 8)" in reads[1]
    assert "at >= $" in reads[2]


@pytest.mark.parametrize("member", [Viewer("t", Role.TEAM_LEAD, teams=("T",)), Viewer("g", Role.AGENT, agent="A")])
def test_every_read_of_a_rollup_and_at_its_edges_is_bounded_by_the_scope(member: Viewer) -> None:
    scope = member.scope.bound({"T": 3, "A": 4})
    partials = tuple(
        dict.fromkeys(p for m in catalog.METRICS if m.details for d in m.details.numbers for p in d.measure.partials)
    )
    agent = next(cuboid for cuboid in CUBOIDS if cuboid.name == "agent")
    covered = Coverage(1, ZoneInfo("UTC"), (Rolled(Block(0, 5), 1, True),), (Edge(WINDOW, 1, -1, True),))

    sql = compile_query(query(scope, partials=partials), FromRollup(agent, covered)).sql

    reads = [part[: part.index("GROUP BY")] for part in sql.split("\n  FROM ")[1:] if "deskgraph." in part]
    assert len(reads) == 6
    assert all(f"{scope.column} = ANY" in read for read in reads)


def test_the_answer_is_limited_to_one_row_more_than_may_be_shown() -> None:
    assert compile_query(query(), FromFacts()).sql.endswith(f"LIMIT {MAX_CELLS + 1}")


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        (Match(Dimension.TEAM, Asked.IN, ("a",)), "team_id = ANY"),
        (Match(Dimension.TEAM, Asked.NOT_IN, ("a",)), "NOT team_id = ANY"),
        (Match(Dimension.TEAM, Asked.IS_NULL), "team_id = 0"),
        (Match(Dimension.TEAM, Asked.IS_SET), "NOT team_id = 0"),
        (Match(Dimension.TAG, Asked.NOT_IN, ("x",)), "NOT coalesce(tag_ids && "),
        (Match(Dimension.TAG, Asked.IS_SET), "NOT tag_ids IS NULL"),
        (Some((Every(), Match(Dimension.TEAM, Asked.IS_NULL))), "(true OR team_id = 0)"),
        (Some(()), "false"),
        (Every((Every(), Every())), "(true AND true)"),
    ],
)
def test_a_condition_is_written_as_it_reads(condition: Filter, text: str) -> None:
    assert text in compile_query(query(condition=condition), FromFacts()).sql


def test_a_filter_whose_ids_were_not_looked_up_cannot_be_written() -> None:
    with pytest.raises(KeyError):
        compile_query(query(condition=Match(Dimension.TEAM, Asked.IN, ("never looked up",))), FromFacts())


def test_no_session_zone_decides_and_no_instant_stands_in_the_text() -> None:
    statement = compile_query(
        query(dimensions=(Dimension.HOUR_OF_DAY,), zone="Europe/Berlin", partials=OPEN_TICKETS.partials), FromFacts()
    )

    assert "now()" not in statement.sql.lower()
    assert statement.sql.count("AT TIME ZONE") == statement.sql.count("AT TIME ZONE 'UTC'") == 1
    assert "2026" not in statement.sql
    assert [value for value in statement.arguments if isinstance(value, datetime)]


@pytest.mark.parametrize(
    ("first", "second", "placeholders"),
    [
        (([1], "int[]"), ([1], "int[]"), ("$1::int[]", "$1::int[]")),
        (([], "int[]"), ([], "timestamptz[]"), ("$1::int[]", "$2::timestamptz[]")),
        ((1, "int"), (1, "bigint"), ("$1::int", "$2::bigint")),
        ((START, "timestamptz"), (START, "timestamptz"), ("$1::timestamptz", "$1::timestamptz")),
    ],
)
def test_equal_values_share_a_parameter_only_where_they_are_of_one_type(
    first: tuple[Any, str], second: tuple[Any, str], placeholders: tuple[str, str]
) -> None:
    arguments = Arguments()

    assert (arguments.bind(*first), arguments.bind(*second)) == placeholders
