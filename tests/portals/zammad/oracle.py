"""What happened in a Zammad, told by its own tables: the raw tables that the oracle's queries ask.

Temporary tables of one connection, written by hand from what Zammad's columns mean; nothing here is the product's.
Instants are `timestamp(3)` without zone, in UTC. From what tickets went through, facts and clocks follow as everywhere.
"""

from __future__ import annotations

from typing import Final

import asyncpg

from tests.oracle import clocks, raw

_STATES: Final = """
CREATE TEMP TABLE raw_state AS
SELECT s.id, CASE t.name WHEN 'new' THEN 'new' WHEN 'open' THEN 'open' WHEN 'closed' THEN 'closed'
    WHEN 'merged' THEN 'merged' WHEN 'removed' THEN 'removed' ELSE 'pending' END AS status
FROM ticket_states s JOIN ticket_state_types t ON t.id = s.state_type_id;
"""

_TICKETS: Final = """
CREATE TEMP TABLE raw_ticket AS
SELECT t.number AS id, t.id AS own, t.created_at AT TIME ZONE 'UTC' AS created_at,
    t.organization_id::text AS organization,
    NULL::text AS category, (ARRAY['low', 'normal', 'high', 'urgent'])[t.priority_id] AS priority,
    CASE y.name WHEN 'email' THEN 'email' WHEN 'phone' THEN 'phone' WHEN 'web' THEN 'web' WHEN 'chat' THEN 'chat'
        ELSE 'social' END AS channel,
    s.status,
    (SELECT array_agg(i.name) FROM tags g JOIN tag_items i ON i.id = g.tag_item_id
     WHERE g.o_id = t.id AND g.tag_object_id = 1) AS tags,
    t.group_id::text AS own_team, nullif(t.owner_id, 1)::text AS assignee,
    NULL::timestamptz AS response_due, NULL::timestamptz AS resolution_due
FROM tickets t JOIN raw_state s ON s.id = t.state_id
LEFT JOIN ticket_article_types y ON y.id = t.create_article_type_id
WHERE s.status NOT IN ('merged', 'removed');
CREATE UNIQUE INDEX ON raw_ticket (id);

CREATE TEMP TABLE raw_event AS
SELECT t.id AS ticket_id, x.kind, x.at AT TIME ZONE 'UTC' AS at, x.ordinal, x.actor, x.actor_kind, x.from_value,
    x.to_value
FROM raw_ticket t CROSS JOIN LATERAL (
    SELECT CASE h.history_attribute_id WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 3 THEN 3 ELSE 5 END AS kind,
        h.created_at AS at, h.id AS ordinal, NULL::text AS actor, NULL::int AS actor_kind,
        CASE h.history_attribute_id WHEN 1 THEN was.status WHEN 2 THEN nullif(h.id_from, 1)::text
            WHEN 3 THEN h.id_from::text ELSE (ARRAY['low', 'normal', 'high', 'urgent'])[h.id_from] END AS from_value,
        CASE h.history_attribute_id WHEN 1 THEN becomes.status WHEN 2 THEN nullif(h.id_to, 1)::text
            WHEN 3 THEN h.id_to::text ELSE (ARRAY['low', 'normal', 'high', 'urgent'])[h.id_to] END AS to_value
    FROM histories h
    LEFT JOIN raw_state was ON was.id = h.id_from LEFT JOIN raw_state becomes ON becomes.id = h.id_to
    WHERE h.history_object_id = 1 AND h.o_id = t.own AND h.history_attribute_id IN (1, 2, 3, 4)
    UNION ALL
    SELECT 6, a.created_at, a.id, nullif(a.created_by_id, 1)::text, 1, NULL, NULL
    FROM ticket_articles a JOIN ticket_article_types y ON y.id = a.type_id
    WHERE a.ticket_id = t.own AND a.sender_id = 1 AND y.communication AND NOT a.internal
        AND a.id <> (SELECT min(o.id) FROM ticket_articles o
                     WHERE o.ticket_id = t.own AND o.created_at AT TIME ZONE 'UTC' >= t.created_at)) x;
CREATE INDEX ON raw_event (ticket_id, kind, at, ordinal);
-- Where a ticket was closed when it was made, its column is all that says when.
INSERT INTO raw_event
SELECT r.id, 1, t.close_at AT TIME ZONE 'UTC', 0, NULL, NULL, 'open', 'closed'
FROM raw_ticket r JOIN tickets t ON t.id = r.own
WHERE r.status = 'closed' AND NOT EXISTS (SELECT FROM raw_event e WHERE e.ticket_id = r.id AND e.kind = 1);

CREATE TEMP TABLE raw_agent AS
SELECT user_id::text AS id, min(group_id)::text AS team FROM groups_users WHERE access = 'full'
GROUP BY user_id HAVING count(*) = 1;
UPDATE raw_ticket t SET assignee = e.to_value, own_team = coalesce(g.to_value, own_team)
FROM (SELECT DISTINCT ON (ticket_id) * FROM raw_event WHERE kind = 2 ORDER BY ticket_id, at DESC, ordinal DESC) e
LEFT JOIN (SELECT DISTINCT ON (ticket_id) * FROM raw_event WHERE kind = 3 ORDER BY ticket_id, at DESC, ordinal DESC) g
    ON g.ticket_id = e.ticket_id
WHERE e.ticket_id = t.id;
ANALYZE raw_ticket; ANALYZE raw_event;
"""
"""Owner 1 is nobody. A deleted owner is so in `histories` alone, and stays the ticket's."""

_NO_RATINGS: Final = "CREATE TEMP TABLE raw_rating AS SELECT *, 0 AS score FROM raw_created WHERE false"
"""Zammad asks nobody."""

_SPANS: Final = clocks.spans("""span AS (
    SELECT 'Office' AS calendar, (d::date + since) AT TIME ZONE 'Europe/Berlin' AS starts,
        (d::date + until) AT TIME ZONE 'Europe/Berlin' AS ends
    FROM generate_series('2026-04-20'::date, '2027-06-01', '1 day') d,
        (VALUES ('8:30'::time, '12:00'::time), ('13:00', '17:30')) h(since, until)
    WHERE extract(isodow FROM d::date) < 6 AND d::date <> '2026-05-25'
    UNION ALL
    SELECT 'Always', '2026-04-20 00:00+00', '2027-06-01 00:00+00')""")
_POLICIES: Final = clocks.policies("""
    ('A urgent 3', 1, 'high', NULL::text, NULL, 3600::bigint, 86400::bigint, true, 'Always', ARRAY['pending']),
    ('A urgent 4', 2, 'urgent', NULL, NULL, 3600, 86400, true, 'Always', ARRAY['pending']),
    ('B client', 3, NULL, NULL, '2', 7200, 36000, true, 'Office', ARRAY['pending']),
    ('C all', 4, NULL, NULL, NULL, 14400, NULL, true, 'Office', ARRAY['pending']),
    ('', NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, '{}')""")
"""The made-up Zammad's two calendars and three SLAs, as somebody reads them on its pages: one holiday is active,
a day that ends at 23:59 ends at midnight, a switched-off state stops the clock."""


async def prepare(connection: asyncpg.Connection) -> None:
    """Makes the raw tables in the connection's own temporary schema."""
    await connection.execute("SET timezone = 'UTC'; SET jit = off; DISCARD TEMP")
    for statements in (_STATES, _TICKETS, raw.HELD, raw.FACTS, _NO_RATINGS, _SPANS, _POLICIES, *raw.DERIVED):
        await connection.execute(statements)
