"""Prints docs/metrics.md: every metric of the catalogue, from its record."""

from __future__ import annotations

from collections.abc import Iterator

from db import catalog, sketch
from db.metric import Metric


def page() -> str:
    """The page. Shape: Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Metrics"
    yield ""
    yield "Generated from the catalogue (`db/catalog`) by `make format`; do not edit."
    yield ""
    yield (
        f"0 means counted, none; null means it cannot be known. Percentiles are read from a logarithmic histogram and "
        f"are at most {sketch.RELATIVE_ERROR:.0%} away from the exact ones, relatively; everything else is exact."
    )
    for metric in catalog.METRICS:
        yield ""
        yield from _section(metric)


def _section(metric: Metric) -> Iterator[str]:
    yield f"## {metric.name}"
    yield ""
    yield f"**{metric.label}.** {metric.definition}"
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| Unit | {metric.unit.value} |"
    yield f"| Better | {metric.better.value} |"
    yield f"| Anchor | {metric.anchor} |"
    yield f"| Credited to | {metric.credited_to} |"
    yield f"| Nothing there | {metric.nothing_there} |"
    yield f"| Requires | `{metric.capability.value}` |"
    if metric.details is None:
        return
    yield ""
    yield "Beside it:"
    yield ""
    yield from (f"- `{detail.name}` ({detail.unit.value}): {detail.description}" for detail in metric.details.numbers)
    if metric.details.spread:
        yield f"- `{metric.details.spread.name}`: {metric.details.spread.description}"


if __name__ == "__main__":
    print(page(), end="")
