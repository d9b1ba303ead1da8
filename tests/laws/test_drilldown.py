"""Drill-down everywhere: what counts facts in the public language has its `tickets`, and they are as many.

The questions are made from the SDL itself, so a number that is added without its tickets fails here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, Final

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInt,
    GraphQLList,
    GraphQLObjectType,
    GraphQLOutputType,
    build_schema,
    get_named_type,
    get_nullable_type,
)

from resolvers.behind import MAX_LISTS
from schema.executor import SCHEMA
from tests.conftest import MANAGER, Asking
from tests.laws.slices import Asked

SDL: Final = build_schema(SCHEMA.as_str())
NO_LIST: Final = {
    "AgentReport.total": "rows, not facts",
    "Breakdown.total": "rows, not facts",
    "NamedPage.total": "what can be picked, not facts",
    "AgentPage.total": "agents, not facts",
    "TicketPage.total": "the count of the list itself",
    "DistributionBucket.from": "an edge, seconds",
    "DistributionBucket.to": "an edge, seconds",
    "Mover.difference": "of two counts, each with its own list",
    "TicketNode.seconds": "a fact's own value",
    "TicketNode.businessSeconds": "a fact's own value",
    "TicketNode.score": "a fact's own value",
    "AuditRecord.rows": "of requests, not of tickets",
    "AuditRecord.statements": "of requests, not of tickets",
    "AuditRecord.durationMs": "of requests, not of tickets",
    "AuditRecord.requests": "of requests, not of tickets",
    "Delivery.attempts": "of deliveries, not of tickets",
    "ExportProgress.rows": "of a file, not facts",
    "ExportProgress.total": "of a file, not facts",
    "ExportProgress.remainingSeconds": "a duration",
    "Schedule.monthDay": "a day",
    "LiveSource.failures": "of passes, not of tickets",
    "LiveSource.rejects": "rows that did not go in",
}
"""The whole numbers that count no facts, each with why."""
COUNTS_AS_FLOAT: Final = {"Anomaly": "actual"}
"""Counts that are no Int, because they stand beside what is expected."""


@dataclass(frozen=True)
class Number:
    """A number, or a list of numbers, that a type counts facts in."""

    name: str
    of: str | None
    """What `tickets` calls it; None where it is the only one."""
    depth: int
    """0 is a number, 1 a list of them, 2 a list of lists."""

    def place(self, at: Sequence[int] = ()) -> str:
        """The field that lists what is behind it, under a name of its own."""
        named = [f"of: {self.of}"] if self.of else []
        placed = [f"at: [{', '.join(map(str, at))}]"] if self.depth else []
        alias = "_".join([self.name, "tickets", *map(str, at)])
        return f"{alias}: tickets({', '.join([*named, *placed, 'first: 1'])}) {{ total }}"


def constant(name: str) -> str:
    """A field's name as the constant of an enum."""
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in name)


def depth_of(kind: GraphQLOutputType) -> int:
    """How many lists are around a type."""
    inner: Any = get_nullable_type(kind)
    return 1 + depth_of(inner.of_type) if isinstance(inner, GraphQLList) else 0


def whole_numbers(kind: GraphQLObjectType) -> dict[str, GraphQLField]:
    """The fields of a type that are whole numbers or lists of them."""
    return {name: field for name, field in kind.fields.items() if get_named_type(field.type) is GraphQLInt}


def counts(kind: GraphQLObjectType) -> dict[str, GraphQLField]:
    """The fields of a type that count facts."""
    found = {name: field for name, field in whole_numbers(kind).items() if f"{kind.name}.{name}" not in NO_LIST}
    if kind.name in COUNTS_AS_FLOAT:
        found[COUNTS_AS_FLOAT[kind.name]] = kind.fields[COUNTS_AS_FLOAT[kind.name]]
    return found


OBJECTS: Final = [
    kind for name, kind in SDL.type_map.items() if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
]
COUNTING: Final = {kind.name: counts(kind) for kind in OBJECTS if counts(kind)}


def numbers(kind: str) -> list[Number]:
    """The numbers of a type, as its `tickets` names them."""
    several = "of" in SDL.type_map[kind].fields["tickets"].args  # type: ignore[attr-defined]  # an object type
    return [Number(n, constant(n) if several else None, depth_of(f.type)) for n, f in COUNTING[kind].items()]


@pytest.mark.parametrize("kind", COUNTING)
def test_every_count_of_facts_has_its_tickets(kind: str) -> None:
    field = SDL.type_map[kind].fields.get("tickets")  # type: ignore[attr-defined]  # an object type

    assert field, f"{kind} counts facts in {list(COUNTING[kind])}; give it `tickets`, or a reason in NO_LIST"
    depths = {name: depth_of(counted.type) for name, counted in COUNTING[kind].items()}
    of = field.args.get("of")
    if of is None:
        assert list(depths.values()) == [0], f"{kind} has several counts: `tickets` needs `of`"
        return
    names = get_named_type(of.type)
    assert isinstance(names, GraphQLEnumType)
    assert set(names.values) == {constant(name) for name in depths}
    assert ("at" in field.args) == any(depths.values())


def test_every_exception_is_a_whole_number_and_has_a_reason() -> None:
    there = {f"{kind.name}.{name}" for kind in OBJECTS for name in whole_numbers(kind)}

    assert set(NO_LIST) <= there
    assert all(NO_LIST.values())


@dataclass(frozen=True)
class Shown:
    """Where objects of a type stand in a report."""

    kind: str
    fields: str
    """The report's fields, with `%s` where the object's own are."""
    path: tuple[str, ...]
    further: str = ""
    """Further arguments of the report."""

    def document(self, asked: Asked, fields: str) -> str:
        """A document that asks for fields of every object."""
        return asked.report(self.fields % fields, self.further)


def metric(kind: str, name: str, within: str = "metrics") -> Shown:
    """A metric of the whole."""
    return Shown(kind, f"{within} {{ {name} {{ %s }} }}", (within, name))


COMPARED: Final = "compareTo: [PREVIOUS_PERIOD]"
AGENTS: Final = "agents(first: 20, orderBy: [{metric: TICKETS_CREATED}]) { rows "
SERIES: Final = "series(grain: WEEK, by: %s) { groups { metrics { %s { %%s } } } }"
WHERE: Final = [
    metric("PlainValue", "openTickets"),
    metric("DurationValue", "firstResolutionTime"),
    metric("TargetValue", "resolutionRate"),
    metric("TargetValue", "resolutionRate", "summary"),
    metric("SatisfactionValue", "csatScore"),
    Shown("VolumePoint", "trends(grain: WEEK) { volume { %s } }", ("trends", "volume")),
    Shown("CategoryTrend", "trends(grain: WEEK) { categories { %s } }", ("trends", "categories")),
    Shown("CategoryTrend", "trends(grain: MONTH) { categories { %s } }", ("trends", "categories"), COMPARED),
    Shown("Mover", "trends { fastestMovers { risers { %s } } }", ("trends", "fastestMovers", "risers")),
    Shown("Mover", "trends { fastestMovers { fallers { %s } } }", ("trends", "fastestMovers", "fallers"), COMPARED),
    Shown("Seasonality", "trends { seasonality { %s } }", ("trends", "seasonality")),
    Shown("Anomaly", "trends { seasonality { anomalies { %s } } }", ("trends", "seasonality", "anomalies")),
    Shown("AgentRow", f"{AGENTS} {{ %s }} }}", ("agents", "rows")),
    Shown("Times", f"{AGENTS} {{ responseTime {{ %s }} }} }}", ("agents", "rows", "responseTime")),
    Shown("Times", f"{AGENTS} {{ resolutionTime {{ %s }} }} }}", ("agents", "rows", "resolutionTime")),
    Shown("Rate", f"{AGENTS} {{ resolutionRate {{ %s }} }} }}", ("agents", "rows", "resolutionRate")),
    Shown("AgentRating", f"{AGENTS} {{ rating {{ %s }} }} }}", ("agents", "rows", "rating")),
    Shown("StatusCount", "performance { ticketsByStatus { %s } }", ("performance", "ticketsByStatus")),
    Shown("CategoryCount", "performance { ticketsByCategory { %s } }", ("performance", "ticketsByCategory")),
    *(
        Shown(kind, f"performance {{ {name} {{ {inside} }} }}", ("performance", name, *path))
        for name in ("responseTimeDistribution", "resolutionTimeDistribution")
        for kind, inside, path in (("Distribution", "%s", ()), ("DistributionBucket", "buckets { %s }", ("buckets",)))
    ),
    *(
        Shown("SeriesValues", SERIES % (by, name), ("series", "groups", "metrics", name))
        for by, name in (("null", "openTickets"), ("PRIORITY", "csatScore"), ("DAY_OF_WEEK", "openTickets"))
    ),
]  # fmt: skip


def objects(found: Any, path: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The objects at a path, of every list on the way; what is null is passed over."""
    if isinstance(found, list):
        for one in found:
            yield from objects(one, path)
    elif found is not None:
        yield from objects(found[path[0]], path[1:]) if path else (found,)


def places(value: Any, depth: int) -> Iterator[tuple[int, ...]]:
    """Every place in nested lists."""
    shapes = [len(value)] if depth == 1 else [len(value), len(value[0])] if depth else []
    yield from product(*map(range, shapes))


def at(value: Any, place: Sequence[int]) -> Any:
    """The number at a place."""
    for number in place:
        value = value[number]
    return value


async def pairs(ask: Asking, asked: Asked, shown: Shown) -> Mapping[str, Any]:
    """Every number of every object with its list's total, by its name and place; in as many operations as it takes."""
    known = numbers(shown.kind)
    data = await ask.data(shown.document(asked, " ".join(one.name for one in known)), MANAGER)
    there = list(objects(data["report"], shown.path))
    if not there:
        return {}
    asking = [(one, place) for one in known for place in places(there[0][one.name], one.depth)]
    found: dict[str, Any] = {}
    size = max(MAX_LISTS // len(there), 1)
    for part in (asking[start : start + size] for start in range(0, len(asking), size)):
        fields = " ".join(one.place(place) for one, place in part)
        data = await ask.data(shown.document(asked, fields), MANAGER)
        for number, (before, here) in enumerate(zip(there, objects(data["report"], shown.path), strict=True)):
            for one, place in part:
                page = here["_".join([one.name, "tickets", *map(str, place)])]
                found[f"{number}.{one.name}{list(place)}"] = (at(before[one.name], place), page and page["total"])
    return found


MONTH: Final = Asked(datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC), "Europe/Berlin")
RUNNING: Final = Asked(datetime(2026, 9, 20, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC))
"""A period that is not over: its last buckets have not begun."""
SLICES: Final = [  # each attribution on each clock
    MONTH,
    replace(MONTH, attribution="CREATION", clock="BUSINESS"),
    replace(RUNNING, clock="BUSINESS", filter='{team: {in: ["billing", "technical"]}}'),
    replace(RUNNING, attribution="CREATION", filter="{agent: {isNull: true}}"),
]


@pytest.mark.parametrize("asked", SLICES, ids=lambda s: f"{s.since:%m-%d} {s.attribution} {s.clock} {s.filter}")
@pytest.mark.parametrize("shown", WHERE, ids=lambda s: f"{s.kind} {s.path[-1]}")
async def test_the_tickets_behind_a_number_are_as_many_as_it_says(ask: Asking, shown: Shown, asked: Asked) -> None:
    found = await pairs(ask, asked, shown)

    assert {name: total for name, (_, total) in found.items()} == {name: count for name, (count, _) in found.items()}


def test_every_type_that_counts_facts_is_looked_at() -> None:
    assert {shown.kind for shown in WHERE} == set(COUNTING)
