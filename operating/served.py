"""Every request that was answered, told once to whoever watches: metrics, the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.access import Viewer
from db.audit.record import Door, Outcome
from operating.logs import REQUEST_ID
from rest_compat.admission import NOT_LET_IN
from rest_compat.problems import GONE
from rest_compat.recording import ON_OPERATION, entry_of
from rest_compat.request_ids import request_id
from rest_compat.stored import NAMED, hash_of
from schema.auditing import Entry

AD_HOC: Final = "ad hoc"
"""What stands for every document that is not stored: their names are the callers', without end."""
UNKNOWN: Final = "unknown"
"""What was refused before it was known what it asks."""
HEALTH: Final = "health"
PAGE: Final = "page"
_HEALTH_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_NAME_BY_HASH: Final = {hash_of(text): name for name, text in NAMED.items()}


@dataclass(frozen=True)
class Served:
    """One request that was answered."""

    request_id: str
    door: str
    """A door of the API; `health` or `page` for what is none."""
    operation: str
    """One of a bounded number of names; empty where the door has none."""
    status: int
    outcome: str
    """OK, or the code of its error."""
    seconds: float
    statements: int = 0
    viewer: Viewer | None = None
    is_kept: bool | None = None
    """Whether a kept answer was given; None where none could have been."""
    read_from: str | None = None
    """Where its report was read, where there are replicas."""
    is_turned_away: bool = False
    """Whether there was no room for it, so that nothing is known of it."""


_GOES_ON: Final = (b"content-type", b"text/event-stream; charset=utf-8")
"""Of answers that go on as long as somebody listens."""
SWITCHED: Final = 101
"""The status of what was begun over a connection that was an HTTP request once."""
Watcher = Callable[[Served], None]


def operation_of(entry: Entry) -> str:
    """What a request asked, by a name of which there are only so many."""
    if entry.door is not Door.GRAPHQL:
        return entry.operation or UNKNOWN
    if entry.given_again is not None:
        asked = entry.given_again.document_hash
    elif entry.executed is not None:
        asked = entry.executed.document.hash
    else:
        return UNKNOWN
    return _NAME_BY_HASH.get(asked or "", AD_HOC)


class Watching:
    """Tells of each request once its last byte has left, of what goes on as it begins.

    The outermost of all, so that it sees every door.
    """

    def __init__(self, app: ASGIApp, watchers: Sequence[Watcher]) -> None:
        self.app, self.watchers = app, watchers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        REQUEST_ID.set(request_id(connection))
        if scope["type"] == "http":
            await self._request(connection, receive, send)
        else:
            scope["state"][ON_OPERATION] = lambda entry: self._tell(_operation(entry))
            await self.app(scope, receive, send)

    async def _request(self, request: HTTPConnection, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        status = 500  # what the server sends for a fault that nothing caught
        is_told = False

        async def answer(message: Message) -> None:
            nonlocal status, is_told
            if message["type"] == "http.response.start":
                status = message["status"]
                if _GOES_ON in message.get("headers", ()):
                    is_told = True
                    self._tell(_served(request, status, time.perf_counter() - started))
            await send(message)

        try:
            await self.app(request.scope, receive, answer)
        finally:
            if not is_told:
                self._tell(_served(request, status, time.perf_counter() - started))

    def _tell(self, served: Served) -> None:
        for watcher in self.watchers:
            watcher(served)


def _operation(entry: Entry) -> Served:
    """An operation that was begun over a connection; it took as long as its first answer did."""
    seconds = time.perf_counter() - entry.started
    return _by_door(entry, SWITCHED, seconds, None)


def _by_door(entry: Entry, status: int, seconds: float, is_kept: bool | None) -> Served:
    return Served(
        request_id=entry.request_id,
        door=entry.door.value,
        operation=operation_of(entry),
        status=status,
        outcome=entry.outcome.value,
        seconds=seconds,
        statements=sum(one.statements for one in entry.timings),
        viewer=entry.viewer,
        read_from=next((one.read_from for one in reversed(entry.timings) if one.read_from), None),
        is_kept=is_kept,
    )


def _served(request: HTTPConnection, status: int, seconds: float) -> Served:
    name, entry = request_id(request), entry_of(request)
    door = request.scope["state"].get(NOT_LET_IN)
    if door is not None:
        outcome = _BEFORE_WORK.get(status, Outcome.UNAVAILABLE)
        return Served(name, door.value, UNKNOWN, status, outcome.value, seconds, is_turned_away=status != GONE)
    if entry is None:
        door = HEALTH if request.scope["path"] in _HEALTH_PATHS else PAGE
        return Served(name, door, "", status, _outcome(status).value, seconds)
    could_be_kept = entry.door is not Door.EXPORT and entry.outcome is Outcome.OK
    return _by_door(entry, status, seconds, entry.given_again is not None if could_be_kept else None)


def _outcome(status: int) -> Outcome:
    """Of what no door has recorded."""
    if status < 400:
        return Outcome.OK
    return _BY_STATUS.get(status, Outcome.BAD_USER_INPUT if status < 500 else Outcome.INTERNAL)


_BEFORE_WORK: Final = {GONE: Outcome.CANCELLED, 429: Outcome.RATE_LIMITED}
_BY_STATUS: Final = {404: Outcome.NOT_FOUND, 503: Outcome.UNAVAILABLE}
