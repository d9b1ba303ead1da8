"""The root of the public language."""

from __future__ import annotations

from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from db import catalog, periods
from db.access import Realm, Role
from db.catalog.flows import TICKETS_CREATED
from db.domain import Clock
from db.metric import Better, Unit
from db.periods import Comparison, Period, WeekStart
from db.query import Attribution, Slice, check_filter
from resolvers.behind import Behind, Place
from resolvers.request import ReportRequest
from schema import pickers
from schema.audit import AuditPage, audit_log
from schema.context import RequestContext
from schema.export_jobs import LISTED, ExportJob, export_job, export_jobs
from schema.inputs import PeriodInput, TicketFilter
from schema.pickers import AgentPage, NamedPage
from schema.report import Report, report_of
from schema.saved_reports import SavedReports, saved_reports
from schema.schedules import Schedule
from schema.schedules import listed as schedules
from schema.sources import LiveSource, sources
from schema.tickets import PAGE, TicketOrder, TicketPage, tickets_behind


@strawberry.type(
    description="The rows a viewer may see: all, or those of some teams, of one agent, of one organization."
)
class ScopeInfo:
    """A scope."""

    kind: Realm
    ids: list[strawberry.ID]


@strawberry.type(description="Who asks, and what the role allows.")
class ViewerInfo:
    """The viewer."""

    role: Role
    scope: ScopeInfo
    capabilities: list[str]

    @strawberry.field(description="Who asks, by the token's subject; of an API key, `key:` and its id.")
    def subject(self, info: Info[RequestContext, Any]) -> str:
        """The name, which no other answer depends on: an answer with it is kept for nobody."""
        info.context.lasting.keep_out()
        return info.context.viewer.subject

    @strawberry.field(description="Until when the token holds, or the API key.")
    def expires_at(self, info: Info[RequestContext, Any]) -> datetime | None:
        """The proof's end, which is the request's own, too."""
        info.context.lasting.keep_out()
        return info.context.viewer.expires_at


@strawberry.type(description="A further number that stands beside a metric.")
class DetailInfo:
    """A detail."""

    name: str
    unit: Unit
    description: str


@strawberry.type(description="A metric as the catalogue declares it.")
class MetricInfo:
    """A metric's record."""

    name: str
    label: str
    unit: Unit
    better: Better
    definition: str
    anchor: str = strawberry.field(description="The instant that places a fact in a period.")
    credited_to: str
    nothing_there: str = strawberry.field(description="What stands where no fact is: 0 or null.")
    capability: str
    details: list[DetailInfo]


@strawberry.type
class Query:
    """Support reports: metrics, agents and time series over the tickets that the viewer may see."""

    @strawberry.field(description="Who asks, and what the role allows.")
    def viewer(self, info: Info[RequestContext, Any]) -> ViewerInfo:
        """The viewer."""
        viewer = info.context.viewer
        scope = ScopeInfo(kind=viewer.realm, ids=[strawberry.ID(i) for i in viewer.scope.ids])
        return ViewerInfo(role=viewer.role, scope=scope, capabilities=sorted(c.value for c in viewer.capabilities))

    @strawberry.field(description="Every metric, with its definition.")
    def metric_catalog(self) -> list[MetricInfo]:
        """The catalogue."""
        return [
            MetricInfo(
                name=m.name,
                label=m.label,
                unit=m.unit,
                better=m.better,
                definition=m.definition,
                anchor=m.anchor,
                credited_to=m.credited_to,
                nothing_there=m.nothing_there,
                capability=m.capability.value,
                details=[
                    DetailInfo(name=d.name, unit=d.unit, description=d.description)
                    for d in (m.details.numbers if m.details else ())
                ],
            )
            for m in catalog.METRICS
        ]

    @strawberry.field(description="A report over one period and one slice of tickets.")
    def report(
        self,
        info: Info[RequestContext, Any],
        period: PeriodInput,
        timezone: str = "UTC",
        filter: TicketFilter | None = None,
        compare_to: list[Comparison] | None = None,
        attribution: Attribution = Attribution.EVENT,
        clock: Clock = Clock.CALENDAR,
        week_start: WeekStart = WeekStart.MONDAY,
    ) -> Report | None:
        """A report."""
        context = info.context
        asked = period.parsed(timezone, context.now, week_start)
        compared = tuple(
            (kind, periods.compared_period(asked, kind, context.now)) for kind in dict.fromkeys(compare_to or ())
        )
        context.lasting.report(context.viewer, asked, [one for _, one in compared], attribution)
        request = ReportRequest(
            slice=_slice(context, filter, attribution, clock, asked),
            period=asked,
            compared=compared,
            week_start=week_start,
        )
        return report_of(request, _echo(filter))

    @strawberry.field(description="Tickets created in a period, one node each.")
    async def tickets(
        self,
        info: Info[RequestContext, Any],
        period: PeriodInput,
        timezone: str = "UTC",
        filter: TicketFilter | None = None,
        first: int = PAGE,
        after: str | None = None,
        order_by: list[TicketOrder] | None = None,
        week_start: WeekStart = WeekStart.MONDAY,
    ) -> TicketPage | None:
        """Tickets."""
        asked = period.parsed(timezone, info.context.now, week_start)
        slice_ = _slice(info.context, filter, Attribution.EVENT, Clock.CALENDAR, asked)
        behind = Behind(Place(slice_, asked.window), TICKETS_CREATED.measure.counted)
        return await tickets_behind(behind, info, first, after, order_by or [])

    saved_reports: SavedReports | None = strawberry.field(
        resolver=saved_reports, description="The viewer's saved reports, by name."
    )

    export_jobs: list[ExportJob] | None = strawberry.field(resolver=export_jobs, description=LISTED)

    export_job: ExportJob | None = strawberry.field(
        resolver=export_job, description="One of the viewer's exports that workers make."
    )

    schedules: list[Schedule] | None = strawberry.field(
        resolver=schedules, description="The viewer's schedules, in the order in which they were made."
    )

    agents: AgentPage | None = strawberry.field(
        resolver=pickers.agents,
        description="The agents that the viewer may see: to find one by a part of name or id (`search`), or by `ids`.",
    )

    teams: NamedPage | None = strawberry.field(
        resolver=pickers.teams, description="The teams that the viewer may see, as agents are found."
    )

    categories: NamedPage | None = strawberry.field(
        resolver=pickers.categories, description="The categories there are, as agents are found."
    )

    organizations: NamedPage | None = strawberry.field(
        resolver=pickers.organizations,
        description="The organizations, as agents are found; a client sees its own, an analyst all by pseudonym.",
    )

    tags: NamedPage | None = strawberry.field(
        resolver=pickers.tags, description="The tags there are, as agents are found."
    )

    sources: list[LiveSource] | None = strawberry.field(
        resolver=sources, description="The systems whose tickets are followed: how old the data of each is, and why."
    )

    audit_log: AuditPage | None = strawberry.field(resolver=audit_log, description="Who asked what, newest first.")


def _slice(
    context: RequestContext, given: TicketFilter | None, attribution: Attribution, clock: Clock, period: Period
) -> Slice:
    """The slice that a filter opens to the viewer. Raises: BadInput, Forbidden."""
    condition = (given or TicketFilter()).parsed()
    check_filter(condition, context.viewer)
    return Slice(context.viewer.scope, condition, attribution, clock, period.zone, context.now)


def _echo(given: Any) -> Any:
    """A filter as JSON, by its public names, without what was not given."""
    if is_dataclass(given) and not isinstance(given, type):
        return {
            _public_name(name): _echo(value)
            for name, value in ((name, getattr(given, name)) for name in asdict(given))
            if value is not None
        }
    if isinstance(given, list):
        return [_echo(part) for part in given]
    return {} if given is None else given


def _public_name(name: str) -> str:
    first, *rest = name.rstrip("_").split("_")
    return first + "".join(part.capitalize() for part in rest)
