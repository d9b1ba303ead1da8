"""`deskgraph keys` and `deskgraph token`, as a user types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from db.engine import Engine
from schema.machines import Machines
from tests.identity.parts import ISSUER
from tests.test_cli import deskgraph

NOWHERE = "postgresql://nowhere/none"
KEY = re.compile(r"dgk_[0-9a-f]{12}_[0-9a-f]{64}\n")


async def test_a_key_is_printed_once_listed_without_its_secret_and_revoked(database: str, tmp_path: Path) -> None:
    made = deskgraph(
        "keys", "create", "--name", "nightly", "--role", "team_lead", "--team", "a", "--team", "b", "--ttl", "30d",
        dsn=database, cwd=tmp_path,
    )  # fmt: skip
    assert (made.returncode, bool(KEY.fullmatch(made.stdout))) == (0, True), made.stderr
    assert "cannot be shown again" in made.stderr
    _, key_id, secret = made.stdout.strip().split("_")

    engine = Engine(database)
    viewer = await Machines(engine).viewer(made.stdout.strip())
    await engine.close()
    table = deskgraph("keys", "list", dsn=database, cwd=tmp_path)
    revoked = deskgraph("keys", "revoke", key_id, dsn=database, cwd=tmp_path)
    again = deskgraph("keys", "revoke", key_id, dsn=database, cwd=tmp_path)
    listed = deskgraph("keys", "list", "--json", dsn=database, cwd=tmp_path)

    assert (viewer.role.value, viewer.teams) == ("team_lead", ("a", "b"))
    heading, row = table.stdout.splitlines()
    assert heading.split() == ["ID", "STATE", "ROLE", "SCOPE", "EXPIRES", "NAME"]
    assert [row.split()[0], row.split()[1], row.split()[-1]] == [key_id, "active", "nightly"]
    assert (revoked.returncode, again.returncode) == (0, 0)
    (record,) = json.loads(listed.stdout)
    assert {name: record[name] for name in ("id", "name", "state", "role", "agent", "teams", "organization")} == {
        "id": key_id, "name": "nightly", "state": "revoked", "role": "team_lead",
        "agent": None, "teams": ["a", "b"], "organization": None,
    }  # fmt: skip
    assert record["createdAt"] < record["revokedAt"] < record["expiresAt"]
    assert not any(secret in told.stdout + told.stderr for told in (table, revoked, listed))


async def test_without_keys_the_list_is_a_heading_and_an_empty_array(database: str, tmp_path: Path) -> None:
    assert deskgraph("keys", "list", dsn=database, cwd=tmp_path).stdout.split()[0] == "ID"
    assert json.loads(deskgraph("keys", "list", "--json", dsn=database, cwd=tmp_path).stdout) == []


async def test_revoking_what_is_not_there_fails_and_says_where_ids_are(database: str, tmp_path: Path) -> None:
    told = deskgraph("keys", "revoke", "000000000000", dsn=database, cwd=tmp_path)

    assert told.returncode == 1
    assert "deskgraph keys list" in told.stderr


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        (("--role", "admin"), "--name"),
        (("--name", "n"), "--role"),
        (("--name", " ", "--role", "admin"), "--name is empty"),
        (("--name", "n", "--role", "boss"), "boss"),
        (("--name", "n", "--role", "client"), "--organization"),
        (("--name", "n", "--role", "agent"), "--agent"),
        (("--name", "n", "--role", "team_lead"), "--team"),
        (("--name", "n", "--role", "team_lead", "--team", ""), "--team is empty"),
        (("--name", "n", "--role", "admin", "--ttl", "0d"), "0d"),
        (("--name", "n", "--role", "admin", "--ttl", "99999d"), "3650d"),
        (("--name", "n", "--role", "admin", "--ttl", "999999999999999999d"), "3650d"),
    ],
)
def test_a_key_asked_for_wrongly_says_what_is_wrong_and_exits_with_2(
    words: tuple[str, ...], fragment: str, tmp_path: Path
) -> None:
    told = deskgraph("keys", "create", *words, dsn=NOWHERE, cwd=tmp_path)

    assert told.returncode == 2, told.stderr
    assert fragment in told.stderr


def test_with_the_database_away_a_key_cannot_be_made(tmp_path: Path) -> None:
    told = deskgraph("keys", "create", "--name", "n", "--role", "admin", dsn="postgresql://127.0.0.1:1/x", cwd=tmp_path)

    assert told.returncode == 1
    assert "database is away" in told.stderr


def test_where_a_provider_is_set_no_token_is_made_and_it_says_who_does(tmp_path: Path) -> None:
    told = deskgraph(
        "token", "--role", "admin", dsn=NOWHERE, cwd=tmp_path,
        DESKGRAPH_JWKS_URL="https://login.example.org/keys", DESKGRAPH_JWT_ISSUER=ISSUER, DESKGRAPH_JWT_AUDIENCE="desk",
    )  # fmt: skip

    assert (told.returncode, told.stdout) == (1, "")
    assert "come from the provider" in told.stderr
    assert ISSUER in told.stderr


@pytest.mark.parametrize("command", ["create", "list", "revoke"])
def test_every_command_explains_itself(command: str, tmp_path: Path) -> None:
    told = deskgraph("keys", command, "--help", dsn=NOWHERE, cwd=tmp_path)

    assert told.returncode == 0
    assert "Usage:" in told.stdout
