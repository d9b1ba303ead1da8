"""Calendars as rows of a SELECT: their spans and holidays are JSON, as calendars.json has them."""

from __future__ import annotations

import json
from typing import Any, Final

from db.sources.calendar_file import calendar
from db.sources.checks import BadCell, Cell
from db.sources.columns import Column, Format
from db.sources.rows import CalendarRow

_IN_JSON: Final = ("spans", "holidays")


def _calendar(values: list[Any]) -> CalendarRow:
    entry = dict(zip(CalendarRow._fields, values, strict=True))
    for name in _IN_JSON:
        try:
            entry[name] = json.loads(entry[name] or "[]")
        except ValueError as fault:
            raise BadCell(f"not JSON: {fault}", name, str(entry[name])) from None
    return calendar(entry)


CALENDARS: Final = Format(
    (
        Column("name", Cell.ID, required=True),
        Column("zone", Cell.TEXT, required=True),
        Column("spans", Cell.TEXT, required=True),
        Column("holidays", Cell.TEXT),
        Column("valid_from", Cell.TEXT),
        Column("valid_until", Cell.TEXT),
    ),
    _calendar,
)
