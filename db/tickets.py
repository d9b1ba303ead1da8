"""What is asked about the tickets behind a number, as frozen values: which facts and columns, in which order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from db.access import BoundScope
from db.domain import Clock
from db.metric import Partial
from db.periods import Window
from db.query import Attribution, BoundFilter, Dimension


class Extra(Enum):
    """What a role may have to do without: it is in the SQL only where it is asked for and allowed."""

    AGENT = "agent_id"
    SCORE = "score"
    SUBJECT = "subject"
    REQUESTER = "requester"
    COMMENT = "comment"
    RESPONSE_TARGET = "response"
    RESOLUTION_TARGET = "resolution"


class SortKey(Enum):
    """What tickets are ordered by."""

    AT = "at"
    CREATED_AT = "created_at"
    DURATION = "duration"
    SCORE = "score"
    PRIORITY = "priority"


@dataclass(frozen=True)
class Sort:
    """One order; what is unknown comes last either way."""

    key: SortKey
    descending: bool


SortValue = datetime | int | None


@dataclass(frozen=True)
class Position:
    """A place in an ordered list: the values of its orders at one node, and the fact that breaks ties."""

    values: tuple[SortValue, ...]
    ticket_id: int
    ordinal: int


Group = tuple[tuple[Dimension, int], ...]
"""The store's ids that a group stands under, by dimension; of the whole, none."""


@dataclass(frozen=True)
class TicketQuery:
    """One page of the facts behind one number. Without a bound scope it cannot be made."""

    scope: BoundScope
    condition: BoundFilter
    attribution: Attribution
    clock: Clock
    zone: ZoneInfo
    as_of: datetime
    window: Window
    group: Group
    counted: Partial
    """A count or a stock."""
    sorts: tuple[Sort, ...]
    extras: frozenset[Extra]
    first: int
    after: Position | None


SORT_TYPES: Final[Mapping[SortKey, str]] = {
    SortKey.AT: "timestamptz",
    SortKey.CREATED_AT: "timestamptz",
    SortKey.DURATION: "int",
    SortKey.SCORE: "int",
    SortKey.PRIORITY: "int",
}
"""The SQL type of each order's values."""
