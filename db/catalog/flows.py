"""Flows: what happened in a period."""

from __future__ import annotations

from typing import Final

from db.domain import Source
from db.metric import Better, Counted, Metric, Rows, Share, Test, Unit

STANDING: Final = Rows(Source.RESOLUTION, (Test.STANDING,))

TICKETS_CREATED: Final = Metric(
    name="ticketsCreated",
    label="Tickets created",
    unit=Unit.TICKETS,
    better=Better.NEITHER,
    definition="Tickets created in the period.",
    anchor="ticket creation",
    credited_to="the assignee now",
    measure=Counted(Rows(Source.CREATED)),
)

TICKETS_RESOLVED: Final = Metric(
    name="ticketsResolved",
    label="Tickets resolved",
    unit=Unit.TICKETS,
    better=Better.HIGHER,
    definition=("Tickets whose standing resolution (not reopened since) is in the period; each ticket counts once."),
    anchor="the move into resolved or closed",
    credited_to="the assignee at that moment",
    measure=Counted(STANDING),
)

RESOLUTIONS: Final = Metric(
    name="resolutions",
    label="Resolutions",
    unit=Unit.EVENTS,
    better=Better.NEITHER,
    definition="Every move into resolved or closed from an open status; a ticket may count more than once.",
    anchor="the move into resolved or closed",
    credited_to="the assignee at that moment",
    measure=Counted(Rows(Source.RESOLUTION)),
)

REOPENS: Final = Metric(
    name="reopens",
    label="Reopens",
    unit=Unit.EVENTS,
    better=Better.LOWER,
    definition="Every move back from resolved or closed into an open status.",
    anchor="the move back into an open status",
    credited_to="the assignee at that moment",
    measure=Counted(Rows(Source.REOPEN)),
)

REOPEN_RATE: Final = Metric(
    name="reopenRate",
    label="Reopen rate",
    unit=Unit.RATIO,
    better=Better.LOWER,
    definition="Reopens over resolutions of the period.",
    anchor="each event's own instant",
    credited_to="the assignee at that moment",
    measure=Share(Rows(Source.REOPEN), Rows(Source.RESOLUTION)),
)

FIRST_TIME_RESOLUTION_RATE: Final = Metric(
    name="firstTimeResolutionRate",
    label="Resolved the first time",
    unit=Unit.RATIO,
    better=Better.HIGHER,
    definition="Standing resolutions that are their ticket's first (it was never reopened) over standing resolutions.",
    anchor="the standing resolution",
    credited_to="the assignee at that moment",
    measure=Share(STANDING.also(Test.FIRST), STANDING),
)
