"""How the web UI writes numbers, by rules of the tests' own, and how its tables are read."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from playwright.async_api import Locator

NONE = "\N{EM DASH}"
MINUS = "\N{MINUS SIGN}"
COUNTED = ("TICKETS", "EVENTS")
MINUTES_A_DAY = 24 * 60
WORDS = {"on_hold": "On hold", "api": "API"}
FEW = 30
"""Of fewer facts a change says little."""


def nearest(value: float) -> int:
    """A whole number, a half upwards."""
    return math.floor(value + 0.5)


def rounded(value: float, places: str) -> Decimal:
    """A number as browsers round it: a half goes away from zero."""
    return Decimal(repr(value)).quantize(Decimal(places), ROUND_HALF_UP)


def percent(ratio: float, places: str) -> Decimal:
    """A share in percent."""
    return (Decimal(repr(ratio)) * 100).quantize(Decimal(places), ROUND_HALF_UP)


def counted(value: float | None) -> str:
    """A count."""
    return NONE if value is None else f"{nearest(value):,}"


def share(ratio: float | None) -> str:
    """A share with one decimal."""
    return NONE if ratio is None else f"{percent(ratio, '0.1')}%"


def lasting(seconds: float | None) -> str:
    """A duration, in its two largest units at most."""
    if seconds is None:
        return NONE
    if seconds < 59.5:
        return f"{nearest(seconds)} s"
    minutes = nearest(seconds / 60)
    if minutes < MINUTES_A_DAY:
        parts = [(minutes // 60, "h"), (minutes % 60, "min")]
    else:
        days, hours = divmod(nearest(seconds / 3_600), 24)
        parts = [(days, "d"), (hours, "h")]
    return " ".join(f"{count:,} {unit}" for count, unit in parts if count)


def written(value: float | None, unit: str) -> str:
    """A number by its metric's unit."""
    if value is None:
        return NONE
    if unit == "SCORE":
        return f"{rounded(value, '0.1')}"
    return {"SECONDS": lasting, "RATIO": share}.get(unit, counted)(value)


def exact(value: float, unit: str) -> str:
    """A number as its tooltip tells it."""
    if unit == "SECONDS":
        return f"{nearest(value):,} s"
    places = percent(value, "0.0001") if unit == "RATIO" else rounded(value, "0.0001")
    text = f"{places:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + "%" * (unit == "RATIO")


def mark(change: float) -> str:
    """A change: its arrow and its size."""
    if abs(change) < 0.0005:
        return "→0.0%"
    sign, arrow = ("+", "↑") if change > 0 else (MINUS, "↓")
    return f"{arrow}{sign}{percent(abs(change), '0.1'):,}%"


def before(value: Mapping[str, Any], unit: str) -> str:
    """How the note of a change begins."""
    few = value["count"] is not None and value["count"] < FEW
    return f"{written(value['previous'], unit)} before." + f" Only {value['count']} behind it" * few


def word(id_: str | None, unset: str) -> str:
    """What is said for a fixed value."""
    if id_ is None:
        return unset
    return WORDS.get(id_.lower()) or id_.lower().replace("_", " ").capitalize()


def day(start: str, *, year: bool = True) -> str:
    """1 Sept 2026."""
    at = date.fromisoformat(start[:10])
    return f"{at.day} {'Sept' if at.month == 9 else f'{at:%b}'}" + f" {at.year}" * year


def long_day(start: str) -> str:
    """Tue, 1 Sept 2026."""
    return f"{date.fromisoformat(start[:10]):%a}, {day(start)}"


def instant(at: str, zone: str = "Europe/Berlin") -> str:
    """1 Sept 2026, 14:05."""
    there = datetime.fromisoformat(at).astimezone(ZoneInfo(zone))
    return f"{day(there.date().isoformat())}, {there:%H:%M}"


async def table_of(place: Locator) -> list[list[str]]:
    """The rows of the table in a place, its head first, cells as they are written."""
    found = await place.locator("table").evaluate(
        "table => [...table.rows].map(row => [...row.cells].map(cell => cell.textContent.replace(/\\s+/g, ' ').trim()))"
    )
    return [[str(text) for text in row] for row in found]


def columns_in(table: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    """A table's columns by their heads."""
    head, *rows = table
    return {name: [row[at] for row in rows] for at, name in enumerate(head)}


async def columns_of(card: Locator) -> dict[str, list[str]]:
    """The columns of the table behind a card's chart, by their heads."""
    return columns_in(await table_of(card))


async def said(place: Locator) -> str:
    """The text of a place, with single spaces."""
    return " ".join((await place.inner_text()).split())
