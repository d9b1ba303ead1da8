WITH behind AS MATERIALIZED (
  SELECT organization_id, ticket_id, ordinal, at, created_at, status, priority, channel, category_id, team_id, tag_ids, seconds, business_seconds, within_target, at AS s1
  FROM deskgraph.facts
  WHERE at < $1::timestamptz
    AND source = 1 AND (at >= $2::timestamptz AND at < $3::timestamptz)),
counted AS MATERIALIZED (SELECT count(*) AS total FROM behind),
page AS MATERIALIZED (SELECT * FROM behind ORDER BY s1 DESC NULLS LAST, ticket_id, ordinal LIMIT $4::int),
shown AS MATERIALIZED (
  SELECT p.*, t.external_id
  FROM page AS p
  JOIN deskgraph.tickets AS t ON t.organization_id = p.organization_id AND t.id = p.ticket_id)
SELECT counted.total, shown.*
FROM counted
LEFT JOIN shown ON true
ORDER BY s1 DESC NULLS LAST, ticket_id, ordinal
-- $1 = 2026-10-01T00:00:00+00:00; $2 = 2026-02-28T23:00:00+00:00; $3 = 2026-03-31T22:00:00+00:00; $4 = 51
