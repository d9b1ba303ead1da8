"""The short way of what is asked again: a request of the same bytes as one that a kept answer has answered before.

What such bytes ask is remembered, so that they are not read again. All else is as on the long way, by the same
functions: who asks is proven, the store's version is asked for, the request is recorded, the answer leaves. Where the
answer is not kept, and one who asks the same waits for its turn, both get that one's. What is not remembered goes the
long way, untouched, and so does what is refused or no longer kept. The long way teaches: only what it has given of what
is kept is remembered (docs/decisions/0012-response-cache.md).
"""

from __future__ import annotations

import asyncio
import time
from contextlib import nullcontext
from typing import Final

from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rest_compat.arriving import received_all, replaying
from rest_compat.patience import IN_FRONT, WAITED
from rest_compat.recording import enter, entry_of, give_again, outcome_of, taught, viewer_of
from rest_compat.sent import Sent
from schema.answers import Answer, Answers, Question, Raw, Reading
from schema.executor import Gateway
from schema.public import DeskgraphError

_POSTED: Final = "/graphql"
"""The one path to which questions are posted."""
_MAX_BODY_BYTES: Final = 100_000
"""Of what is remembered; the long way takes more."""
_FOLLOWED: Final = IN_FRONT / 2
"""Of a request's time, what another's turn is waited for; then it waits for its own, which may come sooner."""
_READ: Final = frozenset({b"accept", b"content-type", b"content-encoding"})
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
        if posted and not await received_all(receive, came, _MAX_BODY_BYTES):
            await self.app(scope, replaying(came, receive), send)
            return
        raw = _raw(scope, came)
        request = HTTPConnection(scope)
        reading = self.answers.reading(raw)
        known = None if reading is None else await self._known(request, reading)
        if isinstance(known, Sent):
            await send({"type": "http.response.start", "status": known.status, "headers": known.headers})
            await send({"type": "http.response.body", "body": known.body})
            return
        with nullcontext() if known is None else self.answers.leading(known):
            await self.app(scope, replaying(came, receive) if came else receive, send)
        self._learn(request, raw)

    async def _known(self, request: HTTPConnection, reading: Reading) -> Sent | Question | None:
        """The answer, kept or worked out for another, recorded; else the question, where the long way has to answer.

        None, where it has to refuse.
        """
        entry = enter(self.gateway, reading.door, reading.operation, request)
        try:
            question = reading.question.of(await viewer_of(self.gateway, request))
            answer = await self.answers.kept(question) or await self._followed(request, question)
            if answer is None:
                return question
            sent = give_again(request, answer)
        except DeskgraphError:
            return None
        except BaseException as fault:
            entry.outcome = outcome_of(fault)
            await self.gateway.record(entry)
            raise
        await self.gateway.record(entry)
        return sent

    async def _followed(self, request: HTTPConnection, question: Question) -> Answer | None:
        """What another who asks the same and waits for its turn is answered; None, where that does not come in time."""
        began = time.monotonic()
        try:
            async with asyncio.timeout(self.gateway.request_timeout_seconds * _FOLLOWED):
                return await self.answers.following(question)
        except TimeoutError:
            return None
        finally:
            request.scope["state"][WAITED] = time.monotonic() - began

    def _learn(self, request: HTTPConnection, raw: Raw) -> None:
        entry, question = entry_of(request), taught(request)
        if entry is not None and question is not None:
            self.answers.learn(Reading(raw, question, entry.door, entry.operation))


def _raw(scope: Scope, came: list[Message]) -> Raw:
    """All of a request that decides what it asks."""
    read = [part for one in scope["headers"] if one[0] in _READ for part in one]
    body = came[0]["body"] if len(came) == 1 else b"".join(one["body"] for one in came)
    return (scope["method"], scope["path"], scope["query_string"], *read, body)
