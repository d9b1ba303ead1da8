"""An order that is not carried out at once: checked as the export route checks its body."""

from __future__ import annotations

from rest_compat.export.body import MAX_BODY_BYTES, order_of
from rest_compat.export.order import Order
from rest_compat.problems import Kind, Problem
from schema.public import BadInput, ImpossibleInput, Ordered


def ordered(body: str) -> Ordered:
    """The order, which was found sound.

    Raises: BadInput, with every fault.
    """
    if len(body.encode()) > MAX_BODY_BYTES:
        raise BadInput(f"The order is larger than {MAX_BODY_BYTES} bytes. Send a smaller one.", parameter="order")
    try:
        order = order_of(body.encode())
    except Problem as problem:
        fault = ImpossibleInput if problem.kind is Kind.IMPOSSIBLE_INPUT else BadInput
        told = " ".join(one.message for one in problem.faults) or problem.detail
        raise fault(told, parameter="order") from None
    return ordered_as(order, body)


def ordered_as(order: Order, body: str) -> Ordered:
    """The order as it is kept."""
    return Ordered(body, order.asked.report.value, order.format.name)
