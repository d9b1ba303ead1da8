"""What reading each field needs: said once here, shown in the SDL and its descriptions, decided before planning.

Deny by default: a type or field that is not here cannot be part of the schema. What a field needs is what its type
needs and what it needs itself; whoever reaches an object has what its type needs (a test holds the schema to it), so a
decision is taken only where a field needs more, once a field and viewer, without awaiting.

What depends on an argument is decided by the resolver that reads it: a filter, an order, a search, ratings by agent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

import strawberry
from graphql import GraphQLField, GraphQLInterfaceType, GraphQLNonNull, GraphQLObjectType, GraphQLSchema
from strawberry.schema_directive import Location

from db import catalog
from db.access import Capability
from db.metric import Metric
from schema.context import RequestContext

Needed = tuple[Capability, ...]

_SUMMARY: Final = (Capability.SUMMARY_READ,)
_PERFORMANCE: Final = (Capability.PERFORMANCE_READ,)
_TRENDS: Final = (Capability.TRENDS_READ,)
_AGENTS: Final = (Capability.AGENTS_READ,)
_RATINGS: Final = (Capability.CSAT_SCORE_READ,)
_AGENTS_RATINGS: Final = (Capability.CSAT_SCORE_READ, Capability.CSAT_AGENT_READ)
_TICKETS: Final = (Capability.TICKET_DETAIL_READ,)
_WHOSE: Final = (Capability.ORGANIZATION_IDENTITY_READ,)
_COMPOSING: Final = (Capability.ADHOC_RUN,)
_EXPORTING: Final = (Capability.EXPORT_CREATE,)
_OPERATION: Final = (Capability.SYSTEM_OPERATE,)
_NOTHING: Final[Needed] = ()


def _of_metrics(chosen: tuple[Metric, ...]) -> dict[str, Needed]:
    return {metric.name: (*_SUMMARY, metric.capability) for metric in chosen}


OF_TYPES: Final[Mapping[str, Needed]] = {
    # What is told of the viewer, the catalogue and the question itself is nobody's data.
    **dict.fromkeys(
        ("Query", "Mutation", "Subscription", "ViewerInfo", "ScopeInfo", "MetricInfo", "DetailInfo"), _NOTHING
    ),
    # How old the data is, whoever reads it has to know; which systems it is from, and what they say, is not theirs.
    "LiveSource": _NOTHING,
    **dict.fromkeys(("Report", "ReportPeriod", "ReportComparison", "Estimate"), _NOTHING),
    # What holds only fields that need something of their own, and a name, which is as open as what leads to it.
    **dict.fromkeys(("Metrics", "SeriesMetrics", "Named"), _NOTHING),
    **dict.fromkeys(("Summary", "MetricValue", "PlainValue", "DurationValue", "TargetValue"), _SUMMARY),
    **dict.fromkeys(("ComparedValue", "RowKey", "Breakdown", "BreakdownRow", "NamedPage"), _SUMMARY),
    "Benchmark": _SUMMARY,
    **dict.fromkeys(("Series", "SeriesGroup", "SeriesValues"), _SUMMARY),
    "SatisfactionValue": (*_SUMMARY, *_RATINGS),
    **dict.fromkeys(("Performance", "StatusCount", "CategoryCount"), _PERFORMANCE),
    **dict.fromkeys(("Distribution", "DistributionBucket"), _PERFORMANCE),
    **dict.fromkeys(("AgentRef", "AgentPage", "AgentReport", "AgentRow", "Times", "Rate"), _AGENTS),
    "AgentRating": (*_AGENTS, *_AGENTS_RATINGS),
    **dict.fromkeys(("Trends", "VolumePoint", "CategoryTrend", "Movers", "Mover"), _TRENDS),
    **dict.fromkeys(("Seasonality", "Decomposition", "ForecastPoint", "Anomaly", "SeasonReason"), _TRENDS),
    **dict.fromkeys(("TicketPage", "TicketNode", "Target"), _TICKETS),
    **dict.fromkeys(("AuditPage", "AuditRecord"), _OPERATION),
    # What is saved is a question of one's own: who may ask none has none to save.
    **dict.fromkeys(("SavedReports", "SavedReport"), _COMPOSING),
    **dict.fromkeys(("Schedule", "ScheduledReport", "Delivery", "DeliveryDestinations"), (*_COMPOSING, *_EXPORTING)),
    **dict.fromkeys(("ExportJob", "ExportProgress", "ExportFault"), _EXPORTING),
}
"""What all fields of a type need."""

OF_FIELDS: Final[Mapping[str, Mapping[str, Needed]]] = {
    "Query": {
        "tickets": _TICKETS,
        "savedReports": _COMPOSING,
        **dict.fromkeys(("exportJobs", "exportJob"), _EXPORTING),
        **dict.fromkeys(("schedules", "destinations", "nextDeliveries"), (*_COMPOSING, *_EXPORTING)),
        "auditLog": _OPERATION,
        # For whoever sees agents: they, their teams, and tags, which may name any customer. The rest names what any
        # report is grouped by.
        "agents": _AGENTS,
        **dict.fromkeys(("teams", "tags"), (*_SUMMARY, *_AGENTS)),
        **dict.fromkeys(("categories", "organizations"), _SUMMARY),
    },
    "Mutation": {
        **dict.fromkeys(("saveReport", "deleteSavedReport"), _COMPOSING),
        **dict.fromkeys(("createExport", "cancelExport"), _EXPORTING),
        **dict.fromkeys(("saveSchedule", "deleteSchedule", "deliverAgain"), (*_COMPOSING, *_EXPORTING)),
    },
    "Report": {
        "summary": _SUMMARY,
        "performance": _PERFORMANCE,
        "agents": _AGENTS,
        "trends": _TRENDS,
        "breakdown": _SUMMARY,
        "series": _SUMMARY,
        "benchmark": _SUMMARY,
    },
    "Summary": _of_metrics(catalog.METRICS),
    "Metrics": _of_metrics(catalog.METRICS),
    "SeriesMetrics": _of_metrics(catalog.METRICS),
    "AgentRow": {"rating": _AGENTS_RATINGS},
    "LiveSource": dict.fromkeys(
        ("name", "kind", "failures", "error", "warning", "rejects", "skewSeconds", "ticketsDeleted"), _OPERATION
    ),
    # Subject and requester tell who an organization is: who sees organizations by pseudonym goes without.
    "TicketNode": {
        "agent": _AGENTS,
        "score": _RATINGS,
        "comment": (Capability.CSAT_COMMENT_READ,),
        "subject": _WHOSE,
        "requester": _WHOSE,
    },
}
"""What single fields need further; every `tickets` needs what drill-down needs."""


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION], description="The capabilities that reading the field needs, all of them."
)
class RequiresPermission:
    """Shown in the SDL."""

    capabilities: list[str]


def needed(type_name: str, field_name: str) -> Needed:
    """All that reading a field needs.

    Raises: KeyError, for a type that is not declared.
    """
    return tuple(dict.fromkeys((*OF_TYPES[type_name], *further(type_name, field_name))))


def further(type_name: str, field_name: str) -> Needed:
    """What reading a field needs beyond what its type needs."""
    own = _TICKETS if field_name == "tickets" else OF_FIELDS.get(type_name, {}).get(field_name, ())
    return tuple(one for one in own if one not in OF_TYPES[type_name])


@dataclass(frozen=True)
class Guarded:
    """A field's resolver, behind what the field needs: who lacks it gets null, told once for all rows."""

    needed: Needed
    resolve: Callable[..., Any]
    name: str

    def __call__(self, source: Any, info: Any, **arguments: Any) -> Any:
        context: RequestContext = info.context
        if context.has(self.needed):
            return self.resolve(source, info, **arguments)
        context.may(self.needed, info.path.as_list(), self.name)
        return None


def declare(schema: GraphQLSchema) -> None:
    """Shows on every field what it needs, and has it decided wherever that is more than its type needs.

    Raises: TypeError, for a type that is not declared, and for a field that cannot be withheld.
    """
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) and not kind.name.startswith("__"):
            if kind.name not in OF_TYPES:
                raise TypeError(f"{kind.name} is not declared in schema/permissions.py: say what reading it needs")
            for name, field in kind.fields.items():
                _show(field, needed(kind.name, name))
                own = further(kind.name, name)
                if own:
                    _guard(f"{kind.name}.{name}", own, field)


def _show(field: GraphQLField, capabilities: Needed) -> None:
    names = [capability.value for capability in capabilities]
    if not names:
        return
    # A copy: types share the definition of a field that they inherit, and may need different things for it.
    definition = copy(field.extensions["strawberry-definition"])
    definition.directives = [RequiresPermission(capabilities=names)]
    field.extensions["strawberry-definition"] = definition
    field.description = f"{field.description or ''} Requires {', '.join(names)}.".lstrip()


def _guard(place: str, own: Needed, field: GraphQLField) -> None:
    if isinstance(field.type, GraphQLNonNull):
        raise TypeError(f"{place} may be withheld, so it must be nullable")
    resolve: Callable[..., Any] | None = field.resolve
    assert resolve is not None
    field.resolve = Guarded(own, resolve, place.rpartition(".")[2])
