"""The SQL of every interesting query, beside the test, one file each: whoever changes the compiler sees what it does.

Nothing is asked of a database here. Rewrite the files, then read the diff:

    DESKGRAPH_REWRITE_GOLDEN=1 .venv/bin/pytest tests/golden

The file of a new metric is written by `make format`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db import catalog, periods
from db.access import Role, Viewer
from db.catalog.flows import TICKETS_CREATED
from db.catalog.quality import CSAT_SCORE, RESOLUTION_RATE
from db.catalog.stocks import OPEN_TICKETS
from db.catalog.times import AVG_RESOLUTION_TIME, AVG_RESPONSE_TIME, FIRST_RESPONSES, RESPONSE_EDGES
from db.compile import compile_query
from db.directory import Found
from db.domain import Clock
from db.metric import Between, Metric, Partial, distribution
from db.periods import Comparison, Grain, WeekStart
from db.query import EVERYTHING, Asked, Attribution, Dimension, Every, Filter, Match, Slice, Some
from db.rollups.coverage import Kept
from db.rollups.cuboids import HISTOGRAMS, NUMBERS, Bins
from db.rollups.reading import FromRollup
from resolvers.plan import plan
from resolvers.request import ReportRequest, partials_of
from resolvers.values import Wanted

HERE = Path(__file__).parent
REWRITE = bool(os.environ.get("DESKGRAPH_REWRITE_GOLDEN"))
MAX_LINES = 60
_PLACE = re.compile(r"\b(numbers|bins)\[(\d+)\]")

BERLIN = ZoneInfo("Europe/Berlin")
AS_OF = datetime(2026, 10, 1, tzinfo=UTC)
MANAGER = Viewer("m", Role.MANAGER)
VIEWERS = (
    Viewer("t", Role.TEAM_LEAD, teams=("billing", "accounts")),
    Viewer("g", Role.AGENT, agent="A-07"),
    Viewer("c", Role.CLIENT, organization="O-001"),
)
FOUND = Found(
    version=1,
    ids={
        (Dimension.CATEGORY, "billing"): 11,
        (Dimension.CATEGORY, "bugs"): 12,
        (Dimension.TEAM, "accounts"): 21,
        (Dimension.TEAM, "billing"): 22,
        (Dimension.AGENT, "A-07"): 37,
        (Dimension.ORGANIZATION, "O-001"): 41,
        (Dimension.TAG, "vip"): 51,
        (Dimension.TAG, "trial"): 52,
    },
    agents_teams={"A-07": 21},
)


def request(
    *,
    viewer: Viewer = MANAGER,
    condition: Filter = EVERYTHING,
    attribution: Attribution = Attribution.EVENT,
    clock: Clock = Clock.CALENDAR,
    until: str = "2026-04-01",
    compared: Sequence[Comparison] = (),
) -> ReportRequest:
    """A report on March 2026 in Berlin, which has a change to summer time."""
    period = periods.own_period("2026-03-01", until, BERLIN)
    return ReportRequest(
        Slice(viewer.scope, condition, attribution, clock, BERLIN, AS_OF),
        period,
        tuple((kind, periods.compared_period(period, kind, AS_OF)) for kind in compared),
    )


def everything_of(metric: Metric) -> Wanted:
    """A metric with all its details."""
    details = metric.details
    names = [detail.name for detail in details.numbers] if details else []
    return Wanted(metric, frozenset([*names, *([details.spread.name] if details and details.spread else [])]))


KEYS = (OPEN_TICKETS, AVG_RESPONSE_TIME, RESOLUTION_RATE, CSAT_SCORE)
SUMMARY, KEY_METRICS = partials_of(map(everything_of, KEYS)), partials_of(map(Wanted, KEYS))
CREATED = TICKETS_CREATED.partials
CREATED_AND_OPEN = (*CREATED, *OPEN_TICKETS.partials)
FIRST = partials_of([Wanted(AVG_RESPONSE_TIME, frozenset({"median"}))])


def distribution_partials() -> tuple[Partial, ...]:
    """The buckets of the response time's distribution."""
    return tuple(p for counted in distribution(FIRST_RESPONSES, RESPONSE_EDGES) for p in counted.partials)


def of(dimension: Dimension, asked: Asked, *ids: str) -> Match:
    """A comparison."""
    return Match(dimension, asked, ids)


FILTERS: dict[str, Filter] = {
    "in": of(Dimension.CATEGORY, Asked.IN, "billing", "bugs"),
    "not_in": of(Dimension.CATEGORY, Asked.NOT_IN, "billing"),
    "unset": of(Dimension.AGENT, Asked.IS_NULL),
    "set": of(Dimension.AGENT, Asked.IS_SET),
    "words": Every((of(Dimension.PRIORITY, Asked.IN, "high", "urgent"), of(Dimension.STATUS, Asked.NOT_IN, "closed"))),
    "tag": of(Dimension.TAG, Asked.IN, "vip", "trial"),
    "tag_not_in": of(Dimension.TAG, Asked.NOT_IN, "vip"),
    "tag_unset": of(Dimension.TAG, Asked.IS_NULL),
    "and_or": Every(
        (
            of(Dimension.CHANNEL, Asked.IN, "email"),
            Some((Every((of(Dimension.TEAM, Asked.IN, "billing"),)), Every((of(Dimension.TAG, Asked.IN, "vip"),)))),
        )
    ),
}


def cuts() -> dict[str, Any]:
    """What each file is the SQL of."""
    plain = request()
    weeks = plain.buckets(Grain.WEEK).windows
    stock_by_week = request(attribution=Attribution.CREATION).cut(OPEN_TICKETS.partials, (), weeks)
    found: dict[str, Any] = {
        f"metric_{metric.name}": plain.cut(everything_of(metric).partials) for metric in catalog.METRICS
    }
    found |= {f"by_{dimension.value}": plain.cut(CREATED_AND_OPEN, (dimension,)) for dimension in Dimension}
    found |= {f"filter_{name}": request(condition=one).cut(CREATED) for name, one in FILTERS.items()}
    found |= {f"scope_{one.realm.value}": request(viewer=one).cut(CREATED) for one in VIEWERS}
    return found | {
        "summary_compared": request(compared=tuple(Comparison)).cut(SUMMARY),
        "summary_by_creation": request(attribution=Attribution.CREATION).cut(KEY_METRICS),
        "business_clock": request(clock=Clock.BUSINESS).cut(FIRST),
        "distribution": plain.cut(distribution_partials()),
        "business_distribution": request(clock=Clock.BUSINESS).cut(distribution_partials()),
        "weeks": plain.cut((*CREATED, *OPEN_TICKETS.partials, *FIRST), (), weeks),
        "weeks_from_sunday": ReportRequest(plain.slice, plain.period, (), WeekStart.SUNDAY).cut(
            CREATED, (), periods.buckets(plain.period, Grain.WEEK, WeekStart.SUNDAY).windows
        ),
        "stock_by_creation_and_week": stock_by_week,
        "weekday_by_hour": plain.cut(CREATED, (Dimension.DAY_OF_WEEK, Dimension.HOUR_OF_DAY)),
        "categories_by_week": plain.cut(CREATED, (Dimension.CATEGORY,), weeks),
        "agents": plain.cut(
            partials_of(
                map(Wanted, (TICKETS_CREATED, OPEN_TICKETS, AVG_RESOLUTION_TIME, RESOLUTION_RATE)),
            ),
            (Dimension.AGENT,),
        ),
        "period_after_as_of": request(until="2027-01-01").cut(CREATED_AND_OPEN),
    }


CUTS = cuts()
KEPT = replace(FOUND, kept=(Kept(7, BERLIN, 19_700),))
"""The same store, with rollups for Berlin since 9 December 2023."""
CASES = [
    *((name, FOUND, HERE) for name in CUTS),
    *(
        (name, KEPT, HERE / "rollups")
        for name in CUTS
        if isinstance(plan([CUTS[name]], KEPT)[0].choice.chosen, FromRollup)
    ),
]
"""Each cut from facts, and those that rollups answer from them."""


def written(name: str, found: Found) -> str:
    """The statements of a cut, with the values of their parameters as comments."""
    texts = []
    for planned in plan([CUTS[name]], found):
        statement = compile_query(planned.query, planned.choice.chosen)
        parameters = "; ".join(f"${number} = {_shown(v)}" for number, v in enumerate(statement.arguments, start=1))
        sql = _PLACE.sub(_kept, statement.sql)
        texts.append("\n".join([sql, *(f"-- {line}" for line in wrap(parameters, 117))]))
    return "\n\n".join(texts) + "\n"


def _kept(place: re.Match[str]) -> str:
    """What a rollup keeps there: a new metric moves the places of others, and nothing else of them."""
    found = (NUMBERS if place[1] == "numbers" else HISTOGRAMS)[int(place[2]) - 1]
    rows, kind = (found.rows, ()) if isinstance(found, Bins) else (found.partial.rows, (found.partial.kind.name,))
    where = (
        f"{one.column.value} from {one.low} to {one.high}" if isinstance(one, Between) else one.name
        for one in rows.where
    )
    clock = (found.clock.name,) if found.clock else ()
    return f"{place[1]}[{', '.join((*kind, rows.source.name, *where, *clock)).lower()}]"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    return value.isoformat() if isinstance(value, datetime) else str(value)


@pytest.mark.parametrize(("name", "found", "folder"), CASES, ids=[f"{c[2].name}/{c[0]}" for c in CASES])
def test_a_query_compiles_to_the_sql_that_is_written_down(name: str, found: Found, folder: Path) -> None:
    file = folder / f"{name}.sql"

    text = written(name, found)
    if REWRITE:
        file.write_text(text)

    assert file.exists(), f"there is no {file.name} yet: see this module's docstring"
    assert text == file.read_text()
    assert len(text.splitlines()) <= MAX_LINES


def test_every_file_belongs_to_a_query() -> None:
    files = {(folder, file.stem) for folder in (HERE, HERE / "rollups") for file in folder.glob("*.sql")}
    assert files == {(folder, name) for name, _, folder in CASES}


def test_a_report_and_its_filters_by_what_rollups_are_by_are_read_from_them() -> None:
    kept = {name for name, found, _ in CASES if found is KEPT}
    facts = {
        "by_organization", "by_tag", "filter_words", "filter_tag", "filter_tag_not_in", "filter_tag_unset",
        "filter_and_or", "scope_organization", "summary_by_creation", "stock_by_creation_and_week",
    }  # fmt: skip

    assert set(CUTS) - kept == facts


def test_the_same_query_compiles_to_the_same_text_again() -> None:
    assert [written(name, found) for name, found, _ in CASES] == [written(name, found) for name, found, _ in CASES]


@pytest.mark.parametrize(("name", "found", "_"), CASES, ids=[f"{c[2].name}/{c[0]}" for c in CASES])
def test_no_value_stands_in_the_text(name: str, found: Found, _: Path) -> None:
    """Ids and instants are parameters; the only numbers in the text are codes of the vocabulary and positions."""
    planned = plan([CUTS[name]], found)
    text = "\n".join(compile_query(one.query, one.choice.chosen).sql for one in planned)

    assert "2026" not in text
    assert "billing" not in text
    assert "A-07" not in text
