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
from schema.exporting import Asker
from schema.public import DeskgraphError, Forbidden, ImpossibleInput, Ordered, TimedOut, TooComplex, Unavailable

_FAULTS: Final[Mapping[Kind, type[DeskgraphError]]] = {
    Kind.FORBIDDEN: Forbidden,
    Kind.TOO_COMPLEX: TooComplex,
    Kind.TIMEOUT: TimedOut,
    Kind.UNAVAILABLE: Unavailable,
    Kind.INTERNAL: DeskgraphError,
}


async def require_room(gateway: Gateway, context: RequestContext, order: Order, content: Content | None) -> None:
    """Raises: Problem, for more than a file of the format holds; DeskgraphError."""
    check_rows, check_content = order.format.check_rows, order.format.check_content
    if order.asked.report is not ReportName.TICKETS:
        if check_content is not None:
            await check_content(content or await content_of(gateway, context, order), order.options)
    elif check_rows is not None:
        counted = content or await content_of(gateway, context, order)
        check_rows(counted.total or 0)  # who is not told how many there are finds out by the file


async def require_room_of(gateway: Gateway, asker: Asker, ordered: Ordered) -> None:
    """The same, of an order that was found sound, beside the operation that has it.

    Raises: DeskgraphError.
    """
    try:
        async with beside(gateway, asker) as own:
            await require_room(gateway, own, order_of(ordered.body.encode()), None)
    except Problem as problem:
        fault = _FAULTS.get(problem.kind, ImpossibleInput)
        raise fault(problem.detail, parameter="order") from None
