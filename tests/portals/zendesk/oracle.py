"""What happened in the made-up Zendesk, as it wrote down itself; its schedule and policies as somebody reads them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import asyncpg

from tests.oracle import clocks
from tests.portals.http import truth
from tests.portals.zendesk.world import HOME, TOPIC, WORDS, World

_SPANS: Final = clocks.spans("""span AS (
    SELECT 'Office (1)' AS calendar, (d::date + since) AT TIME ZONE 'Europe/Berlin' AS starts,
        (d::date + until) AT TIME ZONE 'Europe/Berlin' AS ends
    FROM generate_series('2026-04-20'::date, '2027-10-01', '1 day') d
    CROSS JOIN LATERAL (SELECT CASE WHEN extract(isodow FROM d) = 6 THEN '10:00'::time ELSE '9:00' END AS since,
        CASE WHEN extract(isodow FROM d) = 6 THEN '12:00'::time ELSE '17:00' END AS until) h
    WHERE extract(isodow FROM d) < 7 AND d::date NOT IN ('2026-05-25', '2026-05-26'))""")
_POLICIES: Final = clocks.policies("""
    ('I urgent', 1, 'urgent', NULL::text, '501', 1800::bigint, 28800::bigint, true, 'Office (1)', ARRAY['pending']),
    ('I high', 2, 'high', NULL, '501', 3600, 57600, true, 'Office (1)', ARRAY['pending']),
    ('E urgent', 3, 'urgent', NULL, NULL, 3600, 57600, false, 'Office (1)', ARRAY['pending', 'on_hold']),
    ('E high', 4, 'high', NULL, NULL, 7200, 86400, false, 'Office (1)', ARRAY['pending', 'on_hold']),
    ('E normal', 5, 'normal', NULL, NULL, 14400, 172800, false, 'Office (1)', ARRAY['pending', 'on_hold']),
    ('E low', 6, 'low', NULL, NULL, 28800, 345600, false, 'Office (1)', ARRAY['pending', 'on_hold']),
    ('', NULL, NULL, NULL, NULL, NULL, NULL, false, 'Office (1)', '{}')""")


async def prepare(connection: asyncpg.Connection, world: World) -> None:
    """Makes the raw tables in the connection's own temporary schema."""
    told = world.truth
    stays = {id_ for id_, one in told.tickets.items() if not one["out"]}
    tables: dict[str, truth.Rows] = {
        "raw_ticket": (_ticket(world, id_) for id_ in stays),
        "raw_event": _events(world, stays),
        "raw_agent": [(str(id_), None if team is None else str(team)) for id_, team in HOME.items()],
        "raw_survey": [(str(id_), *rating) for id_, rating in told.ratings.items() if id_ in stays],
    }
    await truth.prepare(connection, _SPANS + _POLICIES, tables)


def _ticket(world: World, id_: int) -> tuple[Any, ...]:
    one = world.tickets[id_]
    topic = next(field["value"] for field in one["custom_fields"] if field["id"] == TOPIC)
    found = {
        "id": str(id_),
        "created_at": datetime.fromisoformat(one["created_at"]),
        "organization": _text(one["organization_id"]),
        "category": topic,
        "priority": one["priority"],
        "channel": world.truth.tickets[id_]["channel"],
        "status": WORDS[one["status"]],
        "tags": one["tags"] or None,
        "own_team": _text(one["group_id"]),
        "assignee": _text(one["assignee_id"]),
        "response_due": None,
        "resolution_due": None,
    }
    return tuple(found[name] for name in truth.TICKET)


def _events(world: World, stays: set[int]) -> Iterator[tuple[Any, ...]]:
    for ordinal, (id_, kind, at, actor, was, becomes) in enumerate(world.truth.events):
        if id_ in stays:
            yield str(id_), kind, at, ordinal, actor, None if actor is None else 1, was, becomes


def _text(value: object) -> str | None:
    return None if value is None else str(value)
