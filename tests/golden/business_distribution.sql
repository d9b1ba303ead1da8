WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $12::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $3::int AND business_seconds < $4::int) AS p1,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $4::int AND business_seconds < $5::int) AS p2,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $5::int AND business_seconds < $6::int) AS p3,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $6::int AND business_seconds < $7::int) AS p4,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $7::int AND business_seconds < $8::int) AS p5,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $8::int AND business_seconds < $9::int) AS p6,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $9::int AND business_seconds < $10::int) AS p7,
    count(*) FILTER (WHERE source = 2 AND business_seconds IS NOT NULL AND business_seconds >= $10::int) AS p8
  FROM deskgraph.facts
  WHERE at < $11::timestamptz
    AND (source IN (2) AND (at >= $1::timestamptz AND at < $2::timestamptz))
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, p5, p6, p7, p8 FROM cells
LIMIT 200001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 0; $4 = 900; $5 = 1800; $6 = 3600; $7 = 7200; $8
-- = 14400; $9 = 28800; $10 = 86400; $11 = 2026-10-01T00:00:00+00:00; $12 = [2026-02-28T23:00:00+00:00,
-- 2026-03-31T22:00:00+00:00]
