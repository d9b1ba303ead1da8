"""The language of source files: what is wrong is told all at once, by the key that is at fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.errors import SetupFault
from db.sources.rows import RowKind
from db.sync.postgresql.language import load_source
from db.sync.postgresql.marks import Marks, Snapshot
from tests.db.sync.portal import SOURCE

GOOD = SOURCE.format(name="desk", variable="DESK_DSN", prefix="c-", further="")
TICKETS = '[tickets]\nselect = "SELECT 1 AS id, now() AS created_at"\nwatermark = "created_at"\n'


def described(tmp_path: Path, text: str, name: str = "desk.toml"):  # type: ignore[no-untyped-def]
    path = tmp_path / name
    path.write_text(text)
    return load_source(path)


def test_a_source_file_says_how_a_portal_is_followed(tmp_path: Path) -> None:
    found = described(tmp_path, GOOD)

    assert [(table.name, table.key, table.watermark, table.ticket) for table in found.tables] == [
        ("agents", "login", "changed_at", ""),
        ("tickets", "no", "changed_at", "no"),
        ("events", "id", "id", "case_no"),
        ("ratings", "case_no", "changed_at", "case_no"),
    ]
    assert found.pace.interval_seconds == 0.2
    assert found.tables[1].cells["status"].words == {"N": "new", "O": "open", "W": "pending", "R": "resolved"}


def test_tables_of_one_kind_keep_their_own_cells_and_the_others_have_the_formats(tmp_path: Path) -> None:
    log = '[[events]]\nselect = "SELECT * FROM {0}"\nwatermark = "id"\n'
    mapped = 'ticket_id = "t"\nat = "{0}"\nkind = "k"\n'
    text = (
        f'dsn_env = "D"\n{TICKETS}'
        + log.format("a")
        + mapped.format("x")
        + log.format("b")
        + log.format("c")
        + mapped.format("y")
    )
    events = described(tmp_path, text).of_kind(RowKind.EVENTS)

    assert [table.name for table in events] == ["events[1]", "events[2]", "events[3]"]
    assert [table.cells["at"].columns if table.cells else None for table in events] == [("x",), None, ("y",)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TICKETS, "dsn_env: is missing; give the name of an environment variable"),
        ('dsn_env = "postgresql://u:p@h/d"\n' + TICKETS, "dsn_env: 'postgresql://u:p@h/d' is not allowed"),
        ('dsn_env = "D"', "[tickets] stands 0 times"),
        ('dsn_env = "D"\ninterval_seconds = 0\n' + TICKETS, "interval_seconds: 0; a number from 0.2 to 86400"),
        ('dsn_env = "D"\nintervall = 3\n' + TICKETS, "intervall: is not known; known are kind, name, dsn_env,"),
        ('dsn_env = "D"\n[event]\nselect = "SELECT 1"\n' + TICKETS, "tickets, events, ratings, calendars"),
        ('dsn_env = "D"\ndelimiter = ";"\n' + TICKETS, "delimiter: is of files"),
        ('dsn_env = "D"\nname = "A Desk"\n' + TICKETS, "name: 'A Desk' is not allowed"),
        ('dsn_env = "D"\n[tickets]\nwatermark = "a"\n', "[tickets] select: is missing"),
        ('dsn_env = "D"\n[tickets]\nselect = "SELECT 1"\n', "[tickets] watermark: is missing"),
        (
            'dsn_env = "D"\n' + TICKETS + 'id = { template = "{a}-{b}" }\ncreated_at = "c"\n',
            "[tickets] id: has to come from one",
        ),
        (
            'dsn_env = "D"\n'
            + TICKETS
            + 'id = "a"\ncreated_at = "c"\nstatus = { column = "s", map = { O = "opn" } }\n',
            "'O' becomes 'opn'",
        ),
        ('dsn_env = "D"\n' + TICKETS + 'id = "a"\n', "[tickets] lacks the required column created_at"),
        ("dsn_env = ", "is not TOML in UTF-8"),
    ],
)
def test_a_fault_is_told_by_its_key(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SetupFault) as fault:
        described(tmp_path, text)

    assert told in fault.value.message
    assert "desk.toml" in fault.value.message


def test_the_secret_stands_in_the_environment_alone(tmp_path: Path) -> None:
    found = described(tmp_path, GOOD)

    assert found.dsn({"DESK_DSN": "postgresql://h/d"}) == "postgresql://h/d"
    for said in ({}, {"DESK_DSN": "mysql://user:secret@h/d"}):
        with pytest.raises(SetupFault, match="DESK_DSN") as fault:
            found.dsn(said)
        assert "secret" not in fault.value.message


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=40))
def test_no_pass_begins_after_what_a_transaction_that_is_still_open_may_bring(steps: list[tuple[int, int]]) -> None:
    """Transactions begin and end between passes; each bears as watermark the time at which it began."""
    xid, clock, marks = 100, 0, Marks(((100, "0"),))
    unread: dict[int, int] = {}
    for begun, ended in steps:
        for _ in range(begun):
            clock += 1
            unread[xid] = clock
            xid += 1
        # What has ended since is there to be read now: the pass has to begin at or before its watermark.
        for over in sorted(unread)[:ended]:
            assert marks.bound is not None
            assert int(marks.bound) <= unread.pop(over)
        marks = marks.then(Snapshot(min(unread, default=xid), xid), str(clock))


def test_marks_of_another_server_begin_anew_from_what_was_read() -> None:
    marks = Marks(((900, "a"),)).then(Snapshot(1_000, 1_000), "b")

    assert marks.then(Snapshot(5, 5), "c") == Marks(((5, "b"),))
