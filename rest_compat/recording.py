"""Every door's requests, recorded once each, before the answer leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from cross_web import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from rest_compat.headers import first_header
from rest_compat.problems import Problem
from rest_compat.request_ids import request_id
from schema.answers import Abandon, Answer, Draft
from schema.auditing import Entry
from schema.context import RequestContext
from schema.executor import Gateway
from schema.public import DeskgraphError, Door, Outcome, Viewer

Endpoint = Callable[[Request], Awaitable[Response]]


def recorded(gateway: Gateway, door: Door, operation: str, endpoint: Endpoint) -> Endpoint:
    """The endpoint, with every request of it recorded."""

    async def answer(request: Request) -> Response:
        async with recording(gateway, door, operation, request):
            return await endpoint(request)

    return answer


@asynccontextmanager
async def recording(gateway: Gateway, door: Door, operation: str, request: HTTPConnection) -> AsyncIterator[None]:
    """Records what happens inside, when it has ended.

    Raises: Unavailable, where it must be recorded and cannot be.
    """
    entry = gateway.entry(door, operation, request_id(request))
    request.scope["state"]["audit_entry"] = entry
    try:
        yield
    except BaseException as fault:
        entry.outcome = _outcome(fault)
        raise
    finally:
        await gateway.record(entry)


def entry_of(request: HTTPConnection) -> Entry | None:
    """What the request has gathered so far; None outside of `recording`."""
    found = request.scope.get("state", {}).get("audit_entry")
    return found if isinstance(found, Entry) else None


async def viewer_of(gateway: Gateway, request: HTTPConnection) -> Viewer:
    """Who asks.

    Raises: Unauthenticated; Unavailable, where that cannot be known now.
    """
    entry = entry_of(request)
    if entry is not None and entry.viewer is not None:
        return entry.viewer  # proven a moment ago, for the same request
    viewer = await gateway.identity.viewer(first_header(request, b"authorization"))
    if entry is not None:
        entry.viewer = viewer
    return viewer


def name_operation(request: HTTPConnection, operation: str) -> None:
    """Says what is asked for, once the door knows it."""
    entry = entry_of(request)
    if entry is not None:
        entry.operation = operation


def context_of(
    gateway: Gateway, viewer: Viewer, request: HTTPConnection, abandon: Abandon | None = None
) -> RequestContext:
    """A fresh context for one operation of the request; it calls `abandon` once nothing of its answer can be kept."""
    context = gateway.context(viewer, request_id(request), entry_of(request))
    context.lasting.on_moving = abandon
    request.scope["state"]["context"] = context
    return context


def drafted(gateway: Gateway, request: HTTPConnection, body: bytes, tag: str) -> Draft | None:
    """What may be kept of the answer to a request: nothing, where anything was withheld or went wrong."""
    entry, context = entry_of(request), request.scope["state"].get("context")
    if entry is None or not isinstance(context, RequestContext):
        return None
    if entry.outcome is not Outcome.OK or entry.withheld or entry.executed is None:
        return None
    return Draft(body, tag, context.lasting, gateway.told(entry))


def give_again(request: HTTPConnection, answer: Answer) -> None:
    """Records that a kept answer is given: nothing is executed for it."""
    entry = entry_of(request)
    if entry is not None:
        entry.given_again = answer.told


def _outcome(fault: BaseException) -> Outcome:
    if isinstance(fault, Problem):
        return Outcome.of(fault.kind.code)
    if isinstance(fault, DeskgraphError):
        return Outcome.of(fault.code)
    if isinstance(fault, HTTPException):
        return Outcome.BAD_USER_INPUT
    return Outcome.CANCELLED if isinstance(fault, asyncio.CancelledError) else Outcome.INTERNAL
