WITH found AS MATERIALIZED (
  SELECT d.external_id COLLATE "C" AS external_id, d.name, lower(d.name) COLLATE "C" AS rank, true AS active, NULL AS team, NULL
  FROM deskgraph.organizations AS d
  WHERE d.external_id = ANY ($1::text[])),
counted AS MATERIALIZED (SELECT count(*) AS total FROM found),
page AS MATERIALIZED (SELECT * FROM found ORDER BY rank, external_id)
SELECT counted.total, page.*
FROM counted
LEFT JOIN page ON true
ORDER BY rank, external_id
-- $1 = ['O-001']
