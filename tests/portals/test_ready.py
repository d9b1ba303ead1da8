"""Somebody's own file over a ready one: its parameters, what it says otherwise, and what is wrong with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from db.errors import SetupFault
from db.sources.rows import RowKind
from db.sync.postgresql.language import load_source
from db.sync.postgresql.ready import READY
from tests.portals.desk import DOCS


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text)
    return path


def test_every_ready_file_has_a_page_whose_start_can_be_copied(tmp_path: Path) -> None:
    for kind in READY:
        (start, *_) = re.findall(r"```toml\n(kind.*?)```", (DOCS / f"{kind}.md").read_text(), re.DOTALL)

        source = load_source(written(tmp_path, start))

        assert source.name == "mine"
        assert not any(re.search(r"(?<!:):[a-z]+\b", table.select.split("'^")[0]) for table in source.tables)


def test_a_parameter_is_a_literal_in_a_select_and_text_elsewhere(tmp_path: Path) -> None:
    path = written(tmp_path, 'kind = "chatwoot"\n[parameters]\naccount = 17\nprefix = "acme-"\ncategory = "product"')

    source = load_source(path)

    (tickets,) = source.of_kind(RowKind.TICKETS)
    assert "c.account_id = 17" in tickets.select
    assert "->> 'product'" in tickets.select
    assert tickets.cells["id"].template == "acme-{id}"


def test_the_own_file_goes_over_the_ready_one_key_by_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        kind = "chatwoot"
        dsn_env = "ACME"
        interval_seconds = 1
        [parameters]
        account = 1
        [tickets.channel.map]
        "Channel::Pigeon" = "other"
        """,
    )

    source = load_source(path)

    (tickets,) = source.of_kind(RowKind.TICKETS)
    words = tickets.cells["channel"].words
    assert words is not None
    assert (words["Channel::Pigeon"], words["Channel::Email"]) == ("other", "email")
    assert (source.dsn_env, source.pace.interval_seconds) == ("ACME", 1)


def test_another_parameter_is_another_source(tmp_path: Path) -> None:
    """A checkpoint holds for one reading of the portal only."""
    text = 'kind = "chatwoot"\n[parameters]\naccount = 1\n'

    digests = {load_source(written(tmp_path, text + more)).mapping.digest for more in ("", 'category = "inbox"')}

    assert len(digests) == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "[parameters] account: is missing; give the account's number"),
        ('account = "1 OR true"', "[parameters] account: '1 OR true' is not allowed"),
        ("account = true", "[parameters] account: True is not allowed"),
        ('account = 1\ncategory = "a\'b"', '[parameters] category: "a\'b" is not allowed'),
        ("account = 1\nacount = 2", "[parameters] acount: is not known; there are account, category, prefix"),
    ],
)
def test_a_fault_names_the_parameter(text: str, fault: str, tmp_path: Path) -> None:
    path = written(tmp_path, f'kind = "chatwoot"\n[parameters]\n{text}')

    with pytest.raises(SetupFault, match=re.escape(fault)):
        load_source(path)


def test_a_kind_that_is_not_known_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(SetupFault, match="allowed: postgresql, chatwoot, zammad"):
        load_source(written(tmp_path, 'kind = "osticket"\ndsn_env = "X"'))
