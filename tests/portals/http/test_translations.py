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


@pytest.mark.parametrize(
    ("at", "first"), [(None, None), ("2026-09-01T10:00:00Z", None), ("2026-09-01T10:00:01Z", "2026-09-01T10:00:01Z")]
)
def test_a_first_response_is_when_it_is_told_unless_it_opened_the_ticket(
    at: str | None, first: str | None, of_freshdesk: ApiDescribed
) -> None:
    one = {"id": 1, "created_at": "2026-09-01T10:00:00Z", "status": 2, "stats": {"first_responded_at": at}}

    assert freshdesk.ticket(one, of_freshdesk)["first_response_at"] == first


def test_a_rating_is_of_when_it_was_given_by_the_first_question(of_freshdesk: ApiDescribed) -> None:
    answers = {"default_question": 101, "question_7": -103}
    one = {"id": 1, "ticket_id": 9, "created_at": "2026-09-01T10:00:00Z", "ratings": answers, "agent_id": 5}

    told = freshdesk.rating(one | {"updated_at": "2026-09-02T10:00:00Z", "feedback": "ok"}, of_freshdesk)

    assert (told["ticket_id"], told["at"], told["score"]) == ("9", "2026-09-01T10:00:00Z", 4)
    assert (told["agent"], told["comment"]) == (5, "ok")


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


def test_a_target_for_a_priority_that_is_not_known_is_told(described: ApiDescribed) -> None:
    metrics = [
        {"priority": priority, "metric": "first_reply_time", "target": 7, "business_hours": False}
        for priority in ("low", "critical")
    ]

    found = dict(promises.policies({"title": "P", "policy_metrics": metrics}, None, described))

    assert found.keys() == {"P, low", "P, critical"}
    assert isinstance(found["P, critical"], BadCell)
    assert found["P, critical"].text == "critical"


def test_a_checkbox_is_the_same_in_a_ticket_and_in_a_policy(described: ApiDescribed) -> None:
    metrics = [{"priority": "low", "metric": "first_reply_time", "target": 7, "business_hours": False}]
    checked = {"all": [{"field": "custom_fields_77", "operator": "is", "value": True}]}

    (told,) = dict(
        promises.policies({"title": "P", "filter": checked, "policy_metrics": metrics}, None, described)
    ).values()
    one = zendesk.ticket({"id": 1, "status": "open", "custom_fields": [{"id": 77, "value": True}]}, described)

    assert not isinstance(told, BadCell)
    assert told["match"] == f"category={one['category']};priority=low" == "category=true;priority=low"


def test_a_policy_whose_targets_run_on_two_clocks_cannot_be_had(described: ApiDescribed) -> None:
    metrics = [
        {"priority": "low", "metric": "first_reply_time", "target": 7, "business_hours": True},
        {"priority": "low", "metric": "agent_work_time", "target": 9, "business_hours": False},
    ]

    ((_, fault),) = promises.policies({"title": "Mixed", "policy_metrics": metrics}, None, described)

    assert isinstance(fault, BadCell)
    assert "business hours" in fault.reason


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Samoa", "Pacific/Apia"),
        ("American Samoa", ""),
        ("Cape Verde Is.", ""),
        ("Berlin", "Europe/Berlin"),
        ("La Paz", "America/La_Paz"),
        ("Europe/Oslo", "Europe/Oslo"),
        ("Made up", "Asia/Tokyo"),
        ("Mistaken", ""),
    ],
)
def test_a_zone_is_the_one_that_is_meant_or_none(name: str, zone: str, tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    further = '[zones]\n"Made up" = "Asia/Tokyo"\n"Mistaken" = "Asia/Atlantis"\n'
    path.write_text(f'kind = "zendesk"\nurl = "https://acme.example"\n{further}')
    described = load(path).described  # type: ignore[attr-defined]
    schedule = {"id": 1, "name": "x", "time_zone": name, "intervals": []}

    if zone:
        assert promises.calendar(schedule, [], described)["zone"] == zone
    else:
        with pytest.raises(BadCell, match=r"say under \[zones\]"):
            promises.calendar(schedule, [], described)


def test_spans_that_meet_are_one_and_holidays_count_each_of_their_days_once(described: ApiDescribed) -> None:
    intervals = [{"start_time": 1_500, "end_time": 1_560}, {"start_time": 1_560, "end_time": 1_620}]
    schedule = {"id": 1, "name": "x", "time_zone": "Berlin", "intervals": intervals}
    holidays = [
        {"start_date": "2026-12-30", "end_date": "2027-01-01"},
        {"start_date": "2027-01-01", "end_date": "2027-01-01"},
    ]

    told = promises.calendar(schedule, holidays, described)

    assert told["spans"] == {"mon": [["01:00", "03:00"]]}
    assert told["holidays"] == ["2026-12-30", "2026-12-31", "2027-01-01"]


def test_an_answer_that_is_not_known_is_no_rating_of_5_or_1(described: ApiDescribed) -> None:
    one = {"id": 1, "ticket_id": 9, "score": "excellent", "created_at": "2026-09-01T10:00:00Z"}

    with pytest.raises(BadCell, match="known are good, bad"):
        zendesk.rating(one, described)


def test_a_target_is_taken_in_seconds_where_it_is_told_so_and_the_first_that_a_resolution_ends(
    described: ApiDescribed,
) -> None:
    metrics = [
        {
            "priority": "low",
            "metric": "first_reply_time",
            "target": 7,
            "target_in_seconds": 399,
            "business_hours": True,
        },
        {"priority": "low", "metric": "agent_work_time", "target": 9, "business_hours": True},
        {"priority": "low", "metric": "requester_wait_time", "target": 8, "business_hours": True},
        {"priority": "high", "metric": "next_reply_time", "target": 8, "business_hours": True},
        {"priority": "high", "metric": "total_resolution_time", "target": 5, "business_hours": False},
    ]

    told = dict(promises.policies({"title": "P", "policy_metrics": metrics}, "Office (1)", described))

    assert {
        name: (row["first_response_seconds"], row["resolution_seconds"], row["clock"], row["pause_on"], row["calendar"])
        for name, row in told.items()
        if not isinstance(row, BadCell)
    } == {
        "P, low": (399, 480, "business", ["pending"], "Office (1)"),
        "P, high": (None, 300, "calendar", [], "Office (1)"),
    }


@pytest.mark.parametrize(
    "given",
    [
        {"all": [{"field": "priority", "operator": "is_not", "value": "high"}]},
        {"all": [{"field": "organization_id", "operator": "is", "value": ["5", "6"]}]},
        {"all": [{"field": "organization_id", "operator": "is", "value": one} for one in (5, 6)]},
        {
            "all": [{"field": "organization_id", "operator": "is", "value": 5}],
            "any": [{"field": "organization_id", "operator": "is", "value": 6}],
        },
    ],
)
def test_a_condition_that_cannot_be_asked_is_told_and_never_left_out(
    given: dict[str, Any], described: ApiDescribed
) -> None:
    metrics = [{"priority": "high", "metric": "first_reply_time", "target": 7, "business_hours": False}]

    ((_, fault),) = promises.policies({"title": "P", "filter": given, "policy_metrics": metrics}, None, described)

    assert isinstance(fault, BadCell)
    assert fault.column == "match"


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        ({}, True),
        ({"incoming": True}, False),
        ({"private": True}, False),
        ({"source": 2}, False),
        ({"source": 6}, False),
        ({"source": 8}, False),
        ({"source": None}, True),
        ({"source": 15}, True),
        ({"auto_response": True}, False),
        ({"automation_id": 5}, False),
        ({"user_id": None}, False),
        ({"created_at": "2026-09-01T10:00:00Z"}, False),
    ],
)
def test_only_what_a_person_says_in_public_after_the_opening_answers(said: dict[str, Any], answers: bool) -> None:
    one = {"id": 1, "created_at": "2026-09-01T10:00:00Z"}
    plain = {"source": 0, "incoming": False, "private": False, "user_id": 7, "created_at": "2026-09-01T11:00:00Z"}

    assert (freshdesk.first_reply(one, [plain | said]) is not None) == answers


@pytest.mark.parametrize(
    ("audit", "child", "answers"),
    [
        ({}, {}, True),
        ({}, {"public": False}, False),
        ({}, {"author_id": 8}, False),
        ({}, {"author_id": None}, True),
        ({}, {"via": {"channel": "rule"}}, False),
        ({"via": "Rule"}, {}, False),
        ({"updater_id": -1}, {"author_id": -1}, False),
    ],
)
def test_only_what_an_agent_says_in_public_answers(
    audit: dict[str, Any], child: dict[str, Any], answers: bool, described: ApiDescribed
) -> None:
    said = {"event_type": "Comment", "public": True, "author_id": 7} | child
    one = {"id": 5, "ticket_id": 9, "timestamp": 1_788_000_000, "updater_id": 7, "child_events": [said]} | audit

    assert [told["kind"] for _, told in zendesk.events(one, {"7", "-1"}, described)] == ["public_reply"] * answers


def test_who_is_suspended_or_no_agent_any_more_is_inactive_and_tells_no_address() -> None:
    one = {"id": 7, "name": "Ann", "email": "ann@desk.example", "default_group_id": 3}

    assert zendesk.agent(one)["active"]
    assert not zendesk.agent(one | {"suspended": True})["active"]
    assert not zendesk.agent(one | {"active": False})["active"]
    assert zendesk.former_agent("7", "Ann") == {"id": "7", "name": "Ann", "active": False}
    assert freshdesk.agent({"id": 7, "group_ids": [1]})["team"] == 1
    assert freshdesk.agent({"id": 7, "group_ids": [1, 2]})["team"] is None
    assert not freshdesk.agent({"id": 7, "deactivated": True})["active"]


@pytest.mark.parametrize(
    ("category", "found"),
    [
        ("none", None),
        ("type", "incident"),
        ("77", "billing"),
        ("78", None),
        ("79", "true"),
        ("80", "a, b"),
        ("81", None),
    ],
)
def test_what_stands_for_a_category_is_a_column_or_a_custom_field(
    category: str, found: str | None, tmp_path: Path
) -> None:
    path = tmp_path / "desk.toml"
    path.write_text(f'kind = "zendesk"\nurl = "https://acme.example"\ncategory = "{category}"\n')
    fields = [
        {"id": 77, "value": "billing"},
        {"id": 79, "value": True},
        {"id": 80, "value": ["a", "b"]},
        {"id": 81, "value": []},
    ]
    one = {"id": 1, "status": "open", "type": "incident", "custom_fields": fields}

    assert zendesk.ticket(one, load(path).described)["category"] == found  # type: ignore[attr-defined]


def test_a_channel_is_what_the_source_file_says_before_what_is_known(tmp_path: Path) -> None:
    path = tmp_path / "desk.toml"
    said = '[channels]\nany_channel = "social"\nvoice = "other"\n'
    path.write_text(f'kind = "zendesk"\nurl = "https://acme.example"\n{said}')
    described = load(path).described  # type: ignore[attr-defined]
    channels = [
        zendesk.ticket({"id": 1, "status": "open", "via": {"channel": word}}, described)["channel"]
        for word in ("any_channel", "voice", "email", "carrier_pigeon", None)
    ]

    assert channels == ["social", "other", "email", "other", None]
