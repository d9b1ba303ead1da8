WITH behind AS MATERIALIZED (
  SELECT organization_id, ticket_id, ordinal, at, created_at, status, priority, channel, category_id, team_id, tag_ids, seconds, business_seconds, within_target, at AS s1
  FROM deskgraph.facts
  WHERE at < $1::timestamptz AND tag_ids && $2::int[] AND date_part('hour', (at AT TIME ZONE 'UTC') + ($4::interval[])[width_bucket(at, $3::timestamptz[]) + 1])::int = $5::int
    AND source = 1 AND (at >= $6::timestamptz AND at < $7::timestamptz)),
counted AS MATERIALIZED (SELECT count(*) AS total FROM behind),
page AS MATERIALIZED (SELECT * FROM behind ORDER BY s1 DESC NULLS LAST, ticket_id, ordinal LIMIT $8::int),
shown AS MATERIALIZED (
  SELECT p.*, t.external_id
  FROM page AS p
  JOIN deskgraph.tickets AS t ON t.organization_id = p.organization_id AND t.id = p.ticket_id)
SELECT counted.total, shown.*
FROM counted
LEFT JOIN shown ON true
ORDER BY s1 DESC NULLS LAST, ticket_id, ordinal
-- $1 = 2026-10-01T00:00:00+00:00; $2 = [51]; $3 = [datetime.datetime(2026, 3, 29, 1, 0, tzinfo=datetime.timezone.utc)];
-- $4 = [datetime.timedelta(seconds=3600), datetime.timedelta(seconds=7200)]; $5 = 9; $6 = 2026-02-28T23:00:00+00:00; $7
-- = 2026-03-31T22:00:00+00:00; $8 = 51
