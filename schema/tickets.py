"""The tickets behind a number: what a role may see of them, one page at a time."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from enum import Enum
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

import strawberry
from strawberry.types import Info

from db.access import Capability, Viewer
from db.domain import NEVER, Channel, Priority, Source, Status
from db.errors import TooComplex
from db.query import Dimension
from db.tickets import Extra, Sort, SortKey
from resolvers import tickets
from resolvers.behind import Behind
from resolvers.rows import Direction
from resolvers.tickets import Node, TicketsWanted
from schema.context import RequestContext
from schema.keys import AgentRef, Named, agent_ref, named
from schema.paging import checked_first
from schema.selection import selected

PAGE: Final = 50
strawberry.enum(SortKey, name="TicketSort", description="What tickets are ordered by; DURATION is on the asked clock.")


@strawberry.input(description="An order of tickets; what is unknown comes last either way.")
class TicketOrder:
    """An order of tickets."""

    by: SortKey
    direction: Direction = Direction.DESC


@strawberry.enum(description="What became of an SLA target, as of the report's asOf.")
class TargetState(Enum):
    """A target's state."""

    MET = "met"
    MISSED = "missed"
    RUNNING = "running"


@strawberry.type(description="An SLA target of a ticket.")
class Target:
    """A target."""

    due_at: datetime | None = strawberry.field(
        description="The due instant; once the target is met, where it then lay. Null while a pause holds its clock."
    )
    state: TargetState = strawberry.field(description="MET at or before the due instant; MISSED once it has passed.")


@strawberry.type(description="One fact behind a number, with its ticket as it is now.")
class TicketNode:
    """A fact and its ticket."""

    id: strawberry.ID
    at: datetime = strawberry.field(description="The fact's instant; of a stock, when the ticket came into it.")
    created_at: datetime
    status: Status
    priority: str | None
    channel: str | None
    category: Named | None
    team: Named | None
    agent: AgentRef | None = strawberry.field(description="Whom the fact is credited to.")
    organization: Named | None
    tags: list[str]
    subject: str | None
    requester: str | None
    seconds: int | None = strawberry.field(description="Of a first response or resolution: since creation.")
    business_seconds: int | None = strawberry.field(description="The same on the business clock.")
    within_target: bool | None = strawberry.field(
        description="Of a first response or resolution: null without a target."
    )
    response_target: Target | None = strawberry.field(
        description="The ticket's first response target; null without one, if it was done before it fell due, or "
        "where it fell due with somebody whose tickets the viewer does not see."
    )
    resolution_target: Target | None = strawberry.field(
        description="The ticket's resolution target; null without one, or where it fell due with somebody whose "
        "tickets the viewer does not see."
    )
    score: int | None = strawberry.field(description="Of a rating. Those who see agents need csat:agent:read, too.")
    comment: str | None = strawberry.field(description="The ticket's rating's.")


@strawberry.type(description="One page of tickets.")
class TicketPage:
    """A page, and how many nodes there are in all."""

    total: int = strawberry.field(description="The number's count.")
    nodes: list[TicketNode] = strawberry.field(description="One a fact: a ticket resolved twice is here twice.")
    next_cursor: str | None = strawberry.field(description="Give it as `after` for the next page; null on the last.")


_EXTRA_FIELDS: Final[Mapping[str, Extra]] = {
    **{extra.name.lower(): extra for extra in Extra},
    "responseTarget": Extra.RESPONSE_TARGET,
    "resolutionTarget": Extra.RESOLUTION_TARGET,
}
_SUBJECT, _REQUESTER, _SCORE, _COMMENT = (
    extra.value for extra in (Extra.SUBJECT, Extra.REQUESTER, Extra.SCORE, Extra.COMMENT)
)
_NAMED_FIELDS: Final[Mapping[str, Dimension]] = {
    "category": Dimension.CATEGORY,
    "team": Dimension.TEAM,
    "agent": Dimension.AGENT,
    "organization": Dimension.ORGANIZATION,
    "tags": Dimension.TAG,
}
# Subject and requester tell who an organization is: who sees organizations by pseudonym goes without.
_NEEDED: Final[Mapping[Extra, tuple[Capability, ...]]] = {
    Extra.AGENT: (Capability.AGENTS_READ,),
    Extra.SCORE: (Capability.CSAT_SCORE_READ,),
    Extra.SUBJECT: (Capability.ORGANIZATION_IDENTITY_READ,),
    Extra.REQUESTER: (Capability.ORGANIZATION_IDENTITY_READ,),
    Extra.COMMENT: (Capability.CSAT_COMMENT_READ,),
    Extra.RESPONSE_TARGET: (),
    Extra.RESOLUTION_TARGET: (),
}


def capabilities(viewer: Viewer, extra: Extra) -> tuple[Capability, ...]:
    """What reading a column needs; a score beside an agent is a rating of that agent."""
    beside_agents = extra is Extra.SCORE and Capability.AGENTS_READ in viewer.capabilities
    return (*_NEEDED[extra], *((Capability.CSAT_AGENT_READ,) if beside_agents else ()))


async def tickets_behind(
    behind: Behind | None,
    info: Info[RequestContext, Any],
    first: int,
    after: str | None,
    order_by: Sequence[TicketOrder],
) -> TicketPage | None:
    """One page of the tickets behind a number; None where the number itself cannot be known.

    More lists than one operation may ask for are all None, told once.

    Raises: Forbidden, BadInput.
    """
    viewer = info.context.viewer
    info.context.lasting.keep_out()  # texts of people, and targets that fall due; a page is hardly asked for twice
    sorts = tuple(Sort(one.by, one.direction is Direction.DESC) for one in order_by)
    if any(sort.key is SortKey.SCORE for sort in sorts):
        _require_score(viewer, "orderBy SCORE")
    size = checked_first(first)
    if behind is None:
        return None
    # Who is listed behind a rating was rated; with a period or a filter around it, also how.
    if behind.counted.rows.source is Source.RATING:
        _require_score(viewer, "tickets behind ratings")
    if not behind.is_known:
        return None
    wanted = _wanted(info, size, after, sorts)
    if info.context.every_ticket is not None:
        info.context.every_ticket[tuple(info.path.as_list())] = partial(_every_ticket, behind, info.context, wanted)
        return None
    try:
        found = await tickets.tickets(behind, info.context.loaders, wanted)
    except TooComplex as fault:
        info.context.withheld[tuple(part for part in info.path.as_list() if isinstance(part, str))] = fault
        return None
    return TicketPage(total=found.total, nodes=_nodes(found.nodes, behind), next_cursor=found.next_cursor)


def _wanted(info: Info[RequestContext, Any], first: int, after: str | None, sorts: tuple[Sort, ...]) -> TicketsWanted:
    """What is selected of a list's nodes, as far as the viewer may read it."""
    chosen = selected(info).get("nodes", {})
    extras = frozenset(extra for name, extra in _EXTRA_FIELDS.items() if name in chosen and _may(info, extra, name))
    # Agents' names are only looked up where their ids are read.
    dimensions = frozenset(dimension for name, dimension in _NAMED_FIELDS.items() if name in chosen)
    shown = dimensions if Extra.AGENT in extras else dimensions - {Dimension.AGENT}
    return TicketsWanted(first, after, sorts, extras, shown)


async def _every_ticket(
    behind: Behind, context: RequestContext, wanted: TicketsWanted
) -> AsyncGenerator[Sequence[TicketNode]]:
    async with aclosing(tickets.every_ticket(behind, context.loaders, wanted)) as batches:
        async for batch in batches:
            yield _nodes(batch, behind)


def _nodes(found: Iterable[Node], behind: Behind) -> list[TicketNode]:
    asked = behind.place.slice
    return [_node(one, asked.as_of, asked.zone) for one in found]


def _require_score(viewer: Viewer, asked: str) -> None:
    for needed in capabilities(viewer, Extra.SCORE):
        viewer.require(needed, asked)


def _may(info: Info[RequestContext, Any], extra: Extra, name: str) -> bool:
    path = (*info.path.as_list(), "nodes", name)
    return info.context.may(capabilities(info.context.viewer, extra), path, f"{name} of a ticket")


def _node(node: Node, as_of: datetime, zone: ZoneInfo) -> TicketNode:
    row = node.columns
    return TicketNode(
        id=strawberry.ID(row["external_id"]),
        at=row["at"].astimezone(zone),
        created_at=row["created_at"].astimezone(zone),
        status=Status(row["status"]),
        priority=Priority(row["priority"]).word if row["priority"] else None,
        channel=Channel(row["channel"]).word if row["channel"] else None,
        category=named(node.entity(Dimension.CATEGORY)),
        team=named(node.entity(Dimension.TEAM)),
        agent=agent_ref(node.entity(Dimension.AGENT)),
        organization=named(node.entity(Dimension.ORGANIZATION)),
        tags=[tag.id for tag in node.tags],
        subject=row.get(_SUBJECT),
        requester=row.get(_REQUESTER),
        seconds=row["seconds"],
        business_seconds=row["business_seconds"],
        within_target=row["within_target"],
        response_target=_target(row, Extra.RESPONSE_TARGET, as_of, zone),
        resolution_target=_target(row, Extra.RESOLUTION_TARGET, as_of, zone),
        score=row.get(_SCORE),
        comment=row.get(_COMMENT),
    )


def _target(row: Mapping[str, Any], extra: Extra, as_of: datetime, zone: ZoneInfo) -> Target | None:
    due_at, met = row.get(f"{extra.value}_target_due"), row.get(f"{extra.value}_target_met")
    if due_at is None:
        return None
    is_over = due_at < as_of if met is None else not met
    state = TargetState.MISSED if is_over else TargetState.RUNNING if met is None else TargetState.MET
    return Target(due_at=None if due_at == NEVER else due_at.astimezone(zone), state=state)
