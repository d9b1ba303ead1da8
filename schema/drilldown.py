"""The field `tickets` of everything that shows numbers: `of` names the number, `at` its place in a list of them.

An object with one number keeps what is behind it as `_behind`; one with several keeps `_each`, which finds it by name.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

import strawberry
from strawberry.types import Info

from resolvers.behind import number_at
from schema.context import RequestContext
from schema.tickets import PAGE, TicketOrder, TicketPage, tickets_behind

_BEHIND = "The facts behind the number, one node each; null where it cannot be known."
_OF = " `of` names the number."
_AT = " `at` is its place in a list of numbers, from 0 in each dimension."


def tickets_field() -> Any:
    """The field of an object with one number."""

    async def tickets(
        self: Any,
        info: Info[RequestContext, Any],
        first: int = PAGE,
        after: str | None = None,
        order_by: list[TicketOrder] | None = None,
    ) -> TicketPage | None:
        return await tickets_behind(self._behind, info, first, after, order_by or [])

    return strawberry.field(resolver=tickets, description=_BEHIND)


def tickets_field_of(numbers: type[Enum]) -> Any:
    """The field of an object with several numbers."""

    async def tickets(
        self: Any,
        info: Info[RequestContext, Any],
        *,
        of: Enum,
        first: int = PAGE,
        after: str | None = None,
        order_by: list[TicketOrder] | None = None,
    ) -> TicketPage | None:
        return await tickets_behind(number_at(self._each(of), of.name, ()), info, first, after, order_by or [])

    return strawberry.field(resolver=_naming(tickets, numbers), description=_BEHIND + _OF)


def tickets_field_at(numbers: type[Enum]) -> Any:
    """The field of an object with several numbers, some of them in lists."""

    async def tickets(
        self: Any,
        info: Info[RequestContext, Any],
        *,
        of: Enum,
        at: list[int] | None = None,
        first: int = PAGE,
        after: str | None = None,
        order_by: list[TicketOrder] | None = None,
    ) -> TicketPage | None:
        return await tickets_behind(number_at(self._each(of), of.name, at or ()), info, first, after, order_by or [])

    return strawberry.field(resolver=_naming(tickets, numbers), description=_BEHIND + _OF + _AT)


def _naming(resolver: Any, numbers: type[Enum]) -> Any:
    """The resolver with the type of its `of`, which may be left out where a number is called COUNT."""
    resolver.__annotations__["of"] = numbers
    if "COUNT" in numbers.__members__:
        resolver.__kwdefaults__["of"] = numbers["COUNT"]
    return resolver
