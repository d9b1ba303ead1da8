WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 8) - count(*) FILTER (WHERE source = 9) AS p1
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (8, 9) AND at >= $2::timestamptz AND at < $1::timestamptz)
  GROUP BY 1),
base AS MATERIALIZED (
  SELECT 0 AS bucket,
    count(*) FILTER (WHERE source = 8 AND is_standing) - count(*) FILTER (WHERE source = 8 AND at >= $2::timestamptz) + count(*) FILTER (WHERE source = 9 AND at >= $2::timestamptz) AS p1
  FROM deskgraph.facts
  WHERE ((is_standing AND source IN (6, 8) AND source IN (8)) OR (source IN (8, 9) AND at >= $2::timestamptz))
  GROUP BY 1)
SELECT bucket, p1 FROM cells
UNION ALL SELECT bucket, p1 FROM base
LIMIT 200001
-- $1 = 2026-03-31T22:00:00+00:00; $2 = 2026-02-28T23:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
