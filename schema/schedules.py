"""Schedules in the public language: a viewer's saved reports, delivered again and again."""

from __future__ import annotations

import re
from datetime import datetime, time
from enum import Enum
from typing import Any, Final
from uuid import UUID

import strawberry
from strawberry.types import Info

from db import schedules as store
from db import zones
from db.cadence import Cadence, Every
from db.errors import BadInput
from db.schedules import MAX_DELIVERIES, MAX_EMAILS, MAX_SCHEDULES, DeliveryState, Plan, ScheduleState
from resolvers import schedules
from resolvers.saved_reports import not_found as no_report
from resolvers.schedules import not_found, not_uncertain
from schema.context import RequestContext
from schema.destinations import Destinations
from schema.export_jobs import ExportFault, exporting_of

strawberry.enum(Every, name="Cadence", description="How often a report is delivered.")
strawberry.enum(ScheduleState, description="Whether a schedule's report is delivered.")
strawberry.enum(DeliveryState, description="What became of one due instant.")

FORESEEN: Final = 3
"""So many due instants are told of a cadence."""
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


@strawberry.enum(description="A day of the week.")
class Weekday(Enum):
    """A day of the week, by its number."""

    MONDAY = 1
    TUESDAY = 2
    WEDNESDAY = 3
    THURSDAY = 4
    FRIDAY = 5
    SATURDAY = 6
    SUNDAY = 7


@strawberry.type(description="One due instant of a schedule, and what became of it.")
class Delivery:
    """A delivery."""

    id: strawberry.ID
    due_at: datetime = strawberry.field(description="UTC; `asOf` of the report.")
    state: DeliveryState
    attempts: int
    next_attempt_at: datetime | None
    error: ExportFault | None
    bytes: float | None = strawberry.field(description="A whole number, which may be larger than an Int.")
    file_name: str | None
    delivered_at: datetime | None


@strawberry.type(description="The saved report that a schedule delivers.")
class ScheduledReport:
    """A saved report."""

    id: strawberry.ID
    name: str


@strawberry.type(description="A saved report that is delivered at a wall time, again and again.")
class Schedule:
    """A schedule."""

    id: strawberry.ID
    report: ScheduledReport
    format: str
    cadence: Every
    weekday: Weekday | None
    month_day: int | None = strawberry.field(description="Of a monthly one: 1 to 28; null: the month's last.")
    time: str = strawberry.field(description="HH:MM on the zone's wall clock.")
    timezone: str
    emails: list[str]
    folder: str | None
    active: bool
    state: ScheduleState
    next_due_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deliveries: list[Delivery] = strawberry.field(description=f"The latest {MAX_DELIVERIES}, newest first.")


@strawberry.type(description="Where schedules may deliver to, by the gateway's settings.")
class DeliveryDestinations:
    """What can be chosen."""

    mail_domains: list[str] = strawberry.field(description="To whose addresses mail may go; none: e-mail is off.")
    has_folders: bool = strawberry.field(description="Whether files may be put into folders.")


async def destinations(self: Any, info: Info[RequestContext, Any]) -> DeliveryDestinations | None:
    """Where to."""
    info.context.lasting.keep_out()
    allowed = exporting_of(info.context).destinations
    return DeliveryDestinations(mail_domains=sorted(allowed.mail_domains), has_folders=allowed.folder is not None)


async def next_deliveries(
    self: Any,
    info: Info[RequestContext, Any],
    cadence: Every,
    time: str,
    timezone: str,
    weekday: Weekday | None = None,
    month_day: int | None = None,
) -> list[datetime] | None:
    """When such a schedule is due next."""
    info.context.lasting.keep_out()
    when, due = _cadence(cadence, weekday, month_day, time, timezone), [info.context.now]
    for _ in range(FORESEEN):
        due.append(when.first_after(due[-1]))
    return due[1:]


async def listed(self: Any, info: Info[RequestContext, Any]) -> list[Schedule] | None:
    """The viewer's schedules."""
    info.context.lasting.keep_out()
    return [_public(one) for one in await schedules.listed(info.context.loaders)]


@strawberry.type
class ScheduleMutation:
    """A viewer's schedules, changed."""

    @strawberry.mutation(
        description="Saves a schedule: a new one, or with `id` that one as another. The report must keep an order. "
        f"At most {MAX_SCHEDULES} are kept a viewer, {MAX_EMAILS} addresses each."
    )
    async def save_schedule(
        self,
        info: Info[RequestContext, Any],
        report: strawberry.ID,
        format: str,
        cadence: Every,
        time: str,
        timezone: str,
        weekday: Weekday | None = None,
        month_day: int | None = None,
        emails: list[str] | None = None,
        folder: str | None = None,
        active: bool = True,
        id: strawberry.ID | None = None,
    ) -> Schedule | None:
        """The schedule as it is kept."""
        context = info.context
        context.lasting.keep_out()
        exporting = exporting_of(context)
        when = _cadence(cadence, weekday, month_day, time, timezone)
        emails = list(dict.fromkeys(emails or []))
        _check_destination(exporting.destinations, emails, folder)
        key = _key(report, no_report(report, "report"))
        ordered = exporting.check(await schedules.order_of(context.loaders, key), format)
        if active and exporting.require_room is not None:
            await exporting.require_room(context, ordered)
        plan = Plan(key, format, when, tuple(emails), folder, active)
        own = _key(id, not_found(id)) if id is not None else None
        return _public(await schedules.saved(context.loaders, plan, own, context.now))

    @strawberry.mutation(description="Deletes one of the viewer's schedules, with its deliveries. Its id comes back.")
    async def delete_schedule(self, info: Info[RequestContext, Any], id: strawberry.ID) -> strawberry.ID | None:
        """The id."""
        info.context.lasting.keep_out()
        key = _key(id, not_found(id))
        await schedules.deleted(info.context.loaders, key)
        return strawberry.ID(str(key))

    @strawberry.mutation(
        description="Sends again what may have arrived or not: a delivery whose state is UNCERTAIN. Nothing else does."
    )
    async def deliver_again(self, info: Info[RequestContext, Any], id: strawberry.ID) -> Delivery | None:
        """The delivery, which waits."""
        info.context.lasting.keep_out()
        key = _key(id, not_uncertain(id))
        return _delivery(await schedules.again(info.context.loaders, key, info.context.now))


def _key(text: str, otherwise: Exception) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise otherwise from None


def _cadence(every: Every, weekday: Weekday | None, month_day: int | None, at: str, zone: str) -> Cadence:
    """Raises: BadInput."""
    if (weekday is not None) is not (every is Every.WEEKLY):
        raise BadInput("weekday is for a weekly schedule, which needs one, and for no other.", parameter="weekday")
    if month_day is not None and (every is not Every.MONTHLY or not 1 <= month_day <= 28):
        raise BadInput(
            "monthDay is for a monthly schedule: 1 to 28, or left out for the month's last day.", parameter="monthDay"
        )
    found = _TIME.fullmatch(at)
    if found is None:
        raise BadInput(f"time {at[:20]!r} is no time of day. Give one such as 07:30.", parameter="time")
    wall = time(int(found[1]), int(found[2]))
    return Cadence(every, wall, zones.zone_named(zone), weekday.value if weekday else None, month_day)


def _check_destination(allowed: Destinations, emails: list[str], folder: str | None) -> None:
    """Raises: BadInput."""
    if bool(emails) is (folder is not None):
        raise BadInput("A schedule delivers either to emails or to a folder. Give one of them.", parameter="emails")
    if len(emails) > MAX_EMAILS:
        raise BadInput(f"emails has {len(emails)} addresses. Give at most {MAX_EMAILS}.", parameter="emails")
    for one in emails:
        allowed.check_email(one)
    if folder is not None:
        allowed.check_folder(folder)


def _public(schedule: store.Schedule) -> Schedule:
    plan, when = schedule.plan, schedule.plan.cadence
    return Schedule(
        id=strawberry.ID(str(schedule.id)),
        report=ScheduledReport(id=strawberry.ID(str(plan.report)), name=schedule.report_name),
        format=plan.format,
        cadence=when.every,
        weekday=Weekday(when.weekday) if when.weekday else None,
        month_day=when.month_day,
        time=f"{when.at:%H:%M}",
        timezone=when.zone.key,
        emails=list(plan.emails),
        folder=plan.folder,
        active=plan.active,
        state=schedule.state,
        next_due_at=schedule.next_due_at,
        created_at=schedule.created_at,
        updated_at=schedule.updated_at,
        deliveries=[_delivery(one) for one in schedule.deliveries],
    )


def _delivery(one: store.Delivery) -> Delivery:
    return Delivery(
        id=strawberry.ID(str(one.id)),
        due_at=one.due_at,
        state=one.state,
        attempts=one.attempts,
        next_attempt_at=one.next_attempt_at,
        error=ExportFault(code=one.fault.code, message=one.fault.message) if one.fault else None,
        bytes=float(one.bytes) if one.bytes is not None else None,
        file_name=one.file_name,
        delivered_at=one.delivered_at,
    )
