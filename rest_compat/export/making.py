"""From an order to its content: the one way in which every export is made, whoever asks and wherever it goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from rest_compat.asking import Asked
from rest_compat.export import breakdown, cover, reports, tickets
from rest_compat.export.content import Content
from rest_compat.export.made import Made
from rest_compat.export.naming import names_of
from rest_compat.export.order import Order
from rest_compat.stored import ROUTED, ReportName
from schema.context import RequestContext
from schema.executor import Gateway
from schema.public import Capability

_MAKERS: Final[Mapping[ReportName, Callable[[Gateway, RequestContext, Asked], Awaitable[Made]]]] = {
    **dict.fromkeys(ROUTED, reports.made),
    ReportName.BREAKDOWN: breakdown.made,
    ReportName.TICKETS: tickets.made,
}


async def content_of(gateway: Gateway, context: RequestContext, order: Order) -> Content:
    """What is asked for, with the numbers that the same viewer gets from GraphQL now; tickets are read as it is read.

    Raises: Problem, DeskgraphError.
    """
    context.viewer.require(Capability.EXPORT_CREATE, "An export")
    made = await _MAKERS[order.asked.report](gateway, context, order.asked)
    names = await names_of(gateway, context, order.asked.filter)
    return Content(
        report=order.asked.report.value,
        title=made.title,
        head=made.head,
        table=made.table,
        parts=made.parts,
        cover=cover.lines(made.head, names, context.viewer, context.now),
        definitions=cover.definitions(made.metrics),
        language=order.options.language,
        whole=made.whole,
        total=made.total,
    )
