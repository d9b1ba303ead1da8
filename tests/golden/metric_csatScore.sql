WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $10::timestamptz[]) AS bucket,
    count(*) FILTER (WHERE source = 5 AND score >= $3::int) AS p1,
    count(*) FILTER (WHERE source = 5) AS p2,
    coalesce(sum(score) FILTER (WHERE source = 5), 0) AS p3,
    count(*) FILTER (WHERE source = 5 AND score >= $4::int AND score < $5::int) AS p4,
    count(*) FILTER (WHERE source = 5 AND score >= $5::int AND score < $6::int) AS p5,
    count(*) FILTER (WHERE source = 5 AND score >= $6::int AND score < $3::int) AS p6,
    count(*) FILTER (WHERE source = 5 AND score >= $3::int AND score < $7::int) AS p7,
    count(*) FILTER (WHERE source = 5 AND score >= $7::int AND score < $8::int) AS p8
  FROM deskgraph.facts
  WHERE at < $9::timestamptz
    AND (source IN (5) AND (at >= $1::timestamptz AND at < $2::timestamptz))
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, p5, p6, p7, p8 FROM cells
LIMIT 200001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 4; $4 = 1; $5 = 2; $6 = 3; $7 = 5; $8 = 6; $9 =
-- 2026-10-01T00:00:00+00:00; $10 = [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
