"""What is sent of an answer, whether it was worked out or kept: status, headers and body, by door.

Headers as the server wants them, in the order in which they leave.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from starlette.requests import HTTPConnection
from starlette.responses import Response

from rest_compat import etag
from rest_compat.accept import GRAPHQL, JSON, graphql_type
from rest_compat.headers import all_headers
from rest_compat.request_ids import named
from rest_compat.timing import server_timing
from schema.answers import Answer
from schema.public import Door, Timings

Header = tuple[bytes, bytes]
Headers = list[Header]
_CONTENT_TYPE: Final = (b"content-type", JSON.encode())
_CONTENT_TYPES: Final = {JSON: _CONTENT_TYPE, GRAPHQL: (b"content-type", f"{GRAPHQL}; charset=utf-8".encode())}
_CACHE_CONTROL: Final = (b"cache-control", etag.CACHE_CONTROL.encode())
_VARY_BY_PAGE: Final = (b"vary", b"Authorization, Accept")
"""A browser that asks for a page gets the editor from the same address."""
_VARY: Final = (b"vary", b"Authorization")


class Sent(NamedTuple):
    """An answer on its way."""

    status: int
    headers: Headers
    body: bytes

    @property
    def response(self) -> Response:
        """The same for starlette."""
        response = Response(self.body, self.status)  # its headers are ours alone
        response.raw_headers = self.headers
        return response

    @property
    def start(self) -> dict[str, Any]:
        """The same for the server: what comes before the body."""
        return {"type": "http.response.start", "status": self.status, "headers": self.headers}


def by_graphql(request: HTTPConnection, tag: str, body: bytes) -> Sent:
    """An answer of the GraphQL door, in the media type that the client takes; a GET request's conditions hold."""
    content_type = _CONTENT_TYPES[graphql_type(", ".join(all_headers(request, b"accept"))) or JSON]
    if request.scope["method"] == "GET":
        return _conditional(request, tag, [(b"etag", tag.encode()), _CACHE_CONTROL, _VARY_BY_PAGE], body, content_type)
    return _whole(request, [_CACHE_CONTROL, _VARY_BY_PAGE], body, content_type)


def by_rest(request: HTTPConnection, tag: str, body: bytes, timings: Timings, started: float) -> Sent:
    """An answer of a report route that came at `started` (perf_counter); the request's conditions hold."""
    timing = (b"server-timing", server_timing(timings, started).encode())
    return _conditional(request, tag, [(b"etag", tag.encode()), _CACHE_CONTROL, _VARY, timing], body, _CONTENT_TYPE)


def again(request: HTTPConnection, answer: Answer, started: float) -> Sent:
    """A kept answer, by the door that it was kept for."""
    if answer.question.door == Door.GRAPHQL.value:
        return by_graphql(request, answer.tag, answer.body)
    return by_rest(request, answer.tag, answer.body, Timings(), started)


def _conditional(request: HTTPConnection, tag: str, headers: Headers, body: bytes, content_type: Header) -> Sent:
    conditions = all_headers(request, b"if-none-match")
    if conditions and etag.matches(conditions, tag):
        return Sent(304, [*headers, named(request)], b"")
    return _whole(request, headers, body, content_type)


def _whole(request: HTTPConnection, headers: Headers, body: bytes, content_type: Header) -> Sent:
    length = (b"content-length", str(len(body)).encode())
    return Sent(200, [*headers, length, content_type, named(request)], body)
