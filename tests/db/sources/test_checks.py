"""Each fault of a row becomes a reject that says where it stands, in which column, and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from db.domain import Clock, Priority, Status
from db.errors import SetupFault
from db.sources.files import open_source
from db.sources.rows import CalendarRow, Read, Reject, SlaPolicyRow

CREATED = "2024-01-02T00:00:00Z"


def rejects(folder: Path, name: str, content: str | bytes) -> list[Reject]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [each for each in open_source(path, None).rows() if isinstance(each, Reject)]


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("subject", "a\0b", "NUL"),
        ("status", "Open", "unknown status; allowed: new, open"),
        ("status", "opened", "unknown status"),
        ("priority", "medium", "unknown priority; allowed: low, normal, high, urgent"),
        ("channel", "fax", "unknown channel"),
        ("resolved_at", "yesterday", "not an ISO 8601 time"),
        ("resolved_at", "2024-01-03", "no offset"),
        ("resolved_at", "2024-01-03T10:00:00", "no offset"),
        ("resolved_at", "2024-02-30T10:00:00Z", "not an ISO 8601 time"),
        ("resolved_at", "9999-12-31T23:00:00-05:00", "years 2 to 9999"),
        ("resolution_due_at", "0001-01-01T00:00:00Z", "years 2 to 9999"),
        ("resolution_due_at", "9999-12-31T23:59:59.999999+00:00", "years 2 to 9999"),
        ("resolved_at", "2024-01-01T23:59:59Z", "before the ticket's creation"),
        ("first_response_at", "2024-01-02T00:30:00+01:00", "before the ticket's creation"),
        ("closed_at", "2023-01-01T00:00:00Z", "before the ticket's creation"),
        ("updated_at", "2023-01-01T00:00:00Z", "before the ticket's creation"),
        ("reopen_count", "one", "not a whole number"),
        ("reopen_count", "1.0", "not a whole number"),
        ("reopen_count", "-1", "out of range"),
        ("reopen_count", "2147483648", "out of range"),
        ("reopen_count", "9" * 5000, "out of range"),
        ("reopen_count", "٣", "not a whole number"),
        ("team", "x" * 513, "513 characters"),
        ("tags", "a|" + "x" * 513, "513 characters"),
    ],
)
def test_a_bad_cell_of_a_ticket_is_a_reject(tmp_path: Path, column: str, cell: str, reason: str) -> None:
    content = f"id,created_at,{column}\n1,{CREATED},\n2,{CREATED},{cell}\n3,{CREATED},\n"

    (reject,) = rejects(tmp_path, "tickets.csv", content)

    assert (reject.file, reject.line, reject.column) == ("tickets.csv", 3, column)
    assert reason in reject.reason
    assert reject.text.rstrip("…") in cell.replace("\0", "\\0")


@pytest.mark.parametrize("cells", [f",{CREATED}", "1,"])
def test_an_empty_required_cell_is_a_reject(tmp_path: Path, cells: str) -> None:
    (reject,) = rejects(tmp_path, "tickets.csv", f"id,created_at\n{cells}\n")

    assert (reject.line, reject.column, reject.reason) == (
        2,
        "id" if cells[0] == "," else "created_at",
        "is required and empty",
    )


def test_a_due_time_may_lie_before_the_creation(tmp_path: Path) -> None:
    content = f"id,created_at,resolution_due_at\n1,{CREATED},2023-01-01T00:00:00Z\n"

    assert rejects(tmp_path, "tickets.csv", content) == []


@pytest.mark.parametrize(
    ("column", "cells", "reason"),
    [
        ("kind", "1,2024-01-01T00:00:00Z,reply,,,", "unknown kind"),
        ("kind", "1,2024-01-01T00:00:00Z,,,,", "required"),
        ("actor_kind", "1,2024-01-01T00:00:00Z,assigned,robot,,", "unknown actor_kind"),
        ("to", "1,2024-01-01T00:00:00Z,status_changed,,open,done", "unknown status"),
        ("from", "1,2024-01-01T00:00:00Z,status_changed,,begun,open", "unknown status"),
        ("to", "1,2024-01-01T00:00:00Z,status_changed,,open,", "new status"),
        ("to", "1,2024-01-01T00:00:00Z,priority_changed,,low,highest", "unknown priority"),
        ("at", "1,,assigned,,,", "required"),
    ],
)
def test_a_bad_cell_of_an_event_is_a_reject(tmp_path: Path, column: str, cells: str, reason: str) -> None:
    (reject,) = rejects(tmp_path, "events.csv", f"ticket_id,at,kind,actor_kind,from,to\n{cells}\n")

    assert (reject.line, reject.column) == (2, column)
    assert reason in reject.reason


@pytest.mark.parametrize("score", ["0", "6", "4.5", "five", "05", "+4", " 4", ""])
def test_a_score_is_a_whole_number_from_1_to_5(tmp_path: Path, score: str) -> None:
    (reject,) = rejects(tmp_path, "ratings.csv", f"ticket_id,at,score\n1,{CREATED},{score}\n")

    assert reject.column == "score"


def test_a_flag_is_true_or_false(tmp_path: Path) -> None:
    (reject,) = rejects(tmp_path, "agents.csv", "id,active\na,true\nb,0\nc,maybe\n")

    assert (reject.line, reject.column, reject.text) == (4, "active", "maybe")


def test_lines_are_counted_as_they_stand_in_the_file(tmp_path: Path) -> None:
    content = f'id,created_at,subject\n1,{CREATED},"three\nlines\r\nlong"\n\n2,x,"two\nlines"\n3,{CREATED},\n4,y,\n'

    assert [reject.line for reject in rejects(tmp_path, "tickets.csv", content)] == [6, 9]


def test_a_row_with_too_few_or_too_many_cells_is_a_reject(tmp_path: Path) -> None:
    few, many = rejects(tmp_path, "teams.csv", "id,name\na\nb,B\nc,C,\n")

    assert (few.line, few.text, "1 cells where the header has 2" in few.reason) == (2, "a", True)
    assert (many.line, many.text, "3 cells where the header has 2" in many.reason) == (4, "c,C,", True)


def test_a_quote_left_open_is_a_reject_and_not_one_long_cell(tmp_path: Path) -> None:
    (reject,) = rejects(tmp_path, "teams.csv", 'id,name\na,A\nb,"B\nc,C\nd,D\n')

    assert reject.line == 3
    assert "line 3 to 5" in reject.reason


def test_reading_goes_on_after_a_row_that_is_not_csv(tmp_path: Path) -> None:
    (reject,) = rejects(tmp_path, "teams.csv", 'id,name\na,"A"x\nb,B\n')

    assert reject.line == 2


def test_bytes_that_are_not_utf8_are_a_reject_of_their_row(tmp_path: Path) -> None:
    (reject,) = rejects(tmp_path, "teams.csv", b"id,name\na,Z\xfcrich\nb,Bern\n")

    assert (reject.line, reject.column, reject.text) == (2, "name", "Z\\udcfcrich")
    assert "not valid UTF-8" in reject.reason


def test_an_sla_policy_has_its_match_and_pauses_read(tmp_path: Path) -> None:
    path = tmp_path / "sla_policies.csv"
    path.write_text(
        "name,match,first_response_seconds,clock,pause_on,calendar\n"
        "Urgent,priority=urgent; category=billing;organization=acme,900,business,pending|on_hold,desk\n"
    )

    (found,) = open_source(path, None).rows()

    assert isinstance(found, Read)
    assert found.row == SlaPolicyRow(
        "Urgent",
        Priority.URGENT,
        "billing",
        "acme",
        900,
        None,
        Clock.BUSINESS,
        (Status.PENDING, Status.ON_HOLD),
        "desk",
    )


@pytest.mark.parametrize(
    ("column", "cells", "reason"),
    [
        ("match", "p,colour=red,,", "unknown key 'colour' in the match; allowed: priority, category, organization"),
        ("match", "p,priority,,", "not key=value"),
        ("match", "p,priority=top,,", "unknown priority"),
        ("match", "p,category=a;category=b,,", "twice"),
        ("clock", "p,,wall,", "unknown clock"),
        ("pause_on", "p,,,waiting", "unknown status"),
    ],
)
def test_a_bad_cell_of_an_sla_policy_is_a_reject(tmp_path: Path, column: str, cells: str, reason: str) -> None:
    (reject,) = rejects(tmp_path, "sla_policies.csv", f"name,match,clock,pause_on\n{cells}\n")

    assert reject.column == column
    assert reason in reject.reason


def calendar(**changed: Any) -> dict[str, Any]:
    return {"name": "desk", "zone": "Europe/Berlin", "spans": {"mon": [["09:00", "17:00"]]}, **changed}


def test_a_calendar_is_read_with_its_spans_in_order(tmp_path: Path) -> None:
    path = tmp_path / "calendars.json"
    holidays = ["2024-12-25", {"date": "2024-12-24", "spans": [["09:00", "12:00"]]}]
    spans = {"fri": [["13:00", "24:00"], ["09:00", "12:30"]]}
    path.write_text(json.dumps([calendar(spans=spans, holidays=holidays, valid_from="2024-01-01")]))

    (found,) = open_source(path, None).rows()

    assert isinstance(found, Read)
    assert found.row == CalendarRow(
        "desk", "Europe/Berlin", {"fri": [["09:00", "12:30"], ["13:00", "24:00"]]}, holidays, "2024-01-01", None
    )


@pytest.mark.parametrize(
    ("column", "entry"),
    [
        ("", "desk"),
        ("name", calendar(name="")),
        ("zone", calendar(zone="Mars/Olympus")),
        ("zone", calendar(zone="+01:00")),
        ("zone", calendar(zone=None)),
        ("colour", calendar(colour="red")),
        ("spans", calendar(spans={"monday": []})),
        ("spans", calendar(spans={"mon": [["9:00", "17:00"]]})),
        ("spans", calendar(spans={"mon": [["17:00", "09:00"]]})),
        ("spans", calendar(spans={"mon": [["09:00", "24:01"]]})),
        ("spans", calendar(spans={"mon": [["09:00"]]})),
        ("spans", calendar(spans={"mon": "09:00"})),
        ("spans", calendar(spans={"mon": [["09:00", "12:00"], ["11:00", "13:00"]]})),
        ("holidays", calendar(holidays=["Christmas"])),
        ("holidays", calendar(holidays=["2024-02-30"])),
        ("holidays", calendar(holidays=["2024-12-25", "2024-12-25"])),
        ("holidays", calendar(holidays=[{"date": "2024-12-24"}])),
        ("holidays", calendar(holidays="2024-12-25")),
        ("valid_from", calendar(valid_from="soon")),
        ("valid_from", calendar(valid_from="2024-01-01T00:00:00")),
        ("valid_until", calendar(valid_from="2024-01-02", valid_until="2024-01-01T23:00:00Z")),
    ],
)
def test_a_faulty_calendar_is_a_reject_with_its_line(tmp_path: Path, column: str, entry: Any) -> None:
    entries = ",\n  ".join(json.dumps(each) for each in (calendar(), entry))

    (reject,) = rejects(tmp_path, "calendars.json", f"[\n  {entries}\n]\n")

    assert (reject.line, reject.column) == (3, column)


@pytest.mark.parametrize("content", ["{}", "[{", ""])
def test_calendars_that_are_no_json_list_stop_the_import(tmp_path: Path, content: str) -> None:
    (tmp_path / "calendars.json").write_text(content)

    with pytest.raises(SetupFault, match=r"calendars\.json is not"):
        list(open_source(tmp_path / "calendars.json", None).rows())
