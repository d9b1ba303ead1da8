"""The contract routes. Checks run in this order: method, token, what the client accepts, parameters, execution."""

from __future__ import annotations

import time
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rest_compat import etag
from rest_compat.accept import require_accepted
from rest_compat.answering import answered, state
from rest_compat.asking import asked_of, given_of
from rest_compat.export.route import export_route
from rest_compat.recording import context_of, recorded, viewer_of
from rest_compat.request_ids import request_id
from rest_compat.stored import ReportName
from rest_compat.timing import server_timing
from schema.context import RequestContext
from schema.executor import Gateway
from schema.public import Door

PREFIX: Final = "/api/tickets/reports"
JSON: Final = "application/json"
CACHE_CONTROL: Final = "private, no-cache"
"""The viewer's own cache may keep an answer, and asks each time whether it still holds."""


def report_routes(gateway: Gateway) -> list[Route]:
    """The four reports and the export. They raise problems: see `problems.exception_handlers`."""
    return [
        *(_report_route(gateway, report) for report in ReportName),
        export_route(gateway, f"{PREFIX}/export"),
    ]


def _report_route(gateway: Gateway, report: ReportName) -> Route:
    async def get(request: Request) -> Response:
        started = time.perf_counter()
        viewer = await viewer_of(gateway, request)
        require_accepted(",".join(request.headers.getlist("accept")), [JSON])
        asked = asked_of(report, given_of(request.query_params.multi_items()))
        conditions = request.headers.getlist("if-none-match")
        context = context_of(gateway, viewer, request)
        if conditions and not etag.names_any(conditions):
            now = await state(gateway, context, asked)
            tag = etag.entity_tag(gateway.pseudonym_key, viewer, asked, now)
            if etag.matches(conditions, tag):
                return _unchanged(request, context, started, tag)
            context = context_of(gateway, viewer, request)  # its own snapshot, for numbers and version alike
        found = await answered(gateway, context, asked)
        tag = etag.entity_tag(gateway.pseudonym_key, viewer, asked, found)
        if conditions and etag.matches(conditions, tag):
            return _unchanged(request, context, started, tag)
        response = Response(orjson.dumps(found), media_type=JSON, headers=_headers(request, context, started, tag))
        if request.method == "HEAD":
            response.body = b""
        return response

    endpoint = recorded(gateway, Door.REST, report.value, get)
    return Route(f"{PREFIX}/{report.value}", endpoint, methods=["GET"], name=f"report_{report.value}")


def _unchanged(request: Request, context: RequestContext, started: float, tag: str) -> Response:
    return Response(status_code=304, headers=_headers(request, context, started, tag))


def _headers(request: Request, context: RequestContext, started: float, tag: str) -> dict[str, str]:
    return {
        "ETag": tag,
        "Cache-Control": CACHE_CONTROL,
        "Vary": "Authorization",
        "Server-Timing": server_timing(context, started),
        "X-Request-Id": request_id(request),
    }
