"""The export route: the GET routes' pipeline, with a file at its end.

Everything is fetched before the first byte leaves, so that a fault still has its status; then the file is streamed.
"""

from __future__ import annotations

import time
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from rest_compat.accept import require_accepted
from rest_compat.answering import whole
from rest_compat.export.body import Order, order_of, read_body
from rest_compat.export.formats import file_name
from rest_compat.recording import context_of, name_operation, recorded, viewer_of
from rest_compat.request_ids import request_id
from rest_compat.reshape import Json
from rest_compat.timing import server_timing
from schema.executor import Gateway
from schema.public import Capability, Door

JSON: Final = "application/json"


def export_route(gateway: Gateway, path: str) -> Route:
    """The route of the export."""

    async def post(request: Request) -> Response:
        started = time.perf_counter()
        viewer = await viewer_of(gateway, request)
        viewer.require(Capability.EXPORT_CREATE, "An export")
        order = order_of(await read_body(request))
        name_operation(request, f"{order.asked.report.value}.{order.format.name}")
        plain_type = order.format.media_type.partition(";")[0]
        # Many clients send Accept: application/json by habit; `format` says what they want.
        require_accepted(",".join(request.headers.getlist("accept")), [plain_type, JSON])
        context = context_of(gateway, viewer, request)
        found = await whole(gateway, context, order.asked)
        response = _file(order, found)
        response.headers["Server-Timing"] = server_timing(context.loaders.timings, started)
        response.headers["X-Request-Id"] = request_id(request)
        return response

    return Route(path, recorded(gateway, Door.EXPORT, "", post), methods=["POST"], name="report_export")


def _file(order: Order, found: Json) -> Response:
    marked = order.format.marked_chunks
    chunks = marked(found) if order.bom and marked else order.format.chunks(found)
    name = file_name(found, order.format.name)
    return StreamingResponse(
        chunks,
        headers={
            "Content-Type": order.format.media_type,
            # Source: RFC 6266. The name holds nothing that either form would have to escape.
            "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}",
            "Content-Language": "en",
            "Cache-Control": "private, no-store",
            "Vary": "Authorization",
            "X-Content-Type-Options": "nosniff",
        },
    )
