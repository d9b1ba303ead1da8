WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[count, created])::bigint AS p1,
    sum(numbers[stock, entered])::bigint AS p2,
    sum(numbers[sum_seconds, first_response, timed, calendar])::bigint AS p3,
    sum(numbers[count, first_response, timed, calendar])::bigint AS p4
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
stood AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[stock, entered])::bigint AS p2
  FROM unnest($5::int2[], $6::int[], $7::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
rolled_bins AS MATERIALIZED (
  SELECT bucket,
    string_agg(bins[first_response, timed, calendar], ''::bytea) AS p5
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total_bins USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, NULL::bytea AS p5 FROM rolled
UNION ALL SELECT bucket, 0::bigint AS p1, p2, 0::bigint AS p3, 0::bigint AS p4, NULL::bytea AS p5 FROM stood
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, 0::bigint AS p4, p5 FROM rolled_bins
LIMIT 600001
-- $1 = 7; $2 = [0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]; $3 = [20513, 20514, 20515, 5129, 20520,
-- 20521, 20522, 20523, 5131, 5132, 20532, 20533, 20534, 20535, 5134, 20540, 20541, 20542, 20543]; $4 = [1, 2, 2, 2, 2,
-- 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6]; $5 = [5, 2, 2, 0]; $6 = [19, 1280, 1281, 20512]; $7 = [0, 0, 0, 0]
