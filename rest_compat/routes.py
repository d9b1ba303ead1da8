"""The contract routes. Checks run in this order: method, token, what the client accepts, parameters, execution."""

from __future__ import annotations

import time
from functools import partial
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from rest_compat import etag
from rest_compat.accept import JSON, require_accepted
from rest_compat.answering import answered, state
from rest_compat.asking import Asked, asked_of, given_of
from rest_compat.export.jobs import job_routes
from rest_compat.export.route import export_route
from rest_compat.ingest import Intake, ingest_route
from rest_compat.recording import context_of, drafted, give_again, name_question, recorded, viewer_of
from rest_compat.sent import by_rest
from rest_compat.stored import DOCUMENTS, ROUTED, ReportName
from schema.answers import Abandon, Answer, Draft, Question, viewer_key
from schema.executor import Gateway
from schema.public import Door, Viewer

PREFIX: Final = "/api/tickets/reports"


def report_routes(gateway: Gateway, exporting: Gateway, intake: Intake | None = None) -> list[Route]:
    """The four reports, the export, those that workers make, the intake. They raise problems (`exception_handlers`).

    Exports may hold their connections for long: they have a gateway with its own.
    """
    return [
        *(_report_route(gateway, report) for report in ROUTED),
        export_route(exporting, f"{PREFIX}/export"),
        *job_routes(exporting),
        ingest_route(gateway, intake),
    ]


def _report_route(gateway: Gateway, report: ReportName) -> Route:
    async def get(request: Request) -> Response:
        started = time.perf_counter()
        viewer = await viewer_of(gateway, request)
        require_accepted(",".join(request.headers.getlist("accept")), [JSON])
        asked = asked_of(report, given_of(request.query_params.multi_items()))
        if gateway.answers is None:
            response, _ = await _worked_out(gateway, viewer, request, asked, started, None)
        else:
            further = orjson.dumps([asked.variables, asked.filter], option=orjson.OPT_SORT_KEYS)
            question = Question(viewer_key(viewer), Door.REST.value, DOCUMENTS[report], further)
            name_question(request, question)
            make = partial(_worked_out, gateway, viewer, request, asked, started)
            found = await gateway.answers.get(question, make)
            response = give_again(request, found).response if isinstance(found, Answer) else found
        if request.method == "HEAD":
            response.body = b""
        return response

    endpoint = recorded(gateway, Door.REST, report.value, get)
    return Route(f"{PREFIX}/{report.value}", endpoint, methods=["GET"], name=f"report_{report.value}")


async def _worked_out(
    gateway: Gateway, viewer: Viewer, request: Request, asked: Asked, started: float, abandon: Abandon | None
) -> tuple[Response, Draft | None]:
    """The answer, or that the client's copy of it still holds; and what may be kept."""
    conditions = request.headers.getlist("if-none-match")
    context = context_of(gateway, viewer, request, abandon)
    if conditions and not etag.names_any(conditions):
        now = await state(gateway, context, asked)
        tag = etag.entity_tag(gateway.pseudonym_key, viewer, asked, now, context.lasting)
        if etag.matches(conditions, tag):
            return by_rest(request, tag, b"", context.loaders.timings, started).response, None
        # its own snapshot, for numbers and version alike
        context.loaders.forget()
        context = context_of(gateway, viewer, request, abandon)
    found = await answered(gateway, context, asked)
    tag = etag.entity_tag(gateway.pseudonym_key, viewer, asked, found, context.lasting)
    body = orjson.dumps(found)
    draft = drafted(gateway, request, body, tag)
    return by_rest(request, tag, body, context.loaders.timings, started).response, draft
