"""The second wall, with the first taken away: statements without a scope, and the reading roles' rights."""

from __future__ import annotations

import asyncio
import re
import secrets
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from db import embedded, export_tables, grants, migrate, schedule_tables, sync_tables  # noqa: F401  registers its tables
from db.access import Realm, Role, Viewer
from db.catalog.flows import TICKETS_CREATED
from db.catalog.times import AVG_RESOLUTION_TIME
from db.compile import compile_query
from db.compile_tickets import compile_tickets
from db.domain import Clock
from db.engine import Engine, PoolSettings
from db.errors import SetupFault, Unavailable
from db.models import SCHEMA, SQLModel
from db.periods import Window
from db.query import EVERYTHING, AggregateQuery, Attribution, BoundFilter, Dimension, TimeAxis
from db.revision import check
from db.rollups import tables  # noqa: F401  registers its tables
from db.rollups.reading import FromFacts
from db.statement import Statement
from db.tickets import Extra, Sort, SortKey, TicketQuery
from db.walls import INTAKE, KEEPER, READER, READER_OF_ALL, RECORDER, WORKER, Walls, opening
from tests.conftest import MANAGER, ROOT, VIEWERS, Asking, asking, dsn_of, new_database

SCOPED = [Role.TEAM_LEAD, Role.AGENT, Role.CLIENT]
OWN = {
    Role.TEAM_LEAD: "team_id = (SELECT id FROM deskgraph.teams WHERE external_id = 'billing')",
    Role.AGENT: "agent_id = (SELECT id FROM deskgraph.agents WHERE external_id = 'A-07')",
    Role.CLIENT: "organization_id = (SELECT id FROM deskgraph.organizations WHERE external_id = 'O-001')",
}
"""What is a role's own, of the facts, written by hand."""
TICKET_KEYS = {"tickets": "id", "ticket_events": "ticket_id", "ratings": "ticket_id"}
TABLES = [*sorted(table.name for table in SQLModel.metadata.tables.values()), "alembic_version"]
SERVING = (READER, READER_OF_ALL, RECORDER, KEEPER, WORKER)
ROLES = (*SERVING, INTAKE)
SINCE, UNTIL = datetime(2024, 10, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)


def everything() -> dict[str, Any]:
    """The slice of somebody who sees all: what a compiler that forgets the scope writes."""
    return {
        "scope": MANAGER.scope.bound({}),
        "condition": BoundFilter(EVERYTHING, {}),
        "attribution": Attribution.EVENT,
        "clock": Clock.CALENDAR,
        "zone": ZoneInfo("UTC"),
        "as_of": UNTIL,
    }


def numbers(*dimensions: Dimension) -> Statement:
    """Counts and a histogram by dimensions, of everybody."""
    window = Window(SINCE, UNTIL)
    partials = (*TICKETS_CREATED.partials, *AVG_RESOLUTION_TIME.partials)
    axis = TimeAxis((SINCE, UNTIL), (window,))
    return compile_query(
        AggregateQuery(**everything(), dimensions=dimensions, axis=axis, partials=partials), FromFacts()
    )


def page(first: int) -> Statement:
    """A page of tickets, of everybody, with all that a node may show."""
    return compile_tickets(
        TicketQuery(
            **everything(),
            counted=TICKETS_CREATED.partials[0],
            window=Window(SINCE, UNTIL),
            group=(),
            sorts=(Sort(SortKey.AT, descending=True),),
            extras=frozenset(Extra),
            first=first,
            after=None,
        )
    )


@asynccontextmanager
async def engine_of(dsn: str, walls: Walls = Walls.BOTH) -> AsyncIterator[Engine]:
    """An engine over a database."""
    engine = Engine(dsn, PoolSettings(statement_timeout_ms=120_000, walls=walls))
    try:
        yield engine
    finally:
        await engine.close()


async def seen(dsn: str, viewer: Viewer | None, statement: Statement) -> Sequence[Any]:
    """What a statement brings to a viewer behind the second wall."""
    async with engine_of(dsn) as engine, engine.snapshot(viewer.scope if viewer else None) as snapshot:
        return await snapshot.fetch(statement)


async def known(dsn: str, sql: str) -> Any:
    """What the owner knows."""
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


@contextmanager
def refused(*errors: type[Exception]) -> Iterator[None]:
    """The database refuses."""
    with pytest.raises(errors or asyncpg.InsufficientPrivilegeError):
        yield


# --- the rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SCOPED)
async def test_without_the_statements_scope_numbers_are_still_of_the_viewers_own_rows(
    role: Role, demo_database: str
) -> None:
    rows = await seen(demo_database, VIEWERS[role], numbers())
    own = f"FROM deskgraph.facts WHERE source = 1 AND {OWN[role]}"

    assert rows[0]["p1"] == await known(demo_database, f"SELECT count(*) {own}")
    assert 0 < rows[0]["p1"] < await known(demo_database, "SELECT count(*) FROM deskgraph.facts WHERE source = 1")


@pytest.mark.parametrize("role", SCOPED)
async def test_without_the_statements_scope_groups_are_still_the_viewers_own(role: Role, demo_database: str) -> None:
    dimension, column = {
        Role.TEAM_LEAD: (Dimension.TEAM, "team_id"),
        Role.AGENT: (Dimension.AGENT, "agent_id"),
        Role.CLIENT: (Dimension.ORGANIZATION, "organization_id"),
    }[role]

    rows = await seen(demo_database, VIEWERS[role], numbers(dimension))

    assert {row["k1"] for row in rows} == {
        await known(demo_database, f"SELECT DISTINCT {column} FROM deskgraph.facts WHERE {OWN[role]}")
    }


@pytest.mark.parametrize("role", SCOPED)
async def test_without_the_statements_scope_a_page_of_tickets_is_still_the_viewers_own(
    role: Role, demo_database: str
) -> None:
    rows = await seen(demo_database, VIEWERS[role], page(50))

    found = {row["ticket_id"] for row in rows}
    own = await known(
        demo_database, f"SELECT array_agg(ticket_id) FROM deskgraph.facts WHERE source = 1 AND {OWN[role]}"
    )
    assert found <= set(own)
    assert len(found) == 51
    assert rows[0]["total"] == len(own)
    assert all(row["external_id"] and row["subject"] for row in rows)


@pytest.mark.parametrize("role", SCOPED)
async def test_every_walled_table_shows_a_role_its_own_rows_and_no_other(role: Role, demo_database: str) -> None:
    own = await known(demo_database, f"SELECT count(*) FROM deskgraph.facts WHERE {OWN[role]}")
    assert await counted(demo_database, VIEWERS[role], "facts") == own > 0

    for table, key in TICKET_KEYS.items():
        own = await known(
            demo_database,
            f"SELECT count(*) FROM deskgraph.{table} WHERE {key} IN"
            f" (SELECT ticket_id FROM deskgraph.facts WHERE {OWN[role]})",
        )
        everyones = await known(demo_database, f"SELECT count(*) FROM deskgraph.{table}")
        assert await counted(demo_database, VIEWERS[role], table) == own
        assert 0 < own < everyones


async def counted(dsn: str, viewer: Viewer | None, table: str) -> int:
    """How many rows of a table a viewer sees, also of one that no report reads: it is granted and taken back."""
    _, _, becoming = opening(viewer.scope if viewer else None, Walls.BOTH).partition("; ")
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"BEGIN; GRANT SELECT ON deskgraph.{table} TO {READER}, {READER_OF_ALL}; {becoming}")
        return int(await connection.fetchval(f"SELECT count(*) FROM deskgraph.{table}"))
    finally:
        await connection.execute("ROLLBACK")
        await connection.close()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MANAGER, Role.ANALYST])
async def test_those_who_see_everything_see_every_row(role: Role, demo_database: str) -> None:
    for table in ("facts", *TICKET_KEYS):
        everyones = await known(demo_database, f"SELECT count(*) FROM deskgraph.{table}")
        assert await counted(demo_database, VIEWERS[role], table) == everyones > 0


async def test_a_transaction_without_a_scope_sees_no_row(demo_database: str) -> None:
    for table in ("facts", *TICKET_KEYS):
        assert await counted(demo_database, None, table) == 0


EAGER = """SET enable_seqscan = off; SET plan_cache_mode = force_custom_plan;
    SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET max_parallel_workers_per_gather = 1;
    SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0"""
"""The planner takes an index and workers wherever it may."""


async def plan_of(dsn: str, viewer: Viewer, walls: Walls, statement: Statement) -> str:
    """How a statement is carried out for a viewer."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"{EAGER}; {opening(viewer.scope, walls)}")
        rows = await connection.fetch(f"EXPLAIN (COSTS OFF) {statement.sql}", *statement.arguments)
        return "\n".join(row[0] for row in rows)
    finally:
        await connection.close()


@pytest.mark.parametrize("role", SCOPED)
async def test_behind_the_wall_indexes_and_workers_are_still_used(role: Role, demo_database: str) -> None:
    plan = await plan_of(demo_database, VIEWERS[role], Walls.BOTH, numbers())

    assert "facts_by_source_and_instant" in plan
    assert re.search(r"Index Cond: .*source = .*at >= .*at < ", plan)
    assert "Gather" in plan
    assert "Seq Scan on facts" not in plan


async def test_those_who_see_everything_have_the_plans_they_had(demo_database: str) -> None:
    for statement in (numbers(), numbers(Dimension.TEAM, Dimension.PRIORITY), page(50)):
        one, both = [await plan_of(demo_database, MANAGER, walls, statement) for walls in reversed(Walls)]
        assert both == one


@pytest.mark.parametrize("role", Role)
async def test_the_reports_of_all_tests_are_read_behind_both_walls(role: Role, ask: Asking) -> None:
    who = Statement("SELECT current_user::text AS role, row_security_active('deskgraph.facts') AS walled")
    viewer = VIEWERS[role]

    async with ask.gateway.engine.snapshot(viewer.scope) as snapshot:
        rows = await snapshot.fetch(who)

    assert rows[0]["walled"]
    assert rows[0]["role"] == (READER_OF_ALL if viewer.realm is Realm.ALL else READER)


async def test_a_connection_that_served_one_viewer_shows_the_next_nothing_of_it(demo_database: str) -> None:
    count = Statement("SELECT count(*) AS n FROM deskgraph.facts")
    engine = Engine(demo_database, PoolSettings(connections=1))
    found = []
    for viewer in (VIEWERS[Role.MANAGER], None, VIEWERS[Role.CLIENT], None, VIEWERS[Role.AGENT], None):
        async with engine.snapshot(viewer.scope if viewer else None) as snapshot:
            found.append((await snapshot.fetch(count))[0]["n"])
    await engine.close()

    assert found[1::2] == [0, 0, 0]
    assert found[0] > found[2] > 0
    assert found[0] > found[4] > 0


_LEFT_BEHIND = """
    SELECT current_user::text AS role, pg_backend_pid() AS pid,
        (SELECT count(*) FROM pg_listening_channels()) AS listens,
        (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') AS locks,
        (SELECT count(*) FROM pg_cursors) AS cursors, current_setting('deskgraph.scope', true) AS scope,
        current_setting('deskgraph.holder', true) AS holder, (SELECT array_agg(name || '=' || setting ORDER BY name)
        FROM pg_settings WHERE source = 'session' AND name <> 'transaction_read_only') AS set
"""


class Ended(Exception):
    """What ends a transaction in the middle."""


async def test_whatever_ends_its_use_a_connection_is_given_back_as_it_was(database: str) -> None:
    """Nothing but the transaction's end frees it from what was set: the pool does nothing."""
    engine = Engine(database, PoolSettings(connections=1))
    viewer = VIEWERS[Role.CLIENT]

    async def state() -> dict[str, Any]:
        async with engine._connection("anybody") as connection:
            return dict(await connection.fetchrow(_LEFT_BEHIND) or {})

    async def use(way: str, end: str) -> None:
        opened = {"snapshot": engine.snapshot(viewer.scope), "keeping": engine.keeping(viewer, lambda *_: None)}
        async with opened.get(way) or engine.working() as snapshot:
            for keeps in (False, True, False):
                await snapshot.fetch(Statement("SELECT 1", planned_once=keeps))
            if end == "fault":
                raise Ended
            if end == "refused":
                await snapshot.fetch(Statement("SELECT 1 / 0"))
            if end == "cancelled":
                await snapshot.fetch(Statement("SELECT pg_sleep(60)"))
            if end == "streaming":
                async for _ in snapshot.stream(Statement("SELECT generate_series(1, 1000)"), 10):
                    break

    before = await state()
    for way in ("snapshot", "keeping", "working"):
        for end in ("well", "fault", "refused", "cancelled", "streaming"):
            task = asyncio.create_task(use(way, end))
            if end == "cancelled":
                await asyncio.sleep(0.3)
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            after = await state()
            # A setting that was never there is empty once it was.
            assert {**after, "scope": after["scope"] or None, "holder": after["holder"] or None} == before, (way, end)
    await engine.close()


@pytest.mark.parametrize(
    "name", ["x' OR '1'='1", "x'; RESET ROLE; --", "back\\slash", "\\'; RESET ROLE; --", '"]}', "Grüße 🎉", "\n\t\x7f"]
)
async def test_an_id_is_taken_by_its_letters_whatever_they_are(name: str, database: str) -> None:
    connection = await asyncpg.connect(database)
    await connection.execute("INSERT INTO deskgraph.organizations (id, external_id, name) VALUES (7, $1, 'x')", name)
    await connection.close()
    ask = Statement("SELECT current_user::text AS who, deskgraph.scope_ids('organization') AS ids")

    rows = await seen(database, Viewer("c", Role.CLIENT, organization=name), ask)

    assert (rows[0]["who"], rows[0]["ids"]) == (READER, [7])


def test_a_scope_that_is_not_everything_never_opens_as_the_role_that_sees_everything() -> None:
    for viewer in VIEWERS.values():
        sees_all = viewer.scope.realm is Realm.ALL
        assert (READER_OF_ALL in opening(viewer.scope, Walls.BOTH)) is sees_all


# --- the rights -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Login:
    """A login of the server's own, as docs/security.md says to make it."""

    dsn: str
    owner: str


@pytest.fixture(scope="module")
async def login(server: str, migrated: str) -> AsyncIterator[Login]:
    """A login that is a member of the reading roles and nothing else, in a migrated database."""
    name, password = f"test_{secrets.token_hex(6)}", secrets.token_hex(16)
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        owner = await asyncpg.connect(dsn)
        await owner.execute(f"CREATE ROLE {name} LOGIN NOINHERIT PASSWORD '{password}'")
        await owner.execute(f"GRANT {', '.join(ROLES)} TO {name}")
        parts = urlsplit(dsn)
        netloc = f"{name}:{password}@{parts.netloc.rpartition('@')[2]}"
        try:
            yield Login(urlunsplit(parts._replace(netloc=netloc)), dsn)
        finally:
            await owner.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
            await owner.close()


@asynccontextmanager
async def as_role(login: Login, role: str) -> AsyncIterator[asyncpg.Connection[asyncpg.Record]]:
    """A connection of the login that has taken on a role, in a transaction that could write."""
    connection = await asyncpg.connect(login.dsn)
    try:
        async with connection.transaction():
            await connection.execute(f"SET LOCAL ROLE {role}")
            yield connection
    finally:
        await connection.close()


def granted(table: str, role: str) -> str:
    """What is listed for a role."""
    if role == INTAKE:
        return grants.OF_INTAKE.get(table, "")
    if table == "audit_log":
        return grants.OF_AUDIT_LOG.get(role, "")
    if table in grants.OF_EVERYTHING:
        return "SELECT" if role == READER_OF_ALL else ""
    if role == WORKER:
        return grants.OF_WORK.get(table, "")
    if table in grants.OF_HOLDERS:
        return grants.OF_HOLDERS[table] if role == KEEPER else ""
    return "" if role in (RECORDER, KEEPER) else grants.GRANTED.get(table, "")


WRITES = ("INSERT INTO {} DEFAULT VALUES", "UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {}")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", TABLES)
async def test_the_servers_roles_write_what_is_listed_and_nothing_else(table: str, role: str, login: Login) -> None:
    column = await known(
        login.owner,
        f"SELECT attname FROM pg_attribute WHERE attrelid = 'deskgraph.{table}'::regclass AND attnum = 1",
    )
    for write in WRITES:
        if write.split()[0] in granted(table, role):
            continue
        with refused():
            async with as_role(login, role) as connection:
                await connection.execute(write.format(f"{SCHEMA}.{table}", column))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("table", TABLES)
async def test_the_servers_roles_read_what_is_listed_and_nothing_else(table: str, role: str, login: Login) -> None:
    first = f"SELECT attname FROM pg_attribute WHERE attrelid = 'deskgraph.{table}'::regclass AND attnum = 1"
    columns = await known(login.owner, first) if "(" in granted(table, role) else "*"
    async with as_role(login, role) as connection:
        if "SELECT" in granted(table, role):
            await connection.fetch(f"SELECT {columns} FROM {SCHEMA}.{table}")
        else:
            with refused():
                await connection.fetch(f"SELECT 1 FROM {SCHEMA}.{table}")


async def test_what_is_secret_is_not_listed(login: Login) -> None:
    assert not {"import_runs", "api_keys"} & set(grants.GRANTED)
    with refused():
        async with as_role(login, READER) as connection:
            await connection.fetch("SELECT email FROM deskgraph.agents")


async def test_a_table_that_comes_later_is_closed_until_it_is_listed(server: str, migrated: str) -> None:
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        owner = await asyncpg.connect(dsn)
        await owner.execute(
            "CREATE TABLE deskgraph.later (id int); GRANT SELECT ON deskgraph.later TO PUBLIC;"
            " CREATE FUNCTION deskgraph.later() RETURNS int LANGUAGE sql AS 'SELECT 1'"
        )
        await migrate.upgrade(dsn)
        await owner.execute(f"SET ROLE {READER}")
        for sql in ("SELECT * FROM deskgraph.later", "SELECT deskgraph.later()"):
            with refused():
                await owner.execute(sql)
        await owner.close()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE deskgraph.own (id int)",
        "CREATE TABLE public.own (id int)",
        "CREATE VIEW deskgraph.own AS SELECT 1",
        "CREATE FUNCTION deskgraph.own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE SCHEMA own",
        "CREATE ROLE own",
        "ALTER TABLE deskgraph.facts DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE deskgraph.facts ADD COLUMN own int",
        "CREATE POLICY own ON deskgraph.facts USING (true)",
        "DROP POLICY scope_self ON deskgraph.facts",
        "CREATE INDEX ON deskgraph.facts (at)",
        "DROP TABLE deskgraph.facts",
        "SELECT pg_read_file('postgresql.conf')",
        "COPY deskgraph.teams TO PROGRAM 'cat'",
    ],
)
async def test_the_servers_roles_can_make_and_change_nothing(sql: str, role: str, login: Login) -> None:
    with refused():
        async with as_role(login, role) as connection:
            await connection.execute(sql)


@pytest.mark.parametrize("role", SERVING)
async def test_who_serves_takes_no_ids(role: str, login: Login) -> None:
    with refused():
        async with as_role(login, role) as connection:
            await connection.execute("SELECT nextval('deskgraph.ticket_ids')")


async def test_a_login_of_its_own_can_become_the_readers_and_nobody_else(login: Login) -> None:
    owner = await known(login.owner, "SELECT current_user::text")
    connection = await asyncpg.connect(login.dsn)
    with refused():
        await connection.execute(f"SET ROLE {owner}")
    with refused():  # by itself it can do nothing, without taking on a role
        await connection.fetch("SELECT * FROM deskgraph.facts")
    await connection.close()


async def test_reports_are_the_same_through_a_login_of_its_own(server: str, demo_database: str, login: Login) -> None:
    document = '{ report(period: {since: "2026-03-01", until: "2026-04-01"}) { metrics { ticketsCreated { value } } } }'
    through = dsn_of(login.dsn, demo_database.rsplit("/", 1)[1])
    for viewer in VIEWERS.values():
        if viewer.role is Role.CLIENT:  # who asks through the stored documents alone
            continue
        async with asking(demo_database) as as_owner, asking(through) as as_login:
            assert await as_login.data(document, viewer) == await as_owner.data(document, viewer)


async def test_the_readers_log_in_nowhere_and_pass_no_wall(login: Login) -> None:
    for role in ROLES:
        about = await known(
            login.owner,
            "SELECT (rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb)::text FROM pg_roles"
            f" WHERE rolname = '{role}'",
        )
        assert about == "(f,f,f,f,f)"


async def test_every_table_that_holds_rows_of_tickets_is_walled(login: Login) -> None:
    """By the models: whatever has the organization in its key, and sums over one holder's rows."""
    kept = {
        table.name
        for table in SQLModel.metadata.tables.values()
        if "organization_id" in table.columns or {"team_id", "agent_id"} <= set(table.columns.keys())
    }

    walled = await known(
        login.owner,
        "SELECT array_agg(relname::text) FROM pg_class"
        " WHERE relnamespace = 'deskgraph'::regnamespace AND relrowsecurity",
    )

    assert set(walled) == kept | set(grants.OF_HOLDERS)


async def test_the_keeper_changes_of_a_report_nothing_that_says_whose_it_is(login: Login) -> None:
    for column in ("id", "issuer", "subject", "created_at"):
        with refused():
            async with as_role(login, KEEPER) as connection:
                await connection.execute(f"UPDATE deskgraph.saved_reports SET {column} = {column}")


@pytest.mark.parametrize(
    ("missing", "word"), [(RECORDER, "audit log"), (KEEPER, "saved reports"), (WORKER, "exports that wait")]
)
async def test_a_login_that_may_not_write_what_the_server_writes_is_told_what_to_run(
    missing: str, word: str, login: Login
) -> None:
    owner, name = await asyncpg.connect(login.owner), urlsplit(login.dsn).username
    await owner.execute(f"REVOKE {missing} FROM {name}")
    try:
        async with engine_of(login.dsn) as engine:
            with pytest.raises(SetupFault, match=rf"{word}.* GRANT {missing} TO"):
                await check(engine)
    finally:
        await owner.execute(f"GRANT {missing} TO {name}")
        await owner.close()


# --- set-up -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def poor_owner(server: str, template: str | None = None) -> AsyncIterator[str]:
    """The DSN of a new database whose owner may create no role."""
    name, password = f"test_{secrets.token_hex(6)}", secrets.token_hex(16)
    async with new_database(server, template) as dsn:
        admin = await asyncpg.connect(dsn)
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{password}'")
        await admin.execute(f"GRANT CREATE ON DATABASE {dsn.rsplit('/', 1)[1]} TO {name}")
        parts = urlsplit(dsn)
        netloc = f"{name}:{password}@{parts.netloc.rpartition('@')[2]}"
        try:
            yield urlunsplit(parts._replace(netloc=netloc))
        finally:
            await admin.execute(f"DROP OWNED BY {name}; DROP ROLE {name}")
            await admin.close()


async def test_an_owner_who_may_not_make_the_roles_is_told_what_to_run_and_it_helps(server: str, migrated: str) -> None:
    async with poor_owner(server) as dsn:
        with pytest.raises(SetupFault) as fault:
            await migrate.upgrade(dsn)
        by_hand = [line for line in fault.value.message.splitlines() if line.startswith("    ")]
        admin = await asyncpg.connect(dsn_of(server, dsn.rsplit("/", 1)[1]))
        await admin.execute("\n".join(by_hand))
        await admin.close()

        await migrate.upgrade(dsn)

        async with engine_of(dsn) as engine:
            await check(engine)
    assert "DESKGRAPH_DATABASE_WALLS=statement" in fault.value.message
    assert len(by_hand) == 1  # the roles stand already; only the membership is missing


async def test_an_owner_without_the_second_wall_reads_with_the_first_alone(server: str, migrated: str) -> None:
    async with poor_owner(server) as dsn:
        await migrate.upgrade(dsn, walls=Walls.STATEMENT)

        async with engine_of(dsn, Walls.STATEMENT) as engine:
            await check(engine)
        async with engine_of(dsn) as engine:
            with refused(Unavailable):
                await check(engine)


async def test_a_wall_that_is_not_where_the_settings_say_is_told_of(login: Login, server: str, migrated: str) -> None:
    reader = await asyncpg.connect(login.owner)
    name = urlsplit(login.dsn).username
    await reader.execute(
        f"GRANT USAGE ON SCHEMA deskgraph TO {name}; GRANT SELECT ON deskgraph.alembic_version TO {name}"
    )
    await reader.close()
    async with engine_of(login.dsn, Walls.STATEMENT) as engine:
        with pytest.raises(SetupFault, match="would show it no row"):
            await check(engine)
    async with new_database(server, template=migrated.rsplit("/", 1)[1]) as dsn:
        owner = await asyncpg.connect(dsn)
        await owner.execute("ALTER TABLE deskgraph.facts DISABLE ROW LEVEL SECURITY")
        await owner.close()
        async with engine_of(dsn) as engine:
            with pytest.raises(SetupFault, match=r"docs/security\.md"):
                await check(engine)


MIGRATE = "import asyncio, sys; from db import migrate; asyncio.run(migrate.upgrade(sys.argv[1]))"


async def test_databases_of_one_new_cluster_are_migrated_at_once_and_again(tmp_path: Path) -> None:
    """Roles belong to the cluster: each migration makes those that are missing, and one of them comes first."""
    with embedded.start(tmp_path / "data") as running:
        server = running.server.dsn
        async with new_database(server) as one, new_database(server) as two, new_database(server) as three:
            at_once = [
                await asyncio.create_subprocess_exec(sys.executable, "-c", MIGRATE, dsn, cwd=ROOT)
                for dsn in (one, two, three)
            ]
            assert [await process.wait() for process in at_once] == [0, 0, 0]
            await migrate.upgrade(one)
            await migrate.downgrade(two, "0001")
            await migrate.upgrade(two, "0001")  # of what is listed, what is there is granted
            await migrate.upgrade(two)

            for dsn in (one, two, three):
                async with engine_of(dsn) as engine:
                    await check(engine)


async def test_an_embedded_servers_login_is_new_each_time(tmp_path: Path) -> None:
    with embedded.start(tmp_path / "data") as running:
        await migrate.upgrade(running.server.dsn)
        first = await grants.give_login(running.server.dsn)
        second = await grants.give_login(running.server.dsn)

        async with engine_of(second) as engine:
            await check(engine)
        with refused(asyncpg.InvalidPasswordError):
            await asyncpg.connect(first)
        with refused():
            await known(second, "SELECT version FROM deskgraph.data_version")


async def test_in_a_new_cluster_an_owner_who_may_create_roles_needs_nobody_else(tmp_path: Path) -> None:
    with embedded.start(tmp_path / "data") as running:
        admin = await asyncpg.connect(running.server.dsn)
        for name, right in (("poor", "NOCREATEROLE"), ("able", "CREATEROLE")):
            await admin.execute(f"CREATE ROLE {name} LOGIN {right} PASSWORD '{name}'")
            await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
        await admin.close()
        at = running.server.dsn.rpartition("@")[2].rpartition("/")[0]

        with pytest.raises(SetupFault, match=f"CREATE ROLE {READER} NOLOGIN") as fault:
            await migrate.upgrade(f"postgresql://poor:poor@{at}/poor")
        await migrate.upgrade(f"postgresql://able:able@{at}/able")

        assert f"GRANT {', '.join(ROLES)} TO poor;" in fault.value.message
        async with engine_of(f"postgresql://able:able@{at}/able") as engine:
            await check(engine)
