"""GraphQL over server-sent events: an operation is a request of its own, its answers are events.

Source: GraphQL over Server-Sent Events Protocol, distinct connections mode; HTML, section 9.2.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from rest_compat.accept import EVENTS, names
from rest_compat.headers import all_headers, first_header
from rest_compat.live.operation import Operation
from rest_compat.problems import Kind, Problem
from rest_compat.recording import until_refused
from rest_compat.refusals import refused
from rest_compat.request_ids import named
from schema.live import Happening, Live
from schema.operations import OperationType
from schema.public import DeskgraphError, Outcome

KEEP_ALIVE_SECONDS: Final = 12.0
_COMPLETE: Final = b"event: complete\ndata:\n\n"
_NOTHING: Final = b":\n\n"
_HEADERS: Final = {
    "Content-Type": f"{EVENTS}; charset=utf-8",
    "Cache-Control": "private, no-store",
    "Vary": "Authorization, Accept",
    "X-Accel-Buffering": "no",
    "X-Content-Type-Options": "nosniff",
}


def wants_events(request: Request, kind: OperationType | None, takes_json: bool) -> bool:
    """Whether an operation is to be answered as events: a subscription always, another where nothing else is taken.

    Raises: Problem, for a subscription whose client does not take them.
    """
    if kind is not OperationType.SUBSCRIPTION:
        return not takes_json
    if not names(", ".join(all_headers(request, b"accept")), EVENTS):
        detail = f"A subscription is answered as events: send `Accept: {EVENTS}`, or subscribe over a WebSocket."
        raise Problem(Kind.NOT_ACCEPTABLE, detail)
    return True


class EventStream(Response):
    """An operation's answers as events."""

    def __init__(self, request: Request, live: Live, operation: Operation) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self.raw_headers.append(named(request))
        self.request, self.live, self.operation = request, live, operation

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends them until there are no more, the client is gone or takes nothing, or its token holds no more."""
        viewer = self.operation.entry.viewer
        assert viewer is not None
        outcome = Outcome.CANCELLED
        authorization = first_header(self.request, b"authorization")
        gone = asyncio.create_task(_gone(receive))
        refusing = asyncio.create_task(until_refused(self.live.gateway, authorization, viewer))
        try:
            await self._sent(send, {"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            async with aclosing(self._events(gone, refusing)) as events:
                async for event in events:
                    await self._sent(send, {"type": "http.response.body", "body": event, "more_body": True})
            await self._sent(send, {"type": "http.response.body", "body": b""})
            outcome = Outcome.UNAUTHENTICATED if refusing.done() else Outcome.OK
        except TimeoutError:
            self.live.happened(Happening.SLOW)  # the response stays unfinished, and so its reader knows
        finally:
            gone.cancel()
            refusing.cancel()
            await self.operation.close(outcome)

    async def _events(self, gone: asyncio.Task[None], refusing: asyncio.Task[DeskgraphError]) -> AsyncGenerator[bytes]:
        """The events, with a sign of life where there are none for long."""
        async with aclosing(self.operation.pushes()) as pushes:
            coming = asyncio.ensure_future(anext(pushes, None))
            try:
                while not gone.done():
                    await asyncio.wait((gone, refusing, coming), timeout=KEEP_ALIVE_SECONDS, return_when=_FIRST)
                    if refusing.done():
                        self.live.happened(Happening.REFUSED)
                        yield _event({"errors": [refused(self.request, refusing.result())]}) + _COMPLETE
                        return
                    if not coming.done():
                        yield _NOTHING
                        continue
                    push = coming.result()
                    if push is None:
                        break
                    yield b"event: next\ndata: " + push.body + b"\n\n"
                    coming = asyncio.ensure_future(anext(pushes, None))
            finally:
                coming.cancel()
                await asyncio.wait((coming,))
        if not self.operation.was_ended:  # else its client comes back, to another server
            yield _COMPLETE

    async def _sent(self, send: Send, message: Message) -> None:
        async with asyncio.timeout(self.live.limits.slow_seconds):
            await send(message)


_FIRST: Final = asyncio.FIRST_COMPLETED


def _event(told: Mapping[str, Any]) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(told) + b"\n\n"


async def _gone(receive: Receive) -> None:
    """Returns once the client has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass
