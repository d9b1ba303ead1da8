"""The words of support that the store keeps as small numbers: one enum a word, one code a member.

`UNSET` (0) stands wherever a fact's dimension is not set, so that no stored key is ever NULL.
"""

from __future__ import annotations

from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

UNSET: Final = 0
NEVER: Final = datetime.max.replace(tzinfo=UTC)
"""The due instant of a target whose clock stands still, or stopped for good before it ran out."""


class Word(IntEnum):
    """A code with the word that files, REST and tokens use for it."""

    @property
    def word(self) -> str:
        """The member's public spelling: `ON_HOLD` is `on_hold`."""
        return self.name.lower()


class Status(Word):
    """Where a ticket stands; the last three take it out of every metric."""

    NEW = 1
    OPEN = 2
    PENDING = 3
    ON_HOLD = 4
    RESOLVED = 5
    CLOSED = 6
    MERGED = 7
    SPAM = 8
    DELETED = 9


OPEN_STATUSES: Final = frozenset({Status.NEW, Status.OPEN, Status.PENDING, Status.ON_HOLD})
DONE_STATUSES: Final = frozenset({Status.RESOLVED, Status.CLOSED})
REPORTED_STATUSES: Final = OPEN_STATUSES | DONE_STATUSES


class Priority(Word):
    """How urgent a ticket is, lowest first."""

    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


class Channel(Word):
    """The way by which a ticket came."""

    EMAIL = 1
    WEB = 2
    CHAT = 3
    PHONE = 4
    API = 5
    SOCIAL = 6
    OTHER = 7


class EventKind(Word):
    """What can happen to a ticket."""

    STATUS_CHANGED = 1
    ASSIGNED = 2
    TEAM_CHANGED = 3
    CATEGORY_CHANGED = 4
    PRIORITY_CHANGED = 5
    PUBLIC_REPLY = 6
    PRIVATE_NOTE = 7
    SURVEY_SENT = 8


class ActorKind(Word):
    """Who did it."""

    AGENT = 1
    CUSTOMER = 2
    BOT = 3


class Clock(Word):
    """Which seconds are counted: all that pass, or those in which the desk is open."""

    CALENDAR = 1
    BUSINESS = 2


class Source(Word):
    """The kinds of facts (metrics.md, "Sources").

    The pairs ENTERED/LEFT and BREACH_ENTERED/BREACH_LEFT are the two ends of a status interval, and of the
    part of it past the resolution's due instant: a stock at an instant is the first kind's count less the
    second's, up to that instant. RESPONSE_DUE and RESOLUTION_DUE lie at the due instants of the targets, those
    still to come in the future.
    """

    CREATED = 1
    FIRST_RESPONSE = 2
    RESOLUTION = 3
    REOPEN = 4
    RATING = 5
    ENTERED = 6
    LEFT = 7
    BREACH_ENTERED = 8
    BREACH_LEFT = 9
    RESPONSE_DUE = 10
    RESOLUTION_DUE = 11
