"""Stored tickets with all that belongs to them: read, and replaced as a whole, many at a time.

Nothing is updated in place: what is stored of a ticket is deleted by its key and copied in anew, because the key
holds the organization, and a ticket may move to another. Statements stay within what runs distributed (design,
section 5). The names in them are the store's own, never input; the session's search path finds them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from db.importing.fact_copy import FactPacker
from db.importing.landing import landing
from db.importing.records import (
    EVENT_COLUMNS,
    FACT_COLUMNS,
    RATING_COLUMNS,
    TICKET_COLUMNS,
    EventRecord,
    Fact,
    RatingRecord,
    TicketRecord,
)
from db.importing.session import Session
from db.version import CHANNEL

Key = tuple[int, int]
"""Organization and id of a ticket, as stored."""

Place = tuple[int, int, int]
"""File and line of a ticket's waiting row, and its id."""

_TICKETS: Final = f"SELECT {', '.join(f't.{column}' for column in TICKET_COLUMNS)} FROM tickets AS t"
_REDERIVED_AT_ONCE: Final = 5_000


@dataclass(slots=True)
class Replacement:
    """What a transaction takes out of the store and puts into it."""

    facts_of: list[Key] = field(default_factory=list)
    tickets_of: list[Key] = field(default_factory=list)
    events_of: list[Key] = field(default_factory=list)
    ratings_of: list[Key] = field(default_factory=list)
    facts: Iterable[Sequence[Fact]] = ()
    """Ticket by ticket; made while they are copied in, so that we and the server work at the same time."""
    tickets: list[Place] = field(default_factory=list)
    """Where the tickets' rows wait."""
    events: list[tuple[Any, ...]] = field(default_factory=list)
    ratings: list[tuple[Any, ...]] = field(default_factory=list)


async def is_empty(session: Session) -> bool:
    """Whether no ticket is stored."""
    return await session.fetchval("SELECT 1 FROM tickets LIMIT 1") is None


async def next_ticket_id(session: Session) -> int:
    """The id of the next new ticket; only the holder of the import's lock takes any."""
    next_id: int = await session.fetchval("SELECT last_value + CASE WHEN is_called THEN 1 ELSE 0 END FROM ticket_ids")
    return next_id


async def take_ticket_ids(session: Session, last_id: int) -> None:
    """Marks the ids up to this one as taken; not undone by a rollback, so a crash never gives one twice."""
    await session.execute("SELECT setval('ticket_ids', $1)", last_id)


async def stored_tickets(session: Session, external_ids: Sequence[str]) -> dict[str, TicketRecord]:
    """The stored tickets among these ids of the source."""
    rows = await session.fetch(f"{_TICKETS} WHERE t.external_id = ANY($1::text[])", external_ids)
    return {row[2]: TicketRecord(*row) for row in rows}


async def absent_tickets(session: Session, run_id: int, ids: str) -> list[Key]:
    """The tickets that came by a run and whose ids are not in a table of ids."""
    rows = await session.fetch(
        f"SELECT t.organization_id, t.id FROM tickets AS t LEFT JOIN {ids} AS there USING (external_id)"
        " WHERE t.import_run_id = $1 AND there.external_id IS NULL",
        run_id,
    )
    return [(row[0], row[1]) for row in rows]


async def tickets_of_run(session: Session, run_id: int) -> int:
    """How many tickets came by a run."""
    count: int = await session.fetchval("SELECT count(*) FROM tickets WHERE import_run_id = $1", run_id)
    return count


async def stored_events(session: Session, keys: Sequence[Key]) -> dict[int, list[EventRecord]]:
    """The events of these tickets by ticket id, each ticket's in order."""
    rows = await _of_tickets(session, "ticket_events", EVENT_COLUMNS, keys, "ORDER BY ticket_id, ordinal")
    found: dict[int, list[EventRecord]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(EventRecord(*row[3:]))
    return found


async def stored_ratings(session: Session, keys: Sequence[Key]) -> dict[int, RatingRecord]:
    """The ratings of these tickets by ticket id."""
    rows = await _of_tickets(session, "ratings", RATING_COLUMNS, keys, "")
    return {row[1]: RatingRecord(*row[2:]) for row in rows}


async def _of_tickets(
    session: Session, table: str, columns: Sequence[str], keys: Sequence[Key], order: str
) -> list[Any]:
    if not keys:
        return []
    return await session.fetch(
        f"SELECT {', '.join(columns)} FROM {table}"
        " JOIN unnest($1::int[], $2::bigint[]) AS asked (organization_id, ticket_id)"
        f" USING (organization_id, ticket_id) {order}",
        *_columns_of(keys),
    )


def _credited_to(agent_ids: Sequence[int] | None) -> tuple[str, tuple[Any, ...]]:
    """The condition on tickets `t` that have facts credited to these agents, with its arguments; all: no condition."""
    if agent_ids is None:
        return "", ()
    return (
        " WHERE (t.organization_id, t.id) IN"
        " (SELECT organization_id, ticket_id FROM facts WHERE agent_id = ANY($1::int[]))",
        (agent_ids,),
    )


async def credited_count(session: Session, agent_ids: Sequence[int] | None) -> int:
    """How many tickets `credited_tickets` will bring."""
    where, arguments = _credited_to(agent_ids)
    count: int = await session.fetchval(f"SELECT count(*) FROM tickets AS t{where}", *arguments)
    return count


async def credited_tickets(session: Session, agent_ids: Sequence[int] | None) -> AsyncIterator[list[TicketRecord]]:
    """The tickets that have facts credited to these agents, or all; a few thousand at a time.

    A cursor: needs a transaction, and does not see what that transaction does to them meanwhile.
    """
    where, arguments = _credited_to(agent_ids)
    cursor = await session.cursor(_TICKETS + where, *arguments)
    while rows := await cursor.fetch(_REDERIVED_AT_ONCE):
        yield [TicketRecord(*row) for row in rows]


async def remove(session: Session, change: Replacement) -> None:
    """Deletes what is to be taken out."""
    for table, key, gone in (
        ("facts", "ticket_id", change.facts_of),
        ("ticket_events", "ticket_id", change.events_of),
        ("ratings", "ticket_id", change.ratings_of),
        ("tickets", "id", change.tickets_of),
    ):
        if gone:
            await session.execute(
                f"DELETE FROM {table} AS t"
                " USING unnest($1::int[], $2::bigint[]) AS gone (organization_id, ticket_id)"
                f" WHERE t.organization_id = gone.organization_id AND t.{key} = gone.ticket_id",
                *_columns_of(gone),
            )


async def copy_in(session: Session, change: Replacement) -> None:
    """Copies in what is to be put in, but for the tickets: their rows wait in the database already."""
    for table, columns, records in (
        ("ticket_events", EVENT_COLUMNS, change.events),
        ("ratings", RATING_COLUMNS, change.ratings),
    ):
        if records:
            async with landing(session, table, columns) as into:
                await session.copy_records_to_table(into, columns=list(columns), records=records)
    async with landing(session, "facts", FACT_COLUMNS) as into:
        await session.copy_to_table(
            into, source=FactPacker().stream(change.facts), columns=list(FACT_COLUMNS), format="binary"
        )


def keys_of(facts: Iterable[Sequence[Any]]) -> list[Key]:
    """The tickets that have facts, of facts ticket by ticket."""
    return [(made[0][0], made[0][1]) for made in facts if made]


async def raise_data_version(session: Session) -> None:
    """Tells everyone that reports may say something new, once this transaction is committed."""
    await session.execute("UPDATE data_version SET version = version + 1, changed_at = clock_timestamp()")
    await session.execute(f"NOTIFY {CHANNEL}")


def _columns_of(keys: Iterable[Key]) -> tuple[list[int], list[int]]:
    organization_ids, ids = zip(*keys, strict=True)
    return list(organization_ids), list(ids)
