"""A real HTTP server on loopback that speaks a system's protocol: it throttles, breaks, and tells its own time.

Its clock is the made-up system's: a client that is told to wait is given time by `Clock.pause`, and one that comes
earlier than it was told is thrown out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import Enum
from typing import Any, Final

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.conftest import free_port

Send = Callable[[dict[str, Any]], Awaitable[None]]
Handler = Callable[[Request], Any]


class Fault(Enum):
    """What happens to a request instead of its answer."""

    THROTTLED = "429 with Retry-After in seconds"
    THROTTLED_UNTIL = "429 with Retry-After as an instant"
    THROTTLED_MUTELY = "429 without a word"
    BROKEN = "500"
    AWAY = "503 without a word"
    UNKNOWN = "520, which is between the system and us"
    DROPPED = "the connection ends in the middle of the body"
    CUT = "200, and JSON that ends in the middle"


FAIR: Final[tuple[Fault | None, ...]] = ()
FOUL: Final = (
    None, Fault.THROTTLED, None, None, Fault.BROKEN, None, Fault.DROPPED, Fault.CUT, None, Fault.THROTTLED_UNTIL,
    None, None, None, Fault.AWAY, None, Fault.UNKNOWN, None, Fault.THROTTLED_MUTELY, None, None,
)  # fmt: skip
"""Over and over: what happens to one request after another."""


_STATUSES: Final[dict[Fault | None, int]] = {
    Fault.BROKEN: 500,
    Fault.AWAY: 503,
    Fault.UNKNOWN: 520,
    Fault.THROTTLED_MUTELY: 429,
}
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class Refusal(Exception):
    """An answer that is no 200."""

    def __init__(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers


@dataclass
class Clock:
    """The system's time. It goes on when somebody waits."""

    now: datetime
    waited: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        """Waits, at once."""
        self.waited.append(seconds)
        self.now += timedelta(seconds=seconds)

    @property
    def second(self) -> int:
        """Unit: seconds since 1970."""
        return int(self.now.timestamp())


@dataclass
class Server:
    """A running one."""

    clock: Clock
    authorization: str
    weather: tuple[Fault | None, ...] = FAIR
    asked: Counter[str] = field(default_factory=Counter)
    """Requests that were answered with what they asked for, by path."""
    met: Counter[Fault] = field(default_factory=Counter)
    early: int = 0
    """Requests that came before they might."""
    url: str = ""
    before: Callable[[Request], None] = lambda _: None
    """Told of each request before it is answered; it may refuse it."""
    requests: int = 0
    retry_after_seconds: int = 30
    tells_time: bool = True
    _not_before: datetime = _LONG_AGO

    def endpoint(self, handler: Handler) -> Callable[[Any, Any, Send], Awaitable[None]]:
        """The ASGI application that answers with what a handler says."""

        async def answer(scope: Any, receive: Any, send: Send) -> None:
            request = Request(scope, receive)
            found, fault = self._answered(request, handler)
            await _sent(scope, receive, send, found, fault)

        return answer

    def _answered(self, request: Request, handler: Handler) -> tuple[Response, Fault | None]:
        self.requests += 1
        if request.headers.get("Authorization") != self.authorization:
            return self._json({"error": "Couldn't authenticate you"}, 401), None
        if self.clock.now < self._not_before:
            self.early += 1
        fault = self.weather[self.requests % len(self.weather)] if self.weather else None
        if fault is not None:
            self.met[fault] += 1
        if fault in (Fault.THROTTLED, Fault.THROTTLED_UNTIL):
            self._not_before = self.clock.now + timedelta(seconds=self.retry_after_seconds)
            until = format_datetime(self._not_before.astimezone(UTC), usegmt=True)
            told = str(self.retry_after_seconds) if fault is Fault.THROTTLED else until
            return self._json({"error": "TooManyRequests"}, 429, {"Retry-After": told}), None
        if fault in _STATUSES:
            return self._json({"error": "InternalError"}, _STATUSES[fault]), None
        try:
            self.before(request)
            found = handler(request)
        except Refusal as refusal:
            return self._json(refusal.body, refusal.status, refusal.headers), None
        self.asked[request.url.path] += 1
        body, headers = found if isinstance(found, tuple) else (found, {})
        return self._json(body, 200, headers), fault

    def _json(self, body: Any, status: int, headers: dict[str, str] | None = None) -> Response:
        date = {"Date": format_datetime(self.clock.now.astimezone(UTC), usegmt=True)} if self.tells_time else {}
        told = {**date, **(headers or {})}
        return Response(orjson.dumps(body), status, told, "application/json")


async def _sent(scope: Any, receive: Any, send: Send, found: Response, fault: Fault | None) -> None:
    if fault is Fault.CUT:
        found.body = found.body[: len(found.body) // 2]
        found.headers["Content-Length"] = str(len(found.body))
    if fault is not Fault.DROPPED:
        await found(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": found.raw_headers})
    await send({"type": "http.response.body", "body": found.body[: len(found.body) // 2], "more_body": False})


@asynccontextmanager
async def running(server: Server, handlers: dict[str, Handler]) -> AsyncIterator[Server]:
    """The server while it listens."""
    routes = [Route(path, _Answers(server.endpoint(handler))) for path, handler in handlers.items()]
    port = free_port()
    config = uvicorn.Config(
        Starlette(routes=routes), "127.0.0.1", port, log_level="critical", date_header=False, lifespan="off",
        loop="asyncio", http="h11", ws="none",
    )  # fmt: skip
    process = uvicorn.Server(config)
    task = asyncio.create_task(process._serve())
    while not process.started:  # noqa: ASYNC110 uvicorn has no event for it
        await asyncio.sleep(0.01)
    server.url = f"http://127.0.0.1:{port}"
    try:
        yield server
    finally:
        process.should_exit = process.force_exit = True
        await task


class _Answers:
    """An ASGI application in the form in which a route takes it."""

    def __init__(self, application: Callable[[Any, Any, Send], Awaitable[None]]) -> None:
        self._application = application

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        await self._application(scope, receive, send)


def told(at: datetime | None) -> str | None:
    """An instant as both systems write it."""
    return None if at is None else f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def number(request: Request, name: str, default: int | None = None) -> int:
    """A parameter that is a number; a 400 where it is not."""
    value = request.query_params.get(name)
    if value is None and default is not None:
        return default
    if value is None or not value.isdigit():
        raise Refusal(400, {"error": "InvalidValue", "description": f"{name} {value}"})
    return int(value)
