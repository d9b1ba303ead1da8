"""Faults: each with its code and its field, nothing internal told, and the database's own faults really provoked."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

import asyncpg
import pytest
from graphql import GraphQLError

from db.engine import Engine, PoolSettings
from db.errors import DeskgraphError, SetupFault, TimedOut, Unavailable
from db.statement import Statement
from schema.errors import public_error
from schema.executor import Gateway
from schema.identity import Identity
from schema.scan import MAX_TOKENS
from schema.tokens import SharedSecret
from tests.conftest import DEMO_NOW, MANAGER, SECRET, Asking, asking, dsn_of, free_port

MONTH: Final = 'period: {since: "2026-03-01", until: "2026-04-01"}'
SUMMARY: Final = f"{{ report({MONTH}) {{ asOf summary {{ openTickets {{ value }} csatScore {{ value }} }} }} }}"


def told(result: Any) -> list[tuple[str, str]]:
    """The errors of a result as path and code."""
    return [(".".join(map(str, e.path or ())), e.extensions["code"]) for e in result.errors or ()]


INPUTS: Final = {
    "{ report(period: {preset: LAST_7_DAYS, since: \"2026-01-01\"}) { asOf } }": "report",
    '{ report(period: {since: "2026-01-01"}) { asOf } }': "report",
    "{ report(period: {}) { asOf } }": "report",
    '{ report(period: {since: "2026-02-01", until: "2026-01-01"}) { asOf } }': "report",
    '{ report(period: {since: "2016-01-01", until: "2026-01-02"}) { asOf } }': "report",
    '{ report(period: {since: "2026-02-30", until: "2026-03-01"}) { asOf } }': "report",
    '{ report(period: {preset: LAST_7_DAYS}, timezone: "+02:00") { asOf } }': "report",
    '{ report(period: {preset: LAST_7_DAYS}, timezone: "Mars") { asOf } }': "report",
    '{ report(period: {since: "1900-01-02", until: "1909-01-01"}, compareTo: [PREVIOUS_YEAR]) '
    "{ metrics { reopens { value } } } }": "",
    "{ report(period: {preset: TODAY}, filter: {category: {in: []}}) { asOf } }": "report",
    "{ report(period: {preset: TODAY}, filter: {or: []}) { asOf } }": "report",
    '{ report(period: {preset: TODAY}, filter: {priority: {in: ["asap"]}}) { asOf } }': "report",
    '{ report(period: {preset: TODAY}, filter: {status: {notIn: ["merged"]}}) { asOf } }': "report",
    '{ report(period: {preset: TODAY}, filter: {tag: {in: ["\\u0000"]}}) { asOf } }': "report",
    "{ report(period: {preset: LAST_365_DAYS}) { trends(grain: HOUR) { volume { created } } } }": "report.trends",
    "{ report(period: {preset: LAST_365_DAYS}) { series(grain: HOUR) { starts } } }": "report.series",
    "{ report(period: {preset: TODAY}) { series(grain: DAY, by: TIME) { starts } } }": "report.series",
    "{ report(period: {preset: TODAY}) { breakdown(by: []) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM, TEAM]) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM, TAG, AGENT, STATUS, CHANNEL]) { total } } }":
        "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TIME]) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], grain: DAY) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], first: 0) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], first: 501) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], orderBy: [{}]) { total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], orderBy: [{dimension: TAG}]) { total } } }":
        "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], orderBy: [{dimension: TEAM, metric: REOPENS}]) "
    "{ total } } }": "report.breakdown",
    "{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], having: [{metric: REOPENS}]) { total } } }":
        "report.breakdown",
    '{ report(period: {preset: TODAY}) { breakdown(by: [TEAM], keys: ["a", "b"]) { total } } }': "report.breakdown",
    "{ report(period: {preset: TODAY}) { agents(first: 0) { total } } }": "report.agents",
    "{ report(period: {preset: TODAY}) { agents(orderBy: [{dimension: TEAM}]) { total } } }": "report.agents",
    "{ report(period: {preset: TODAY}) { performance(edges: []) { ticketsByStatus { count } } } }":
        "report.performance",
    "{ report(period: {preset: TODAY}) { performance(edges: [60, 60]) { ticketsByStatus { count } } } }":
        "report.performance",
    "{ report(period: {preset: TODAY}) { performance(edges: [-1, 60]) { ticketsByStatus { count } } } }":
        "report.performance",
    "{ report(period: {preset: TODAY}) { nothing } }": "",
    "{ report { asOf } }": "",
    "{ report(period: {preset: NEXT_WEEK}) { asOf } }": "",
    "query ($p: Preset!) { report(period: {preset: $p}) { asOf } }": "",
    "{ report(period: {": "",
    "mutation { drop }": "",
}  # fmt: skip


@pytest.mark.parametrize(("document", "path"), INPUTS.items())
async def test_what_cannot_be_asked_is_bad_input_where_it_stands(document: str, path: str, ask: Asking) -> None:
    result = await ask(document, MANAGER)

    if "1900" in document:  # a year that is still possible
        assert result.errors is None
        return
    assert told(result) == [(path, "BAD_USER_INPUT")]
    assert ask.statements == []


async def test_a_comparison_before_the_first_year_is_bad_input(ask: Asking) -> None:
    document = (
        '{ report(period: {since: "1900-01-01", until: "1910-01-01"}, compareTo: [PREVIOUS_PERIOD]) '
        "{ comparisons { since until } metrics { reopens { value previous } } } }"
    )

    data = await ask.data(document, MANAGER)

    assert data["report"]["comparisons"][0]["since"].startswith("1890")
    assert data["report"]["metrics"]["reopens"] == {"value": 0, "previous": 0}


async def test_a_document_of_too_many_tokens_is_refused_before_it_is_read(ask: Asking) -> None:
    document = "{" + " a" * MAX_TOKENS + " }"

    result = await ask(document, MANAGER)

    (error,) = result.errors or ()
    assert error.message.startswith(f"Syntax Error: Document contains more than {MAX_TOKENS} tokens. Parsing aborted.")
    assert (error.extensions or {})["code"] == "QUERY_TOO_COMPLEX"


async def test_an_answer_with_too_many_cells_is_refused_not_cut(ask: Asking) -> None:
    """What counts is the table with its gaps filled, not the few rows that the store returns."""
    gateway = replace(ask.gateway, max_cost=10**9)  # what it costs by estimate has tests of its own
    result = await Asking(gateway)(
        '{ report(period: {since: "2024-10-01", until: "2026-10-01"}) { metrics { reopens { value } }'
        " breakdown(by: [ORGANIZATION, CATEGORY, TIME], grain: DAY) { total rows { metrics {"
        " ticketsCreated { value } } } } } }",
        MANAGER,
    )

    assert told(result) == [("report.breakdown", "QUERY_TOO_COMPLEX")]
    assert result.data is not None
    assert result.data["report"]["metrics"]["reopens"]["value"] > 0


@asynccontextmanager
async def engine_of(dsn: str, **settings: Any) -> AsyncIterator[Engine]:
    """An engine over a database."""
    engine = Engine(dsn, PoolSettings(**settings))
    try:
        yield engine
    finally:
        await engine.close()


async def asked_of(engine: Engine, document: str) -> Any:
    """The result of a document by a manager."""
    gateway = Gateway(engine, Identity(SharedSecret(SECRET)), b"pseudonyms", lambda: DEMO_NOW)
    return await gateway.execute(document, {}, gateway.context(MANAGER))


async def test_a_database_that_is_away_is_unavailable_and_no_zero() -> None:
    dsn = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"

    async with engine_of(dsn) as engine:
        result = await asked_of(engine, SUMMARY)

    assert told(result) == [
        ("report.summary.openTickets", "UNAVAILABLE"),
        ("report.summary.csatScore", "UNAVAILABLE"),
    ]
    assert result.data["report"]["summary"] == {"openTickets": None, "csatScore": None}
    assert result.data["report"]["asOf"]
    assert all("127.0.0.1" not in error.message and "nobody" not in error.message for error in result.errors)


async def test_a_database_that_does_not_exist_or_has_no_tables_is_unavailable(server: str) -> None:
    for name in ("no_such_database", "postgres"):
        async with engine_of(dsn_of(server, name)) as engine:
            result = await asked_of(engine, SUMMARY)

        assert {code for _, code in told(result)} == {"UNAVAILABLE"}


async def test_a_statement_over_the_time_limit_is_a_timeout_and_no_zero(demo_database: str) -> None:
    document = (
        '{ report(period: {since: "2024-10-01", until: "2026-10-01"}) { asOf trends { volume { open } } '
        "breakdown(by: [TAG, AGENT, CATEGORY]) { total } } }"
    )

    async with engine_of(demo_database, statement_timeout_ms=5) as engine:
        result = await asked_of(engine, document)

        assert {code for _, code in told(result)} == {"TIMEOUT"}
        async with engine.snapshot() as snapshot:  # the connection is still good
            assert await snapshot.fetch(Statement("SELECT 1 AS one"))


async def test_a_connection_that_is_cut_is_unavailable_and_the_next_one_answers(database: str) -> None:
    async with engine_of(database) as engine:
        async with engine.snapshot() as snapshot:
            rows = await snapshot.fetch(Statement("SELECT pg_backend_pid() AS pid"))
            owner = await asyncpg.connect(database)
            await owner.execute("SELECT pg_terminate_backend($1, 5000)", rows[0]["pid"])
            await owner.close()
            with pytest.raises(Unavailable):
                await snapshot.fetch(Statement("SELECT 1 AS one"))

        async with engine.snapshot() as snapshot:
            assert await snapshot.fetch(Statement("SELECT 1 AS one"))


async def test_a_slow_statement_says_what_to_do_and_nothing_of_the_statement(database: str) -> None:
    async with engine_of(database, statement_timeout_ms=20) as engine:
        with pytest.raises(TimedOut, match="took longer than the time limit") as fault:
            async with engine.snapshot() as snapshot:
                await snapshot.fetch(Statement("SELECT pg_sleep(5) AS secret_name"))

    assert "secret_name" not in fault.value.message


async def test_a_snapshot_cannot_write(database: str) -> None:
    async with engine_of(database) as engine:
        with pytest.raises(Exception, match="read-only transaction"):
            async with engine.snapshot() as snapshot:
                await snapshot.fetch(Statement("DELETE FROM deskgraph.facts"))


async def test_a_snapshot_does_not_see_what_is_written_beside_it(database: str) -> None:
    read = Statement("SELECT version FROM deskgraph.data_version")
    writer = await asyncpg.connect(database)
    async with engine_of(database) as engine:
        async with engine.snapshot() as snapshot:
            before = await snapshot.fetch(read)
            await writer.execute("UPDATE deskgraph.data_version SET version = version + 1")
            after = await snapshot.fetch(read)
        async with engine.snapshot() as snapshot:
            later = await snapshot.fetch(read)
    await writer.close()

    assert before == after
    assert later[0]["version"] == before[0]["version"] + 1


async def test_an_empty_store_answers_with_zero_and_null(database: str) -> None:
    async with asking(database) as ask:
        data = await ask.data(
            f"""{{ report({MONTH}, compareTo: [PREVIOUS_PERIOD]) {{ dataVersion
                metrics {{ openTickets {{ value change }} avgResponseTime {{ value count median reason }} }}
                performance {{ ticketsByCategory {{ count }} ticketsByStatus {{ count share }}
                    responseTimeDistribution {{ mean buckets {{ count share }} }} }}
                agents {{ total rows {{ openTickets }} }}
                trends {{ volume {{ open created }} categories {{ points }} seasonality {{ weekdayHour }} }}
                series(grain: MONTH) {{ groups {{ metrics {{ openTickets {{ values }} }} }} }} }} }}""",
            MANAGER,
        )

    report = data["report"]
    assert report["metrics"]["openTickets"] == {"value": 0, "change": None}
    assert report["metrics"]["avgResponseTime"]["value"] is None
    assert report["metrics"]["avgResponseTime"]["count"] == 0
    assert report["metrics"]["avgResponseTime"]["reason"]
    assert report["performance"]["ticketsByCategory"] == []
    assert [row["count"] for row in report["performance"]["ticketsByStatus"]] == [0] * 6
    assert report["agents"] == {"total": 0, "rows": []}
    assert report["trends"]["volume"] == [{"open": 0, "created": 0}] * 31
    assert report["series"]["groups"] == [{"metrics": {"openTickets": {"values": [0]}}}]


@pytest.mark.parametrize(
    "fault", [ValueError("SELECT secret FROM deskgraph.facts"), SetupFault("/etc/secret is missing")]
)
def test_what_is_internal_is_masked_with_an_id_that_the_log_has(
    fault: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    error = GraphQLError(str(fault), path=["report", "summary"], original_error=fault)

    with caplog.at_level(logging.ERROR, logger="deskgraph.errors"):
        public = public_error(error)

    assert public.extensions is not None
    assert public.extensions["code"] == DeskgraphError.code == "INTERNAL"
    assert "secret" not in str(public.formatted)
    assert public.path == ["report", "summary"]
    assert public.extensions["id"] in public.message
    (record,) = caplog.records
    assert public.extensions["id"] in record.getMessage()
    assert record.exc_info


async def test_an_internal_fault_of_an_operation_is_masked(
    demo_database: str, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("an observer with a secret")

    async with asking(demo_database) as ask:
        ask.gateway.engine.observers.append(broken)
        with caplog.at_level(logging.ERROR, logger="deskgraph.errors"):
            result = await ask(SUMMARY, MANAGER)

    assert {code for _, code in told(result)} == {"INTERNAL"}
    assert all("secret" not in error.message for error in result.errors or ())
    ids = [error.extensions["id"] for error in result.errors or () if error.extensions]
    assert all(any(one in record.getMessage() for record in caplog.records) for one in ids)
