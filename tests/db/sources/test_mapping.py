"""Mapping files: what they turn foreign tables into, and what is wrong with faulty ones."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.domain import ActorKind, Channel, EventKind, Priority, Status
from db.errors import SetupFault
from db.sources.files import FileSource, open_source
from db.sources.mapping import load_mapping
from db.sources.rows import AgentRow, DimensionRow, EventRow, RatingRow, Read, Reject, Row, TicketRow

MAPPINGS = Path(__file__).parents[3] / "mappings"
MINIMAL = '[tickets]\nid = "Number"\ncreated_at = "Opened"\n'


def source(folder: Path, mapping: str, content: str | bytes, name: str = "export.csv") -> FileSource:
    (folder / "mapping.toml").write_text(mapping)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return open_source(folder / name, load_mapping(folder / "mapping.toml"))


def good(source: FileSource) -> list[Row]:
    """The good rows; there must be no other."""
    found = list(source.rows())
    assert not [each for each in found if isinstance(each, Reject)]
    return [each.row for each in found if isinstance(each, Read)]


def ticket(source: FileSource) -> TicketRow:
    """The one ticket."""
    (only,) = [row for row in good(source) if isinstance(row, TicketRow)]
    return only


def faults(folder: Path, mapping: str) -> str:
    (folder / "mapping.toml").write_text(mapping)
    with pytest.raises(SetupFault) as told:
        load_mapping(folder / "mapping.toml")
    return told.value.message


def test_columns_constants_templates_maps_and_tags_make_a_ticket(tmp_path: Path) -> None:
    mapping = """
        absent = ["?"]
        ignore = ["Secret"]
        [tickets]
        id = "Number"
        created_at = "Opened"
        subject = { template = "{Area}: {Title}" }
        channel = { value = "email" }
        priority = { column = "Prio", map = { "1" = "urgent" }, otherwise = "absent" }
        status = { column = "State", map = { Done = "closed" }, otherwise = "pass" }
        tags = { columns = ["Labels", "More"], split = ",", map = { B = "bee" }, otherwise = "pass" }
        team = "Group"
    """
    content = (
        "Number,Opened,Area,Title,Prio,State,Labels,More,Group,Secret\n"
        '1,2024-01-01T00:00:00Z,Mail,Lost,9,open,"a, B,?",a,?,x\n'
    )

    found = ticket(source(tmp_path, mapping, content))

    assert (found.subject, found.channel, found.priority) == ("Mail: Lost", Channel.EMAIL, None)
    assert (found.status, found.tags, found.team) == (Status.OPEN, ("a", "bee"), None)


def test_a_template_is_absent_where_all_its_columns_are(tmp_path: Path) -> None:
    mapping = 'absent = ["?"]\n' + MINIMAL + 'subject = { template = "{A} / {B}" }\ntags = { template = "{A}" }\n'

    found = ticket(source(tmp_path, mapping, "Number,Opened,A,B\n1,2024-01-01T00:00:00Z,?,\n"))

    assert (found.subject, found.tags) == (None, ())


def test_a_word_that_the_map_does_not_name_is_rejected_by_default(tmp_path: Path) -> None:
    mapping = MINIMAL + 'priority = { column = "Prio", map = { "1" = "urgent", "2" = "" } }\n'
    content = "Number,Opened,Prio\n1,2024-01-01T00:00:00Z,1\n2,2024-01-01T00:00:00Z,2\n3,2024-01-01T00:00:00Z,3\n"

    one, two, reject = source(tmp_path, mapping, content).rows()

    assert isinstance(one, Read)
    assert isinstance(two, Read)
    assert [row.row.priority for row in (one, two) if isinstance(row.row, TicketRow)] == [Priority.URGENT, None]
    assert isinstance(reject, Reject)
    assert (reject.line, reject.column, reject.text) == (4, "Prio", "3")
    assert "it names '1', '2' (read as priority)" in reject.reason


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2011-07-01 12:00:00", datetime(2011, 7, 1, 16, tzinfo=UTC)),
        ("2011-01-01 12:00:00", datetime(2011, 1, 1, 17, tzinfo=UTC)),
        ("2011-11-06 01:30:00", datetime(2011, 11, 6, 5, 30, tzinfo=UTC)),  # twice: the first
        ("2011-03-13 02:30:00", datetime(2011, 3, 13, 7, tzinfo=UTC)),  # never: the end of the gap
        ("2011-07-01 12:00:00+00:00", datetime(2011, 7, 1, 12, tzinfo=UTC)),  # an offset is kept
        ("2011-07-01", datetime(2011, 7, 1, 4, tzinfo=UTC)),
    ],
)
def test_times_without_offset_are_in_the_zone_of_the_mapping(tmp_path: Path, written: str, instant: datetime) -> None:
    mapping = 'zone = "America/New_York"\n' + MINIMAL

    assert ticket(source(tmp_path, mapping, f"Number,Opened\n1,{written}\n")).created_at == instant


@pytest.mark.parametrize(
    ("form", "written"),
    [
        ('time = "%d/%m/%Y %H:%M", zone = "UTC"', "3/6/2016 09:05"),
        ('time = "epoch_seconds"', "1464944700"),
        ('time = "epoch_milliseconds"', "1464944700000"),
        ('time = "%Y%m%d %H%M %z"', "20160603 1105 +0200"),
    ],
)
def test_a_column_may_write_its_times_in_its_own_way(tmp_path: Path, form: str, written: str) -> None:
    mapping = f'[tickets]\nid = "Number"\ncreated_at = {{ column = "Opened", {form} }}\n'

    assert ticket(source(tmp_path, mapping, f"Number,Opened\n1,{written}\n")).created_at == datetime(
        2016, 6, 3, 9, 5, tzinfo=UTC
    )


def test_a_time_of_another_form_is_a_reject_that_says_which_is_wanted(tmp_path: Path) -> None:
    mapping = 'time = "%d/%m/%Y"\nzone = "UTC"\n' + MINIMAL

    (reject,) = source(tmp_path, mapping, "Number,Opened\n1,2024-01-01\n").rows()

    assert isinstance(reject, Reject)
    assert reject.reason == "not a time of the form %d/%m/%Y (read as created_at)"


def test_delimiter_and_encoding_are_those_of_the_mapping(tmp_path: Path) -> None:
    mapping = 'delimiter = ";"\nencoding = "cp1252"\n' + MINIMAL + 'subject = "Größe"\n'
    content = "Number;Opened;Größe\n1;2024-01-01T00:00:00Z;weiß, groß\n".encode("cp1252")

    assert ticket(source(tmp_path, mapping, content)).subject == "weiß, groß"


def test_a_file_in_another_encoding_stops_the_import(tmp_path: Path) -> None:
    opened = source(tmp_path, 'encoding = "ascii"\n' + MINIMAL, "Number,Opened\n1,2024-01-01T00:00:00Z\n")
    (tmp_path / "export.csv").write_bytes("Number,Opened\n1,größer\n".encode())

    with pytest.raises(SetupFault, match="encoding"):
        list(opened.rows())


def test_one_table_feeds_several_kinds_and_names_each_agent_once(tmp_path: Path) -> None:
    mapping = (
        'absent = ["none"]\n'
        + MINIMAL
        + """
        assignee = "Agent"
        [ratings]
        where = "score"
        ticket_id = "Number"
        at = "Opened"
        score = "Score"
        [agents]
        where = "id"
        id = "Agent"
        team = "Group"
        [[organizations]]
        id = { value = "us" }
        """
    )
    content = "Number,Opened,Score,Agent,Group\n" + "".join(
        f"{number},2024-01-01T00:00:00Z,{score},{agent},{group}\n"
        for number, score, agent, group in ((1, 5, "ann", "x"), (2, "none", "ann", "y"), (3, "none", "none", "x"))
    )
    opened = source(tmp_path, mapping, content)

    found = good(opened)

    at = datetime(2024, 1, 1, tzinfo=UTC)
    assert [row for row in found if not isinstance(row, TicketRow)] == [
        DimensionRow("us", "us"),
        AgentRow("ann", "ann", "x", None, True),
        RatingRow("1", at, 5, None, None),
    ]
    assert sum(isinstance(row, TicketRow) for row in found) == 3
    assert opened.notices == {"another row for an id in agents said otherwise; the first was kept": 1}


def test_a_row_that_one_kind_rejects_goes_in_as_none(tmp_path: Path) -> None:
    mapping = MINIMAL + '[ratings]\nticket_id = "Number"\nat = "Opened"\nscore = "Score"\n'

    (reject,) = source(tmp_path, mapping, "Number,Opened,Score\n1,2024-01-01T00:00:00Z,9\n").rows()

    assert isinstance(reject, Reject)
    assert reject.column == "Score"


def test_an_instant_before_creation_is_absent_and_counted_where_the_mapping_says_so(tmp_path: Path) -> None:
    content = "id,created_at,first_response_at,resolved_at\n"
    content += "1,2024-01-02T00:00:00Z,2024-01-01T00:00:00Z,\n2,2024-01-02T00:00:00Z,,2024-01-01T00:00:00Z\n"
    opened = source(tmp_path, 'absent_before_creation = ["first_response_at"]\n', content, "tickets.csv")

    one, two = opened.rows()

    assert isinstance(one, Read)
    assert isinstance(one.row, TicketRow)
    assert one.row.first_response_at is None
    assert isinstance(two, Reject)
    assert opened.notices == {"first_response_at lay before the ticket's creation and was taken as absent": 1}


def test_a_folder_may_mix_foreign_files_with_files_of_the_format(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "incidents-1.csv").write_text("Number,Opened\n1,2024-01-01T00:00:00Z\n")
    (data / "incidents-2.csv").write_text("Number,Opened\n2,2024-01-01T00:00:00Z\n")
    (data / "agents.csv").write_text("id\na\n")
    (tmp_path / "mapping.toml").write_text(MINIMAL.replace("[tickets]", '[tickets]\nfile = "incidents-*.csv"'))

    found = good(open_source(data, load_mapping(tmp_path / "mapping.toml")))

    assert [row[0] for row in found] == ["a", "1", "2"]


def test_a_mapped_file_that_lacks_a_column_or_has_others_stops_the_import(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match=r"lacks column 'Opened'; it has unknown columns 'a', 'b'"):
        source(tmp_path, MINIMAL, "Number,a,b\n")


def test_all_other_columns_may_be_ignored(tmp_path: Path) -> None:
    assert (
        ticket(source(tmp_path, 'ignore = "*"\n' + MINIMAL, "x,Number,x,Opened\n,1,,2024-01-01T00:00:00Z\n")).id == "1"
    )


def test_a_mapping_reads_ndjson_too(tmp_path: Path) -> None:
    mapping = 'ignore = ["x"]\n' + MINIMAL + 'priority = { column = "Prio", map = { "1" = "low" } }\n'
    content = '{"Number": 1, "Opened": "2024-01-01T00:00:00Z", "x": {}}\n'
    content += '{"Prio": 1, "Number": 2, "Opened": "2024-01-01T00:00:00Z"}\n'

    found = good(source(tmp_path, mapping, content, "export.ndjson"))

    assert [row.priority for row in found if isinstance(row, TicketRow)] == [None, Priority.LOW]


def test_the_mapping_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    content = "Number,Opened\n1,2024-01-01T00:00:00Z\n"

    one = source(tmp_path, MINIMAL, content).fingerprint
    other = source(tmp_path, MINIMAL + 'channel = { value = "web" }\n', content).fingerprint

    assert one != other


LOG = """
    absent = ["?"]
    prefer = "columns"
    [event_log]
    at = "Updated"
    actor = "By"
    actor_kind = { value = "agent" }
    [tickets]
    id = "Number"
    created_at = "Opened"
    status = { column = "State", absent = ["-100"] }
    assignee = "Agent"
    team = { value = "t" }
    category = "Area"
    priority = "Prio"
"""
LOG_HEADER = "Number,Opened,Updated,By,State,Agent,Area,Prio\n"
OPENED = "2024-01-01T00:00:00Z"


def test_an_event_log_makes_a_ticket_of_its_last_row_and_events_of_what_changes(tmp_path: Path) -> None:
    content = LOG_HEADER + (
        f"1,{OPENED},2024-01-01T01:00:00Z,bo,new,?,a,low\n"
        f"1,{OPENED},2024-01-01T02:00:00Z,bo,-100,?,a,?\n"
        f"1,{OPENED},2024-01-01T03:00:00Z,cy,resolved,ann,b,high\n"
        f"1,{OPENED},2024-01-01T04:00:00Z,,resolved,?,b,high\n"
        f"2,{OPENED},2024-01-01T01:00:00Z,bo,open,?,a,low\n"
    )
    opened = source(tmp_path, LOG, content)

    found = [each for each in opened.rows() if isinstance(each, Read)]

    at = datetime(2024, 1, 1, 3, tzinfo=UTC)
    changes = [
        (EventKind.ASSIGNED, None, "ann"),
        (EventKind.CATEGORY_CHANGED, "a", "b"),
        (EventKind.PRIORITY_CHANGED, "low", "high"),
        (EventKind.STATUS_CHANGED, "new", "resolved"),
    ]
    assert [each.row for each in found if isinstance(each.row, EventRow)] == [
        *(EventRow("1", at, kind, "cy", ActorKind.AGENT, before, after) for kind, before, after in changes),
        EventRow("1", at.replace(hour=4), EventKind.ASSIGNED, None, ActorKind.AGENT, "ann", None),
    ]
    assert [(each.line, each.row.id, each.row.status) for each in found if isinstance(each.row, TicketRow)] == [
        (5, "1", Status.RESOLVED),
        (6, "2", Status.OPEN),
    ]
    assert opened.prefers_columns


def test_a_bad_row_of_an_event_log_is_rejected_and_counts_for_nothing(tmp_path: Path) -> None:
    content = LOG_HEADER + (
        f"1,{OPENED},2024-01-01T01:00:00Z,,new,?,a,low\n"
        f"1,{OPENED},2024-01-01T02:00:00Z,,begun,?,a,low\n"
        f"1,{OPENED},2023-01-01T02:00:00Z,,open,?,a,low\n"
        f"1,{OPENED},2024-01-01T03:00:00Z,,closed,?,a,low\n"
    )

    unknown, early, event, made = source(tmp_path, LOG, content).rows()

    assert isinstance(unknown, Reject)
    assert isinstance(early, Reject)
    assert [(reject.line, reject.column) for reject in (unknown, early)] == [(3, "State"), (4, "Updated")]
    assert isinstance(event, Read)
    assert event.row[-2:] == ("new", "closed")
    assert isinstance(made, Read)
    assert made.line == 5


def test_rows_of_a_ticket_that_stand_apart_are_two_tickets(tmp_path: Path) -> None:
    row = "{},2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,,new,?,a,low\n"

    found = good(source(tmp_path, LOG, LOG_HEADER + row.format(1) + row.format(2) + row.format(1)))

    assert [row[0] for row in found] == ["1", "2", "1"]


def test_a_mapping_that_is_not_there_or_not_toml_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
    assert "is not TOML" in faults(tmp_path, "[tickets")


def test_all_faults_of_a_mapping_are_told_at_once(tmp_path: Path) -> None:
    message = faults(
        tmp_path,
        """
        colour = "red"
        prefer = "rows"
        zone = "+01:00"
        time = "%H:%M"
        delimiter = "||"
        encoding = "utf-99"
        absent = "?"
        absent_before_creation = ["created_at"]
        [tickets]
        id = "Number"
        shade = "x"
        where = "team"
        status = { column = "s", map = { a = "opened" } }
        priority = { column = "p", value = "low" }
        channel = { value = "fax" }
        subject = { column = "x", split = ",", otherwise = "pass", zone = "UTC" }
        tags = 4
        [ratings]
        ticket_id = "Number"
        """,
    )

    for told in (
        "unknown colour; allowed: delimiter, encoding",
        "prefer: 'rows'; allowed: events, columns",
        "zone: timezone '+01:00' is not known",
        "time: '%H:%M'; allowed: iso",
        "delimiter: '||'",
        "encoding: 'utf-99'",
        "absent: '?' is not a list of strings",
        "absent_before_creation: unknown created_at",
        "[tickets]: unknown shade; allowed: id, created_at",
        "[tickets] lacks the required column created_at",
        "[tickets] where: 'team' is no column of this table",
        "[tickets] status: map: 'a' becomes 'opened': unknown status",
        "[tickets] priority: give one of column, columns, template, value; there are 2",
        "[tickets] channel: value becomes 'fax': unknown channel",
        "[tickets] subject: split and columns are for tags only",
        "[tickets] subject: time and zone are for times only",
        "[tickets] subject: otherwise says what a map does not name",
        "[tickets] tags: 4 is neither a source column nor a table",
        "[ratings] lacks the required column at",
        "[ratings] lacks the required column score",
    ):
        assert told in message
    assert "has 20 faults" in message


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ('[event_log]\nat = "x"\n', "needs one [tickets]"),
        (MINIMAL + "[event_log]\n", "[event_log] lacks the required column at"),
        (MINIMAL + '[event_log]\nat = "x"\nchanges = ["status", "mood"]\n', "unknown mood; allowed: status"),
        (MINIMAL + '[event_log]\nat = "x"\nchanges = ["status"]\n', "'status' is no column of [tickets]"),
        (MINIMAL + '[event_log]\nat = "x"\nwhen = "y"\n', "unknown when"),
        (MINIMAL + '[ratings]\nticket_id="a"\nat="b"\nscore="c"\n[event_log]\nat = "x"\n', "from every row"),
        ("tickets = 3", "[tickets] is not a table"),
        ("event_log = 3", "[event_log] is not a table"),
        (MINIMAL + 'subject = { template = "{a" }', "template"),
        (MINIMAL + 'channel = { value = "web", map = { a = "b" } }', "taken as it is"),
        ("[calendars]", "unknown calendars"),
    ],
)
def test_a_fault_of_a_mapping_is_told(tmp_path: Path, mapping: str, told: str) -> None:
    assert told in faults(tmp_path, mapping)


@pytest.mark.parametrize("path", sorted(MAPPINGS.glob("*.toml")), ids=lambda path: path.name)
def test_the_mappings_that_come_with_the_product_load(path: Path) -> None:
    assert load_mapping(path).digest
