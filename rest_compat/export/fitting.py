"""Whether a file can hold what is ordered, told before a worker is to make it: tickets are counted.

How many rows any other report has is known only once it is made.
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
from schema.public import DeskgraphError, Forbidden, ImpossibleInput, Ordered, TimedOut, Unavailable

_FAULTS: Final[Mapping[Kind, type[DeskgraphError]]] = {
    Kind.FORBIDDEN: Forbidden,
    Kind.TIMEOUT: TimedOut,
    Kind.UNAVAILABLE: Unavailable,
    Kind.INTERNAL: DeskgraphError,
}


async def require_room(gateway: Gateway, context: RequestContext, order: Order, content: Content | None) -> None:
    """Raises: Problem, for more tickets than a file of the format holds; DeskgraphError."""
    check = order.format.check_rows
    if check is None or order.asked.report is not ReportName.TICKETS:
        return
    counted = content or await content_of(gateway, context, order)
    if counted.total is not None:  # who is not told how many there are finds out by the file
        check(counted.total)


async def require_room_of(gateway: Gateway, context: RequestContext, ordered: Ordered) -> None:
    """The same, of an order that was found sound, beside the operation that has it.

    Raises: DeskgraphError.
    """
    try:
        async with beside(gateway, context) as own:
            await require_room(gateway, own, order_of(ordered.body.encode()), None)
    except Problem as problem:
        fault = _FAULTS.get(problem.kind, ImpossibleInput)
        raise fault(problem.detail, parameter="order") from None
