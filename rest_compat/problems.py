"""How REST refuses: RFC 9457 problem details, from one table of statuses.

Nothing internal leaves: what is not the caller's fault is told by a reference that the log has.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response

from rest_compat.request_ids import request_id
from schema.errors import mask
from schema.public import DeskgraphError, RateLimited, SetupFault, TooMuchAsked

MEDIA_TYPE: Final = "application/problem+json"
_AGAIN: Final[Mapping[str, str]] = {"Retry-After": "5"}
_NO_MORE: Final[Mapping[str, str]] = {}


class Kind(Enum):
    """The kinds of problems: status, code (that of GraphQL, where it has one), title, and what every one says."""

    BAD_INPUT = (400, "BAD_USER_INPUT", "Input that cannot be used", _NO_MORE)
    TOO_COMPLEX = (400, "QUERY_TOO_COMPLEX", "More work than one request may ask for", _NO_MORE)
    UNAUTHENTICATED = (401, "UNAUTHENTICATED", "No valid token", _NO_MORE)
    FORBIDDEN = (403, "FORBIDDEN", "Not allowed for this token", _NO_MORE)
    NOT_FOUND = (404, "NOT_FOUND", "No such thing", _NO_MORE)
    NOT_STORED = (404, "PERSISTED_QUERY_NOT_FOUND", "No such stored document", _NO_MORE)
    METHOD_NOT_ALLOWED = (405, "METHOD_NOT_ALLOWED", "Method not allowed here", _NO_MORE)
    NOT_ACCEPTABLE = (406, "NOT_ACCEPTABLE", "No representation that the client accepts", _NO_MORE)
    CONTENT_TOO_LARGE = (413, "CONTENT_TOO_LARGE", "Body too large", _NO_MORE)
    UNSUPPORTED_MEDIA_TYPE = (415, "UNSUPPORTED_MEDIA_TYPE", "Body of another type than is read here", _NO_MORE)
    RANGE_NOT_SATISFIABLE = (416, "BAD_USER_INPUT", "No byte of the file is in the range", _NO_MORE)
    IMPOSSIBLE_INPUT = (422, "BAD_USER_INPUT", "Input that is well-formed but cannot be answered", _NO_MORE)
    RATE_LIMITED = (429, "RATE_LIMITED", "Too many requests", _AGAIN)
    INTERNAL = (500, "INTERNAL", "Internal error", _NO_MORE)
    UNAVAILABLE = (503, "UNAVAILABLE", "A part that is needed is away", _AGAIN)
    TIMEOUT = (504, "TIMEOUT", "Over the time limit", _NO_MORE)

    def __init__(self, status: int, code: str, title: str, headers: Mapping[str, str]) -> None:
        self.status = status
        self.code = code
        self.title = title
        self.headers = headers

    @property
    def graphql_code(self) -> str:
        """The code in GraphQL, which has none of its own for what HTTP alone refuses."""
        return _IN_GRAPHQL.get(self.code, self.code)

    @property
    def type(self) -> str:
        """The problem type's URI; it names, it does not lead anywhere."""
        return f"urn:problem-type:deskgraph:{self.name.lower().replace('_', '-')}"


_IN_GRAPHQL: Final = dict.fromkeys(
    ("METHOD_NOT_ALLOWED", "NOT_ACCEPTABLE", "CONTENT_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"), "BAD_USER_INPUT"
)
_BY_FAULT: Final = {"ImpossibleInput": Kind.IMPOSSIBLE_INPUT}
"""The faults that a code does not tell apart."""
_BY_CODE: Final = {kind.code: kind for kind in Kind if kind not in (Kind.IMPOSSIBLE_INPUT, Kind.RANGE_NOT_SATISFIABLE)}
_BY_STATUS: Final = {kind.status: kind for kind in Kind if kind not in (Kind.TOO_COMPLEX, Kind.NOT_STORED)}


def kind_of(code: str, fault: str = "") -> Kind:
    """The kind of a code and, where it matters, a fault's name."""
    return _BY_FAULT.get(fault) or _BY_CODE.get(code, Kind.INTERNAL)


@dataclass(frozen=True)
class Fault:
    """An input that is at fault, by its public name, and why."""

    parameter: str
    message: str


@dataclass
class Problem(Exception):
    """A request refused."""

    kind: Kind
    detail: str
    faults: Sequence[Fault] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    reference: str | None = None
    """Where the log tells more."""


GONE: Final = 499
"""The status of who went away. Source: nginx's."""


class ClientGone(Exception):
    """The client went away; nobody reads what would be answered."""


def gone_response() -> Response:
    """What ends the request of a client that went away, in the log of who reads it. Source: nginx's 499."""
    return Response(status_code=GONE)


def bad_input(faults: Sequence[Fault], kind: Kind = Kind.BAD_INPUT) -> Problem:
    """The refusal of some inputs, all told at once."""
    if len(faults) == 1:
        return Problem(kind, faults[0].message, faults)
    return Problem(kind, f"{len(faults)} inputs cannot be used; `errors` tells each.", faults)


def problem_response(request: Request, problem: Problem) -> Response:
    """A problem as a response."""
    kind = problem.kind
    body: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": problem.detail,
        "code": kind.code,
        "instance": request.url.path,
    }
    if problem.faults:
        body["errors"] = [{"parameter": one.parameter, "message": one.message} for one in problem.faults]
    if problem.reference:
        body["id"] = problem.reference
    headers = {
        "Cache-Control": "no-store",
        "Vary": "Authorization",
        "X-Request-Id": request_id(request),
        **kind.headers,
        **problem.headers,
    }
    response = Response(orjson.dumps(body), kind.status, headers, MEDIA_TYPE)
    if request.method == "HEAD":
        response.body = b""
    return response


def masked(error: Exception) -> Problem:
    """What is told of an internal fault: where the log has it."""
    told = mask(error)
    return Problem(Kind.INTERNAL, told.message, reference=told.reference)


def challenge(request: HTTPConnection) -> dict[str, str]:
    """The header of a 401. Source: RFC 6750, section 3: no error is named to one who sent no token."""
    sent = "authorization" in request.headers
    return {"WWW-Authenticate": 'Bearer realm="deskgraph"' + (', error="invalid_token"' if sent else "")}


def problem_of_fault(request: HTTPConnection, error: DeskgraphError) -> Problem:
    """A fault of the tree as a problem."""
    kind = kind_of(error.code, type(error).__name__)
    if isinstance(error, SetupFault) or kind is Kind.INTERNAL:
        return masked(error)
    faults = [Fault(error.parameter, error.message)] if error.parameter else []
    headers = challenge(request) if kind is Kind.UNAUTHENTICATED else {}
    if isinstance(error, RateLimited | TooMuchAsked):
        headers = {"Retry-After": str(error.retry_after_seconds)}
    return Problem(kind, error.message, faults, headers)


_HTTP_DETAILS: Final[Mapping[Kind, str]] = {
    Kind.NOT_FOUND: "There is nothing at this address.",
    Kind.METHOD_NOT_ALLOWED: "This address does not know the method; `Allow` lists those that it does.",
}


def problem_of_http(error: HTTPException) -> Problem:
    """An exception of the framework as a problem; a status that the table lacks keeps its standard phrase."""
    kind = _BY_STATUS.get(error.status_code)
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(headers["Allow"].replace(" ", "").split(",")))
    if kind is None:
        kind = Kind.INTERNAL if error.status_code >= 500 else Kind.BAD_INPUT
    phrase = HTTPStatus(error.status_code).phrase
    detail = _HTTP_DETAILS.get(kind) or (error.detail if kind.status == error.status_code else phrase)
    return Problem(kind, detail, headers=headers)


async def _refuse(request: Request, error: Problem) -> Response:
    return problem_response(request, error)


async def _refuse_fault(request: Request, error: DeskgraphError) -> Response:
    return problem_response(request, problem_of_fault(request, error))


async def _refuse_http(request: Request, error: HTTPException) -> Response:
    return problem_response(request, problem_of_http(error))


async def _mask(request: Request, error: Exception) -> Response:
    return problem_response(request, masked(error))


async def _end(_: Request, __: ClientGone | ClientDisconnect) -> Response:
    return gone_response()


Handler = Callable[[Request, Any], Awaitable[Response]]


def exception_handlers() -> dict[Any, Handler]:
    """What the application hands to Starlette: every exception leaves as a problem."""
    return {
        Problem: _refuse,
        DeskgraphError: _refuse_fault,
        HTTPException: _refuse_http,
        ClientGone: _end,
        ClientDisconnect: _end,
        Exception: _mask,
    }
