"""From GraphQL's data to the contract's answers: pure. The documents already name most things as the contract does;
here enum values become lower case, and what counts tickets becomes whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rest_compat.asking import Asked
from rest_compat.stored import ReportName

Json = dict[str, Any]
_SMALL_GROUP: Final = "small_group"
FEW: Final = "<5"
"""What stands for the count of a group that is withheld as small, or with one that is: which is never told."""
_COUNTED: Final = frozenset({"tickets", "events"})


@dataclass(frozen=True)
class Withheld:
    """A field that is null because the role may not read it."""

    field: str
    code: str
    detail: str

    def as_json(self) -> Json:
        """As the answer has it."""
        return {"field": self.field, "code": self.code, "detail": self.detail}


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _whole(value: float | None) -> float | int | None:
    return int(value) if value is not None and value == int(value) else value


def envelope(report: Mapping[str, Any], asked: Asked) -> Json:
    """What every answer begins with."""
    comparison = report["comparisons"][0] if report["comparisons"] else None
    return {
        "report": asked.report.value,
        "period": {**report["period"], "preset": _lower(report["period"]["preset"])},
        "comparison": comparison and {"since": comparison["since"], "until": comparison["until"]},
        "asOf": report["asOf"],
        "dataVersion": report["dataVersion"],
        "filter": {name: list(values) for name, values in asked.filter.items()},
        "attribution": _lower(report["attribution"]),
        "clock": _lower(report["clock"]),
    }


def answer(report: Mapping[str, Any], asked: Asked, withheld: Sequence[Withheld]) -> Json:
    """The contract's answer."""
    name = asked.report.value
    shaped = {**envelope(report, asked), name: _SHAPES[asked.report](report[name])}
    if withheld:
        shaped["withheld"] = [one.as_json() for one in withheld]
    return shaped


def _metric(value: Mapping[str, Any] | None) -> Json | None:
    if value is None:
        return None
    shaped = {**value, "unit": _lower(value["unit"]), "suppression": _lower(value["suppression"])}
    if shaped["suppression"] == _SMALL_GROUP:
        shaped["count"] = FEW
    if shaped["unit"] in _COUNTED:
        shaped |= {"value": _whole(value["value"]), "previous": _whole(value["previous"])}
    if value.get("estimate"):
        shaped["estimate"] = {**value["estimate"], "method": _lower(value["estimate"]["method"])}
    return shaped


def _summary(part: Mapping[str, Any]) -> Json:
    return {name: _metric(value) for name, value in part.items()}


def _performance(part: Mapping[str, Any]) -> Json:
    return {
        **part,
        "ticketsByStatus": [{**one, "status": _lower(one["status"])} for one in part["ticketsByStatus"]],
        "responseTimeDistribution": _spread(part["responseTimeDistribution"]),
        "resolutionTimeDistribution": _spread(part["resolutionTimeDistribution"]),
    }


def _spread(part: Mapping[str, Any]) -> Json:
    return {**part, "unit": _lower(part["unit"])}


def _agents(part: Mapping[str, Any]) -> Json:
    return dict(part)


def _trends(part: Mapping[str, Any]) -> Json:
    movers, seasons = part["fastestMovers"], part["seasonality"]
    return {
        **part,
        "grain": _lower(part["grain"]),
        "fastestMovers": {**movers, "basis": _lower(movers["basis"])},
        "seasonality": {**seasons, "reasons": [{**one, "part": _lower(one["part"])} for one in seasons["reasons"]]},
    }


_SHAPES: Final[Mapping[ReportName, Callable[[Mapping[str, Any]], Json]]] = {
    ReportName.SUMMARY: _summary,
    ReportName.PERFORMANCE: _performance,
    ReportName.AGENTS: _agents,
    ReportName.TRENDS: _trends,
}
