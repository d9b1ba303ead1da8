"""Source files of HTTP APIs: what they may say, and what is wrong with them, all at once."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

import pytest

from db.errors import SetupFault
from db.sync.freshdesk.reading import FreshdeskSource
from db.sync.http.source import ApiSource
from db.sync.kinds import KINDS, load
from db.sync.zendesk.reading import ZendeskSource
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


def test_a_kind_that_is_not_known_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match=re.escape(f"kind: 'osticket'; allowed: {', '.join(KINDS)}")):
        source(tmp_path, 'kind = "osticket"')


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
