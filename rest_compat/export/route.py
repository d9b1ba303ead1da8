"""The export route: an order in, a file out.

What the file is made of is asked for, and recorded, before its first byte leaves, so that a fault still has its status.
Of one that takes long, or whose client would rather not wait, a worker makes the file.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from rest_compat.accept import JSON, require_accepted
from rest_compat.export import jobs
from rest_compat.export.body import order_of, read_body
from rest_compat.export.content import Content
from rest_compat.export.fitting import require_room
from rest_compat.export.formats import file_name
from rest_compat.export.making import content_of
from rest_compat.export.order import Order
from rest_compat.export.ordering import ordered_as
from rest_compat.export.prefer import rather_not_wait
from rest_compat.recording import context_of, name_operation, recorded, viewer_of
from rest_compat.request_ids import request_id
from rest_compat.timing import server_timing
from schema import export_jobs
from schema.context import RequestContext
from schema.executor import Gateway
from schema.exporting import JOBS, Exporting
from schema.public import Capability, Door

STALLED_SECONDS: Final = 60
"""After which a client that takes nothing more is left: what it holds others wait for."""


def export_route(gateway: Gateway, path: str) -> Route:
    """The route of the export."""

    async def post(request: Request) -> Response:
        started = time.perf_counter()
        viewer = await viewer_of(gateway, request)
        viewer.require(Capability.EXPORT_CREATE, "An export")
        body = await read_body(request)
        order = order_of(body)
        name_operation(request, f"{order.asked.report.value}.{order.format.name}")
        plain_type = order.format.media_type.partition(";")[0]
        # Many clients send Accept: application/json by habit; `format` says what they want.
        require_accepted(",".join(request.headers.getlist("accept")), [plain_type, JSON])
        context = context_of(gateway, viewer, request)
        response = await _answered(gateway, context, request, order, body)
        response.headers["Server-Timing"] = server_timing(context.loaders.timings, started)
        response.headers["X-Request-Id"] = request_id(request)
        return response

    return Route(path, recorded(gateway, Door.EXPORT, "", post), methods=["POST"], name="report_export")


async def _answered(gateway: Gateway, context: RequestContext, request: Request, order: Order, body: bytes) -> Response:
    """The file; or, where its client would rather not wait or should not, the export that a worker makes of it."""
    waits = gateway.exporting is None or not rather_not_wait(request.headers.getlist("prefer"))
    content = None
    if waits:
        content = await content_of(gateway, context, order)
        if gateway.exporting is None or not _is_long(gateway.exporting, order, content):
            chunks = order.format.write(content, order.options)
            return FileResponse(order, content, chunks if order.format.streams else await made(chunks))
    await require_room(gateway, context, order, content)
    job = await export_jobs.added(context, ordered_as(order, body.decode()))
    preferred = {} if waits else {"Preference-Applied": "respond-async"}
    return jobs.answer(request, job, 202, {"Location": f"{JOBS}/{job.id}", **preferred})


def _is_long(exporting: Exporting, order: Order, content: Content) -> bool:
    """Whether it has more rows than a client should wait for."""
    return content.total is not None and content.total > exporting.rows_at_once_of(order.format.streams)


async def made(chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The same pieces, once the first is there: of a format that does not stream, the whole file is made then.

    Raises: what its making raises.
    """
    try:
        return _chained(await anext(chunks, b""), chunks)
    except BaseException:
        await chunks.aclose()
        raise


async def _chained(first: bytes, further: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(further):
        yield first
        async for chunk in further:
            yield chunk


class FileResponse(StreamingResponse):
    """A file that is written as it is sent. Once the client is gone, what it is read from is let go at once."""

    def __init__(self, order: Order, content: Content, chunks: AsyncGenerator[bytes]) -> None:
        self.chunks = chunks
        name = file_name(content, order.format.name)
        super().__init__(
            self.chunks,
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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends it; cut off, where the client stops taking it without going away."""

        async def send_soon(message: Message) -> None:
            async with asyncio.timeout(STALLED_SECONDS):
                await send(message)

        async with aclosing(self.chunks):
            await super().__call__(scope, receive, send_soon)
