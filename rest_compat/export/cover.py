"""What an export says of its numbers: of which slice they are, how they were taken, what they mean."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from rest_compat.export.content import Definition
from rest_compat.export.naming import Names
from rest_compat.params import FILTERS
from rest_compat.readers import UNSET
from rest_compat.reshape import Json
from schema.public import FILTER_WORDS, METRICS, Viewer

_ATTRIBUTIONS: Final = {
    "event": "each fact counts when it happened",
    "creation": "each fact counts when its ticket was created",
}
_CLOCKS: Final = {"calendar": "all seconds count", "business": "only open hours count"}


def lines(head: Json, names: Names, viewer: Viewer, made_at: datetime) -> tuple[tuple[str, str], ...]:
    """The cover's lines, as label and text."""
    period, comparison = head["period"], head["comparison"]
    found = [
        ("Period", _span(period) + (f" ({period['preset'].replace('_', ' ')})" if period["preset"] else "")),
        ("Time zone", period["timezone"]),
        ("Compared with", _span(comparison) if comparison else "nothing"),
        ("Filter", _filter(head["filter"], names)),
        ("Attribution", f"{head['attribution']}: {_ATTRIBUTIONS[head['attribution']]}"),
        ("Clock", f"{head['clock']}: {_CLOCKS[head['clock']]}"),
        ("As of", head["asOf"]),
        ("Data version", head["dataVersion"]),
        ("Made", made_at.isoformat(timespec="seconds")),
        ("Made for", f"{viewer.subject}, {viewer.role.value.replace('_', ' ')}"),
    ]
    found += [("Withheld", f"{one['field']}: {one['detail']}") for one in head.get("withheld", ())]
    return tuple(found)


def _span(period: Json) -> str:
    return f"{period['since']} until {period['until']}"


def _filter(given: Json, names: Names) -> str:
    told = [f"{one.name} {_either(one.name, given[one.name], names)}" for one in FILTERS if one.name in given]
    return "; ".join(told) or "none: all tickets that the role may see"


def _either(name: str, values: list[str], names: Names) -> str:
    return " or ".join(
        "unset" if value == UNSET else names.get((name, value)) or _word(name, value) for value in values
    )


def _word(name: str, value: str) -> str:
    """What is called by its id; the words of the domain as people write them."""
    return value.replace("_", " ") if name in FILTER_WORDS else value


def definitions(names: tuple[str, ...]) -> tuple[Definition, ...]:
    """The catalogue's definitions of some metrics."""
    metrics = (METRICS[name] for name in names)
    return tuple(Definition(metric.label, metric.unit.value, metric.definition) for metric in metrics)
