"""Cases that others have reported or documented, as data: what happened to a few tickets, and what is to be told.

Each is a desk in the import format, asked one report. `expected` are paths into the report and what stands there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True)
class Case:
    """A desk, a question, the answer, and where the case comes from."""

    sentence: str
    source: str
    files: Mapping[str, str]
    arguments: str
    fields: str
    expected: Mapping[str, Any] = field(default_factory=dict)


DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALL_DAY: Final = [["00:00", "24:00"]]


def calendar(zone: str, days: tuple[str, ...], *spans: list[str], name: str = "default") -> str:
    """The file of one calendar."""
    return json.dumps([{"name": name, "zone": zone, "spans": {day: list(spans) for day in days}, "holidays": []}])


OFFICE_DAYS: Final = DAYS[:5]
POLICY: Final = "name,first_response_seconds,resolution_seconds,clock,pause_on\n"
TICKET: Final = "id,created_at,first_response_at,resolved_at,status\n"
EVENT: Final = "ticket_id,at,kind,actor,actor_kind,from,to\n"


def _resolved(times: list[tuple[str, str]]) -> str:
    """The file of tickets created and resolved at some times."""
    return TICKET + "".join(f"T-{n},{since},,{until},resolved\n" for n, (since, until) in enumerate(times))


REPLIES: Final = Case(
    "a first response after a bot's reply and a private note is the human's",
    "dbt_zendesk#35, chatwoot#13312",
    {
        "agents.csv": "id,name\nada,Ada\nben,Ben\n",
        "tickets.csv": "id,created_at,status\nT-1,2026-03-02T09:00:00Z,open\n",
        "events.csv": EVENT
        + "T-1,2026-03-02T09:00:05Z,public_reply,answers,bot,,\n"
        + "T-1,2026-03-02T09:10:00Z,private_note,ben,agent,,\n"
        + "T-1,2026-03-02T09:20:00Z,public_reply,,customer,,\n"
        + "T-1,2026-03-02T09:45:00Z,public_reply,ada,agent,,\n"
        + "T-1,2026-03-02T10:00:00Z,public_reply,ben,agent,,\n",
    },
    'period: {since: "2026-03-01", until: "2026-04-01"}',
    "metrics { avgResponseTime { value count } } agents { rows { agent { id } responseTime { count } } }",
    {
        "metrics.avgResponseTime.value": 45 * 60,
        "metrics.avgResponseTime.count": 1,
        "agents.rows": [
            {"agent": {"id": "ada"}, "responseTime": {"count": 1}},
            {"agent": None, "responseTime": {"count": 0}},
        ],
    },
)

EDGES: Final = Case(
    "a duration on an edge falls into the bucket that begins there",
    "metrics.md, Distributions",
    {
        "tickets.csv": _resolved(
            [
                ("2026-03-02T00:00:00Z", "2026-03-02T00:59:59Z"),
                ("2026-03-02T00:00:00Z", "2026-03-02T01:00:00Z"),
                ("2026-03-02T00:00:00Z", "2026-03-02T03:59:59Z"),
                ("2026-03-02T00:00:00Z", "2026-03-02T04:00:00Z"),
            ]
        )
    },
    'period: {since: "2026-03-01", until: "2026-04-01"}',
    "performance { resolutionTimeDistribution { buckets { from to count } } }",
    {
        "performance.resolutionTimeDistribution.buckets.0": {"from": 0, "to": 3600, "count": 1},
        "performance.resolutionTimeDistribution.buckets.1": {"from": 3600, "to": 14400, "count": 2},
        "performance.resolutionTimeDistribution.buckets.2": {"from": 14400, "to": 28800, "count": 1},
    },
)

WEEK: Final = Case(
    "a week from Sunday to Saturday has forty hours of nine to five",
    "metrics.md, Clock",
    {
        "calendars.json": calendar("UTC", OFFICE_DAYS, ["09:00", "17:00"]),
        "tickets.csv": _resolved([("2022-03-20T00:00:00Z", "2022-03-26T23:59:00Z")]),
    },
    'period: {since: "2022-03-01", until: "2022-04-01"}, clock: BUSINESS',
    "metrics { avgResolutionTime { value count } }",
    {"metrics.avgResolutionTime.value": 144_000, "metrics.avgResolutionTime.count": 1},
)

BERLIN: Final = Case(
    "an answer at three in Berlin to a question at half past ten took 270 business minutes",
    "zammad, its tests of ticket escalation",
    {
        "calendars.json": calendar("Europe/Berlin", OFFICE_DAYS, ["08:00", "18:00"]),
        "tickets.csv": TICKET + "T-1,2013-03-21T09:30:00Z,2013-03-21T14:00:00Z,,open\n",
    },
    'period: {since: "2013-03-01", until: "2013-04-01"}, clock: BUSINESS',
    "metrics { avgResponseTime { value count } }",
    {"metrics.avgResponseTime.value": 270 * 60, "metrics.avgResponseTime.count": 1},
)


def _weekend(answered: str, met: int) -> Case:
    return Case(
        f"two hours from Friday at five end on Monday at eleven: an answer at {answered} is {'in' if met else 'late'}",
        "metrics.md, Readings, settled: the due instant",
        {
            "calendars.json": calendar("UTC", OFFICE_DAYS, ["10:00", "18:00"]),
            "sla_policies.csv": f"{POLICY}All,7200,7200,business,\n",
            "tickets.csv": f"{TICKET}T-1,2026-03-06T17:00:00Z,2026-03-09T{answered}Z,2026-03-09T{answered}Z,resolved\n",
        },
        'period: {since: "2026-03-01", until: "2026-04-01"}',
        "metrics { responseRate { value count } resolutionRate { withinTarget withTarget withoutTarget } }",
        {
            "metrics.responseRate.value": met,
            "metrics.responseRate.count": 1,
            "metrics.resolutionRate": {"withinTarget": met, "withTarget": 1, "withoutTarget": 0},
        },
    )


def _breach(until: str, breached: int) -> Case:
    return Case(
        f"two hours from Friday at five are up just after Monday at eleven, at {until} {breached} is late",
        "metrics.md, Readings, settled: the due instant",
        {
            "calendars.json": calendar("UTC", OFFICE_DAYS, ["10:00", "18:00"]),
            "sla_policies.csv": f"{POLICY}All,,7200,business,\n",
            "tickets.csv": f"{TICKET}T-1,2026-03-06T17:00:00Z,,,open\n",
        },
        f'period: {{since: "2026-03-01", until: "2026-03-09T{until}Z"}}',
        "metrics { openTickets { value } breachedTickets { value } }",
        {"metrics.openTickets.value": 1, "metrics.breachedTickets.value": breached},
    )


PAUSE: Final = Case(
    "half an hour pending is not in the hour that a ticket took on the business clock",
    "metrics.md, Clock: pauses",
    {
        "calendars.json": calendar("UTC", DAYS, *ALL_DAY),
        "sla_policies.csv": f"{POLICY}All,,3600,business,pending\n",
        "tickets.csv": "id,created_at,status\nT-1,2026-03-02T12:00:00Z,resolved\n",
        "events.csv": EVENT
        + "T-1,2026-03-02T12:30:00Z,status_changed,,,open,pending\n"
        + "T-1,2026-03-02T13:00:00Z,status_changed,,,pending,open\n"
        + "T-1,2026-03-02T13:30:00Z,status_changed,,,open,resolved\n",
    },
    'period: {since: "2026-03-01", until: "2026-04-01"}, clock: BUSINESS',
    "metrics { avgResolutionTime { value count } resolutionRate { value withTarget } }",
    {
        "metrics.avgResolutionTime.value": 3600,
        "metrics.avgResolutionTime.count": 1,
        "metrics.resolutionRate": {"value": 1, "withTarget": 1},
    },
)

NO_CALENDAR: Final = Case(
    "without a calendar the business clock tells nothing, and never zero",
    "chatwoot#11057",
    {
        "sla_policies.csv": f"{POLICY}All,3600,3600,business,\n",
        "tickets.csv": f"{TICKET}T-1,2026-03-02T12:00:00Z,2026-03-02T12:10:00Z,2026-03-02T12:20:00Z,resolved\n",
    },
    'period: {since: "2026-03-01", until: "2026-04-01"}, clock: BUSINESS',
    "metrics { avgResolutionTime { value count } avgResponseTime { value count }"
    " resolutionRate { value withoutTarget } }",
    {
        "metrics.avgResolutionTime": {"value": None, "count": 0},
        "metrics.avgResponseTime": {"value": None, "count": 0},
        "metrics.resolutionRate": {"value": None, "withoutTarget": 1},
    },
)

NIGHT: Final = (
    "2024-12-31T04:30:00Z", "2024-12-31T05:30:00Z", "2024-12-31T06:30:00Z", "2024-12-31T12:59:59Z",
    "2024-12-31T13:00:00Z", "2024-12-31T22:59:59Z", "2024-12-31T23:00:00Z", "2024-12-31T23:59:59Z",
    "2025-01-01T00:00:00Z", "2025-01-01T06:00:00Z",
)  # fmt: skip
"""Ten tickets between two years: midnight is at 00:00Z, 23:00Z, 06:00Z and 13:00Z the day before in the four zones."""


def _night(zone: str, grain: str, counts: dict[str, int]) -> Case:
    return Case(
        f"ten tickets of one night by {grain.lower()} in {zone}",
        "dbt_zendesk PR#154, zammad#6134, chatwoot PR#12747",
        {"tickets.csv": TICKET + "".join(f"T-{n},{at},,,open\n" for n, at in enumerate(NIGHT))},
        f'period: {{since: "2024-12-30", until: "2025-01-02"}}, timezone: "{zone}"',
        f"trends(grain: {grain}) {{ volume {{ start created }} }}",
        {"trends.volume": [{"start": start, "created": count} for start, count in counts.items()]},
    )


_BY_ZONE: Final = {
    # before the last local day of the year, on it, after it
    "UTC": (0, 8, 2),
    "Europe/Berlin": (0, 6, 4),
    "America/Chicago": (2, 7, 1),
    "Australia/Melbourne": (0, 4, 6),
}
NIGHTS: Final = tuple(
    _night(zone, grain, counts)
    for zone, (before, on, after) in _BY_ZONE.items()
    for grain, counts in (
        ("DAY", {"2024-12-30": before, "2024-12-31": on, "2025-01-01": after}),
        ("MONTH", {"2024-12-01": before + on, "2025-01-01": after}),
        ("YEAR", {"2024-01-01": before + on, "2025-01-01": after}),
    )
)

CASES: Final = (
    REPLIES,
    EDGES,
    WEEK,
    BERLIN,
    *(_weekend(*case) for case in (("11:00:00", 1), ("11:00:01", 0))),
    *(_breach(*case) for case in (("11:00:00", 0), ("11:00:01", 1))),
    PAUSE,
    NO_CALENDAR,
    *NIGHTS,
)
