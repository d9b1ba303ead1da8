WITH rolled AS MATERIALIZED (
  SELECT bucket, status AS k1,
    sum(numbers[count, created])::bigint AS p1,
    sum(numbers[stock, entered])::bigint AS p2
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_status USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1, 2),
stood AS MATERIALIZED (
  SELECT bucket, status AS k1,
    sum(numbers[stock, entered])::bigint AS p2
  FROM unnest($5::int2[], $6::int[], $7::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_status USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1, 2)
SELECT bucket, k1, p1, p2 FROM rolled
UNION ALL SELECT bucket, k1, 0::bigint AS p1, p2 FROM stood
LIMIT 400001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1];
-- $5 = [5, 2, 2, 0]; $6 = [19, 1280, 1281, 20512]; $7 = [0, 0, 0, 0]
