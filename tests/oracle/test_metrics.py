"""Every metric of the catalogue, and every number beside it, equals a query written by hand over the raw tables."""

from __future__ import annotations

from typing import Any

import pytest

from db import catalog
from db.metric import Metric
from tests.conftest import VIEWERS, Asking
from tests.oracle.queries import ALL_METRICS, ORACLES, equals
from tests.oracle.questions import QUESTIONS, Oracle


class Answers:
    """What the product says to each question: every metric, in one document a question, asked once."""

    def __init__(self, ask: Asking) -> None:
        self._ask = ask
        self._found: dict[str, dict[str, dict[str, Any]]] = {}

    async def to(self, name: str) -> dict[str, dict[str, Any]]:
        """The metrics of a question, by name."""
        if name not in self._found:
            question = QUESTIONS[name]
            document = f"{{ report({question.arguments}) {{ metrics {{ {ALL_METRICS} }} }} }}"
            data = await self._ask.data(document, VIEWERS[question.role])
            self._found[name] = data["report"]["metrics"]
        return self._found[name]

    async def of(self, metric: str) -> dict[str, dict[str, Any]]:
        """A metric, by question."""
        return {question: (await self.to(question))[metric] for question in QUESTIONS}


@pytest.fixture(scope="session")
def answers(ask: Asking) -> Answers:
    """Asked of the demo data."""
    return Answers(ask)


def test_every_metric_has_an_oracle() -> None:
    assert ORACLES.keys() == {metric.name for metric in catalog.METRICS}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("metric", catalog.METRICS, ids=lambda m: m.name)
async def test_a_metric_equals_its_oracle(metric: Metric, question: str, answers: Answers, oracle: Oracle) -> None:
    expected = await oracle.row(ORACLES[metric.name], QUESTIONS[question])

    equals(metric.name, (await answers.to(question))[metric.name], expected)


@pytest.mark.parametrize("metric", catalog.METRICS, ids=lambda m: m.name)
async def test_the_questions_make_a_metric_speak(metric: Metric, answers: Answers) -> None:
    """An oracle that compares nothing with nothing proves nothing."""
    needs_targets = {"breachedTickets", "responseRate", "resolutionRate"}

    found = await answers.of(metric.name)
    spoke = [question for question, one in found.items() if one["value"]]

    assert len(spoke) > 20 or metric.name in needs_targets
    assert all(metric.nothing_there == "0" or found[q]["count"] for q in spoke)


async def test_where_nothing_is_there_counts_are_zero_and_the_rest_is_null(answers: Answers) -> None:
    found = await answers.to("a time before all tickets")

    assert {name: one["value"] for name, one in found.items()} == {
        metric.name: 0 if metric.nothing_there == "0" else None for metric in catalog.METRICS
    }
