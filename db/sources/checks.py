"""The cells of the import format, checked: text in, typed values out, or the reason why not.

A converter gets a cell that is not empty; what an empty cell stands for is the column's default.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from db import zones
from db.domain import ActorKind, Channel, Clock, EventKind, Priority, Status, Word

Convert = Callable[[str], Any]

ID_LENGTH: Final = 512
"""Unit: characters. Ids are indexed, and an index entry has to fit a third of a page."""

INTEGER_MAX: Final = 2**31 - 1
CACHED_TIMES: Final = 65_536
CACHED_WORDS: Final = 65_536
_INTEGER = re.compile(r"-?[0-9]+")
_DIGITS: Final = frozenset("0123456789")
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}
_SCORES: Final = {str(score): score for score in range(1, 6)}
_MATCH_KEYS: Final = ("priority", "category", "organization")
_WordType = TypeVar("_WordType", bound=Word)


class BadCell(Exception):
    """A cell, or what it says beside another one of its row, cannot go in."""

    def __init__(self, reason: str, column: str = "", text: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.column = column
        self.text = text


class Cell(Enum):
    """What a column holds."""

    ID = "id"
    TEXT = "text"
    TIME = "time"
    STATUS = "status"
    PRIORITY = "priority"
    CHANNEL = "channel"
    EVENT_KIND = "event kind"
    ACTOR_KIND = "actor kind"
    CLOCK = "clock"
    TAGS = "tags"
    STATUSES = "statuses"
    COUNT = "count"
    SCORE = "score"
    FLAG = "flag"
    MATCH = "match"


@dataclass(frozen=True)
class Match:
    """Whom an SLA policy is for; what is None is for all."""

    priority: Priority | None = None
    category: str | None = None
    organization: str | None = None


@dataclass(frozen=True)
class TimeFormat:
    """How a file writes its times: `iso`, `epoch_seconds`, `epoch_milliseconds` or a strptime format."""

    spelling: str = "iso"
    zone: ZoneInfo | None = None
    """The zone of times that name no offset; without it they are rejected."""


ISO: Final = TimeFormat()
"""Times of the import format: ISO 8601 with offset."""


def text(cell: str) -> str:
    """The cell, where PostgreSQL can store it."""
    if "\0" in cell:
        raise BadCell("has a NUL byte, which cannot be stored; remove it")
    if not cell.isascii():
        try:
            cell.encode()
        except UnicodeEncodeError:
            raise BadCell("is not valid UTF-8; save the file as UTF-8, or name its encoding in the mapping") from None
    return cell


def identifier(cell: str) -> str:
    """The cell, where it is short enough to be an id."""
    if len(cell) <= ID_LENGTH and cell.isascii() and "\0" not in cell:  # nearly every id, without another call
        return cell
    if len(cell) > ID_LENGTH:
        raise BadCell(f"an id of {len(cell)} characters; at most {ID_LENGTH} are allowed")
    return text(cell)


_FIRST: Final = datetime(2, 1, 1, tzinfo=UTC)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_OUTSIDE: Final = "the time lies outside the years 2 to 9999"


def time(cell: str) -> datetime:
    """The instant of an ISO 8601 time with offset, in UTC."""
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise BadCell("not an ISO 8601 time such as 2024-01-31T09:30:00Z") from None
    if at.tzinfo is UTC:
        return _storable(at)
    if at.tzinfo is None:
        raise BadCell(
            "the time has no offset; write one (2024-01-31T09:30:00+01:00 or Z), or give a zone in the mapping"
        )
    return _in_utc(at)


def _in_utc(at: datetime) -> datetime:
    try:
        return _storable(at.astimezone(UTC))
    except OverflowError:
        raise BadCell(_OUTSIDE) from None


def _storable(at: datetime) -> datetime:
    """The instant. TRICKY: the driver stores the least and the last of Python's as infinite, and reads them back so."""
    if not _FIRST <= at < _LAST:
        raise BadCell(_OUTSIDE)
    return at


def count(cell: str) -> int:
    """A whole number that is not negative and fits the store's integers."""
    if cell in _DIGITS:
        return int(cell)
    if not _INTEGER.fullmatch(cell):
        raise BadCell("not a whole number")
    number = int(cell) if len(cell) < 20 else INTEGER_MAX + 1
    if not 0 <= number <= INTEGER_MAX:
        raise BadCell(f"out of range; 0 to {INTEGER_MAX} is allowed")
    return number


def score(cell: str) -> int:
    """The answer to a survey."""
    try:
        return _SCORES[cell]
    except KeyError:
        raise BadCell("not a score; a whole number from 1 to 5 is allowed") from None


def flag(cell: str) -> bool:
    """A yes or no."""
    try:
        return _FLAGS[cell]
    except KeyError:
        raise BadCell("not a boolean; true and false are allowed") from None


def _word(words: type[_WordType], name: str) -> Callable[[str], _WordType]:
    """A converter of one enum's words."""
    members = {member.word: member for member in words}
    allowed = ", ".join(members)

    def read(cell: str) -> _WordType:
        try:
            return members[cell]
        except KeyError:
            raise BadCell(f"unknown {name}; allowed: {allowed}") from None

    return read


status = _word(Status, "status")
priority = _word(Priority, "priority")


@lru_cache(maxsize=CACHED_WORDS)
def parts(cell: str, separator: str = "|") -> tuple[str, ...]:
    """The separated words, each once, without the spaces around them."""
    words = dict.fromkeys(word.strip() for word in cell.split(separator))
    return tuple(identifier(word) for word in words if word)


def statuses(cell: str) -> tuple[Status, ...]:
    """The statuses on which a policy's clock pauses."""
    return tuple(status(word) for word in parts(cell))


def match(cell: str) -> Match:
    """Whom a policy is for: `priority=high;category=billing`."""
    wanted: dict[str, str] = {}
    for condition in cell.split(";"):
        key, equals, value = (part.strip() for part in condition.partition("="))
        if not equals or not value:
            raise BadCell(f"the condition {condition!r} is not key=value; separate conditions by ;")
        if key not in _MATCH_KEYS:
            raise BadCell(f"unknown key {key!r} in the match; allowed: {', '.join(_MATCH_KEYS)}")
        if key in wanted:
            raise BadCell(f"the key {key!r} stands twice in the match; give it once")
        wanted[key] = identifier(value)
    urgency = wanted.get("priority")
    return Match(priority(urgency) if urgency else None, wanted.get("category"), wanted.get("organization"))


CONVERTERS: Final[dict[Cell, Convert]] = {
    Cell.ID: identifier,
    Cell.TEXT: text,
    Cell.TIME: time,
    Cell.STATUS: status,
    Cell.PRIORITY: priority,
    Cell.CHANNEL: _word(Channel, "channel"),
    Cell.EVENT_KIND: _word(EventKind, "kind"),
    Cell.ACTOR_KIND: _word(ActorKind, "actor_kind"),
    Cell.CLOCK: _word(Clock, "clock"),
    Cell.TAGS: parts,
    Cell.STATUSES: statuses,
    Cell.COUNT: count,
    Cell.SCORE: score,
    Cell.FLAG: flag,
    Cell.MATCH: match,
}


def check_of(cell: Cell, form: TimeFormat) -> Convert:
    """The converter of what a column holds, its times written so."""
    return time_converter(form) if cell is Cell.TIME else CONVERTERS[cell]


@lru_cache(maxsize=64)
def time_converter(form: TimeFormat) -> Convert:
    """A converter of a mapping's times, the same one for all columns that write them so.

    TRICKY: a wall time that the change to winter time repeats is its first occurrence; one that the change to
    summer time skips is the first instant after the gap (`db.zones`).
    """
    if form == ISO:
        return time
    parse = _EPOCHS.get(form.spelling) or _wall_clock(form)
    return lru_cache(maxsize=CACHED_TIMES)(parse)


def _wall_clock(form: TimeFormat) -> Convert:
    iso, zone = form.spelling == "iso", form.zone

    def parse(cell: str) -> datetime:
        try:
            at = datetime.fromisoformat(cell) if iso else datetime.strptime(cell, form.spelling)  # noqa: DTZ007 the zone follows
        except ValueError:
            wanted = "an ISO 8601 time" if iso else f"a time of the form {form.spelling}"
            raise BadCell(f"not {wanted}") from None
        if at.tzinfo is not None:
            return _in_utc(at)
        if zone is None:
            raise BadCell("the time has no offset; give the zone it is in in the mapping")
        try:
            return _storable(zones.instant(at, zone))
        except OverflowError:
            raise BadCell(_OUTSIDE) from None

    return parse


def _epoch(per_second: int) -> Convert:
    def parse(cell: str) -> datetime:
        try:
            return _storable(datetime.fromtimestamp(float(cell) / per_second, UTC))
        except (ValueError, OverflowError, OSError):
            raise BadCell("not a number of seconds since 1970 that stands for a time") from None

    return parse


_EPOCHS: Final = {"epoch_seconds": _epoch(1), "epoch_milliseconds": _epoch(1000)}
