WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target) AS p1,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NOT NULL) AS p2,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NULL) AS p3,
    count(*) FILTER (WHERE source = 8) - count(*) FILTER (WHERE source = 9) AS p4
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (3) AND (at >= $1::timestamptz AND at < $2::timestamptz) OR source IN (8, 9) AND at >= $1::timestamptz AND at < $2::timestamptz)
  GROUP BY 1),
standing AS MATERIALIZED (
  SELECT 0 AS bucket,
    count(*) FILTER (WHERE source = 8) AS p4
  FROM deskgraph.facts
  WHERE is_standing AND source IN (6, 8) AND source IN (8)
  GROUP BY 1),
later AS MATERIALIZED (
  SELECT 0 AS bucket,
    -(count(*) FILTER (WHERE source = 8) - count(*) FILTER (WHERE source = 9)) AS p4
  FROM deskgraph.facts
  WHERE source IN (8, 9) AND at >= $2::timestamptz
  GROUP BY 1),
meanwhile AS MATERIALIZED (
  SELECT 0 AS bucket,
    -sum(p4)::bigint AS p4
  FROM cells
  WHERE true
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4 FROM cells
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, p4 FROM standing
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, p4 FROM later
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, p4 FROM meanwhile
LIMIT 800001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
