"""The numbers of docs/concepts are what the product says of the tickets that the pages tell of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from db import sketch
from db.catalog.demo_slice import DemoFact, facts_from
from db.domain import ActorKind, Clock, EventKind, Priority, Source, Status
from db.importing.writer import import_rows
from db.periods import Comparison, Grain, Period, buckets, compared_period
from db.sources.rows import CalendarRow, EventRow, Read, Row, RowKind, SlaPolicyRow, TicketRow
from db.zones import start_of_day
from tests.conftest import MANAGER, ROOT, asking
from tests.db.test_import import ListSource

FOLDER: Final = ROOT / "docs" / "concepts"
BERLIN: Final = ZoneInfo("Europe/Berlin")
HOUR: Final = 3600


def page(name: str) -> str:
    """A page's text, its line ends as spaces."""
    return re.sub(r"\n(?!\||\n)", " ", (FOLDER / f"{name}.md").read_text())


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0, month: int = 1) -> datetime:
    """An instant of 2026, by Berlin's wall clock."""
    return datetime(2026, month, day, hour, minute, second, tzinfo=BERLIN).astimezone(UTC)


def ticket(id: str, created: datetime, *moves: tuple[datetime, str], priority: Priority = Priority.NORMAL) -> list[Row]:
    """A ticket of Ada's, and the statuses it moved to."""
    values = dict.fromkeys(TicketRow._fields)
    row = TicketRow(**values)._replace(  # type: ignore[arg-type]  # the absent columns are None
        id=id, created_at=created, tags=(), priority=priority, assignee="ada", status=Status.OPEN
    )
    before, events = "open", []
    for instant, status in moves:
        events.append(EventRow(id, instant, EventKind.STATUS_CHANGED, None, None, before, status))
        before = status
    return [row, *events]


def replied(id: str, instant: datetime) -> EventRow:
    """A public reply of Ben's."""
    return EventRow(id, instant, EventKind.PUBLIC_REPLY, "ben", ActorKind.AGENT, None, None)


def policy(name: str, hours: int, clock: Clock, match: Priority | None = None) -> SlaPolicyRow:
    """A policy with both targets, that pauses on pending."""
    seconds = hours * HOUR
    return SlaPolicyRow(name, match, None, None, seconds, seconds, clock, (Status.PENDING,), None)


def calendar(opens: str = "10:00", since: str | None = None, until: str | None = None) -> CalendarRow:
    """The calendar of the page."""
    span = [[opens, "18:00"]]
    return CalendarRow(
        "default", BERLIN.key, dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), span), [], since, until
    )


KINDS: Final = {
    TicketRow: RowKind.TICKETS,
    EventRow: RowKind.EVENTS,
    SlaPolicyRow: RowKind.SLA_POLICIES,
    CalendarRow: RowKind.CALENDARS,
}


def reads(rows: Sequence[Row]) -> list[Read]:
    """The rows as a source gives them."""
    return [Read(KINDS[type(row)], "test", line, row) for line, row in enumerate(rows, start=1)]


def fact(rows: Sequence[Row], source: Source) -> dict[str, Any]:
    """The last fact of a kind that the rows make."""
    found: list[DemoFact] = [fact for fact in facts_from(reads(rows)) if fact.source == source]
    return dict(found[-1].values)


async def answer(database: str, rows: Sequence[Row], arguments: str, fields: str) -> Any:
    """What the product answers about the rows."""
    rejects: list[Any] = []
    await import_rows(database, ListSource(reads(rows)), on_reject=rejects.append, on_progress=lambda _: None)
    assert not rejects
    async with asking(database, datetime(2026, 12, 1, tzinfo=UTC)) as ask:
        query = f'{{ report(timezone: "Europe/Berlin", {arguments}) {{ {fields} }} }}'
        return (await ask.data(query, MANAGER))["report"]


TOLD: Final = [
    *ticket("T-1", at(10), (at(12), "resolved")),
    *ticket("T-2", at(20), (at(3, month=2), "resolved")),
    *ticket("T-3", at(30)),
    *ticket("T-4", at(5, month=2), (at(6, month=2), "resolved")),
]
MONTHS: Final = (
    "series(grain: MONTH) { groups { metrics { ticketsCreated { values } ticketsResolved { values } "
    "avgResolutionTime { values } } } }"
)


@pytest.mark.parametrize(
    ("attribution", "resolved", "days"), [("EVENT", [1, 2], [2, 7.5]), ("CREATION", [2, 1], [8, 1])]
)
async def test_attribution(database: str, attribution: str, resolved: list[int], days: list[float]) -> None:
    period = 'period: {since: "2026-01-01", until: "2026-03-01"}'

    found = await answer(database, TOLD, f"{period}, attribution: {attribution}", MONTHS)

    months = found["series"]["groups"][0]["metrics"]
    assert months["ticketsCreated"]["values"] == [3, 1]
    assert months["ticketsResolved"]["values"] == resolved
    assert months["avgResolutionTime"]["values"] == [d * 86_400 for d in days]
    text = page("attribution")
    assert f"| `ticketsResolved` by {attribution} | {resolved[0]} | {resolved[1]} |" in text
    assert all(f"{d * 86_400:,.0f} s" in text for d in days)


WEEK: Final = [
    *ticket("A", at(2), (at(5), "resolved")),
    *ticket("B", at(2)),
    *ticket("C", at(5), (at(6), "resolved")),
    *ticket("D", at(5), (at(6), "resolved"), (at(7), "open")),
    *ticket("E", at(5)),
    *ticket("F", at(6)),
    *ticket("G", at(7)),
    *ticket("H", at(7)),
]


async def test_stock_and_flow(database: str) -> None:
    names = ("ticketsCreated", "resolutions", "reopens", "ticketsResolved", "openTickets")
    days = " ".join(f"{name} {{ values }}" for name in names)
    whole = " ".join(f"{name} {{ value }}" for name in names)

    found = await answer(
        database,
        WEEK,
        'period: {since: "2026-01-05", until: "2026-01-08"}',
        f"series(grain: DAY) {{ groups {{ metrics {{ {days} }} }} }} metrics {{ {whole} }}",
    )

    for name in names:
        numbers = [*found["series"]["groups"][0]["metrics"][name]["values"], found["metrics"][name]["value"]]
        assert f"| `{name}` | {' | '.join(f'{n:.0f}' for n in numbers)} |" in page("stock-and-flow")


DAY: Final = [60 * minutes for minutes in range(10, 101, 10)]
FRIDAY: Final = [60 * 400, 60 * 500]


def exact(values: Sequence[int], share: float) -> float:
    """The percentile of values, interpolated linearly."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = ordered[int(place)]
    return low + (ordered[min(int(place) + 1, len(ordered) - 1)] - low) * (place - int(place))


def test_percentiles_are_not_averaged() -> None:
    week = DAY * 4 + FRIDAY
    bins = sketch.of_buckets(map(sketch.log_bucket, week))

    days = [exact(DAY, 0.9) / 60] * 4 + [exact(FRIDAY, 0.9) / 60]

    assert days == pytest.approx([91] * 4 + [490])
    assert sum(days) / 5 == pytest.approx(170.8)
    assert exact(week, 0.9) / 60 == pytest.approx(100)
    assert sketch.percentiles(bins, 0.9)[0] == pytest.approx(100 * 60, rel=sketch.RELATIVE_ERROR)
    assert "= **170.8**" in page("percentiles")
    assert "the p90 is **100**" in page("percentiles")


@pytest.mark.parametrize(("second", "met"), [(0, True), (1, False)])
def test_two_business_hours_from_friday_five_end_on_monday_eleven(second: int, met: bool) -> None:
    rows = [
        policy("all", 2, Clock.BUSINESS),
        calendar(),
        *ticket("T", at(9, 17)),
        replied("T", at(12, 11, 0, second)),
    ]

    assert fact(rows, Source.FIRST_RESPONSE)["within_target"] is met


PAUSED: Final = ticket("T", at(12, 12), (at(12, 12, 30), "pending"), (at(12, 13), "open"), (at(12, 13, 30), "resolved"))


def test_a_pause_counts_on_the_calendar_clock() -> None:
    assert fact(PAUSED, Source.RESOLUTION)["seconds"] == 5_400
    assert "| 5,400 |" in page("clocks")


def test_without_a_calendar_business_seconds_are_null() -> None:
    assert fact([policy("all", 1, Clock.CALENDAR), *PAUSED], Source.RESOLUTION)["business_seconds"] is None


def test_a_pause_does_not_count_on_the_business_clock() -> None:
    rows = [policy("all", 1, Clock.BUSINESS), calendar(), *PAUSED]

    found = fact(rows, Source.RESOLUTION)

    assert found["business_seconds"] == 3_600
    assert found["within_target"] is True


def test_a_target_leaves_pauses_out_on_the_calendar_clock_too() -> None:
    assert fact([policy("all", 1, Clock.CALENDAR), *PAUSED], Source.RESOLUTION)["within_target"] is True


def test_a_calendar_that_changes_splits_an_interval() -> None:
    rows = [
        policy("all", 9, Clock.BUSINESS),
        calendar("10:00", None, "2026-06-01"),
        calendar("09:00", "2026-06-01", None),
        *ticket("T", at(29, 16, month=5), (at(1, 11, month=6), "resolved")),
    ]

    assert fact(rows, Source.RESOLUTION)["business_seconds"] == 14_400
    assert "14,400 business seconds" in page("clocks")


@pytest.mark.parametrize(("second", "met"), [(0, True), (1, False)])
def test_a_ticket_that_becomes_urgent_is_due_by_the_new_target_since_its_creation(second: int, met: bool) -> None:
    raised = EventRow("T", at(12, 10), EventKind.PRIORITY_CHANGED, None, None, "normal", "urgent")
    rows = [
        policy("all", 8, Clock.CALENDAR),
        policy("urgent", 2, Clock.CALENDAR, Priority.URGENT),
        *ticket("T", at(12, 9), (at(12, 11, 0, second), "resolved")),
        raised,
    ]

    assert fact(rows, Source.RESOLUTION)["within_target"] is met


def test_a_ticket_is_past_due_by_another_priority_only_while_it_has_it() -> None:
    rows = [
        policy("all", 8, Clock.CALENDAR),
        policy("urgent", 2, Clock.CALENDAR, Priority.URGENT),
        *ticket("T", at(12, 9), (at(12, 16), "resolved")),
        EventRow("T", at(12, 12), EventKind.PRIORITY_CHANGED, None, None, "normal", "urgent"),
        EventRow("T", at(12, 13), EventKind.PRIORITY_CHANGED, None, None, "urgent", "normal"),
    ]

    assert fact(rows, Source.BREACH_ENTERED)["at"] == at(12, 12)
    assert fact(rows, Source.BREACH_LEFT)["at"] == at(12, 13)
    assert fact(rows, Source.RESOLUTION)["within_target"] is True


@pytest.mark.parametrize(("hour", "second", "met"), [(16, 0, True), (17, 0, True), (17, 1, False)])
def test_the_time_in_which_a_reopened_ticket_was_resolved_is_not_against_the_target(
    hour: int, second: int, met: bool
) -> None:
    moves = ((at(12, 10), "resolved"), (at(12, 14), "open"), (at(12, hour, 0, second), "resolved"))

    found = fact([policy("all", 4, Clock.CALENDAR), *ticket("T", at(12, 9), *moves)], Source.RESOLUTION)

    assert found["within_target"] is met
    assert found["seconds"] == (hour - 9) * HOUR + second
    assert "25,200 seconds" in page("clocks")


def hours_of(since: date, until: date) -> float:
    """The hours of a period of whole days in Berlin."""
    return (start_of_day(until, BERLIN) - start_of_day(since, BERLIN)) / timedelta(hours=1)


def test_days_of_summer_time_have_23_and_25_hours_and_are_one_bucket() -> None:
    for day, hours in ((date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        after = day + timedelta(days=1)
        period = Period(start_of_day(day, BERLIN), start_of_day(after, BERLIN), BERLIN)

        assert hours_of(day, after) == hours
        assert len(buckets(period, Grain.DAY).windows) == 1
        assert len(buckets(period, Grain.HOUR).windows) == hours

    assert hours_of(date(2026, 3, 1), date(2026, 4, 1)) == 743
    assert "743 hours" in page("time")


@pytest.mark.parametrize(
    ("comparison", "since", "until"),
    [
        (Comparison.PREVIOUS_PERIOD, "from 29 January", "12 February, 12:30"),
        (Comparison.PREVIOUS_YEAR, "from 1 March 2025", "15 March 2025, 12:30"),
        (Comparison.PREVIOUS_YEAR_WEEKDAYS, "from 2 March 2025", "16 March 2025, 12:30"),
    ],
)
def test_a_running_month_is_compared_up_to_the_same_point(comparison: Comparison, since: str, until: str) -> None:
    march = Period(start_of_day(date(2026, 3, 1), BERLIN), start_of_day(date(2026, 4, 1), BERLIN), BERLIN)

    found = compared_period(march, comparison, at(15, 12, 30, month=3))

    first, last = found.since.astimezone(BERLIN), found.until.astimezone(BERLIN)
    (row,) = re.findall(rf"^\| {comparison.name} \|.*$", page("time"), re.M)
    assert since in row
    assert since in f"from {first.day} {first:%B %Y}"
    assert until in row
    assert until in (f"{last.day} {last:%B}, {last:%H:%M}", f"{last.day} {last:%B %Y}, {last:%H:%M}")


PICTURES: Final = sorted(FOLDER.glob("*.svg"))


@pytest.mark.parametrize("picture", PICTURES, ids=lambda file: file.name)
def test_a_picture_has_words_for_those_who_do_not_see_it_and_is_shown_with_some(picture: Path) -> None:
    root = ElementTree.parse(picture).getroot()
    shown = [re.search(rf"!\[(.+?)\]\({picture.name}\)", file.read_text(), re.S) for file in FOLDER.glob("*.md")]

    for name in ("title", "desc"):
        found = root.find(f"{{http://www.w3.org/2000/svg}}{name}")
        assert found is not None
        assert found.text
    assert any(shown)


@pytest.mark.parametrize("file", sorted((ROOT / "docs").rglob("*.md")), ids=lambda file: file.name)
def test_a_link_between_pages_leads_somewhere(file: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text())

    assert not [link for link in links if not (file.parent / link).exists()]
