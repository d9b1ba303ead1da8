"""An order that is not carried out at once: checked as the export route checks its body."""

from __future__ import annotations

import json

from rest_compat.export.body import MAX_BODY_BYTES, order_of
from rest_compat.export.formats import FORMATS, OF_SOME
from rest_compat.export.order import Order
from rest_compat.problems import Kind, Problem
from schema.public import BadInput, ImpossibleInput, Ordered


def ordered(body: str, format_: str | None = None) -> Ordered:
    """The order, which was found sound; as one of another format, where one is named.

    Raises: BadInput, with every fault.
    """
    if len(body.encode()) > MAX_BODY_BYTES:
        raise BadInput(f"The order is larger than {MAX_BODY_BYTES} bytes. Send a smaller one.", parameter="order")
    if format_ is not None:
        body = _as(body, format_)
    try:
        order = order_of(body.encode())
    except Problem as problem:
        fault = ImpossibleInput if problem.kind is Kind.IMPOSSIBLE_INPUT else BadInput
        told = " ".join(one.message for one in problem.faults) or problem.detail
        raise fault(told, parameter="order") from None
    return ordered_as(order, body)


def _as(body: str, format_: str) -> str:
    """A sound order for another format, without what that one does not heed."""
    heeded = FORMATS[format_].options if format_ in FORMATS else frozenset()
    members = {name: value for name, value in json.loads(body).items() if name not in OF_SOME - heeded}
    return json.dumps({**members, "format": format_})


def ordered_as(order: Order, body: str) -> Ordered:
    """The order as it is kept."""
    return Ordered(body, order.asked.report.value, order.format.name)
