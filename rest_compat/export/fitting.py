"""Whether a file can hold what is ordered, told before a worker is to make it, now or by a schedule.

Tickets are counted; any other report is asked for and laid out, which takes less than to set it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from rest_compat.export.body import order_of
from rest_compat.export.content import Content
from rest_compat.export.making import content_of
from rest_compat.export.order import Order
from rest_compat.problems import Kind, Problem
from rest_compat.recording import beside
from rest_compat.stored import ReportName
from schema.context import RequestContext
from schema.executor import Gateway
from schema.exporting import Asking
from schema.public import DeskgraphError, Forbidden, ImpossibleInput, Ordered, TimedOut, Unavailable

_FAULTS: Final[Mapping[Kind, type[DeskgraphError]]] = {
    Kind.FORBIDDEN: Forbidden,
    Kind.TIMEOUT: TimedOut,
    Kind.UNAVAILABLE: Unavailable,
    Kind.INTERNAL: DeskgraphError,
}


async def require_room(gateway: Gateway, context: RequestContext, order: Order, content: Content | None) -> None:
    """Raises: Problem, for more than a file of the format holds; DeskgraphError."""
    check_rows, check_content = order.format.check_rows, order.format.check_content
    of_tickets = order.asked.report is ReportName.TICKETS
    if check_rows is None or not (of_tickets or check_content):
        return
    content = content or await content_of(gateway, context, order)
    check_rows(content.total or 0)  # who is not told how many there are finds out by the file
    if check_content is not None and not of_tickets:
        await check_content(content, order.options)


async def require_room_of(gateway: Gateway, asking: Asking, ordered: Ordered) -> None:
    """The same, of an order that was found sound, beside the operation that has it.

    Raises: DeskgraphError.
    """
    try:
        async with beside(gateway, asking) as own:
            await require_room(gateway, own, order_of(ordered.body.encode()), None)
    except Problem as problem:
        fault = _FAULTS.get(problem.kind, ImpossibleInput)
        raise fault(problem.detail, parameter="order") from None
