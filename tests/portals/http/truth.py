"""The oracle's tables, filled with what a made-up system knows to have happened."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import asyncpg

from tests.oracle import raw

_TABLES: Final = """
CREATE TEMP TABLE raw_ticket (id text PRIMARY KEY, created_at timestamptz, organization text, category text,
    priority text, channel text, status text, tags text[], own_team text, assignee text, response_due timestamptz,
    resolution_due timestamptz);
CREATE TEMP TABLE raw_event (ticket_id text, kind int, at timestamptz, ordinal int, actor text, actor_kind int,
    from_value text, to_value text);
CREATE TEMP TABLE raw_agent (id text, team text);
CREATE TEMP TABLE raw_person (id text, external_id text);
CREATE TEMP TABLE raw_survey (ticket_id text, at timestamptz, score int, agent_id text);
"""
_READY: Final = """
CREATE INDEX ON raw_event (ticket_id, kind, at, ordinal);
INSERT INTO raw_person SELECT DISTINCT agent_id, agent_id FROM raw_survey WHERE agent_id IS NOT NULL;
ANALYZE raw_ticket; ANALYZE raw_event; ANALYZE raw_agent; ANALYZE raw_survey;
"""
_RATINGS: Final = raw.ratings("raw_survey", "raw_person")
TICKET: Final = (
    "id", "created_at", "organization", "category", "priority", "channel", "status", "tags", "own_team", "assignee",
    "response_due", "resolution_due",
)  # fmt: skip
Rows = Iterable[Sequence[Any]]


async def prepare(connection: asyncpg.Connection, clock: str, tables: dict[str, Rows]) -> None:
    """Makes the raw tables in the connection's own temporary schema; `clock` makes `raw_span` and `raw_policy`."""
    await connection.execute("SET timezone = 'UTC'; SET jit = off; DISCARD TEMP")
    await connection.execute(_TABLES)
    for name, rows in tables.items():
        await connection.copy_records_to_table(name, records=[tuple(row) for row in rows])
    for statements in (_READY, raw.HELD, raw.FACTS, _RATINGS, clock, *raw.DERIVED):
        await connection.execute(statements)
