WITH found AS MATERIALIZED (
  SELECT d.external_id COLLATE "C" AS external_id, d.name, lower(d.name) COLLATE "C" AS rank, d.active, t.external_id AS team, t.name AS team_name
  FROM deskgraph.agents AS d LEFT JOIN deskgraph.teams AS t ON t.id = d.team_id
  WHERE false),
counted AS MATERIALIZED (SELECT count(*) AS total FROM found),
page AS MATERIALIZED (SELECT * FROM found ORDER BY rank, external_id)
SELECT counted.total, page.*
FROM counted
LEFT JOIN page ON true
ORDER BY rank, external_id
-- 
