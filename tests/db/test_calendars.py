"""Business time against a second hand that looks at every minute, and the laws of the two questions to a clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.calendars import BusinessClock, CalendarBook, Version, instant, micros
from db.zones import zone_named

MINUTE: Final = 60_000_000
FULL: Final = [["09:00", "17:00"]]
WEEK: Final[dict[str, Any]] = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), FULL)
LONG: Final[dict[str, Any]] = {
    **{key: [["00:00", "01:30"], ["02:15", "03:45"], ["18:00", "24:00"]] for key in ("mon", "wed", "sun")},
    "sat": [["00:00", "24:00"]],
}


def at(text: str) -> int:
    return micros(datetime.fromisoformat(text).astimezone(UTC))


def clock(*versions: tuple[Any, ...]) -> BusinessClock:
    return BusinessClock(Version.of(*version) for version in versions)


def always(zone: str = "UTC", spans: Any = WEEK, holidays: Any = (), since: Any = None, until: Any = None) -> Any:
    return (zone, spans, holidays, since, until)


@pytest.mark.parametrize(
    ("version", "since", "until", "hours"),
    [
        pytest.param(always(), "2022-03-20T00:00Z", "2022-03-26T23:59Z", 40, id="a week"),
        pytest.param(always(), "2022-03-19T00:00Z", "2022-03-20T23:59Z", 0, id="a weekend"),
        pytest.param(always(), "2022-03-21T10:15Z", "2022-03-21T10:45Z", 0.5, id="inside a span"),
        pytest.param(always(holidays=["2022-03-22"]), "2022-03-21T00:00Z", "2022-03-23T00:00Z", 8, id="a holiday"),
        pytest.param(
            always(holidays=[{"date": "2022-03-22", "spans": [["09:00", "12:00"]]}]),
            "2022-03-22T00:00Z",
            "2022-03-23T00:00Z",
            3,
            id="half a day",
        ),
        pytest.param(
            always(holidays=[{"date": "2022-03-26", "spans": [["10:00", "12:00"]]}]),
            "2022-03-26T00:00Z",
            "2022-03-27T00:00Z",
            2,
            id="an open Saturday",
        ),
        pytest.param(
            always("Europe/Berlin", {"sun": [["00:00", "24:00"]]}),
            "2024-03-30T23:00Z",
            "2024-03-31T22:00Z",
            23,
            id="a day of 23 hours",
        ),
        pytest.param(
            always("Europe/Berlin", {"sun": [["00:00", "24:00"]]}),
            "2024-10-26T22:00Z",
            "2024-10-27T23:00Z",
            25,
            id="a day of 25 hours",
        ),
        pytest.param(
            always("Europe/Berlin", {"sun": [["02:00", "03:00"]]}),
            "2024-03-30T00:00Z",
            "2024-04-01T00:00Z",
            0,
            id="an hour that the clock skips",
        ),
        pytest.param(
            always("Asia/Kathmandu", {"mon": FULL}), "2024-01-08T03:15Z", "2024-01-08T04:15Z", 1, id="45 minutes off"
        ),
        pytest.param(always(until="2022-03-23"), "2022-03-21T00:00Z", "2022-03-26T00:00Z", 16, id="until a local date"),
        pytest.param(
            always(since="2022-03-23T12:00:00Z"),
            "2022-03-21T00:00Z",
            "2022-03-26T00:00Z",
            5 + 16,
            id="from an instant",
        ),
    ],
)
def test_open_time_is_that_of_the_spans(version: Any, since: str, until: str, hours: float) -> None:
    assert clock(version).elapsed(at(since), at(until)) == round(hours * 60) * MINUTE


def test_a_changed_schedule_splits_the_interval() -> None:
    changed = clock(
        always(until="2024-01-03"), always(spans={key: [["09:00", "13:00"]] for key in WEEK}, since="2024-01-03")
    )

    assert changed.elapsed(at("2024-01-01T00:00Z"), at("2024-01-05T00:00Z")) == (8 + 8 + 4 + 4) * 60 * MINUTE


def test_of_versions_that_overlap_the_later_one_is_in_force() -> None:
    both = clock(
        always(spans={"mon": FULL, "tue": FULL, "wed": FULL}),
        always(spans={"wed": [["10:00", "11:00"]]}, since="2024-01-03"),
    )

    assert both.elapsed(at("2024-01-01T00:00Z"), at("2024-01-06T00:00Z")) == (8 + 8 + 1) * 60 * MINUTE


def test_what_a_version_lay_over_holds_again_once_it_has_ended() -> None:
    summer = clock(
        always(spans={"mon": FULL, "tue": FULL, "wed": FULL}),
        always(spans={"tue": [["10:00", "11:00"]]}, since="2024-01-02", until="2024-01-03"),
    )

    assert summer.elapsed(at("2024-01-01T00:00Z"), at("2024-01-06T00:00Z")) == (8 + 1 + 8) * 60 * MINUTE


def test_a_target_falls_due_at_the_earliest_instant() -> None:
    week = clock(always(spans={key: [["10:00", "18:00"]] for key in WEEK}))
    friday = at("2024-01-05T17:00Z")

    assert week.after(friday, 120 * MINUTE) == at("2024-01-08T11:00Z")
    assert week.after(friday, 60 * MINUTE) == at("2024-01-05T18:00Z")
    assert week.after(at("2024-01-06T12:00Z"), MINUTE) == at("2024-01-08T10:01Z")


def test_a_desk_that_never_opens_again_never_comes_so_far() -> None:
    assert clock(always(until="2024-01-03")).after(at("2024-01-02T09:00Z"), 24 * 60 * MINUTE) is None
    assert clock(always(spans={})).after(at("2024-01-02T09:00Z"), MINUTE) is None


def test_years_are_learned_in_any_order() -> None:
    asked = [("2024-01-01T00:00Z", "2024-01-08T00:00Z"), ("2019-01-07T00:00Z", "2019-01-14T00:00Z")]
    asked += [("2018-12-01T00:00Z", "2030-01-01T00:00Z"), ("2029-12-31T00:00Z", "2030-01-01T00:00Z")]
    one = clock(always("America/New_York"))

    for since, until in asked:
        assert one.elapsed(at(since), at(until)) == clock(always("America/New_York")).elapsed(at(since), at(until)) > 0


def test_a_ticket_without_a_named_calendar_has_the_default_one_else_the_only_one() -> None:
    one, other = Version.of(*always()), Version.of(*always("Europe/Berlin"))

    assert CalendarBook([("night", one)]).clock_of(None) is not None
    assert CalendarBook([("night", one), ("day", other)]).clock_of(None) is None
    book = CalendarBook([("night", one), ("default", other)])
    assert book.clock_of(None) is book.clock_of("default") is not book.clock_of("night")
    assert book.clock_of("nowhere") is None


_MINUTES = st.integers(0, 60 * 24 * 30)


@given(
    st.sampled_from(("UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu")),
    st.sampled_from((WEEK, LONG)),
    st.sampled_from(("2024-03-15T00:00Z", "2024-09-25T00:00Z", "2023-12-20T00:00Z")),
    _MINUTES,
    _MINUTES,
)
def test_open_time_is_what_a_look_at_every_minute_says(
    zone: str, spans: Any, base: str, first: int, length: int
) -> None:
    holidays = ["2024-04-01", {"date": "2024-10-02", "spans": [["10:00", "12:30"]]}]
    since = at(base) + first * MINUTE
    until = since + length * MINUTE
    place = zone_named(zone)
    days = {0: "mon", 1: "tue", 2: "wed", 3: "thu", 4: "fri", 5: "sat", 6: "sun"}

    def is_open(minute: datetime) -> bool:
        here = minute.astimezone(place)
        day = here.date().isoformat()
        part = {"2024-04-01": [], "2024-10-02": [["10:00", "12:30"]]}
        open_spans = part.get(day, spans.get(days[here.weekday()], []))
        text = f"{here:%H:%M}"
        return any(start <= text < end for start, end in open_spans)

    found = clock(always(zone, spans, holidays)).elapsed(since, until)

    if _is_folded(place, since, until):
        return  # the wall clock comes twice: the examples above say what holds then
    step = timedelta(minutes=1)
    counted = sum(is_open(instant(since) + step * n) for n in range(length))
    assert found == counted * MINUTE


def _is_folded(place: Any, since: int, until: int) -> bool:
    offsets = [instant(moment).astimezone(place).utcoffset() for moment in (since, until)]
    return offsets[0] != offsets[1]


@given(st.sampled_from((WEEK, LONG)), _MINUTES, st.integers(1, 60 * 24 * 10))
def test_what_falls_due_has_run_exactly_its_time_and_not_a_moment_earlier(spans: Any, start: int, target: int) -> None:
    one = clock(always("Europe/Berlin", spans))
    since = at("2024-03-15T00:00Z") + start * MINUTE

    due = one.after(since, target * MINUTE)

    assert due is not None
    assert one.elapsed(since, due) == target * MINUTE
    assert one.elapsed(since, due - 1) == target * MINUTE - 1
