"""What a filter's ids are called: as the viewer's own lists have them; an id that they do not tell of stays an id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from rest_compat.answering import problem_of
from rest_compat.asking import UNSET
from rest_compat.problems import Kind
from rest_compat.readers import MAX_LIMIT
from schema.context import RequestContext
from schema.executor import Gateway

_LISTS: Final = {
    "category": "categories",
    "team": "teams",
    "agent": "agents",
    "organization": "organizations",
    "tag": "tags",
}
"""The lists of what has a name, by the filter that names it."""
Names = Mapping[tuple[str, str], str]
"""Names by the filter's name and the id."""


async def names_of(gateway: Gateway, context: RequestContext, filter_: Mapping[str, Sequence[str]]) -> Names:
    """The names that the viewer may see of what a filter names, each in one line.

    Raises: Problem.
    """
    asked = dict(_asked(filter_))
    if not asked:
        return {}
    given = ", ".join(f"${alias}: [ID!]" for alias in asked)
    lists = " ".join(
        f"{alias}: {_LISTS[name]}(ids: ${alias}, first: {MAX_LIMIT}) {{ nodes {{ id name }} }}"
        for alias, (name, _) in asked.items()
    )
    variables = {alias: ids for alias, (_, ids) in asked.items()}
    result = await gateway.execute(f"query FilterNames({given}) {{ {lists} }}", variables, context)
    serious = [one for one in result.errors or () if (one.extensions or {}).get("code") != Kind.FORBIDDEN.code]
    if serious:
        raise problem_of(serious)
    data: Mapping[str, Any] = result.data or {}
    return {
        (name, node["id"]): " ".join(node["name"].split())
        for alias, (name, _) in asked.items()
        if data.get(alias) is not None
        for node in data[alias]["nodes"]
    }


def _asked(filter_: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, tuple[str, list[str]]]]:
    """The ids to be named, as many as one list takes, by an alias."""
    for name in _LISTS:
        ids = [one for one in filter_.get(name, ()) if one != UNSET]
        for start in range(0, len(ids), MAX_LIMIT):
            yield f"{name}{start}", (name, ids[start : start + MAX_LIMIT])
