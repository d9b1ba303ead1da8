"""The store's slow statements, as the real extension counts them where the server has it, as Debian's does; elsewhere
it is told what is missing."""

from __future__ import annotations

import re

import asyncpg
import pytest

from commands.doctor.findings import Finding, Grade
from commands.doctor.statement_times import kind_of, of_statement_times, slow_ms, without_values
from db.examination import examine
from db.statement_times import Counting, SlowStatement, StatementTimes
from settings import Settings
from tests.conftest import MANAGER, asking
from tests.db.sync.logins import login_of
from tests.rest_compat.desk import NOW

SLOW = "/* of maria */ SELECT pg_sleep(0.03), {} FROM {} WHERE 'of somebody' <> 'else'"

ASKED = """{ report(period: {preset: LAST_90_DAYS}) {
    summary { openTickets { value } } trends { volume { created } categories { points } }
} }"""


async def looked(dsn: str, slow_ms: int = 20) -> StatementTimes:
    """What is found, without a look at the store."""
    return (await examine(dsn, None, slow_ms)).times


async def told(dsn: str, slow_ms: int = 20) -> list[Finding]:
    """What is said of it."""
    return list(of_statement_times(await looked(dsn, slow_ms), slow_ms))


@pytest.fixture
async def counted(desk_database: str) -> str:
    """A database whose server counts statements; tests that need it are skipped where it does not."""
    owner = await asyncpg.connect(desk_database)
    try:
        if "pg_stat_statements" not in await owner.fetchval("SHOW shared_preload_libraries"):
            pytest.skip("this server does not load pg_stat_statements; Debian's does in `make test-debian`")
        await owner.execute('CREATE SCHEMA "Counted here"; CREATE EXTENSION pg_stat_statements SCHEMA "Counted here"')
        await owner.execute('SELECT "Counted here".pg_stat_statements_reset()')
    finally:
        await owner.close()
    return desk_database


async def test_without_the_extension_it_is_told_how_to_get_it_and_where_slow_statements_are_meanwhile(
    database: str,
) -> None:
    owner = await asyncpg.connect(database)
    try:
        loads = "pg_stat_statements" in await owner.fetchval("SHOW shared_preload_libraries")
        ships = await owner.fetchval("SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_stat_statements'")
        bare, old = await told(database), "VERSION '1.7'"
        if ships:
            await owner.execute(f"CREATE EXTENSION pg_stat_statements {old if loads else ''}")
        made = await looked(database)
    finally:
        await owner.close()

    (one,) = bare
    assert one.grade is Grade.UNKNOWN
    assert "`deskgraph.slow`" in one.remedy
    assert ("CREATE EXTENSION" in one.remedy) is bool(ships)
    expected = {(0, False): Counting.NOT_SHIPPED, (1, False): Counting.NOT_LOADED, (1, True): Counting.OUTDATED}
    assert made.counting is expected[ships, loads]


async def test_what_was_slow_lately_of_the_store_is_told_by_its_kind_and_its_text_without_a_value(
    counted: str, server: str
) -> None:
    owner, elsewhere = await asyncpg.connect(counted), await asyncpg.connect(server)
    try:
        for value in range(5):
            await owner.execute(SLOW.format(f"'value {value} of somebody'", "deskgraph.data_version"))
            await owner.execute(SLOW.format(value, "pg_am LIMIT 1 --"))  # nothing of the store
            await owner.execute(f"SELECT {value} FROM deskgraph.data_version")  # fast
            await owner.execute("DO $$BEGIN PERFORM pg_sleep(0.03), 'deskgraph.x of somebody'; END$$")
            await elsewhere.execute('SELECT pg_sleep(0.03) AS "deskgraph.x"')  # of another database
        for _ in range(4):  # too seldom
            await owner.execute("SELECT pg_sleep(0.03) FROM deskgraph.data_version")
    finally:
        await owner.close()
        await elsewhere.close()

    (one,) = await told(counted)

    assert one.grade is Grade.WARNING
    assert re.fullmatch(
        r"5 took \d\d ms each, more than 20, and 0\.\d s in all, since 20[\d :-]+ UTC; of the kind that reads"
        r" data_version: SELECT pg_sleep\(\$1\), \$2 FROM deskgraph\.data_version WHERE \$3 <> \$4",
        one.told,
    )
    assert "somebody" not in str(one)
    assert "maria" not in str(one)
    assert one.handed_on().told.endswith("; of the kind that reads data_version: (left out)")
    (none,) = await told(counted, 1000)
    assert none.grade is Grade.OK


async def test_of_the_products_own_statements_the_three_that_took_most_in_all_are_told(counted: str) -> None:
    async with asking(counted, NOW) as ask:
        for _ in range(5):
            await ask.data(ASKED, MANAGER)

    found = await looked(counted, 0)

    assert len(found.slow) == 3
    totals = [one.total_ms for one in found.slow]
    assert totals == sorted(totals, reverse=True)
    assert all(one.calls % 5 == 0 and one.mean_ms > 0 for one in found.slow)
    kinds = [kind_of(without_values(one.text)) for one in found.slow]
    assert any("rollup_total" in one for one in kinds), kinds
    assert all(one.startswith("reads ") for one in kinds), kinds


async def test_what_a_login_may_not_read_of_it_is_unknown_until_it_may(counted: str) -> None:
    owner = await asyncpg.connect(counted)
    try:
        for _ in range(5):
            await owner.execute(SLOW.format("1", "deskgraph.data_version"))
        async with login_of(counted, "pg_read_all_stats") as login:
            name = login.partition("//")[2].partition(":")[0]
            closed = await told(login)
            await owner.execute(f'GRANT USAGE ON SCHEMA "Counted here" TO {name}')
            blind = await told(login)
            await owner.execute(f"ALTER ROLE {name} INHERIT")
            if owner.get_server_version().major >= 16:
                await owner.execute(f"GRANT pg_read_all_stats TO {name} WITH INHERIT TRUE")
            seeing = await told(login)
    finally:
        await owner.close()

    assert [one.grade for one in closed] == [one.grade for one in blind] == [Grade.UNKNOWN]
    assert "not open to this login" in closed[0].told
    assert "pg_read_all_stats" in blind[0].remedy
    assert [one.grade for one in seeing] == [Grade.WARNING]


def test_a_text_is_without_its_values_even_where_the_extension_has_left_them() -> None:
    text = """-- asked by maria
        INSERT INTO "deskgraph"."facts" SELECT $12, 'it''s maria', $a$ maria $a$, 4711, 1.5, day2 FROM rollup_total
        WHERE /* maria
        */ note = '-- maria' AND deskgraph.scope_ids('x') = $1"""

    bare = without_values(text)

    assert "maria" not in bare
    assert "4711" not in bare
    assert bare.startswith(
        'INSERT INTO "deskgraph"."facts" SELECT $12, ?, ?, ?, ?, day2 FROM rollup_total WHERE note = ?'
    )
    assert kind_of(bare) == "writes, by facts, rollup_total, scope_ids"
    (long,) = of_statement_times(StatementTimes(Counting.COUNTED, slow=[SlowStatement(text * 9, 5, 9000)]), 500)
    assert len(long.told) < 400
    assert "INSERT" not in long.handed_on().told
    assert [slow_ms(Settings(slow_ms=given)) for given in (0, 70)] == [500, 70]
