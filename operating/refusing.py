"""What answers on a socket whose server is ending: 503, and when to come again. A small server in a thread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import orjson
import uvicorn
from starlette.types import Receive, Scope, Send

_REASON: Final = "The server is ending. Ask again in a few seconds."
_HEADERS: Final = [(b"retry-after", b"5"), (b"connection", b"close"), (b"cache-control", b"no-store")]
_ALIVE: Final = (200, b"application/json", orjson.dumps({"status": "ok"}))
_NOT_READY: Final = (503, b"application/json", orjson.dumps({"status": "not ready", "reason": _REASON, "checks": {}}))


async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses any request; it lives, and is not ready."""
    if scope["type"] != "http":
        return
    status, kind, body = {"/healthz": _ALIVE, "/readyz": _NOT_READY}.get(scope["path"]) or _problem(scope["path"])
    headers = [*_HEADERS, (b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _problem(path: str) -> tuple[int, bytes, bytes]:
    body = {
        "type": "urn:problem-type:deskgraph:unavailable",
        "title": "A part that is needed is away",
        "status": 503,
        "detail": _REASON,
        "code": "UNAVAILABLE",
        "instance": path,
    }
    return 503, b"application/problem+json", orjson.dumps(body)


@contextmanager
def refusing(listener: socket.socket) -> Iterator[None]:
    """Refuses whatever comes over a socket, which is closed at the end."""
    config = uvicorn.Config(
        refuse, loop="asyncio", lifespan="off", log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="refusing")
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
