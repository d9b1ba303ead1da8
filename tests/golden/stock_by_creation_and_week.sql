WITH cells AS MATERIALIZED (
  SELECT width_bucket(created_at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p1
  FROM deskgraph.facts
  WHERE at < $5::timestamptz
    AND (source IN (6, 7) AND (created_at >= $2::timestamptz AND created_at < $3::timestamptz) AND at < ($1::timestamptz[])[width_bucket(created_at, $4::timestamptz[])])
  GROUP BY 1)
SELECT bucket, p1 FROM cells
LIMIT 200001
-- $1 = [2026-03-01T23:00:00+00:00, 2026-03-08T23:00:00+00:00, 2026-03-15T23:00:00+00:00, 2026-03-22T23:00:00+00:00,
-- 2026-03-29T22:00:00+00:00, 2026-03-31T22:00:00+00:00]; $2 = 2026-02-28T23:00:00+00:00; $3 =
-- 2026-03-31T22:00:00+00:00; $4 = [2026-02-28T23:00:00+00:00, 2026-03-01T23:00:00+00:00, 2026-03-08T23:00:00+00:00,
-- 2026-03-15T23:00:00+00:00, 2026-03-22T23:00:00+00:00, 2026-03-29T22:00:00+00:00, 2026-03-31T22:00:00+00:00]; $5 =
-- 2026-10-01T00:00:00+00:00
