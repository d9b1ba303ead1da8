WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[count, created])::bigint AS p1
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1 FROM rolled
LIMIT 200001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]; $3 = [20513, 20514, 20515, 5129, 5130, 20524,
-- 20525, 20526, 20527, 5132, 20532, 20533, 20534, 20535, 5134, 20540, 20541, 20542, 20543]; $4 = [1, 1, 1, 1, 2, 2, 2,
-- 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5]
