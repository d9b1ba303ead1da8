WITH rolled AS MATERIALIZED (
  SELECT bucket, agent_id AS k1,
    sum(numbers[count, created])::bigint AS p1,
    sum(numbers[stock, entered])::bigint AS p2,
    sum(numbers[sum_seconds, resolution, standing, timed, calendar])::bigint AS p3,
    sum(numbers[count, resolution, standing, timed, calendar])::bigint AS p4,
    sum(numbers[count, resolution, standing, within_target])::bigint AS p5,
    sum(numbers[count, resolution, standing, with_target])::bigint AS p6
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_agent USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1, 2),
stood AS MATERIALIZED (
  SELECT bucket, agent_id AS k1,
    sum(numbers[stock, entered])::bigint AS p2
  FROM unnest($5::int2[], $6::int[], $7::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_agent USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1, 2)
SELECT bucket, k1, p1, p2, p3, p4, p5, p6 FROM rolled
UNION ALL SELECT bucket, k1, 0::bigint AS p1, p2, 0::bigint AS p3, 0::bigint AS p4, 0::bigint AS p5, 0::bigint AS p6 FROM stood
LIMIT 400001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1];
-- $5 = [5, 2, 2, 0]; $6 = [19, 1280, 1281, 20512]; $7 = [0, 0, 0, 0]
