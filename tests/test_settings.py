"""Settings are validated at start, with one message a fault."""

from __future__ import annotations

from pathlib import Path

import pytest

import settings
from app import mailbox_of
from db.errors import SetupFault
from db.walls import Walls
from schema.cost import MAX_COST


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting from outside, and a folder of the test's own."""
    for name in list(__import__("os").environ):
        if name.startswith("DESKGRAPH_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DESKGRAPH_DATA_DIR", str(tmp_path / "data"))


def faults(monkeypatch: pytest.MonkeyPatch, **environment: str) -> list[str]:
    """The lines that loading fails with."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SetupFault) as caught:
        settings.load()
    return caught.value.message.splitlines()


def test_without_any_setting_postgresql_is_embedded() -> None:
    found = settings.load()

    assert found.embeds
    assert (found.host, found.port, found.workers) == ("127.0.0.1", 8000, 1)


def test_every_fault_is_told_at_once_with_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(
        monkeypatch,
        DESKGRAPH_PORT="eighty",
        DESKGRAPH_WORKERS="0",
        DESKGRAPH_DATABASE_URL="mysql://x",
        DESKGRAPH_JWT_SECRET="short",
    )

    assert len(told) == 4
    for name in ("PORT", "WORKERS", "DATABASE_URL", "JWT_SECRET"):
        assert any(line.startswith(f"DESKGRAPH_{name}: ") for line in told), told


def test_what_is_audited_and_how_long_it_is_kept_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(monkeypatch, DESKGRAPH_AUDIT="some", DESKGRAPH_AUDIT_RETENTION_DAYS="0")

    assert told == [
        "DESKGRAPH_AUDIT: Input should be 'all' or 'required'",
        "DESKGRAPH_AUDIT_RETENTION_DAYS: Input should be greater than or equal to 1",
    ]


def test_a_setting_that_does_not_exist_is_a_fault_that_lists_those_that_do(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = faults(monkeypatch, DESKGRAPH_PROT="8000")

    assert told.startswith("DESKGRAPH_PROT: there is no such setting")
    assert "DESKGRAPH_PORT" in told


def test_a_database_of_ones_own_needs_a_secret_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    (told,) = faults(monkeypatch, DESKGRAPH_DATABASE_URL="postgresql://h/d")

    assert told.startswith("DESKGRAPH_JWT_SECRET: must be set")


def test_a_secret_never_stands_in_a_message(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(monkeypatch, DESKGRAPH_JWT_SECRET="hunter2", DESKGRAPH_DATABASE_URL="mysql://u:hunter2@h/d")

    assert not any("hunter2" in line for line in told)
    assert "hunter2" not in repr(settings.Settings(jwt_secret="hunter2" * 10, database_url=""))


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "deskgraph.toml"
    file.write_text('port = 9001\nhost = "0.0.0.0"\n')
    monkeypatch.setenv("DESKGRAPH_CONFIG", str(file))
    monkeypatch.setenv("DESKGRAPH_PORT", "9002")

    found = settings.load()

    assert (found.host, found.port) == ("0.0.0.0", 9002)


def test_an_unknown_setting_in_the_file_and_a_file_that_is_not_there_are_faults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "deskgraph.toml"
    file.write_text("prot = 9001\n")

    (unknown,) = faults(monkeypatch, DESKGRAPH_CONFIG=str(file))
    (absent,) = faults(monkeypatch, DESKGRAPH_CONFIG=str(tmp_path / "absent.toml"))

    assert "PROT" in unknown
    assert "there is no file" in absent


def test_a_generated_secret_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first, second = settings.load().signing_secret(), settings.load().signing_secret()

    assert first == second
    assert len(first) >= settings.MIN_SECRET_BYTES
    assert (tmp_path / "data" / "jwt_secret").stat().st_mode & 0o777 == 0o600


def test_mail_needs_a_server_and_a_sender_and_its_password_is_never_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(monkeypatch, DESKGRAPH_MAIL_DOMAINS="example.org, Example.COM", DESKGRAPH_SMTP_PASSWORD="hunter2")
    monkeypatch.setenv("DESKGRAPH_SMTP_HOST", "mail.example.org")
    monkeypatch.setenv("DESKGRAPH_SMTP_SENDER", "desk@example.org")

    found = settings.load()

    assert [line.split(":")[0] for line in told] == ["DESKGRAPH_SMTP_HOST", "DESKGRAPH_SMTP_SENDER"]
    assert found.mail_domains == {"example.org", "example.com"}
    assert "hunter2" not in repr(found)
    assert "hunter2" not in repr(mailbox_of(found))


PROVIDER = {
    "DESKGRAPH_JWKS_URL": "https://login.example.org/keys",
    "DESKGRAPH_JWT_ISSUER": "https://login.example.org",
    "DESKGRAPH_JWT_AUDIENCE": "deskgraph",
}


def test_a_provider_needs_its_issuer_and_an_audience_each_told_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    told = faults(
        monkeypatch, DESKGRAPH_JWKS_URL=PROVIDER["DESKGRAPH_JWKS_URL"], DESKGRAPH_DATABASE_URL="postgresql://h/d"
    )

    assert [line.split(":")[0] for line in told] == [
        "DESKGRAPH_JWT_SECRET", "DESKGRAPH_JWT_ISSUER", "DESKGRAPH_JWT_AUDIENCE",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "is_fine"),
    [
        ("https://login.example.org/keys?policy=p", True),
        ("http://127.0.0.1:8080/keys", True),
        ("http://[::1]/keys", True),
        ("http://localhost/keys", True),
        ("http://login.example.org/keys", False),
        ("http://127.0.0.1.example.org/keys", False),
        ("http://localhost.example.org/keys", False),
        ("https://ada:hunter2@login.example.org/keys", False),
        ("http://ada@127.0.0.1/keys", False),
        ("ftp://login.example.org/keys", False),
        ("file:///etc/keys", False),
        ("https:///keys", False),
        ("https://[::1/keys", False),
        ("https://login.example.org:99999/keys", False),
        ("https://login.example.org:x/keys", False),
        ("login.example.org/keys", False),
    ],
)
def test_keys_are_fetched_over_https_or_from_this_machine(
    monkeypatch: pytest.MonkeyPatch, url: str, is_fine: bool
) -> None:
    given = {**PROVIDER, "DESKGRAPH_JWKS_URL": url}

    if is_fine:
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        assert settings.load().jwks_url == url
    else:
        (told,) = faults(monkeypatch, **given)
        assert told.startswith("DESKGRAPH_JWKS_URL: ")
        assert "hunter2" not in told


@pytest.mark.parametrize(
    ("name", "is_fine"),
    [
        ("role", True), ("https://example.org/role", True), ("realm_access.role", True), ("/realm_access/role", True),
        ("/https:~1~1example.org/role", True),
        ("", False), ("/", False), ("//role", False), ("/a/", False), ("/a~2", False),
    ],
)  # fmt: skip
def test_a_claims_name_is_whole_or_a_pointer(monkeypatch: pytest.MonkeyPatch, name: str, is_fine: bool) -> None:
    if is_fine:
        monkeypatch.setenv("DESKGRAPH_CLAIM_ROLE", name)
        assert settings.load().claim_role == name
    else:
        (told,) = faults(monkeypatch, DESKGRAPH_CLAIM_ROLE=name)
        assert "JSON Pointer such as /realm_access/role" in told


def test_a_provider_can_be_named_in_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "deskgraph.toml"
    lines = [f'{name.removeprefix("DESKGRAPH_").lower()} = "{value}"' for name, value in PROVIDER.items()]
    file.write_text("\n".join([*lines, 'claim_role = "/realm_access/role"', "jwks_refresh_seconds = 60", ""]))
    monkeypatch.setenv("DESKGRAPH_CONFIG", str(file))

    found = settings.load()

    assert (found.jwks_url, found.jwks_refresh_seconds) == (PROVIDER["DESKGRAPH_JWKS_URL"], 60)
    assert found.claim_role == "/realm_access/role"


def test_a_public_key_or_certificate_is_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    pem = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A\n-----END PUBLIC KEY-----"
    (told,) = faults(monkeypatch, DESKGRAPH_JWT_SECRET=pem)

    assert told.startswith("DESKGRAPH_JWT_SECRET: must be a random secret")


def test_a_reader_of_its_own_is_what_the_server_reads_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKGRAPH_JWT_SECRET", "s" * 32)
    monkeypatch.setenv("DESKGRAPH_DATABASE_URL", "postgresql://owner@h/d")
    assert settings.load().serving_url == "postgresql://owner@h/d"

    monkeypatch.setenv("DESKGRAPH_READER_URL", "postgresql://reader@h/d")
    assert settings.load().serving_url == "postgresql://reader@h/d"

    monkeypatch.delenv("DESKGRAPH_DATABASE_URL")
    found = settings.load()
    assert (found.serving_url, found.embeds) == ("postgresql://reader@h/d", False)


def test_the_second_wall_stands_unless_it_is_said_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().database_walls is Walls.BOTH

    (told,) = faults(monkeypatch, DESKGRAPH_DATABASE_WALLS="off")
    assert told.startswith("DESKGRAPH_DATABASE_WALLS: ")
    assert "both" in told
    assert "statement" in told


def test_reporting_zones_are_iana_zones_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.load().reporting_zones == ("UTC",)

    monkeypatch.setenv("DESKGRAPH_REPORTING_ZONES", "Asia/Tokyo, UTC")
    assert settings.load().reporting_zones == ("Asia/Tokyo", "UTC")

    for wrong in ("UTC,UTC", "", "+02:00", "UTC,Mars/Base"):
        (told,) = faults(monkeypatch, DESKGRAPH_REPORTING_ZONES=wrong)
        assert told.startswith("DESKGRAPH_REPORTING_ZONES: must")


def test_the_cost_that_is_allowed_is_the_same_with_and_without_settings() -> None:
    assert settings.load().max_cost == MAX_COST


def test_every_setting_stands_in_the_operations_page() -> None:
    page = (Path(__file__).parents[1] / "docs" / "operations.md").read_text()
    shortened = {name.upper().removeprefix("CLAIM") for name in settings.Settings.model_fields}

    assert not [name for name in shortened if f"{name}`" not in page]


def test_replicas_are_copies_of_a_database_of_ones_own_behind_both_walls(monkeypatch: pytest.MonkeyPatch) -> None:
    embedded = faults(monkeypatch, DESKGRAPH_REPLICA_URLS="postgresql://copy/desk", DESKGRAPH_REPLICA_LAG_MS="1")
    monkeypatch.setenv("DESKGRAPH_REPLICA_LAG_MS", "1000")
    told = faults(
        monkeypatch,
        DESKGRAPH_DATABASE_URL="postgresql://primary/desk",
        DESKGRAPH_JWT_SECRET="a secret for the tests alone, 32 bytes",
        DESKGRAPH_DATABASE_WALLS="statement",
    )
    other = faults(monkeypatch, DESKGRAPH_REPLICA_URLS="postgresql://copy/desk,mysql://copy/desk")
    monkeypatch.setenv("DESKGRAPH_DATABASE_WALLS", "both")
    monkeypatch.setenv("DESKGRAPH_REPLICA_URLS", "postgresql://a,b/desk, postgres://c/desk")
    found = settings.load()

    assert [line.split(":")[0] for line in embedded] == ["DESKGRAPH_REPLICA_LAG_MS"]
    assert told == [
        "DESKGRAPH_REPLICA_URLS: copies of a distributed database cannot be read; leave it empty where "
        "DESKGRAPH_DATABASE_WALLS=statement is"
    ]
    assert [line.split(":")[0] for line in other] == ["DESKGRAPH_REPLICA_URLS"]
    assert found.replicas == {"replica 1": "postgresql://a,b/desk", "replica 2": "postgres://c/desk"}
    assert "desk" not in repr(found.replica_urls)
