"""The rights that the pages on sources give: none is lacking, each is needed, and what a page shows runs with them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Final

import asyncpg
import pytest

from db.sync.following import sync_once
from db.sync.postgresql.checking import check
from db.sync.postgresql.language import load_source
from db.sync.postgresql.reading import PostgresSource
from tests.conftest import new_database
from tests.portals.chatwoot import generator as chatwoot
from tests.portals.desk import DOCS, connected, described, filled, in_environment, reader
from tests.portals.zammad import generator as zammad

READ: Final = """
SELECT table_name::text, column_name::text FROM information_schema.view_column_usage WHERE view_schema = 'looking'
"""
GRANTED: Final = """
SELECT table_name::text, column_name::text FROM information_schema.column_privileges
WHERE grantee = $1 AND privilege_type = 'SELECT'
"""
HELPDESK: Final = """
CREATE TABLE staff (id int PRIMARY KEY, name text, team_id text, email text, active boolean, password text);
CREATE TABLE tickets (id int PRIMARY KEY, created_at timestamptz, updated_at timestamptz, title text,
  customer_id int, state int, prio int, staff_id int, labels text[]);
CREATE TABLE messages (id serial PRIMARY KEY, ticket_id int, sent_at timestamptz, internal boolean, author_id int,
  by_staff boolean, body text);
CREATE TABLE ticket_changes (id serial PRIMARY KEY, ticket_id int, at timestamptz, field text, staff_id int, old text,
  new text);
CREATE TABLE surveys (id serial PRIMARY KEY, ticket_id int, answered_at timestamptz, stars int);
CREATE TABLE invoices (id int);
INSERT INTO staff VALUES (1, 'Ann', 'desk', 'ann@example.test', true, 'secret');
INSERT INTO tickets SELECT i, timestamptz '2026-03-01' + i * interval '1 day',
  timestamptz '2026-03-20' + i * interval '1 day', 'Question', 7,
  CASE i % 2 WHEN 0 THEN 3 ELSE 1 END, 1 + i % 5, 1, '{a,b}'
  FROM generate_series(1, 8) AS i;
INSERT INTO messages (ticket_id, sent_at, internal, author_id, by_staff)
  SELECT id, created_at + interval '1 hour', false, 1, true FROM tickets;
INSERT INTO ticket_changes (ticket_id, at, field, staff_id, old, new)
  SELECT id, created_at + interval '1 day', 'state', 1, '1', '3' FROM tickets WHERE state = 3;
INSERT INTO surveys (ticket_id, answered_at, stars)
  SELECT id, created_at + interval '2 days', 5 FROM tickets WHERE state = 3;
CREATE INDEX ON tickets (updated_at);
CREATE INDEX ON messages (ticket_id);
CREATE INDEX ON ticket_changes (ticket_id);
CREATE INDEX ON surveys (ticket_id);
"""


@pytest.mark.parametrize(
    ("kind", "generator", "parameters", "whole"),
    [("chatwoot", chatwoot, "account = 1", set()), ("zammad", zammad, "", {"tickets"})],
)
async def test_a_ready_source_reads_the_columns_that_its_page_grants_and_each_of_them(
    kind: str, generator: ModuleType, parameters: str, whole: set[str], server: str, tmp_path: Path
) -> None:
    name = f"test_rights_of_{kind}"
    async with new_database(server) as dsn, connected(dsn) as portal:
        await filled(dsn, generator, 5)
        await reader(portal, f"{kind}.md", server, name)
        with pytest.MonkeyPatch.context() as patch:
            in_environment(patch, kind, dsn)
            selects = [table.select for table in load_source(described(tmp_path, kind, parameters)).tables]
        await portal.execute("CREATE SCHEMA looking")
        for number, select in enumerate(selects):
            await portal.execute(f"CREATE VIEW looking.at_{number} AS {select}")

        read = {tuple(row) for row in await portal.fetch(READ)}
        granted = {tuple(row) for row in await portal.fetch(GRANTED, name)}
        await portal.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")

    assert len(read) > 50
    assert read - granted == set()
    assert {(table, column) for table, column in granted - read if table not in whole} == set()


def blocks(page: str, language: str) -> list[str]:
    """The examples in a language that stand in a page."""
    found = re.findall(rf"^ *```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL | re.MULTILINE)
    return [textwrap.dedent(one) for one in found]


async def test_the_page_on_any_portal_runs_as_it_stands_with_the_rights_that_it_gives(
    server: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, file = "test_rights_of_helpdesk", tmp_path / "helpdesk.toml"
    (rights,) = blocks("postgresql.md", "sql")
    file.write_text(blocks("postgresql.md", "toml")[0])
    async with new_database(server) as dsn, connected(dsn) as portal:
        await portal.execute(HELPDESK)
        called = dsn.rsplit("/", 1)[1]
        for old, new in (
            ("deskgraph_portal", name),
            ("'choose one'", "'one'"),
            ("DATABASE helpdesk", f"DATABASE {called}"),
        ):
            assert old in rights
            rights = rights.replace(old, new)
        await portal.execute(rights)
        monkeypatch.setenv("HELPDESK_DSN", re.sub(r"//[^@]*@", f"//{name}:one@", dsn))

        found = {one.table: one for one in await check(load_source(file))}
        written = await sync_once(database, PostgresSource(load_source(file)), lambda _: None, lambda _: None)

        for sql in ("SELECT * FROM invoices", "UPDATE tickets SET title = ''"):
            async with connected(re.sub(r"//[^@]*@", f"//{name}:one@", dsn)) as role:
                with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.ReadOnlySQLTransactionError)):
                    await role.execute(sql)
        await portal.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")

    assert not [fault for one in found.values() for fault in (*one.faults, *one.warnings)]
    assert sum(one.rejected for one in found.values()) == 0
    assert (written.new, written.rejected) == (1 + 8 + 8 + 4 + 4, 0)
    async with connected(database) as store:
        assert await store.fetchval("SELECT count(*) FROM deskgraph.facts") > 8 + 8 + 4 + 4
