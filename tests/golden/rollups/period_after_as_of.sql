WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[count, created])::bigint AS p1,
    sum(numbers[stock, entered])::bigint AS p2
  FROM unnest($8::int2[], $9::int[], $10::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
stood AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[stock, entered])::bigint AS p2
  FROM unnest($11::int2[], $12::int[], $13::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
edges AS MATERIALIZED (
  SELECT bucket,
    coalesce(sum(sign) FILTER (WHERE source = 1), 0) AS p1,
    coalesce(sum(sign) FILTER (WHERE source = 6), 0) - coalesce(sum(sign) FILTER (WHERE source = 7), 0) AS p2
  FROM unnest($3::int[], $3::int[], $4::int[], $5::bool[]) AS edge (segment, bucket, sign, counts) JOIN deskgraph.facts ON width_bucket(at, $2::timestamptz[]) = edge.segment
  WHERE (at >= $6::timestamptz AND at < $7::timestamptz) AND source IN (1, 6, 7) AND (counts OR source IN (6, 7))
  GROUP BY 1)
SELECT bucket, p1, p2 FROM rolled
UNION ALL SELECT bucket, 0::bigint AS p1, p2 FROM stood
UNION ALL SELECT bucket, p1, p2 FROM edges
LIMIT 600001
-- $1 = 7; $2 = [2026-10-01T00:00:00+00:00, 2026-10-01T22:00:00+00:00]; $3 = [1]; $4 = [-1]; $5 = [True]; $6 =
-- 2026-10-01T00:00:00+00:00; $7 = 2026-10-01T22:00:00+00:00; $8 = [0, 0, 0, 1, 1, 1, 2, 3, 3, 2, 2, 2, 1, 1]; $9 =
-- [20513, 20514, 20515, 5129, 5130, 5131, 1283, 321, 322, 1292, 1293, 1294, 5180, 5181]; $10 = [1, 1, 1, 1, 1, 1, 1, 1,
-- 1, 1, 1, 1, 1, 1]; $11 = [5, 2, 2, 0]; $12 = [19, 1280, 1281, 20512]; $13 = [0, 0, 0, 0]
