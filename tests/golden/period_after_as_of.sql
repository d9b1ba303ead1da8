WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 1) AS p1,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p2
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (1) AND (at >= $1::timestamptz AND at < $2::timestamptz) OR source IN (6, 7) AND at >= $1::timestamptz AND at < $2::timestamptz)
  GROUP BY 1),
base AS MATERIALIZED (
  SELECT 0 AS bucket,
    count(*) FILTER (WHERE source = 6 AND is_standing) - count(*) FILTER (WHERE source = 6 AND at >= $1::timestamptz) + count(*) FILTER (WHERE source = 7 AND at >= $1::timestamptz) AS p2
  FROM deskgraph.facts
  WHERE ((is_standing AND source IN (6, 8) AND source IN (6)) OR (source IN (6, 7) AND at >= $1::timestamptz))
  GROUP BY 1)
SELECT bucket, p1, p2 FROM cells
UNION ALL SELECT bucket, 0::bigint AS p1, p2 FROM base
LIMIT 200001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-12-31T23:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-12-31T23:00:00+00:00]
