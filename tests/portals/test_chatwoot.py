"""Chatwoot as a source: what the store reports is what Chatwoot's own tables say, account by account."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from db.sync.postgresql.checking import check
from db.sync.postgresql.language import load_source
from tests.conftest import new_database
from tests.oracle.questions import Question
from tests.portals.chatwoot import generator, oracle
from tests.portals.desk import (
    ALL,
    QUESTIONS,
    Desk,
    by_ids,
    connected,
    described,
    filled,
    in_environment,
    reader,
)

COUNT: Final = 600
FEW: Final = 200
OF_ACCOUNT: Final = {
    1: {
        **QUESTIONS,
        **by_ids("agent", ("1", "3", "7", "8")),
        **by_ids("team", ("1", "2")),
        **by_ids("channel", ("email", "chat", "social", "api")),
        **by_ids("category", ("1", "3")),
        **by_ids("organization", ("Client 1",)),
        **by_ids("status", ("on_hold",)),
        "tag bug": Question(*ALL, filter='{tag: {in: ["bug"]}}', where="'bug' = ANY (tags)"),
    },
    2: {**QUESTIONS, **by_ids("agent", ("3", "5")), **by_ids("team", ("3",)), **by_ids("channel", ("email", "social"))},
}
PARAMETERS: Final = {1: 'account = 1\ncategory = "inbox"', 2: "account = 2"}


@pytest.fixture(scope="module")
async def portal(server: str) -> AsyncIterator[str]:
    """A database with a made-up Chatwoot; nobody writes to it."""
    async with new_database(server) as dsn:
        await filled(dsn, generator, COUNT)
        yield dsn


@pytest.fixture(scope="module", params=sorted(OF_ACCOUNT))
async def account(
    request: pytest.FixtureRequest, portal: str, server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[int, Desk]]:
    """An account, loaded into a store of its own, and its raw tables."""
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as store, connected(portal) as connection:
        path = described(tmp_path_factory.mktemp("source"), "chatwoot", PARAMETERS[request.param])
        desk = Desk(connection, path, store)
        with pytest.MonkeyPatch.context() as patch:
            in_environment(patch, "chatwoot", portal)
            await desk.sync()
        await oracle.prepare(connection, request.param, by_inbox=request.param == 1)
        yield request.param, desk


async def test_every_metric_equals_what_the_tables_say(account: tuple[int, Desk]) -> None:
    number, desk = account

    assert await desk.rejects() == []
    for question in OF_ACCOUNT[number].values():
        await desk.check(question)


async def test_the_quirks_are_there(account: tuple[int, Desk]) -> None:
    """An oracle that compares nothing with nothing proves nothing."""
    number, desk = account
    count = desk.portal.fetchval
    undated = "SELECT count(*) FROM raw_reopen r JOIN raw_ticket t USING (id) WHERE r.at = t.updated_at OR EXISTS (" \
        "SELECT FROM raw_resolution x WHERE x.id = r.id AND x.at = r.at + interval '1 microsecond')"  # fmt: skip

    assert await count("SELECT count(*) FROM raw_response WHERE within_target") > 20
    assert await count("SELECT count(*) FROM raw_response WHERE NOT within_target") > 20
    assert await count("SELECT count(*) FROM raw_rating") > 20
    assert await count(undated) > 5
    if number == 1:
        assert await count("SELECT count(*) FROM raw_response WHERE agent = '8'") > 5
        assert await count("SELECT count(*) FROM raw_ticket WHERE business AND resolution_seconds > 0") > 20
        assert await count("SELECT count(business_seconds) FROM raw_resolution") > 100


@pytest.fixture
async def living(server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A small Chatwoot of one's own, of which account 1 is read, by a role with the rights of the page."""
    async with new_database(server) as dsn, connected(dsn) as connection:
        await generator.fill(connection, FEW)
        role = f"reader_{dsn.rsplit('_', 1)[1]}"
        in_environment(monkeypatch, "chatwoot", await reader(connection, "chatwoot.md", server, role))
        yield Desk(connection, described(tmp_path, "chatwoot", PARAMETERS[1]), database)
        await connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


_CHANGES: Final = """
-- A customer writes to what was resolved, an agent answers, both touch the conversation; a job writes the rest later.
INSERT INTO messages (content, account_id, inbox_id, conversation_id, message_type, created_at, updated_at, sender_type,
        sender_id)
    SELECT 'again', account_id, inbox_id, id, 0, now(), now(), 'Contact', contact_id FROM conversations
    WHERE account_id = 1 AND status = 1 AND id % 7 = 0;
UPDATE conversations SET status = 0, updated_at = now() WHERE account_id = 1 AND status = 1 AND id % 7 = 0;
INSERT INTO reporting_events (name, value, account_id, inbox_id, user_id, conversation_id, created_at, updated_at,
        event_start_time, event_end_time)
    SELECT 'conversation_resolved', 1, account_id, inbox_id, 2, id, now(), now(), created_at, now()
    FROM conversations WHERE account_id = 1 AND status = 0 AND id % 5 = 1;
UPDATE conversations SET status = 1, assignee_id = 2, updated_at = now()
    WHERE account_id = 1 AND status = 0 AND id % 5 = 1;
UPDATE conversations SET status = 3, assignee_id = NULL, team_id = 2, priority = 3, updated_at = now()
    WHERE account_id = 1 AND status = 0 AND id % 5 = 2;
UPDATE csat_survey_responses SET rating = 1, updated_at = now() WHERE account_id = 1 AND id % 3 = 0;
DELETE FROM taggings WHERE taggable_type = 'Conversation' AND taggable_id % 7 = 0;
UPDATE conversations SET updated_at = now() WHERE account_id = 1 AND id % 7 = 0;
-- Deleted with all that belongs to them.
DELETE FROM messages USING conversations c WHERE c.id = conversation_id AND c.account_id = 1 AND c.id % 41 = 3;
DELETE FROM reporting_events USING conversations c WHERE c.id = conversation_id AND c.account_id = 1 AND c.id % 41 = 3;
DELETE FROM csat_survey_responses USING conversations c
    WHERE c.id = conversation_id AND c.account_id = 1 AND c.id % 41 = 3;
DELETE FROM conversations WHERE account_id = 1 AND id % 41 = 3;
"""


async def test_what_changes_is_followed_with_the_rights_that_the_page_gives(living: Desk) -> None:
    await living.sync()
    await living.portal.execute(f"SET timezone = 'UTC'; {_CHANGES}")
    before = await living.portal.fetchval("SELECT count(*) FROM conversations WHERE account_id = 1")

    await living.sync()

    await oracle.prepare(living.portal, 1, by_inbox=True)
    for name in ("all time", "in business time", "agent 3", "tag bug", "status on_hold"):
        await living.check(OF_ACCOUNT[1][name])
    assert await living.rejects() == []
    async with connected(living.store) as store:
        assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == before


async def test_the_check_finds_nothing_to_reject_with_the_rights_of_the_page(living: Desk) -> None:
    found = {one.table: one for one in await check(load_source(living.path))}

    assert not [fault for one in found.values() for fault in one.faults]
    assert sum(one.rejected for one in found.values()) == 0
    assert found["tickets"].rows > 50
    assert not found[living.path.stem].warnings


async def test_the_rights_of_the_page_leave_what_people_wrote_unread(living: Desk) -> None:
    async with connected(os.environ["CHATWOOT_TEST_DSN"]) as role:
        for secret in ("content FROM messages", "encrypted_password FROM users", "email FROM contacts"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await role.fetch(f"SELECT {secret}")
        with pytest.raises((asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientPrivilegeError)):
            await role.execute("UPDATE conversations SET status = 1")


async def test_accounts_are_never_mixed(living: Desk, tmp_path: Path) -> None:
    async def sync(account: int, name: str, prefix: str = "") -> Desk:
        parameters = f'account = {account}\nprefix = "{prefix}"'
        desk = Desk(living.portal, described(tmp_path, "chatwoot", parameters, name), living.store)
        await desk.sync()
        return desk

    await sync(1, "acme", "acme-")
    await sync(2, "globex", "globex-")
    async with connected(living.store) as store:
        found = await store.fetch(
            "SELECT split_part(external_id, '-', 1) AS account, count(*) FROM deskgraph.tickets GROUP BY 1 ORDER BY 1"
        )
        clients = await store.fetch("SELECT DISTINCT split_part(external_id, '-', 1) FROM deskgraph.organizations")
    expected = await living.portal.fetch("SELECT account_id, count(*) FROM conversations GROUP BY 1 ORDER BY 1")
    await sync(2, "bare")
    taken = [reason for _, _, reason in await (await sync(1, "too")).rejects() if "is of the source bare" in reason]

    assert [count for _, count in found] == [count for _, count in expected]
    assert {name for (name,) in clients} - {""} == {"acme", "globex"}
    assert len(taken) >= expected[1]["count"]
