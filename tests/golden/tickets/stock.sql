WITH inside AS MATERIALIZED (
  SELECT organization_id, ticket_id, max(ordinal) FILTER (WHERE source = 6) AS ordinal
  FROM deskgraph.facts
  WHERE team_id = ANY ($1::int[]) AND at < $2::timestamptz AND CASE WHEN source IN (6, 7, 8, 9) THEN interval_status ELSE status END = $3::int
    AND source IN (6, 7) AND at < $4::timestamptz
  GROUP BY organization_id, ticket_id
  HAVING count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) > 0),
behind AS MATERIALIZED (
  SELECT f.organization_id, f.ticket_id, f.ordinal, f.at, f.created_at, f.status, f.priority, f.channel, f.category_id, f.team_id, f.tag_ids, f.seconds, f.business_seconds, f.within_target, f.at AS s1
  FROM deskgraph.facts AS f
  JOIN inside AS i ON i.organization_id = f.organization_id AND i.ticket_id = f.ticket_id AND i.ordinal = f.ordinal),
counted AS MATERIALIZED (SELECT count(*) AS total FROM behind),
page AS MATERIALIZED (SELECT * FROM behind ORDER BY s1 DESC NULLS LAST, ticket_id, ordinal LIMIT $5::int),
shown AS MATERIALIZED (
  SELECT p.*, t.external_id, t.subject
  FROM page AS p
  JOIN deskgraph.tickets AS t ON t.organization_id = p.organization_id AND t.id = p.ticket_id)
SELECT counted.total, shown.*
FROM counted
LEFT JOIN shown ON true
ORDER BY s1 DESC NULLS LAST, ticket_id, ordinal
-- $1 = [21, 22]; $2 = 2026-10-01T00:00:00+00:00; $3 = 2; $4 = 2026-03-31T22:00:00+00:00; $5 = 51
