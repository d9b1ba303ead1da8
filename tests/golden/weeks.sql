WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 1) AS p1,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p2,
    coalesce(sum(seconds) FILTER (WHERE source = 2 AND seconds IS NOT NULL), 0) AS p3,
    count(*) FILTER (WHERE source = 2 AND seconds IS NOT NULL) AS p4
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (1, 2) AND (at >= $1::timestamptz AND at < $2::timestamptz) OR source IN (6, 7) AND at >= $1::timestamptz AND at < $2::timestamptz)
  GROUP BY 1),
standing AS MATERIALIZED (
  SELECT 0 AS bucket,
    count(*) FILTER (WHERE source = 6) AS p2
  FROM deskgraph.facts
  WHERE is_standing AND source IN (6, 8) AND source IN (6)
  GROUP BY 1),
later AS MATERIALIZED (
  SELECT 0 AS bucket,
    -(count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7)) AS p2
  FROM deskgraph.facts
  WHERE source IN (6, 7) AND at >= $2::timestamptz
  GROUP BY 1),
meanwhile AS MATERIALIZED (
  SELECT 0 AS bucket,
    -sum(p2)::bigint AS p2
  FROM cells
  WHERE true
  GROUP BY 1),
bins_p5 AS MATERIALIZED (
  SELECT bucket, string_agg(int2send(log_bucket::int2) || int4send(n::int4), ''::bytea) AS p5 FROM (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket, log_bucket,
    count(*) AS n
  FROM deskgraph.facts
  WHERE at < $3::timestamptz AND (source IN (2) AND (at >= $1::timestamptz AND at < $2::timestamptz)) AND source = 2 AND seconds IS NOT NULL AND log_bucket IS NOT NULL
  GROUP BY 1, 2) AS counted
  GROUP BY bucket)
SELECT bucket, p1, p2, p3, p4, NULL::bytea AS p5 FROM cells
UNION ALL SELECT bucket, 0::bigint AS p1, p2, 0::bigint AS p3, 0::bigint AS p4, NULL::bytea AS p5 FROM standing
UNION ALL SELECT bucket, 0::bigint AS p1, p2, 0::bigint AS p3, 0::bigint AS p4, NULL::bytea AS p5 FROM later
UNION ALL SELECT bucket, 0::bigint AS p1, p2, 0::bigint AS p3, 0::bigint AS p4, NULL::bytea AS p5 FROM meanwhile
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, 0::bigint AS p4, p5 FROM bins_p5
LIMIT 1000001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-01T23:00:00+00:00, 2026-03-08T23:00:00+00:00, 2026-03-15T23:00:00+00:00,
-- 2026-03-22T23:00:00+00:00, 2026-03-29T22:00:00+00:00, 2026-03-31T22:00:00+00:00]
