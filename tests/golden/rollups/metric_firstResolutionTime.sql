WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[sum_seconds, resolution, first, timed, calendar])::bigint AS p1,
    sum(numbers[count, resolution, first, timed, calendar])::bigint AS p2
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
rolled_bins AS MATERIALIZED (
  SELECT bucket,
    string_agg(bins[resolution, first, timed, calendar], ''::bytea) AS p3
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total_bins USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1, p2, NULL::bytea AS p3 FROM rolled
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, p3 FROM rolled_bins
LIMIT 400001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1]
