"""`deskgraph migrate --distributed`: what it declares, what it refuses, and that the tables' keys allow it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from db.distributing import _checked, distribute
from db.distribution import COLUMN, PLACED, Placement, declarations
from db.errors import SetupFault
from tests.test_cli import deskgraph

GOLDEN = """\
ALTER TABLE deskgraph.tickets DISABLE ROW LEVEL SECURITY
ALTER TABLE deskgraph.ticket_events DISABLE ROW LEVEL SECURITY
ALTER TABLE deskgraph.ratings DISABLE ROW LEVEL SECURITY
ALTER TABLE deskgraph.facts DISABLE ROW LEVEL SECURITY
SELECT create_reference_table('deskgraph.organizations')
SELECT create_reference_table('deskgraph.teams')
SELECT create_reference_table('deskgraph.categories')
SELECT create_reference_table('deskgraph.tags')
SELECT create_reference_table('deskgraph.agents')
SELECT create_distributed_table('deskgraph.tickets', 'organization_id', colocate_with => 'none')
SELECT create_distributed_table('deskgraph.ticket_events', 'organization_id', colocate_with => 'deskgraph.tickets')
SELECT create_distributed_table('deskgraph.ratings', 'organization_id', colocate_with => 'deskgraph.tickets')
SELECT create_distributed_table('deskgraph.facts', 'organization_id', colocate_with => 'deskgraph.tickets')"""

FAULTS = {
    "a key without the organization": """
        SELECT c.relname || '.' || x.indexrelid::regclass FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid
        WHERE c.relnamespace = 'deskgraph'::regnamespace AND c.relname = ANY ($1::text[])
        AND (x.indisunique OR x.indisexclusion)
        AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (x.indkey::int2[])
            AND a.attname = $3::text) AND cardinality($2::text[]) >= 0""",
    "no organization, or one that may be unset": """
        SELECT t FROM unnest($1::text[]) t WHERE NOT EXISTS (SELECT FROM pg_attribute a
            WHERE a.attrelid = ('deskgraph.' || t)::regclass AND a.attname = $3::text AND a.attnotnull)
        AND cardinality($2::text[]) >= 0""",
    "a foreign key to what lies elsewhere": """
        SELECT c.conrelid::regclass || '.' || c.conname FROM pg_constraint c
        JOIN pg_class own ON own.oid = c.conrelid JOIN pg_class other ON other.oid = c.confrelid
        WHERE c.contype = 'f' AND own.relnamespace = 'deskgraph'::regnamespace AND NOT CASE
            WHEN own.relname = ANY ($1::text[]) THEN other.relname = ANY ($2::text[])
                OR other.relname = ANY ($1::text[]) AND EXISTS (SELECT FROM pg_attribute a
                    WHERE a.attrelid = own.oid AND a.attnum = ANY (c.conkey) AND a.attname = $3::text)
            WHEN own.relname = ANY ($2::text[]) THEN other.relname = ANY ($2::text[])
            ELSE NOT other.relname = ANY ($1::text[]) END""",
    "a trigger": """
        SELECT c.relname || '.' || t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'deskgraph'::regnamespace AND NOT t.tgisinternal
        AND c.relname = ANY ($1::text[] || $2::text[]) AND $3::text <> ''""",
    "a generated or an inherited column": """
        SELECT c.relname || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE c.relnamespace = 'deskgraph'::regnamespace AND c.relname = ANY ($1::text[] || $2::text[]) AND a.attnum > 0
        AND (a.attgenerated <> '' OR a.attinhcount > 0 AND NOT c.relispartition) AND $3::text <> ''""",
}
"""What a distributed ($1) or a reference table ($2) may not have; $3 is the column of the distribution."""

BREACHES = {
    "a key without the organization": "CREATE UNIQUE INDEX ON deskgraph.tickets (external_id)",
    "no organization, or one that may be unset": "ALTER TABLE deskgraph.facts ADD COLUMN x int;"
    " ALTER TABLE deskgraph.facts DROP COLUMN organization_id CASCADE",
    "a foreign key to what lies elsewhere": "ALTER TABLE deskgraph.import_runs ADD UNIQUE (id);"
    " ALTER TABLE deskgraph.tickets ADD FOREIGN KEY (import_run_id) REFERENCES deskgraph.import_runs (id)",
    "a trigger": "CREATE FUNCTION deskgraph.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
    " CREATE TRIGGER t BEFORE INSERT ON deskgraph.teams FOR EACH ROW EXECUTE FUNCTION deskgraph.f()",
    "a generated or an inherited column": "ALTER TABLE deskgraph.ratings"
    " ADD COLUMN good boolean GENERATED ALWAYS AS (score > 3) STORED",
}


def placed(placement: Placement) -> list[str]:
    """The tables that lie so."""
    return [table for table, other in PLACED.items() if other is placement]


async def faults(dsn: str) -> Mapping[str, list[str]]:
    """What keeps tables from being placed, by kind."""
    connection = await asyncpg.connect(dsn)
    try:
        given = (placed(Placement.DISTRIBUTED), placed(Placement.REFERENCE), COLUMN)
        return {kind: [row[0] for row in await connection.fetch(sql, *given)] for kind, sql in FAULTS.items()}
    finally:
        await connection.close()


async def test_no_key_no_trigger_and_no_column_keeps_a_table_from_being_placed(migrated: str, database: str) -> None:
    assert await faults(database) == {kind: [] for kind in FAULTS}


@pytest.mark.parametrize("kind", BREACHES)
async def test_what_would_keep_a_table_from_it_is_found(kind: str, database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(BREACHES[kind])
    finally:
        await connection.close()

    assert (await faults(database))[kind]


def test_what_is_declared_is_what_was_decided() -> None:
    assert "\n".join(declarations({})) == GOLDEN


def test_what_is_placed_already_is_not_placed_again() -> None:
    declared = {table: placement for table, placement in PLACED.items() if placement is not Placement.LOCAL}
    del declared["ratings"], declared["tags"]

    assert list(declarations(declared)) == [
        "ALTER TABLE deskgraph.ratings DISABLE ROW LEVEL SECURITY",
        "SELECT create_reference_table('deskgraph.tags')",
        "SELECT create_distributed_table('deskgraph.ratings', 'organization_id', colocate_with => 'deskgraph.tickets')",
    ]


async def shape(dsn: str) -> list[tuple[str, ...]]:
    """All that is in a database, and who may do what."""
    connection = await asyncpg.connect(dsn)
    try:
        rows = await connection.fetch(
            "SELECT relname::text, relkind::text, relrowsecurity::text, coalesce(relacl::text, '') FROM pg_class"
            " JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname NOT LIKE 'pg\\_%' ORDER BY 1, 2"
        )
        return [tuple(row) for row in rows]
    finally:
        await connection.close()


@pytest.mark.parametrize("walls", ["both", "statement"])
async def test_without_citus_it_says_what_to_do_and_changes_nothing(walls: str, database: str, tmp_path: Path) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("DROP SCHEMA deskgraph CASCADE")
    await connection.close()
    before = await shape(database)

    done = deskgraph("migrate", "--distributed", dsn=database, cwd=tmp_path, DESKGRAPH_DATABASE_WALLS=walls)

    assert done.returncode == 1
    assert "has no Citus" in done.stderr
    assert "CREATE EXTENSION citus" in done.stderr
    assert "Traceback" not in done.stderr
    assert await shape(database) == before


@pytest.mark.parametrize(
    "row",
    [("facts", "distributed", "ticket_id"), ("facts", "reference", None), ("agents", "distributed", "organization_id")],
)
def test_a_table_that_lies_otherwise_than_it_has_to_is_refused_with_what_to_run(row: Any) -> None:
    with pytest.raises(SetupFault, match=rf"SELECT undistribute_table\('deskgraph.{row[0]}'\)"):
        _checked([row])


_CITUS = """
    CREATE VIEW citus_tables AS SELECT NULL::regclass AS table_name, '' AS citus_table_type, '' AS distribution_column;
    CREATE FUNCTION create_reference_table(regclass) RETURNS void LANGUAGE sql AS '';
    CREATE FUNCTION create_distributed_table(t regclass, c text, colocate_with text) RETURNS void LANGUAGE plpgsql
        AS $$ BEGIN IF t = 'deskgraph.ratings'::regclass THEN RAISE 'no room'; END IF; END $$"""
"""What is said to Citus is heard, and the last but one of it refused."""


async def test_where_one_table_is_refused_none_is_changed(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(_CITUS)
        before = await shape(database)

        with pytest.raises(SetupFault, match=r"Nothing was changed, because Citus refuses .*ratings.*no room"):
            await distribute(database)

        assert await shape(database) == before
    finally:
        await connection.close()


def test_what_lies_as_it_has_to_is_known_and_what_is_local_is_not_spoken_of() -> None:
    rows: Any = [("facts", "distributed", "organization_id"), ("agents", "reference", None), ("holders", "local", None)]

    assert _checked(rows) == {"facts": Placement.DISTRIBUTED, "agents": Placement.REFERENCE}
