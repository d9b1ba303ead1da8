"""Every door's requests, recorded once each, before the answer leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Final

from cross_web import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from rest_compat import sent
from rest_compat.headers import first_header
from rest_compat.patience import patience, watch
from rest_compat.problems import ClientGone, Problem
from rest_compat.request_ids import request_id
from rest_compat.sent import Sent
from schema.answers import Abandon, Answer, Draft, Question
from schema.auditing import Entry
from schema.context import RequestContext
from schema.executor import Gateway
from schema.exporting import Asker
from schema.public import Capability, DeskgraphError, Door, Forbidden, Outcome, Unauthenticated, Unavailable, Viewer

PROVEN_SECONDS: Final = 60.0
"""How long something that lasts goes on without a new look at its proof."""
_LEEWAY_SECONDS: Final = 0.5
"""Between two looks at a proof that has expired and may be in its leeway."""
ON_OPERATION: Final = "on_operation"
"""Where the state of a connection has who is told of its operations."""
_QUESTION: Final = "question"
_TEACHES: Final = "teaches"
"""Where the state of a request has what was asked, and whether it may be remembered."""
_NOTHING: Final[Mapping[str, Any]] = {}
Endpoint = Callable[[Request], Awaitable[Response]]


def recorded(gateway: Gateway, door: Door, operation: str, endpoint: Endpoint) -> Endpoint:
    """The endpoint, with every request of it recorded."""

    async def answer(request: Request) -> Response:
        async with recording(gateway, door, operation, request):
            return await endpoint(request)

    return answer


def enter(gateway: Gateway, door: Door, operation: str, request: HTTPConnection) -> Entry:
    """What the request will tell the audit log; begun once, wherever it is begun."""
    entry = entry_of(request)
    if entry is None:
        entry = gateway.entry(door, operation, request_id(request))
        request.scope["state"]["audit_entry"] = entry
    return entry


@asynccontextmanager
async def recording(gateway: Gateway, door: Door, operation: str, request: Request) -> AsyncIterator[None]:
    """Records what happens inside, when it has ended; what was loaded for it is let go then, what still runs is ended.

    Raises: Unavailable, where it must be recorded and cannot be; TimedOut, where it takes too long; ClientGone.
    """
    entry = enter(gateway, door, operation, request)
    try:
        async with patience(request, gateway.request_timeout_seconds):
            yield
    except BaseException as fault:
        entry.outcome = outcome_of(fault)
        raise
    finally:
        context = request.scope["state"].get("context")
        if isinstance(context, RequestContext):
            context.loaders.forget()
        await gateway.record(entry)


def entry_of(request: HTTPConnection) -> Entry | None:
    """What the request has gathered so far; None outside of `recording`."""
    found = request.scope.get("state", {}).get("audit_entry")
    return found if isinstance(found, Entry) else None


async def viewer_of(gateway: Gateway, request: HTTPConnection, counted_as: Door | None = None) -> Viewer:
    """Who asks; proven, counted as what comes through the door or another one, or refused, once a request.

    Raises: Unauthenticated; Unavailable, where that cannot be known now; RateLimited; Forbidden, for who may only send.
    """
    return _reader(await _shown(gateway, request, counted_as))


async def sender_of(gateway: Gateway, request: HTTPConnection) -> tuple[Viewer, str]:
    """Who sends tickets, and for which source.

    Raises: as `viewer_of`; Forbidden, for who may not send.
    """
    viewer = await _shown(gateway, request)
    viewer.require(Capability.INGEST_CREATE, "Sending tickets")
    assert viewer.sends_as is not None
    return viewer, viewer.sends_as


async def _shown(gateway: Gateway, request: HTTPConnection, counted_as: Door | None = None) -> Viewer:
    entry: Entry | None = request.scope.get("state", _NOTHING).get("audit_entry")
    authorization = first_header(request, b"authorization")
    if entry is None:
        return await gateway.identity.viewer(authorization)
    return await _proven(gateway, entry, authorization, counted_as)


async def proven(gateway: Gateway, entry: Entry, authorization: str | None) -> Viewer:
    """Who asks, by what the request shows of it; counted, or refused, once an entry.

    Raises: as `viewer_of`.
    """
    return _reader(await _proven(gateway, entry, authorization, None))


def _reader(viewer: Viewer) -> Viewer:
    if viewer.sends_as is not None:
        raise Forbidden("This key may send tickets and nothing else. Ask with another one, or with a token.")
    return viewer


async def _proven(gateway: Gateway, entry: Entry, authorization: str | None, counted_as: Door | None) -> Viewer:
    if entry.refused is not None:
        raise entry.refused
    if entry.viewer is None:
        try:
            entry.viewer = await gateway.identity.viewer(authorization)
            gateway.rates.count(entry.viewer, counted_as or entry.door)
        except DeskgraphError as fault:
            entry.refused = fault
            raise
        if gateway.holders is not None and entry.viewer.sends_as is None:
            gateway.holders.note(entry.viewer)
    return entry.viewer


def name_operation(request: HTTPConnection, operation: str) -> None:
    """Says what is asked for, once the door knows it."""
    entry = entry_of(request)
    if entry is not None:
        entry.operation = operation


def context_of(
    gateway: Gateway, viewer: Viewer, request: Request | WebSocket, abandon: Abandon | None = None
) -> RequestContext:
    """A fresh context for one operation of the request; it calls `abandon` once nothing of its answer can be kept.

    Raises: Unavailable, where more is asked than can be answered in time: before anything is done for it.
    """
    context = gateway.context(viewer, request_id(request), entry_of(request))
    request.scope["state"]["context"] = context
    context.loaders.require_turn()
    context.lasting.on_moving = abandon
    watch(request)
    return context


@asynccontextmanager
async def beside(gateway: Gateway, asker: Asker) -> AsyncIterator[RequestContext]:
    """A fresh context for what a recorded operation looks up beside itself, as of the same instant."""
    own = gateway.context(asker.viewer, asker.request_id, now=asker.now)
    try:
        yield own
    finally:
        own.loaders.forget()


@asynccontextmanager
async def recording_operation(gateway: Gateway, entry: Entry, request: HTTPConnection) -> AsyncIterator[None]:
    """Records what happens inside, for an operation that is no request of its own but begun over a connection.

    Raises: Unavailable, where it must be recorded and cannot be.
    """
    try:
        yield
    except BaseException as fault:
        entry.outcome = outcome_of(fault)
        raise
    finally:
        await record_operation(gateway, entry, request)


async def record_operation(gateway: Gateway, entry: Entry, request: HTTPConnection) -> None:
    """Records an operation that was begun over a connection, and tells whoever watches those.

    Raises: Unavailable, where it must be recorded and cannot be.
    """
    tell: Callable[[Entry], None] | None = request.scope["state"].get(ON_OPERATION)
    if tell is not None:
        tell(entry)
    await gateway.record(entry)


def operation_context(gateway: Gateway, entry: Entry) -> RequestContext:
    """A fresh context for an operation whose viewer is proven."""
    assert entry.viewer is not None
    return gateway.context(entry.viewer, entry.request_id, entry)


async def until_refused(gateway: Gateway, authorization: str | None, viewer: Viewer) -> DeskgraphError:
    """Why a viewer's proof holds no more, once it does: looked at when it expires, and now and then before."""
    while True:
        now = gateway.identity.clock()
        left = viewer.expires_at.timestamp() - now if viewer.expires_at is not None else PROVEN_SECONDS
        await asyncio.sleep(min(PROVEN_SECONDS, max(_LEEWAY_SECONDS, left)))
        try:
            found = await gateway.identity.viewer(authorization)
        except Unavailable:
            continue  # whether it holds cannot be known; nor is there anything to tell without a database
        except DeskgraphError as fault:
            return fault
        if found != viewer:
            return Unauthenticated("The key now stands for another role or scope. Connect again.")
        viewer = found  # it may expire later than it did


@asynccontextmanager
async def unattended(gateway: Gateway, viewer: Viewer, operation: str, now: datetime) -> AsyncIterator[RequestContext]:
    """A context for an export that nobody waits for, as of an instant; what happens inside is recorded as a request.

    Raises: Unavailable, where it cannot be recorded.
    """
    entry = gateway.entry(Door.EXPORT, operation, "")
    entry.viewer = viewer
    context = gateway.context(viewer, "", entry, now)
    try:
        yield context
    except BaseException as fault:
        entry.outcome = outcome_of(fault)
        raise
    finally:
        context.loaders.forget()
        await gateway.record(entry)


def drafted(gateway: Gateway, request: HTTPConnection, body: bytes, tag: str) -> Draft | None:
    """What may be kept of the answer to a request: nothing, where anything was withheld or went wrong."""
    entry, context = entry_of(request), request.scope["state"].get("context")
    if entry is None or not isinstance(context, RequestContext):
        return None
    if entry.outcome is not Outcome.OK or entry.withheld or entry.executed is None:
        return None
    request.scope["state"][_TEACHES] = True
    return Draft(body, tag, context.lasting, gateway.told(entry))


def give_again(request: HTTPConnection, answer: Answer) -> Sent:
    """A kept answer, recorded as such: nothing is executed for it."""
    state = request.scope["state"]
    entry: Entry = state["audit_entry"]
    entry.given_again, state[_TEACHES] = answer.told, True
    return sent.again(request, answer, entry.started)


def name_question(request: HTTPConnection, question: Question) -> Question:
    """Says what is asked, once the door knows it."""
    request.scope["state"][_QUESTION] = question
    return question


def taught(request: HTTPConnection) -> Question | None:
    """What was asked, where the answer was one that is kept, or may be: so the same bytes always ask the same."""
    state = request.scope.get("state", _NOTHING)
    found = state.get(_QUESTION) if state.get(_TEACHES) else None
    return found if isinstance(found, Question) else None


def outcome_of(fault: BaseException) -> Outcome:
    """How a request ended that raised."""
    if isinstance(fault, Problem):
        return Outcome.of(fault.kind.code)
    if isinstance(fault, DeskgraphError):
        return Outcome.of(fault.code)
    if isinstance(fault, HTTPException):
        return Outcome.BAD_USER_INPUT
    gone = asyncio.CancelledError | ClientGone | ClientDisconnect
    return Outcome.CANCELLED if isinstance(fault, gone) else Outcome.INTERNAL
