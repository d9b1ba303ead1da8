"""What happened, told by tickets, events and ratings alone: temporary tables of one connection, never the facts.

Three things come from the facts for want of a second opinion in SQL: business seconds, whether a target was met,
and when a ticket was in breach. Everything here is written by hand from metrics.md, not from the product's code.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

import asyncpg

_TICKETS: Final = """
CREATE TEMP TABLE raw_ticket AS
SELECT t.id, t.created_at, o.external_id AS organization, c.external_id AS category,
    (ARRAY['low', 'normal', 'high', 'urgent'])[t.priority] AS priority,
    (ARRAY['email', 'web', 'chat', 'phone', 'api', 'social', 'other'])[t.channel] AS channel,
    (ARRAY['new', 'open', 'pending', 'on_hold', 'resolved', 'closed'])[t.status] AS status,
    (SELECT array_agg(g.external_id) FROM deskgraph.tags g WHERE g.id = ANY (t.tag_ids)) AS tags,
    m.external_id AS own_team, a.external_id AS assignee
FROM deskgraph.tickets t
LEFT JOIN deskgraph.organizations o ON o.id = t.organization_id
LEFT JOIN deskgraph.categories c ON c.id = t.category_id
LEFT JOIN deskgraph.teams m ON m.id = t.team_id
LEFT JOIN deskgraph.agents a ON a.id = t.assignee_id
WHERE t.status <= 6;
CREATE UNIQUE INDEX ON raw_ticket (id);
CREATE TEMP TABLE raw_event AS
SELECT e.* FROM deskgraph.ticket_events e JOIN raw_ticket t ON t.id = e.ticket_id WHERE e.at >= t.created_at;
CREATE INDEX ON raw_event (ticket_id, kind, at, ordinal);
CREATE TEMP TABLE raw_agent AS
SELECT a.external_id AS id, m.external_id AS team
FROM deskgraph.agents a LEFT JOIN deskgraph.teams m ON m.id = a.team_id;
ANALYZE raw_ticket; ANALYZE raw_event; ANALYZE raw_agent;
"""

_HELD: Final = """
CREATE TEMP TABLE raw_held AS
SELECT ticket_id AS id, kind, at AS since, coalesce(lead(at) OVER one, 'infinity') AS until,
    nullif(to_value, '') AS value
FROM raw_event WHERE kind IN (2, 3) WINDOW one AS (PARTITION BY ticket_id, kind ORDER BY at, ordinal);
INSERT INTO raw_held
SELECT DISTINCT ON (ticket_id, kind) ticket_id, kind, '-infinity'::timestamptz, at, nullif(from_value, '')
FROM raw_event WHERE kind IN (2, 3) ORDER BY ticket_id, kind, at, ordinal;
INSERT INTO raw_held
SELECT t.id, k.kind, '-infinity', 'infinity', CASE k.kind WHEN 2 THEN t.assignee ELSE t.own_team END
FROM raw_ticket t CROSS JOIN (VALUES (2), (3)) k (kind)
WHERE NOT EXISTS (SELECT FROM raw_event e WHERE e.ticket_id = t.id AND e.kind = k.kind);
CREATE INDEX ON raw_held (id, kind);
ANALYZE raw_held;
"""
"""Who (2) and which team (3) had a ticket from when to when, by events; where there are none, the present ones."""

_PRESENT: Final = "t.organization, t.category, t.priority, t.channel, t.status, t.tags"
_FACTS: Final = f"""
CREATE TEMP TABLE raw_created AS
SELECT t.id, t.created_at AS at, t.created_at, {_PRESENT}, t.assignee AS agent, coalesce(t.own_team, a.team) AS team
FROM raw_ticket t LEFT JOIN raw_agent a ON a.id = t.assignee;

CREATE TEMP TABLE raw_response AS
SELECT t.id, e.at, t.created_at, {_PRESENT}, e.actor AS agent, coalesce(m.value, a.team) AS team,
    extract(epoch FROM e.at - t.created_at)::int AS seconds, f.business_seconds, f.within_target
FROM raw_ticket t
JOIN (SELECT DISTINCT ON (x.ticket_id) x.ticket_id, x.at, x.actor
      FROM raw_event x JOIN raw_ticket y ON y.id = x.ticket_id
      WHERE x.kind = 6 AND x.actor_kind = 1 AND x.at > y.created_at
      ORDER BY x.ticket_id, x.at, x.ordinal) e ON e.ticket_id = t.id
JOIN raw_held m ON m.id = t.id AND m.kind = 3 AND m.since <= e.at AND e.at < m.until
LEFT JOIN raw_agent a ON a.id = e.actor
LEFT JOIN deskgraph.facts f ON f.ticket_id = t.id AND f.source = 2;

CREATE TEMP TABLE raw_turn AS
SELECT e.*, w.value AS agent, coalesce(m.value, a.team) AS team,
    row_number() OVER (PARTITION BY e.id, done ORDER BY e.at, e.ordinal) = 1 AS first,
    lead(e.at) OVER (PARTITION BY e.id ORDER BY e.at, e.ordinal) IS NULL AS last
FROM (SELECT t.id, e.at, e.ordinal, t.created_at, {_PRESENT}, e.to_value IN ('resolved', 'closed') AS done
      FROM raw_ticket t JOIN raw_event e ON e.ticket_id = t.id AND e.kind = 1
      WHERE (e.to_value IN ('resolved', 'closed')) <> (e.from_value IN ('resolved', 'closed'))) e
JOIN raw_held w ON w.id = e.id AND w.kind = 2 AND w.since <= e.at AND e.at < w.until
JOIN raw_held m ON m.id = e.id AND m.kind = 3 AND m.since <= e.at AND e.at < m.until
LEFT JOIN raw_agent a ON a.id = w.value;

CREATE TEMP TABLE raw_resolution AS
SELECT r.*, r.last AS standing, extract(epoch FROM r.at - r.created_at)::int AS seconds,
    f.business_seconds, f.within_target
FROM raw_turn r LEFT JOIN deskgraph.facts f ON f.ticket_id = r.id AND f.source = 3 AND f.at = r.at
WHERE r.done;

CREATE TEMP TABLE raw_reopen AS SELECT * FROM raw_turn WHERE NOT done;

CREATE TEMP TABLE raw_rating AS
SELECT r.*, coalesce(m.value, a.team) AS team
FROM (SELECT t.id, r.at, t.created_at, {_PRESENT}, r.score,
          coalesce(own.external_id, CASE WHEN s.at IS NOT NULL THEN s.agent ELSE w.value END) AS agent
      FROM deskgraph.ratings r JOIN raw_ticket t ON t.id = r.ticket_id
      JOIN raw_held w ON w.id = t.id AND w.kind = 2 AND w.since <= r.at AND r.at < w.until
      LEFT JOIN deskgraph.agents own ON own.id = r.agent_id
      LEFT JOIN (SELECT DISTINCT ON (x.id) x.id, x.at, x.agent FROM raw_resolution x
                 JOIN deskgraph.ratings y ON y.ticket_id = x.id AND x.at <= y.at
                 ORDER BY x.id, x.at DESC) s ON s.id = t.id) r
JOIN raw_held m ON m.id = r.id AND m.kind = 3 AND m.since <= r.at AND r.at < m.until
LEFT JOIN raw_agent a ON a.id = r.agent;
ANALYZE raw_created; ANALYZE raw_response; ANALYZE raw_resolution; ANALYZE raw_reopen; ANALYZE raw_rating;
"""

_STOCK: Final = f"""
CREATE TEMP TABLE IF NOT EXISTS raw_open (instant timestamptz, id bigint, created_at timestamptz, organization text,
    category text, priority text, channel text, status text, tags text[], status_then text, agent text, team text,
    breached boolean);
INSERT INTO raw_open
SELECT '{{instant}}', t.id, t.created_at, {_PRESENT}, s.then, w.value, coalesce(m.value, a.team),
    coalesce(b.source = 8, false)
FROM raw_ticket t
JOIN (SELECT t.id, coalesce(m.to_value, n.from_value, t.status) AS then
      FROM raw_ticket t
      LEFT JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, to_value FROM raw_event
                 WHERE kind = 1 AND at < '{{instant}}' ORDER BY ticket_id, at DESC, ordinal DESC) m
                 ON m.ticket_id = t.id
      LEFT JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, from_value FROM raw_event
                 WHERE kind = 1 ORDER BY ticket_id, at, ordinal) n ON n.ticket_id = t.id
     ) s ON s.id = t.id AND s.then IN ('new', 'open', 'pending', 'on_hold')
JOIN raw_held w ON w.id = t.id AND w.kind = 2 AND w.since < '{{instant}}' AND '{{instant}}' <= w.until
JOIN raw_held m ON m.id = t.id AND m.kind = 3 AND m.since < '{{instant}}' AND '{{instant}}' <= m.until
LEFT JOIN raw_agent a ON a.id = w.value
LEFT JOIN (SELECT DISTINCT ON (ticket_id) ticket_id, source FROM deskgraph.facts
           WHERE source IN (8, 9) AND at < '{{instant}}' ORDER BY ticket_id, at DESC, ordinal DESC) b
    ON b.ticket_id = t.id
WHERE t.created_at < '{{instant}}';
"""


async def look_at_stock(connection: asyncpg.Connection, instant: datetime) -> None:
    """Adds the tickets that were open just before an instant to `raw_open`."""
    await connection.execute(_STOCK.format(instant=instant.isoformat()))


async def prepare(connection: asyncpg.Connection) -> None:
    """Makes the tables in the connection's own temporary schema."""
    await connection.execute("SET timezone = 'UTC'")
    for statements in (_TICKETS, _HELD, _FACTS):
        await connection.execute(statements)
