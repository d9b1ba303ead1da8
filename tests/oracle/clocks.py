"""Time as a desk counts it: when it was open, which policy a ticket had when, what that promised.

Temporary tables of one connection, written by hand from metrics.md. Open time is counted in microseconds since the
first span of a calendar, so that the time between two instants is a difference, and the instant at which a target
has run is one look into the list of spans.
"""

from __future__ import annotations

from typing import Final


def _wall(clock: str) -> str:
    """The instant of a wall time of a day: the first of two, and the end of the gap where there is none.

    PostgreSQL takes the second of two, and the offset before the gap; gaps begin at full hours.
    """
    return f"""(
        SELECT CASE WHEN (x AT TIME ZONE zone) > w THEN x - (w - date_trunc('hour', w))
            WHEN ((x - interval '1 hour') AT TIME ZONE zone) = w THEN x - interval '1 hour'
            WHEN ((x - interval '30 minutes') AT TIME ZONE zone) = w THEN x - interval '30 minutes'
            ELSE x END
        FROM (SELECT day + ({clock})::interval AS w, (day + ({clock})::interval) AT TIME ZONE zone AS x) one)"""


def _bound(column: str, otherwise: str) -> str:
    """The instant of a bound of a calendar: a local date, or a time with offset."""
    return f"""coalesce(CASE WHEN length({column}) = 10 THEN {column}::timestamp AT TIME ZONE zone
        ELSE {column}::timestamptz END, '{otherwise}')"""


def spans(ctes: str) -> str:
    """When each calendar was open, and how long it had been before each span and after it.

    Of common table expressions of which the last, `span`, has the columns calendar, starts, ends.
    """
    return f"""
CREATE TEMP TABLE raw_span AS
WITH {ctes}
SELECT *, sum(length) OVER one - length AS before, sum(length) OVER one AS after
FROM (SELECT *, (extract(epoch FROM ends - starts) * 1000000)::bigint AS length FROM span WHERE starts < ends) x
WINDOW one AS (PARTITION BY calendar ORDER BY starts);
ALTER TABLE raw_span ALTER before TYPE bigint, ALTER after TYPE bigint;
CREATE INDEX ON raw_span (calendar, starts);
CREATE INDEX ON raw_span (calendar, after);
ANALYZE raw_span;
"""


SPANS: Final = spans(f"""version AS (
    SELECT name, zone, spans, holidays, {_bound("valid_from", "-infinity")} AS since,
        {_bound("valid_until", "infinity")} AS until
    FROM deskgraph.calendars),
part AS (
    SELECT name, at AS since, lead(at) OVER (PARTITION BY name ORDER BY at) AS until
    FROM (SELECT name, since AS at FROM version UNION SELECT name, until FROM version) edge),
reigning AS (
    SELECT DISTINCT ON (p.name, p.since) p.name, p.since, p.until, v.zone, v.spans, v.holidays
    FROM part p JOIN version v ON v.name = p.name AND v.since <= p.since AND p.until <= v.until
    ORDER BY p.name, p.since, v.since DESC),
open_day AS (
    SELECT v.*, day, CASE
        WHEN holidays @> to_jsonb(ARRAY[day::date::text]) THEN '[]'
        ELSE coalesce(
            (SELECT h -> 'spans' FROM jsonb_array_elements(holidays) h WHERE h ->> 'date' = day::date::text),
            spans -> (ARRAY['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])[extract(isodow FROM day)::int],
            '[]') END AS hours
    FROM reigning v, generate_series(
        (SELECT min(created_at) AT TIME ZONE 'UTC' FROM raw_ticket)::date - interval '7 days',
        (SELECT max(at) AT TIME ZONE 'UTC' FROM raw_event)::date + interval '4 years', '1 day') day),
span AS (
    SELECT name AS calendar, greatest(since, {_wall("s ->> 0")}) AS starts, least(until, {_wall("s ->> 1")}) AS ends
    FROM open_day, jsonb_array_elements(hours) s)""")
"""Of versions that overlap the one that began later is in force."""


def run_until(calendar: str, at: str) -> str:
    """The open time of a calendar up to an instant; NULL without a calendar. Unit: microseconds."""
    return f"""CASE WHEN {calendar} IS NOT NULL THEN coalesce((
        SELECT before + (extract(epoch FROM least({at}, ends) - starts) * 1000000)::bigint FROM raw_span
        WHERE raw_span.calendar = {calendar} AND starts <= {at} ORDER BY starts DESC LIMIT 1), 0) END"""


POLICIES: Final = """
CREATE TEMP TABLE raw_policy AS
WITH known AS (SELECT DISTINCT name FROM deskgraph.calendars),
usual AS (SELECT CASE WHEN bool_or(name = 'default') THEN 'default' WHEN count(*) = 1 THEN min(name) END AS name
          FROM known)
SELECT p.name, p.position, (ARRAY['low', 'normal', 'high', 'urgent'])[p.match_priority] AS priority,
    c.external_id AS category, o.external_id AS organization, p.first_response_seconds::bigint AS response_seconds,
    p.resolution_seconds::bigint, p.clock = 2 AS business, CASE WHEN p.calendar IS NULL THEN usual.name
        ELSE (SELECT name FROM known WHERE name = p.calendar) END AS calendar,
    ARRAY(SELECT (ARRAY['new', 'open', 'pending', 'on_hold', 'resolved', 'closed'])[s]
          FROM unnest(p.pause_on) s) AS pauses
FROM deskgraph.sla_policies p CROSS JOIN usual
LEFT JOIN deskgraph.categories c ON c.id = p.match_category_id
LEFT JOIN deskgraph.organizations o ON o.id = p.match_organization_id
UNION ALL SELECT '', NULL, NULL, NULL, NULL, NULL, NULL, false, usual.name, '{}' FROM usual;
"""
"""Policies in words; '' stands for none."""


def policies(rows: str) -> str:
    """The same, of rows that somebody has written down."""
    return f"""
CREATE TEMP TABLE raw_policy (name, position, priority, category, organization, response_seconds, resolution_seconds,
    business, calendar, pauses) AS VALUES
{rows};
"""


REIGNS: Final = """
CREATE TEMP TABLE raw_reign AS
SELECT s.id, s.since, s.until, coalesce((
    SELECT p.name FROM raw_policy p
    WHERE p.name <> '' AND coalesce(p.priority = urgency.value, p.priority IS NULL)
        AND coalesce(p.category = topic.value, p.category IS NULL)
        AND coalesce(p.organization = t.organization, p.organization IS NULL)
    ORDER BY num_nonnulls(p.priority, p.category, p.organization) DESC, p.position LIMIT 1), '') AS policy
FROM (SELECT id, since, coalesce(lead(since) OVER (PARTITION BY id ORDER BY since), 'infinity') AS until
      FROM (SELECT DISTINCT id, since FROM raw_held WHERE kind IN (4, 5)) x) s
JOIN raw_ticket t ON t.id = s.id
JOIN raw_held topic ON topic.id = s.id AND topic.kind = 4 AND topic.since <= s.since AND s.since < topic.until
JOIN raw_held urgency ON urgency.id = s.id AND urgency.kind = 5 AND urgency.since <= s.since
    AND s.since < urgency.until;
CREATE INDEX ON raw_reign (id);
ANALYZE raw_policy; ANALYZE raw_reign;
"""
"""Which policy was in force for a ticket from when to when."""

RUNS: Final = f"""
CREATE TEMP TABLE raw_stretch AS
SELECT *, coalesce(lead(run_since) OVER (PARTITION BY id, calendar ORDER BY since),
    {run_until("x.calendar", "'infinity'")}) AS run_until
FROM (SELECT s.*, k.calendar, {run_until("k.calendar", "s.since")} AS run_since
      FROM (SELECT h.id, h.value AS status, greatest(h.since, t.created_at) AS since, h.until
            FROM raw_held h JOIN raw_ticket t ON t.id = h.id WHERE h.kind = 1) s
      CROSS JOIN (SELECT DISTINCT calendar FROM raw_policy) k
      WHERE s.since < s.until) x;
CREATE INDEX ON raw_stretch (id);
ANALYZE raw_stretch;

CREATE TEMP TABLE raw_due AS
WITH run AS (
    SELECT *, coalesce(sum(length) OVER (PARTITION BY id, policy ORDER BY since ROWS
        BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS before
    FROM (SELECT r.id, p.name AS policy, p.business, p.calendar, p.response_seconds, p.resolution_seconds, s.since,
              s.run_since, CASE WHEN p.business THEN s.run_until - s.run_since WHEN s.until < 'infinity'
                  THEN (extract(epoch FROM s.until - s.since) * 1000000)::bigint END AS length
          FROM (SELECT DISTINCT id, policy FROM raw_reign) r
          JOIN raw_policy p ON p.name = r.policy AND (NOT p.business OR p.calendar IS NOT NULL)
          JOIN raw_stretch s ON s.id = r.id AND s.calendar IS NOT DISTINCT FROM p.calendar
          WHERE s.status IN ('new', 'open', 'pending', 'on_hold') AND s.status <> ALL (p.pauses)) x),
target AS (
    SELECT DISTINCT ON (id, policy, what) *
    FROM run CROSS JOIN LATERAL (VALUES ('response', response_seconds * 1000000),
                                        ('resolution', resolution_seconds * 1000000)) t (what, target)
    WHERE target IS NOT NULL AND coalesce(before + length >= target, true)
    ORDER BY id, policy, what, since)
SELECT id, policy, what, CASE WHEN NOT business THEN since + (target - before) * interval '1 microsecond'
    ELSE greatest(since, (SELECT starts + (run_since + target - target.before - s.before) * interval '1 microsecond'
                          FROM raw_span s WHERE s.calendar = target.calendar
                              AND s.after >= run_since + target - target.before ORDER BY s.after LIMIT 1)) END AS due
FROM target;
CREATE UNIQUE INDEX ON raw_due (id, policy, what);
ANALYZE raw_due;
"""
"""The statuses of a ticket with the open time at their ends; and when each of its policies' targets had run."""


def due(what: str, policy: str) -> str:
    """The due instant of a ticket `t` under a policy: its own column, else the policy's; never is infinity."""
    return f"""coalesce(t.{what}_due, (
        SELECT coalesce(u.due, 'infinity') FROM raw_policy q
        LEFT JOIN raw_due u ON u.id = t.id AND u.policy = q.name AND u.what = '{what}'
        WHERE q.name = {policy} AND q.{what}_seconds IS NOT NULL AND (NOT q.business OR q.calendar IS NOT NULL)))"""


TIMINGS: Final = f"""
CREATE TEMP TABLE raw_timing AS
SELECT d.id, d.at, (extract(epoch FROM d.at - t.created_at) * 1000000)::bigint / 1000000 AS seconds,
    (d.run - {run_until("d.calendar", "t.created_at")} - coalesce((
        SELECT sum(least(s.run_until, d.run) - s.run_since) FROM raw_stretch s
        WHERE s.id = d.id AND s.calendar = d.calendar AND s.since < d.at AND s.status = ANY (d.pauses)), 0)
    )::bigint / 1000000 AS business_seconds,
    d.at <= {due("response", "d.policy")} AS response_met, d.at <= {due("resolution", "d.policy")} AS resolution_met
FROM (SELECT f.id, f.at, r.policy, p.calendar, p.pauses, {run_until("p.calendar", "f.at")} AS run
      FROM (SELECT id, at FROM raw_response UNION SELECT id, at FROM raw_resolution) f
      JOIN raw_reign r ON r.id = f.id AND r.since <= f.at AND f.at < r.until
      JOIN raw_policy p ON p.name = r.policy OFFSET 0) d
JOIN raw_ticket t ON t.id = d.id;
CREATE UNIQUE INDEX ON raw_timing (id, at);
ANALYZE raw_timing;
"""
"""How long it took up to each first response and resolution on both clocks, and whether that was within target."""

STOCK: Final = f"""
CREATE TEMP TABLE raw_open AS
SELECT t.id, t.created_at, t.organization, t.category, t.priority, t.channel, t.status, t.tags,
    s.status AS status_then, w.value AS agent, coalesce(m.value, a.team) AS team, x.due,
    tstzrange(x.since, x.until, '(]') AS stay
FROM raw_ticket t
JOIN raw_stretch s ON s.id = t.id AND s.status IN ('new', 'open', 'pending', 'on_hold')
    AND s.calendar IS NOT DISTINCT FROM (SELECT calendar FROM raw_policy WHERE name = '')
JOIN raw_held w ON w.id = t.id AND w.kind = 2 AND w.since < s.until AND s.since < w.until
JOIN raw_held m ON m.id = t.id AND m.kind = 3 AND m.since < s.until AND s.since < m.until
JOIN raw_reign r ON r.id = t.id AND r.since < s.until AND s.since < r.until
LEFT JOIN raw_agent a ON a.id = w.value
CROSS JOIN LATERAL (
    SELECT greatest(s.since, w.since, m.since, r.since) AS since, least(s.until, w.until, m.until, r.until) AS until,
        {due("resolution", "r.policy")} AS due) x
WHERE x.since < x.until;
CREATE INDEX ON raw_open USING gist (stay);
ANALYZE raw_open;
"""
"""Each stay of a ticket in one status with one agent, team and policy, while it is open: from just after its first
instant to its last, so that one created at an instant is not yet in the stock of it, and one resolved at it still is.
"""
