"""How one value of a parameter is read: text in, the GraphQL variable out, or why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final
from urllib.parse import unquote

from schema.enums import GroupBy, MetricName
from schema.public import METRICS, DeskgraphError, SortKey

MAX_LIMIT: Final = 500
MAX_TEXT: Final = 2_000
MAX_SECONDS: Final = 2**31 - 1
NAME: Final = "name"
"""Sorting by this is sorting by the agent's name."""
UNSET: Final = "none"
"""What stands for nothing: in a filter, in a key."""
SORTS: Final[Mapping[str, Mapping[str, str]]] = {
    **{metric.value: {"metric": metric.name} for metric in MetricName},
    NAME: {"dimension": "AGENT"},
}
_NEVER_STORED: Final = re.compile("[\x00\ud800-\udfff]")
_WHOLE: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_SPACED_OFFSET: Final = re.compile(r"(\d\d\d\d-\d\d-\d\d[T ]\d\d:\d\d\S*) (\d\d:?\d\d)", re.ASCII)

_BOUND: Final = re.compile(r"([A-Za-z]+) *(>=|<=) *(-?[0-9]{1,15}(?:\.[0-9]{1,15})?)", re.ASCII)
_BUCKET: Final = re.compile(r"([0-9]{1,10})-([0-9]{0,10})", re.ASCII)

Read = Callable[[str], Any]


class Refused(ValueError):
    """A value that cannot be used; the message says why and what can."""


def text(value: str) -> str:
    """The text itself. Raises: Refused, where no source could have given it."""
    if len(value) > MAX_TEXT:
        raise Refused(f"is {len(value)} characters long. Give at most {MAX_TEXT}.")
    if _NEVER_STORED.search(value):
        raise Refused(f"{value!r} holds a character that no stored text can hold. Leave it out.")
    return value


def word(words: Collection[str]) -> Read:
    """A reader of one of some words, which gives the GraphQL enum's value."""

    def read(value: str) -> str:
        if value not in words:
            raise Refused(f"{value!r} is not known. Allowed: {', '.join(words)}.")
        return value.upper()

    return read


def filter_word(words: Collection[str]) -> Read:
    """A reader of one of a filter's fixed words, or `none`."""

    def read(value: str) -> str:
        if value not in words and value != UNSET:
            raise Refused(f"{value!r} is not known. Allowed: {', '.join(words)}, or none for what is unset.")
        return value

    return read


def comparison(words: Collection[str]) -> Read:
    """A reader of a comparison, or `none`. Shape: a list of at most one."""

    def read(value: str) -> list[str]:
        return [] if value == "none" else [word(["none", *words])(value)]

    return read


def checked(check: Callable[[str], None]) -> Read:
    """A reader that leaves the judgement to the public language's own check."""

    def read(value: str) -> str:
        try:
            check(text(value))
        except DeskgraphError as fault:
            raise Refused(fault.message) from None
        return value

    return read


def instant(check: Callable[[str], None]) -> Read:
    """A reader of a time. TRICKY: a `+` that was not sent as %2B arrives as a space; in a time it can only be that."""
    read = checked(check)

    def read_instant(value: str) -> str:
        spaced = _SPACED_OFFSET.fullmatch(value)
        return str(read("+".join(spaced.groups()) if spaced else value))

    return read_instant


def whole(low: int, high: int) -> Read:
    """A reader of a whole number in [low, high]."""

    def read(value: str) -> int:
        if not _WHOLE.fullmatch(value) or not low <= int(value) <= high:
            raise Refused(f"{value!r} is out of range. Give a whole number from {low} to {high}.")
        return int(value)

    return read


def seconds(value: str) -> list[int]:
    """Whole seconds, separated by commas; how they lie to each other GraphQL checks."""
    parts = [part.strip() for part in value.split(",")]
    if not all(_WHOLE.fullmatch(part) and int(part) <= MAX_SECONDS for part in parts):
        raise Refused(f"{value!r} cannot be used. Give ascending whole seconds, such as 0,3600,86400.")
    return [int(part) for part in parts]


def metric(value: str) -> str:
    """The public name of a metric."""
    if value not in METRICS:
        raise Refused(f"{value!r} is not known. Allowed: {', '.join(METRICS)}.")
    return value


def metric_or_detail(value: str) -> tuple[str, str | None]:
    """A metric, or with a dot one of the numbers beside it, such as avgResponseTime.p90."""
    name, dot, detail = value.partition(".")
    details = METRICS[metric(name)].details
    known = [one.name for one in details.numbers] if details else []
    if dot and detail not in known:
        raise Refused(f"{value!r} is not known. Beside {name} stand: {', '.join(known) or 'no further numbers'}.")
    return name, detail or None


def bound(value: str) -> dict[str, Any]:
    """A bound on a metric: its name, >= or <=, and a number."""
    found = _BOUND.fullmatch(value)
    if not found:
        raise Refused(f"{value!r} is no bound. Give a metric, >= or <=, and a number, such as ticketsCreated>=10.")
    name, sign, limit = found.groups()
    return {"metric": MetricName(metric(name)).name, "gte" if sign == ">=" else "lte": float(limit)}


def dimension(value: str) -> str:
    """What rows are grouped by."""
    return str(word([one.value for one in GroupBy])(value))


def row(value: str) -> list[tuple[str, str | None]]:
    """The keys of one row of a report of one's own: dimension:id, separated by commas; none for what is unset."""
    groups = [one.value for one in GroupBy if one is not GroupBy.TIME]
    pairs = [part.split(":") for part in value.split(",")]
    names = [pair[0] for pair in pairs]
    if any(len(pair) != 2 or pair[0] not in groups or not pair[1] for pair in pairs) or len({*names}) < len(names):
        raise Refused(
            f"{value!r} is no row. Give what it is of once each, such as day_of_week:1,hour_of_day:9, with ids"
            f" percent-encoded and none for what is unset. Allowed: {', '.join(groups)}."
        )
    return [(name.upper(), None if id_ == UNSET else text(unquote(id_))) for name, id_ in pairs]


def order_of_groups(value: str) -> list[dict[str, str]]:
    """An order of grouped rows: a metric or what they are grouped by."""
    name = value.removeprefix("-")
    direction = "ASC" if name == value else "DESC"
    if name in METRICS:
        return [{"metric": MetricName(name).name, "direction": direction}]
    return [{"dimension": dimension(name), "direction": direction}]


def order_of_tickets(value: str) -> list[dict[str, str]]:
    """An order of tickets."""
    name = value.removeprefix("-")
    words = [one.value for one in SortKey]
    return [{"by": word(words)(name), "direction": "ASC" if name == value else "DESC"}]


def place(shape: tuple[int, ...], first: int = 0) -> Read:
    """A reader of a place in a list of numbers: whole numbers with a `-` between, from `first` in each dimension."""

    def read(value: str) -> list[int]:
        parts = value.split("-")
        sound = len(parts) == len(shape) and all(_WHOLE.fullmatch(part) for part in parts)
        numbers = [int(part) - first for part in parts] if sound else []
        if not sound or not all(0 <= number < size for number, size in zip(numbers, shape, strict=True)):
            ranges = "-".join(f"({first} to {size - 1 + first})" for size in shape)
            raise Refused(f"{value!r} is no place. Give {ranges}.")
        return numbers

    return read


def bucket(value: str) -> tuple[int, int | None]:
    """Durations from so many seconds to below so many, such as 900-1800; 86400- has no upper end."""
    found = _BUCKET.fullmatch(value)
    low, high = (int(found[1]), int(found[2]) if found[2] else None) if found else (0, 0)
    if not found or (high is not None and high <= low) or max(low, high or 0) > MAX_SECONDS:
        raise Refused(f"{value!r} is no bucket. Give its seconds from and to, such as 900-1800, or 86400- for no end.")
    return low, high


def order(value: str) -> list[dict[str, str]]:
    """An order of rows: a metric, ascending, or descending with a `-` before it."""
    name = value.removeprefix("-")
    if name not in SORTS:
        raise Refused(f"{value!r} is not known. Allowed, with - before it for descending: {', '.join(SORTS)}.")
    return [{**SORTS[name], "direction": "ASC" if name == value else "DESC"}]
