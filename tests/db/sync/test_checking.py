"""`deskgraph sources check`: what would go wrong is found in the live portal before a row goes in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

from db.errors import SetupFault
from db.sync.postgresql.checking import Findings, check
from tests.db.sync.portal import BEGAN, Desk, desk


@pytest.fixture
async def portal(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with desk(server, tmp_path, monkeypatch) as found:
        yield found


@pytest.fixture
async def store(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


async def findings(portal: Desk) -> dict[str, Findings]:
    source = portal.source()
    return {one.table: one for one in await check(source.described)}


async def test_faults_words_and_rows_that_would_be_rejected_are_found(portal: Desk) -> None:
    await portal.fill(4)
    await portal.portal.execute("UPDATE cases SET state = 'Z' WHERE no <= 2")
    await portal.portal.execute("INSERT INTO surveys VALUES (99, $1, 7, NULL)", BEGAN)
    await portal.portal.execute("ALTER TABLE staff RENAME full_name TO called; ALTER TABLE case_log ADD mark text")
    portal.path.write_text(portal.path.read_text().replace('watermark = "id"', 'watermark = "said"'))

    found = await findings(portal)

    assert found["agents"].faults == [
        "[agents] select: has no column 'full_name'; it has login, called, squad, changed_at"
    ]
    assert found["tickets"].rejected == 2
    (reason,) = found["tickets"].rejects
    assert reason.startswith("state: a word that the map does not name")
    assert reason.endswith("'Z'")
    assert found["events"].faults == [
        "[events] watermark: 'said' is text; allowed are int2, int4, int8, numeric, timestamp, timestamptz"
    ]
    assert list(found["ratings"].rejects) == [
        "stars: not a score; a whole number from 1 to 5 is allowed (read as score): '7'"
    ]
    assert "is NULL in some rows" in found["ratings"].warnings[0]
    assert "superuser" in found["desk"].warnings[0]


async def test_what_does_not_go_with_its_ticket_is_found_as_a_pass_finds_it(
    portal: Desk, database: str, store: asyncpg.Connection
) -> None:
    await portal.fill(4)
    await portal.portal.execute(
        "INSERT INTO case_log (case_no, at, what) VALUES (3, $1, 'reply'), (98, $1, 'reply'), (98, $1, 'reply')",
        BEGAN - timedelta(days=1),
    )
    await portal.portal.execute("INSERT INTO surveys VALUES (2, $1, 5), (97, $1, 5)", BEGAN - timedelta(days=1))
    await portal.portal.execute("UPDATE cases SET state = 'Z' WHERE no = 4")

    found = await findings(portal)
    await portal.sync(database)

    told = await store.fetch("SELECT file, count(*) AS rows FROM deskgraph.sync_rejects GROUP BY file")
    assert {row["file"]: row["rows"] for row in told} == {
        name: one.rejected for name, one in found.items() if one.rejected
    }
    orphans, early = found["events"].rejects
    assert orphans.endswith("no ticket of this id is stored or in this import: '98' (2), '4'")
    assert early.startswith("at: before the ticket's creation: ")
    assert found["ratings"].rejected == 2


async def test_no_reason_hides_another_and_the_most_frequent_stands_first(portal: Desk) -> None:
    await portal.portal.execute(
        "INSERT INTO cases (opened, state, title) SELECT $1, chr(i), 'T' FROM generate_series(65, 130) AS i", BEGAN
    )
    await portal.portal.execute("UPDATE cases SET owner = repeat('x', 600) WHERE state = 'O'")

    rejects = (await findings(portal))["tickets"].rejects

    assert list(rejects.values()) == [62, 1]
    assert next(iter(rejects)).endswith("and 57 others")


async def test_a_select_that_the_portal_refuses_is_told_with_its_table(portal: Desk) -> None:
    portal.path.write_text(portal.path.read_text().replace("FROM cases", "FROM no_cases"))

    found = await findings(portal)

    assert found["tickets"].faults == ['The source tickets, select refuses: relation "no_cases" does not exist.']
    assert not found["ratings"].faults


async def test_tickets_that_would_be_missed_are_a_fault_and_are_not_loaded(portal: Desk) -> None:
    await portal.fill(4)
    await portal.portal.execute("ALTER TABLE cases ALTER changed_at DROP NOT NULL")
    await portal.portal.execute("UPDATE cases SET changed_at = NULL WHERE no = 2")

    found = await findings(portal)

    (fault,) = found["tickets"].faults
    assert "'changed_at' is NULL in some rows" in fault
    assert "coalesce(updated_at, created_at)" in fault
    with pytest.raises(SetupFault, match="is NULL in some rows"):
        async for _ in portal.source().changes(None):
            pass


async def test_what_has_no_index_is_told_once_it_is_large(portal: Desk) -> None:
    await portal.fill(1)
    await portal.portal.execute(
        "INSERT INTO cases (opened, state, changed_at) SELECT $1::timestamptz, 'O', $1 + i * interval '1 minute'"
        " FROM generate_series(1, 30000) AS i",
        BEGAN,
    )
    await portal.portal.execute(
        "INSERT INTO case_log (case_no, at, what) SELECT i, $1, 'reply' FROM generate_series(1, 30000) AS i", BEGAN
    )
    await portal.portal.execute(
        "DROP INDEX cases_changed_at_idx; DROP INDEX case_log_case_no_idx; ANALYZE cases, case_log"
    )

    found = await findings(portal)

    assert ["an index on 'changed_at' would make each pass cheap" in one for one in found["tickets"].warnings] == [True]
    assert ["an index on 'case_no' is needed" in one for one in found["events"].warnings] == [True]
    assert not found["tickets"].faults
    assert found["tickets"].rows == 20_000
