"""Stocks: how much stands open at an instant."""

from __future__ import annotations

from typing import Final

from db.domain import Source
from db.metric import Better, Metric, Rows, Stocked, Test, Unit

_AT = "the period's end, or `asOf` if that is earlier"
_CREDIT = "the assignee at that instant"

OPEN_TICKETS: Final = Metric(
    name="openTickets",
    label="Open tickets",
    unit=Unit.TICKETS,
    better=Better.LOWER,
    definition=(
        "Tickets that are new, open, pending or on hold at the period's end, or at `asOf` if that is "
        "earlier. A stock, not a flow."
    ),
    anchor=_AT,
    credited_to=_CREDIT,
    measure=Stocked(Rows(Source.ENTERED)),
)

UNASSIGNED_TICKETS: Final = Metric(
    name="unassignedTickets",
    label="Unassigned tickets",
    unit=Unit.TICKETS,
    better=Better.LOWER,
    definition="Open tickets without an assignee at the period's end, or at `asOf` if that is earlier.",
    anchor=_AT,
    credited_to="nobody",
    measure=Stocked(Rows(Source.ENTERED, (Test.UNASSIGNED,))),
)

BREACHED_TICKETS: Final = Metric(
    name="breachedTickets",
    label="Breached tickets",
    unit=Unit.TICKETS,
    better=Better.LOWER,
    definition=("Open tickets past their resolution due instant at the period's end, or at `asOf` if that is earlier."),
    anchor=_AT,
    credited_to=_CREDIT,
    measure=Stocked(Rows(Source.BREACH_ENTERED)),
)
