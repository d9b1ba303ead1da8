"""What happened in an account of Chatwoot, told by its own tables: the raw tables that the oracle's queries ask.

Temporary tables of one connection, written by hand from what Chatwoot's columns mean; nothing here is the product's.
Instants are `timestamp` without zone, in UTC.
"""

from __future__ import annotations

from typing import Final

import asyncpg

_TICKETS: Final = """
CREATE TEMP TABLE raw_ticket AS
SELECT c.id AS number, c.display_id::text AS id, c.created_at AT TIME ZONE 'UTC' AS created_at,
    c.updated_at AT TIME ZONE 'UTC' AS updated_at, c.inbox_id, c.status = 1 AS is_done,
    (SELECT nullif(p.additional_attributes ->> 'company_name', '') FROM contacts p WHERE p.id = c.contact_id)
        AS organization,
    CASE WHEN {by_inbox} THEN c.inbox_id::text END AS category,
    (ARRAY['low', 'normal', 'high', 'urgent'])[c.priority + 1] AS priority,
    CASE i.channel_type WHEN 'Channel::Email' THEN 'email' WHEN 'Channel::WebWidget' THEN 'chat'
        WHEN 'Channel::Api' THEN 'api' ELSE 'social' END AS channel,
    (ARRAY['open', 'resolved', 'pending', 'on_hold'])[c.status + 1] AS status,
    (SELECT array_agg(n.name) FROM taggings g JOIN tags n ON n.id = g.tag_id
     WHERE g.taggable_type = 'Conversation' AND g.taggable_id = c.id AND g.context = 'labels') AS tags,
    c.team_id::text AS own_team, c.assignee_id::text AS assignee,
    s.first_response_time_threshold AS response_seconds, s.resolution_time_threshold AS resolution_seconds,
    coalesce(s.only_during_business_hours AND i.working_hours_enabled, false) AS business
FROM conversations c JOIN inboxes i ON i.id = c.inbox_id LEFT JOIN sla_policies s ON s.id = c.sla_policy_id
WHERE c.account_id = {account};
CREATE UNIQUE INDEX ON raw_ticket (number);
CREATE TEMP TABLE raw_agent AS
SELECT m.user_id::text AS id, min(m.team_id)::text AS team
FROM team_members m JOIN teams t ON t.id = m.team_id WHERE t.account_id = {account}
GROUP BY m.user_id HAVING count(*) = 1;
ANALYZE raw_ticket;
"""

_SPANS: Final = """
CREATE TEMP TABLE raw_span AS
WITH day AS (SELECT d::date AS day FROM generate_series('2026-04-01'::date, '2027-03-01', '1 day') d),
span AS (
    SELECT i.id AS inbox, (d.day + make_time(h.open_hour, h.open_minutes, 0)) AT TIME ZONE i.timezone AS starts,
        CASE WHEN h.open_all_day THEN (d.day + 1)::timestamp
            ELSE d.day + make_time(h.close_hour, h.close_minutes, 0) END AT TIME ZONE i.timezone AS ends
    FROM inboxes i JOIN working_hours h ON h.inbox_id = i.id
    JOIN day d ON extract(dow FROM d.day) = h.day_of_week
    WHERE i.working_hours_enabled AND NOT h.closed_all_day
    UNION ALL
    SELECT i.id, '2026-04-01 00:00+00', '2027-03-01 00:00+00' FROM inboxes i WHERE NOT i.working_hours_enabled)
SELECT *, sum(ends - starts) OVER one - (ends - starts) AS before, sum(ends - starts) OVER one AS after
FROM span WINDOW one AS (PARTITION BY inbox ORDER BY starts);
CREATE INDEX ON raw_span (inbox, starts);
CREATE INDEX ON raw_span (inbox, after);
ANALYZE raw_span;
"""
"""When each inbox was open; an inbox whose working hours are switched off always is."""


def _open_until(at: str) -> str:
    """The open time of a ticket's inbox up to an instant."""
    return f"""(SELECT s.before + least({at}, s.ends) - s.starts FROM raw_span s
        WHERE s.inbox = t.inbox_id AND s.starts <= {at} ORDER BY s.starts DESC LIMIT 1)"""


def _due(seconds: str) -> str:
    """When so many seconds after its creation have passed, on the policy's clock."""
    target = f"{_open_until('t.created_at')} + t.{seconds} * interval '1 second'"
    return f"""CASE WHEN NOT t.business THEN t.created_at + t.{seconds} * interval '1 second'
        ELSE (SELECT s.starts + ({target} - s.before) FROM raw_span s
              WHERE s.inbox = t.inbox_id AND s.after >= {target} ORDER BY s.after LIMIT 1) END"""


def _between(since: str, until: str) -> str:
    """Whole seconds of open time between two instants; NULL where nobody says which hours hold."""
    return f"""CASE WHEN t.category IS NOT NULL
        THEN floor(extract(epoch FROM {_open_until(until)} - {_open_until(since)}))::bigint END"""


_COURSE: Final = f"""
CREATE TEMP TABLE raw_dues AS
SELECT t.number, {_due("response_seconds")} AS response_due, {_due("resolution_seconds")} AS resolution_due
FROM raw_ticket t WHERE t.response_seconds IS NOT NULL OR t.resolution_seconds IS NOT NULL;
CREATE UNIQUE INDEX ON raw_dues (number);

CREATE TEMP TABLE raw_close AS
SELECT t.number, e.event_end_time AT TIME ZONE 'UTC' AS at, min(e.user_id)::text AS agent,
    row_number() OVER one AS turn, lead(e.event_end_time AT TIME ZONE 'UTC') OVER one AS following
FROM raw_ticket t JOIN reporting_events e ON e.conversation_id = t.number AND e.name = 'conversation_resolved'
GROUP BY t.number, e.event_end_time WINDOW one AS (PARTITION BY t.number ORDER BY e.event_end_time);

CREATE TEMP TABLE raw_open_again AS
SELECT c.number, c.turn, coalesce(o.at, m.at, c.following - interval '1 microsecond', t.updated_at) AS at,
    CASE WHEN o.at IS NOT NULL THEN o.agent ELSE c.agent END AS agent
FROM raw_close c JOIN raw_ticket t ON t.number = c.number
LEFT JOIN LATERAL (
    SELECT e.event_end_time AT TIME ZONE 'UTC' AS at, e.user_id::text AS agent FROM reporting_events e
    WHERE e.conversation_id = c.number AND e.name = 'conversation_opened'
        AND e.event_end_time AT TIME ZONE 'UTC' > c.at
        AND e.event_end_time AT TIME ZONE 'UTC' < coalesce(c.following, 'infinity')
    ORDER BY 1 LIMIT 1) o ON true
LEFT JOIN LATERAL (
    SELECT x.created_at AT TIME ZONE 'UTC' AS at FROM messages x
    WHERE x.conversation_id = c.number AND x.message_type = 0 AND x.created_at AT TIME ZONE 'UTC' > c.at
        AND x.created_at AT TIME ZONE 'UTC' < coalesce(c.following, 'infinity')
    ORDER BY 1 LIMIT 1) m ON true
WHERE c.following IS NOT NULL OR NOT t.is_done;

CREATE TEMP TABLE raw_holding AS
SELECT number, since, coalesce(lead(since) OVER one, 'infinity') AS until, agent, since AS seen FROM (
    SELECT DISTINCT ON (number, since) * FROM (
        SELECT number, at AS since, agent, 1 AS worth FROM raw_close
        UNION ALL
        SELECT t.number, e.event_end_time AT TIME ZONE 'UTC', e.user_id::text, 1
        FROM raw_ticket t JOIN reporting_events e
            ON e.conversation_id = t.number AND e.name = 'conversation_opened'
        UNION ALL SELECT number, updated_at + interval '1 microsecond', assignee, 2 FROM raw_ticket) x
    ORDER BY number, since, worth DESC) y
WINDOW one AS (PARTITION BY number ORDER BY since);
INSERT INTO raw_holding
SELECT DISTINCT ON (number) number, '-infinity'::timestamptz, since, agent, NULL
FROM raw_holding ORDER BY number, since;
CREATE INDEX ON raw_holding (number);
ANALYZE raw_close; ANALYZE raw_open_again; ANALYZE raw_holding; ANALYZE raw_dues;
"""
"""Resolutions, what opened again after each, and who had the conversation when, as far as anything says so: at each
resolution and reopening whoever it names, after the last change whoever has it; before the first of them the same."""

_PRESENT: Final = "t.organization, t.category, t.priority, t.channel, t.status, t.tags"


def _met(due: str, at: str) -> str:
    return f"(SELECT {at} <= d.{due} FROM raw_dues d WHERE d.number = t.number)"


def _seconds(at: str) -> str:
    return (
        f"floor(extract(epoch FROM {at} - t.created_at))::bigint AS seconds,"
        f" {_between('t.created_at', at)} AS business_seconds"
    )


_FACTS: Final = f"""
CREATE TEMP TABLE raw_created AS
SELECT t.id, t.created_at AS at, t.created_at, {_PRESENT}, t.assignee AS agent, coalesce(t.own_team, a.team) AS team
FROM raw_ticket t LEFT JOIN raw_agent a ON a.id = t.assignee;

CREATE TEMP TABLE raw_response AS
WITH said AS (
    SELECT m.*, coalesce(m.additional_attributes ->> 'campaign_id',
            CASE json_typeof(m.content_attributes) WHEN 'string' THEN m.content_attributes #>> '{{}}'
                ELSE m.content_attributes::text END::jsonb ->> 'automation_rule_id') IS NOT NULL AS is_machine
    FROM messages m),
opening AS (
    SELECT DISTINCT ON (conversation_id) conversation_id, id FROM messages
    WHERE message_type < 2 AND NOT private ORDER BY conversation_id, created_at, id),
reply AS (
    SELECT s.conversation_id, s.id, s.created_at, s.sender_id::text AS agent FROM said s
    WHERE s.message_type = 1 AND NOT s.private AND NOT s.is_machine AND s.sender_type = 'User'
    UNION ALL
    SELECT s.conversation_id, s.id, s.created_at, e.user_id::text FROM said s
    JOIN reporting_events e ON e.conversation_id = s.conversation_id AND e.name = 'first_response'
        AND e.event_end_time = s.created_at
    WHERE s.message_type = 1 AND NOT s.private AND NOT s.is_machine AND s.sender_type IS NULL
        AND NOT EXISTS (SELECT FROM users u WHERE u.id = e.user_id)),
first AS (
    SELECT DISTINCT ON (r.conversation_id) r.conversation_id, r.created_at AT TIME ZONE 'UTC' AS at, r.agent
    FROM reply r WHERE r.id NOT IN (SELECT id FROM opening) ORDER BY r.conversation_id, r.created_at, r.id)
SELECT t.id, f.at, t.created_at, {_PRESENT}, f.agent, coalesce(t.own_team, a.team) AS team, {_seconds("f.at")},
    {_met("response_due", "f.at")} AS within_target
FROM raw_ticket t JOIN first f ON f.conversation_id = t.number AND f.at > t.created_at
LEFT JOIN raw_agent a ON a.id = f.agent;

CREATE TEMP TABLE raw_resolution AS
SELECT t.id, c.at, t.created_at, {_PRESENT}, c.agent, coalesce(t.own_team, a.team) AS team, {_seconds("c.at")},
    {_met("resolution_due", "c.at")} AS within_target, c.turn = 1 AS first,
    c.following IS NULL AND t.is_done AS standing
FROM raw_ticket t JOIN raw_close c ON c.number = t.number LEFT JOIN raw_agent a ON a.id = c.agent;

CREATE TEMP TABLE raw_reopen AS
SELECT t.id, o.at, t.created_at, {_PRESENT}, o.agent, coalesce(t.own_team, a.team) AS team
FROM raw_ticket t JOIN raw_open_again o ON o.number = t.number LEFT JOIN raw_agent a ON a.id = o.agent;

CREATE TEMP TABLE raw_rating AS
SELECT x.*, coalesce(x.own_team, a.team) AS team FROM (
    SELECT t.id, r.created_at AT TIME ZONE 'UTC' AS at, t.created_at, {_PRESENT}, t.own_team, r.rating AS score,
        coalesce(r.assigned_agent_id::text, CASE WHEN c.at IS NULL THEN h.agent ELSE c.agent END) AS agent
    FROM raw_ticket t
    JOIN (SELECT DISTINCT ON (conversation_id) * FROM csat_survey_responses
          ORDER BY conversation_id, created_at DESC, id DESC) r ON r.conversation_id = t.number
    JOIN raw_holding h ON h.number = t.number AND h.since <= r.created_at AT TIME ZONE 'UTC'
        AND r.created_at AT TIME ZONE 'UTC' < h.until
    LEFT JOIN LATERAL (SELECT c.at, c.agent FROM raw_close c
        WHERE c.number = t.number AND c.at <= r.created_at AT TIME ZONE 'UTC' ORDER BY c.at DESC LIMIT 1) c ON true) x
LEFT JOIN raw_agent a ON a.id = x.agent;

CREATE TEMP TABLE raw_open AS
SELECT t.id, t.created_at, {_PRESENT}, h.agent, coalesce(t.own_team, a.team) AS team, d.resolution_due AS due,
    tstzrange(greatest(s.since, h.since), least(s.until, h.until), '(]') AS stay
FROM raw_ticket t
JOIN (SELECT t.number, t.created_at AS since, coalesce(c.at, 'infinity') AS until
      FROM raw_ticket t LEFT JOIN raw_close c ON c.number = t.number AND c.turn = 1
      WHERE c.at IS NOT NULL OR NOT t.is_done
      UNION ALL
      SELECT o.number, o.at, coalesce(c.at, 'infinity') FROM raw_open_again o
      LEFT JOIN raw_close c ON c.number = o.number AND c.turn = o.turn + 1) s ON s.number = t.number
JOIN raw_holding h ON h.number = t.number AND h.since < s.until AND s.since < h.until
LEFT JOIN raw_agent a ON a.id = h.agent
LEFT JOIN raw_dues d ON d.number = t.number;
"""


async def prepare(connection: asyncpg.Connection, account: int, by_inbox: bool) -> None:
    """Makes the raw tables of an account in the connection's own temporary schema; its inboxes as categories or not."""
    await connection.execute("SET timezone = 'UTC'; SET jit = off; DISCARD TEMP")
    about = _TICKETS.format(account=account, by_inbox=by_inbox)
    for statements in (about, _SPANS, _COURSE, _FACTS):
        await connection.execute(statements)
