"""Rows into the store: what an import writes, leaves alone, rejects, survives."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from db.domain import ActorKind, Channel, Clock, EventKind, Priority, Source, Status
from db.errors import SetupFault, Unavailable
from db.importing.records import FACT_COLUMNS
from db.importing.session import import_session
from db.importing.tally import ImportSummary, Progress, Step
from db.importing.writer import import_rows
from db.sources.rows import (
    AgentRow,
    CalendarRow,
    DimensionRow,
    EventRow,
    RatingRow,
    Read,
    Reject,
    Row,
    RowKind,
    SlaPolicyRow,
    TicketRow,
)

CREATED = datetime(2024, 3, 1, 9, tzinfo=UTC)


def after(hours: float) -> datetime:
    return CREATED + timedelta(hours=hours)


def ticket(id: str, **columns: Any) -> Read:
    row = TicketRow(
        id,
        CREATED,
        subject="Broken",
        organization="acme",
        requester=None,
        category=None,
        priority=None,
        channel=None,
        status=Status.OPEN,
        team=None,
        assignee=None,
        tags=(),
        first_response_at=None,
        first_responder=None,
        resolved_at=None,
        closed_at=None,
        reopen_count=None,
        first_response_due_at=None,
        resolution_due_at=None,
        updated_at=None,
    )
    return Read(RowKind.TICKETS, "tickets.csv", 2, row._replace(**columns))


def event(id: str, hours: float, kind: EventKind, to: str | None = None, **columns: Any) -> Read:
    row = EventRow(id, after(hours), kind, None, None, None, to)
    return Read(RowKind.EVENTS, "events.csv", 2, row._replace(**columns))


def resolved(id: str, hours: float) -> Read:
    return event(id, hours, EventKind.STATUS_CHANGED, "resolved", from_value="open")


def rating(id: str, hours: float, score: int, agent: str | None = None) -> Read:
    return Read(RowKind.RATINGS, "ratings.csv", 2, RatingRow(id, after(hours), score, agent, None))


def agent(id: str, team: str | None = None, name: str = "") -> Read:
    return Read(RowKind.AGENTS, "agents.csv", 2, AgentRow(id, name or id.title(), team, None, True))


def policy(name: str, resolution_seconds: int | None, **columns: Any) -> Read:
    row = SlaPolicyRow(name, None, None, None, None, resolution_seconds, Clock.CALENDAR, (), None)
    return Read(RowKind.SLA_POLICIES, "sla_policies.csv", 2, row._replace(**columns))


def named(kind: RowKind, id: str, name: str) -> Read:
    return Read(kind, f"{kind.value}.csv", 2, DimensionRow(id, name))


@dataclass
class ListSource:
    """Rows from a list, on lines of their own."""

    reads: Sequence[Read | Reject]
    name: str = "test"
    fingerprint: str = "one"
    prefers_columns: bool = False
    size: int = 0
    done: int = 0

    def rows(self) -> Iterator[Read | Reject]:
        for line, read in enumerate(self.reads, start=2):
            yield read._replace(line=line)


@dataclass
class Told:
    """What an import tells while it runs."""

    rejects: list[Reject] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)


async def bring(
    dsn: str, *reads: Read | Reject, told: Told | None = None, dry_run: bool = False, **source: Any
) -> ImportSummary:
    told = told or Told()
    return await import_rows(
        dsn,
        ListSource(reads, **source),
        dry_run=dry_run,
        on_reject=told.rejects.append,
        on_progress=told.progress.append,
    )


@pytest.fixture
async def store(database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


TABLES = ("tickets", "ticket_events", "ratings", "facts", "organizations", "teams", "categories", "tags")
TABLES += ("agents", "sla_policies", "calendars", "data_version")


async def contents(store: asyncpg.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, but for the runs."""
    return {table: sorted(map(repr, await store.fetch(f"SELECT * FROM deskgraph.{table}"))) for table in TABLES}


async def facts(store: asyncpg.Connection, id: str, *columns: str) -> list[tuple[Any, ...]]:
    """The facts of a ticket by the source's id, in order, with names for ids."""
    rows = await store.fetch(
        "SELECT f.*, o.external_id AS organization, a.external_id AS agent, m.external_id AS team"
        " FROM deskgraph.facts f JOIN deskgraph.tickets t"
        " ON (t.organization_id, t.id) = (f.organization_id, f.ticket_id)"
        " LEFT JOIN deskgraph.organizations o ON o.id = f.organization_id"
        " LEFT JOIN deskgraph.agents a ON a.id = f.agent_id LEFT JOIN deskgraph.teams m ON m.id = f.team_id"
        " WHERE t.external_id = $1 ORDER BY f.ordinal",
        id,
    )
    return [(Source(row["source"]), *(row[column] for column in columns)) for row in rows]


async def version(store: asyncpg.Connection) -> int:
    number: int = await store.fetchval("SELECT version FROM deskgraph.data_version")
    return number


async def test_everything_told_of_a_ticket_is_stored_and_its_facts_are_made(
    database: str, store: asyncpg.Connection
) -> None:
    full = ticket(
        "T-1",
        requester="eve",
        category="billing",
        priority=Priority.HIGH,
        channel=Channel.CHAT,
        team="desk",
        assignee="ada",
        tags=("vip", "late", "vip"),
    )
    summary = await bring(
        database,
        agent("ada", "desk"),
        full,
        event("T-1", 1, EventKind.PUBLIC_REPLY, actor="ada", actor_kind=ActorKind.AGENT),
        resolved("T-1", 2),
        rating("T-1", 3, 5),
    )

    assert (summary.rows.read, summary.rows.new, summary.rows.rejected) == (5, 5, 0)
    assert {kind: counts.new for kind, counts in summary.kinds.items()} == {
        RowKind.AGENTS: 1,
        RowKind.TICKETS: 1,
        RowKind.EVENTS: 2,
        RowKind.RATINGS: 1,
    }
    assert await facts(store, "T-1", "at", "organization", "agent", "team", "score") == [
        (Source.CREATED, CREATED, "acme", "ada", "desk", None),
        (Source.FIRST_RESPONSE, after(1), "acme", "ada", "desk", None),
        (Source.RESOLUTION, after(2), "acme", "ada", "desk", None),
        (Source.RATING, after(3), "acme", "ada", "desk", 5),
        (Source.ENTERED, CREATED, "acme", "ada", "desk", None),
        (Source.LEFT, after(2), "acme", "ada", "desk", None),
    ]
    row = await store.fetchrow("SELECT * FROM deskgraph.tickets")
    assert row is not None
    assert (row["external_id"], row["subject"], row["requester"]) == ("T-1", "Broken", "eve")
    assert (row["priority"], row["channel"], len(row["tag_ids"])) == (Priority.HIGH, Channel.CHAT, 2)
    assert await store.fetchval("SELECT name FROM deskgraph.agents") == "Ada"


async def test_the_packed_copy_says_what_the_general_encoder_would(database: str, store: asyncpg.Connection) -> None:
    policies = [policy("all", 3600)]
    await bring(
        database,
        *policies,
        ticket("T-1", tags=("a", "b"), created_at=CREATED + timedelta(microseconds=123457)),
        resolved("T-1", 2),
        rating("T-1", 3, 4),
        ticket("T-2", first_response_at=after(1), first_response_due_at=after(0.5)),
    )
    rows = [tuple(row) for row in await store.fetch("SELECT * FROM deskgraph.facts")]

    await store.execute("CREATE TEMPORARY TABLE again (LIKE deskgraph.facts)")
    await store.copy_records_to_table("again", records=rows, columns=FACT_COLUMNS)
    assert await store.fetchval("SELECT count(*) FROM (TABLE deskgraph.facts EXCEPT TABLE again) AS other") == 0
    assert await store.fetchval("SELECT min(array_length(tag_ids, 1)) FROM deskgraph.facts") == 2
    assert len(rows) == 6 + 2 + 3 + 3  # those of T-1, its two ends of a breach, those of T-2, and the targets


async def test_the_same_rows_again_change_nothing(database: str, store: asyncpg.Connection) -> None:
    spans = {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}
    rows = [
        named(RowKind.ORGANIZATIONS, "acme", "Acme"),
        agent("ada", "desk"),
        Read(RowKind.CALENDARS, "calendars.json", 2, CalendarRow("default", "UTC", spans, [], None, None)),
        policy("all", 3600),
        policy("none", None, match_priority=Priority.LOW, pause_on=(Status.PENDING,)),
        ticket("T-1", tags=("vip",), assignee="ada"),
        resolved("T-1", 2),
        rating("T-1", 3, 5),
    ]
    first = await bring(database, *rows)
    before = await contents(store)

    second = await bring(database, *rows)
    assert (first.rows.new, second.rows.new, second.rows.unchanged) == (8, 0, 8)
    assert await contents(store) == before


async def test_a_newer_row_replaces_the_ticket_in_every_fact(database: str, store: asyncpg.Connection) -> None:
    await bring(database, ticket("T-1", updated_at=after(1)), rating("T-1", 3, 5))
    before = await version(store)

    newer = ticket("T-1", updated_at=after(2), assignee="ben", status=Status.CLOSED, closed_at=after(2))
    summary = await bring(database, newer)
    assert (summary.rows.changed, summary.rows.new) == (1, 0)
    assert await version(store) > before
    assert {(row[0], row[1]) for row in await facts(store, "T-1", "agent")} == {
        (Source.CREATED, "ben"),
        (Source.RESOLUTION, "ben"),
        (Source.RATING, "ben"),
        (Source.ENTERED, "ben"),
        (Source.LEFT, "ben"),
    }


async def test_a_row_older_than_the_stored_one_changes_nothing(database: str, store: asyncpg.Connection) -> None:
    await bring(database, ticket("T-1", updated_at=after(2), subject="new"))
    before = await contents(store)

    summary = await bring(database, ticket("T-1", updated_at=after(1), subject="old"))
    assert summary.rows.unchanged == 1
    assert await contents(store) == before


async def test_a_ticket_that_changes_its_organization_moves_with_all_it_has(
    database: str, store: asyncpg.Connection
) -> None:
    await bring(database, ticket("T-1"), resolved("T-1", 2), rating("T-1", 3, 5))

    await bring(database, ticket("T-1", organization="other"))
    other = await store.fetchval("SELECT id FROM deskgraph.organizations WHERE external_id = 'other'")
    for table, rows in (("tickets", 1), ("ticket_events", 1), ("ratings", 1), ("facts", 5)):
        found = await store.fetch(f"SELECT organization_id FROM deskgraph.{table}")
        assert [row[0] for row in found] == [other] * rows


async def test_a_reference_without_a_row_is_made_with_its_id_as_name_and_named_later(
    database: str, store: asyncpg.Connection
) -> None:
    await bring(database, ticket("T-1", category="billing", team="desk", assignee="ada"), resolved("T-1", 1))
    for table, id in (("organizations", "acme"), ("categories", "billing"), ("teams", "desk"), ("agents", "ada")):
        assert await store.fetchval(f"SELECT name FROM deskgraph.{table} WHERE external_id = $1", id) == id
    before = await store.fetch("SELECT * FROM deskgraph.facts")

    summary = await bring(database, named(RowKind.CATEGORIES, "billing", "Billing & money"))
    assert summary.rows.changed == 1
    assert await store.fetchval("SELECT name FROM deskgraph.categories") == "Billing & money"
    assert await store.fetch("SELECT * FROM deskgraph.facts") == before


async def test_whom_events_name_is_made_too(database: str, store: asyncpg.Connection) -> None:
    await bring(
        database,
        ticket("T-1"),
        event("T-1", 1, EventKind.ASSIGNED, "ben"),
        event("T-1", 2, EventKind.TEAM_CHANGED, "back"),
        event("T-1", 3, EventKind.PUBLIC_REPLY, actor="ada", actor_kind=ActorKind.AGENT),
        event("T-1", 3, EventKind.PUBLIC_REPLY, actor="carl", actor_kind=ActorKind.CUSTOMER),
    )

    assert {row[0] for row in await store.fetch("SELECT external_id FROM deskgraph.agents")} == {"ada", "ben"}
    assert (Source.FIRST_RESPONSE, "ada", "back") in await facts(store, "T-1", "agent", "team")


async def test_an_id_that_stands_twice_in_a_file_is_rejected_the_second_time(
    database: str, store: asyncpg.Connection
) -> None:
    told = Told()
    summary = await bring(
        database,
        named(RowKind.TEAMS, "desk", "Desk"),
        named(RowKind.TEAMS, "desk", "Other"),
        ticket("T-1", subject="first"),
        ticket("T-2"),
        ticket("T-1", subject="second"),
        told=told,
    )

    assert [(r.file, r.line, r.column, r.text) for r in told.rejects] == [
        ("teams.csv", 3, "id", "desk"),
        ("tickets.csv", 6, "id", "T-1"),
    ]
    assert (summary.rows.read, summary.rows.new, summary.rows.rejected) == (5, 3, 2)
    assert summary.kinds[RowKind.TICKETS].rejected == 1
    assert await store.fetchval("SELECT subject FROM deskgraph.tickets WHERE external_id = 'T-1'") == "first"
    assert await store.fetchval("SELECT name FROM deskgraph.teams") == "Desk"


async def test_events_equal_to_each_other_are_one(database: str, store: asyncpg.Connection) -> None:
    summary = await bring(database, ticket("T-1"), resolved("T-1", 1), resolved("T-1", 1))

    assert (summary.kinds[RowKind.EVENTS].new, summary.kinds[RowKind.EVENTS].unchanged) == (1, 1)
    assert await store.fetchval("SELECT count(*) FROM deskgraph.ticket_events") == 1


async def test_rows_of_unknown_tickets_and_from_before_their_creation_are_rejected(
    database: str, store: asyncpg.Connection
) -> None:
    told = Told()
    summary = await bring(
        database,
        ticket("T-1"),
        resolved("T-0", 1),
        resolved("T-1", -1),
        rating("T-9", 1, 5),
        rating("T-1", -1, 5),
        event("T-1", 1, EventKind.STATUS_CHANGED, "sleeping"),
        Reject("tickets.csv", 99, "status", "unknown", "sleeping"),
        told=told,
    )

    assert {(r.file, r.line, r.column) for r in told.rejects} == {
        ("events.csv", 3, "ticket_id"),
        ("events.csv", 4, "at"),
        ("ratings.csv", 5, "ticket_id"),
        ("ratings.csv", 6, "at"),
        ("events.csv", 7, "to"),
        ("tickets.csv", 8, "status"),
    }
    assert (summary.rows.read, summary.rows.new, summary.rows.rejected) == (7, 1, 6)
    assert summary.kinds[RowKind.TICKETS].rejected == 1
    assert [row[0] for row in await facts(store, "T-1")] == [Source.CREATED, Source.ENTERED]


async def test_events_and_ratings_may_come_alone_and_later(database: str, store: asyncpg.Connection) -> None:
    await bring(database, ticket("T-1", assignee="ada"))

    await bring(database, resolved("T-1", 2))
    assert [row[0] for row in await facts(store, "T-1")] == [
        Source.CREATED,
        Source.RESOLUTION,
        Source.ENTERED,
        Source.LEFT,
    ]
    await bring(database, event("T-1", 1, EventKind.STATUS_CHANGED, "open", from_value="new"))
    summary = await bring(database, rating("T-1", 4, 2))
    assert summary.rows.new == 1
    assert (Source.RATING, 2, "ada") in await facts(store, "T-1", "score", "agent")
    kept = await store.fetch("SELECT at FROM deskgraph.ticket_events ORDER BY ordinal")
    assert [row[0] for row in kept] == [after(1), after(2)]


async def test_a_later_rating_replaces_the_earlier_whatever_the_order(database: str, store: asyncpg.Connection) -> None:
    await bring(database, ticket("T-1"), rating("T-1", 5, 4), rating("T-1", 3, 1))
    assert (Source.RATING, 4) in await facts(store, "T-1", "score")

    older = await bring(database, rating("T-1", 4, 2))
    newer = await bring(database, rating("T-1", 6, 3))
    assert (older.rows.unchanged, newer.rows.changed) == (1, 1)
    assert [row for row in await facts(store, "T-1", "score") if row[0] is Source.RATING] == [(Source.RATING, 3)]


async def test_an_agent_who_changes_teams_takes_the_facts_along(database: str, store: asyncpg.Connection) -> None:
    await bring(database, agent("ada", "desk"), ticket("T-1", assignee="ada"), ticket("T-2", team="own"))
    before = await version(store)

    await bring(database, agent("ada", "back"))
    assert {row[1] for row in await facts(store, "T-1", "team")} == {"back"}
    assert {row[1] for row in await facts(store, "T-2", "team")} == {"own"}
    assert await version(store) > before


async def test_a_changed_policy_changes_the_facts_of_all_tickets(database: str, store: asyncpg.Connection) -> None:
    done = ticket("T-1", status=Status.RESOLVED, resolved_at=after(2))
    await bring(database, policy("all", 3600), done)
    assert (Source.RESOLUTION, False) in await facts(store, "T-1", "within_target")

    await bring(database, policy("all", 7200))
    assert (Source.RESOLUTION, True) in await facts(store, "T-1", "within_target")
    assert Source.BREACH_ENTERED not in {row[0] for row in await facts(store, "T-1")}


async def test_of_equally_specific_policies_the_earlier_row_wins(database: str, store: asyncpg.Connection) -> None:
    done = ticket("T-1", status=Status.RESOLVED, resolved_at=after(2))
    await bring(database, policy("strict", 3600), policy("mild", 7200), done)
    assert (Source.RESOLUTION, False) in await facts(store, "T-1", "within_target")

    await bring(database, policy("mild", 7200), policy("strict", 3600))
    assert (Source.RESOLUTION, True) in await facts(store, "T-1", "within_target")


async def test_columns_win_where_the_mapping_prefers_them(database: str, store: asyncpg.Connection) -> None:
    rows = [ticket("T-1", status=Status.RESOLVED, resolved_at=after(9)), resolved("T-1", 2)]
    await bring(database, *rows)
    assert (Source.RESOLUTION, after(2)) in await facts(store, "T-1", "at")

    summary = await bring(database, *rows, prefers_columns=True)
    assert summary.rows.changed == 1
    assert (Source.RESOLUTION, after(9)) in await facts(store, "T-1", "at")


async def test_a_dry_run_says_what_would_happen_and_leaves_nothing(database: str, store: asyncpg.Connection) -> None:
    await bring(database, agent("ada", "desk"), ticket("T-1", assignee="ada"))
    before = await contents(store)
    runs = await store.fetch("SELECT * FROM deskgraph.import_runs")

    told = Told()
    rows = [agent("ada", "back"), policy("all", 60), ticket("T-1", subject="x"), ticket("T-2"), resolved("T-3", 1)]
    summary = await bring(database, *rows, dry_run=True, told=told)
    assert (summary.rows.new, summary.rows.changed, summary.rows.rejected) == (2, 2, 1)
    assert len(told.rejects) == 1
    assert await contents(store) == before
    assert await store.fetch("SELECT * FROM deskgraph.import_runs") == runs
    real = await bring(database, *rows)
    assert real.rows == summary.rows


async def test_a_second_import_is_told_that_one_is_running(database: str) -> None:
    async with import_session(database):
        with pytest.raises(SetupFault, match="Another import"):
            await bring(database, ticket("T-1"))

    assert (await bring(database, ticket("T-1"))).rows.new == 1


async def test_a_database_that_is_away_is_told_as_such() -> None:
    with pytest.raises(Unavailable):
        await bring("postgresql://nobody@127.0.0.1:1/none", ticket("T-1"))


async def test_progress_and_data_version_are_told_to_those_who_listen(database: str, store: asyncpg.Connection) -> None:
    heard = asyncio.Event()
    await store.add_listener("deskgraph_data", lambda *_: heard.set())
    told = Told()

    await bring(database, ticket("T-1"), told=told)
    await asyncio.wait_for(heard.wait(), 5)
    assert [progress.step for progress in told.progress][:2] == [Step.READING, Step.MERGING]


async def test_a_source_that_breaks_leaves_a_failed_run_and_no_tickets(
    database: str, store: asyncpg.Connection
) -> None:
    class Broken(ListSource):
        def rows(self) -> Iterator[Read | Reject]:
            yield ticket("T-1")
            raise SetupFault("the file is gone")

    with pytest.raises(SetupFault, match="gone"):
        await import_rows(database, Broken([]), on_reject=print, on_progress=lambda _: None)

    assert await store.fetchval("SELECT state FROM deskgraph.import_runs") == "failed"
    assert await store.fetchval("SELECT count(*) FROM deskgraph.tickets") == 0


MANY = 12_000
"""More than two batches."""


def many(count: int = MANY) -> list[Row]:
    """Tickets with an event each, not in order of their ids."""
    numbers = [(number * 7919) % count for number in range(count)]
    rows: list[Row] = [
        ticket(f"T-{number:06}", assignee=f"agent-{number % 7}", organization=f"org-{number % 5}").row
        for number in numbers
    ]
    rows += [resolved(f"T-{number:06}", 1 + number % 9).row for number in numbers if number % 3]
    return rows


def reads(rows: Sequence[Row]) -> list[Read]:
    kinds = {TicketRow: RowKind.TICKETS, EventRow: RowKind.EVENTS}
    return [Read(kinds[type(row)], f"{kinds[type(row)].value}.csv", 2, row) for row in rows]


async def everything(store: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """All facts, by the source's ids: what two stores of equal content share."""
    rows = await store.fetch(
        "SELECT t.external_id, o.external_id, a.external_id, f.ordinal, f.source, f.at, f.status, f.seconds"
        " FROM deskgraph.facts f JOIN deskgraph.tickets t"
        " ON (t.organization_id, t.id) = (f.organization_id, f.ticket_id)"
        " JOIN deskgraph.organizations o ON o.id = f.organization_id"
        " LEFT JOIN deskgraph.agents a ON a.id = f.agent_id"
    )
    return sorted(tuple(row) for row in rows)


CHILD = """
import asyncio, sys, time
from db.importing.writer import import_rows
from tests.db.test_import import ListSource, many, reads

def slowly(progress):
    print(progress.step.value, progress.done, flush=True)
    time.sleep(0.3)

asyncio.run(import_rows(sys.argv[1], ListSource(reads(many())), on_reject=print, on_progress=slowly))
"""


@pytest.mark.parametrize("moment", ["reading 0", "merging 1", "merging 2"])
async def test_an_import_that_is_killed_leaves_whole_tickets_and_is_taken_up(
    database: str, store: asyncpg.Connection, moment: str
) -> None:
    child = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, "-c", CHILD, database], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    while child.stdout.readline().strip() != moment:
        assert child.poll() is None
    time.sleep(0.31 if moment == "merging 1" else 0)  # noqa: ASYNC251 into the next batch's transaction
    child.kill()
    child.wait()
    child.stdout.close()

    half = await everything(store)
    counts = dict.fromkeys((row[0] for row in half), 0)
    for row in half:
        counts[row[0]] += 1
    assert all(count == (4 if int(id[2:]) % 3 else 2) for id, count in counts.items())
    assert len(counts) < MANY
    summary = await bring(database, *reads(many()))
    assert summary.resumed is (moment != "reading 0")
    assert summary.rows.new == MANY + len([n for n in range(MANY) if n % 3]) - summary.rows.unchanged
    run = await store.fetchrow("SELECT * FROM deskgraph.import_runs ORDER BY id DESC LIMIT 1")
    assert run is not None
    assert (run["state"], run["rows_new"], run["rows_unchanged"]) == ("finished", summary.rows.read, 0)
    resumed = await everything(store)
    for table in ("tickets", "ticket_events", "facts"):
        await store.execute(f"TRUNCATE deskgraph.{table}")
    await bring(database, *reads(many()))
    assert await everything(store) == resumed
