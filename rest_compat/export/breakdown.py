"""A report of one's own: metrics by dimensions, all rows of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rest_compat.answering import executed
from rest_compat.asking import Asked
from rest_compat.export.content import Chart, ChartKind, Column, Kind, Part, Row, batches_of
from rest_compat.export.made import Made
from rest_compat.readers import MAX_LIMIT
from rest_compat.reshape import envelope
from rest_compat.stored import document
from schema.context import RequestContext
from schema.executor import Gateway
from schema.public import METRICS, Capability

_DOCUMENT: Final = document("breakdown")
_TIME: Final = "TIME"
_NAMED: Final = frozenset({"CATEGORY", "TEAM", "AGENT", "ORGANIZATION", "TAG"})
"""The dimensions of things with an id and a name."""
_COUNTED: Final = frozenset({"tickets", "events"})
Wanted = tuple[str, str | None]
"""A metric, and a number beside it or none."""
Report = Mapping[str, Any]


async def made(gateway: Gateway, context: RequestContext, asked: Asked) -> Made:
    """The report as an export. All pages come from one context, so that they are of one snapshot.

    Raises: Problem, Forbidden.
    """
    context.viewer.require(Capability.ADHOC_RUN, "An export of a report of one's own")
    variables = {**asked.variables, "first": MAX_LIMIT}
    wanted: list[Wanted] = list(dict.fromkeys(variables.pop("metrics")))
    text = _DOCUMENT.replace("          numbers\n", _numbers(wanted), 1)
    report, withheld = await executed(gateway, context, text, variables, _stands)
    rows, cursor = list(report["breakdown"]["rows"]), report["breakdown"]["nextCursor"]
    while cursor is not None:
        following, _ = await executed(gateway, context, text, {**variables, "after": cursor}, _stands)
        rows += following["breakdown"]["rows"]
        cursor = following["breakdown"]["nextCursor"]
    head = {
        **envelope(report, asked),
        "metrics": [_name(one) for one in wanted],
        "by": [one.lower() for one in variables["by"]],
        "grain": variables["grain"] and variables["grain"].lower(),
    }
    if withheld:
        head["withheld"] = [one.as_json() for one in withheld]
    columns = _columns(wanted, variables["by"], compared=bool(report["comparisons"]))
    names = tuple(dict.fromkeys(name for name, _ in wanted))
    by = [one.replace("_", " ") for one in head["by"]]
    title = f"{_listed([METRICS[name].label for name in names])} by {_listed(by)}"
    batches = batches_of(columns, lambda: _rows(rows, wanted))
    part = Part("breakdown", title, columns, batches, _chart(columns, variables["by"], wanted))
    return Made(title, head, part, (part,), names, total=len(rows))


def _stands(report: Report) -> bool:
    return report["breakdown"] is not None


def _name(wanted: Wanted) -> str:
    return ".".join(filter(None, wanted))


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _numbers(wanted: Sequence[Wanted]) -> str:
    details: dict[str, list[str]] = {}
    for name, detail in wanted:
        details.setdefault(name, []).extend([detail] if detail else [])
    return "".join(
        f"          {name} {{ value count previous change reason {' '.join(below)} }}\n"
        for name, below in details.items()
    )


def _columns(wanted: Sequence[Wanted], by: Sequence[str], *, compared: bool) -> tuple[Column, ...]:
    found = [column for one in by for column in _key_columns(one)]
    for name, detail in wanted:
        metric = METRICS[name]
        if detail is not None:
            unit = next(one.unit for one in metric.details.numbers if one.name == detail).value  # type: ignore[union-attr]
            found.append(Column(f"{name}.{detail}", f"{metric.label}, {detail}", _kind(unit), unit))
            continue
        unit = metric.unit.value
        found.append(Column(name, metric.label, _kind(unit), unit))
        if unit not in _COUNTED:
            found.append(Column(f"{name}.count", f"{metric.label}, known values", Kind.WHOLE))
        if compared:
            found.append(Column(f"{name}.previous", f"{metric.label}, previous", _kind(unit), unit))
            found.append(Column(f"{name}.change", f"{metric.label}, change", Kind.NUMBER, "ratio"))
        found.append(Column(f"{name}.reason", f"{metric.label}, why empty"))
    return tuple(found)


def _key_columns(dimension: str) -> tuple[Column, ...]:
    key, label = dimension.lower(), dimension.replace("_", " ").capitalize()
    if dimension == _TIME:
        return (Column("start", "Start", Kind.INSTANT),)
    if dimension in _NAMED:
        return (Column(f"{key}Id", f"{label} id"), Column(f"{key}Name", label))
    return (Column(key, label),)


def _kind(unit: str) -> Kind:
    return Kind.WHOLE if unit in _COUNTED else Kind.NUMBER


def _rows(rows: Sequence[Report], wanted: Sequence[Wanted]) -> Iterator[Row]:
    for row in rows:
        cells: dict[str, Any] = {}
        for key in row["keys"]:
            name = key["dimension"].lower()
            if key["dimension"] == _TIME:
                cells["start"] = key["start"]
            elif key["dimension"] in _NAMED:
                cells |= {f"{name}Id": key["id"], f"{name}Name": key["label"]}
            else:
                cells[name] = key["label"]
        for name, detail in wanted:
            value = row["metrics"][name]
            if value is None:
                continue  # withheld, which the head tells
            if detail is not None:
                cells[f"{name}.{detail}"] = value[detail]
            else:
                shown = value["value"]
                whole = shown is not None and METRICS[name].unit.value in _COUNTED
                cells[name] = int(shown) if whole else shown
                cells |= {f"{name}.{one}": value[one] for one in ("count", "previous", "change", "reason")}
        yield cells


def _chart(columns: Sequence[Column], by: Sequence[str], wanted: Sequence[Wanted]) -> Chart | None:
    """Lines over time alone, bars over one dimension, a heatmap of two; of more, or of words alone, nothing."""
    labels = [_key_columns(one)[-1].key for one in by]
    values = [_name(one) for one in wanted]
    if len(by) == 1:
        same = [value for value in values if _unit(columns, value) == _unit(columns, values[0])]
        return Chart(ChartKind.LINES if by[0] == _TIME else ChartKind.BARS, (labels[0],), tuple(same))
    return Chart(ChartKind.HEATMAP, (labels[0], labels[1]), (values[0],)) if len(by) == 2 else None


def _unit(columns: Sequence[Column], key: str) -> str | None:
    return next(column.unit for column in columns if column.key == key)
