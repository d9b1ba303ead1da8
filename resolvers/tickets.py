"""The tickets behind a number: one page of them, with their names and a cursor to the next."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from db.directory import Entity
from db.errors import BadInput
from db.query import Dimension
from db.tickets import SORT_TYPES, Extra, Position, Sort, SortKey, SortValue
from resolvers import cursors
from resolvers.behind import Behind, ListAsked
from resolvers.loaders import Loaders

DEFAULT_SORT: Final = Sort(SortKey.AT, descending=True)
_ID_COLUMNS: Final[Mapping[Dimension, str]] = {
    Dimension.CATEGORY: "category_id",
    Dimension.TEAM: "team_id",
    Dimension.AGENT: "agent_id",
    Dimension.ORGANIZATION: "organization_id",
}
_LARGEST: Final[Mapping[str, int]] = {"int": 2**31 - 1, "bigint": 2**63 - 1}


@dataclass(frozen=True)
class TicketsWanted:
    """Which page is asked for, and what of its nodes."""

    first: int
    after: str | None
    sorts: tuple[Sort, ...]
    extras: frozenset[Extra]
    named: frozenset[Dimension]
    """The dimensions whose names are shown."""


@dataclass(frozen=True)
class Node:
    """One fact with its ticket: the store's columns, and the names of what it points to."""

    columns: Mapping[str, Any]
    entities: Mapping[tuple[Dimension, int], Entity | None]

    def entity(self, dimension: Dimension) -> Entity | None:
        """What the fact points to in a dimension; None where that is unset, withheld or not asked for."""
        return self.entities.get((dimension, self.columns.get(_ID_COLUMNS[dimension], 0)))

    @property
    def tags(self) -> list[Entity]:
        """The ticket's tags, in the order of their names."""
        found = [self.entities.get((Dimension.TAG, number)) for number in self.columns["tag_ids"] or ()]
        return sorted((tag for tag in found if tag), key=lambda tag: tag.name)


@dataclass(frozen=True)
class TicketList:
    """One page of nodes, how many there are in all, and where the next page begins."""

    total: int
    nodes: tuple[Node, ...]
    next_cursor: str | None


async def tickets(behind: Behind, loaders: Loaders, wanted: TicketsWanted) -> TicketList:
    """One page of the tickets behind a number.

    Raises: BadInput, for a cursor of another list; Forbidden, TooComplex, TimedOut, Unavailable.
    """
    sorts = wanted.sorts or (DEFAULT_SORT,)
    mark = _fingerprint(behind, sorts)
    after = _position(wanted.after, mark, sorts) if wanted.after is not None else None
    found = await loaders.tickets(ListAsked(behind, sorts, wanted.extras, wanted.first, after))
    ids = list(dict.fromkeys(pair for row in found.rows for pair in _ids(row, wanted.named)))
    entities = await loaders.entities(ids) if ids else {}
    cursor = _cursor(found.rows[-1], mark, sorts) if found.more else None
    return TicketList(found.total, tuple(Node(row, entities) for row in found.rows), cursor)


async def every_ticket(behind: Behind, loaders: Loaders, wanted: TicketsWanted) -> AsyncGenerator[list[Node]]:
    """All tickets behind a number, in batches as they are read; of the page asked for nothing is heeded.

    Raises: BadInput, Forbidden, TimedOut, Unavailable.
    """
    asked = ListAsked(behind, wanted.sorts or (DEFAULT_SORT,), wanted.extras, wanted.first, None)
    async with aclosing(loaders.every_ticket(asked, lambda row: _ids(row, wanted.named))) as batches:
        async for rows, entities in batches:
            yield [Node(row, entities) for row in rows]


def _ids(row: Mapping[str, Any], named: frozenset[Dimension]) -> list[tuple[Dimension, int]]:
    found = [(dimension, row[column]) for dimension, column in _ID_COLUMNS.items() if dimension in named]
    if Dimension.TAG in named:
        found += [(Dimension.TAG, number) for number in row["tag_ids"] or ()]
    return [pair for pair in found if pair[1]]


def _fingerprint(behind: Behind, sorts: Sequence[Sort]) -> str:
    """What a cursor must share with the list it is used on; the time of day is not part of it."""
    place = behind.place
    asked = place.slice
    zone = asked.zone.key
    parts = (
        (asked.scope, asked.condition, asked.attribution, asked.clock, zone),
        (place.window, place.group, behind.counted, tuple(sorts)),
    )
    return cursors.mark_of(parts)


def _cursor(row: Mapping[str, Any], mark: str, sorts: Sequence[Sort]) -> str:
    values = [row[f"s{number}"] for number in range(1, len(sorts) + 1)]
    return cursors.written(mark, [*values, row["ticket_id"], row["ordinal"]])


def _position(cursor: str, mark: str, sorts: Sequence[Sort]) -> Position:
    try:
        *values, ticket_id, ordinal = cursors.read(cursor, mark)
        found = tuple(_value(value, SORT_TYPES[sort.key]) for value, sort in zip(values, sorts, strict=True))
        return Position(found, _whole(ticket_id, "bigint"), _whole(ordinal, "int"))
    except (ValueError, TypeError):
        raise BadInput(
            "after: the cursor is not of this list: another number, order, filter, period or viewer. "
            "Give the `nextCursor` of the same list, or start again without it.",
            parameter="after",
        ) from None


def _value(value: Any, sql_type: str) -> SortValue:
    if value is None:
        return None
    if sql_type == "timestamptz":
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError
        return at
    return _whole(value, sql_type)


def _whole(value: Any, sql_type: str) -> int:
    if type(value) is not int or abs(value) > _LARGEST[sql_type]:
        raise ValueError
    return value
