"""GraphQL over WebSocket at /graphql: who connects says who it is, and begins operations that end by themselves.

Whatever is wrong with a connection ends it alone, with the protocol's code: 4400 what cannot be read, 4401 an operation
before who asks is known, 4403 no valid token, or none any more, 4406 another protocol, 4408 nothing said or nothing
taken for too long, 4409 an id that is in use, 4429 a second introduction. What is wrong with an operation is told of
it alone.
Source: GraphQL over WebSocket Protocol (graphql-transport-ws).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import orjson
from starlette.requests import HTTPConnection
from starlette.types import Message as Event
from starlette.types import Receive, Scope, Send
from strawberry.http.websocket_origin import is_same_origin

from rest_compat.headers import first_header
from rest_compat.live.messages import (
    SUBPROTOCOL,
    Closed,
    Complete,
    Init,
    Message,
    Ping,
    Subscribe,
    answer,
    read,
)
from rest_compat.live.operation import Operation, begin
from rest_compat.posed import Posed
from rest_compat.recording import proven, record_operation, recording_operation, until_refused
from rest_compat.refusals import refused
from rest_compat.request_ids import request_id
from schema.executor import Gateway
from schema.live import Happening, Live
from schema.public import Door, Outcome, TooManyOpen, Unauthenticated, Viewer
from schema.pushes import Push

INIT_SECONDS: Final = 10.0
"""How long a connection may take to say who it is."""
_AGAIN: Final = 1013
"""Try again later (the registry of RFC 6455)."""
_MAX_REASON_BYTES: Final = 123
"""Of a close frame (RFC 6455, section 5.5)."""


class Sockets:
    """The WebSocket door."""

    def __init__(self, gateway: Gateway, live: Live) -> None:
        self.gateway, self.live = gateway, live
        self.connections = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection; a page of another origin gets none."""
        await receive()
        request = HTTPConnection(scope)
        if not _is_same_origin(request):
            await send({"type": "websocket.close"})  # a 403: no connection was taken
        elif self.connections >= self.live.limits.subscriptions:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": _AGAIN, "reason": "There are as many as there may be"})
        elif SUBPROTOCOL not in scope["subprotocols"]:
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": 4406, "reason": f"Speak {SUBPROTOCOL}"})
        else:
            self.connections += 1
            try:
                await send({"type": "websocket.accept", "subprotocol": SUBPROTOCOL})
                await _Connection(self.gateway, self.live, request, receive, send).serve()
            finally:
                self.connections -= 1


@dataclass(eq=False)
class _Connection:
    """A connection that was taken."""

    gateway: Gateway
    live: Live
    request: HTTPConnection
    receive: Receive
    transmit: Send
    authorization: str | None = None
    viewer: Viewer | None = None
    running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    """The operations, by their ids."""
    _tasks: asyncio.TaskGroup = field(default_factory=asyncio.TaskGroup)
    _is_initiated: bool = False

    async def serve(self) -> None:
        """Serves it to its end."""
        try:
            async with self._tasks:
                await self._introduced()
                await self._read_on()
                for task in self.running.values():
                    task.cancel()
                raise Closed(0, "")  # its client is gone: ends all that runs for it
        except* Closed as ends:
            first = _first(ends)
            if first.code:
                await self._close(first)
        except* OSError:
            pass  # the connection was lost while something was being sent

    async def _introduced(self) -> None:
        """Returns once it is known who connects, or the client is gone."""
        try:
            async with asyncio.timeout(INIT_SECONDS):
                while self.viewer is None:
                    message = await self._message()
                    if message is None:
                        raise Closed(0, "")
                    await self._handle(message)
        except TimeoutError:
            raise Closed(4408, "Connection initialisation timeout") from None

    async def _read_on(self) -> None:
        while (message := await self._message()) is not None:
            await self._handle(message)

    async def _message(self) -> Message | None:
        """The next message; None: the client is gone."""
        event: Event = await self.receive()
        return read(event.get("text")) if event["type"] == "websocket.receive" else None

    async def _handle(self, message: Message) -> None:
        if isinstance(message, Init):
            await self._init(message)
        elif isinstance(message, Subscribe):
            self._subscribe(message)
        elif isinstance(message, Complete):
            task = self.running.pop(message.id, None)
            if task is not None:
                task.cancel()
        elif isinstance(message, Ping):
            told = {} if message.payload is None else {"payload": message.payload}
            await self._send(orjson.dumps({"type": "pong", **told}).decode())

    async def _init(self, message: Init) -> None:
        if self._is_initiated:
            raise Closed(4429, "Too many initialisation requests")
        self._is_initiated = True
        self.authorization = message.authorization or first_header(self.request, b"authorization")
        entry = self.gateway.entry(Door.GRAPHQL, "connection_init", request_id(self.request))
        try:
            viewer = await proven(self.gateway, entry, self.authorization)
        except Exception as fault:
            told = refused(self.request, fault)
            entry.outcome = Outcome.of(told["extensions"]["code"])
            await record_operation(self.gateway, entry, self.request)
            code = 4403 if isinstance(fault, Unauthenticated) else _AGAIN
            raise Closed(code, f"{told['extensions']['code']}: {told['message']}") from None
        await self._send('{"type":"connection_ack"}')
        self.viewer = viewer
        self._tasks.create_task(self._stay_proven(viewer))

    async def _stay_proven(self, viewer: Viewer) -> None:
        fault = await until_refused(self.gateway, self.authorization, viewer)
        self.live.happened(Happening.REFUSED)
        raise Closed(4403, f"{fault.code}: {fault.message}")

    def _subscribe(self, message: Subscribe) -> None:
        if self.viewer is None:
            raise Closed(4401, "Unauthorized")
        if message.id in self.running:
            raise Closed(4409, f"Subscriber for {message.id} already exists")
        self.running[message.id] = self._tasks.create_task(self._operate(message.id, message.asked))

    async def _operate(self, id_: str, asked: Posed | Exception) -> None:
        """Tells an operation's answers, or why there are none."""
        try:
            operation = await self._begun(asked)
        except Unauthenticated as fault:
            raise Closed(4403, f"{fault.code}: {fault.message}") from None
        except Exception as fault:
            await self._send(answer(id_, b"error", orjson.dumps([refused(self.request, fault)])))
            self._forget(id_)
            return
        outcome = Outcome.CANCELLED
        try:
            await self._tell(id_, operation)
            outcome = Outcome.OK
        except asyncio.CancelledError:
            outcome = Outcome.OK  # its client wants no more of it
            raise
        finally:
            await operation.close(outcome)

    async def _begun(self, asked: Posed | Exception) -> Operation:
        entry = self.gateway.entry(Door.GRAPHQL, "", request_id(self.request))
        async with recording_operation(self.gateway, entry, self.request):
            await proven(self.gateway, entry, self.authorization)
            if len(self.running) > self.live.limits.each:
                raise TooManyOpen(f"A connection may have {self.live.limits.each} operations at once. End one first.")
            if isinstance(asked, Exception):
                raise asked
            return await begin(self.gateway, self.live, entry, asked)

    async def _tell(self, id_: str, operation: Operation) -> None:
        push: Push
        async for push in operation.pushes():
            if push.refusal is not None:
                self._forget(id_)
                await self._send(answer(id_, b"error", push.refusal))
                return
            await self._send(answer(id_, b"next", push.body.removesuffix(b"\n")))
        if not operation.was_ended:  # else the connection ends, and its client comes back to another server
            self._forget(id_)
            await self._send(answer(id_, b"complete"))

    def _forget(self, id_: str) -> None:
        """Lets an id be used again, unless it is already."""
        if self.running.get(id_) is asyncio.current_task():
            del self.running[id_]

    async def _send(self, text: str) -> None:
        """Raises: Closed, where the client takes nothing for too long."""
        try:
            async with asyncio.timeout(self.live.limits.slow_seconds):
                await self.transmit({"type": "websocket.send", "text": text})
        except TimeoutError:
            self.live.happened(Happening.SLOW)
            raise Closed(4408, "What was sent was not read in time") from None

    async def _close(self, end: Closed) -> None:
        reason = end.reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(1):
                await self.transmit({"type": "websocket.close", "code": end.code, "reason": reason})


def _first(ends: BaseExceptionGroup[Closed]) -> Closed:
    """The one that tells most: a connection may end for several reasons at once."""
    found = [_first(one) if isinstance(one, BaseExceptionGroup) else one for one in ends.exceptions]
    return max(found, key=lambda one: one.code)


def _is_same_origin(request: HTTPConnection) -> bool:
    """Whether the page that connects is ours, or none: a program sends no Origin, and no token by itself."""
    origin = first_header(request, b"origin")
    if origin is None or first_header(request, b"sec-fetch-site") == "same-origin":
        return True
    return is_same_origin(origin, first_header(request, b"host"))
