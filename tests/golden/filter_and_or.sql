WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $1::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 1) AS p1
  FROM deskgraph.facts
  WHERE (channel = ANY ($2::int[]) AND ((team_id = ANY ($3::int[])) OR (coalesce(tag_ids && $4::int[], false)))) AND at < $5::timestamptz
    AND (source IN (1) AND (at >= $6::timestamptz AND at < $7::timestamptz))
  GROUP BY 1)
SELECT bucket, p1
FROM cells
LIMIT 200001
-- $1 = [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]; $2 = [1]; $3 = [22]; $4 = [51]; $5 =
-- 2026-10-01T00:00:00+00:00; $6 = 2026-02-28T23:00:00+00:00; $7 = 2026-03-31T22:00:00+00:00
