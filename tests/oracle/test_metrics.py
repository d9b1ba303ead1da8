"""Every metric of the catalogue, and every number beside it, equals a query written by hand over the raw tables."""

from __future__ import annotations

from typing import Any

import pytest

from db import catalog
from db.metric import Metric
from tests.conftest import VIEWERS, Asking
from tests.oracle.queries import ALL_METRICS, ORACLES, equals
from tests.oracle.questions import QUESTIONS, Oracle

Answers = dict[str, dict[str, Any]]


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

    equals(metric.name, answers[question][metric.name], expected)


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
