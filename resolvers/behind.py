"""What stands behind a number, as frozen values: its place, the facts it counts, and a page of them as asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.access import BoundScope
from db.errors import TooComplex
from db.metric import Partial
from db.periods import Window
from db.query import BoundFilter, Slice
from db.tickets import Extra, Group, Position, Sort, TicketQuery

MAX_LISTS = 20
"""The most lists of tickets that one operation may ask for; each costs a statement."""


@dataclass(frozen=True)
class Place:
    """Where a number stands: its slice, its window and its group."""

    slice: Slice
    window: Window
    group: Group = ()


@dataclass(frozen=True)
class Behind:
    """The facts that a number's count counts."""

    place: Place
    counted: Partial


@dataclass(frozen=True)
class ListAsked:
    """A page of what stands behind a number."""

    behind: Behind
    sorts: tuple[Sort, ...]
    extras: frozenset[Extra]
    first: int
    after: Position | None

    def query(self, scope: BoundScope, condition: BoundFilter) -> TicketQuery:
        """The page as a query."""
        asked = self.behind.place.slice
        return TicketQuery(
            scope=scope,
            condition=condition,
            attribution=asked.attribution,
            clock=asked.clock,
            zone=asked.zone,
            as_of=asked.as_of,
            window=self.behind.place.window,
            group=self.behind.place.group,
            counted=self.behind.counted,
            sorts=self.sorts,
            extras=self.extras,
            first=self.first,
            after=self.after,
        )


@dataclass(frozen=True)
class Listed:
    """A page's rows, whether a page follows, and how many facts there are in all."""

    total: int
    rows: tuple[Any, ...]
    more: bool


def listed(asked: ListAsked, rows: Sequence[Any]) -> Listed:
    """What a page's statement brought."""
    nodes = [row for row in rows if row["ticket_id"] is not None]
    return Listed(rows[0]["total"], tuple(nodes[: asked.first]), len(nodes) > asked.first)


def too_many(lists: int) -> TooComplex:
    """The refusal of more lists than one operation may ask for."""
    return TooComplex(
        f"tickets is asked for behind {lists} numbers, more than the {MAX_LISTS} of one operation. Ask for fewer rows "
        "(`first`), for tickets behind fewer numbers, or in several requests."
    )
