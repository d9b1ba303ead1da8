"""One query by hand for every metric of the catalogue, and what it means to equal it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest

from db import catalog, sketch
from db.metric import Metric, Percentile

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
    "breachedTickets": f"{_STOCK} AND due < {{end}}",
    "ticketsCreated": _FLOW.replace("{source}", "created"),
    "ticketsResolved": "SELECT count(DISTINCT id) AS value, count(*) AS count FROM raw_resolution"
    " WHERE {slice} AND standing",
    "resolutions": _FLOW.replace("{source}", "resolution"),
    "reopens": _FLOW.replace("{source}", "reopen"),
    "reopenRate": _RATE.format(part="reopen", whole="resolution", further=""),
    "firstTimeResolutionRate": "SELECT avg(first::int)::float8 AS value, count(*) AS count FROM raw_resolution"
    " WHERE {slice} AND standing",
    "avgResponseTime": f"{_TIMES}response WHERE {{slice}}",
    "avgResolutionTime": f"{_TIMES}resolution WHERE {{slice}} AND standing",
    "firstResolutionTime": f"{_TIMES}resolution WHERE {{slice}} AND first",
    "responseRate": "SELECT avg(within_target::int)::float8 AS value, count(within_target) AS count"
    " FROM raw_response WHERE {slice}",
    "resolutionRate": """
SELECT avg(within_target::int)::float8 AS value, count(within_target) AS count,
    count(*) FILTER (WHERE within_target) AS "withinTarget", count(within_target) AS "withTarget",
    count(*) - count(within_target) AS "withoutTarget",
    (SELECT count(*) FROM raw_open WHERE {stock} AND due < {end}) AS "openBreached"
FROM raw_resolution WHERE {slice} AND standing""",
    "csatScore": """
SELECT avg((score >= 4)::int)::float8 AS value, count(*) AS count, avg(score)::float8 AS average,
    ARRAY[count(*) FILTER (WHERE score = 1), count(*) FILTER (WHERE score = 2), count(*) FILTER (WHERE score = 3),
          count(*) FILTER (WHERE score = 4), count(*) FILTER (WHERE score = 5)] AS histogram
FROM raw_rating WHERE {slice}""",
    "ratingRate": _RATE.format(part="rating", whole="resolution", further=" AND standing"),
}


def _names_beside(metric: Metric) -> list[str]:
    """The names of the numbers that stand beside a metric."""
    if metric.details is None:
        return []
    spread = metric.details.spread
    return [*(detail.name for detail in metric.details.numbers), *([spread.name] if spread else [])]


def _estimated(metric: Metric) -> set[str]:
    """Those of them that are read from the logarithmic histogram."""
    numbers = metric.details.numbers if metric.details else ()
    return {detail.name for detail in numbers if isinstance(detail.measure, Percentile)}


ALL_METRICS: Final = " ".join(f"{m.name} {{ value count {' '.join(_names_beside(m))} }}" for m in catalog.METRICS)

_ESTIMATED: Final = {metric.name: _estimated(metric) for metric in catalog.METRICS}


def equals(metric: str, found: Mapping[str, Any], expected: Mapping[str, Any]) -> None:
    """Fails unless a metric and all that stands beside it is what its query says."""
    assert found.keys() == expected.keys(), metric
    for name, value in expected.items():
        # A hair more than the bound: a value at a bucket's edge is exactly that far from its midpoint.
        tolerance = sketch.RELATIVE_ERROR * (1 + 1e-9) if name in _ESTIMATED[metric] else 1e-12
        near = None if value is None else pytest.approx(value, rel=tolerance, abs=0)
        assert found[name] == near, f"{metric}.{name}"
