"""The public types of a metric's number, generated from the catalogue: one for each set of details."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, Final

import strawberry

from db import catalog, sketch
from db.metric import Details, Metric, Unit
from db.periods import Comparison
from resolvers.behind import Behind, Found, Place
from resolvers.privacy import Suppression
from resolvers.values import Value, is_estimated
from schema.drilldown import tickets_field, tickets_field_at, tickets_field_of
from schema.enums import EstimateMethod, constant


@strawberry.type(description="A metric's number in another period, and the change since.")
class ComparedValue:
    """A comparison."""

    kind: Comparison
    value: float | None
    change: float | None = strawberry.field(description="(value - previous) / previous; null where that is unknown.")


@strawberry.type(description="How far percentiles may lie from the exact ones.")
class Estimate:
    """How percentiles are computed."""

    method: EstimateMethod
    relative_error: float


@strawberry.interface(description="A metric's number. `value` is null where it cannot be known; `reason` says why.")
class MetricValue:
    """A metric's number."""

    value: float | None
    unit: Unit
    count: int | None = strawberry.field(
        description="How many facts stand behind it: of a ratio its denominator, of a mean the known values."
    )
    previous: float | None = strawberry.field(description="The number of the first comparison.")
    change: float | None = strawberry.field(description="(value - previous) / previous, of the first comparison.")
    comparisons: list[ComparedValue]
    estimate: Estimate | None = strawberry.field(
        description="How the percentiles beside it are computed; null where there are none. Value itself is exact."
    )
    suppressed: bool = strawberry.field(description="Whether it is withheld to protect whom it would tell of.")
    suppression: Suppression | None = strawberry.field(description="Why it is withheld; null where it is not.")
    definition: str
    reason: str | None = strawberry.field(description="Why `value` is null.")
    _value: strawberry.Private[Value]
    _place: strawberry.Private[Place | None]
    """None of a benchmark, which has no tickets."""
    tickets = tickets_field()

    @property
    def _behind(self) -> Behind | None:
        return self._value.behind(self._place) if self._place else None

    def _each(self, number: Enum) -> Found:
        return self._value.behind_each(number.value, self._place) if self._place else None


@strawberry.type(description="A metric's number that needs no further ones beside it.")
class PlainValue(MetricValue):
    """A number without details."""


_ESTIMATE: Final = Estimate(method=EstimateMethod.LOG_HISTOGRAM, relative_error=sketch.RELATIVE_ERROR)
_ESTIMATES: Final = {metric.name: _ESTIMATE if is_estimated(metric) else None for metric in catalog.METRICS}


def _tickets_field(details: Details) -> Any:
    """The field `tickets` of a type whose count is not its only one."""
    name = details.type_name.replace("Value", "Number")
    members = {constant(one): one for one in ("count", *details.counted)}
    numbers = Enum(name, members)  # type: ignore[misc]  # named after the type it is of
    strawberry.enum(numbers, description=f"The numbers of a {details.type_name}.")
    return tickets_field_at(numbers) if details.spread else tickets_field_of(numbers)


def _value_type(details: Details) -> type[Any]:
    """The public type of numbers with these details beside them: plain attributes, beside `tickets`."""
    names = {d.name: d.description for d in details.numbers}
    kinds: dict[str, Any] = {d.name: int | None if d.unit is Unit.TICKETS else float | None for d in details.numbers}
    if details.spread:
        names[details.spread.name] = details.spread.description
        kinds[details.spread.name] = list[int]
    fields = {name: strawberry.field(description=text) for name, text in names.items()}
    if details.counted:
        fields["tickets"] = _tickets_field(details)
    made = type(details.type_name, (MetricValue,), {"__annotations__": kinds, "__module__": __name__, **fields})
    return strawberry.type(made, description=f"A metric's number with {', '.join(names)} beside it.")


_TYPES: Final[Mapping[Details | None, type[Any]]] = {
    None: PlainValue,
    **{d: _value_type(d) for d in {m.details.type_name: m.details for m in catalog.METRICS if m.details}.values()},
}


_TYPE_OF: Final[Mapping[str, type[Any]]] = {
    metric.name: next(
        kind
        for details, kind in _TYPES.items()
        if (details and details.type_name) == (metric.details and metric.details.type_name)
    )
    for metric in catalog.METRICS
}


def value_type(metric: Metric) -> type[Any]:
    """The public type of a metric's number."""
    return _TYPE_OF[metric.name]


def public(value: Value, place: Place | None) -> Any:
    """A number as its public type, with what is behind it at its place; of a benchmark, which has none, nothing."""
    first = value.comparisons[0] if value.comparisons else None
    metric = value.metric
    further: dict[str, Any] = {}
    if metric.details:
        further = {d.name: value.details.get(d.name) for d in metric.details.numbers}
        if metric.details.spread:
            further[metric.details.spread.name] = list(value.spread)
    return value_type(metric)(
        value=value.value,
        unit=metric.unit,
        count=value.count,
        previous=first and first.value,
        change=first and first.change,
        comparisons=[ComparedValue(kind=c.kind, value=c.value, change=c.change) for c in value.comparisons],
        estimate=_ESTIMATES[metric.name],
        suppressed=value.suppression is not None,
        suppression=value.suppression,
        definition=metric.definition,
        reason=value.reason,
        _value=value,
        _place=place,
        **further,
    )
