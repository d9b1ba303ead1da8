"""The login that writes what portals send: it can write that, and do nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg
import pytest

from commands.database import keep_intake
from db.errors import SetupFault
from db.importing.tally import Outcome
from db.rollups.settled import states
from db.rollups.upkeep.settling import settle
from db.sync.intake_login import look
from db.sync.push import Writers
from db.sync.pushed import Pushed
from db.walls import INTAKE, READER, READER_OF_ALL, Walls
from settings import Settings
from tests.db.sync.logins import intake_login, login_of

NOW: Final = datetime(2024, 6, 1, tzinfo=UTC)
SENT: Final = [
    Pushed("teams", {"id": "desk", "name": "Desk"}),
    Pushed("agents", {"id": "ann", "name": "Ann", "team": "desk", "email": "ann@example.test"}),
    Pushed("sla_policies", {"name": "all", "resolution_seconds": 3600, "clock": "calendar"}),
    Pushed("calendars", {"name": "default", "zone": "UTC", "spans": {"mon": [["09:00", "17:00"]]}}),
    Pushed("tickets", {"id": "T-1", "created_at": "2024-01-31T09:00:00Z", "assignee": "ann", "tags": "a|b"}),
    Pushed("events", {"ticket_id": "T-1", "at": "2024-01-31T09:30:00Z", "kind": "status_changed", "to": "resolved"}),
    Pushed("ratings", {"ticket_id": "T-1", "at": "2024-01-31T12:00:00Z", "score": 4}),
    Pushed("tickets", {"id": "T-2", "created_at": "never"}),
]


@pytest.fixture
async def login(database: str) -> AsyncIterator[str]:
    """The login, at an empty store."""
    async with intake_login(database) as found:
        yield found


async def look_at(dsn: str, sql: str) -> Any:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_it_writes_every_table_again_and_again_and_rollups_that_were_given_up(database: str, login: str) -> None:
    await settle(database, ["UTC", "Europe/Berlin"], lambda _: None)
    owner = await asyncpg.connect(database)
    writers = Writers(login, 1, lambda: NOW, Walls.BOTH)

    first = await writers.take("push-shop", SENT)
    again = await writers.take("push-shop", SENT)
    await owner.execute("UPDATE deskgraph.rollup_zones SET is_ready = false")
    renamed = await writers.take("push-shop", [Pushed("agents", {"id": "ann", "name": "Ann B", "active": False})])
    await writers.take(
        "push-shop", [Pushed("tickets", {"id": "T-1", "created_at": "2024-01-31T09:00:00Z", "status": "deleted"})]
    )
    await writers.close()
    await owner.execute("SET search_path = deskgraph")
    ready = [one.is_current for one in await states(owner)]
    kept = await owner.fetchrow(
        "SELECT (SELECT count(*) FROM sync_rejects), (SELECT name FROM agents), (SELECT count(*) FROM facts)"
    )
    await owner.close()

    assert first[:7] == [Outcome.NEW] * 7
    assert again[:7] == [Outcome.UNCHANGED] * 7
    assert renamed == [Outcome.CHANGED]
    assert ready == [True, True]
    assert tuple(kept) == (1, "Ann B", 0)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT FROM deskgraph.facts",
        f"SET ROLE {INTAKE}; SELECT * FROM deskgraph.api_keys",
        f"SET ROLE {INTAKE}; SELECT * FROM deskgraph.audit_log",
        f"SET ROLE {INTAKE}; SELECT * FROM deskgraph.saved_reports",
        f"SET ROLE {INTAKE}; SELECT source FROM deskgraph.import_runs",
        f"SET ROLE {INTAKE}; SELECT deskgraph.api_key('a', 'b')",
        f"SET ROLE {INTAKE}; DELETE FROM deskgraph.sync_sources",
        f"SET ROLE {INTAKE}; DELETE FROM deskgraph.agents",
        f"SET ROLE {INTAKE}; UPDATE deskgraph.alembic_version SET version_num = '0001'",
        f"SET ROLE {INTAKE}; TRUNCATE deskgraph.facts",
        f"SET ROLE {INTAKE}; CREATE TABLE deskgraph.own (id int)",
        f"SET ROLE {INTAKE}; DROP TABLE deskgraph.facts CASCADE",
        f"SET ROLE {READER}",
        f"SET ROLE {READER_OF_ALL}",
    ],
)
async def test_it_can_do_nothing_else(sql: str, login: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(login, sql)


async def run(dsn: str, sql: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(sql)
    finally:
        await connection.close()


async def test_it_cannot_become_the_owner(database: str, login: str) -> None:
    owner = await look_at(database, "SELECT quote_ident(current_user)")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await run(login, f"SET ROLE {owner}")


async def test_what_a_login_may_is_told(database: str, login: str) -> None:
    found, owner = await look(login), await look(database)
    async with login_of(database, READER) as reader, login_of(database, INTAKE, READER) as both:
        reads, more = await look(reader), await look(both)

    assert (found.takes_role, found.makes_temporary, found.may_more) == (True, True, False)
    assert (owner.takes_role, owner.may_more, more.takes_role, more.may_more) == (True, True, True, True)
    assert reads.takes_role is False
    with pytest.raises(SetupFault, match=f"GRANT {INTAKE} TO test_"):
        reads.require()


async def test_a_login_that_owns_a_table_of_the_store_may_more(database: str, login: str) -> None:
    name = (await look(login)).name
    await run(database, f"CREATE TABLE deskgraph.own (id int); ALTER TABLE deskgraph.own OWNER TO {name}")
    owns = await look(login)
    await run(database, "DROP TABLE deskgraph.own")

    assert (owns.takes_role, owns.may_more) == (True, True)


async def test_a_server_whose_login_only_reads_lets_nothing_in_unless_told_by_whom_it_is_written(database: str) -> None:
    settings = Settings(reader_url=database, intake_writers=1)

    with pytest.raises(SetupFault, match="Set DESKGRAPH_INTAKE_URL to a login that may take on deskgraph_intake"):
        keep_intake("", settings)
