"""What a filter's ids are called: as the viewer's own lists have them; an id that they do not tell of stays an id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rest_compat.answering import problem_of
from rest_compat.readers import MAX_LIMIT, UNSET
from rest_compat.recording import beside
from schema.context import RequestContext
from schema.executor import Gateway
from schema.permissions import needed
from schema.public import Capability

_LISTS: Final = {
    "category": "categories",
    "team": "teams",
    "agent": "agents",
    "organization": "organizations",
    "tag": "tags",
}
"""The lists of what has a name, by the filter that names it."""
_IDENTITIES: Final = {
    "agent": (Capability.AGENT_IDENTITY_READ,),
    "organization": (Capability.ORGANIZATION_IDENTITY_READ,),
}
Names = Mapping[tuple[str, str], str]
"""Names by the filter's name and the id."""


async def names_of(gateway: Gateway, context: RequestContext, filter_: Mapping[str, Sequence[str]]) -> Names:
    """The names that the viewer may see of what a filter names, each in one line.

    Raises: Problem.
    """
    asked = dict(_asked({name: ids for name, ids in filter_.items() if _may_list(context, name)}))
    if not asked:
        return {}
    given = ", ".join(f"${alias}: [ID!]" for alias in asked)
    lists = " ".join(
        f"{alias}: {_LISTS[name]}(ids: ${alias}, first: {MAX_LIMIT}) {{ nodes {{ id name }} }}"
        for alias, (name, _) in asked.items()
    )
    variables = {alias: ids for alias, (_, ids) in asked.items()}
    async with beside(gateway, context) as own:
        result = await gateway.execute(f"query FilterNames({given}) {{ {lists} }}", variables, own)
    if result.errors:
        raise problem_of(result.errors)
    data: Mapping[str, Any] = result.data or {}
    return {
        (name, node["id"]): " ".join(node["name"].split())
        for alias, (name, _) in asked.items()
        for node in data[alias]["nodes"]
    }


def _may_list(context: RequestContext, name: str) -> bool:
    """Whether the viewer has a list of what has a name; whose names are pseudonyms filters by none."""
    return name in _LISTS and context.has((*needed("Query", _LISTS[name]), *_IDENTITIES.get(name, ())))


def _asked(filter_: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """The ids to be named, as many as one list takes, by an alias."""
    for name in _LISTS:
        ids = [one for one in filter_.get(name, ()) if one != UNSET]
        for start in range(0, len(ids), MAX_LIMIT):
            yield f"{name}{start}", (name, ids[start : start + MAX_LIMIT])
