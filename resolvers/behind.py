"""What stands behind a number, as frozen values: its place, the facts it counts, and a page of them as asked for.

Whatever shows numbers can say of each what is behind it: a `Behind`, or for a list of numbers a `Many`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from db.access import BoundScope
from db.errors import BadInput, TooComplex
from db.metric import Partial, PartialKind
from db.periods import Window
from db.query import BoundFilter, Slice
from db.tickets import Extra, Group, Position, Sort, TicketQuery
from resolvers.plan import knows_stock

MAX_LISTS = 20
"""The most lists of tickets that one operation may ask for; each costs a statement."""


class Place(NamedTuple):
    """Where a number stands: its slice, its window and its group."""

    slice: Slice
    window: Window
    group: Group = ()

    def of(self, counted: Partial) -> Behind:
        """What is behind a number here."""
        return Behind(self, counted)

    def during(self, window: Window) -> Place:
        """The same group of the same slice in another window."""
        return self._replace(window=window)


@dataclass(frozen=True)
class Behind:
    """The facts that a number's count counts."""

    place: Place
    counted: Partial

    @property
    def is_known(self) -> bool:
        """Whether the number can be known: a stock cannot everywhere."""
        asked = self.place.slice
        dimensions = (dimension for dimension, _ in self.place.group)
        stock = self.counted.kind is PartialKind.STOCK
        return not stock or knows_stock(asked.attribution, asked.as_of, dimensions, self.place.window)


@dataclass(frozen=True)
class Many:
    """What is behind each number of a list, found when one is asked for. Shape: that of the list."""

    shape: tuple[int, ...]
    find: Callable[[tuple[int, ...]], Behind]
    """What is behind the number at a place, from 0 in each dimension."""


Found = Behind | Many | None
"""What is behind the number, or the list of numbers, of one name; None where there is no number."""


def number_at(found: Found, name: str, at: Sequence[int]) -> Behind | None:
    """What is behind one number: the one of that name, or the one at a place of the list of that name.

    Raises: BadInput, for a place that the list does not have, none in a list, and one in what is no list.
    """
    if not isinstance(found, Many):
        if at:
            raise BadInput(f"at {list(at)}: {name} is one number, no list. Leave `at` out.", parameter="at")
        return found
    if len(at) != len(found.shape) or not all(0 <= place < size for place, size in zip(at, found.shape, strict=True)):
        sizes = " x ".join(map(str, found.shape))
        ranges = ", ".join(f"0 to {size - 1}" for size in found.shape)
        raise BadInput(
            f"at {list(at)} is no place in {name}, which has {sizes} numbers. Give one place: [{ranges}].",
            parameter="at",
        )
    return found.find(tuple(at))


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
