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
from resolvers.request import ReportRequest, total
from resolvers.values import Value, Wanted
from schema.context import RequestContext
from schema.selection import Selection, selected
from schema.values import public, value_type

Read = Callable[[Wanted, Info[RequestContext, Any]], "Awaitable[Value | None] | Value | None"]
"""Where the numbers come from: the loader, or a row that is already there."""


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
        read: Read = self._read
        found = read(wanted(metric, selected(info)), info)
        if isinstance(found, Awaitable):
            return _published(found, self._place)
        return public(found, self._place) if found is not None else None

    resolve.__annotations__ = {"info": Info, "return": kind | None}
    resolve.__name__ = metric.name
    return resolve


async def _published(coming: Awaitable[Value | None], place: Place | None) -> Any:
    value = await coming
    return public(value, place) if value is not None else None


def describe(metric: Metric) -> str:
    """A metric's description: its definition, unit and credit."""
    return (
        f"{metric.definition} Unit: {metric.unit.value}. Nothing there: {metric.nothing_there}. "
        f"Credited to {metric.credited_to}."
    )


Metrics: Final = create_type(
    "Metrics",
    [strawberry.field(resolver=_resolver(m), name=m.name, description=describe(m)) for m in catalog.METRICS],
    description="The metrics of the catalogue. A field that the viewer may not read is null, with an error.",
)


def metrics_reading(read: Read, place: Place | None) -> Any:
    """A `Metrics` object whose numbers come from `read` and stand at a place; without one they have no tickets."""
    found = Metrics()
    found._read = read
    found._place = place
    return found


def of_report(request: ReportRequest) -> Any:
    """The metrics over a whole slice: each field hands its key to the loader."""

    async def read(asked: Wanted, info: Info[RequestContext, Any]) -> Value:
        return await total(request, info.context.loaders, asked)

    return metrics_reading(read, request.place)


def of_row(values: Any, place: Place) -> Any:
    """The metrics of a row that is already there; what was withheld is null."""
    return metrics_reading(lambda asked, _: values.get(asked.metric.name), place)
