"""Zones: wall clocks and instants, where clocks are set forward, back, by half an hour, or over a whole day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import zones
from db.errors import BadInput

BERLIN = ZoneInfo("Europe/Berlin")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ST_JOHNS = ZoneInfo("America/St_Johns")
APIA = ZoneInfo("Pacific/Apia")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
BEIRUT = ZoneInfo("Asia/Beirut")
SOME_ZONES = (
    *("UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Australia/Lord_Howe"),
    *("Pacific/Apia", "America/Sao_Paulo", "Africa/Casablanca", "Pacific/Chatham", "Antarctica/Troll", "Asia/Beirut"),
)


def utc(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "+02:00", "UTC+2", "GMT+2", "europe/berlin", "CEST", "../etc/passwd", "localtime", "Factory"],
)
def test_what_is_no_iana_zone_is_refused_with_what_to_give(name: str) -> None:
    with pytest.raises(BadInput, match="IANA zone") as refusal:
        zones.zone_named(name)

    assert refusal.value.parameter == "timezone"
    assert refusal.value.code == "BAD_USER_INPUT"


def test_every_other_iana_zone_is_known() -> None:
    for name in available_timezones() - {"localtime", "posixrules", "Factory"}:
        assert zones.zone_named(name).key == name


@pytest.mark.parametrize(
    ("wall", "zone", "found"),
    [
        ("2026-03-29T02:30", BERLIN, "2026-03-29T01:00"),  # skipped: the first instant after the gap
        ("2026-03-29T02:00", BERLIN, "2026-03-29T01:00"),
        ("2026-03-29T03:00", BERLIN, "2026-03-29T01:00"),
        ("2026-10-25T02:30", BERLIN, "2026-10-25T00:30"),  # twice: the first of the two
        ("2026-10-04T02:15", LORD_HOWE, "2026-10-03T15:30"),  # half an hour is skipped
        ("2026-04-05T01:45", LORD_HOWE, "2026-04-04T14:45"),  # half an hour comes twice
        ("2018-11-04T00:00", SAO_PAULO, "2018-11-04T03:00"),  # a day without midnight
        ("2011-12-30T12:00", APIA, "2011-12-30T10:00"),  # a day that was not
    ],
)
def test_a_wall_time_stands_for_one_instant(wall: str, zone: ZoneInfo, found: str) -> None:
    assert zones.instant(datetime.fromisoformat(wall), zone) == utc(found)


@pytest.mark.parametrize(
    ("day", "zone", "start", "hours"),
    [
        ("2026-03-29", BERLIN, "2026-03-28T23:00", 23),
        ("2026-10-25", BERLIN, "2026-10-24T22:00", 25),
        ("2026-10-04", LORD_HOWE, "2026-10-03T13:30", 23.5),
        ("2026-04-05", LORD_HOWE, "2026-04-04T13:00", 24.5),
        ("2026-03-08", ST_JOHNS, "2026-03-08T03:30", 23),
        ("2026-06-01", ZoneInfo("Asia/Kathmandu"), "2026-05-31T18:15", 24),
        ("2018-11-04", SAO_PAULO, "2018-11-04T03:00", 23),
        ("2024-03-31", BEIRUT, "2024-03-30T22:00", 23),
        ("2011-12-30", APIA, "2011-12-30T10:00", 0),
        ("2011-12-31", APIA, "2011-12-30T10:00", 24),
        ("2024-02-29", ZoneInfo("UTC"), "2024-02-29T00:00", 24),
    ],
)
def test_a_local_day_begins_at_its_first_instant_and_has_the_hours_it_has(
    day: str, zone: ZoneInfo, start: str, hours: float
) -> None:
    first = date.fromisoformat(day)

    begins, ends = zones.start_of_day(first, zone), zones.start_of_day(first + timedelta(days=1), zone)

    assert begins == utc(start)
    assert ends - begins == timedelta(hours=hours)


def test_the_start_of_a_day_without_midnight_is_a_midnight() -> None:
    assert zones.is_midnight(utc("2018-11-04T03:00"), SAO_PAULO)
    assert not zones.is_midnight(utc("2018-11-04T02:00"), SAO_PAULO)
    assert not zones.is_midnight(utc("2026-10-25T00:30"), BERLIN)


@pytest.mark.parametrize(
    ("since", "zone", "starts"),
    [
        ("2026-03-29T00:00", BERLIN, ["01:00+01:00", "03:00+02:00", "04:00+02:00"]),
        ("2026-10-24T23:00", BERLIN, ["01:00+02:00", "02:00+02:00", "02:00+01:00", "03:00+01:00"]),
        ("2026-10-03T14:30", LORD_HOWE, ["01:00+10:30", "02:30+11:00", "03:00+11:00"]),
        ("2026-04-04T14:00", LORD_HOWE, ["01:00+11:00", "01:30+10:30", "02:00+10:30"]),
        ("2026-03-08T04:30", ST_JOHNS, ["01:00-03:30", "03:00-02:30", "04:00-02:30"]),
    ],
)
def test_hours_follow_the_wall_clock_and_a_repeated_hour_is_two(since: str, zone: ZoneInfo, starts: list[str]) -> None:
    found = [utc(since)]
    while len(found) < len(starts):
        found.append(zones.next_hour(found[-1], zone))

    assert [at.astimezone(zone).isoformat()[11:16] + at.astimezone(zone).isoformat()[19:] for at in found] == starts
    assert all(zones.start_of_hour(at, zone) == at for at in found)


@settings(derandomize=True, deadline=None, max_examples=300, database=None)
@given(
    at=st.datetimes(datetime.fromisoformat("2005-01-01"), datetime.fromisoformat("2035-01-01"), timezones=st.just(UTC)),
    zone=st.sampled_from(SOME_ZONES).map(ZoneInfo),
)
def test_an_instant_lies_in_its_local_hour_and_day(at: datetime, zone: ZoneInfo) -> None:
    hour, day = zones.start_of_hour(at, zone), zones.start_of_day(at.astimezone(zone).date(), zone)

    assert day <= hour <= at < zones.next_hour(at, zone) == zones.next_hour(hour, zone)
    assert zones.local(hour, zone).hour == zones.local(at, zone).hour
    assert zones.next_hour(at, zone) - hour <= timedelta(hours=1)
    assert at < zones.start_of_day(at.astimezone(zone).date() + timedelta(days=1), zone)


@settings(derandomize=True, deadline=None, max_examples=100, database=None)
@given(
    since=st.datetimes(
        datetime.fromisoformat("2005-01-01"), datetime.fromisoformat("2034-01-01"), timezones=st.just(UTC)
    ),
    days=st.integers(1, 800),
    zone=st.sampled_from(SOME_ZONES).map(ZoneInfo),
    part=st.floats(0, 1, exclude_max=True),
)
def test_the_offsets_of_a_period_are_those_of_its_instants(
    since: datetime, days: int, zone: ZoneInfo, part: float
) -> None:
    until = since + timedelta(days=days)
    at = since + (until - since) * part

    changes, offsets = zones.offsets(since, until, zone)

    offset = offsets[sum(change <= at for change in changes)]
    assert timedelta(seconds=offset) == at.astimezone(zone).utcoffset()
    assert list(changes) == sorted(changes)
    assert len(offsets) == len(changes) + 1
