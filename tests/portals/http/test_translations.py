"""What single things that a system says become: corners that no made-up account has."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from db.sources.checks import BadCell
from db.sync.freshdesk import translation as freshdesk
from db.sync.http.described import ApiDescribed
from db.sync.kinds import load
from db.sync.zendesk import promises
from db.sync.zendesk import translation as zendesk


@pytest.fixture
def described(tmp_path: Path) -> ApiDescribed:
    path = tmp_path / "desk.toml"
    path.write_text('kind = "zendesk"\nurl = "https://acme.example"\nprefix = "a-"\ncategory = "77"\n')
    found: ApiDescribed = load(path).described  # type: ignore[attr-defined]
    return found


@pytest.fixture
def of_freshdesk(tmp_path: Path) -> ApiDescribed:
    path = tmp_path / "fresh.toml"
    path.write_text('kind = "freshdesk"\nurl = "https://acme.example"\n[statuses]\n"8" = "on_hold"\n')
    found: ApiDescribed = load(path).described  # type: ignore[attr-defined]
    return found


def test_a_ticket_that_was_reopened_and_put_aside_tells_both(of_freshdesk: ApiDescribed) -> None:
    stats = {"reopened_at": "2026-09-02T10:00:00Z", "status_updated_at": "2026-09-03T10:00:00Z", "resolved_at": None}
    one = {"id": 1, "created_at": "2026-09-01T10:00:00Z", "status": 8, "stats": stats}

    told = [(row["at"][:10], row["to"]) for _, row in freshdesk.events(one, of_freshdesk)]

    assert told == [("2026-09-02", "open"), ("2026-09-03", "on_hold")]


def test_what_a_ticket_was_when_it_was_made_is_no_change(of_freshdesk: ApiDescribed) -> None:
    at = "2026-09-01T10:00:00Z"
    one = {"id": 1, "created_at": at, "status": 4, "stats": {"resolved_at": at, "status_updated_at": at}}

    assert list(freshdesk.events(one, of_freshdesk)) == []


@pytest.mark.parametrize(("value", "score"), [(103, 5), (102, 5), (101, 4), (100, 3), (-101, 2), (-102, 1), (-103, 1)])
def test_seven_answers_are_five_scores(value: int, score: int) -> None:
    assert freshdesk.score(value) == score


@pytest.mark.parametrize("value", [None, 0, 5, -100, 104, "103"])
def test_any_other_answer_is_none(value: object) -> None:
    with pytest.raises(BadCell, match="not a rating"):
        freshdesk.score(value)


@pytest.mark.parametrize(
    "child",
    [
        {"event_type": "Change", "status": "solved", "previous_value": "open"},
        {"type": "Change", "field_name": "status", "value": "solved", "previous_value": "open"},
    ],
)
def test_both_forms_of_a_change_are_read(child: dict[str, Any], described: ApiDescribed) -> None:
    audit = {"id": 5, "ticket_id": 9, "timestamp": 1_788_000_000, "updater_id": 3, "child_events": [child]}

    ((key, told),) = zendesk.events(audit, set(), described)

    assert (key, told["ticket_id"], told["kind"]) == ("9 5 status", "a-9", "status_changed")
    assert (told["from"], told["to"], told["actor"]) == ("open", "resolved", 3)


def test_a_status_that_is_not_known_is_told(described: ApiDescribed) -> None:
    child = {"event_type": "Change", "status": "parked", "previous_value": "open"}

    with pytest.raises(BadCell, match="not known; known are new, open"):
        list(zendesk.events({"id": 5, "ticket_id": 9, "timestamp": 1, "child_events": [child]}, set(), described))


def test_a_schedule_over_midnight_and_over_the_end_of_the_week_is_open_on_both_days(described: ApiDescribed) -> None:
    intervals = [{"start_time": 1_320, "end_time": 1_560}, {"start_time": 9_960, "end_time": 10_200}]
    schedule = {"id": 1, "name": "Night", "time_zone": "Eastern Time (US & Canada)", "intervals": intervals}

    told = promises.calendar(schedule, [], described)

    assert told["zone"] == "America/New_York"
    assert told["spans"] == {
        "sun": [["00:00", "02:00"], ["22:00", "24:00"]], "mon": [["00:00", "02:00"]], "sat": [["22:00", "24:00"]]
    }  # fmt: skip


def test_a_zone_that_is_not_known_is_told(described: ApiDescribed) -> None:
    with pytest.raises(BadCell, match=r"say under \[zones\]"):
        promises.calendar({"id": 1, "name": "x", "time_zone": "Middle Earth", "intervals": []}, [], described)


def test_a_policy_for_any_of_two_is_two(described: ApiDescribed) -> None:
    either = [{"field": "organization_id", "operator": "is", "value": value} for value in (5, 6)]
    shared = [{"field": "custom_fields_77", "operator": "is", "value": "billing"}]
    metrics = [{"priority": "high", "metric": "first_reply_time", "target": 7, "business_hours": False}]
    policy = {"title": "Both", "filter": {"all": shared, "any": either}, "policy_metrics": metrics}

    told = dict(promises.policies(policy, None, described))

    assert [row["match"] for row in told.values() if not isinstance(row, BadCell)] == [
        "category=billing;organization=a-5;priority=high", "category=billing;organization=a-6;priority=high"
    ]  # fmt: skip
    assert list(told) == ["Both, high, 1", "Both, high, 2"]


def test_a_policy_whose_targets_run_on_two_clocks_cannot_be_had(described: ApiDescribed) -> None:
    metrics = [
        {"priority": "low", "metric": "first_reply_time", "target": 7, "business_hours": True},
        {"priority": "low", "metric": "agent_work_time", "target": 9, "business_hours": False},
    ]

    ((_, fault),) = promises.policies({"title": "Mixed", "policy_metrics": metrics}, None, described)

    assert isinstance(fault, BadCell)
    assert "business hours" in fault.reason
