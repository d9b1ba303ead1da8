"""How one value of a parameter is read: text in, the GraphQL variable out, or why it cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from schema.enums import MetricName
from schema.public import DeskgraphError

MAX_LIMIT: Final = 500
MAX_TEXT: Final = 2_000
MAX_SECONDS: Final = 2**31 - 1
NAME: Final = "name"
"""Sorting by this is sorting by the agent's name."""
SORTS: Final[Mapping[str, Mapping[str, str]]] = {
    **{metric.value: {"metric": metric.name} for metric in MetricName},
    NAME: {"dimension": "AGENT"},
}
_NEVER_STORED: Final = re.compile("[\x00\ud800-\udfff]")
_WHOLE: Final = re.compile(r"[0-9]{1,10}", re.ASCII)
_SPACED_OFFSET: Final = re.compile(r"(\d\d\d\d-\d\d-\d\d[T ]\d\d:\d\d\S*) (\d\d:?\d\d)", re.ASCII)

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
        if value not in words and value != "none":
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


def order(value: str) -> list[dict[str, str]]:
    """An order of rows: a metric, ascending, or descending with a `-` before it."""
    name = value.removeprefix("-")
    if name not in SORTS:
        raise Refused(f"{value!r} is not known. Allowed, with - before it for descending: {', '.join(SORTS)}.")
    return [{**SORTS[name], "direction": "ASC" if name == value else "DESC"}]
