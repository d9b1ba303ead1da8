"""A plain gateway, as one is written on any day: Strawberry over SQLAlchemy, every field with a query of its own.

    DATABASE_URL=postgresql://... uvicorn benchmarks.contenders.plain_gateway:app

It keeps to what such code usually does: everything is credited to the present assignee, and what was open at an
instant is asked of the columns, so that reopened tickets are missed. So its numbers are not compared.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import strawberry
from sqlalchemy import ColumnElement, Integer, and_, extract, func, or_, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from strawberry.asgi import GraphQL

from benchmarks.desk import ZONE
from db.domain import Priority, Status
from db.models import Agent, Category, Organization, Rating, Ticket, TicketEvent

_engine = create_async_engine(
    os.environ.get("DATABASE_URL", "postgresql://").replace("postgresql://", "postgresql+asyncpg://"),
    pool_size=4,
    max_overflow=0,
    pool_timeout=600,
)
_sessions = async_sessionmaker(_engine)
_tickets: Any = Ticket
_ratings: Any = Rating
_events: Any = TicketEvent
_REPORTED = _tickets.status <= int(Status.CLOSED)
_ANSWER_SECONDS = extract("epoch", _tickets.first_response_at - _tickets.created_at)
_SOLVE_SECONDS = extract("epoch", _tickets.resolved_at - _tickets.created_at)


async def _value(statement: Any) -> Any:
    async with _sessions() as session:
        return await session.scalar(statement)


async def _rows(statement: Any) -> Sequence[Any]:
    async with _sessions() as session:
        return (await session.execute(statement)).all()


@dataclass(frozen=True)
class Cut:
    """The tickets asked about, and when."""

    conditions: tuple[ColumnElement[bool], ...]
    since: datetime
    until: datetime

    def within(self, column: Any) -> ColumnElement[bool]:
        """The cut's tickets with that instant in the period."""
        return and_(_REPORTED, column >= self.since, column < self.until, *self.conditions)

    def open_at(self, at: datetime) -> ColumnElement[bool]:
        """The cut's tickets that were open at an instant."""
        resolved = _tickets.resolved_at
        return and_(_REPORTED, _tickets.created_at < at, or_(resolved.is_(None), resolved >= at), *self.conditions)

    def of_agent(self, agent_id: int) -> Cut:
        """The same of one agent."""
        return Cut((*self.conditions, _tickets.assignee_id == agent_id), self.since, self.until)


def _count(condition: ColumnElement[bool]) -> Any:
    return select(func.count()).select_from(Ticket).where(condition)


def _rated(cut: Cut, value: Any) -> Any:
    same = and_(_ratings.organization_id == _tickets.organization_id, _ratings.ticket_id == _tickets.id)
    return select(value).select_from(Rating).join(Ticket, same).where(cut.within(_ratings.at))


@strawberry.input
class Period:
    """When, and of which tickets."""

    since: datetime
    until: datetime
    agent: str | None = None
    organization: str | None = None
    category: str | None = None
    priority: str | None = None

    def cut(self) -> Cut:
        """The conditions that say so."""
        named = (
            (Agent, _tickets.assignee_id, self.agent),
            (Organization, _tickets.organization_id, self.organization),
            (Category, _tickets.category_id, self.category),
        )
        conditions = [
            column == select(dimension.id).where(dimension.external_id == id_).scalar_subquery()
            for dimension, column, id_ in named
            if id_
        ]
        if self.priority:
            conditions.append(_tickets.priority == int(Priority[self.priority.upper()]))
        return Cut(tuple(conditions), self.since, self.until)


@strawberry.type
class Times:
    """How long something took."""

    seconds: strawberry.Private[Any]
    condition: strawberry.Private[Any]

    @strawberry.field
    async def count(self) -> int:
        return int(await _value(_count(self.condition)))

    @strawberry.field
    async def mean(self) -> float | None:
        return await _value(select(func.avg(self.seconds)).where(self.condition))

    @strawberry.field
    async def percentile(self, share: float) -> float | None:
        return await _value(select(func.percentile_cont(share).within_group(self.seconds.asc())).where(self.condition))

    @strawberry.field
    async def buckets(self, edges: list[int]) -> list[int]:
        bucket = func.width_bucket(self.seconds, edges)
        found = dict(await _rows(select(bucket, func.count()).where(self.condition).group_by(bucket)))
        return [found.get(number, 0) for number in range(1, len(edges) + 1)]


@strawberry.type
class Group:
    """How many tickets stand under a key."""

    key: str | None
    count: int


@strawberry.type
class Numbers:
    """The numbers of a cut, each when it is asked for."""

    cut: strawberry.Private[Cut]

    @strawberry.field
    async def tickets_created(self) -> int:
        return int(await _value(_count(self.cut.within(_tickets.created_at))))

    @strawberry.field
    async def tickets_resolved(self) -> int:
        return int(await _value(_count(self.cut.within(_tickets.resolved_at))))

    @strawberry.field
    async def open_tickets(self) -> int:
        return int(await _value(_count(self.cut.open_at(self.cut.until))))

    @strawberry.field
    async def open_breached(self) -> int:
        late = and_(self.cut.open_at(self.cut.until), _tickets.resolution_due_at < self.cut.until)
        return int(await _value(_count(late)))

    @strawberry.field
    async def resolution_rate(self) -> float | None:
        met = func.avg((_tickets.resolved_at <= _tickets.resolution_due_at).cast(Integer))
        return await _value(select(met).where(self.cut.within(_tickets.resolved_at)))

    @strawberry.field
    async def csat_score(self) -> float | None:
        return await _value(_rated(self.cut, func.avg((_ratings.score >= 4).cast(Integer))))

    @strawberry.field
    async def csat_average(self) -> float | None:
        return await _value(_rated(self.cut, func.avg(_ratings.score)))

    @strawberry.field
    async def csat_count(self) -> int:
        return int(await _value(_rated(self.cut, func.count())))

    @strawberry.field
    def response_time(self) -> Times:
        return Times(seconds=_ANSWER_SECONDS, condition=self.cut.within(_tickets.first_response_at))

    @strawberry.field
    def resolution_time(self) -> Times:
        return Times(seconds=_SOLVE_SECONDS, condition=self.cut.within(_tickets.resolved_at))

    @strawberry.field
    async def by_status(self) -> list[Group]:
        found = select(_tickets.status, func.count()).where(self.cut.within(_tickets.created_at))
        return [Group(key=Status(status).word, count=n) for status, n in await _rows(found.group_by(_tickets.status))]

    @strawberry.field
    async def by_category(self) -> list[Group]:
        name: Any = Category.name
        found = select(name, func.count()).select_from(Ticket)
        found = found.outerjoin(Category, _tickets.category_id == Category.id)
        found = found.where(self.cut.within(_tickets.created_at)).group_by(name)
        return [Group(key=key, count=n) for key, n in await _rows(found)]


@strawberry.type
class AgentRow:
    """One agent."""

    id: str
    numbers: Numbers


@strawberry.type
class Volume:
    """Daily counts, a list each."""

    cut: strawberry.Private[Cut]

    @strawberry.field
    async def created(self) -> list[int]:
        return list((await self._daily(_tickets.created_at)).values())

    @strawberry.field
    async def resolved(self) -> list[int]:
        return list((await self._daily(_tickets.resolved_at)).values())

    @strawberry.field
    async def reopened(self) -> list[int]:
        same = and_(_events.organization_id == _tickets.organization_id, _events.ticket_id == _tickets.id)
        day = func.date_trunc("day", _events.at, ZONE.key)
        done = ("resolved", "closed")
        found = select(day, func.count()).select_from(TicketEvent).join(Ticket, same)
        found = found.where(_events.kind == 1, _events.from_value.in_(done), _events.to_value.not_in(done))
        return [n for _, n in await _rows(found.where(self.cut.within(_events.at)).group_by(day).order_by(day))]

    @strawberry.field
    async def open(self) -> list[int]:
        stock = int(await _value(_count(self.cut.open_at(self.cut.since))))
        came, went = await self._daily(_tickets.created_at), await self._daily(_tickets.resolved_at)
        found = []
        for day in sorted({*came, *went}):
            stock += came.get(day, 0) - went.get(day, 0)
            found.append(stock)
        return found

    async def _daily(self, column: Any) -> dict[datetime, int]:
        day = func.date_trunc("day", column, ZONE.key)
        found = select(day, func.count()).where(self.cut.within(column)).group_by(day).order_by(day)
        return dict(await _rows(found))


@strawberry.type
class Query:
    """A cut of the desk in a period."""

    @strawberry.field
    def numbers(self, period: Period) -> Numbers:
        return Numbers(cut=period.cut())

    @strawberry.field
    async def agents(self, period: Period) -> list[AgentRow]:
        everybody: Any = Agent
        found = await _rows(select(everybody.id, everybody.external_id))
        return [AgentRow(id=name, numbers=Numbers(cut=period.cut().of_agent(id_))) for id_, name in found]

    @strawberry.field
    def volume(self, period: Period) -> Volume:
        return Volume(cut=period.cut())

    @strawberry.field
    async def categories(self, period: Period) -> list[Group]:
        month = func.date_trunc("month", _tickets.created_at, ZONE.key)
        found = select(_tickets.category_id, month, func.count()).where(period.cut().within(_tickets.created_at))
        rows = await _rows(found.group_by(_tickets.category_id, month))
        return [Group(key=f"{category} {start}", count=n) for category, start, n in rows]

    @strawberry.field
    async def grid(self, period: Period) -> list[Group]:
        local = func.timezone(ZONE.key, _tickets.created_at)
        weekday, hour = extract("isodow", local), extract("hour", local)
        found = select(weekday, hour, func.count()).where(period.cut().within(_tickets.created_at))
        rows = await _rows(found.group_by(weekday, hour))
        return [Group(key=f"{day} {hour}", count=n) for day, hour, n in rows]


app = GraphQL[None, None](strawberry.Schema(Query))
