"""How long a request is worked on: as long as the time limit and its client allow.

What it awaits is cancelled then, and with it the SQL that runs for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.types import Receive
from starlette.websockets import WebSocket

from rest_compat.problems import ClientGone
from schema.public import TimedOut

WAITED: Final = "waited_seconds"
"""Where the state of a request has how long it has waited already, where it has."""
IN_FRONT: Final = 5 / 6
"""Of a request's time, what may go by before it is worked on: what is left is many times what a report takes."""
_STATE: Final = "patience"


@dataclass
class _Patience:
    """The patience with one request."""

    limit: asyncio.Timeout
    watcher: asyncio.Task[None] | None = None
    is_gone: bool = False

    async def watch(self, receive: Receive) -> None:
        """Ends the patience when the client goes away."""
        while (await receive())["type"] != "http.disconnect":
            pass
        self.is_gone = True
        self.limit.reschedule(asyncio.get_running_loop().time())


@asynccontextmanager
async def patience(request: Request, seconds: float) -> AsyncIterator[None]:
    """Works on a request for so many seconds at most.

    Raises: TimedOut, ClientGone.
    """
    try:
        async with asyncio.timeout(seconds - request.scope["state"].get(WAITED, 0.0)) as limit:
            mine = request.scope["state"][_STATE] = _Patience(limit)
            try:
                yield
            finally:
                if mine.watcher is not None:
                    mine.watcher.cancel()
                    mine.watcher = None  # TRICKY: its frame holds this, and this all of the request
    except TimeoutError as fault:
        if not limit.expired():
            raise
        if mine.is_gone:
            raise ClientGone from fault
        raise TimedOut(
            f"The request took longer than the {seconds:g} seconds that it may. Ask for less, or again later."
        ) from fault


def watch(request: Request | WebSocket) -> None:
    """Looks out for the client's going away from now on: what it sends has been read."""
    mine = request.scope["state"].get(_STATE)
    if isinstance(mine, _Patience) and isinstance(request, Request) and mine.watcher is None:
        mine.watcher = asyncio.create_task(mine.watch(request.receive))
