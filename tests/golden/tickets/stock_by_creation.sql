WITH inside AS MATERIALIZED (
  SELECT organization_id, ticket_id, max(ordinal) FILTER (WHERE source = 6) AS ordinal
  FROM deskgraph.facts
  WHERE at < $1::timestamptz
    AND source IN (6, 7) AND at < $2::timestamptz AND created_at >= $3::timestamptz AND created_at < $2::timestamptz
  GROUP BY organization_id, ticket_id
  HAVING count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) > 0),
behind AS MATERIALIZED (
  SELECT f.organization_id, f.ticket_id, f.ordinal, f.at, f.created_at, f.status, f.priority, f.channel, f.category_id, f.team_id, f.tag_ids, f.seconds, f.business_seconds, f.within_target, f.at AS s1
  FROM deskgraph.facts AS f
  JOIN inside AS i ON i.organization_id = f.organization_id AND i.ticket_id = f.ticket_id AND i.ordinal = f.ordinal),
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
-- $1 = 2026-10-01T00:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 2026-02-28T23:00:00+00:00; $4 = 51
