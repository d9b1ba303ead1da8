"""The worked examples of docs/metrics.md are true: asked of the real product, each query gives the answer beside it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from db import catalog
from db.catalog import demo_slice
from tests.conftest import DEMO_UNTIL, MANAGER, ROOT, Asking

_SECTION: Final = re.compile(r"^## (?P<metric>\w+)\n(?P<text>.*?)(?=^## |\Z)", re.M | re.S)
_QUERY: Final = re.compile(r"```graphql\n(.*?)```", re.S)
_ANSWER: Final = re.compile(r"```json\n(.*?)```", re.S)
_TABLE_ROW: Final = re.compile(r"^\| T-", re.M)

SECTIONS: Final = {m["metric"]: m["text"] for m in _SECTION.finditer((ROOT / "docs" / "metrics.md").read_text())}


def asked(metric: str) -> str:
    """The query of a metric's example."""
    (query,) = _QUERY.findall(SECTIONS[metric])
    return str(query)


def shown(metric: str) -> Any:
    """The answer that the page shows."""
    (answer,) = _ANSWER.findall(SECTIONS[metric])
    return json.loads(answer)


def test_every_metric_has_a_section_and_no_other_thing_has() -> None:
    assert list(SECTIONS) == [metric.name for metric in catalog.METRICS]


@pytest.mark.parametrize("metric", catalog.BY_NAME)
def test_every_example_shows_facts_and_asks_for_all_that_stands_beside_the_metric(metric: str) -> None:
    details = catalog.BY_NAME[metric].details
    beside = {detail.name for detail in details.numbers} if details else set()
    if details and details.spread:
        beside.add(details.spread.name)

    answer = shown(metric)["data"]["report"]["metrics"][metric]

    assert _TABLE_ROW.search(SECTIONS[metric]), "no fact: the examples want another slice of the demo data"
    assert set(answer) == {"value", "count"} | beside
    assert answer["count"] > 0


@pytest.mark.parametrize("metric", catalog.BY_NAME)
async def test_an_example_is_what_the_product_answers(ask: Asking, metric: str) -> None:
    found = await ask.data(asked(metric), MANAGER)

    assert {"data": found} == shown(metric)


def test_the_examples_are_of_the_demo_data_that_the_tests_have() -> None:
    assert demo_slice.DEMO_UNTIL == DEMO_UNTIL
