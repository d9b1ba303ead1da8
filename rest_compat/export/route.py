"""The export route: an order in, a file out.

What the file is made of is asked for, and recorded, before its first byte leaves, so that a fault still has its status.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from rest_compat.accept import require_accepted
from rest_compat.export.body import order_of, read_body
from rest_compat.export.content import Content
from rest_compat.export.formats import file_name
from rest_compat.export.making import content_of
from rest_compat.export.order import Order
from rest_compat.recording import context_of, name_operation, recorded, viewer_of
from rest_compat.request_ids import request_id
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
        content = await content_of(gateway, context, order)
        chunks = order.format.write(content, order.options)
        if not order.format.streams:
            chunks = await made(request, chunks)
        response = FileResponse(order, content, chunks)
        response.headers["Server-Timing"] = server_timing(context.loaders.timings, started)
        response.headers["X-Request-Id"] = request_id(request)
        return response

    return Route(path, recorded(gateway, Door.EXPORT, "", post), methods=["POST"], name="report_export")


async def made(request: Request, chunks: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The same pieces, once the first is there: of a format that does not stream, the whole file is made then.

    Raises: what its making raises; ClientDisconnect, once nobody waits for it any more.
    """
    making = asyncio.ensure_future(anext(chunks, b""))
    gone = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({making, gone}, return_when=asyncio.FIRST_COMPLETED)
        if not making.done():
            raise ClientDisconnect
        return _chained(making.result(), chunks)
    finally:
        making.cancel()
        gone.cancel()
        await asyncio.gather(making, gone, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


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
        """Sends it."""
        async with aclosing(self.chunks):
            await super().__call__(scope, receive, send)
