"""The SQL of the tickets behind a flow, a stock, a tag and a page further on: see `test_compiled_sql` beside this."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from textwrap import wrap
from typing import Any

import pytest

from db.catalog.flows import TICKETS_CREATED
from db.catalog.quality import CSAT_SCORE
from db.catalog.stocks import OPEN_TICKETS
from db.compile_tickets import compile_tickets
from db.metric import Metric
from db.query import Attribution, Dimension
from db.tickets import Extra, Group, Position, Sort, SortKey
from resolvers.behind import Behind, ListAsked, Place
from resolvers.plan import bind
from resolvers.tickets import DEFAULT_SORT
from tests.golden.test_compiled_sql import AS_OF, FOUND, MAX_LINES, REWRITE, VIEWERS, request

HERE = Path(__file__).parent / "tickets"
EVERY = frozenset(Extra)


def asked(metric: Metric, group: Group = (), *, extras: frozenset[Extra] = frozenset(), **report: Any) -> ListAsked:
    """The first page behind a metric."""
    place = Place(request(**report).slice, request().period.window, group)
    return ListAsked(Behind(place, metric.measure.counted), (DEFAULT_SORT,), extras, 50, None)


LISTS = {
    "flow": asked(TICKETS_CREATED),
    "stock": asked(OPEN_TICKETS, ((Dimension.STATUS, 2),), extras=frozenset({Extra.SUBJECT}), viewer=VIEWERS[0]),
    "stock_by_creation": asked(OPEN_TICKETS, attribution=Attribution.CREATION),
    "by_tag_and_hour": asked(TICKETS_CREATED, ((Dimension.TAG, 51), (Dimension.HOUR_OF_DAY, 9))),
    "without_tag": asked(TICKETS_CREATED, ((Dimension.TAG, 0),)),
    "next_page": replace(
        asked(CSAT_SCORE, extras=EVERY),
        sorts=(Sort(SortKey.SCORE, descending=False), Sort(SortKey.PRIORITY, descending=True)),
        after=Position((3, None), 77, 4),
    ),
}


def written(one: ListAsked) -> str:
    """The statement of a page, with the values of its parameters as comments."""
    statement = compile_tickets(one.query(*bind(one.behind.place.slice, FOUND)))
    values = (v.isoformat() if isinstance(v, datetime) else str(v) for v in statement.arguments)
    parameters = "; ".join(f"${number} = {value}" for number, value in enumerate(values, start=1))
    return "\n".join([statement.sql, *(f"-- {line}" for line in wrap(parameters, 117))]) + "\n"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_tickets_compiles_to_the_sql_that_is_written_down(name: str) -> None:
    file = HERE / f"{name}.sql"

    found = written(LISTS[name])
    if REWRITE:
        file.write_text(found)

    assert file.exists(), f"there is no {file.name} yet: see test_compiled_sql's docstring"
    assert file.read_text() == found
    assert len(found.splitlines()) <= MAX_LINES
    assert AS_OF.isoformat() in found


def test_every_file_belongs_to_a_list() -> None:
    assert {file.stem for file in HERE.glob("*.sql")} == set(LISTS)


def test_without_a_bound_scope_there_is_no_query() -> None:
    one = LISTS["flow"]
    scope, condition = bind(one.behind.place.slice, FOUND)

    with pytest.raises(TypeError, match=r"made by Scope\.bound only"):
        one.query(replace(scope, _seal=None), condition)
