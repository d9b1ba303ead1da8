WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[stock, entered])::bigint AS p1,
    sum(numbers[sum_seconds, first_response, timed, calendar])::bigint AS p2,
    sum(numbers[count, first_response, timed, calendar])::bigint AS p3,
    sum(numbers[count, resolution, standing, within_target])::bigint AS p5,
    sum(numbers[count, resolution, standing, with_target])::bigint AS p6,
    sum(numbers[count, resolution, standing, without_target])::bigint AS p7,
    sum(numbers[stock, breach_entered])::bigint AS p8,
    sum(numbers[count, rating, score from 4 to none])::bigint AS p9,
    sum(numbers[count, rating])::bigint AS p10,
    sum(numbers[sum_score, rating])::bigint AS p11,
    sum(numbers[count, rating, score from 1 to 2])::bigint AS p12,
    sum(numbers[count, rating, score from 2 to 3])::bigint AS p13,
    sum(numbers[count, rating, score from 3 to 4])::bigint AS p14,
    sum(numbers[count, rating, score from 4 to 5])::bigint AS p15,
    sum(numbers[count, rating, score from 5 to 6])::bigint AS p16
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
stood AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[stock, entered])::bigint AS p1,
    sum(numbers[stock, breach_entered])::bigint AS p8
  FROM unnest($5::int2[], $6::int[], $7::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1),
rolled_bins AS MATERIALIZED (
  SELECT bucket,
    string_agg(bins[first_response, timed, calendar], ''::bytea) AS p4
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total_bins USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1, p2, p3, NULL::bytea AS p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14, p15, p16 FROM rolled
UNION ALL SELECT bucket, p1, 0::bigint AS p2, 0::bigint AS p3, NULL::bytea AS p4, 0::bigint AS p5, 0::bigint AS p6, 0::bigint AS p7, p8, 0::bigint AS p9, 0::bigint AS p10, 0::bigint AS p11, 0::bigint AS p12, 0::bigint AS p13, 0::bigint AS p14, 0::bigint AS p15, 0::bigint AS p16 FROM stood
UNION ALL SELECT bucket, 0::bigint AS p1, 0::bigint AS p2, 0::bigint AS p3, p4, 0::bigint AS p5, 0::bigint AS p6, 0::bigint AS p7, 0::bigint AS p8, 0::bigint AS p9, 0::bigint AS p10, 0::bigint AS p11, 0::bigint AS p12, 0::bigint AS p13, 0::bigint AS p14, 0::bigint AS p15, 0::bigint AS p16 FROM rolled_bins
LIMIT 600001
-- $1 = 7; $2 = [0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 0, 0, 0, 0, 1, 1, 1, 2]; $3 = [20148, 20149, 20150,
-- 20151, 5038, 5039, 1260, 20176, 20177, 20178, 20179, 20482, 20483, 5121, 5122, 5123, 1281, 20512, 20513, 20514,
-- 20515, 5129, 5130, 5131, 1283]; $4 = [1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6]; $5
-- = [4, 4, 3, 3, 2, 2, 2, 1, 1, 1, 1, 2, 2, 4, 0, 0]; $6 = [76, 77, 312, 313, 1256, 1257, 1258, 5036, 5045, 5046, 5047,
-- 1262, 1263, 79, 20480, 20481]; $7 = [0, 0, 0, 0, 0, 0, 0, 0, 4, 4, 4, 4, 4, 4, 4, 4]
