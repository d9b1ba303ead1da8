"""Zammad as a source: what the store reports is what Zammad's own tables say."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import asyncpg
import pytest

from db.sync.postgresql.checking import check
from db.sync.postgresql.language import load_source
from tests.conftest import MANAGER, asking, new_database
from tests.oracle.questions import Question
from tests.portals.desk import ALL, QUESTIONS, Desk, by_ids, connected, described, filled, in_environment, reader
from tests.portals.zammad import generator, oracle

COUNT: Final = 600
FEW: Final = 200
EVERY: Final = {
    **QUESTIONS,
    **by_ids("agent", ("2", "6", "7")),
    **by_ids("team", ("1", "2")),
    **by_ids("channel", ("email", "phone", "web", "social")),
    **by_ids("organization", ("2", "3")),
    **by_ids("status", ("closed",)),
    "tag Rückgabe": Question(*ALL, filter='{tag: {in: ["Rückgabe"]}}', where="'Rückgabe' = ANY (tags)"),
}


@pytest.fixture(scope="module")
async def desk(server: str, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A made-up Zammad, loaded into a store, and its raw tables."""
    template = migrated.rsplit("/", 1)[1]
    async with new_database(server) as portal, new_database(server, template=template) as store:
        await filled(portal, generator, COUNT)
        async with connected(portal) as connection:
            found = Desk(connection, described(tmp_path_factory.mktemp("source"), "zammad", ""), store)
            with pytest.MonkeyPatch.context() as patch:
                in_environment(patch, "zammad", portal)
                await found.sync()
            await oracle.prepare(connection)
            yield found


async def test_every_metric_equals_what_the_tables_say(desk: Desk) -> None:
    assert await desk.rejects() == []
    for question in EVERY.values():
        await desk.check(question)


async def test_the_quirks_are_there(desk: Desk) -> None:
    """An oracle that compares nothing with nothing proves nothing."""
    count = desk.portal.fetchval
    moved = (
        "SELECT count(*) FROM ticket_articles a JOIN tickets t ON t.id = a.ticket_id WHERE a.created_at < t.created_at"
    )

    assert await count("SELECT count(*) FROM tickets WHERE state_id IN (5, 6)") > 20
    assert await count("SELECT count(*) FROM raw_resolution WHERE agent = '7'") > 20
    assert await count("SELECT count(*) FROM raw_response WHERE agent IS NULL") > 20
    assert await count("SELECT count(*) FROM raw_resolution WHERE within_target") > 20
    assert await count("SELECT count(*) FROM raw_resolution WHERE NOT within_target") > 20
    assert await count("SELECT count(*) FROM raw_event WHERE kind = 1 AND to_value = 'pending'") > 20
    assert await count(moved) > 5


async def test_a_rating_is_not_available_and_never_0(desk: Desk) -> None:
    document = f"{{ report({QUESTIONS['all time'].arguments}) {{ summary {{ csatScore {{ value count }} }} }} }}"

    async with asking(desk.store, generator.NOW) as ask:
        summary = (await ask.data(document, MANAGER))["report"]["summary"]

    assert summary["csatScore"] == {"value": None, "count": 0}


@pytest.fixture
async def living(server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """A small Zammad of one's own, read by a role with the rights of the page."""
    async with new_database(server) as dsn, connected(dsn) as connection:
        await generator.fill(connection, FEW)
        role = f"reader_{dsn.rsplit('_', 1)[1]}"
        in_environment(monkeypatch, "zammad", await reader(connection, "zammad.md", server, role))
        yield Desk(connection, described(tmp_path, "zammad", 'category = "group_id"'), database)
        await connection.execute(f"DROP OWNED BY {role}; DROP ROLE {role}")


_CHANGES: Final = """
-- Open tickets are closed by who has them, in one save.
INSERT INTO histories (history_type_id, history_object_id, history_attribute_id, o_id, id_from, id_to, value_from,
        value_to, created_by_id, created_at, updated_at)
    SELECT 2, 1, 1, id, state_id, 4, 'open', 'geschlossen', 2, now(), now() FROM tickets WHERE state_id = 2;
UPDATE tickets SET close_at = coalesce(close_at, now()), last_close_at = now(), state_id = 4, updated_at = now()
    WHERE state_id = 2;
-- New ones are answered, others removed or merged away.
INSERT INTO ticket_articles (ticket_id, type_id, sender_id, body, updated_by_id, created_by_id, created_at, updated_at)
    SELECT id, 1, 1, 'hello', 3, 3, now(), now() FROM tickets WHERE state_id = 1;
UPDATE tickets SET updated_at = now() WHERE state_id = 1;
INSERT INTO histories (history_type_id, history_object_id, history_attribute_id, o_id, id_from, id_to, value_from,
        value_to, created_by_id, created_at, updated_at)
    SELECT 2, 1, 1, id, state_id, 6, 'closed', 'removed', 1, now(), now() FROM tickets WHERE id % 23 = 5;
UPDATE tickets SET state_id = 6, updated_at = now() WHERE id % 23 = 5;
-- Destroyed with history and articles.
DELETE FROM ticket_articles WHERE ticket_id % 41 = 3;
DELETE FROM histories WHERE history_object_id = 1 AND o_id % 41 = 3;
DELETE FROM tickets WHERE id % 41 = 3;
"""


async def test_what_changes_is_followed_with_the_rights_that_the_page_gives(living: Desk) -> None:
    await living.sync()
    await living.portal.execute(f"SET timezone = 'UTC'; {_CHANGES}")
    before = await living.portal.fetchval("SELECT count(*) FROM tickets")

    await living.sync()

    await oracle.prepare(living.portal)
    for name in ("all time", "in business time", "agent 2", "status closed", "on 20 September in New York"):
        await living.check(EVERY[name])
    assert await living.rejects() == []
    async with connected(living.store) as store:
        assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == before
        assert await store.fetchval("SELECT count(*) FROM deskgraph.categories") >= 3


async def test_the_check_finds_nothing_to_reject_with_the_rights_of_the_page(living: Desk) -> None:
    found = {one.table: one for one in await check(load_source(living.path))}

    assert not [fault for one in found.values() for fault in one.faults]
    assert sum(one.rejected for one in found.values()) == 0
    assert found["tickets"].rows > 50
    assert not found[living.path.stem].warnings


async def test_the_rights_of_the_page_leave_what_people_wrote_unread(living: Desk) -> None:
    async with connected(os.environ["ZAMMAD_TEST_DSN"]) as role:
        for secret in ("body FROM ticket_articles", "password FROM users"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await role.fetch(f"SELECT {secret}")
        with pytest.raises((asyncpg.ReadOnlySQLTransactionError, asyncpg.InsufficientPrivilegeError)):
            await role.execute("UPDATE tickets SET title = ''")


async def test_what_cannot_be_understood_is_a_reject_and_not_a_guess(living: Desk) -> None:
    condition = generator.URGENT.replace("priority_id", "title")
    await living.portal.execute("UPDATE slas SET condition = $1 WHERE id = 1", condition)
    await living.portal.execute("UPDATE calendars SET business_hours = 'mon to fri' WHERE id = 1")
    await living.portal.execute("UPDATE ticket_state_types SET name = 'limbo' WHERE name = 'open'")
    limbo = await living.portal.fetchval("SELECT count(*) FROM tickets WHERE state_id IN (2, 8)")

    await living.sync()

    rejects = await living.rejects()
    told = {(file, column): reason for file, column, reason in rejects}
    assert "ticket.title" in told["sla_policies", "match"]
    assert "required" in told["calendars", "spans"]
    assert sum(file == "tickets" for file, _, _ in rejects) == limbo > 0
