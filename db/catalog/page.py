"""Prints docs/metrics.md: every metric of the catalogue, from its record."""

from __future__ import annotations

from collections.abc import Iterator

from db import catalog, sketch
from db.catalog.demo_slice import ORGANIZATION, SINCE, UNTIL, ZONE, DemoSlice, demo_slice
from db.catalog.example import example
from db.metric import Details, Metric


def page() -> str:
    """The page. Shape: Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Metrics"
    yield ""
    yield "Generated from the catalogue (`db/catalog`) and the demo data by `make format`; do not edit."
    yield ""
    yield (
        f"0 means counted, none; null means it cannot be known. Percentiles are read from a logarithmic histogram and "
        f"are at most {sketch.RELATIVE_ERROR:.0%} away from the exact ones, relatively; everything else is exact."
    )
    yield ""
    yield (
        f"Every metric has a worked example from the demo data: the organization {ORGANIZATION} from {SINCE} until "
        f"{UNTIL}, in {ZONE}, asked by a manager. Its table shows the facts that count, in wall times of that zone; "
        "of a stock, the tickets that are in it, and since when each counts with this status and assignee. Below it "
        "stands the arithmetic. `count` is the denominator of a ratio, the number of known values of a mean, and "
        "elsewhere the number itself."
    )
    yield ""
    yield (
        "The ideas behind the numbers, in words and pictures: [concepts](concepts/index.md). The GraphQL field "
        "`metricCatalog` has the definitions, too."
    )
    of = demo_slice()
    for metric in catalog.METRICS:
        yield ""
        yield from _section(metric, of)


def _section(metric: Metric, of: DemoSlice) -> Iterator[str]:
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
    if metric.details is not None:
        yield ""
        yield "Beside it:"
        yield ""
        yield from _beside(metric.details)
    yield ""
    yield "Example:"
    yield ""
    yield from example(metric, of)


def _beside(details: Details) -> Iterator[str]:
    yield from (f"- `{detail.name}` ({detail.unit.value}): {detail.description}" for detail in details.numbers)
    if details.spread:
        yield f"- `{details.spread.name}`: {details.spread.description}"


if __name__ == "__main__":
    print(page(), end="")
