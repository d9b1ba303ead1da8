"""Where an import's rows wait for the merge: temporary tables, filled by COPY and read in order of tickets.

They live in the session, so neither a crash nor a dry run leaves anything of them. References are resolved on the
way in, so the rows come out as the store's records.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from db.domain import UNSET, ActorKind, EventKind
from db.importing.course import PRIORITY_CODES, STATUS_CODES
from db.importing.dimensions import Dimensions
from db.importing.records import TICKET_COLUMNS, EventRecord, RatingRecord, TicketRecord
from db.importing.session import Session
from db.importing.ticket_store import Place
from db.sources.checks import ID_LENGTH
from db.sources.rows import EventRow, RatingRow, TicketRow

_BUFFER_ROWS: Final = 20_000
"""Rows held before they are copied in."""

_BATCH_ROWS: Final = 8_000
"""Rows of a batch of the merge, about: a ticket's rows are never parted."""

_BEYOND: Final = chr(sys.maxunicode) * (ID_LENGTH + 1)
"""After every id."""

_PLACE: Final = (("file", "smallint"), ("line", "int"), ("external_id", 'text COLLATE "C"'))
_TICKET: Final = (
    ("organization_id", "int"),
    ("created_at", "timestamptz"),
    ("subject", "text"),
    ("requester", "text"),
    ("category_id", "int"),
    ("priority", "smallint"),
    ("channel", "smallint"),
    ("status", "smallint"),
    ("team_id", "int"),
    ("assignee_id", "int"),
    ("tag_ids", "int[]"),
    ("first_response_at", "timestamptz"),
    ("first_responder_id", "int"),
    ("resolved_at", "timestamptz"),
    ("closed_at", "timestamptz"),
    ("reopen_count", "int"),
    ("first_response_due_at", "timestamptz"),
    ("resolution_due_at", "timestamptz"),
    ("updated_at", "timestamptz"),
)
_EVENT: Final = (
    ("at", "timestamptz"),
    ("kind", "smallint"),
    ("actor", "text"),
    ("actor_kind", "smallint"),
    ("from_value", "text"),
    ("to_value", "text"),
)
_RATING: Final = (("at", "timestamptz"), ("score", "smallint"), ("agent_id", "int"), ("comment", "text"))


_PUT_TICKETS: Final = (
    f"INSERT INTO tickets ({', '.join(TICKET_COLUMNS)})"
    f" SELECT s.organization_id, p.id, {', '.join(f's.{column}' for column in TICKET_COLUMNS[2:-2])}, $4, $5"
    " FROM staged_tickets AS s JOIN unnest($1::smallint[], $2::int[], $3::bigint[]) AS p (file, line, id)"
    " USING (file, line) WHERE s.external_id > $6 AND s.external_id <= $7"
)
"""Server to server: what the merge needs of a ticket it has read, but the whole row need not travel twice."""


class Staged(NamedTuple):
    """One waiting row: where it stands, whose it is, and the rest of it as a record."""

    file: int
    line: int
    external_id: str
    values: Sequence[Any]


class Batch(NamedTuple):
    """All waiting rows of some tickets, each kind in order of ticket, then of file and line."""

    after: str
    through: str
    """The last ticket of the batch before, and of this one."""
    tickets: list[Staged]
    events: list[Staged]
    ratings: list[Staged]


class _Table:
    """One temporary table, and the rows that are about to go into it."""

    def __init__(self, name: str, columns: Sequence[tuple[str, str]]) -> None:
        self.name = name
        self.definition = (*_PLACE, *columns)
        self.columns = [column for column, _ in self.definition]
        self.buffer: list[tuple[Any, ...]] = []
        self.count = 0

    async def create(self, session: Session) -> None:
        columns = ", ".join(f"{name} {kind}" for name, kind in self.definition)
        await session.execute(f"CREATE TEMPORARY TABLE {self.name} ({columns})")

    async def clear(self, session: Session) -> None:
        self.buffer.clear()
        if self.count:
            await session.execute(f"TRUNCATE {self.name}")
            self.count = 0

    async def flush(self, session: Session) -> None:
        if self.buffer:
            self.count += len(self.buffer)
            await session.copy_records_to_table(
                self.name, schema_name="pg_temp", columns=self.columns, records=self.buffer
            )
            self.buffer.clear()

    async def index(self, session: Session) -> None:
        await session.execute(f"CREATE INDEX ON {self.name} (external_id)")
        await session.execute(f"ANALYZE {self.name} (external_id)")

    async def between(self, session: Session, after: str, through: str) -> list[Staged]:
        if not self.count:
            return []
        rows = await session.fetch(
            f"SELECT {', '.join(self.columns)} FROM {self.name}"
            " WHERE external_id > $1 AND external_id <= $2 ORDER BY external_id, file, line",
            after,
            through,
        )
        return [Staged(row[0], row[1], row[2], row[3:]) for row in rows]


class Stage:
    """The waiting rows of one import."""

    def __init__(self, session: Session, dimensions: Dimensions) -> None:
        self._session = session
        self._dimensions = dimensions
        self._tickets = _Table("staged_tickets", _TICKET)
        self._events = _Table("staged_events", _EVENT)
        self._ratings = _Table("staged_ratings", _RATING)
        self._tables = (self._tickets, self._events, self._ratings)
        self._buffered = 0

    async def create(self) -> None:
        """Makes the tables."""
        for table in self._tables:
            await table.create(self._session)

    async def clear(self) -> None:
        """Forgets all that waits."""
        for table in self._tables:
            await table.clear(self._session)
        self._buffered = 0

    async def all(self) -> Batch:
        """All waiting rows as one batch: for so few that no batches need be made of them."""
        await self.flush()
        return await self.batch("", _BEYOND)

    @property
    def is_full(self) -> bool:
        """Whether it is time to `flush`."""
        return self._buffered >= _BUFFER_ROWS

    @property
    def ticket_count(self) -> int:
        """How many rows of tickets wait."""
        return self._tables[0].count

    async def flush(self) -> None:
        """Copies what is buffered into the tables."""
        for table in self._tables:
            await table.flush(self._session)
        self._buffered = 0

    def add_ticket(self, file: int, line: int, row: TicketRow) -> None:
        """Takes a ticket."""
        self._tickets.buffer.append((file, line, row[0], *ticket_values(row, self._dimensions)))
        self._buffered += 1

    def add_event(self, file: int, line: int, row: EventRow) -> None:
        """Takes an event; whom and what it names is known from now on."""
        self._events.buffer.append((file, line, row[0], *event_values(row, self._dimensions)))
        self._buffered += 1

    def add_rating(self, file: int, line: int, row: RatingRow) -> None:
        """Takes a rating."""
        self._ratings.buffer.append((file, line, row[0], *rating_values(row, self._dimensions)))
        self._buffered += 1

    async def boundaries(self) -> list[str]:
        """The last tickets of the batches to merge, in the order of ids (C collation)."""
        await self.flush()
        filled = [table for table in self._tables if table.count]
        if not filled:
            return []
        for table in filled:
            await table.index(self._session)
        rows = " UNION ALL ".join(f"SELECT external_id FROM {table.name}" for table in filled)
        found = await self._session.fetch(
            "SELECT external_id FROM ("
            f" SELECT external_id, row_number() OVER (ORDER BY external_id) AS number FROM ({rows}) AS waiting"
            f") AS numbered WHERE number % $1 = 0 UNION SELECT max(external_id) FROM ({rows}) AS waiting"
            " ORDER BY external_id",
            _BATCH_ROWS,
        )
        return [row[0] for row in found]

    async def batch(self, after: str, through: str) -> Batch:
        """The waiting rows of the tickets after one id, through another."""
        tickets, events, ratings = [await table.between(self._session, after, through) for table in self._tables]
        return Batch(after, through, tickets, events, ratings)

    async def put_tickets(self, batch: Batch, places: Sequence[Place], *, prefers_columns: bool, run_id: int) -> None:
        """Copies waiting tickets of a batch to where they are going."""
        if places:
            files, lines, ids = (list(column) for column in zip(*places, strict=True))
            arguments = (files, lines, ids, prefers_columns, run_id, batch.after, batch.through)
            await self._session.execute(_PUT_TICKETS, *arguments)


def ticket_values(row: TicketRow, known: Dimensions) -> tuple[Any, ...]:
    """A ticket's values as they wait, its references resolved."""
    agent_of = known.agents.id_of
    return (
        known.organizations.id_of(row[3]) or UNSET,
        *row[1:3],
        row[4],
        known.categories.id_of(row[5]),
        *row[6:9],
        known.teams.id_of(row[9]),
        agent_of(row[10]),
        [known.tags.id_of(tag) for tag in dict.fromkeys(row[11])] if row[11] else None,
        row[12],
        agent_of(row[13]),
        *row[14:],
    )


def event_values(row: EventRow, known: Dimensions) -> tuple[Any, ...]:
    """An event's values as they wait; whom and what it names is known from now on."""
    _, _, kind, actor, actor_kind, from_value, to_value = row
    if actor_kind == ActorKind.AGENT:
        known.agents.id_of(actor)
    things = {
        EventKind.ASSIGNED: known.agents,
        EventKind.TEAM_CHANGED: known.teams,
        EventKind.CATEGORY_CHANGED: known.categories,
    }.get(kind)
    if things is not None:
        things.id_of(from_value)
        things.id_of(to_value)
    return row[1:]


def rating_values(row: RatingRow, known: Dimensions) -> tuple[Any, ...]:
    """A rating's values as they wait, its agent resolved."""
    return row.at, row.score, known.agents.id_of(row.agent), row.comment


def unknown_word(row: EventRow) -> tuple[str, str, str] | None:
    """The column, reason and text of an event that names a status or priority nobody knows."""
    codes = {EventKind.STATUS_CHANGED: STATUS_CODES, EventKind.PRIORITY_CHANGED: PRIORITY_CODES}.get(row.kind)
    if codes is None:
        return None
    if row.kind is EventKind.STATUS_CHANGED and row.to_value is None:
        return "to", "a status change says what the status becomes", ""
    for column, value in (("from", row.from_value), ("to", row.to_value)):
        if value is not None and value not in codes:
            return column, f"unknown; known are {', '.join(codes)}", value
    return None


def event_of(staged: Staged) -> EventRecord:
    """The event of a waiting row."""
    return EventRecord(*staged.values)


def ticket_of(staged: Staged, id_: int, *, prefers_columns: bool, run_id: int) -> TicketRecord:
    """The ticket of a waiting row."""
    organization_id, *rest = staged.values
    return TicketRecord._make((organization_id, id_, staged.external_id, *rest, prefers_columns, run_id))


def rating_of(staged: Staged) -> RatingRecord:
    """The rating of a waiting row."""
    return RatingRecord(*staged.values)
