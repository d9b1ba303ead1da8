"""Where reports are read, as of when, and what is kept of them, while a standby follows, lags, or is another's."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.access import Role, Viewer
from db.errors import TooMuchAsked
from db.importing.writer import import_rows
from db.replicas import VERSION_HERE
from db.sources.files import open_source
from db.statement import Statement
from db.turns import NOBODY
from resolvers.behind import MAX_LISTS
from schema.answers import Answer, Draft, Question
from tests.conftest import dsn_of
from tests.replicas.conftest import Desk, Pair, desk_over, held_back, value

ADMIN = Viewer("a", Role.ADMIN)
REPORT = """{ report(period: {since: "2026-03-01", until: "2026-04-01"}) {
    asOf dataVersion metrics { ticketsCreated { value } } } }"""
SAVE = 'mutation { saveReport(name: "%s", page: OVERVIEW, query: "period=last_30_days") { id name } }'
SAVED = "{ savedReports { nodes { name } } }"
SECOND = timedelta(seconds=1)


class Told:
    """An answer: what it says, and where it was read."""

    def __init__(self, result: Any) -> None:
        assert result.errors is None, result.errors
        report = result.data["report"]
        self.as_of = datetime.fromisoformat(report["asOf"])
        self.version = int(report["dataVersion"])
        self.created = report["metrics"]["ticketsCreated"]["value"]
        plan = result.extensions["plan"]
        self.places = {part["readFrom"] for part in plan}
        self.refused = {part["source"]: part["why"] for step in plan for part in step["notReadFrom"]}


async def ask(desk: Desk) -> Told:
    """The report, at present."""
    context = desk.gateway.context(ADMIN)
    return Told(await desk.gateway.execute(REPORT, {}, context))


async def write(pair: Pair, folder: Path, name: str) -> None:
    """One more ticket of March, at the primary."""
    folder.mkdir(exist_ok=True)
    (folder / "tickets.csv").write_text(f"id,created_at\n{name},2026-03-10T10:00:00Z\n")
    await import_rows(pair.primary.dsn, open_source(folder, None), on_reject=lambda _: None, on_progress=lambda _: None)


async def test_a_replica_that_has_everything_is_read_and_the_answer_is_as_of_when_that_was_known(pair: Pair) -> None:
    await pair.caught_up()
    async with desk_over(pair.primary.dsn, pair.standby.dsn) as desk:
        unknown = await ask(desk)
        await desk.look()
        looked_at, desk.now = desk.now, desk.now + 3 * SECOND
        found = await ask(desk)

    assert (unknown.places, unknown.as_of) == ({"primary"}, looked_at)
    assert unknown.refused == {"replica 1": "it has not answered yet"}
    assert (found.places, found.as_of, found.refused) == ({"replica 1"}, looked_at, {})
    assert found.version == await pair.version(pair.primary)


async def test_one_that_lags_is_told_by_version_and_instant_and_is_not_read_beyond_the_bound(
    pair: Pair, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "deskgraph.replicas")
    async with desk_over(pair.primary.dsn, pair.standby.dsn) as desk, held_back(pair):
        await desk.look()
        before, looked_at = await pair.version(pair.primary), desk.now
        await write(pair, tmp_path / "more", "late")
        desk.now += 2 * SECOND
        await desk.look()
        within = await ask(desk)
        desk.now += 4 * SECOND
        await desk.look()
        beyond = await ask(desk)

    assert (within.places, within.version, within.as_of) == ({"replica 1"}, before, looked_at)
    assert (beyond.places, beyond.version, beyond.as_of) == ({"primary"}, before + 1, looked_at + 6 * SECOND)
    assert beyond.created == within.created + 1
    assert beyond.refused == {"replica 1": "it is 6.0 s behind, and may be 5 s"}
    assert caplog.messages == [
        "replica 1 is read.",
        "replica 1 is not read: it is 6.0 s behind, and may be 5 s.",
    ]


async def test_an_answer_of_a_replica_that_is_behind_is_not_kept_as_one_of_the_newer_version(
    pair: Pair, tmp_path: Path
) -> None:
    async with desk_over(pair.primary.dsn, pair.standby.dsn, timedelta(hours=1)) as desk:
        async with held_back(pair):
            await desk.look()
            await write(pair, tmp_path / "more", "unkept")
            behind = await kept(desk)
            again = await kept(desk)
        await desk.look()
        fresh = await kept(desk)
        given = await kept(desk)

    assert isinstance(behind, Told)
    assert isinstance(again, Told)
    assert isinstance(fresh, Told)
    assert (behind.places, fresh.places) == ({"replica 1"}, {"replica 1"})
    assert (fresh.version, fresh.created) == (behind.version + 1, behind.created + 1)
    assert isinstance(given, Answer)  # it was read at the version that is told, wherever
    assert given.version.number == fresh.version


async def kept(desk: Desk) -> Told | Answer:
    """The report, or what is kept of it."""
    answers = desk.gateway.answers
    assert answers is not None

    async def make(_: Any) -> tuple[Told, Draft]:
        context = desk.gateway.context(ADMIN)
        entry = desk.gateway.entry("graphql", "", "")  # type: ignore[arg-type]  # no audit log looks at it
        told = Told(await desk.gateway.execute(REPORT, {}, context))
        return told, Draft(b"the answer", "tag", context.lasting, desk.gateway.told(entry))

    return await answers.get(Question(ADMIN.role, "graphql", REPORT), make)


async def test_what_a_viewer_saves_is_there_at_once_however_far_the_replica_is_behind(pair: Pair) -> None:
    async with desk_over(pair.primary.dsn, pair.standby.dsn, timedelta(hours=1)) as desk, held_back(pair):
        await desk.look()
        made = await desk.gateway.execute(SAVE % "mine", {}, desk.gateway.context(ADMIN))
        found = await desk.gateway.execute(SAVED, {}, desk.gateway.context(ADMIN))
        report = await ask(desk)

    assert made.errors is None
    assert found.data == {"savedReports": {"nodes": [{"name": "mine"}]}}
    assert report.places == {"replica 1"}


async def test_what_is_asked_as_of_an_instant_is_read_where_that_has_come(pair: Pair) -> None:
    await pair.caught_up()
    async with desk_over(pair.primary.dsn, pair.standby.dsn) as desk:
        await desk.look()
        come = desk.gateway.context(ADMIN, now=desk.now - SECOND)
        coming = desk.gateway.context(ADMIN, now=desk.now + SECOND)

    assert come.loaders.place is not None
    assert coming.loaders.place is not None
    assert (come.loaders.place.name, come.now) == ("replica 1", desk.now - SECOND)
    assert (coming.loaders.place.name, coming.now) == ("primary", desk.now + SECOND)


async def test_another_store_is_no_replica_whatever_its_version(pair: Pair) -> None:
    other = dsn_of(pair.primary.dsn, "other")
    refused = []
    async with desk_over(pair.primary.dsn, other) as desk:
        for _ in range(2):
            await desk.look()
            found = await ask(desk)
            assert found.places == {"primary"}
            refused.append(found.refused["replica 1"])
            # One that is ahead tells no version as the primary does, either.
            await value(other, "UPDATE deskgraph.data_version SET version = version + 1000")

    assert refused[-1] == "the primary has not told such a version yet"


async def test_more_than_can_be_answered_says_nothing_of_a_replica_and_is_not_asked_of_the_primary(pair: Pair) -> None:
    await pair.caught_up()
    async with desk_over(pair.primary.dsn, pair.standby.dsn) as desk, AsyncExitStack() as crowd:
        await desk.look()
        turns = desk.gateway.engine.replicas["replica 1"].turns
        for _ in range(turns.total):
            await crowd.enter_async_context(turns.turn(NOBODY, 1))
        turns.places = 0
        context = desk.gateway.context(ADMIN)
        with pytest.raises(TooMuchAsked):
            context.loaders.require_turn()
        refused = await desk.gateway.execute(REPORT, {}, context)
        (replica,) = desk.replicas.all
        assert replica.fault is None
        await crowd.aclose()
        found = await ask(desk)

    assert {error.extensions["code"] for error in refused.errors or ()} == {"UNAVAILABLE"}
    assert found.places == {"replica 1"}


async def test_lists_that_a_replica_failed_are_counted_once(pair: Pair) -> None:
    lists = " ".join(f"m{n}: tickets(first: {n}) {{ total }}" for n in range(1, MAX_LISTS + 1))
    period = 'period: {since: "2026-03-01", until: "2026-04-01"}'
    await pair.caught_up()
    async with desk_over(pair.primary.dsn, pair.standby.dsn) as desk:
        await desk.look()
        lost = desk.gateway.engine.replicas["replica 1"]
        opened: list[Statement] = []

        def lose(statement: Statement, _: float) -> None:
            if statement is VERSION_HERE:
                opened.append(statement)
                if len(opened) == 2 and lost._pool is not None:  # the lists are read after the number
                    lost._pool.terminate()

        lost.observers.append(lose)
        found = await desk.gateway.execute(
            f"{{ report({period}) {{ metrics {{ ticketsCreated {{ {lists} }} }} }} }}", {}, desk.gateway.context(ADMIN)
        )

    assert found.errors is None
    assert len(opened) == 2
    assert desk.replicas.all[0].fault == "it failed an operation"


async def test_one_that_goes_back_behind_what_it_had_fails_nobody(pair: Pair, tmp_path: Path) -> None:
    """As where a backup is put in its place: here the test says that it had more."""
    await pair.caught_up()
    async with desk_over(pair.primary.dsn, pair.standby.dsn, timedelta(hours=1)) as desk, held_back(pair):
        await write(pair, tmp_path / "more", "back")
        await desk.look()
        (replica,) = desk.replicas.all
        replica.seen, replica.as_of = await desk.replicas.primary.current(), desk.now
        found = await ask(desk)

    assert found.places == {"primary"}
    assert found.refused == {"replica 1": "it went back behind what it had"}
    assert found.as_of == datetime(2026, 10, 1, tzinfo=UTC)
