"""The public `Metrics` type: one nullable field for each metric of the catalogue, generated from its record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Final

import strawberry
from strawberry.tools import create_type
from strawberry.types import Info

from db import catalog
from db.access import Capability
from db.metric import Metric
from db.query import Dimension
from resolvers.behind import Place
from resolvers.request import ReportRequest
from resolvers.total import total
from resolvers.values import Value, Wanted
from schema.context import RequestContext
from schema.projection import READ
from schema.selection import Selection, selected
from schema.values import public, value_type

Read = Callable[[Wanted, Info[RequestContext, Any]], Awaitable[Value]]
"""Where the numbers come from that are not there yet."""


def wanted(metric: Metric, below: Selection) -> Wanted:
    """A metric with the details that are selected below it."""
    names = {d.name for d in metric.details.numbers} if metric.details else set()
    if metric.details and metric.details.spread:
        names.add(metric.details.spread.name)
    return Wanted(metric, frozenset(names & below.keys()))


def allowed(
    chosen: Selection, by: tuple[Dimension, ...], info: Info[RequestContext, Any], path: tuple[str, ...]
) -> tuple[Wanted, ...]:
    """The metrics selected that the viewer may read in rows by these dimensions; the others are told once."""
    here = tuple(info.path.as_list())
    found = []
    for name, below in chosen.items():
        metric = catalog.BY_NAME.get(name)
        if metric is None:
            continue
        if info.context.may(capabilities(metric, by), (*here, *path, name), f"{name} by {_words(by)}"):
            found.append(wanted(metric, below))
    return tuple(found)


def _words(by: tuple[Dimension, ...]) -> str:
    return " and ".join(d.value for d in by) or "time"


def capabilities(metric: Metric, by: tuple[Dimension, ...]) -> tuple[Capability, ...]:
    """What reading a metric by some dimensions needs; ratings of single agents need more."""
    further = Dimension.AGENT in by and metric.capability is Capability.CSAT_SCORE_READ
    return (metric.capability, *((Capability.CSAT_AGENT_READ,) if further else ()))


def _resolver(metric: Metric) -> Callable[..., Any]:
    kind = value_type(metric)

    def resolve(self: Any, info: Info[RequestContext, Any]) -> Any:
        if self._there is not None:
            return self._there.get(metric.name)
        read: Read = self._read
        return _published(read(wanted(metric, selected(info)), info), self._place)

    resolve.__annotations__ = {"info": Info, "return": kind | None}
    resolve.__name__ = metric.name
    return resolve


async def _published(coming: Awaitable[Value], place: Place | None) -> Any:
    return public(await coming, place)


def describe(metric: Metric) -> str:
    """A metric's description: its definition, unit and credit."""
    return (
        f"{metric.definition} Unit: {metric.unit.value}. Nothing there: {metric.nothing_there}. "
        f"Credited to {metric.credited_to}."
    )


def _field(metric: Metric) -> Any:
    # The numbers of a row are there: a projection reads them without asking the resolver.
    read = {READ: lambda metrics: metrics._there.get(metric.name)}
    return strawberry.field(resolver=_resolver(metric), name=metric.name, description=describe(metric), metadata=read)


Metrics: Final = create_type(
    "Metrics",
    [_field(metric) for metric in catalog.METRICS],
    description="The metrics of the catalogue. A field that the viewer may not read is null, with an error.",
)


def metrics_reading(read: Read, place: Place | None) -> Any:
    """A `Metrics` object whose numbers come from `read` and stand at a place; without one they have no tickets."""
    found = Metrics()
    found._read, found._place, found._there = read, place, None
    return found


def of_report(request: ReportRequest) -> Any:
    """The metrics over a whole slice: each field hands its key to the loader."""

    async def read(asked: Wanted, info: Info[RequestContext, Any]) -> Value:
        return await total(request, info.context.loaders, asked)

    return metrics_reading(read, request.place)


def of_row(values: Any, place: Place) -> Any:
    """The metrics of a row that is already there; what was withheld is null."""
    found = Metrics()
    found._there = {name: public(value, place) for name, value in values.items() if value is not None}
    return found
