WITH rolled AS MATERIALIZED (
  SELECT bucket, day_of_week AS k1, hour_of_day AS k2,
    sum(numbers[count, created])::bigint AS p1
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_hour USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1, 2, 3)
SELECT bucket, k1, k2, p1 FROM rolled
LIMIT 200001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1]
