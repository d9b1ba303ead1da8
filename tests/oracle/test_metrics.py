"""Every metric of the catalogue, and every number beside it, equals a query written by hand over the raw tables."""

from __future__ import annotations

from typing import Any, Final

import pytest

from db import catalog, sketch
from db.metric import Metric, Percentile
from tests.conftest import VIEWERS, Asking
from tests.oracle.questions import QUESTIONS, Oracle

Answers = dict[str, dict[str, Any]]

_STOCK: Final = "SELECT count(*) AS value, count(*) AS count FROM raw_open WHERE {stock}"
_FLOW: Final = "SELECT count(*) AS value, count(*) AS count FROM raw_{source} WHERE {slice}"
_TIMES: Final = """
SELECT avg({seconds})::float8 AS value, count({seconds}) AS count,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY {seconds}) AS median,
    percentile_cont(0.9) WITHIN GROUP (ORDER BY {seconds}) AS p90,
    percentile_cont(0.95) WITHIN GROUP (ORDER BY {seconds}) AS p95
FROM raw_"""
_RATE: Final = """
SELECT part::float8 / nullif(whole, 0) AS value, whole AS count
FROM (SELECT count(*) AS part FROM raw_{part} WHERE {{slice}}) p,
    (SELECT count(*) AS whole FROM raw_{whole} WHERE {{slice}}{further}) w"""

ORACLES: Final[dict[str, str]] = {
    "openTickets": _STOCK,
    "unassignedTickets": f"{_STOCK} AND agent IS NULL",
    "breachedTickets": f"{_STOCK} AND breached",
    "ticketsCreated": _FLOW.replace("{source}", "created"),
    "ticketsResolved": "SELECT count(DISTINCT id) AS value, count(*) AS count FROM raw_resolution"
    " WHERE {slice} AND standing",
    "resolutions": _FLOW.replace("{source}", "resolution"),
    "reopens": _FLOW.replace("{source}", "reopen"),
    "reopenRate": _RATE.format(part="reopen", whole="resolution", further=""),
    "avgResponseTime": f"{_TIMES}response WHERE {{slice}}",
    "avgResolutionTime": f"{_TIMES}resolution WHERE {{slice}} AND standing",
    "firstResolutionTime": f"{_TIMES}resolution WHERE {{slice}} AND first",
    "responseRate": "SELECT avg(within_target::int)::float8 AS value, count(within_target) AS count"
    " FROM raw_response WHERE {slice}",
    "resolutionRate": """
SELECT avg(within_target::int)::float8 AS value, count(within_target) AS count,
    count(*) FILTER (WHERE within_target) AS "withinTarget", count(within_target) AS "withTarget",
    count(*) - count(within_target) AS "withoutTarget",
    (SELECT count(*) FROM raw_open WHERE {stock} AND breached) AS "openBreached"
FROM raw_resolution WHERE {slice} AND standing""",
    "csatScore": """
SELECT avg((score >= 4)::int)::float8 AS value, count(*) AS count, avg(score)::float8 AS average,
    ARRAY[count(*) FILTER (WHERE score = 1), count(*) FILTER (WHERE score = 2), count(*) FILTER (WHERE score = 3),
          count(*) FILTER (WHERE score = 4), count(*) FILTER (WHERE score = 5)] AS histogram
FROM raw_rating WHERE {slice}""",
    "ratingRate": _RATE.format(part="rating", whole="resolution", further=" AND standing"),
}


def names_beside(metric: Metric) -> list[str]:
    """The names of the numbers that stand beside a metric."""
    if metric.details is None:
        return []
    spread = metric.details.spread
    return [*(detail.name for detail in metric.details.numbers), *([spread.name] if spread else [])]


def estimated(metric: Metric) -> set[str]:
    """Those of them that are read from the logarithmic histogram."""
    numbers = metric.details.numbers if metric.details else ()
    return {detail.name for detail in numbers if isinstance(detail.measure, Percentile)}


ALL_METRICS: Final = " ".join(f"{m.name} {{ value count {' '.join(names_beside(m))} }}" for m in catalog.METRICS)


@pytest.fixture(scope="session")
async def answers(ask: Asking) -> dict[str, Answers]:
    """What the product says to each question: every metric, in one document a question."""
    found = {}
    for name, question in QUESTIONS.items():
        document = f"{{ report({question.arguments}) {{ metrics {{ {ALL_METRICS} }} }} }}"
        data = await ask.data(document, VIEWERS[question.role])
        found[name] = data["report"]["metrics"]
    return found


def test_every_metric_has_an_oracle() -> None:
    assert ORACLES.keys() == {metric.name for metric in catalog.METRICS}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("metric", catalog.METRICS, ids=lambda m: m.name)
async def test_a_metric_equals_its_oracle(
    metric: Metric, question: str, answers: dict[str, Answers], oracle: Oracle
) -> None:
    expected = await oracle.row(ORACLES[metric.name], QUESTIONS[question])

    found = answers[question][metric.name]

    assert found.keys() == expected.keys()
    for name, value in expected.items():
        tolerance = sketch.RELATIVE_ERROR if name in estimated(metric) else 1e-12
        assert found[name] == (None if value is None else pytest.approx(value, rel=tolerance, abs=0)), name


@pytest.mark.parametrize("metric", catalog.METRICS, ids=lambda m: m.name)
def test_the_questions_make_a_metric_speak(metric: Metric, answers: dict[str, Answers]) -> None:
    """An oracle that compares nothing with nothing proves nothing."""
    needs_targets = {"breachedTickets", "responseRate", "resolutionRate"}

    spoke = [question for question, found in answers.items() if found[metric.name]["value"]]

    assert len(spoke) > 20 or metric.name in needs_targets
    assert all(metric.nothing_there == "0" or answers[q][metric.name]["count"] for q in spoke)


def test_where_nothing_is_there_counts_are_zero_and_the_rest_is_null(answers: dict[str, Answers]) -> None:
    found = answers["a time before all tickets"]

    assert {name: one["value"] for name, one in found.items()} == {
        metric.name: 0 if metric.nothing_there == "0" else None for metric in catalog.METRICS
    }
