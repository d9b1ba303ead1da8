WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $1::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 6) - count(*) FILTER (WHERE source = 7) AS p1,
    coalesce(sum(seconds) FILTER (WHERE source = 2 AND seconds IS NOT NULL), 0) AS p2,
    count(*) FILTER (WHERE source = 2 AND seconds IS NOT NULL) AS p3,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target) AS p5,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NOT NULL) AS p6,
    count(*) FILTER (WHERE source = 3 AND is_standing AND within_target IS NULL) AS p7,
    count(*) FILTER (WHERE source = 8) - count(*) FILTER (WHERE source = 9) AS p8,
    count(*) FILTER (WHERE source = 5 AND score >= $3::int) AS p9,
    count(*) FILTER (WHERE source = 5) AS p10,
    coalesce(sum(score) FILTER (WHERE source = 5), 0) AS p11,
    count(*) FILTER (WHERE source = 5 AND score >= $4::int AND score < $5::int) AS p12,
    count(*) FILTER (WHERE source = 5 AND score >= $5::int AND score < $6::int) AS p13,
    count(*) FILTER (WHERE source = 5 AND score >= $6::int AND score < $3::int) AS p14,
    count(*) FILTER (WHERE source = 5 AND score >= $3::int AND score < $7::int) AS p15,
    count(*) FILTER (WHERE source = 5 AND score >= $7::int AND score < $8::int) AS p16
  FROM deskgraph.facts
  WHERE at < $2::timestamptz
    AND (source IN (2, 3, 5) AND (at >= $9::timestamptz AND at < $10::timestamptz OR at >= $11::timestamptz AND at < $12::timestamptz) OR source IN (6, 7, 8, 9) AND at < $12::timestamptz)
  GROUP BY 1),
bins_4 AS MATERIALIZED (
  SELECT width_bucket(at, $1::timestamptz[]) AS bucket, log_bucket AS log_bucket,
    count(*) AS n
  FROM deskgraph.facts
  WHERE at < $2::timestamptz
    AND (source IN (2) AND (at >= $9::timestamptz AND at < $10::timestamptz OR at >= $11::timestamptz AND at < $12::timestamptz) AND source = 2 AND seconds IS NOT NULL AND log_bucket IS NOT NULL)
  GROUP BY 1, 2)
SELECT bucket, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16
FROM cells
LEFT JOIN (SELECT bucket, string_agg(int2send(log_bucket::int2) || int4send(n::int4), ''::bytea) AS p4 FROM bins_4 GROUP BY bucket) AS h4 USING (bucket)
LIMIT 200001
-- $1 = [2025-02-28T23:00:00+00:00, 2025-03-01T23:00:00+00:00, 2025-03-31T22:00:00+00:00, 2025-04-01T22:00:00+00:00,
-- 2026-01-28T23:00:00+00:00, 2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]; $2 = 2026-10-01T00:00:00+00:00; $3
-- = 4; $4 = 1; $5 = 2; $6 = 3; $7 = 5; $8 = 6; $9 = 2025-02-28T23:00:00+00:00; $10 = 2025-04-01T22:00:00+00:00; $11 =
-- 2026-01-28T23:00:00+00:00; $12 = 2026-03-31T22:00:00+00:00
