WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 3 AND is_standing AND is_first) AS p1,
    count(*) FILTER (WHERE source = 3 AND is_standing) AS p2
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (3) AND (at >= $1::timestamptz AND at < $2::timestamptz))
  GROUP BY 1)
SELECT bucket, p1, p2 FROM cells
LIMIT 200001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
