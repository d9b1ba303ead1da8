WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[34])::bigint AS p1,
    sum(numbers[36])::bigint AS p2,
    sum(numbers[38])::bigint AS p3,
    sum(numbers[40])::bigint AS p4,
    sum(numbers[42])::bigint AS p5,
    sum(numbers[44])::bigint AS p6,
    sum(numbers[46])::bigint AS p7,
    sum(numbers[48])::bigint AS p8
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, p5, p6, p7, p8 FROM rolled
LIMIT 200001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1]
