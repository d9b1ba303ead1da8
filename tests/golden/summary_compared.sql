WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $12::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p1,
    coalesce(sum(seconds) FILTER (WHERE source = 2 AND seconds IS NOT NULL), 0) AS p2,
    count(*) FILTER (WHERE source = 2 AND seconds IS NOT NULL) AS p3,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target) AS p5,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NOT NULL) AS p6,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NULL) AS p7,
    count(*) FILTER (WHERE source = 8) - count(*) FILTER (WHERE source = 9) AS p8,
    count(*) FILTER (WHERE source = 5 AND score >= $5::int) AS p9,
    count(*) FILTER (WHERE source = 5) AS p10,
    coalesce(sum(score) FILTER (WHERE source = 5), 0) AS p11,
    count(*) FILTER (WHERE source = 5 AND score >= $6::int AND score < $7::int) AS p12,
    count(*) FILTER (WHERE source = 5 AND score >= $7::int AND score < $8::int) AS p13,
    count(*) FILTER (WHERE source = 5 AND score >= $8::int AND score < $5::int) AS p14,
    count(*) FILTER (WHERE source = 5 AND score >= $5::int AND score < $9::int) AS p15,
    count(*) FILTER (WHERE source = 5 AND score >= $9::int AND score < $10::int) AS p16
  FROM deskgraph.facts
  WHERE at < $11::timestamptz
    AND (source IN (2, 3, 5) AND (at >= $1::timestamptz AND at < $2::timestamptz OR at >= $3::timestamptz AND at < $4::timestamptz) OR source IN (6, 7, 8, 9) AND at >= $1::timestamptz AND at < $4::timestamptz)
  GROUP BY 1),
standing AS MATERIALIZED (
  SELECT 0 AS bucket,
    count(*) FILTER (WHERE source = 6) AS p1,
    count(*) FILTER (WHERE source = 8) AS p8
  FROM deskgraph.facts
  WHERE is_standing AND source IN (6, 8) AND source IN (6, 8)
  GROUP BY 1),
later AS MATERIALIZED (
  SELECT 0 AS bucket,
    -(count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7)) AS p1,
    -(count(*) FILTER (WHERE source = 8) - count(*) FILTER (WHERE source = 9)) AS p8
  FROM deskgraph.facts
  WHERE source IN (6, 7, 8, 9) AND at >= $4::timestamptz
  GROUP BY 1),
meanwhile AS MATERIALIZED (
  SELECT 0 AS bucket,
    -sum(p1)::bigint AS p1,
    -sum(p8)::bigint AS p8
  FROM cells
  WHERE true
  GROUP BY 1),
bins_p4 AS MATERIALIZED (
  SELECT bucket, string_agg(int2send(log_bucket::int2) || int4send(n::int4), ''::bytea) AS p4 FROM (
  SELECT width_bucket(at, $12::timestamptz[]) AS bucket, log_bucket,
    count(*) AS n
  FROM deskgraph.facts
  WHERE at < $11::timestamptz AND (source IN (2) AND (at >= $1::timestamptz AND at < $2::timestamptz OR at >= $3::timestamptz AND at < $4::timestamptz)) AND source = 2 AND seconds IS NOT NULL AND log_bucket IS NOT NULL
  GROUP BY 1, 2) AS counted
  GROUP BY bucket)
SELECT bucket, p1, p2, p3, NULL::bytea AS p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16 FROM cells
UNION ALL SELECT bucket, p1, 0::bigint AS p2, 0::bigint AS p3, NULL::bytea AS p4, 0::bigint AS p5, 0::bigint AS p6, 0::bigint AS p7, p8, 0::bigint AS p9, 0::bigint AS p10, 0::bigint AS p11, 0::bigint AS p12, 0::bigint AS p13, 0::bigint AS p14, 0::bigint AS p15, 0::bigint AS p16 FROM standing
UNION ALL SELECT bucket, p1, 0::bigint AS p2, 0::bigint AS p3, NULL::bytea AS p4, 0::bigint AS p5, 0::bigint AS p6, 0::bigint AS p7, p8, 0::bigint AS p9, 0::bigint AS p10, 0::bigint AS p11, 0::bigint AS p12, 0::bigint AS p13, 0::bigint AS p14, 0::bigint AS p15, 0::bigint AS p16 FROM later
UNION ALL SELECT bucket, p1, 0::bigint AS p2, 0::bigint AS p3, NULL::bytea AS p4, 0::bigint AS p5, 0::bigint AS p6, 0::bigint AS p7, p8, 0::bigint AS p9, 0::bigint AS p10, 0::bigint AS p11, 0::bigint AS p12, 0::bigint AS p13, 0::bigint AS p14, 0::bigint AS p15, 0::bigint AS p16 FROM meanwhile
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, p4, 0::bigint AS p5, 0::bigint AS p6, 0::bigint AS p7, 0::bigint AS p8, 0::bigint AS p9, 0::bigint AS p10, 0::bigint AS p11, 0::bigint AS p12, 0::bigint AS p13, 0::bigint AS p14, 0::bigint AS p15, 0::bigint AS p16 FROM bins_p4
LIMIT 1000001
-- $1 = 2025-02-28T23:00:00+00:00; $2 = 2025-04-01T22:00:00+00:00; $3 = 2026-01-28T23:00:00+00:00; $4 =
-- 2026-03-31T22:00:00+00:00; $5 = 4; $6 = 1; $7 = 2; $8 = 3; $9 = 5; $10 = 6; $11 = 2026-10-01T00:00:00+00:00; $12 =
-- [2025-02-28T23:00:00+00:00, 2025-03-01T23:00:00+00:00, 2025-03-31T22:00:00+00:00, 2025-04-01T22:00:00+00:00,
-- 2026-01-28T23:00:00+00:00, 2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
