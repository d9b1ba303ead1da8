WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $7::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 1) AS p1
  FROM deskgraph.facts
  WHERE (channel = ANY ($3::int[]) AND ((team_id = ANY ($4::int[])) OR (coalesce(tag_ids && $5::int[], false)))) AND at < $6::timestamptz
    AND (source IN (1) AND (at >= $1::timestamptz AND at < $2::timestamptz))
  GROUP BY 1)
SELECT bucket, p1 FROM cells
LIMIT 200001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = [1]; $4 = [22]; $5 = [51]; $6 =
-- 2026-10-01T00:00:00+00:00; $7 = [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
