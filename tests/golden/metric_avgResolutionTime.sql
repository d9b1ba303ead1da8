WITH cells AS MATERIALIZED (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket,
    coalesce(sum(seconds) FILTER (WHERE source = 3 AND is_standing AND seconds IS NOT NULL), 0) AS p1,
    count(*) FILTER (WHERE source = 3 AND is_standing AND seconds IS NOT NULL) AS p2
  FROM deskgraph.facts
  WHERE at < $3::timestamptz
    AND (source IN (3) AND (at >= $1::timestamptz AND at < $2::timestamptz))
  GROUP BY 1),
bins_p3 AS MATERIALIZED (
  SELECT bucket, string_agg(int2send(log_bucket::int2) || int4send(n::int4), ''::bytea) AS p3 FROM (
  SELECT width_bucket(at, $4::timestamptz[]) AS bucket, log_bucket,
    count(*) AS n
  FROM deskgraph.facts
  WHERE at < $3::timestamptz AND (source IN (3) AND (at >= $1::timestamptz AND at < $2::timestamptz)) AND source = 3 AND is_standing AND seconds IS NOT NULL AND log_bucket IS NOT NULL
  GROUP BY 1, 2) AS counted
  GROUP BY bucket)
SELECT bucket, p1, p2, NULL::bytea AS p3 FROM cells
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, p3 FROM bins_p3
LIMIT 400001
-- $1 = 2026-02-28T23:00:00+00:00; $2 = 2026-03-31T22:00:00+00:00; $3 = 2026-10-01T00:00:00+00:00; $4 =
-- [2026-02-28T23:00:00+00:00, 2026-03-31T22:00:00+00:00]
