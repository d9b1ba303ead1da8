WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $1::timestamptz[]) AS bucket, category_id AS k1,
    count(*) FILTER (WHERE source = 1) AS p1,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p2
  FROM deskgraph.facts
  WHERE at < $2::timestamptz
    AND (source IN (1) AND (at >= $3::timestamptz AND at < $4::timestamptz) OR source IN (6, 7) AND at < $4::timestamptz)
  GROUP BY 1, 2)
SELECT bucket, k1, p1, p2
FROM cells
LIMIT 200001
-- $1 = [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]; $2 = 2026-10-01T00:00:00+00:00; $3 =
-- 2026-02-28T23:00:00+00:00; $4 = 2026-03-31T22:00:00+00:00
