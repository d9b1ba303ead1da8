WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[count, rating, score from 4 to none])::bigint AS p1,
    sum(numbers[count, rating])::bigint AS p2,
    sum(numbers[sum_score, rating])::bigint AS p3,
    sum(numbers[count, rating, score from 1 to 2])::bigint AS p4,
    sum(numbers[count, rating, score from 2 to 3])::bigint AS p5,
    sum(numbers[count, rating, score from 3 to 4])::bigint AS p6,
    sum(numbers[count, rating, score from 4 to 5])::bigint AS p7,
    sum(numbers[count, rating, score from 5 to 6])::bigint AS p8
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, p5, p6, p7, p8 FROM rolled
LIMIT 200001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1]
