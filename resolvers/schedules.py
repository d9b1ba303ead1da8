"""A viewer's schedules: listed, written and removed, each in one transaction of the viewer's own."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from db import holders, schedules
from db.errors import ImpossibleInput, NotFound
from db.schedules import MAX_SCHEDULES, Delivery, Plan, Schedule, delivery_of, schedule_of
from resolvers.loaders import Loaders
from resolvers.saved_reports import not_found as no_report


async def listed(loaders: Loaders) -> list[Schedule]:
    """The viewer's schedules with their latest deliveries, in the order in which they were made.

    Raises: BadInput, TimedOut, Unavailable.
    """
    viewer = loaders.viewer
    async with loaders.engine.keeping(viewer, loaders.timings.note) as keeping:
        deliveries = [dict(row) for row in await keeping.fetch(schedules.deliveries(viewer))]
        return [schedule_of(dict(row), deliveries) for row in await keeping.fetch(schedules.listing(viewer))]


async def order_of(loaders: Loaders, report: UUID) -> str:
    """The order that one of the viewer's saved reports keeps.

    Raises: NotFound; ImpossibleInput, where it keeps none; BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        rows = await keeping.fetch(schedules.order(loaders.viewer, report))
    if not rows:
        raise no_report(str(report), "report")
    if rows[0]["export_order"] is None:
        raise ImpossibleInput(
            "The saved report keeps no order, so it cannot be delivered. Save it with one.", parameter="report"
        )
    order: str = rows[0]["export_order"]
    return order


async def saved(loaders: Loaders, plan: Plan, id_: UUID | None, now: datetime) -> Schedule:
    """A schedule as it is kept from now on: a new one, or the one of the id as another.

    Raises: NotFound, for an id of none of the viewer's; ImpossibleInput, for one more than there may be; BadInput,
    TimedOut, Unavailable.
    """
    viewer, key = loaders.viewer, id_ or uuid4()
    async with loaders.engine.keeping(viewer, loaders.timings.note) as keeping:
        await keeping.fetch(schedules.locking(viewer))
        await keeping.fetch(holders.note(viewer, now))
        if id_ is None:
            (found,) = await keeping.fetch(schedules.counting(viewer))
            if found["schedules"] >= MAX_SCHEDULES:
                raise ImpossibleInput(f"You have {MAX_SCHEDULES} schedules, and no more can be kept. Delete one first.")
            await keeping.fetch(schedules.insert(viewer, key, plan, now))
        elif not await keeping.fetch(schedules.update(viewer, key, plan, now)):
            raise not_found(str(id_))
        deliveries = [dict(row) for row in await keeping.fetch(schedules.deliveries(viewer))]
        (row,) = await keeping.fetch(schedules.one(viewer, key))
    return schedule_of(dict(row), deliveries)


async def deleted(loaders: Loaders, id_: UUID) -> None:
    """Returns when the schedule is there no more.

    Raises: NotFound, for an id of none of the viewer's; BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        if not await keeping.fetch(schedules.removal(loaders.viewer, id_)):
            raise not_found(str(id_))


async def again(loaders: Loaders, delivery: UUID, now: datetime) -> Delivery:
    """A delivery that may have arrived or not, as one that waits to be sent again.

    Raises: NotFound, for an id of none of the viewer's, or of one that is certain; BadInput, TimedOut, Unavailable.
    """
    async with loaders.engine.keeping(loaders.viewer, loaders.timings.note) as keeping:
        rows = await keeping.fetch(schedules.again(loaders.viewer, delivery, now))
    if not rows:
        raise not_uncertain(str(delivery))
    return delivery_of(dict(rows[0]))


def not_uncertain(text: str) -> NotFound:
    """The refusal of a delivery's id."""
    return NotFound(
        f"None of your uncertain deliveries has the id {text[:80]!r}. `schedules` lists them.", parameter="id"
    )


def not_found(text: str) -> NotFound:
    """The refusal of an id."""
    return NotFound(f"None of your schedules has the id {text[:80]!r}. `schedules` lists them.", parameter="id")
