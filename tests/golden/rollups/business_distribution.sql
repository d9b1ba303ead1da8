WITH rolled AS MATERIALIZED (
  SELECT bucket,
    sum(numbers[count, first_response, timed, seconds from 0 to 900, business])::bigint AS p1,
    sum(numbers[count, first_response, timed, seconds from 900 to 1800, business])::bigint AS p2,
    sum(numbers[count, first_response, timed, seconds from 1800 to 3600, business])::bigint AS p3,
    sum(numbers[count, first_response, timed, seconds from 3600 to 7200, business])::bigint AS p4,
    sum(numbers[count, first_response, timed, seconds from 7200 to 14400, business])::bigint AS p5,
    sum(numbers[count, first_response, timed, seconds from 14400 to 28800, business])::bigint AS p6,
    sum(numbers[count, first_response, timed, seconds from 28800 to 86400, business])::bigint AS p7,
    sum(numbers[count, first_response, timed, seconds from 86400 to none, business])::bigint AS p8
  FROM unnest($2::int2[], $3::int[], $4::int[]) AS wanted (level, block, bucket) JOIN deskgraph.rollup_total USING (level, block)
  WHERE zone_id = $1::int
  GROUP BY 1)
SELECT bucket, p1, p2, p3, p4, p5, p6, p7, p8 FROM rolled
LIMIT 200001
-- $1 = 7; $2 = [0, 0, 0, 1, 1, 1, 2]; $3 = [20513, 20514, 20515, 5129, 5130, 5131, 1283]; $4 = [1, 1, 1, 1, 1, 1, 1]
