"""What a proposal says of exports that nobody here has seen before, and what it leaves open."""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from db.sources.files import open_source
from db.sources.mapping import read_mapping
from db.sources.rows import Read, TicketRow
from db.suggest.matching import ENOUGH
from db.suggest.proposal import Proposal
from db.suggest.suggest import Answers, Suggestion
from db.suggest.times import time_form
from db.suggest.words import translate
from db.suggest.writing import as_toml

HOURS = timedelta(hours=1)


def rows(count: int = 60) -> list[dict[str, str]]:
    """Tickets as a small desk might export them, in words of its own."""
    choose = random.Random(4)
    made = []
    for number in range(count):
        opened = datetime(2024, 3, 1, 8) + number * 7 * HOURS  # noqa: DTZ001 as its file writes it
        status = choose.choice(("Offen", "Wartend auf Kunde", "Gelöst", "Geschlossen"))
        solved = opened + choose.randint(1, 90) * HOURS if status in ("Gelöst", "Geschlossen") else None
        made.append(
            {
                "Case Number": f"C-{number:04}",
                "Opened On": f"{opened:%d.%m.%Y %H:%M}",
                "Title": f"Drucker {number} geht nicht",
                "Severity": choose.choice(("P1 - kritisch", "P3 - mittel", "P4 - niedrig")),
                "Status": status,
                "Support Group": choose.choice(("Zürich", "Genève")),
                "Asignee": choose.choice(("Jürg", "Chloé", "Ann")),
                "Resolved On": f"{solved:%d.%m.%Y %H:%M}" if solved else "n/a",
            }
        )
    return made


def csv_of(made: list[dict[str, str]], delimiter: str = ";") -> str:
    lines = [made[0].keys(), *(row.values() for row in made)]
    return "\n".join(delimiter.join(cells) for cells in lines) + "\n"


def entries(proposal: Proposal) -> dict[str, Any]:
    return {f"{cell.table}.{cell.column}": cell.entry for cell in proposal.cells}


def read_with(proposal: Proposal, file: Path) -> list[TicketRow]:
    """The tickets that the import reads by the proposal; each row has to be good."""
    found = list(open_source(file, read_mapping("test", as_toml(file.name, proposal).encode())).rows())
    assert all(isinstance(one, Read) for one in found), found[:3]
    return [one.row for one in found if isinstance(one.row, TicketRow)]


def test_semicolons_another_encoding_foreign_words_and_a_misspelt_name_are_understood(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(csv_of(rows()).encode("cp1252"))

    suggestion = Suggestion(file)
    proposal = suggestion.proposal(Answers(zone="Europe/Zurich"))

    settings = {setting.key: setting.value for setting in proposal.settings}
    assert (settings["delimiter"], settings["time"], settings["zone"]) == (";", "%d.%m.%Y %H:%M", "Europe/Zurich")
    assert settings["absent"] == ["n/a"]
    assert entries(proposal)["tickets.assignee"] == "Asignee"
    assert entries(proposal)["tickets.priority"]["map"]["P1 - kritisch"] == "urgent"
    assert entries(proposal)["tickets.status"]["map"]["Wartend auf Kunde"] == "pending"
    tickets = read_with(proposal, file)
    assert len(tickets) == 60
    assert {ticket.assignee for ticket in tickets} == {"Jürg", "Chloé", "Ann"}
    assert tickets[0].created_at.isoformat() == "2024-03-01T07:00:00+00:00"


COLUMNS = {
    "tickets.id": "Case Number",
    "tickets.created_at": "Opened On",
    "tickets.subject": "Title",
    "tickets.priority": "Severity",
    "tickets.status": "Status",
    "tickets.team": "Support Group",
    "tickets.assignee": "Asignee",
    "tickets.resolved_at": "Resolved On",
}
GERMAN = {
    "Case Number": "Ticketnummer",
    "Opened On": "Eingang",
    "Title": "Betreff",
    "Severity": "Priorität",
    "Support Group": "Gruppe",
    "Asignee": "Zuständiger Bearbeiter",
    "Resolved On": "Gelöst am",
}
FRENCH = {
    "Case Number": "Numéro",
    "Opened On": "Date de création",
    "Title": "Objet",
    "Severity": "Priorité",
    "Status": "État",
    "Support Group": "Équipe",
    "Asignee": "Responsable",
    "Resolved On": "Résolu le",
}


@pytest.mark.parametrize("names", [GERMAN, FRENCH], ids=["german", "french"])
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_names_in_other_languages_are_understood_however_their_letters_are_composed(
    tmp_path: Path, names: dict[str, str], form: Literal["NFC", "NFD"]
) -> None:
    file = tmp_path / "export.csv"
    made = [{names.get(name, name): cell for name, cell in row.items()} for row in rows()]
    file.write_text(unicodedata.normalize(form, csv_of(made)), "utf-8-sig")

    proposal = Suggestion(file).proposal(Answers(zone="Europe/Berlin"))

    found = {
        column: entry["column"] if isinstance(entry, dict) else entry for column, entry in entries(proposal).items()
    }
    told = {column: names.get(name, name) for column, name in COLUMNS.items()}
    assert {column: unicodedata.normalize("NFC", found.get(column, "")) for column in told} == told
    assert len(read_with(proposal, file)) == 60


@pytest.mark.parametrize("name", ["export.json", "export.ndjson", "export.json.gz"])
def test_json_arrays_and_lines_are_understood_and_nested_keys_ignored(tmp_path: Path, name: str) -> None:
    made = [{**row, "Custom": {"deep": 1}} for row in rows()]
    text = "\n".join(map(json.dumps, made)) if "ndjson" in name else json.dumps(made, indent=1)
    file = tmp_path / name
    file.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())

    proposal = Suggestion(file).proposal(Answers())

    assert "Custom" in next(setting.value for setting in proposal.settings if setting.key == "ignore")
    assert len(read_with(proposal, file)) == 60


def test_a_required_column_that_is_not_there_is_told_and_nothing_is_made_up(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    kept = ("Title", "Status", "Support Group")
    file.write_text(csv_of([{name: row[name] for name in kept} for row in rows()]))

    proposal = Suggestion(file).proposal(Answers())

    assert proposal.missing == ("id", "created_at")
    assert "MISSING: no column for the required created_at" in as_toml("export.csv", proposal)


def test_a_word_that_nobody_knows_is_left_out_and_told(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    made = rows()
    made[7]["Status"] = "Zorp"
    file.write_text(csv_of(made))

    suggestion = Suggestion(file)
    proposal = suggestion.proposal(Answers())
    trial = suggestion.trial(proposal)

    status = next(cell for cell in proposal.cells if cell.column == "status")
    assert status.unknown == ("Zorp",)
    assert not status.is_sure
    assert sum(trial.rejected.values()) == 1
    assert trial.good["tickets"] == 59


def test_what_somebody_answers_stands(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    made = rows()
    made[7]["Status"] = "Zorp"
    file.write_text(csv_of(made))

    said = Answers("UTC", {"organization": "Support Group", "team": None}, {"status": {"Zorp": "on_hold"}})
    proposal = Suggestion(file).proposal(said)

    assert entries(proposal)["tickets.organization"] == "Support Group"
    assert "tickets.team" not in entries(proposal)
    assert [ticket.status.word for ticket in read_with(proposal, file) if ticket.status][7] == "on_hold"
    assert not any(setting.check for setting in proposal.settings if setting.key == "zone")


def test_days_that_could_be_months_are_told(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text("id,created\n" + "".join(f"{n},0{n % 9 + 1}/05/2024\n" for n in range(30)))

    proposal = Suggestion(file).proposal(Answers())

    time = next(setting for setting in proposal.settings if setting.key == "time")
    assert (time.value, "%m/%d/%Y" in time.check) == ("%d/%m/%Y", True)


def test_no_confidence_is_below_what_is_enough(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_text(csv_of(rows()))

    proposal = Suggestion(file).proposal(Answers())

    assert all(ENOUGH <= cell.confidence <= 1 and cell.reason for cell in proposal.cells)


@pytest.mark.parametrize(
    ("texts", "spelling", "has_offset"),
    [
        (["2024-01-31T09:30:00Z", "2024-02-01T10:00:00+01:00"], "iso", True),
        (["2024-01-31 09:30", "2024-02-01 10:00"], "iso", False),
        (["31/1/2024 9:30", "1/2/2024 10:00"], "%d/%m/%Y %H:%M", False),
        (["1/31/2024 9:30 AM", "2/1/2024 10:00 PM"], "%m/%d/%Y %I:%M %p", False),
        (["31-Jan-24 09:30:00", "01-Feb-24 10:00:00"], "%d-%b-%y %H:%M:%S", False),
        (["31.01.2024 09:30:00 +0100", "01.02.2024 10:00:00 +0100"], "%d.%m.%Y %H:%M:%S %z", True),
        (["1706693400", "1706780000"], "epoch_seconds", True),
        (["1706693400000", "1706780000000"], "epoch_milliseconds", True),
    ],
)
def test_the_spelling_of_times_is_found(texts: list[str], spelling: str, has_offset: bool) -> None:
    form = time_form(texts)

    assert form is not None
    assert (form.spelling, form.has_offset, form.rivals) == (spelling, has_offset, ())


@pytest.mark.parametrize("texts", [["Caller 1904", "Caller 3"], ["2 - Medium"], ["10.5"], ["02-124"]])
def test_what_is_no_time_is_taken_for_none(texts: list[str]) -> None:
    assert time_form(texts) is None


@pytest.mark.parametrize(
    ("column", "word", "said"),
    [
        ("status", "Awaiting User Info", "pending"),
        ("status", "Awaiting Vendor", "on_hold"),
        ("status", "In Progress", "open"),
        ("status", "Done", "resolved"),
        ("status", "Wartet auf Kunde", "pending"),
        ("status", "ZURÜCKGESTELLT", "on_hold"),
        ("status", "En attente", "on_hold"),
        ("priority", "1 - Critical", "urgent"),
        ("priority", "Sehr hoch", "urgent"),
        ("channel", "Constituent Call", "phone"),
        ("channel", "Citizens Connect App", "web"),
    ],
)
def test_words_of_other_desks_are_understood(column: str, word: str, said: str) -> None:
    assert translate(column, {word: 1}).known == {word: said}


@pytest.mark.parametrize(("column", "word"), [("status", "-100"), ("status", "4"), ("priority", "Blue")])
def test_words_that_say_nothing_stay_unknown(column: str, word: str) -> None:
    assert translate(column, {word: 1}).unknown == (word,)
