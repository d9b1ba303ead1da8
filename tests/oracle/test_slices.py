"""Every metric of any slice in any period is what a query written by hand over the raw tables says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from db import catalog
from tests.conftest import DEMO_NOW, MANAGER, Asking
from tests.laws.slices import DAYS, FIRST, ZONES, instants, law
from tests.oracle.conditions import Condition, conditions
from tests.oracle.queries import ALL_METRICS, ORACLES, equals
from tests.oracle.questions import Oracle, Question

EXAMPLES: Final = 225
PERIODS: Final = 10
AT_LEAST: Final = 2_000

Times = tuple[str, str]


@st.composite
def _times(draw: st.DrawFn) -> Times:
    """A period of instants, from a minute to two years: the shorter, the more of them."""
    since = draw(instants())
    minutes = round(1.02 ** draw(st.floats(0, 700)))
    return since.isoformat(), (since + timedelta(minutes=minutes)).isoformat()


@st.composite
def _dates(draw: st.DrawFn) -> Times:
    """A period of local days."""
    since = (FIRST + timedelta(days=draw(st.integers(0, DAYS - 2)))).date()
    return since.isoformat(), (since + timedelta(days=draw(st.sampled_from((1, 1, 7, 30, 31, 91, 365))))).isoformat()


def _begun(period: Times) -> bool:
    return datetime.fromisoformat(period[0][:10]).date() < DEMO_NOW.date()


def periods() -> st.SearchStrategy[list[Times]]:
    """Ten periods that have begun, some of which still run; each once."""
    one = st.one_of(_times(), _times(), _dates()).filter(_begun)
    return st.lists(one, min_size=PERIODS, max_size=PERIODS, unique=True)


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A slice, without a period."""
    condition: Condition = draw(conditions())
    return Question(
        "- -",
        ("", ""),
        timezone=draw(st.sampled_from(ZONES)),
        filter=f"{{{condition.parts}}}",
        where=condition.where,
        attribution=draw(st.sampled_from(("EVENT", "CREATION"))),
        clock=draw(st.sampled_from(("CALENDAR", "BUSINESS"))),
    )


def document(question: Question, asked: list[Times]) -> str:
    """All periods of a slice, each under a name of its own."""
    reports = " ".join(
        f'p{n}: report(period: {{since: "{since}", until: "{until}"}}, {question.slice}) {{ metrics {{ ...All }} }}'
        for n, (since, until) in enumerate(asked)
    )
    return f"fragment All on Metrics {{ {ALL_METRICS} }} {{ {reports} }}"


class Tally:
    """What the law has compared: slices, and how often each metric had something to say.

    No dataclass: a failure would print all of it.
    """

    def __init__(self) -> None:
        self.slices: set[tuple[Question, Times]] = set()
        self.spoke = dict.fromkeys(ORACLES, 0)


@pytest.fixture(scope="module")
def tally() -> Tally:
    """Counts along."""
    return Tally()


@pytest.mark.timeout(1200)
@settings(law(EXAMPLES), phases=[Phase.generate], report_multiple_bugs=False)
@given(questions(), periods())
async def test_every_metric_of_a_slice_equals_its_oracle(
    ask: Asking, oracle: Oracle, tally: Tally, question: Question, asked: list[Times]
) -> None:
    expected = await oracle.by_period(ORACLES, question, asked)

    data = await ask.data(document(question, asked), MANAGER)

    for number, (period, row) in enumerate(zip(asked, expected, strict=True)):
        found = data[f"p{number}"]["metrics"]
        for metric in catalog.METRICS:
            equals(metric.name, found[metric.name], row[metric.name])
            tally.spoke[metric.name] += bool(row[metric.name]["value"])
        tally.slices.add((question, period))


def test_the_law_has_been_tried_on_two_thousand_slices_and_every_metric_had_its_say(tally: Tally) -> None:
    """Counted by the law above; alone, this has nothing to count."""
    assert len(tally.slices) >= AT_LEAST
    assert all(times > AT_LEAST // 20 for times in tally.spoke.values()), tally.spoke
