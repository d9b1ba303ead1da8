"""The desk in a database: made once for each number of tickets, and kept.

Tickets go straight into the store in batches, each with the facts that `db.importing.history` makes of it, by the
COPY that the import itself uses; what the import does beside (staging, merging, comparing) has a benchmark of its own.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import asyncpg
from tqdm import tqdm

from benchmarks.desk import VERSION, ZONE
from benchmarks.desk.lives import Life, lives
from benchmarks.desk.people import People, people
from db import migrate
from db.importing.history import facts_of
from db.importing.records import TICKET_COLUMNS
from db.importing.session import Session, import_session
from db.importing.ticket_store import Replacement, copy_in, raise_data_version, take_ticket_ids
from db.rollups.upkeep.settling import settle

_BATCH_TICKETS: Final = 10_000

INDEXES: Final = """
CREATE INDEX by_hand_created ON deskgraph.tickets (created_at) INCLUDE (category_id, status, assignee_id)
    WHERE status <= 6;
CREATE INDEX by_hand_responded ON deskgraph.tickets (first_response_at) INCLUDE (created_at, first_responder_id)
    WHERE status <= 6 AND first_response_at IS NOT NULL;
CREATE INDEX by_hand_resolved ON deskgraph.tickets (resolved_at) INCLUDE (created_at, resolution_due_at, assignee_id)
    WHERE status <= 6 AND resolved_at IS NOT NULL;
CREATE INDEX by_hand_open ON deskgraph.tickets (assignee_id) INCLUDE (resolution_due_at) WHERE status <= 4;
CREATE INDEX by_hand_agents ON deskgraph.tickets (assignee_id, created_at) INCLUDE (resolved_at);
CREATE INDEX by_hand_responders ON deskgraph.tickets (first_responder_id, first_response_at) INCLUDE (created_at);
CREATE INDEX by_hand_organizations ON deskgraph.tickets (organization_id, created_at);
CREATE INDEX by_hand_categories ON deskgraph.tickets (category_id, priority, created_at);
CREATE INDEX by_hand_left ON deskgraph.ticket_events (at) INCLUDE (organization_id, ticket_id)
    WHERE kind = 1 AND from_value NOT IN ('resolved', 'closed') AND to_value IN ('resolved', 'closed');
CREATE INDEX by_hand_reopened ON deskgraph.ticket_events (at) INCLUDE (organization_id, ticket_id)
    WHERE kind = 1 AND from_value IN ('resolved', 'closed') AND to_value NOT IN ('resolved', 'closed');
CREATE INDEX by_hand_given ON deskgraph.ticket_events (to_value, at) WHERE kind = 2;
CREATE INDEX by_hand_taken ON deskgraph.ticket_events (from_value, at) WHERE kind = 2;
CREATE INDEX by_hand_ratings ON deskgraph.ratings (at) INCLUDE (organization_id, ticket_id, score);
"""
"""For the hand-written SQL and the plain gateway; the product reads none of these tables for a report."""


async def ensure(server: str, tickets: int) -> str:
    """The DSN of the database that holds a desk of so many tickets; filled now, if it is not there yet."""
    name = f"desk_{VERSION}_{tickets}"
    filling = f"{name}_filling"
    administration = await asyncpg.connect(server)
    try:
        if not await administration.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
            await administration.execute(f"DROP DATABASE IF EXISTS {filling} WITH (FORCE)")
            await administration.execute(f"CREATE DATABASE {filling}")
            started = time.perf_counter()
            await fill(_dsn(server, filling), tickets)
            print(f"{tickets:,} tickets filled in {time.perf_counter() - started:.0f} s", file=sys.stderr)
            await administration.execute(f"ALTER DATABASE {filling} RENAME TO {name}")
    finally:
        await administration.close()
    return _dsn(server, name)


def _dsn(server: str, name: str) -> str:
    return server.rsplit("/", 1)[0] + "/" + name


async def fill(dsn: str, tickets: int) -> None:
    """Fills an empty database: tables, desk, indexes."""
    await migrate.upgrade(dsn)
    known = people()
    async with import_session(dsn) as session:
        await session.execute("SET synchronous_commit = off; SET maintenance_work_mem = '256MB'")
        async with session.transaction():
            await known.dimensions.store(session)
        gc.disable()  # rows make no cycles, and looking for some among them costs a seventh
        try:
            with tqdm(total=tickets, unit=" tickets", desc="filling", disable=None) as bar:
                for batch in _batches(lives(tickets, known)):
                    await _put(session, batch, known)
                    bar.update(len(batch))
        finally:
            gc.enable()
        await take_ticket_ids(session, tickets)
        await raise_data_version(session)
        await session.execute(INDEXES)
    await settle(dsn, [ZONE.key], lambda _: None)
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("VACUUM (ANALYZE)")
    finally:
        await connection.close()


def _batches(all_: Iterator[Life]) -> Iterable[list[Life]]:
    while batch := list(islice(all_, _BATCH_TICKETS)):
        yield batch


async def _put(session: Session, batch: list[Life], known: People) -> None:
    """One batch's transaction."""
    change = Replacement(
        facts=(facts_of(one.ticket, one.events, one.rating, known.context) for one in batch),
        events=[
            (one.ticket.organization_id, one.ticket.id, ordinal, *event)
            for one in batch
            for ordinal, event in enumerate(one.events)
        ],
        ratings=[(one.ticket.organization_id, one.ticket.id, *one.rating) for one in batch if one.rating is not None],
    )
    tickets = [one.ticket for one in batch]
    async with session.transaction():
        await session.copy_records_to_table("tickets", columns=list(TICKET_COLUMNS), records=tickets)
        await copy_in(session, change)
