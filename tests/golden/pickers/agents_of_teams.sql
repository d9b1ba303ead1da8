WITH found AS MATERIALIZED (
  SELECT d.external_id COLLATE "C" AS external_id, d.name, lower(d.name) COLLATE "C" AS rank, d.active, t.external_id AS team, t.name AS team_name
  FROM deskgraph.agents AS d LEFT JOIN deskgraph.teams AS t ON t.id = d.team_id
  WHERE t.external_id = ANY ($1::text[]) AND (strpos(lower(d.name), lower($2::text)) > 0 OR strpos(lower(d.external_id), lower($2::text)) > 0)),
counted AS MATERIALIZED (SELECT count(*) AS total FROM found),
page AS MATERIALIZED (SELECT * FROM found WHERE (rank, external_id) > ($3::text, $4::text) ORDER BY rank, external_id LIMIT $5::int)
SELECT counted.total, page.*
FROM counted
LEFT JOIN page ON true
ORDER BY rank, external_id
-- $1 = ['billing']; $2 = 50%_; $3 = ada; $4 = A-1; $5 = 51
