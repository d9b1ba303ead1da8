"""The audit log through GraphQL: for admins, newest first, in pages; reading it is recorded too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from db.access import Role
from db.audit.record import Door, Outcome, Record
from tests.audit.conftest import Desk
from tests.rest_compat.desk import NOW, VIEWERS

LOG = """query Log($since: DateTime, $until: DateTime, $subject: String, $outcome: AuditOutcome, $door: AuditDoor,
  $first: Int! = 100, $after: String) {
  auditLog(since: $since, until: $until, subject: $subject, outcome: $outcome, door: $door, first: $first,
    after: $after) {
    nodes { operation at door outcome subject role scope scopeIds rows withheld requests variables }
    nextCursor
  }
}"""


@pytest.fixture
async def told(desk: Desk) -> Desk:
    """A log of ten records, one a minute up to an hour ago; the last two at one instant."""
    minutes = [*range(69, 60, -1), 61]
    for number, ago in enumerate(minutes):
        viewer = VIEWERS[Role.CLIENT if number % 2 else Role.TEAM_LEAD]
        door, outcome = (Door.REST, Outcome.OK) if number < 5 else (Door.GRAPHQL, Outcome.FORBIDDEN)
        at = NOW - timedelta(minutes=ago)
        await desk.log.write(Record(at, door, f"n{number}", outcome, viewer=viewer, rows=number))
    return desk


async def asked(desk: Desk, **variables: Any) -> dict[str, Any]:
    """A page, as an admin."""
    answer = (await desk.graphql(LOG, Role.ADMIN, **variables)).json()
    assert "errors" not in answer, answer
    page: dict[str, Any] = answer["data"]["auditLog"]
    return page


async def test_pages_are_newest_first_and_complete(told: Desk) -> None:
    pages, after = [], None
    while True:
        page = await asked(told, first=4, after=after, until=NOW.isoformat())
        pages.append([node["operation"] for node in page["nodes"]])
        after = page["nextCursor"]
        if after is None:
            break

    assert [len(page) for page in pages] == [4, 4, 2]
    everything = [operation for page in pages for operation in page]
    assert sorted(everything[:2]) == ["n8", "n9"]
    assert everything[2:] == [f"n{number}" for number in range(7, -1, -1)]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"subject": "tom"}, {"n0", "n2", "n4", "n6", "n8"}),
        ({"outcome": "FORBIDDEN"}, {"n5", "n6", "n7", "n8", "n9"}),
        ({"door": "REST"}, {"n0", "n1", "n2", "n3", "n4"}),
        ({"door": "EXPORT"}, set()),
        ({"subject": "cleo", "outcome": "OK"}, {"n1", "n3"}),
        (
            {
                "since": (NOW - timedelta(minutes=69)).isoformat(),
                "until": (NOW - timedelta(minutes=67)).isoformat(),
            },
            {"n0", "n1"},
        ),
    ],
)
async def test_filters_narrow(told: Desk, variables: dict[str, Any], expected: set[str]) -> None:
    found = await asked(told, **variables)

    assert {node["operation"] for node in found["nodes"]} == expected


async def test_a_record_says_who_asked_and_what_was_withheld(desk: Desk) -> None:
    await desk.get("agents", Role.ANALYST)

    (node,) = (await asked(desk))["nodes"]

    assert node == {
        "operation": "agents",
        "at": NOW.isoformat(),
        "door": "REST",
        "outcome": "FORBIDDEN",
        "subject": "ann",
        "role": "ANALYST",
        "scope": "ALL",
        "scopeIds": [],
        "rows": 100,
        "withheld": ["report.agents.rows.rating"],
        "requests": 1,
        "variables": node["variables"],
    }
    assert node["variables"]["period"] == {"since": "2026-03-01", "until": "2026-04-01"}


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
async def test_only_admins_read_it(told: Desk, role: Role) -> None:
    answer = await told.graphql("{ auditLog { nodes { subject } } viewer { role } }", role)

    assert answer.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert "tom" not in answer.text


async def test_reading_it_is_recorded_too_in_one_statement(told: Desk) -> None:
    since = NOW - timedelta(days=1)

    await asked(told, subject="tom", since=since.isoformat())

    record = (await told.records())[-1]  # five nodes, each with one scope id
    assert (record["operation"], record["subject"], record["statements"], record["rows"]) == ("Log", "root", 1, 10)
    assert record["variables"] == {"subject": "<redacted>", "since": since.isoformat()}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("first: 0", "first 0 is out of range. Give 1 to 500."),
        ("first: 501", "first 501 is out of range. Give 1 to 500."),
        ('after: "nonsense"', "the cursor is not of this list"),
        ('after: "WyJhIiwiYiIsImMiXQ"', "the cursor is not of this list"),
        ('since: "2026-03-01T00:00:00"', "has no offset"),
        ('since: "2026-03-02T00:00:00Z", until: "2026-03-01T00:00:00Z"', "since is not before until"),
        ('subject: "a\\u0000"', "a character that no subject can have"),
    ],
)
async def test_what_cannot_be_asked_is_told(desk: Desk, arguments: str, message: str) -> None:
    answer: httpx.Response = await desk.graphql(f"{{ auditLog({arguments}) {{ nextCursor }} }}", Role.ADMIN)

    (error,) = answer.json()["errors"]
    assert message in error["message"]
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_a_cursor_of_another_filter_is_refused(told: Desk) -> None:
    cursor = (await asked(told, first=1))["nextCursor"]

    answer = await told.graphql(LOG, Role.ADMIN, first=1, after=cursor, subject="tom")

    assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
