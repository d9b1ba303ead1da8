WITH found AS MATERIALIZED (
  SELECT d.external_id COLLATE "C" AS external_id, d.name, lower(d.name) COLLATE "C" AS rank, true AS active, NULL AS team, NULL
  FROM deskgraph.teams AS d
  WHERE d.id IN (SELECT t.id FROM deskgraph.teams AS t JOIN deskgraph.agents AS a ON a.team_id = t.id WHERE a.external_id = ANY ($1::text[])) AND d.external_id = ANY ($2::text[])),
counted AS MATERIALIZED (SELECT count(*) AS total FROM found),
page AS MATERIALIZED (SELECT * FROM found ORDER BY rank, external_id LIMIT $3::int)
SELECT counted.total, page.*
FROM counted
LEFT JOIN page ON true
ORDER BY rank, external_id
-- $1 = ['A-07']; $2 = ['billing']; $3 = 51
