WITH cells AS MATERIALIZED (
  SELECT width_bucket(created_at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p1
  FROM deskgraph.facts
  WHERE at < $5::timestamptz
    AND (source IN (6, 7) AND (created_at >= $2::timestamptz AND created_at < $3::timestamptz) AND at < ($1::timestamptz[])[width_bucket(created_at, $4::timestamptz[])])
  GROUP BY 1)
SELECT bucket, p1 FROM cells
LIMIT 200001
-- $1 = [2026-03-31T22:00:00+00:00]; $2 = 2026-02-28T23:00:00+00:00; $3 = 2026-03-31T22:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]; $5 = 2026-10-01T00:00:00+00:00

WITH cells AS MATERIALIZED (
  SELECT width_bucket(created_at, $5::timestamptz[]) AS bucket,
    coalesce(sum(seconds) FILTER (WHERE source = 2 AND seconds IS NOT NULL), 0) AS p1,
    count(*) FILTER (WHERE source = 2 AND seconds IS NOT NULL) AS p2,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target) AS p3,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NOT NULL) AS p4,
    count(*) FILTER (WHERE source = 5 AND score >= $3::int) AS p5,
    count(*) FILTER (WHERE source = 5) AS p6
  FROM deskgraph.facts
  WHERE at < $4::timestamptz
    AND (source IN (2, 3, 5) AND (created_at >= $1::timestamptz AND created_at < $2::timestamptz))
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, p5, p6 FROM cells
LIMIT 200001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 4; $4 = 2026-10-01T00:00:00+00:00; $5 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
