"""Source files of HTTP APIs: what they may say, and what is wrong with them, all at once."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner

from cli import main
from db.errors import SetupFault
from db.sync.freshdesk.reading import FreshdeskSource
from db.sync.http.source import ApiSource
from db.sync.kinds import KINDS, load
from db.sync.zendesk.reading import ZendeskSource
from tests.conftest import ROOT, SECRET
from tests.portals.desk import DOCS

URL = 'url = "https://acme.example"\n'


def source(folder: Path, text: str) -> ApiSource:
    path = folder / "mine.toml"
    path.write_text(text)
    found = load(path)
    assert isinstance(found, ApiSource)
    return found


@pytest.mark.parametrize(("kind", "made"), [("zendesk", ZendeskSource), ("freshdesk", FreshdeskSource)])
def test_the_start_of_each_page_can_be_copied(kind: str, made: type[ApiSource], tmp_path: Path) -> None:
    (start, *_) = re.findall(r"```toml\n(\s*kind.*?)```", (DOCS / f"{kind}.md").read_text(), re.DOTALL)

    found = source(tmp_path, dedent(start))

    assert isinstance(found, made)
    assert (found.name, found.kind, found.described.url) == ("mine", kind, f"https://acme.{kind}.com")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "url: is missing; give the system's address, such as https://acme.zendesk.com"),
        ('url = "http://acme.zendesk.com"', "url: 'http://acme.zendesk.com' is not allowed"),
        ('url = "https://me:secret@acme.zendesk.com"', "without a path"),
        ('url = "https://acme.zendesk.com/api"', "without a path"),
        (URL + 'token = "secret"', "token: is not known; known are kind, name, url, token_env"),
        (URL + 'token_env = "the token itself"', "token_env: 'the token itself' is not allowed"),
        (URL + 'since = "2024"', "since: '2024' is not allowed; give a date"),
        (URL + 'category = "colour"', "category: 'colour' is not allowed; give none, type,"),
        (URL + 'without = ["tickets"]', "give a list of satisfaction_ratings, sla_policies, schedules"),
        (URL + "interval_seconds = 0", "interval_seconds: 0; a number from 1 to 86400"),
        (URL + "overlap_seconds = 60", "overlap_seconds: is not known; known are kind, name"),
        ('url = "https://[acme"', "url: 'https://[acme' is not allowed"),
        ('url = "https://acme.zendesk.com:99999"', "is not allowed; give the system's address"),
        (URL + 'name = "My Desk"', "name: 'My Desk' is not allowed; give a name in lower case"),
        (URL + 'email = "nobody"', "email: 'nobody' is not allowed; give the address"),
        (URL + "since = 2024-01-01T00:00:00", "since: datetime.datetime(2024, 1, 1, 0, 0) is not allowed"),
        (URL + '[zones]\n"Middle Earth" = 5', "[zones] 'Middle Earth' becomes 5; a text is allowed"),
        (URL + '[channels]\nfax = "paper"', "[channels] 'fax' becomes 'paper'; allowed: api, chat"),
    ],
)
def test_a_fault_names_its_key(text: str, fault: str, tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match=re.escape(fault)) as found:
        source(tmp_path, f'kind = "zendesk"\n{text}')

    assert "mine.toml has 1 fault" in found.value.message


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="has 3 faults"):
        source(tmp_path, 'kind = "freshdesk"\nurl = 7\nemail = "a@b.example"\ncategory = "colour"')


@pytest.mark.parametrize("kind", ["'osticket'", "['zendesk']", "5"])
def test_a_kind_that_is_not_known_is_told_with_those_that_are(kind: str, tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match=re.escape(f"kind: {kind}; allowed: {', '.join(KINDS)}")):
        source(tmp_path, f"kind = {kind}")


def test_a_file_whose_name_is_none_for_a_source_has_to_give_one(tmp_path: Path) -> None:
    path = tmp_path / "My Desk.toml"
    path.write_text(f'kind = "zendesk"\n{URL}')

    with pytest.raises(SetupFault, match="name: 'My Desk' is not allowed"):
        load(path)


def test_what_a_source_file_says_is_what_is_heeded(tmp_path: Path) -> None:
    numbers = "interval_seconds = 7\noverlap_seconds = 11\nwhole_seconds = 13\n"
    found = source(tmp_path, f'kind = "freshdesk"\n{URL}{numbers}since = 2024-01-31\nprefix = "b-"').described

    assert (found.pace.interval_seconds, found.overlap_seconds, found.whole_seconds) == (7, 11, 13)
    assert (found.since, found.own(5), found.own(None)) == (datetime(2024, 1, 31, tzinfo=UTC), "b-5", None)
    assert source(tmp_path, f'kind = "zendesk"\n{URL}').described.whole_seconds == 600


@pytest.mark.parametrize(("ago", "is_time"), [(5.0, False), (700.0, True), (-700.0, True)])
def test_what_is_read_whole_is_read_again_also_after_the_clock_was_set_back(
    ago: float, is_time: bool, tmp_path: Path
) -> None:
    one = source(tmp_path, f'kind = "zendesk"\n{URL}').start(None, {})
    assert one.is_time(600.0)

    one.state["whole"] = time.time() - ago

    assert one.is_time(600.0) == is_time


def test_a_server_that_only_looks_whether_its_source_files_are_sound_loads_no_client(tmp_path: Path) -> None:
    source(tmp_path, f'kind = "zendesk"\n{URL}')
    code = "import sys; from pathlib import Path; from db.sync.kinds import load; load(Path(sys.argv[1]))"
    asked = [sys.executable, "-c", f"{code}; print('httpx2' in sys.modules)", str(tmp_path / "mine.toml")]

    assert subprocess.run(asked, check=True, capture_output=True, text=True, cwd=ROOT).stdout == "False\n"


def test_another_reading_begins_anew(tmp_path: Path) -> None:
    found = source(tmp_path, f'kind = "zendesk"\n{URL}')
    before = found.start(None, {"tickets": 1}).state | {"tickets": 7, "loading": False}

    assert found.start(before, {"tickets": 1}).state == before
    other = source(tmp_path, f'kind = "zendesk"\n{URL}category = "type"')
    assert other.start(before, {"tickets": 1}).state["tickets"] == 1


def test_a_token_that_is_not_set_is_told_by_its_variable(tmp_path: Path) -> None:
    found = source(tmp_path, f'kind = "freshdesk"\n{URL}token_env = "NOWHERE_SET"')

    with pytest.raises(SetupFault, match="environment variable NOWHERE_SET, and that is not set"):
        _ = found.api


@pytest.mark.parametrize("token", ["two\nlines", "h\u00e9", "a\tb"])
def test_what_no_header_can_hold_is_no_token_and_is_not_told(
    token: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRESHDESK_TOKEN", token)

    with pytest.raises(SetupFault, match="FRESHDESK_TOKEN, and that is no token") as fault:
        _ = source(tmp_path, f'kind = "freshdesk"\n{URL}').api

    assert token not in fault.value.message


def test_to_accept_deletes_of_what_is_never_compared_is_a_fault_and_not_ignored(tmp_path: Path) -> None:
    source(tmp_path, f'kind = "zendesk"\n{URL}')

    asked = ["sync", str(tmp_path / "mine.toml"), "--once", "--accept-deletes"]
    environment = {"DESKGRAPH_DATABASE_URL": "postgresql://nobody@localhost:1/none", "DESKGRAPH_JWT_SECRET": SECRET}
    told = CliRunner().invoke(main, asked, env=environment)

    assert told.exit_code == 2, told.output
    assert "for sources whose ids are compared" in told.output
