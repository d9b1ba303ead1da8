"""Tickets in the buckets of a wall clock, asked over GraphQL: days of 23 and 25 hours, odd offsets, changed rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import pytest

from db.importing.writer import import_rows
from db.periods import Preset
from db.sources.files import open_source
from tests.conftest import MANAGER, asking

NOW: Final = datetime(2026, 10, 1, tzinfo=UTC)


class Case(NamedTuple):
    """Tickets created at some instants, and a period whose buckets hold them."""

    created: tuple[str, ...]
    zone: str
    since: str
    until: str
    grain: str
    found: dict[str, int]
    further: str = ""


CASES: Final = {
    "a day of 23 hours": Case(
        ("2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z"),
        "Europe/Berlin", "2026-03-28", "2026-03-31", "DAY",
        {"2026-03-28": 1, "2026-03-29": 2, "2026-03-30": 1},
    ),
    "a day of 25 hours": Case(
        ("2025-10-25T21:59:59Z", "2025-10-25T22:00:00Z", "2025-10-26T22:59:59Z", "2025-10-26T23:00:00Z"),
        "Europe/Berlin", "2025-10-25", "2025-10-28", "DAY",
        {"2025-10-25": 1, "2025-10-26": 2, "2025-10-27": 1},
    ),
    "an hour that comes twice": Case(
        ("2025-10-26T00:30:00Z", "2025-10-26T01:30:00Z", "2025-10-26T01:59:59Z"),
        "Europe/Berlin", "2025-10-26T00:00:00Z", "2025-10-26T02:00:00Z", "HOUR",
        {"2025-10-26T02:00:00+02:00": 1, "2025-10-26T02:00:00+01:00": 2},
    ),
    "an hour that is skipped": Case(
        ("2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z"),
        "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T02:00:00Z", "HOUR",
        {"2026-03-29T01:00:00+01:00": 1, "2026-03-29T03:00:00+02:00": 1},
    ),
    "half an hour that is skipped": Case(
        ("2025-10-04T15:29:59Z", "2025-10-04T15:30:00Z", "2025-10-04T15:59:59Z", "2025-10-04T16:00:00Z"),
        "Australia/Lord_Howe", "2025-10-04T14:30:00Z", "2025-10-04T17:00:00Z", "HOUR",
        {"2025-10-05T01:00:00+10:30": 1, "2025-10-05T02:30:00+11:00": 2, "2025-10-05T03:00:00+11:00": 1},
    ),
    "half an hour that comes twice": Case(
        ("2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T15:30:00Z"),
        "Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z", "HOUR",
        {"2026-04-05T01:00:00+11:00": 1, "2026-04-05T01:30:00+10:30": 1, "2026-04-05T02:00:00+10:30": 1},
    ),
    "a day of 23 and a half hours": Case(
        ("2025-10-04T13:30:00Z", "2025-10-05T12:59:59Z", "2025-10-05T13:00:00Z"),
        "Australia/Lord_Howe", "2025-10-05", "2025-10-07", "DAY",
        {"2025-10-05": 2, "2025-10-06": 1},
    ),
    "days that begin at a quarter past": Case(
        ("2026-01-14T18:14:59Z", "2026-01-14T18:15:00Z"),
        "Asia/Kathmandu", "2026-01-14", "2026-01-16", "DAY",
        {"2026-01-14": 1, "2026-01-15": 1},
    ),
    "days 13 hours and 45 minutes ahead": Case(
        ("2026-01-14T10:14:59Z", "2026-01-14T10:15:00Z"),
        "Pacific/Chatham", "2026-01-14", "2026-01-16", "DAY",
        {"2026-01-14": 1, "2026-01-15": 1},
    ),
    "the autumn in which Turkey stayed on summer time": Case(
        ("2016-10-29T20:59:59Z", "2016-10-29T21:00:00Z", "2016-10-30T20:59:59Z", "2016-10-30T21:00:00Z"),
        "Europe/Istanbul", "2016-10-29", "2016-11-01", "DAY",
        {"2016-10-29": 1, "2016-10-30": 2, "2016-10-31": 1},
    ),
    "the day without a midnight in Brazil": Case(
        ("2018-11-04T02:59:59Z", "2018-11-04T03:00:00Z", "2018-11-05T01:59:59Z", "2018-11-05T02:00:00Z"),
        "America/Sao_Paulo", "2018-11-03", "2018-11-06", "DAY",
        {"2018-11-03": 1, "2018-11-04": 2, "2018-11-05": 1},
    ),
    "the same days a year later, when Brazil had no summer time": Case(
        ("2019-11-03T02:59:59Z", "2019-11-03T03:00:00Z", "2019-11-04T02:59:59Z", "2019-11-04T03:00:00Z"),
        "America/Sao_Paulo", "2019-11-02", "2019-11-05", "DAY",
        {"2019-11-02": 1, "2019-11-03": 2, "2019-11-04": 1},
    ),
    "the evening that came twice in Brazil": Case(
        ("2019-02-17T01:30:00Z", "2019-02-17T02:30:00Z", "2019-02-17T03:00:00Z"),
        "America/Sao_Paulo", "2019-02-16", "2019-02-18", "DAY",
        {"2019-02-16": 2, "2019-02-17": 1},
    ),
    "the day that Samoa skipped": Case(
        ("2011-12-30T09:59:59Z", "2011-12-30T10:00:00Z"),
        "Pacific/Apia", "2011-12-28", "2012-01-02", "DAY",
        {"2011-12-28": 0, "2011-12-29": 1, "2011-12-31": 1, "2012-01-01": 0},
    ),
    "weeks from Monday": Case(
        ("2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-09T00:00:00Z"),
        "UTC", "2026-03-04", "2026-03-11", "WEEK",
        {"2026-03-02": 2, "2026-03-09": 1},
    ),
    "weeks from Sunday": Case(
        ("2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z", "2026-03-09T00:00:00Z"),
        "UTC", "2026-03-04", "2026-03-11", "WEEK",
        {"2026-03-01": 1, "2026-03-08": 2}, ", weekStart: SUNDAY",
    ),
    "weeks from Saturday": Case(
        ("2026-03-06T12:00:00Z", "2026-03-07T12:00:00Z", "2026-03-08T12:00:00Z"),
        "UTC", "2026-03-04", "2026-03-11", "WEEK",
        {"2026-02-28": 1, "2026-03-07": 2}, ", weekStart: SATURDAY",
    ),
    "months of a zone": Case(
        ("2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z"),
        "Europe/Berlin", "2026-02-15", "2026-04-15", "MONTH",
        {"2026-02-01": 1, "2026-03-01": 2, "2026-04-01": 1},
    ),
    "quarters, the outer ones cut by the period": Case(
        ("2025-12-30T22:59:59Z", "2025-12-30T23:00:00Z", "2026-03-31T21:59:59Z", "2026-03-31T22:00:00Z"),
        "Europe/Berlin", "2025-12-31", "2026-04-02", "QUARTER",
        {"2025-10-01": 1, "2026-01-01": 1, "2026-04-01": 1},
    ),
    "years of a zone": Case(
        ("2024-12-31T10:14:59Z", "2024-12-31T10:15:00Z", "2025-12-31T10:14:59Z", "2025-12-31T10:15:00Z"),
        "Pacific/Chatham", "2024-06-01", "2026-06-01", "YEAR",
        {"2024-01-01": 1, "2025-01-01": 2, "2026-01-01": 1},
    ),
}  # fmt: skip


async def store(dsn: str, folder: Path, created: Sequence[str]) -> None:
    """Imports tickets that were created at some instants."""
    rows = "".join(f"T-{number},{at}\n" for number, at in enumerate(created))
    (folder / "tickets.csv").write_text(f"id,created_at\n{rows}")
    summary = await import_rows(dsn, open_source(folder, None), on_reject=print, on_progress=lambda _: None)
    assert summary.rows.rejected == 0


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
async def test_a_ticket_is_in_the_bucket_of_its_wall_clock(case: Case, database: str, tmp_path: Path) -> None:
    await store(database, tmp_path, case.created)

    async with asking(database, NOW) as ask:
        data = await ask.data(
            f"""{{ report(period: {{since: "{case.since}", until: "{case.until}"}}, timezone: "{case.zone}"
                {case.further}) {{ trends(grain: {case.grain}) {{ volume {{ start created }} }}
                    series(grain: {case.grain}) {{ starts groups {{ metrics {{ ticketsCreated {{ values }} }} }} }}
            }} }}""",
            MANAGER,
        )

    report = data["report"]
    volume = {point["start"]: point["created"] for point in report["trends"]["volume"]}
    assert volume == case.found
    assert list(volume) == list(case.found) == report["series"]["starts"]
    assert report["series"]["groups"][0]["metrics"]["ticketsCreated"]["values"] == list(case.found.values())


LEAP_DAY: Final = datetime(2024, 2, 29, 12, tzinfo=UTC)
"""A Thursday, a quarter to six in the evening in Kathmandu."""

DAYS: Final = {
    Preset.TODAY: 1,
    Preset.YESTERDAY: 1,
    Preset.LAST_7_DAYS: 7,
    Preset.LAST_30_DAYS: 30,
    Preset.LAST_90_DAYS: 90,
    Preset.LAST_365_DAYS: 365,
    Preset.THIS_WEEK: 4,
    Preset.LAST_WEEK: 7,
    Preset.THIS_MONTH: 29,
    Preset.LAST_MONTH: 31,
    Preset.THIS_QUARTER: 31 + 29,
    Preset.LAST_QUARTER: 31 + 30 + 31,
    Preset.THIS_YEAR: 31 + 29,
    Preset.LAST_YEAR: 365,
}
"""How many local days each preset has had by then."""


async def _ask_midnights(dsn: str, folder: Path, document: str) -> dict[str, Any]:
    """Asks a store with a ticket created at each local midnight in Kathmandu, for two years and a month after."""
    first = datetime(2022, 2, 28, 18, 15, tzinfo=UTC)
    await store(dsn, folder, [(first + timedelta(days=day)).isoformat() for day in range(760)])
    async with asking(dsn, LEAP_DAY) as ask:
        return await ask.data(document, MANAGER)


async def test_a_preset_holds_the_tickets_of_its_local_days_up_to_now(database: str, tmp_path: Path) -> None:
    reports = " ".join(
        f'{preset.value}: report(period: {{preset: {preset.name}}}, timezone: "Asia/Kathmandu")'
        " { metrics { ticketsCreated { value } } }"
        for preset in Preset
    )

    data = await _ask_midnights(database, tmp_path, f"{{ {reports} }}")

    found = {Preset(name): report["metrics"]["ticketsCreated"]["value"] for name, report in data.items()}
    assert found == DAYS


async def test_what_still_runs_is_compared_up_to_the_same_point_with_all_at_once(database: str, tmp_path: Path) -> None:
    """February so far: 29 days; the 29 days before it; February a year earlier; the same weekdays a year earlier."""
    kinds = ("PREVIOUS_PERIOD", "PREVIOUS_YEAR", "PREVIOUS_YEAR_WEEKDAYS")

    data = await _ask_midnights(
        database,
        tmp_path,
        f"""{{ report(period: {{preset: THIS_MONTH}}, timezone: "Asia/Kathmandu", compareTo: [{", ".join(kinds)}]) {{
            comparisons {{ kind since until }}
            metrics {{ ticketsCreated {{ value comparisons {{ kind value change }} }} }} }} }}""",
    )

    report = data["report"]
    assert [(one["kind"], one["since"], one["until"]) for one in report["comparisons"]] == [
        ("PREVIOUS_PERIOD", "2024-01-03T00:00:00+05:45", "2024-01-31T17:45:00+05:45"),
        ("PREVIOUS_YEAR", "2023-02-01T00:00:00+05:45", "2023-02-28T17:45:00+05:45"),
        ("PREVIOUS_YEAR_WEEKDAYS", "2023-02-02T00:00:00+05:45", "2023-03-02T17:45:00+05:45"),
    ]
    assert report["metrics"]["ticketsCreated"] == {
        "value": 29,
        "comparisons": [
            {"kind": "PREVIOUS_PERIOD", "value": 29, "change": 0},
            {"kind": "PREVIOUS_YEAR", "value": 28, "change": pytest.approx(1 / 28)},
            {"kind": "PREVIOUS_YEAR_WEEKDAYS", "value": 29, "change": 0},
        ],
    }
