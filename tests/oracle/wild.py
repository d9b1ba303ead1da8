"""The demo's tickets under calendars and policies that no desk would wish for.

Five zones, among them one that changes its time by half an hour; nights that the change of time cuts into; versions
that overlap, and one that ends for good; holidays that are half a day; a policy for nearly every kind of ticket,
each with a calendar and pauses of its own; due instants that the tickets bring with them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final

from db.domain import Clock, Priority, Status
from db.sources.demo import DemoSource
from db.sources.rows import CalendarRow, Read, RowKind, SlaPolicyRow, TicketRow

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOUR: Final = 3600


def _on(days: tuple[str, ...], *spans: tuple[str, str]) -> dict[str, Any]:
    return {day: [list(span) for span in spans] for day in days}


_OFFICE: Final = _on(_DAYS[:5], ("08:00", "12:30"), ("13:30", "18:00"))
CALENDARS: Final = (
    # The desk moves its hours in spring; other versions are laid over both of them, and over the first alone.
    CalendarRow("north", "Europe/Berlin", _OFFICE, ["2026-04-03", "2026-04-06"], None, "2026-04-20"),
    CalendarRow("north", "Europe/Berlin", _on(_DAYS[:5], ("09:00", "17:00")), [], "2026-04-20", None),
    CalendarRow("north", "Europe/Berlin", _on(_DAYS, ("07:00", "09:15")), [], "2026-04-15T10:20+02:00", "2026-04-25"),
    CalendarRow("north", "Europe/Paris", _on(_DAYS[:5], ("10:00", "11:00")), [], "2026-03-09", "2026-03-16T08:30Z"),
    # Open at night: on 8 March 2026 the hour from 2:00 to 3:00 is not there.
    CalendarRow("nights", "America/Chicago", _on(_DAYS, ("00:00", "06:30"), ("21:45", "24:00")), [], None, None),
    CalendarRow(
        "valley", "Asia/Kathmandu", _on((*_DAYS[:4], "sun"), ("10:15", "17:45")),
        ["2026-03-19", {"date": "2026-04-14", "spans": [["10:15", "11:00"], ["16:00", "24:00"]]}], None, None,
    ),
    # On 5 April 2026 the half hour before 2:00 comes twice.
    CalendarRow("island", "Australia/Lord_Howe", _on(_DAYS, ("01:15", "01:50"), ("09:00", "11:00")), [], None, None),
    CalendarRow("default", "UTC", _on(_DAYS, ("00:00", "24:00")), ["2026-05-01"], "2026-03-03", "2026-08-31"),
)  # fmt: skip
_PAUSES: Final = (Status.PENDING, Status.ON_HOLD)


def _policy(name: str, answer: float, solve: float | None, calendar: str | None, **matches: Any) -> SlaPolicyRow:
    match = {f"match_{what}": value for what, value in matches.items()}
    row = SlaPolicyRow(name, None, None, None, None, None, Clock.BUSINESS, (), calendar)
    solve_seconds = None if solve is None else int(solve * _HOUR)
    return row._replace(first_response_seconds=int(answer * _HOUR), resolution_seconds=solve_seconds, **match)


POLICIES: Final = (
    _policy("high", 3, 20, "nights", priority=Priority.HIGH)._replace(pause_on=_PAUSES),
    _policy("urgent", 0.5, 4, None, priority=Priority.URGENT)._replace(clock=Clock.CALENDAR, pause_on=_PAUSES),
    _policy("billing", 4, 16, "north", category="billing")._replace(pause_on=(Status.PENDING,)),
    _policy("bugs", 7.5, 30, "valley", category="bugs"),
    _policy("bugs, high", 1, 2, "island", category="bugs", priority=Priority.HIGH)._replace(pause_on=_PAUSES),
    _policy("low delivery", 2, None, "island", category="delivery", priority=Priority.LOW),
    _policy("a client", 1, 9, "nowhere", organization="O-002"),
    _policy("another client", 1, 9, "north", organization="O-098", priority=Priority.NORMAL),
)


class WildSource(DemoSource):
    """The demo between two days, under these calendars and policies."""

    name = "wild"

    def __init__(self, since: date, until: date) -> None:
        super().__init__(since, until)
        self.fingerprint = "wild"

    def rows(self) -> Iterator[Read]:
        """Every seventh ticket brings a due instant of its own, every eleventh the other, some both."""
        for number, row in enumerate((*CALENDARS, *POLICIES), start=1):
            kind = RowKind.CALENDARS if isinstance(row, CalendarRow) else RowKind.SLA_POLICIES
            yield Read(kind, "wild", number, row)
        for read in super().rows():
            if read.kind in (RowKind.CALENDARS, RowKind.SLA_POLICIES):
                continue
            yield read._replace(row=_with_due(read.row, read.line)) if isinstance(read.row, TicketRow) else read


def _with_due(row: TicketRow, number: int) -> TicketRow:
    if number % 7 == 0:
        row = row._replace(first_response_due_at=row.created_at + timedelta(hours=number % 13))
    if number % 11 == 0:
        row = row._replace(resolution_due_at=row.created_at + timedelta(hours=number % 170))
    return row
