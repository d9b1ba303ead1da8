"""What can be picked in a filter: the agents, teams, categories, organizations and tags there are, by name."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

import strawberry
from strawberry.types import Info

from db.errors import BadInput
from db.query import Dimension
from resolvers import pickers
from resolvers.pickers import PickerAsked, PickerPage
from schema.context import RequestContext
from schema.keys import AgentRef, Named, agent_ref, named
from schema.paging import MAX_PAGE, checked_first

PAGE: Final = 50
MAX_SEARCH: Final = 200
"""Unit: characters."""
_NEVER_STORED: Final = re.compile("[\x00\ud800-\udfff]")


@strawberry.type(description="One page of what can be picked, by name, then by id.")
class NamedPage:
    """A page, and how many there are in all."""

    total: int
    nodes: list[Named]
    next_cursor: str | None = strawberry.field(description="Give it as `after` for the next page; null on the last.")


@strawberry.type(description="One page of agents, by name, then by id.")
class AgentPage:
    """A page, and how many there are in all."""

    total: int
    nodes: list[AgentRef]
    next_cursor: str | None = strawberry.field(description="Give it as `after` for the next page; null on the last.")


async def agents(
    info: Info[RequestContext, Any],
    search: str | None = None,
    ids: list[strawberry.ID] | None = None,
    first: int = PAGE,
    after: str | None = None,
) -> AgentPage | None:
    """The agents that the viewer may see."""
    found = await _page(info, Dimension.AGENT, search, ids, first, after)
    nodes = [ref for one in found.nodes if (ref := agent_ref(one))]
    return AgentPage(total=found.total, nodes=nodes, next_cursor=found.next_cursor)


def _named(dimension: Dimension) -> Callable[..., Awaitable[NamedPage | None]]:
    async def entities(
        info: Info[RequestContext, Any],
        search: str | None = None,
        ids: list[strawberry.ID] | None = None,
        first: int = PAGE,
        after: str | None = None,
    ) -> NamedPage | None:
        """The entities that the viewer may see."""
        found = await _page(info, dimension, search, ids, first, after)
        nodes = [one for entity in found.nodes if (one := named(entity))]
        return NamedPage(total=found.total, nodes=nodes, next_cursor=found.next_cursor)

    return entities


teams, categories, organizations, tags = map(
    _named, (Dimension.TEAM, Dimension.CATEGORY, Dimension.ORGANIZATION, Dimension.TAG)
)


async def _page(
    info: Info[RequestContext, Any],
    dimension: Dimension,
    search: str | None,
    ids: Sequence[str] | None,
    first: int,
    after: str | None,
) -> PickerPage:
    if ids is not None and len(ids) > MAX_PAGE:
        raise BadInput(f"ids names {len(ids)}, more than {MAX_PAGE}. Ask in several requests.", parameter="ids")
    if search is not None:
        _check_text(search, "search")
    for id_ in ids or ():
        _check_text(id_, "ids")
    given = tuple(dict.fromkeys(ids)) if ids is not None else None
    asked = PickerAsked(dimension, search or None, given, checked_first(first), after)
    return await pickers.page(info.context.loaders, asked)


def _check_text(text: str, parameter: str) -> None:
    if len(text) > MAX_SEARCH:
        raise BadInput(
            f"{parameter} has a text of {len(text)} characters. Give at most {MAX_SEARCH}.", parameter=parameter
        )
    if _NEVER_STORED.search(text):
        raise BadInput(f"{parameter} has a character that no name and no id can have.", parameter=parameter)
