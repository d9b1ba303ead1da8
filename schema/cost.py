"""What an operation's reports ask for, in numbers: buckets x groups x metrics, known before anything is read.

An estimate: how many agents or categories there are is not looked up but assumed, except where a filter names them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import prod
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values

from db.errors import DeskgraphError, TooComplex
from db.periods import MAX_DAYS_BY_HOUR, Grain, Period, WeekStart
from db.query import WORDS, Dimension
from schema.enums import GroupBy
from schema.inputs import PeriodInput

MAX_COST: Final = 5_000_000
"""A dashboard asks for a few thousand; one statement may bring 200,000 cells."""
ASSUMED: Final[Mapping[Dimension, int]] = {
    Dimension.CATEGORY: 50,
    Dimension.PRIORITY: len(WORDS[Dimension.PRIORITY]) + 1,
    Dimension.CHANNEL: len(WORDS[Dimension.CHANNEL]) + 1,
    Dimension.STATUS: len(WORDS[Dimension.STATUS]),
    Dimension.TEAM: 30,
    Dimension.AGENT: 200,
    Dimension.ORGANIZATION: 1_000,
    Dimension.TAG: 100,
    Dimension.HOUR_OF_DAY: 24,
    Dimension.DAY_OF_WEEK: 7,
}
"""The groups of each dimension."""
MAX_GROUPS: Final = 20_000
"""Of several dimensions together: most of what could be together never is."""


_REPORTS: Final = frozenset({"report", "reportChanged"})
"""The fields of the roots that are reports."""


@dataclass(frozen=True)
class Part:
    """What one field of a report asks for."""

    path: str
    buckets: int
    """Of the period and of what it is compared with."""
    groups: int
    metrics: int

    @property
    def cost(self) -> int:
        """The numbers."""
        return self.buckets * self.groups * self.metrics


@dataclass(frozen=True)
class Cost:
    """What an operation asks for, and what it may."""

    parts: tuple[Part, ...]
    allowed: int

    @property
    def asked(self) -> int:
        """The numbers."""
        return sum(part.cost for part in self.parts)

    @property
    def told(self) -> Mapping[str, int]:
        """As it stands in an answer's extensions."""
        return {"asked": self.asked, "allowed": self.allowed}

    def require(self) -> None:
        """Raises: TooComplex, where more is asked than may be."""
        if self.asked <= self.allowed:
            return
        most = max(self.parts, key=lambda part: part.cost)
        raise TooComplex(
            f"The operation asks for about {self.asked} numbers; allowed are {self.allowed}. Most are of {most.path}: "
            f"{most.buckets} buckets x {most.groups} groups x {most.metrics} metrics. Ask for a coarser grain or a "
            "shorter period, fewer comparisons, dimensions or metrics, filter by ids, or ask in several requests."
        )


@dataclass(frozen=True)
class Asking:
    """An operation as it is about to be executed."""

    language: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]
    now: datetime

    def cost(self, allowed: int) -> Cost:
        """What it asks for; of what cannot be read nothing: its execution tells of that."""
        found = get_variable_values(self.language, self.operation.variable_definitions or (), dict(self.variables))
        root = self.language.get_root_type(self.operation.operation)
        if isinstance(found, list) or root is None:
            return Cost((), allowed)
        reading = _Reading(self.document, found)
        parts: list[Part] = []
        for name, nodes in reading.fields(self.operation.selection_set.selections).items():
            if nodes[0].name.value in _REPORTS:
                given = reading.given(root.fields[nodes[0].name.value], nodes[0])
                parts += _of_report(reading, name, nodes, given, self)
        return Cost(tuple(parts), allowed)


class _Reading:
    """Reads selections with their fragments and variables."""

    def __init__(self, document: DocumentNode, variables: VariableValues) -> None:
        self.fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self.variables = variables

    def fields(self, selections: Iterable[SelectionNode]) -> dict[str, list[FieldNode]]:
        """The fields that are selected, by the names that they have in the answer."""
        found: dict[str, list[FieldNode]] = {}
        self._gather(selections, found)
        return found

    def _gather(self, selections: Iterable[SelectionNode], found: dict[str, list[FieldNode]]) -> None:
        for one in selections:
            if not self._is_included(one):
                continue
            if isinstance(one, FieldNode):
                found.setdefault((one.alias or one.name).value, []).append(one)
            elif isinstance(one, FragmentSpreadNode):
                self._gather(self.fragments[one.name.value].selection_set.selections, found)
            elif isinstance(one, InlineFragmentNode):
                self._gather(one.selection_set.selections, found)

    def _is_included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include") and directive.arguments:
                value: Any = directive.arguments[0].value
                condition = getattr(value, "value", None)
                if condition is None:
                    condition = self.variables.coerced.get(value.name.value)
                if bool(condition) is (directive.name.value == "skip"):
                    return False
        return True

    def below(self, nodes: Iterable[FieldNode], *path: str) -> dict[str, list[FieldNode]]:
        """The fields selected of some fields, or of what lies below them by name."""
        found = self.fields(one for node in nodes if node.selection_set for one in node.selection_set.selections)
        for name in path[:1]:
            inner = [node for named in found.values() for node in named if node.name.value == name]
            return self.below(inner, *path[1:])
        return found

    def given(self, field: GraphQLField, node: FieldNode) -> Mapping[str, Any]:
        """A field's arguments, coerced; nothing, where they cannot be."""
        try:
            return get_argument_values(field, node, self.variables)
        except GraphQLError:
            return {}


def count_of(period: Period, grain: Grain, week_start: WeekStart) -> int:
    """How many buckets a period has: as `db.periods.buckets`, without making them; 0 where there may be none."""
    if grain is Grain.HOUR:
        begun = period.since.astimezone(period.zone)
        hours = -((period.since - period.until - timedelta(minutes=begun.minute)) // timedelta(hours=1))
        return hours if hours <= MAX_DAYS_BY_HOUR * 24 + 1 else 0
    first = period.since.astimezone(period.zone).date()
    last = (period.until - timedelta(microseconds=1)).astimezone(period.zone).date()
    return _PLACES[grain](last, week_start) - _PLACES[grain](first, week_start) + 1


_PLACES: Final[Mapping[Grain, Callable[[date, WeekStart], int]]] = {
    Grain.DAY: lambda day, _: day.toordinal(),
    Grain.WEEK: lambda day, start: (day.toordinal() - start.value) // 7,
    Grain.MONTH: lambda day, _: day.year * 12 + day.month - 1,
    Grain.QUARTER: lambda day, _: day.year * 4 + (day.month - 1) // 3,
    Grain.YEAR: lambda day, _: day.year,
}
"""Which bucket a day is in, counted from the beginning."""


@dataclass(frozen=True)
class _Report:
    """The report that a field is of."""

    period: Period
    windows: int
    """The period, and what it is compared with."""
    week_start: WeekStart
    filter: Mapping[str, Any]

    def buckets(self, grain: Grain | None) -> int:
        """The buckets of all windows."""
        return self.windows * (1 if grain is None else count_of(self.period, grain, self.week_start))

    def groups(self, dimensions: Iterable[Dimension]) -> int:
        """The groups by some dimensions; as many as a filter names, at most."""
        return min(MAX_GROUPS, prod(map(self._size, dimensions)))

    def _size(self, dimension: Dimension) -> int:
        named = (self.filter.get(dimension.value) or {}).get("in")
        return min(ASSUMED[dimension], len(named)) if named else ASSUMED[dimension]


def _of_report(
    reading: _Reading, path: str, nodes: list[FieldNode], given: Mapping[str, Any], asking: Asking
) -> Iterable[Part]:
    kind: Any = asking.language.get_type("Report")
    try:
        asked = given.get("period") or {}
        period = PeriodInput(**asked).parsed(given["timezone"], asking.now, given["weekStart"])
        compared = len(dict.fromkeys(given.get("compareTo") or ()))
        report = _Report(period, 1 + compared, given["weekStart"], given.get("filter") or {})
        for name, inner in reading.below(nodes).items():
            count = _PARTS.get(inner[0].name.value)
            if count is not None:
                arguments = reading.given(kind.fields[inner[0].name.value], inner[0])
                yield Part(f"{path}.{name}", *count(report, reading, inner, arguments))
    except (DeskgraphError, KeyError):
        return  # a report that cannot be read asks for nothing: its execution says why


Counted = tuple[int, int, int]
"""Buckets, groups, metrics."""


def _whole(report: _Report, reading: _Reading, nodes: list[FieldNode], _: Mapping[str, Any]) -> Counted:
    return report.windows, 1, len(reading.below(nodes))


def _performance(report: _Report, _: _Reading, __: list[FieldNode], ___: Mapping[str, Any]) -> Counted:
    return 1, report.groups([Dimension.STATUS]) + report.groups([Dimension.CATEGORY]), 2


def _agents(report: _Report, reading: _Reading, nodes: list[FieldNode], _: Mapping[str, Any]) -> Counted:
    return report.windows, report.groups([Dimension.AGENT]), len(reading.below(nodes, "rows"))


def _trends(report: _Report, reading: _Reading, nodes: list[FieldNode], given: Mapping[str, Any]) -> Counted:
    by_category = report.groups([Dimension.CATEGORY]) if "categories" in reading.below(nodes) else 1
    return report.buckets(given["grain"]), by_category, 4


def _breakdown(report: _Report, reading: _Reading, nodes: list[FieldNode], given: Mapping[str, Any]) -> Counted:
    by: list[GroupBy] = given["by"]
    stored = [one.stored for one in by if one.stored is not None]
    further = len(given.get("orderBy") or ()) + len(given.get("having") or ())
    shown = len(reading.below(nodes, "rows", "metrics"))
    return report.buckets(given.get("grain")), report.groups(stored), max(1, shown + further)


def _series(report: _Report, reading: _Reading, nodes: list[FieldNode], given: Mapping[str, Any]) -> Counted:
    by: GroupBy | None = given.get("by")
    stored = [by.stored] if by is not None and by.stored is not None else []
    metrics = len(reading.below(nodes, "groups", "metrics"))
    return report.buckets(given["grain"]), report.groups(stored), max(1, metrics)


_PARTS: Final[Mapping[str, Callable[[_Report, _Reading, list[FieldNode], Mapping[str, Any]], Counted]]] = {
    "summary": _whole,
    "metrics": _whole,
    "benchmark": _whole,
    "performance": _performance,
    "agents": _agents,
    "trends": _trends,
    "breakdown": _breakdown,
    "series": _series,
}
"""How each field of a report that reads numbers is counted."""
