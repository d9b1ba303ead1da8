WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket, agent_id AS k1,
    count(*) FILTER (WHERE source = 1) AS p1,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p2
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (1) AND (at >= $1::timestamptz AND at < $2::timestamptz) OR source IN (6, 7) AND at >= $1::timestamptz AND at < $2::timestamptz)
  GROUP BY 1, 2),
standing AS MATERIALIZED (
  SELECT 0 AS bucket, agent_id AS k1,
    count(*) FILTER (WHERE source = 6) AS p2
  FROM deskgraph.facts
  WHERE is_standing AND source IN (6, 8) AND source IN (6)
  GROUP BY 1, 2),
later AS MATERIALIZED (
  SELECT 0 AS bucket, agent_id AS k1,
    -(count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7)) AS p2
  FROM deskgraph.facts
  WHERE source IN (6, 7) AND at >= $2::timestamptz
  GROUP BY 1, 2),
meanwhile AS MATERIALIZED (
  SELECT 0 AS bucket, k1,
    -sum(p2)::bigint AS p2
  FROM cells
  WHERE true
  GROUP BY 1, 2)
SELECT bucket, k1, p1, p2 FROM cells
UNION ALL SELECT bucket, k1, 0::bigint AS p1, p2 FROM standing
UNION ALL SELECT bucket, k1, 0::bigint AS p1, p2 FROM later
UNION ALL SELECT bucket, k1, 0::bigint AS p1, p2 FROM meanwhile
LIMIT 800001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
