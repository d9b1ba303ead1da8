WITH behind AS MATERIALIZED (
  SELECT organization_id, ticket_id, ordinal, at, created_at, status, priority, channel, category_id, team_id, tag_ids, seconds, business_seconds, within_target, agent_id, score, score AS s1, nullif(priority, 0) AS s2
  FROM deskgraph.facts
  WHERE at < $1::timestamptz
    AND source = 5 AND (at >= $2::timestamptz AND at < $3::timestamptz)),
counted AS MATERIALIZED (SELECT count(*) AS total FROM behind),
page AS MATERIALIZED (SELECT * FROM behind WHERE ((s1 > $4::int OR s1 IS NULL)) OR (s1 = $4::int AND s2 IS NULL AND (ticket_id, ordinal) > ($5::bigint, $6::int)) ORDER BY s1 ASC NULLS LAST, s2 DESC NULLS LAST, ticket_id, ordinal LIMIT $7::int),
response AS MATERIALIZED (
  SELECT * FROM (SELECT DISTINCT organization_id, ticket_id FROM page) AS p
  JOIN (SELECT organization_id, ticket_id, at AS response_target_due, within_target AS response_target_met FROM deskgraph.facts WHERE source = 10) AS found USING (organization_id, ticket_id)),
resolution AS MATERIALIZED (
  SELECT * FROM (SELECT DISTINCT organization_id, ticket_id FROM page) AS p
  JOIN (SELECT organization_id, ticket_id, at AS resolution_target_due, within_target AS resolution_target_met FROM deskgraph.facts WHERE source = 11) AS found USING (organization_id, ticket_id)),
shown AS MATERIALIZED (
  SELECT p.*, t.external_id, t.subject, t.requester, r.comment, response_target_due, response_target_met, resolution_target_due, resolution_target_met
  FROM page AS p
  LEFT JOIN response USING (organization_id, ticket_id)
  LEFT JOIN resolution USING (organization_id, ticket_id)
  JOIN deskgraph.tickets AS t ON t.organization_id = p.organization_id AND t.id = p.ticket_id
  LEFT JOIN deskgraph.ratings AS r ON r.organization_id = t.organization_id AND r.ticket_id = t.id)
SELECT counted.total, shown.*
FROM counted
LEFT JOIN shown ON true
ORDER BY s1 ASC NULLS LAST, s2 DESC NULLS LAST, ticket_id, ordinal
-- $1 = 2026-10-01T00:00:00+00:00; $2 = 2026-02-28T23:00:00+00:00; $3 = 2026-03-31T22:00:00+00:00; $4 = 3; $5 = 77; $6 =
-- 4; $7 = 51
