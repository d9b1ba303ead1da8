"""Facts made anew: when a calendar changes, in the import that brings it; and by command, after an upgrade."""

from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from db.domain import Clock, EventKind, Source, Status
from db.importing.tally import Step
from db.importing.writer import recompute
from db.sources.rows import CalendarRow, RowKind
from tests.db.test_import import Read, Told, bring, contents, event, facts, policy, resolved, store, ticket, version

__all__ = ["store"]  # the fixture


def calendar(closes: str, **columns: Any) -> Read:
    """Open every day from 08:00 UTC."""
    spans = {day: [["08:00", closes]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    row = CalendarRow("default", "UTC", spans, [], None, None)
    return Read(RowKind.CALENDARS, "calendars.json", 2, row._replace(**columns))


async def business(connection: asyncpg.Connection, id: str = "T-1") -> list[tuple[Any, ...]]:
    """Business seconds and the verdict of the ticket's resolutions."""
    made = await facts(connection, id, "business_seconds", "within_target")
    return [fact[1:] for fact in made if fact[0] is Source.RESOLUTION]


SOLVED = (ticket("T-1", status=Status.RESOLVED), resolved("T-1", 10))
"""Created at nine, resolved ten hours later."""


async def test_a_changed_calendar_changes_the_facts_of_all_tickets_and_tells_how_far_it_is(
    database: str, store: asyncpg.Connection
) -> None:
    target = policy("all", 9 * 3600, clock=Clock.BUSINESS)
    await bring(database, calendar("20:00"), target, *SOLVED, ticket("T-2"))
    before, told = await version(store), Told()
    assert await business(store) == [(10 * 3600, False)]

    await bring(database, calendar("12:00"), told=told)

    assert await business(store) == [(3 * 3600, True)]
    assert await version(store) > before
    steps = [(one.done, one.total) for one in told.progress if one.step is Step.RECOMPUTING]
    assert steps == [(2, 2)]


async def test_without_a_calendar_business_time_is_unknown_and_never_zero(
    database: str, store: asyncpg.Connection
) -> None:
    await bring(database, policy("all", 3600, clock=Clock.BUSINESS), *SOLVED)

    assert await business(store) == [(None, None)]


async def test_a_policy_whose_calendar_is_not_there_does_not_fall_back_to_another(
    database: str, store: asyncpg.Connection
) -> None:
    await bring(database, calendar("20:00"), policy("all", 3600, clock=Clock.BUSINESS, calendar="night"), *SOLVED)

    assert await business(store) == [(None, None)]


async def test_a_version_splits_the_interval_at_its_instant(database: str, store: asyncpg.Connection) -> None:
    created = (await _created(database, store)).isoformat()
    noon = created[:10] + "T12:00:00+00:00"

    await bring(database, calendar("20:00", valid_until=noon), calendar("13:00", valid_from=noon))

    assert await business(store) == [((3 + 1) * 3600, None)]


async def _created(database: str, connection: asyncpg.Connection) -> Any:
    await bring(database, *SOLVED)
    return await connection.fetchval("SELECT created_at FROM deskgraph.tickets")


@pytest.mark.parametrize(("raised_at", "met"), [(9, False), (11, True)])
async def test_a_priority_counts_from_the_moment_it_is_raised(
    database: str, store: asyncpg.Connection, raised_at: float, met: bool
) -> None:
    """Resolved after ten hours: in time for the normal target of a day, too late for the urgent one of an hour."""
    raised = event("T-1", raised_at, EventKind.PRIORITY_CHANGED, "urgent", from_value="normal")
    policies = policy("urgent", 3600, match_priority=4), policy("all", 24 * 3600)

    await bring(database, *policies, *SOLVED, raised)

    assert [fact[1] for fact in await business(store)] == [met]


async def test_facts_of_an_earlier_making_are_made_anew(database: str, store: asyncpg.Connection) -> None:
    await bring(database, calendar("20:00"), *SOLVED, ticket("T-2"))
    expected, before = await contents(store), await version(store)
    await store.execute("UPDATE deskgraph.facts SET business_seconds = NULL, business_log_bucket = NULL")
    told = Told()

    await recompute(database, told.progress.append)

    found = await contents(store)
    assert found["facts"] == expected["facts"]
    assert await version(store) > before
    steps = [(one.done, one.total) for one in told.progress if one.step is Step.RECOMPUTING]
    assert steps == [(2, 2)]
