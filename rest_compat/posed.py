"""What a request to the GraphQL door asks: one operation, in the URL or in a JSON body.

Source: GraphQL over HTTP, section 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cachetools import LRUCache, cached
from starlette.datastructures import QueryParams
from starlette.requests import Request

from schema.public import BadInput, TooComplex

_TYPES: Final[Mapping[str, type]] = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
_WORDS: Final[Mapping[type, str]] = {str: "a string", dict: "an object"}
_KEPT_BYTES: Final = 4 * 2**20
"""Of query strings that were read before."""
_JSON: Final = ("variables", "extensions")
"""The parameters of a GET request whose values are JSON."""


@dataclass(frozen=True)
class Posed:
    """One operation, as it was sent."""

    query: str | None
    variables: Mapping[str, Any]
    operation_name: str | None
    extensions: Mapping[str, Any] | None
    further: bytes
    """Operation and variables, in a form that is equal for equal ones."""

    @property
    def size(self) -> int:
        """About what it takes, with the text it was read from. Unit: bytes."""
        return 4 * (len(self.query or "") + 2 * len(self.further)) + 1_000


async def posed(request: Request) -> Posed:
    """What is asked.

    Raises: BadInput, for what cannot be read; TooComplex, for variables nested too deep.
    """
    if request.method == "GET":
        return _of_query(request.scope["query_string"])
    try:
        found = orjson.loads(await request.body())
    except ValueError:
        raise BadInput('The body is not JSON. Send an object such as {"query": "{ viewer { role } }"}.') from None
    return posed_in(found)


@cached(LRUCache(_KEPT_BYTES, getsizeof=lambda found: found.size))
def _of_query(query: bytes) -> Posed:
    """What a query string asks; a long one takes longer to read than all else that a kept answer needs."""
    given = QueryParams(query)
    sent: dict[str, Any] = {}
    for name in _TYPES.keys() & given.keys():
        try:
            sent[name] = orjson.loads(given[name] or "null") if name in _JSON else given[name]
        except ValueError:
            raise BadInput(f"{name} is not JSON. Give a JSON object, URL-encoded.", parameter=name) from None
    return posed_in(sent)


def posed_in(sent: Any) -> Posed:
    """What an object asks that was read already.

    Raises: BadInput, TooComplex.
    """
    if isinstance(sent, list):
        raise BadInput("A batch of operations is not taken here. Send each in a request of its own.")
    if not isinstance(sent, dict):
        raise BadInput("The body is not a JSON object. Send one with `query`, or `extensions.persistedQuery`.")
    for name, kind in _TYPES.items():
        if sent.get(name) is not None and not isinstance(sent[name], kind):
            raise BadInput(f"{name} must be {_WORDS[kind]} or null.", parameter=name)
    query, operation, variables = sent.get("query"), sent.get("operationName"), sent.get("variables") or {}
    plain = operation is None and not variables
    try:
        further = b"" if plain else orjson.dumps([operation, variables], option=orjson.OPT_SORT_KEYS)
    except TypeError:  # nested deeper than can be written again
        raise TooComplex("variables are nested too deep to be read.", parameter="variables") from None
    return Posed(query, variables, operation, sent.get("extensions"), further)
