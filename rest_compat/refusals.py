"""How the GraphQL door refuses a request: a GraphQL response without data, with the status of the table in problems.

Source: GraphQL over HTTP, section 6.4: what was never executed has no `data` entry.
"""

from __future__ import annotations

from typing import Any, Final

import orjson
from cross_web import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from strawberry.schema.exceptions import InvalidOperationTypeError

from rest_compat.accept import GRAPHQL, JSON, graphql_type
from rest_compat.headers import all_headers
from rest_compat.problems import ClientGone, Kind, Problem, gone_response, masked, problem_of_fault
from rest_compat.request_ids import named
from schema.public import DeskgraphError

CONTENT_TYPES: Final = {JSON: JSON, GRAPHQL: f"{GRAPHQL}; charset=utf-8"}
"""How each media type that is negotiated is sent."""


def accepted_type(request: Request) -> str:
    """The media type that the client takes; JSON where it takes neither: a refusal is told all the same."""
    return graphql_type(", ".join(all_headers(request, b"accept"))) or JSON


def refusal(request: Request, fault: Exception) -> Response:
    """The response to a request that is not answered; what is internal is masked."""
    if isinstance(fault, ClientGone):
        return gone_response()
    problem = _problem(request, fault)
    body = {"errors": [_error(problem)]}
    headers = {"Cache-Control": "no-store", "Vary": "Authorization, Accept", **problem.kind.headers, **problem.headers}
    content_type = CONTENT_TYPES[accepted_type(request)]
    response = Response(orjson.dumps(body), problem.kind.status, headers, content_type)
    response.raw_headers.append(named(request))
    return response


def refused(request: HTTPConnection, fault: Exception) -> dict[str, Any]:
    """The error that tells why something is not answered, for what has no response; what is internal is masked."""
    return _error(_problem(request, fault))


def _error(problem: Problem) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": problem.kind.graphql_code}
    if problem.faults:
        extensions["parameter"] = problem.faults[0].parameter
    if problem.reference:
        extensions["id"] = problem.reference
    return {"message": problem.detail, "extensions": extensions}


def _problem(request: HTTPConnection, fault: Exception) -> Problem:
    if isinstance(fault, Problem):
        return fault
    if isinstance(fault, HTTPException):
        if isinstance(fault.__cause__, InvalidOperationTypeError):
            return Problem(Kind.METHOD_NOT_ALLOWED, "A mutation is sent by POST.", headers={"Allow": "POST"})
        return Problem(Kind.BAD_INPUT, fault.reason)
    return problem_of_fault(request, fault) if isinstance(fault, DeskgraphError) else masked(fault)
