"""Worked examples: each metric asked of one slice of the demo data, with the facts that count and the arithmetic.

The numbers are read by the catalogue's own measures, so a new metric has its example by itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from db.catalog.demo_slice import ORGANIZATION, SINCE, UNTIL, ZONE, DemoFact, DemoSlice, value_in
from db.domain import Source, Status
from db.metric import (
    Column,
    Counted,
    Mean,
    Measure,
    Metric,
    Partial,
    PartialKind,
    Percentile,
    Reading,
    Rows,
    Share,
    Stocked,
    Test,
    Unit,
)

_WHAT: Final = {
    Source.CREATED: "created",
    Source.FIRST_RESPONSE: "first response",
    Source.RESOLUTION: "resolution",
    Source.REOPEN: "reopen",
    Source.RATING: "rating",
}
_TARGET: Final = {True: "within", False: "missed", None: "no target"}
_TARGET_TESTS: Final = {Test.WITHIN_TARGET, Test.WITH_TARGET, Test.WITHOUT_TARGET}
_WHOLE_UNITS: Final = {Unit.TICKETS, Unit.EVENTS}


def example(metric: Metric, of: DemoSlice) -> Iterator[str]:
    """The example of a metric. Shape: lines of Markdown: the query, the facts, the arithmetic, the answer."""
    yield from ("```graphql", *_query(metric), "```", "")
    if isinstance(metric.measure, Stocked):
        yield from _stock_table(metric.measure, of)
    else:
        yield from _fact_table(metric, of)
    yield ""
    yield f"- `value`: {_worked(metric.measure, metric.unit, of)}"
    details = metric.details
    for detail in details.numbers if details else ():
        yield f"- `{detail.name}`: {_worked(detail.measure, detail.unit, of)}"
    if details and details.spread:
        counts = ", ".join(str(number) for counted in details.spread.counts for number in counted.read(of))
        yield f"- `{details.spread.name}`: {counts}"
    yield from ("", "```json", json.dumps(_answer(metric, of)), "```")


def _query(metric: Metric) -> Iterator[str]:
    yield "{"
    yield f'  report(period: {{since: "{SINCE}", until: "{UNTIL}"}}, timezone: "{ZONE}",'
    yield f'         filter: {{organization: {{in: ["{ORGANIZATION}"]}}}}) {{'
    yield f"    metrics {{ {metric.name} {{ {' '.join(('value', 'count', *_beside(metric)))} }} }}"
    yield "  }"
    yield "}"


def _beside(metric: Metric) -> Iterator[str]:
    if metric.details:
        yield from (detail.name for detail in metric.details.numbers)
        if metric.details.spread:
            yield metric.details.spread.name


def _answer(metric: Metric, of: DemoSlice) -> Any:
    """What the gateway answers. The value is a Float of GraphQL, counts are Ints."""
    found: dict[str, Any] = {"value": _number(metric.measure, of), "count": metric.measure.count(of)[0]}
    if metric.details:
        for detail in metric.details.numbers:
            whole = detail.unit in _WHOLE_UNITS
            found[detail.name] = _reading(detail.measure, of) if whole else _number(detail.measure, of)
        if metric.details.spread:
            found[metric.details.spread.name] = [_reading(one, of) for one in metric.details.spread.counts]
    return {"data": {"report": {"metrics": {metric.name: found}}}}


def _number(measure: Measure, of: DemoSlice) -> float | None:
    value = _reading(measure, of)
    return None if value is None else float(value)


def _reading(measure: Measure, of: DemoSlice) -> Reading:
    return measure.read(of)[0]


def _stock_table(stocked: Stocked, of: DemoSlice) -> Iterator[str]:
    yield f"| Ticket | Status on {_at(of.period.until, of)} | Since | Assignee |"
    yield "|---|---|---|---|"
    for fact in of.inside(stocked.entered):
        status = Status(fact.values["interval_status"]).word
        yield f"| {fact.ticket} | {status} | {_at(fact.at, of)} | {fact.agent or 'nobody'} |"


def _fact_table(metric: Metric, of: DemoSlice) -> Iterator[str]:
    """The facts that count in any number of the metric, with the values that are asked of them."""
    partials = [partial for partial in _partials(metric) if partial.kind is not PartialKind.STOCK]
    facts: dict[int, DemoFact] = {id(f): f for partial in partials for f in of.counting(partial.rows)}
    columns = _columns(metric, partials)
    heads = ["Ticket", "What", f"When ({ZONE})", "Credited to", *columns]
    yield _row(heads)
    yield "|" + "---|" * len(heads)
    for fact in sorted(facts.values(), key=lambda fact: fact.at):
        what = _WHAT[Source(fact.source)]
        cells = [_CELLS[column](fact) for column in columns]
        yield _row([fact.ticket, what, _at(fact.at, of), fact.agent or "nobody", *cells])


def _partials(metric: Metric) -> Iterator[Partial]:
    yield from metric.partials
    if metric.details:
        for detail in metric.details.numbers:
            yield from detail.measure.partials


def _columns(metric: Metric, partials: Sequence[Partial]) -> list[str]:
    """The values that decide the metric's numbers, by the heads of their columns."""
    tests = {test for partial in partials for test in partial.rows.where}
    asked = {
        "Seconds": metric.measured_in_seconds,
        "Score": any(partial.kind is PartialKind.SUM_SCORE for partial in partials),
        "Target": bool(tests & _TARGET_TESTS),
    }
    return [head for head, is_asked in asked.items() if is_asked]


def _cell(fact: DemoFact, column: Column) -> str:
    value = value_in(fact, column)
    return "" if value is None else _said(value)


_CELLS: Final = {
    "Seconds": lambda fact: _cell(fact, Column.SECONDS),
    "Score": lambda fact: _cell(fact, Column.SCORE),
    "Target": lambda fact: _TARGET[fact.values["within_target"]],
}


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _at(instant: datetime, of: DemoSlice) -> str:
    return f"{instant.astimezone(of.period.zone):%Y-%m-%d %H:%M:%S}"


def _worked(measure: Measure, unit: Unit, of: DemoSlice) -> str:
    """How a number comes about, in figures."""
    value = _reading(measure, of)
    match measure:
        case Stocked():
            return f"{_said(value)} in the stock on {_at(of.period.until, of)}"
        case Share(part, whole):
            top, bottom = len(of.counting(part)), len(of.counting(whole))
            return f"{top} / {bottom} = {_said(value)}"
        case Mean(column, rows):
            values = _values(rows, column, of)
            return f"({' + '.join(map(_said, values))}) / {len(values)} = {_said(value)} {unit.value}"
        case Percentile(share, rows):
            return _worked_percentile(share, _values(rows, Column.SECONDS, of), value)
        case Counted():
            return f"{_said(value)} of these facts"
    raise AssertionError(f"no arithmetic for {type(measure).__name__}: add it here")


def _worked_percentile(share: float, values: Sequence[int], value: Reading) -> str:
    """The place between the sorted values, the exact percentile there, and the one that is read."""
    if not values:
        return "null"
    ordered = sorted(values)
    rank = share * (len(ordered) - 1)
    below = int(rank)
    low, high = ordered[below], ordered[min(below + 1, len(ordered) - 1)]
    exact = low + (high - low) * (rank - below)
    place = f"1 + {share} * {len(ordered) - 1} = {_said(1 + rank)}"
    return f"place {place} of the values in order: {_said(exact)}; read from the histogram: {_said(value)} seconds"


def _values(rows: Rows, column: Column, of: DemoSlice) -> list[int]:
    found = (value_in(fact, column) for fact in of.counting(rows))
    return [value for value in found if value is not None]


def _said(value: Reading) -> str:
    """A number for people: thousands separated; four significant places of what is below one."""
    if value is None:
        return "null"
    if isinstance(value, int) or value == int(value):
        return f"{int(value):,}"
    text = f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4f}"
    return text.rstrip("0").rstrip(".")
