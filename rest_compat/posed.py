"""What a request to the GraphQL door asks, read without the view's machinery, as far as it is plain.

What is not plain is None here: the view reads it again, and says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.requests import Request

_STREAMS: Final = ("multipart/", "text/event-stream")
"""What a client accepts that asks for a stream instead of one answer."""
_TYPES: Final[Mapping[str, type]] = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
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


async def posed(request: Request) -> Posed | None:
    """What is asked, where that is plain."""
    if any(stream in request.headers.get("accept", "") for stream in _STREAMS):
        return None
    try:
        sent = await _sent(request)
        if not isinstance(sent, dict) or not all(
            sent.get(name) is None or isinstance(sent[name], kind) for name, kind in _TYPES.items()
        ):
            return None
        query, operation, variables = sent.get("query"), sent.get("operationName"), sent.get("variables") or {}
        plain = operation is None and not variables
        further = b"" if plain else orjson.dumps([operation, variables], option=orjson.OPT_SORT_KEYS)
    except (ValueError, TypeError):  # no JSON, or nested deeper than can be written again
        return None
    return Posed(query, variables, operation, sent.get("extensions"), further)


async def _sent(request: Request) -> Any:
    if request.method == "POST":
        return orjson.loads(await request.body())
    if request.method != "GET":
        return None
    given = request.query_params
    return {name: orjson.loads(given[name]) if name in _JSON else given[name] for name in _TYPES if name in given}
