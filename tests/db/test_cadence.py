"""When a schedule is due: by the wall clock of its zone, whatever that does."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import zones
from db.cadence import Cadence, Every

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]


def at(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def dues(cadence: Cadence, since: str, number: int) -> list[str]:
    """The first due instants after another, UTC."""
    found, instant = [], at(since)
    for _ in range(number):
        instant = cadence.first_after(instant)
        found.append(f"{instant:%Y-%m-%dT%H:%M}")
    return found


@pytest.mark.parametrize(
    ("cadence", "since", "expected"),
    [
        (Cadence(Every.DAILY, time(7, 30), BERLIN), "2026-03-27T12:00",
         ["2026-03-28T06:30", "2026-03-29T05:30", "2026-03-30T05:30"]),
        # 02:30 is skipped on 29 March: the first instant after the gap is 03:00, 01:00 UTC.
        (Cadence(Every.DAILY, time(2, 30), BERLIN), "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        # 02:30 comes twice on 25 October: the first time, and once.
        (Cadence(Every.DAILY, time(2, 30), BERLIN), "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
        (Cadence(Every.WEEKLY, time(9), BERLIN, weekday=1), "2026-03-23T08:00",
         ["2026-03-30T07:00", "2026-04-06T07:00"]),
        (Cadence(Every.MONTHLY, time(0), BERLIN, month_day=1), "2026-01-15T00:00",
         ["2026-01-31T23:00", "2026-02-28T23:00", "2026-03-31T22:00"]),
        (Cadence(Every.MONTHLY, time(6), ZoneInfo("UTC")), "2028-01-31T06:00",
         ["2028-02-29T06:00", "2028-03-31T06:00", "2028-04-30T06:00"]),
    ],
)  # fmt: skip
def test_it_is_due_at_the_wall_time(cadence: Cadence, since: str, expected: list[str]) -> None:
    assert dues(cadence, since, len(expected)) == expected


CADENCES = st.builds(
    lambda every, at_, zone, weekday, day: Cadence(
        every,
        at_.replace(second=0, microsecond=0),
        ZoneInfo(zone),
        weekday if every is Every.WEEKLY else None,
        day if every is Every.MONTHLY else None,
    ),
    st.sampled_from(Every),
    st.times(),
    st.sampled_from(ZONES),
    st.integers(1, 7),
    st.none() | st.integers(1, 28),
)
INSTANTS = st.datetimes(datetime(2011, 12, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(CADENCES, INSTANTS)
def test_nothing_is_due_between_the_last_and_the_next_which_follow_each_other(cadence: Cadence, now: datetime) -> None:
    last, following = cadence.last_until(now), cadence.first_after(now)

    assert last <= now < following
    assert cadence.first_after(last) == following
    assert cadence.last_until(following) == following
    assert cadence.last_until(following - timedelta(microseconds=1)) == last


@given(st.times(), st.sampled_from(ZONES), st.dates(date(2012, 1, 2), date(2029, 12, 1)))
def test_every_local_day_has_one_due_instant(wall: time, zone: str, day: date) -> None:
    cadence = Cadence(Every.DAILY, wall.replace(second=0, microsecond=0), ZoneInfo(zone))

    start = zones.start_of_day(day, cadence.zone)
    following = cadence.first_after(start - timedelta(microseconds=1))

    assert start <= following
    assert following == zones.instant(datetime.combine(day, cadence.at), cadence.zone)
