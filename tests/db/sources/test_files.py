"""Files in the import format: what is found, what is read, and what stops an import before its first row."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.domain import ActorKind, Channel, Clock, EventKind, Priority, Status
from db.errors import SetupFault
from db.sources.files import open_source
from db.sources.rows import (
    AgentRow,
    CalendarRow,
    DimensionRow,
    EventRow,
    RatingRow,
    Read,
    Reject,
    RowKind,
    SlaPolicyRow,
    TicketRow,
)

TICKET = "id,created_at\n1,2024-01-01T00:00:00Z\n"
EARLY = datetime(2024, 1, 1, tzinfo=UTC)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def read(path: Path) -> list[Read | Reject]:
    return list(open_source(path, None).rows())


def rows(path: Path) -> list[object]:
    """The good rows; there must be no other."""
    found = read(path)
    assert not [each for each in found if isinstance(each, Reject)]
    return [each.row for each in found]


def test_every_kind_of_a_folder_is_read_in_the_order_in_which_it_is_stored(tmp_path: Path) -> None:
    written(tmp_path, "tickets.csv", TICKET)
    written(tmp_path, "events.csv", "ticket_id,at,kind,to\n1,2024-01-01T00:00:00Z,status_changed,open\n")
    written(tmp_path, "ratings.csv", "ticket_id,at,score,comment\n1,2024-01-02T00:00:00Z,5,Good\n")
    written(tmp_path, "agents.csv", "id,name,team,active\na,Ann,t,false\nb,,,\n")
    written(tmp_path, "teams.ndjson", '{"id": "t", "name": "Team"}\n')
    written(tmp_path, "organizations.csv", "id\no\n")
    written(tmp_path, "categories.csv", "id,name\nc,Cat\n")
    written(tmp_path, "sla_policies.csv", "name,match,resolution_seconds\nAll,,3600\n")
    written(tmp_path, "calendars.json", '[{"name": "default", "zone": "UTC", "spans": {}}]')

    found = read(tmp_path)

    assert list(dict.fromkeys(each.kind for each in found if isinstance(each, Read))) == list(RowKind)
    assert [each.row for each in found if isinstance(each, Read)] == [
        DimensionRow("o", "o"),
        DimensionRow("t", "Team"),
        DimensionRow("c", "Cat"),
        AgentRow("a", "Ann", "t", None, False),
        AgentRow("b", "b", None, None, True),
        CalendarRow("default", "UTC", {}, [], None, None),
        SlaPolicyRow("All", None, None, None, None, 3600, Clock.CALENDAR, (), None),
        TicketRow("1", EARLY, *[None] * 9, (), *[None] * 8),
        EventRow("1", EARLY, EventKind.STATUS_CHANGED, None, None, None, "open"),
        RatingRow("1", datetime(2024, 1, 2, tzinfo=UTC), 5, None, "Good"),
    ]


def test_a_whole_ticket_has_its_values_typed(tmp_path: Path) -> None:
    header = ",".join(TicketRow._fields)
    cells = (
        "7,2024-01-01T00:00:00Z,Printer,o,r,c,high,email,on_hold,t,a,x|y|x,2024-01-01T01:30:00+01:00,b,"
        "2024-01-02T00:00:00Z,2024-01-03T00:00:00Z,2,2024-01-01T02:00:00Z,2024-01-05T00:00:00Z,2024-01-06T00:00:00Z"
    )

    (ticket,) = rows(written(tmp_path, "tickets.csv", f"{header}\n{cells}\n"))

    days = [datetime(2024, 1, day, tzinfo=UTC) for day in range(1, 7)]
    assert ticket == TicketRow(
        "7", days[0], "Printer", "o", "r", "c", Priority.HIGH, Channel.EMAIL, Status.ON_HOLD, "t", "a", ("x", "y"),
        days[0] + timedelta(minutes=30), "b", days[1], days[2], 2, days[0] + timedelta(hours=2), days[4], days[5],
    )  # fmt: skip


def test_columns_come_in_any_order_after_a_byte_order_mark(tmp_path: Path) -> None:
    path = written(tmp_path, "tickets.csv", "\ufeffcreated_at,status,id\r\n2024-01-01T00:00:00Z,spam,1\r\n")

    (ticket,) = rows(path)

    assert isinstance(ticket, TicketRow)
    assert (ticket.id, ticket.status) == ("1", Status.SPAM)


def test_gzip_zip_and_plain_files_give_the_same_rows(tmp_path: Path) -> None:
    plain = written(tmp_path, "tickets.csv", TICKET)
    packed = written(tmp_path, "tickets.csv.gz", gzip.compress(TICKET.encode()))
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("folder/tickets.csv", TICKET)
        out.writestr("__MACOSX/folder/._tickets.csv", "litter")

    assert rows(plain) == rows(packed) == rows(archive)


def test_ndjson_takes_typed_values_and_lists(tmp_path: Path) -> None:
    objects = [
        {"id": 7, "created_at": "2024-01-01T00:00:00Z", "tags": ["x", "y"], "reopen_count": 2, "subject": None},
        {"created_at": "2024-01-01T00:00:00Z", "id": "8", "team": 3.0},
    ]
    path = written(tmp_path, "tickets.ndjson", b"\xef\xbb\xbf" + b"\n\n".join(map(orjson.dumps, objects)))

    seven, eight = (row for row in rows(path) if isinstance(row, TicketRow))

    assert (seven.id, seven.tags, seven.reopen_count, seven.subject) == ("7", ("x", "y"), 2, None)
    assert (eight.id, eight.team, eight.tags) == ("8", "3", ())


def test_ndjson_booleans_are_flags(tmp_path: Path) -> None:
    assert rows(written(tmp_path, "agents.ndjson", '{"id": "a", "active": false}\n')) == [
        AgentRow("a", "a", None, None, False)
    ]


def test_ndjson_rows_that_are_no_objects_of_texts_are_rejected_by_line(tmp_path: Path) -> None:
    lines = [
        '{"id": "a"}',
        "[1]",
        "{",
        '{"id": {"x": 1}}',
        '{"id": "b", "shoe": 4}',
        '{"name": "n"}',
        '{"id": "a\\u0000"}',
    ]

    found = [each for each in read(written(tmp_path, "teams.ndjson", "\n".join(lines))) if isinstance(each, Reject)]

    assert [(each.line, each.column) for each in found] == [
        (2, ""),
        (3, ""),
        (4, "id"),
        (5, "shoe"),
        (6, "id"),
        (7, "id"),
    ]


def test_a_list_item_that_holds_the_separator_is_rejected(tmp_path: Path) -> None:
    path = written(tmp_path, "tickets.ndjson", '{"id": "1", "created_at": "2024-01-01T00:00:00Z", "tags": ["a|b"]}')

    (reject,) = read(path)

    assert isinstance(reject, Reject)
    assert (reject.column, "'|'" in reject.reason) == ("tags", True)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("id,created_at,colour,size\n", "unknown columns 'colour', 'size'"),
        ("id,subject\n", "lacks column 'created_at'"),
        ("id,created_at,id\n", "has column 'id' twice"),
        ("", "no header"),
        ('id,"created_at\n', "no header"),
    ],
)
def test_a_faulty_header_stops_the_import_before_its_first_row(tmp_path: Path, content: str, told: str) -> None:
    with pytest.raises(SetupFault, match=told):
        open_source(written(tmp_path, "tickets.csv", content), None)


def test_an_unknown_column_is_told_with_those_that_are_allowed(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="may be: id, name"):
        open_source(written(tmp_path, "teams.csv", "id,colour\n"), None)


def test_an_unknown_key_in_the_first_object_stops_the_import(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="unknown column 'colour'"):
        open_source(written(tmp_path, "teams.ndjson", '{"id": "a", "colour": "red"}\n'), None)


def test_files_that_are_not_of_the_format_are_listed(tmp_path: Path) -> None:
    written(tmp_path, "tickets.csv", TICKET)
    written(tmp_path, "notes.txt", "")
    written(tmp_path, "calendars.csv", "")
    (tmp_path / "old").mkdir()

    with pytest.raises(SetupFault, match=r"calendars\.csv, notes\.txt, old"):
        open_source(tmp_path, None)


def test_hidden_files_and_rejects_files_are_passed_over(tmp_path: Path) -> None:
    written(tmp_path, "tickets.csv", TICKET)
    written(tmp_path, ".DS_Store", "")
    written(tmp_path, "rejects.csv", "")
    written(tmp_path, "tickets.rejects.csv", "")

    assert len(rows(tmp_path)) == 1


def test_two_files_of_one_kind_stop_the_import(tmp_path: Path) -> None:
    written(tmp_path, "tickets.csv", TICKET)
    written(tmp_path, "tickets.ndjson", "")

    with pytest.raises(SetupFault, match="more than one file of tickets"):
        open_source(tmp_path, None)


def test_a_path_that_is_not_there_and_an_empty_folder_stop_the_import(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="no file or folder"):
        open_source(tmp_path / "nothing", None)
    with pytest.raises(SetupFault, match="holds no file"):
        open_source(tmp_path, None)


def test_a_zip_with_several_files_stops_the_import(tmp_path: Path) -> None:
    archive = tmp_path / "export.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.writestr("tickets.csv", TICKET)
        out.writestr("events.csv", "")

    with pytest.raises(SetupFault, match="holds 2 files"):
        open_source(archive, None)


def test_a_gzip_that_is_cut_short_stops_the_import_while_it_is_read(tmp_path: Path) -> None:
    body = TICKET + "".join(f"{number},2024-01-01T00:00:00Z\n" for number in range(2, 50_000))
    packed = gzip.compress(body.encode())
    source = open_source(written(tmp_path, "tickets.csv.gz", packed[: len(packed) // 2]), None)

    with pytest.raises(SetupFault, match="cannot be read to its end"):
        list(source.rows())


def test_the_fingerprint_follows_the_contents_and_nothing_else(tmp_path: Path) -> None:
    one, other, third = (tmp_path / name for name in ("one", "other", "third"))
    for folder in (one, other, third):
        folder.mkdir()
        written(folder, "tickets.csv", TICKET if folder != third else TICKET + "2,2024-01-01T00:00:00Z\n")

    assert open_source(one, None).fingerprint == open_source(other, None).fingerprint
    assert open_source(one, None).fingerprint != open_source(third, None).fingerprint


def test_the_name_is_the_last_part_of_the_path(tmp_path: Path) -> None:
    assert open_source(written(tmp_path, "tickets.csv", TICKET), None).name == "tickets.csv"
    assert open_source(tmp_path, None).name == tmp_path.name


def test_progress_runs_to_the_size_of_the_files(tmp_path: Path) -> None:
    written(
        tmp_path, "tickets.csv", TICKET + "".join(f"{number},2024-01-01T00:00:00Z\n" for number in range(2, 20_000))
    )
    written(tmp_path, "teams.csv.gz", gzip.compress(b"id\nt\n"))
    source = open_source(tmp_path, None)

    seen = [source.done for _ in source.rows()]

    assert source.done == source.size == sum(path.stat().st_size for path in tmp_path.iterdir())
    assert seen == sorted(seen)
    assert seen[-1] > seen[0]


def peak_bytes(folder: Path, lines: int) -> int:
    """What reading so many tickets takes at most."""
    line = "{},2024-01-01T00:00:00Z,a subject,tag{}|b\n"
    content = "".join(line.format(number, number % 50) for number in range(lines))
    source = open_source(written(folder, "tickets.csv", "id,created_at,subject,tags\n" + content), None)
    tracemalloc.start()
    for _ in source.rows():
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    assert peak_bytes(tmp_path, 80_000) < peak_bytes(tmp_path, 20_000) + 200_000


instants = st.datetimes(
    min_value=datetime(1990, 1, 1),  # noqa: DTZ001 (hypothesis wants naive bounds)
    max_value=datetime(2060, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))]),
)
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=20)
tags = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)


@st.composite
def tickets(draw: st.DrawFn) -> TicketRow:
    """A ticket that the format can hold, in UTC as it is read."""
    created = draw(instants).astimezone(UTC)
    later = st.none() | st.timedeltas(timedelta(), timedelta(days=900)).map(lambda passed: created + passed)
    maybe = st.none() | texts
    return TicketRow(
        draw(texts), created, draw(maybe), draw(maybe), draw(maybe), draw(maybe),
        draw(st.none() | st.sampled_from(Priority)), draw(st.none() | st.sampled_from(Channel)),
        draw(st.none() | st.sampled_from(Status)), draw(maybe), draw(maybe),
        tuple(draw(st.lists(tags, unique=True, max_size=3))), draw(later), draw(maybe), draw(later), draw(later),
        draw(st.none() | st.integers(0, 2**31 - 1)), draw(st.none() | instants.map(lambda at: at.astimezone(UTC))),
        draw(later), draw(later),
    )  # fmt: skip


def as_cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return "|".join(value)
    return str(getattr(value, "word", value))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(tickets(), max_size=5))
def test_what_is_written_in_the_format_is_read_back_unchanged(tmp_path: Path, given_rows: list[TicketRow]) -> None:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerows([TicketRow._fields, *(map(as_cell, row) for row in given_rows)])
    as_json = "\n".join(
        json.dumps({name: as_cell(value) for name, value in row._asdict().items()}) for row in given_rows
    )

    assert rows(written(tmp_path, "tickets.csv", out.getvalue())) == given_rows
    assert rows(written(tmp_path, "tickets.ndjson", as_json)) == given_rows


@st.composite
def events(draw: st.DrawFn) -> EventRow:
    """An event that the format can hold."""
    kind = draw(st.sampled_from(EventKind))
    word = {EventKind.STATUS_CHANGED: "open", EventKind.PRIORITY_CHANGED: "high"}.get(kind)
    actor_kind = draw(st.none() | st.sampled_from(ActorKind))
    return EventRow(
        draw(texts),
        draw(instants).astimezone(UTC),
        kind,
        draw(st.none() | texts),
        actor_kind,
        word,
        word or draw(texts),
    )


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(events(), max_size=5))
def test_events_are_read_back_unchanged(tmp_path: Path, given_rows: list[EventRow]) -> None:
    header = ["ticket_id", "at", "kind", "actor", "actor_kind", "from", "to"]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *(map(as_cell, row) for row in given_rows)])

    assert rows(written(tmp_path, "events.csv", out.getvalue())) == given_rows
