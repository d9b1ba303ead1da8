"""What a request to the GraphQL door asks, read without the view's machinery, as far as it is plain.

What is not plain is None here: the view reads it again, and says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from cachetools import LRUCache, cached
from starlette.datastructures import QueryParams
from starlette.requests import Request

from rest_compat.headers import first_header

_STREAMS: Final = ("multipart/", "text/event-stream")
"""What a client accepts that asks for a stream instead of one answer."""
_TYPES: Final[Mapping[str, type]] = {"query": str, "operationName": str, "variables": dict, "extensions": dict}
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


async def posed(request: Request) -> Posed | None:
    """What is asked, where that is plain."""
    accepted = first_header(request, b"accept") or ""
    if _STREAMS[0] in accepted or _STREAMS[1] in accepted:
        return None
    if request.method == "GET":
        return _of_query(request.scope["query_string"])
    return _read(await request.body()) if request.method == "POST" else None


@cached(LRUCache(_KEPT_BYTES, getsizeof=lambda found: found.size if found else 100))
def _of_query(query: bytes) -> Posed | None:
    """What a query string asks; a long one takes longer to read than all else that a kept answer needs."""
    if len(query) > _KEPT_BYTES // 4:
        return None
    given = QueryParams(query)
    try:
        sent = {name: orjson.loads(given[name]) if name in _JSON else given[name] for name in _TYPES if name in given}
    except ValueError:
        return None
    return _checked(sent)


def _read(body: bytes) -> Posed | None:
    try:
        return _checked(orjson.loads(body))
    except ValueError:
        return None


def _checked(sent: Any) -> Posed | None:
    try:
        if not isinstance(sent, dict) or not all(
            sent.get(name) is None or isinstance(sent[name], kind) for name, kind in _TYPES.items()
        ):
            return None
        query, operation, variables = sent.get("query"), sent.get("operationName"), sent.get("variables") or {}
        plain = operation is None and not variables
        further = b"" if plain else orjson.dumps([operation, variables], option=orjson.OPT_SORT_KEYS)
    except TypeError:  # nested deeper than can be written again
        return None
    return Posed(query, variables, operation, sent.get("extensions"), further)
