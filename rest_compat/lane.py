"""The short way of what is asked again: a request of the same bytes as one that a kept answer has answered before.

What such bytes ask is remembered, so that they are not read again. All else is as on the long way, by the same
functions: who asks is proven, the store's version is asked for, the request is recorded, the answer leaves. What is
not remembered goes the long way, untouched, and so does what is refused or no longer kept. The long way teaches: only
what it has given of what is kept is remembered (docs/decisions/0012-response-cache.md).
"""

from __future__ import annotations

from typing import Final

from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rest_compat.recording import enter, entry_of, give_again, given_again, outcome_of, viewer_of
from rest_compat.sent import Sent
from schema.answers import Answers, Raw, Reading
from schema.executor import Gateway
from schema.public import DeskgraphError

_POSTED: Final = "/graphql"
"""The one path to which questions are posted."""
_MAX_BODY_BYTES: Final = 100_000
"""Of what is remembered; the long way takes more."""
_READ: Final = frozenset({b"accept", b"content-type"})
"""The headers that are part of what is asked. Who asks, and a client's conditions, are looked at each time."""


def lane(gateway: Gateway) -> list[Middleware]:
    """The short way, where answers are kept."""
    return [Middleware(Lane, gateway, gateway.answers)] if gateway.answers is not None else []


class Lane:
    """Gives kept answers, in front of everything else."""

    def __init__(self, app: ASGIApp, gateway: Gateway, answers: Answers) -> None:
        self.app, self.gateway, self.answers = app, gateway, answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or lets the long way answer and learns from it."""
        method = scope["method"] if scope["type"] == "http" else ""
        posted = method == "POST" and scope["path"] == _POSTED
        if not posted and method != "GET":
            await self.app(scope, receive, send)
            return
        came: list[Message] = []
        if posted and not await _received_all(receive, came):
            await self.app(scope, _replaying(came, receive), send)
            return
        raw = _raw(scope, came)
        request = HTTPConnection(scope)
        reading = self.answers.reading(raw)
        sent = None if reading is None else await self._again(request, reading)
        if sent is not None:
            await send({"type": "http.response.start", "status": sent.status, "headers": sent.headers})
            await send({"type": "http.response.body", "body": sent.body})
            return
        await self.app(scope, _replaying(came, receive) if came else receive, send)
        self._learn(request, raw)

    async def _again(self, request: HTTPConnection, reading: Reading) -> Sent | None:
        """The kept answer, recorded; None where the long way has to answer, or to refuse."""
        entry = enter(self.gateway, reading.door, reading.operation, request)
        try:
            viewer = await viewer_of(self.gateway, request)
            answer = await self.answers.kept(reading.question.of(viewer))
            if answer is None:
                return None
            sent = give_again(request, answer)
        except DeskgraphError:
            return None
        except BaseException as fault:
            entry.outcome = outcome_of(fault)
            await self.gateway.record(entry)
            raise
        await self.gateway.record(entry)
        return sent

    def _learn(self, request: HTTPConnection, raw: Raw) -> None:
        entry, question = entry_of(request), given_again(request)
        if entry is not None and question is not None:
            self.answers.learn(Reading(raw, question, entry.door, entry.operation))


def _raw(scope: Scope, came: list[Message]) -> Raw:
    """All of a request that decides what it asks."""
    read = [part for one in scope["headers"] if one[0] in _READ for part in one]
    body = came[0]["body"] if len(came) == 1 else b"".join(one["body"] for one in came)
    return (scope["method"], scope["path"], scope["query_string"], *read, body)


async def _received_all(receive: Receive, came: list[Message]) -> bool:
    """Whether a body came whole, and is of a size that is remembered; what came of it is appended."""
    size = 0
    while size <= _MAX_BODY_BYTES:
        message = await receive()
        came.append(message)
        if message["type"] != "http.request":
            return False
        message.setdefault("body", b"")
        size += len(message["body"])
        if not message.get("more_body", False):
            return True
    return False


def _replaying(came: list[Message], receive: Receive) -> Receive:
    """What came already, once more, then what is still to come."""

    async def receive_again() -> Message:
        return came.pop(0) if came else await receive()

    return receive_again
