WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 6 AND agent_id = 0) - count(*) FILTER (WHERE source = 7 AND agent_id = 0) AS p1
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (6, 7) AND at >= $2::timestamptz AND at < $1::timestamptz)
  GROUP BY 1),
standing AS MATERIALIZED (
  SELECT 0 AS bucket,
    count(*) FILTER (WHERE source = 6 AND agent_id = 0) AS p1
  FROM deskgraph.facts
  WHERE is_standing AND source IN (6, 8) AND source IN (6)
  GROUP BY 1),
later AS MATERIALIZED (
  SELECT 0 AS bucket,
    -(count(*) FILTER (WHERE source = 6 AND agent_id = 0) - count(*) FILTER (WHERE source = 7 AND agent_id = 0)) AS p1
  FROM deskgraph.facts
  WHERE source IN (6, 7) AND at >= $1::timestamptz
  GROUP BY 1),
meanwhile AS MATERIALIZED (
  SELECT 0 AS bucket,
    -sum(p1)::bigint AS p1
  FROM cells
  WHERE true
  GROUP BY 1)
SELECT bucket, p1 FROM cells
UNION ALL SELECT bucket, p1 FROM standing
UNION ALL SELECT bucket, p1 FROM later
UNION ALL SELECT bucket, p1 FROM meanwhile
LIMIT 800001
-- $1 = 2026-03-31T22:00:00+00:00; $2 = 2026-02-28T23:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
