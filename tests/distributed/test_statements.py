"""Every statement that the product can send is one that tables distributed by organization can be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.distribution import PLACED
from db.models import SQLModel
from tests.conftest import MANAGER, Asking
from tests.distributed.rules import Law
from tests.recording import Recorded, breaches

GOLDEN = sorted((Path(__file__).parents[1] / "golden").rglob("*.sql"))
NAMED_PLACE = re.compile(r"\b(numbers|bins)\[[^\]]*\]")
LAW = Law(temporary=frozenset({"staged"}))


def statements(file: Path) -> Iterator[str]:
    """The statements of a golden file, without what tells their arguments; what a rollup keeps has a place again."""
    for text in NAMED_PLACE.sub(r"\1[1]", file.read_text()).split("\n\n"):
        yield "\n".join(line for line in text.splitlines() if not line.startswith("--"))


def test_every_golden_statement_keeps_the_law() -> None:
    told = {str(file): [breach for sql in statements(file) for breach in LAW.breaches(sql)] for file in GOLDEN}

    assert len(told) > 60
    assert not {file: found for file, found in told.items() if found}


ALLOWED = (
    "WITH cells AS MATERIALIZED (SELECT width_bucket(at, $1::timestamptz[]) AS bucket, count(*) AS n"
    " FROM deskgraph.facts WHERE organization_id = ANY ($2::int[]) GROUP BY 1)"
    " SELECT bucket, sum(n) OVER () FROM cells GROUP BY GROUPING SETS ((bucket, n), ())",
    "SELECT t.id FROM tickets AS t JOIN facts AS f ON f.organization_id = t.organization_id AND f.ticket_id = t.id",
    "SELECT t.id FROM tickets AS t, facts AS f WHERE f.organization_id = t.organization_id AND f.ticket_id = t.id",
    "SELECT f.at FROM facts AS f LEFT JOIN ratings AS r USING (organization_id, ticket_id)",
    "SELECT t.id FROM tickets AS t LEFT JOIN staged AS s USING (external_id) WHERE s.external_id IS NULL",
    "SELECT count(*) FROM tickets AS t WHERE (t.organization_id, t.id) IN"
    " (SELECT organization_id, ticket_id FROM facts WHERE agent_id = ANY ($1::int[]))",
    "SELECT id FROM tickets AS t WHERE EXISTS (SELECT 1 FROM facts AS f WHERE f.organization_id = t.organization_id)",
    "SELECT extract(hour FROM at AT TIME ZONE $1) FROM facts",
    "SELECT date_part('epoch', at) FROM facts",
    "DELETE FROM facts AS t USING unnest($1::int[], $2::bigint[]) AS gone (organization_id, ticket_id)"
    " WHERE t.organization_id = gone.organization_id AND t.ticket_id = gone.ticket_id",
    "INSERT INTO ratings (organization_id, ticket_id, score) SELECT organization_id, ticket_id, 1 FROM staged"
    " ON CONFLICT (organization_id, ticket_id) DO UPDATE SET score = excluded.score",
    "COPY (SELECT * FROM facts ORDER BY at) TO STDOUT (FORMAT binary)",
    "COPY deskgraph.facts (organization_id, at) FROM STDIN",
    # The coordinator's own tables are free, and so are those that are whole everywhere.
    "SELECT (SELECT max(version) FROM data_version), percentile_cont(0.5) WITHIN GROUP (ORDER BY rows) FROM audit_log",
    "UPDATE export_jobs SET state = 'failed' WHERE id = (SELECT id FROM export_jobs FOR UPDATE SKIP LOCKED LIMIT 1)",
    "SELECT s.id FROM schedules AS s LEFT JOIN holders AS h USING (issuer, subject) FOR UPDATE OF s SKIP LOCKED",
    "SELECT a.name FROM agents AS a LEFT JOIN teams AS t ON t.id = a.team_id",
)

REFUSED = {
    "SELECT f.at FROM facts AS f JOIN tickets AS t ON t.id = f.ticket_id": "joins spread rows without organization_id",
    "SELECT f.at FROM facts AS f JOIN tickets AS t ON t.id = f.ticket_id OR t.organization_id = f.organization_id": (
        "joins spread rows without organization_id"
    ),
    "SELECT f.at FROM facts AS f JOIN tickets AS t ON t.organization_id = f.organization_id"
    " JOIN ratings AS r ON r.ticket_id = t.id": "joins spread rows without organization_id",
    "SELECT f.at FROM facts AS f JOIN (SELECT ticket_id, organization_id FROM ratings) AS r USING (ticket_id)": (
        "joins spread rows without organization_id"
    ),
    "WITH r AS (SELECT * FROM ratings) SELECT f.at FROM facts AS f JOIN r USING (ticket_id)": (
        "joins spread rows without organization_id"
    ),
    "SELECT c.name FROM categories AS c LEFT JOIN facts AS f ON f.category_id = c.id": "keeps gathered rows",
    "SELECT c.name FROM facts AS f RIGHT JOIN categories AS c ON f.category_id = c.id": "keeps gathered rows",
    "WITH page AS MATERIALIZED (SELECT * FROM facts LIMIT 5)"
    " SELECT p.* FROM page AS p LEFT JOIN facts AS f USING (organization_id, ticket_id)": "keeps gathered rows",
    "SELECT source, count(*) FROM facts GROUP BY GROUPING SETS ((source), ())": "has GROUPING SETS",
    "SELECT source, count(*) FROM facts GROUP BY ROLLUP (source)": "has GROUPING SETS",
    "WITH f AS (SELECT source, at FROM facts) SELECT source, count(*) FROM f GROUP BY CUBE (source)": (
        "has GROUPING SETS"
    ),
    "SELECT row_number() OVER (ORDER BY at) FROM facts": "has a window",
    "SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) FROM facts": "for a percentile",
    "SELECT jsonb_agg(seconds) FROM facts": "makes JSON",
    "SELECT count(*) FROM generate_series(1, 9) AS n JOIN facts AS f ON f.source = n": "joins a series",
    "SELECT id, (SELECT count(*) FROM facts) FROM organizations": "a subquery among its columns",
    "SELECT id FROM tickets AS t WHERE EXISTS (SELECT 1 FROM facts AS f WHERE f.ticket_id = t.id)": "is correlated off",
    "SELECT id FROM tickets AS t WHERE NOT EXISTS (SELECT 1 FROM staged AS s WHERE s.external_id = t.external_id)": (
        "is correlated off"
    ),
    "SELECT name FROM categories WHERE EXISTS (SELECT 1 FROM facts WHERE category_id = categories.id)": (
        "is correlated off"
    ),
    "SELECT t.id FROM tickets AS t, LATERAL (SELECT at FROM facts AS f WHERE f.ticket_id = t.id) AS l": "laterally",
    "WITH RECURSIVE r AS (SELECT id FROM tickets UNION ALL SELECT id FROM r) SELECT * FROM r": "is recursive",
    "SELECT at FROM facts UNION ALL SELECT created_at FROM tickets": "by a set operation",
    "SELECT count(*) FROM facts WHERE at < now()": "asks the clock",
    "SELECT date_trunc('day', at) FROM facts": "in the session's zone",
    "SELECT at::date FROM facts": "in the session's zone",
    "SELECT extract(hour FROM at) FROM facts": "in the session's zone",
    "SELECT to_char(at, 'YYYY') FROM facts": "in the session's zone",
    "SET TIME ZONE 'Europe/Berlin'": "sets the session's zone",
    "SELECT count(*) FROM facts WHERE team_id = current_setting('deskgraph.scope')::int": "what a session keeps",
    "SELECT id FROM tickets WHERE id = 1 FOR UPDATE": "locks spread rows",
    "UPDATE tickets SET organization_id = 5 WHERE id = 7": "moves rows",
    "DELETE FROM facts AS t USING tickets AS x WHERE x.id = t.ticket_id": "joins spread rows without organization_id",
    "WITH gone AS (DELETE FROM facts RETURNING *) SELECT count(*) FROM gone": "within a CTE",
    "INSERT INTO ratings (ticket_id, score) VALUES (1, 2)": "without organization_id",
    "INSERT INTO ratings (organization_id, ticket_id, score) VALUES (1, 2, 3)"
    " ON CONFLICT (organization_id, ticket_id) DO UPDATE SET score = greatest(ratings.score, 3)": "by ON CONFLICT",
    "INSERT INTO teams (id, name) VALUES (1, 'x') ON CONFLICT (id) DO UPDATE SET name = now()::text": "by ON CONFLICT",
    "COPY (SELECT row_number() OVER () FROM facts) TO STDOUT": "has a window",
    "SELECT * FROM ticket_archive": "not placed",
}


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_keeps_the_law_is_no_breach(sql: str) -> None:
    assert LAW.breaches(sql) == []


@pytest.mark.parametrize(("sql", "told"), REFUSED.items())
def test_a_breach_is_told(sql: str, told: str) -> None:
    found = LAW.breaches(sql)

    assert any(told in one for one in found), found


def test_every_table_of_the_store_is_placed() -> None:
    assert {table.name for table in SQLModel.metadata.tables.values()} | {"alembic_version"} == set(PLACED)


async def test_what_is_sent_is_recorded_with_its_sender_and_a_breach_is_found(ask: Asking, recorded: Recorded) -> None:
    await ask.data("{ report(period: {preset: LAST_30_DAYS}) { summary { csatScore { value } } } }", MANAGER)

    sent = {sender.split(":")[0] for sql, sender in recorded.items() if "deskgraph.rollup_" in sql}
    assert sent
    assert all(one.startswith(("resolvers/", "db/")) for one in sent), sent
    assert breaches({"SELECT at::date FROM facts": "db/x.py:1", "SELECT 1": "db/y.py:2"}) == [
        "db/x.py:1: casts an instant in the session's zone\nSELECT at::date FROM facts"
    ]
