"""What happened, told by tickets, events, ratings, policies and calendars alone, never by the facts.

Temporary tables of one connection. Everything here is written by hand from metrics.md, not from the product's code.
"""

from __future__ import annotations

from typing import Final

import asyncpg

from tests.oracle import clocks

_TICKETS: Final = """
CREATE TEMP TABLE raw_ticket AS
SELECT t.id, t.created_at, o.external_id AS organization, c.external_id AS category,
    (ARRAY['low', 'normal', 'high', 'urgent'])[t.priority] AS priority,
    (ARRAY['email', 'web', 'chat', 'phone', 'api', 'social', 'other'])[t.channel] AS channel,
    (ARRAY['new', 'open', 'pending', 'on_hold', 'resolved', 'closed'])[t.status] AS status,
    (SELECT array_agg(g.external_id) FROM deskgraph.tags g WHERE g.id = ANY (t.tag_ids)) AS tags,
    m.external_id AS own_team, a.external_id AS assignee,
    t.first_response_due_at AS response_due, t.resolution_due_at AS resolution_due
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

HELD: Final = """
CREATE TEMP TABLE raw_held AS
SELECT ticket_id AS id, kind, at AS since, coalesce(lead(at) OVER one, 'infinity') AS until,
    nullif(to_value, '') AS value
FROM raw_event WHERE kind <= 5 WINDOW one AS (PARTITION BY ticket_id, kind ORDER BY at, ordinal);
INSERT INTO raw_held
SELECT DISTINCT ON (ticket_id, kind) ticket_id, kind, '-infinity'::timestamptz, at, nullif(from_value, '')
FROM raw_event WHERE kind <= 5 ORDER BY ticket_id, kind, at, ordinal;
INSERT INTO raw_held
SELECT t.id, k.kind, '-infinity', 'infinity', (ARRAY[t.status, t.assignee, t.own_team, t.category, t.priority])[k.kind]
FROM raw_ticket t CROSS JOIN generate_series(1, 5) k (kind)
WHERE NOT EXISTS (SELECT FROM raw_event e WHERE e.ticket_id = t.id AND e.kind = k.kind);
CREATE INDEX ON raw_held (id, kind);
ANALYZE raw_held;
"""
"""The status (1) of a ticket, its agent (2), team (3), category (4) and priority (5) from when to when, by events;
where there are none, the present ones."""

_PRESENT: Final = "t.organization, t.category, t.priority, t.channel, t.status, t.tags"
FACTS: Final = f"""
CREATE TEMP TABLE raw_created AS
SELECT t.id, t.created_at AS at, t.created_at, {_PRESENT}, t.assignee AS agent, coalesce(t.own_team, a.team) AS team
FROM raw_ticket t LEFT JOIN raw_agent a ON a.id = t.assignee;

CREATE TEMP TABLE raw_response AS
SELECT t.id, e.at, t.created_at, {_PRESENT}, e.actor AS agent, coalesce(m.value, a.team) AS team
FROM raw_ticket t
JOIN (SELECT DISTINCT ON (x.ticket_id) x.ticket_id, x.at, x.actor
      FROM raw_event x JOIN raw_ticket y ON y.id = x.ticket_id
      WHERE x.kind = 6 AND x.actor_kind = 1 AND x.at > y.created_at
      ORDER BY x.ticket_id, x.at, x.ordinal) e ON e.ticket_id = t.id
JOIN raw_held m ON m.id = t.id AND m.kind = 3 AND m.since <= e.at AND e.at < m.until
LEFT JOIN raw_agent a ON a.id = e.actor;

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
SELECT *, last AS standing FROM raw_turn WHERE done;

CREATE TEMP TABLE raw_reopen AS SELECT * FROM raw_turn WHERE NOT done;
"""


def ratings(answers: str, agents: str) -> str:
    """The ratings, out of a table of answers, of which the last of a ticket counts, and of those whom they are of."""
    return f"""
CREATE TEMP TABLE raw_rating AS
SELECT r.*, coalesce(m.value, a.team) AS team
FROM (SELECT t.id, r.at, t.created_at, {_PRESENT}, r.score,
          coalesce(own.external_id, CASE WHEN s.at IS NOT NULL THEN s.agent ELSE w.value END) AS agent
      FROM {answers} r JOIN raw_ticket t ON t.id = r.ticket_id
      JOIN raw_held w ON w.id = t.id AND w.kind = 2 AND w.since <= r.at AND r.at < w.until
      LEFT JOIN {agents} own ON own.id = r.agent_id
      LEFT JOIN (SELECT DISTINCT ON (x.id) x.id, x.at, x.agent FROM raw_resolution x
                 JOIN {answers} y ON y.ticket_id = x.id AND x.at <= y.at
                 ORDER BY x.id, x.at DESC) s ON s.id = t.id) r
JOIN raw_held m ON m.id = r.id AND m.kind = 3 AND m.since <= r.at AND r.at < m.until
LEFT JOIN raw_agent a ON a.id = r.agent;
"""


_RATINGS: Final = ratings("deskgraph.ratings", "deskgraph.agents")

TIMED: Final = """
CREATE TEMP TABLE raw_timed_response AS
SELECT d.*, x.seconds, x.business_seconds, x.response_met AS within_target
FROM raw_response d JOIN raw_timing x ON x.id = d.id AND x.at = d.at;
CREATE TEMP TABLE raw_timed_resolution AS
SELECT d.*, x.seconds, x.business_seconds, x.resolution_met AS within_target
FROM raw_resolution d JOIN raw_timing x ON x.id = d.id AND x.at = d.at;
DROP TABLE raw_response, raw_resolution;
ALTER TABLE raw_timed_response RENAME TO raw_response;
ALTER TABLE raw_timed_resolution RENAME TO raw_resolution;
"""
"""First responses and resolutions once more, with their durations and targets."""

_TABLES: Final = ("created", "response", "resolution", "reopen", "rating")
INDEXES: Final = "".join(
    f"CREATE INDEX ON raw_{name} (at); CREATE INDEX ON raw_{name} (created_at); ANALYZE raw_{name};" for name in _TABLES
)
DERIVED: Final = (clocks.REIGNS, clocks.RUNS, clocks.TIMINGS, clocks.STOCK, TIMED, INDEXES)
"""What follows from facts, spans and policies, whosesoever they are."""


async def prepare(connection: asyncpg.Connection) -> None:
    """Makes the tables in the connection's own temporary schema."""
    await connection.execute("SET timezone = 'UTC'; SET temp_buffers = '512MB'; SET jit = off")
    for statements in (_TICKETS, HELD, FACTS, _RATINGS, clocks.SPANS, clocks.POLICIES, *DERIVED):
        await connection.execute(statements)
