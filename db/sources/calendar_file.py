"""calendars.json: a list of calendars in, one checked row each out, with the line on which it begins."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final

from db import zones
from db.errors import BadInput, SetupFault
from db.sources.checks import BadCell, identifier
from db.sources.rows import CalendarRow

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_KEYS: Final = CalendarRow._fields
_SPACE: Final = re.compile(r"\s*")


def entries(text: str, name: str) -> Iterator[tuple[int, Any]]:
    """Each entry of the list with the line on which it begins.

    Raises: SetupFault, where the file is no JSON list.
    """
    try:
        if not isinstance(json.loads(text), list):
            raise SetupFault(f"The file {name} is not a JSON list; write the calendars as [{{...}}, {{...}}].")
    except ValueError as fault:
        raise SetupFault(f"The file {name} is not JSON: {fault}.") from None
    decoder = json.JSONDecoder()
    place = _skip(text, _skip(text, 0) + 1)
    while text[place] != "]":
        line = text.count("\n", 0, place) + 1
        value, place = decoder.raw_decode(text, place)
        yield line, value
        place = _skip(text, place)
        if text[place] == ",":
            place = _skip(text, place + 1)


def _skip(text: str, place: int) -> int:
    found = _SPACE.match(text, place)
    return found.end() if found else place


def calendar(entry: Any) -> CalendarRow:
    """The calendar of one entry, its spans in the order of the day.

    Raises: BadCell, for the first fault.
    """
    if not isinstance(entry, dict):
        raise BadCell("not a JSON object", text=str(entry))
    unknown = sorted(entry.keys() - set(_KEYS))
    if unknown:
        raise BadCell(f"an unknown key; allowed: {', '.join(_KEYS)}", unknown[0])
    zone = _zone(entry.get("zone"))
    given = entry.get("spans", {})
    if not isinstance(given, dict) or set(given) - set(DAYS):
        raise BadCell(f"not an object of days; allowed: {', '.join(DAYS)}", "spans", str(given))
    holidays = entry.get("holidays") or []
    if not isinstance(holidays, list):
        raise BadCell("not a list", "holidays", str(holidays))
    valid_from, valid_until = (_bound(entry.get(key), key) for key in ("valid_from", "valid_until"))
    if valid_from and valid_until and _instant(valid_from, zone) >= _instant(valid_until, zone):
        raise BadCell(f"not after valid_from ({valid_from})", "valid_until", valid_until)
    return CalendarRow(
        _name(entry.get("name")),
        zone,
        {day: _spans(given[day], "spans") for day in DAYS if day in given},
        _holidays(holidays),
        valid_from,
        valid_until,
    )


def _name(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise BadCell("is required and has to be a text", "name", str(given))
    return identifier(given)


def _zone(given: Any) -> str:
    try:
        return str(zones.zone_named(given if isinstance(given, str) else repr(given)))
    except BadInput:
        raise BadCell("not an IANA zone such as Europe/Berlin", "zone", str(given)) from None


def _spans(given: Any, column: str) -> list[list[str]]:
    if not isinstance(given, list):
        raise BadCell('not a list of spans such as ["09:00", "17:30"]', column, str(given))
    for span in given:
        well_formed = isinstance(span, list) and len(span) == 2 and all(_is_clock(word) for word in span)
        if not well_formed or span[0] >= span[1]:
            raise BadCell(
                'not a span from earlier to later such as ["09:00", "17:30"]; 24:00 may end it', column, str(span)
            )
    spans = sorted(given)
    for earlier, later in pairwise(spans):
        if earlier[1] > later[0]:
            raise BadCell("spans of one day overlap", column, f"{earlier} and {later}")
    return spans


def _is_clock(word: Any) -> bool:
    return isinstance(word, str) and _CLOCK.fullmatch(word) is not None


def _holidays(given: list[Any]) -> list[Any]:
    seen: set[str] = set()
    checked: list[Any] = []
    for holiday in given:
        whole = not isinstance(holiday, dict)
        if not whole and set(holiday) != {"date", "spans"}:
            raise BadCell("a holiday is a date or an object of date and spans", "holidays", str(holiday))
        day = holiday if whole else holiday["date"]
        if not _is_date(day):
            raise BadCell("not a date such as 2024-12-25", "holidays", str(day))
        if day in seen:
            raise BadCell("a holiday stands twice", "holidays", day)
        seen.add(day)
        checked.append(day if whole else {"date": day, "spans": _spans(holiday["spans"], "holidays")})
    return checked


def _is_date(day: Any) -> bool:
    try:
        return isinstance(day, str) and len(day) == 10 and bool(date.fromisoformat(day))
    except ValueError:
        return False


def _bound(given: Any, column: str) -> str | None:
    if given in (None, ""):
        return None
    try:
        if _is_date(given) or datetime.fromisoformat(given).tzinfo is not None:
            return str(given)
    except (TypeError, ValueError):
        pass
    raise BadCell("neither a local date nor a time with offset", column, str(given))


def _instant(bound: str, zone: str) -> datetime:
    if _is_date(bound):
        return zones.start_of_day(date.fromisoformat(bound), zones.zone_named(zone))
    return datetime.fromisoformat(bound)
