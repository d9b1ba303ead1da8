"""What the pages' commands and queries run against: the demo on a server of its own, behind the real gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncpg

from tests.conftest import RunningGateway, serving
from tests.portals.chatwoot import generator as chatwoot
from tests.portals.zammad import generator as zammad
from tests.stores import Cluster, dsn_of

LETTING_IN: Final = {
    "DESKGRAPH_INTAKE_WRITERS": "2",
    "DESKGRAPH_MAIL_DOMAINS": "example.org",
    "DESKGRAPH_SMTP_HOST": "localhost",
    "DESKGRAPH_SMTP_SENDER": "desk@example.org",
}
"""What the pages set before they ask."""
HELPDESK: Final = """
CREATE TABLE tickets (id int PRIMARY KEY, kind text, title text, customer_id text, state text, prio text, staff_id text,
    labels text[], created_at timestamptz, updated_at timestamptz);
CREATE TABLE messages (id int PRIMARY KEY, ticket_id int, sent_at timestamptz, internal bool, author_id text,
    by_staff bool);
CREATE TABLE ticket_changes (id int PRIMARY KEY, ticket_id int, at timestamptz, staff_id text, field text, old text,
    new text);
CREATE TABLE surveys (id int PRIMARY KEY, ticket_id int, answered_at timestamptz, stars int);
CREATE TABLE staff (id text PRIMARY KEY, name text, team_id text, email text, active bool);
CREATE INDEX ON tickets (updated_at);
CREATE INDEX ON messages (ticket_id);
CREATE INDEX ON ticket_changes (ticket_id);
CREATE INDEX ON surveys (ticket_id);
INSERT INTO staff VALUES ('ann', 'Ann', 'desk', 'ann@example.org', true);
INSERT INTO tickets VALUES
    (900001, 'support', 'No light', 'acme', '3', '3', 'ann', '{vip}', '2024-01-31 09:30Z', '2024-01-31 11:00Z');
INSERT INTO messages VALUES (1, 900001, '2024-01-31 09:50Z', false, 'ann', true);
INSERT INTO ticket_changes VALUES (1, 900001, '2024-01-31 10:30Z', 'ann', 'state', '1', '3');
INSERT INTO surveys VALUES (1, 900001, '2024-01-31 11:00Z', 5);
"""
"""The portal of docs/sources/postgresql.md, with one ticket, which no other portal has."""


@dataclass(frozen=True)
class Desk:
    """A gateway that lets everything in, over a store that may be written, and three portals beside it."""

    gateway: RunningGateway
    store: str
    """The demo, which the gateway serves."""
    small: str
    """A small store, for commands that do not go by the gateway: what makes all facts anew takes no time there."""
    empty: str
    """A database without a store."""
    portals: dict[str, str]
    """The portals' databases, by the names that the pages give them, as their owner."""


NAMES: Final = {"postgresql": "helpdesk", "chatwoot": "chatwoot_production", "zammad": "zammad_production"}
"""The portals' databases, by the page."""


async def _run(dsn: str, statements: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statements)
    finally:
        await connection.close()


async def _portal(server: str, name: str) -> str:
    await _run(server, f"CREATE DATABASE {name}")
    dsn = dsn_of(server, name)
    connection = await asyncpg.connect(dsn)
    try:
        if name == "helpdesk":
            await connection.execute(HELPDESK)
        else:
            await (chatwoot if name.startswith("chatwoot") else zammad).fill(connection, 20)
    finally:
        await connection.close()
    return dsn


@asynccontextmanager
async def desk(cluster: Cluster, folder: Path) -> AsyncIterator[Desk]:
    """A desk over a cluster of its own."""
    async with cluster.migrated() as migrated, cluster.filled("demo", migrated) as store:
        portals = {name: await _portal(cluster.dsn, name) for name in NAMES.values()}
        await _run(cluster.dsn, "CREATE DATABASE empty")
        async with cluster.filled("desk", migrated) as small, serving(store, folder / "log", **LETTING_IN) as gateway:
            yield Desk(gateway, store, small, dsn_of(cluster.dsn, "empty"), portals)
