"""Periods: presets, own periods, comparisons and buckets (metrics.md, "Time")."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import periods
from db.errors import BadInput, ImpossibleInput
from db.periods import Comparison, Grain, Period, Preset, WeekStart

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
ST_JOHNS = ZoneInfo("America/St_Johns")
APIA = ZoneInfo("Pacific/Apia")
AUCKLAND = ZoneInfo("Pacific/Auckland")
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def utc(text: str) -> datetime:
    """An instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shown(period: Period) -> tuple[str, str]:
    """Its ends on the wall clock."""
    return tuple(at.astimezone(period.zone).strftime("%Y-%m-%d %H:%M") for at in (period.since, period.until))  # type: ignore[return-value]


def days(since: str, until: str) -> tuple[str, str]:
    """Two local midnights."""
    return f"{since} 00:00", f"{until} 00:00"


THURSDAY = utc("2024-02-29T12:00")
PRESETS = {
    Preset.TODAY: days("2024-02-29", "2024-03-01"),
    Preset.YESTERDAY: days("2024-02-28", "2024-02-29"),
    Preset.LAST_7_DAYS: days("2024-02-23", "2024-03-01"),
    Preset.LAST_30_DAYS: days("2024-01-31", "2024-03-01"),
    Preset.LAST_90_DAYS: days("2023-12-02", "2024-03-01"),
    Preset.LAST_365_DAYS: days("2023-03-02", "2024-03-01"),
    Preset.THIS_WEEK: days("2024-02-26", "2024-03-04"),
    Preset.LAST_WEEK: days("2024-02-19", "2024-02-26"),
    Preset.THIS_MONTH: days("2024-02-01", "2024-03-01"),
    Preset.LAST_MONTH: days("2024-01-01", "2024-02-01"),
    Preset.THIS_QUARTER: days("2024-01-01", "2024-04-01"),
    Preset.LAST_QUARTER: days("2023-10-01", "2024-01-01"),
    Preset.THIS_YEAR: days("2024-01-01", "2025-01-01"),
    Preset.LAST_YEAR: days("2023-01-01", "2024-01-01"),
}


def test_every_preset_is_tried() -> None:
    assert set(PRESETS) == set(Preset)


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("zone", [UTC_ZONE, BERLIN, KATHMANDU, LORD_HOWE, ST_JOHNS], ids=lambda z: z.key)
def test_a_preset_is_taken_in_the_callers_zone_on_a_leap_day(preset: Preset, zone: ZoneInfo) -> None:
    period = periods.preset_period(preset, zone, THURSDAY, WeekStart.MONDAY)

    assert shown(period) == PRESETS[preset]
    assert period.preset is preset


@pytest.mark.parametrize(
    ("now", "zone", "preset", "found"),
    [
        # the same instant is another day elsewhere
        ("2026-01-01T05:30", NEW_YORK, Preset.TODAY, days("2026-01-01", "2026-01-02")),
        ("2026-01-01T04:30", NEW_YORK, Preset.TODAY, days("2025-12-31", "2026-01-01")),
        ("2026-01-01T04:30", NEW_YORK, Preset.THIS_YEAR, days("2025-01-01", "2026-01-01")),
        ("2025-12-31T12:00", AUCKLAND, Preset.THIS_QUARTER, days("2026-01-01", "2026-04-01")),
        ("2026-03-31T18:14", KATHMANDU, Preset.THIS_MONTH, days("2026-03-01", "2026-04-01")),
        ("2026-03-31T18:15", KATHMANDU, Preset.THIS_MONTH, days("2026-04-01", "2026-05-01")),
        # the first instant of a day belongs to it
        ("2026-03-29T22:00", BERLIN, Preset.YESTERDAY, days("2026-03-29", "2026-03-30")),
        ("2026-03-29T21:59", BERLIN, Preset.YESTERDAY, days("2026-03-28", "2026-03-29")),
        # the day before the one that Samoa skipped
        ("2011-12-30T10:00", APIA, Preset.TODAY, days("2011-12-31", "2012-01-01")),
        ("2026-12-31T12:00", UTC_ZONE, Preset.LAST_MONTH, days("2026-11-01", "2026-12-01")),
        ("2026-01-31T12:00", UTC_ZONE, Preset.LAST_QUARTER, days("2025-10-01", "2026-01-01")),
    ],
)
def test_a_preset_names_local_days(now: str, zone: ZoneInfo, preset: Preset, found: tuple[str, str]) -> None:
    assert shown(periods.preset_period(preset, zone, utc(now), WeekStart.MONDAY)) == found


@pytest.mark.parametrize(
    ("start", "now", "first"),
    [
        (WeekStart.MONDAY, "2026-03-30", "2026-03-30"),  # a Monday
        (WeekStart.MONDAY, "2026-03-29", "2026-03-23"),
        (WeekStart.SUNDAY, "2026-03-29", "2026-03-29"),
        (WeekStart.SUNDAY, "2026-03-28", "2026-03-22"),
        (WeekStart.SATURDAY, "2026-03-28", "2026-03-28"),
        (WeekStart.SATURDAY, "2026-03-27", "2026-03-21"),
    ],
)
def test_a_week_starts_on_the_day_asked_for(start: WeekStart, now: str, first: str) -> None:
    this = periods.preset_period(Preset.THIS_WEEK, UTC_ZONE, utc(now), start)
    last = periods.preset_period(Preset.LAST_WEEK, UTC_ZONE, utc(now), start)

    assert this.since == utc(first)
    assert (this.until, last.since, last.until) == (
        this.since + timedelta(days=7),
        this.since - timedelta(days=7),
        this.since,
    )


@pytest.mark.parametrize(
    ("preset", "hours"), [(Preset.TODAY, 23), (Preset.LAST_7_DAYS, 7 * 24 - 1), (Preset.THIS_MONTH, 31 * 24 - 1)]
)
def test_a_preset_over_a_change_to_summer_time_is_an_hour_shorter(preset: Preset, hours: int) -> None:
    period = periods.preset_period(preset, BERLIN, utc("2026-03-29T12:00"), WeekStart.MONDAY)

    assert period.until - period.since == timedelta(hours=hours)


def test_dates_are_starts_of_local_days_and_date_times_are_instants() -> None:
    period = periods.own_period("2026-03-29", "2026-03-30T12:30:15.5+05:45", BERLIN)

    assert period.since == utc("2026-03-28T23:00")
    assert period.until == utc("2026-03-30T06:45:15.500")


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2026-02-30", "2026-13-01", "2026-03-01T10:00", "2026-03-01 ", "20260301", "0001-01-01",
     "2200-01-01", "9999-12-31T23:59:59-12:00", "1772323200"],
)  # fmt: skip
def test_what_is_no_time_is_refused_with_what_to_give(text: str) -> None:
    with pytest.raises(BadInput, match="Give a date such as") as refusal:
        periods.own_period(text, "2026-04-01", UTC_ZONE)

    assert refusal.value.parameter == "since"
    assert not isinstance(refusal.value, ImpossibleInput)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-03-02", "2026-03-01"),
        ("2026-03-29T01:00:00Z", "2026-03-29T02:00:00+01:00"),
    ],
)
def test_since_must_be_before_until(since: str, until: str) -> None:
    with pytest.raises(ImpossibleInput, match="until is excluded"):
        periods.own_period(since, until, UTC_ZONE)


def test_a_period_has_at_most_ten_years_of_its_zone() -> None:
    assert periods.own_period("2016-02-29", "2026-02-28", BERLIN)
    assert periods.own_period("2015-03-29", "2025-03-29", BERLIN)
    with pytest.raises(ImpossibleInput, match="longer than 10 years"):
        periods.own_period("2016-02-29", "2026-03-01", BERLIN)
    with pytest.raises(ImpossibleInput, match="longer than 10 years"):
        periods.own_period("2016-03-01T00:00:00+00:00", "2026-03-01T00:00:01+00:00", UTC_ZONE)


def compared(since: str, until: str, kind: Comparison, zone: ZoneInfo = BERLIN, as_of: datetime = LATER) -> Period:
    """What an own period is compared with."""
    return periods.compared_period(periods.own_period(since, until, zone), kind, as_of)


PREVIOUS, YEAR, WEEKDAYS = Comparison.PREVIOUS_PERIOD, Comparison.PREVIOUS_YEAR, Comparison.PREVIOUS_YEAR_WEEKDAYS


@pytest.mark.parametrize(
    ("since", "until", "kind", "found"),
    [
        ("2026-03-01", "2026-04-01", PREVIOUS, days("2026-01-29", "2026-03-01")),
        ("2026-03-23", "2026-03-30", PREVIOUS, days("2026-03-16", "2026-03-23")),  # 167 hours against 168
        ("2026-03-29", "2026-03-30", PREVIOUS, days("2026-03-28", "2026-03-29")),
        ("2024-03-01", "2024-03-02", PREVIOUS, days("2024-02-29", "2024-03-01")),
        ("2026-03-01", "2026-04-01", YEAR, days("2025-03-01", "2025-04-01")),
        ("2024-02-01", "2024-03-01", YEAR, days("2023-02-01", "2023-03-01")),
        ("2025-02-01", "2025-03-01", YEAR, days("2024-02-01", "2024-03-01")),
        ("2024-02-29", "2024-03-01", YEAR, days("2023-02-28", "2023-03-01")),
        ("2024-02-28", "2024-02-29", YEAR, days("2023-02-28", "2023-03-01")),
        ("2024-02-22", "2024-02-29", YEAR, days("2023-02-22", "2023-03-01")),
        ("2026-03-02", "2026-03-09", WEEKDAYS, days("2025-03-03", "2025-03-10")),
        ("2024-02-29", "2024-03-01", WEEKDAYS, days("2023-03-02", "2023-03-03")),
    ],
)
def test_a_period_of_local_days_is_compared_with_local_days(
    since: str, until: str, kind: Comparison, found: tuple[str, str]
) -> None:
    assert shown(compared(since, until, kind)) == found


def test_the_previous_period_of_instants_is_as_long_to_the_second() -> None:
    found = compared("2026-03-29T00:30:00+01:00", "2026-03-29T12:00:07+02:00", PREVIOUS)

    assert found.until == utc("2026-03-28T23:30")
    assert found.until - found.since == timedelta(hours=10, minutes=30, seconds=7)


def test_the_same_weekdays_a_year_earlier_begin_on_the_same_weekday_at_the_same_wall_time() -> None:
    found = compared("2026-03-30T09:00:00+02:00", "2026-04-06T09:00:00+02:00", WEEKDAYS)

    assert shown(found) == ("2025-03-31 09:00", "2025-04-07 09:00")


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        (PREVIOUS, ("2026-01-29 00:00", "2026-02-12 13:30")),
        (YEAR, ("2025-03-01 00:00", "2025-03-15 13:30")),
        (WEEKDAYS, ("2025-03-02 00:00", "2025-03-16 13:30")),
    ],
)
def test_a_period_that_still_runs_is_compared_up_to_the_same_elapsed_point(
    kind: Comparison, found: tuple[str, str]
) -> None:
    assert shown(compared("2026-03-01", "2026-04-01", kind, as_of=utc("2026-03-15T12:30"))) == found


@pytest.mark.parametrize("as_of", ["2026-02-20T12:00", "2026-03-01T00:00", "2026-04-01T00:00", "2026-05-01T00:00"])
def test_a_period_that_is_over_or_to_come_is_compared_as_a_whole(as_of: str) -> None:
    found = compared("2026-03-01", "2026-04-01", YEAR, UTC_ZONE, as_of=utc(as_of))

    assert shown(found) == days("2025-03-01", "2025-04-01")


def test_a_month_to_date_longer_than_the_month_before_ends_with_it() -> None:
    found = compared("2024-03-01", "2024-04-01", YEAR, UTC_ZONE, as_of=utc("2024-03-31T20:00"))

    assert shown(found) == ("2023-03-01 00:00", "2023-03-31 20:00")


def test_elapsed_time_over_a_change_of_clocks_is_taken_on_the_wall() -> None:
    found = compared("2026-03-29", "2026-03-30", PREVIOUS, as_of=utc("2026-03-29T10:00"))

    assert shown(found) == ("2026-03-28 00:00", "2026-03-28 12:00")


def labels(since: str, until: str, grain: Grain, zone: ZoneInfo, start: WeekStart = WeekStart.MONDAY) -> list[str]:
    """The labels of a period's buckets."""
    found = periods.buckets(periods.own_period(since, until, zone), grain, start)
    return [periods.label_of(at, zone, grain) for at in found.starts]


@pytest.mark.parametrize(
    ("since", "until", "grain", "found"),
    [
        ("2026-03-28", "2026-03-31", Grain.DAY, ["2026-03-28", "2026-03-29", "2026-03-30"]),
        ("2026-03-18", "2026-04-01", Grain.WEEK, ["2026-03-16", "2026-03-23", "2026-03-30"]),
        ("2024-02-29", "2024-03-02", Grain.MONTH, ["2024-02-01", "2024-03-01"]),
        ("2025-12-31", "2026-04-02", Grain.QUARTER, ["2025-10-01", "2026-01-01", "2026-04-01"]),
        ("2025-12-31", "2026-01-02", Grain.YEAR, ["2025-01-01", "2026-01-01"]),
    ],
)
def test_every_bucket_of_a_period_is_there(since: str, until: str, grain: Grain, found: list[str]) -> None:
    assert labels(since, until, grain, BERLIN) == found


def test_weeks_may_start_on_another_day() -> None:
    assert labels("2026-03-01", "2026-03-09", Grain.WEEK, BERLIN, WeekStart.SUNDAY) == ["2026-03-01", "2026-03-08"]
    assert labels("2026-03-01", "2026-03-09", Grain.WEEK, BERLIN, WeekStart.SATURDAY) == ["2026-02-28", "2026-03-07"]


def test_a_day_that_a_zone_skipped_is_no_bucket() -> None:
    assert labels("2011-12-29", "2012-01-01", Grain.DAY, APIA) == ["2011-12-29", "2011-12-31"]


def test_an_hour_that_comes_twice_is_two_buckets_with_their_offsets() -> None:
    assert labels("2026-10-25T00:00:00Z", "2026-10-25T02:00:00Z", Grain.HOUR, BERLIN) == [
        "2026-10-25T02:00:00+02:00",
        "2026-10-25T02:00:00+01:00",
    ]


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-29", BERLIN, 23),
        ("2026-10-25", BERLIN, 25),
        ("2026-10-04", LORD_HOWE, 24),  # 02:00 to 02:30 was skipped: its hour has only its second half
        ("2026-04-05", LORD_HOWE, 25),  # 01:30 to 02:00 came twice: its second half is a bucket
        ("2026-03-08", ST_JOHNS, 23),
        ("2026-06-01", KATHMANDU, 24),
    ],
)
def test_a_day_has_a_bucket_for_each_hour_of_its_wall_clock(day: str, zone: ZoneInfo, hours: int) -> None:
    following = (datetime.fromisoformat(day) + timedelta(days=1)).date().isoformat()

    assert len(labels(day, following, Grain.HOUR, zone)) == hours


def test_hours_are_for_at_most_92_days_whatever_the_clocks_do() -> None:
    assert len(labels("2026-08-01", "2026-11-01", Grain.HOUR, BERLIN)) == 92 * 24 + 1
    with pytest.raises(ImpossibleInput, match="at most 92 days") as refusal:
        labels("2026-08-01", "2026-11-02", Grain.HOUR, BERLIN)

    assert refusal.value.parameter == "grain"


def test_the_outer_buckets_are_cut_by_the_period() -> None:
    period = periods.own_period("2026-03-04T06:00:00Z", "2026-03-17T06:00:00Z", UTC_ZONE)

    found = periods.buckets(period, Grain.WEEK)

    assert found.starts == (utc("2026-03-02"), utc("2026-03-09"), utc("2026-03-16"))
    assert [(w.start, w.end) for w in found.windows] == [
        (period.since, utc("2026-03-09")),
        (utc("2026-03-09"), utc("2026-03-16")),
        (utc("2026-03-16"), period.until),
    ]


ZONES = st.sampled_from([UTC_ZONE, BERLIN, NEW_YORK, KATHMANDU, LORD_HOWE, ST_JOHNS, APIA, AUCKLAND])


@settings(derandomize=True, deadline=None, max_examples=200, database=None)
@given(
    since=st.datetimes(
        datetime.fromisoformat("2008-01-01"), datetime.fromisoformat("2034-01-01"), timezones=st.just(UTC)
    ),
    length=st.timedeltas(timedelta(seconds=1), timedelta(days=90)),
    zone=ZONES,
    grain=st.sampled_from(Grain),
    start=st.sampled_from(WeekStart),
)
def test_buckets_cover_the_period_without_gap_or_overlap(
    since: datetime, length: timedelta, zone: ZoneInfo, grain: Grain, start: WeekStart
) -> None:
    period = Period(since, since + length, zone)

    found = periods.buckets(period, grain, start)

    assert found.windows[0].start == period.since
    assert found.windows[-1].end == period.until
    assert all(one.end == following.start for one, following in pairwise(found.windows))
    assert all(window.start < window.end for window in found.windows)
    assert len({periods.label_of(at, zone, grain) for at in found.starts}) == len(found.starts)
    assert found.starts[0] <= period.since


@settings(derandomize=True, deadline=None, max_examples=200, database=None)
@given(
    now=st.datetimes(
        datetime.fromisoformat("2008-01-01"), datetime.fromisoformat("2034-01-01"), timezones=st.just(UTC)
    ),
    zone=ZONES,
    preset=st.sampled_from(Preset),
    start=st.sampled_from(WeekStart),
    kind=st.sampled_from(Comparison),
)
def test_a_preset_holds_its_day_and_its_comparison_lies_before_it(
    now: datetime, zone: ZoneInfo, preset: Preset, start: WeekStart, kind: Comparison
) -> None:
    period = periods.preset_period(preset, zone, now, start)
    whole = periods.compared_period(period, kind, LATER)
    to_date = periods.compared_period(period, kind, now)

    past = preset.value.startswith("last_") and not preset.value.endswith("_days")
    assert past or preset is Preset.YESTERDAY or period.since <= now < period.until
    assert whole.since < whole.until
    assert kind is not PREVIOUS or whole.until == period.since
    assert whole.since == to_date.since <= to_date.until <= whole.until <= period.until
